//! The reader against its rules, and against serde_json as an oracle.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Document, JsonError> {
    Document::parse(text.as_bytes().to_vec())
}

/// What serde_json makes of the same value.
fn to_serde(value: Value<'_>) -> serde_json::Value {
    if let Some(items) = value.items() {
        serde_json::Value::Array(items.map(to_serde).collect())
    } else if value.is_object() {
        serde_json::Value::Object(value.members().map(|(name, value)| (name.to_string(), to_serde(value))).collect())
    } else if let Some(text) = value.string() {
        text.into()
    } else if let Some(number) = value.number() {
        serde_json::from_str(number).unwrap_or_else(|_| number.into())
    } else if let Some(boolean) = value.boolean() {
        boolean.into()
    } else {
        assert!(value.is_null());
        serde_json::Value::Null
    }
}

#[test]
fn values_are_found_by_name() {
    let document =
        parse(r#" { "a" : [ 1 , {"b":"c"} , [] ] , "d\u0065" : null , "f": {"g": true, "h": -1.5e3} } "#).unwrap();
    let root = document.root();
    let items: Vec<_> = root.member("a").unwrap().items().unwrap().collect();
    assert_eq!(items.len(), 3);
    assert_eq!(items[0].number(), Some("1"));
    assert_eq!(items[1].member("b").unwrap().string(), Some("c"));
    assert!(items[2].items().unwrap().next().is_none());
    assert!(root.member("de").unwrap().is_null());
    assert_eq!(root.member("f").unwrap().member("g").unwrap().boolean(), Some(true));
    assert_eq!(root.member("f").unwrap().member("h").unwrap().number(), Some("-1.5e3"));
    assert!(root.member("b").is_none(), "members of members are not one's own");
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "[1}",
        "{\"a\":1]",
        "{,}",
        "[,]",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{1:1}",
        "[1 2]",
        "{\"a\":1 \"b\":2}",
        "nul",
        "nulll",
        "True",
        "+1",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "'a'",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\\",
        "/**/1",
        "1//",
        "{\"a\":1,,\"b\":2}",
        "\u{a0}1",
    ] {
        let error = parse(text).unwrap_err();
        assert!(matches!(error, JsonError::Syntax(_) | JsonError::TrailingBytes(_)), "{text:?}: {error:?}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
    }
}

#[test]
fn each_rule_beyond_the_grammar_has_its_reason() {
    let duplicate_among_many = format!("{{{}\"7\":0}}", (0..100).map(|n| format!("\"{n}\":0,")).collect::<String>());
    for (text, expected) in [
        (r#"{"a":1,"a":1}"#, JsonError::DuplicateMember(12)),
        (r#"{"a":1,"\u0061":1}"#, JsonError::DuplicateMember(17)),
        (r#"{"x":[{"b":{},"b":[]}]}"#, JsonError::DuplicateMember(20)),
        (duplicate_among_many.as_str(), JsonError::DuplicateMember(duplicate_among_many.len() - 1)),
        ("{}x", JsonError::TrailingBytes(2)),
        ("{}{}", JsonError::TrailingBytes(2)),
        ("{}\0", JsonError::TrailingBytes(2)),
        ("1 2", JsonError::TrailingBytes(2)),
        ("\"a\nb\"", JsonError::ForbiddenCharacter { at: 2, code: 0x0a }),
        (r#""a\nb""#, JsonError::ForbiddenCharacter { at: 2, code: 0x0a }),
        (r#""a\u0000b""#, JsonError::ForbiddenCharacter { at: 2, code: 0 }),
        ("\"\u{7f}\"", JsonError::ForbiddenCharacter { at: 1, code: 0x7f }),
        ("\"\u{85}\"", JsonError::ForbiddenCharacter { at: 1, code: 0x85 }),
        ("{\"\u{202e}\":1}", JsonError::ForbiddenCharacter { at: 2, code: 0x202e }),
        (r#"["\u2066"]"#, JsonError::ForbiddenCharacter { at: 2, code: 0x2066 }),
        (r#""\udb40\udc41""#, JsonError::ForbiddenCharacter { at: 1, code: 0xe0041 }),
        (r#""\ud83d""#, JsonError::LoneSurrogate(1)),
        (r#""\ud83dx""#, JsonError::LoneSurrogate(1)),
        (r#""\ud83d\u0041""#, JsonError::LoneSurrogate(1)),
        (r#""\ude00""#, JsonError::LoneSurrogate(1)),
    ] {
        assert_eq!(parse(text).err(), Some(expected), "{text:?}");
    }
    assert_eq!(Document::parse(b"\"\xff\"".to_vec()).err(), Some(JsonError::NotUtf8(1)));
    assert_eq!(Document::parse(b"\xef\xbb\xbf{}".to_vec()).err(), Some(JsonError::Syntax(0)), "byte order mark");
    assert_eq!(Document::parse(b"\"\xed\xa0\x80\"".to_vec()).err(), Some(JsonError::NotUtf8(1)), "surrogate in UTF-8");
}

#[test]
fn depth_is_bounded_without_recursion() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(parse(&nested(MAX_DEPTH + 1)).err(), Some(JsonError::TooDeep(MAX_DEPTH)));
    assert_eq!(parse(&nested(10_000)).err(), Some(JsonError::TooDeep(MAX_DEPTH)));
    assert_eq!(parse(&"{\"a\":".repeat(10_000)).err(), Some(JsonError::TooDeep(MAX_DEPTH * 5)));
    let mixed = "[{\"a\":".repeat(16) + "0" + &"}]".repeat(16);
    assert!(parse(&mixed).is_ok());
}

#[test]
fn many_members_are_checked_in_bounded_time() {
    let text = format!("{{{}\"end\":0}}", (0..50_000).map(|n| format!("\"{n}\":0,")).collect::<String>());
    assert!(parse(&text).is_ok(), "a quadratic check would take a billion comparisons here");
}

#[test]
fn escapes_stand_for_their_characters() {
    let document = parse(r#"["\"\\\/","caf\u00e9","\ud83d\ude00 x\u0041","plain"]"#).unwrap();
    let texts: Vec<_> = document.root().items().unwrap().filter_map(Value::string).collect();
    assert_eq!(texts, ["\"\\/", "café", "😀 xA", "plain"]);
}

fn arbitrary_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9_f64).prop_map(Into::into),
        "[ -~é日😀\"\\\\/]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"\\\\é]{0,6}", inner, 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(value in arbitrary_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = parse(&text).unwrap();
        prop_assert_eq!(to_serde(document.root()), value);
    }

    #[test]
    fn accepts_nothing_that_serde_json_refuses(
        value in arbitrary_json(),
        at: prop::sample::Index,
        byte in prop::sample::select(b"\"\\{}[],:0e-.u \xc3".to_vec()),
        insert: bool,
    ) {
        let mut bytes = serde_json::to_vec(&value).unwrap();
        let at = at.index(bytes.len());
        if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        if let Ok(document) = Document::parse(bytes.clone()) {
            match serde_json::from_slice::<serde_json::Value>(&bytes) {
                Ok(value) => prop_assert_eq!(to_serde(document.root()), value),
                // A number that no f64 holds; this reader keeps numbers as written.
                Err(error) => prop_assert!(error.to_string().starts_with("number out of range"), "{}", error),
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
        if let Ok(document) = Document::parse(bytes) {
            to_serde(document.root());
        }
    }

    #[test]
    fn the_writer_writes_what_the_reader_reads(name in "[ -~é日😀]{0,12}", text in "[ -~é日😀]{0,40}", number: u64) {
        let bytes = Writer::document(|json| {
            json.string("text", &text);
            json.integer("number", number);
            json.array("items", |json| {
                json.string_item(&name);
                json.integer_item(number);
                json.object_item(|_| {});
                json.object_item(|json| json.literal(&name, None));
            });
            json.object("object", |json| json.literal("yes", Some(true)));
        });
        let document = Document::parse(bytes.clone()).unwrap();
        let root = document.root();
        prop_assert_eq!(root.member("text").and_then(Value::string), Some(text.as_str()));
        let digits = number.to_string();
        prop_assert_eq!(root.member("number").and_then(Value::number), Some(digits.as_str()));
        prop_assert_eq!(root.member("items").unwrap().items().unwrap().count(), 4);
        prop_assert_eq!(Some(to_serde(root)), serde_json::from_slice(&bytes).ok());
    }
}

#[test]
fn strings_end_where_they_would_byte_by_byte() {
    for length in 0..20 {
        for at in 0..length {
            for byte in 0..=u8::MAX {
                let mut bytes = alloc::vec![b'a'; length];
                bytes[at] = byte;
                // What follows may stop as well.
                let more = [bytes.clone(), alloc::vec![b'"'; 9]].concat();
                let expected = if super::reader::is_plain(byte) { length } else { at };
                assert_eq!((super::reader::plain(&bytes), super::reader::plain(&more)), (expected, expected));
            }
        }
    }
}
