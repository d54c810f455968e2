use super::*;

fn toml(text: &str) -> Source {
    Source::new("lot.toml".into(), text.into(), false)
}

fn json(text: &str) -> Source {
    Source::new("lot.json".into(), text.into(), true)
}

/// Name and value of each entry, places left out.
fn flat(node: &Node) -> Vec<(String, Value)> {
    let Value::Table(entries) = &node.value else { panic!("no table") };
    let mut entries: Vec<_> = entries.iter().map(|entry| (entry.name.clone(), entry.node.value.clone())).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries
}

#[test]
fn both_languages_give_the_same_tree() {
    let from_toml = toml("a = \"x\"\nb = 12\nc = true\nd = -3\ne = 1.5\n").parse().unwrap();
    let from_json = json(r#"{ "a": "\u0078", "b":12, "c":true , "d": -3, "e": 1.5}"#).parse().unwrap();
    assert_eq!(flat(&from_toml), flat(&from_json));
    assert_eq!(flat(&from_toml).last().unwrap().1, Value::Other("a number with a fraction"));
}

#[test]
fn days_without_quotes_are_dates() {
    let tree = toml("a = 2026-10-20\nb = 2026-10-20T08:00:00Z").parse().unwrap();
    assert_eq!(flat(&tree)[0].1, Value::Date("2026-10-20".into()));
    assert_eq!(flat(&tree)[1].1, Value::Date("2026-10-20T08:00:00Z".into()));
}

#[test]
fn places_are_counted_in_characters_from_one() {
    let source = toml("a = \"é\"  # ü\n\nb = \"नेपाल\" c\n");
    assert_eq!(source.place(0), "lot.toml:1:1");
    assert_eq!(source.place(source.text.find('#').unwrap()), "lot.toml:1:10");
    assert_eq!(source.place(source.text.find('c').unwrap()), "lot.toml:3:13");
    assert_eq!(source.place(usize::MAX), "lot.toml:4:1");
    assert_eq!(toml("\u{feff}a = 1").place(0), "lot.toml:1:1");
    assert!(toml("\u{feff}a = 1").parse().is_ok());
}

#[test]
fn syntax_errors_of_toml_name_their_lines_all_of_them() {
    let text = toml("a = \nb = 1\nb = 2\nc = [1,\n").parse().unwrap_err().text();
    for place in ["lot.toml:1:", "lot.toml:3:1: not TOML: duplicate key", "lot.toml:4:8: not TOML: unclosed array"] {
        assert!(text.contains(place), "{place} in {text}");
    }
}

#[test]
fn syntax_errors_of_json_name_their_line() {
    for (text, expected) in [
        ("{\n  \"a\": 1\n  \"b\": 2 }", "lot.json:3:3: not JSON: expected a comma or }"),
        ("{\"a\": 1, \"a\": 2}", "lot.json:1:10: not JSON: \"a\" stands here twice"),
        ("{\"a\": 01}", "lot.json:1:7: not JSON: a number with a leading zero"),
        ("{\"a\": \"x\ny\"}", "lot.json:1:7: not JSON: a text with a line break"),
        ("{\"a\": \"\\q\"}", "lot.json:1:7: not JSON: a text with a line break"),
        ("{\"a\": \"x", "lot.json:1:7: not JSON: a text that does not end"),
        ("{\"a\": tru}", "lot.json:1:7: not JSON: expected a value"),
        ("{\"a\": 1} x", "lot.json:1:10: not JSON: more after the end"),
        ("{\"a\": 1,}", "lot.json:1:9: not JSON: expected a name"),
        ("{\"a\" 1}", "lot.json:1:6: not JSON: expected a colon"),
        ("{\"a\": [1 2]}", "lot.json:1:10: not JSON: expected a comma or ]"),
        ("{\"a\":", "lot.json:1:6: not JSON: the file ends too early"),
        ("", "lot.json:1:1: not JSON: the file ends too early"),
        ("[1]", "lot.json:1:1: not an object"),
    ] {
        let found = json(text).parse().unwrap_err().text();
        assert!(found.starts_with(expected), "{text}: {found}");
    }
}

#[test]
fn deep_nesting_ends_in_an_error_not_in_a_crash() {
    let text = json(&["{\"a\":", &"[".repeat(100_000)].concat()).parse().unwrap_err().text();
    assert!(text.contains("nested too deep"), "{text}");
    let text = toml(&["a = ", &"[".repeat(100_000)].concat()).parse().unwrap_err().text();
    assert!(text.contains("lot.toml:1:"), "{text}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("latin.toml"), b"a = 1\nb = \"\xe9\"").unwrap();
    std::fs::write(path("huge.toml"), vec![b'#'; 300 << 10]).unwrap();
    for (name, why) in [
        ("latin.toml", "latin.toml:2: the text is not UTF-8"),
        ("huge.toml", "larger than"),
        ("none.toml", "cannot read"),
    ] {
        let text = Source::open(&path(name)).unwrap_err().text();
        assert!(text.contains(why), "{text}");
    }
}

#[test]
fn of_a_run_of_the_same_mistake_the_first_is_told() {
    let deep = toml(&format!("a = {}\nb = \nc = \n", "[".repeat(10_000))).parse().unwrap_err().text();
    assert!(deep.lines().count() < 5, "{deep}");
    assert!(deep.contains("lot.toml:1:85: not TOML: cannot recurse further"), "{deep}");
    let two = toml("b = \nc = \n").parse().unwrap_err().text();
    assert_eq!(two.lines().count(), 2, "{two}");
    let long = toml(&"[\n".repeat(10_000)).parse().unwrap_err().text();
    assert_eq!(long.lines().count(), MAX_TOLD + 1);
    assert!(long.ends_with("lot.toml: 9980 more mistakes further down"), "{long}");
}
