use super::*;

fn origin() -> Origin {
    Origin::parse("localhost:8080").unwrap()
}

fn open(folder: &Path) -> Book {
    Book::open(folder, &origin(), false).unwrap()
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-24T15:34:52Z").unwrap()
}

struct Asked(u64, Serials, &'static str);

fn asked(attestation: u64, serials: &str) -> Asked {
    Asked(attestation, serials.parse().unwrap(), "--stock l7160")
}

impl Asked {
    fn order(&self) -> Order<'_> {
        self.under("old")
    }

    fn under<'o>(&'o self, key: &'o str) -> Order<'o> {
        Order { attestation: self.0, serials: &self.1, files: "pdf", settings: self.2, key }
    }
}

/// Prints a run to its end.
fn print(folder: &Path, asked: &Asked, again: Again<'_>) -> Result<(), String> {
    let begun = open(folder).begin(&asked.order(), again, now()).map_err(|failure| failure.text())?;
    begun.finish(now()).map_err(|failure| failure.text())
}

fn book(folder: &Path) -> PathBuf {
    folder.join("localhost_8080.printed.jsonl")
}

#[test]
fn a_serial_is_printed_once_and_again_for_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    print(folder, &asked(7, "1-100"), Again::No).unwrap();
    print(folder, &asked(7, "101-200"), Again::No).unwrap();
    print(folder, &asked(8, "1-100"), Again::No).unwrap();
    let refusal = print(folder, &asked(7, "150,300-400"), Again::No).unwrap_err();
    assert!(
        refusal.starts_with("label 150 of attestation 7 was printed before: run 2 of 2026-11-24T15:34:52"),
        "{refusal}"
    );
    assert!(refusal.contains("labels 101-200, as pdf") && refusal.contains("--reprint --reason TEXT"), "{refusal}");
    print(folder, &asked(7, "150"), Again::Reprint("the printer jammed")).unwrap();
    let text = fs::read_to_string(book(folder)).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains("\"attestation\"")).count(), 4, "a line a run");
    assert!(text.contains(r#""run":4,"at":"2026-11-24T15:34:52Z","attestation":7,"serials":"150","files":"pdf","settings":"--stock l7160","key":"old","reason":"the printer jammed"}"#), "{text}");
    let other = Book::open(folder, &Origin::parse("registry.example").unwrap(), false).unwrap();
    assert!(other.runs.is_empty(), "another registry has a book of its own");
}

#[test]
fn a_run_that_was_cut_off_is_gone_on_with_as_it_began() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let order = asked(7, "1-100");
    let refusal = print(folder, &order, Again::Resume).unwrap_err();
    assert!(refusal.contains("no print run of labels 1-100 of attestation 7 was begun"), "{refusal}");
    drop(open(folder).begin(&order.order(), Again::No, now()).unwrap());
    let refusal = print(folder, &order, Again::No).unwrap_err();
    assert!(refusal.contains("with --resume goes on with it"), "{refusal}");
    for other in [asked(7, "1-99"), Asked(7, "1-100".parse().unwrap(), "--stock l7651")] {
        let refusal = print(folder, &other, Again::Resume).unwrap_err();
        assert!(refusal.contains("was begun otherwise: --serials 1-100 --format pdf with --stock l7160"), "{refusal}");
    }
    print(folder, &order, Again::Resume).unwrap();
    let refusal = print(folder, &order, Again::Resume).unwrap_err();
    assert!(refusal.contains("came to its end"), "{refusal}");
    let text = fs::read_to_string(book(folder)).unwrap();
    assert_eq!(text.lines().count(), 2, "going on is no other run: {text}");
}

#[test]
fn two_programs_do_not_print_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let order = asked(7, "1-100");
    let begun = open(folder).begin(&order.order(), Again::No, now()).unwrap();
    let refusal = print(folder, &order, Again::Resume).unwrap_err();
    assert!(refusal.contains("run 1 is being printed by another program"), "{refusal}");
    // Another run is nobody's obstacle, and finds its way to the book.
    print(folder, &asked(7, "101"), Again::No).unwrap();
    begun.finish(now()).unwrap();
    let names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names, [book(folder)], "no lock is left");
}

#[test]
fn a_torn_last_line_is_taken_away_and_any_other_damage_is_refused_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    print(folder, &asked(7, "1-100"), Again::No).unwrap();
    let whole = fs::read_to_string(book(folder)).unwrap();
    let run = whole.lines().next().unwrap();
    for cut in 1..run.len() {
        fs::write(book(folder), format!("{whole}{}", &run[..cut])).unwrap();
        assert!(Book::open(folder, &origin(), true).is_ok(), "a dry run mends nothing");
        assert_ne!(fs::read_to_string(book(folder)).unwrap(), whole);
        drop(open(folder));
        assert_eq!(fs::read_to_string(book(folder)).unwrap(), whole, "{cut}");
    }
    for damage in [
        "",
        "{}",
        "[1]",
        "nonsense",
        &run[..20],
        &run.replace("1-100", "9-1"),
        &run.replace("/v1", "/v2"),
        &run.replace("pdf\"", "pdf\",\"x\":1"),
    ] {
        fs::write(book(folder), format!("{whole}{damage}\n{run}\n")).unwrap();
        let refusal = Book::open(folder, &origin(), false).map(drop).unwrap_err().text();
        assert!(
            refusal.contains("printed.jsonl:3: no line of a print book; nothing was printed"),
            "{damage}: {refusal}"
        );
    }
}

#[test]
fn a_book_that_cannot_be_written_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    fs::write(&taken, "").unwrap();
    let refusal = Book::open(&taken, &origin(), false).map(drop).unwrap_err().text();
    assert!(refusal.contains("nothing was printed") && refusal.contains("--state DIR"), "{refusal}");
    assert!(Book::open(&folder.path().join("missing"), &origin(), true).is_ok(), "a dry run makes no book");
    assert!(!folder.path().join("missing").exists());
}

#[test]
fn labels_are_replaced_under_another_key_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    print(folder, &asked(7, "1-100"), Again::No).unwrap();
    let order = asked(7, "1-50");
    let relabel = Again::Relabel { reason: "key exposed", replaces: &[1] };
    let refusal = print(folder, &order, relabel).unwrap_err();
    assert!(refusal.starts_with("label 1 of attestation 7 was printed before: run 1"), "the same key: {refusal}");
    let under_new = |asked: &Asked, again: Again<'_>| {
        open(folder).begin(&asked.under("new"), again, now()).map_err(|failure| failure.text())
    };
    drop(under_new(&order, relabel).unwrap());
    assert_eq!(open(folder).cut_off(7, "new").unwrap().to_string(), "1-50");
    assert_eq!(open(folder).cut_off(7, "old"), None, "it came to its end");
    let refusal = print(folder, &order, Again::Resume).unwrap_err();
    assert!(refusal.contains("run 2 of 2026-11-24T15:34:52Z was begun under key new, not old"), "{refusal}");
    under_new(&order, Again::Resume).unwrap().finish(now()).unwrap();
    let refusal = under_new(&asked(7, "50-60"), relabel).map(drop).unwrap_err();
    assert!(refusal.starts_with("label 50 of attestation 7 was printed before: run 2"), "{refusal}");
    under_new(&asked(7, "51-60"), relabel).unwrap().finish(now()).unwrap();
    let text = fs::read_to_string(book(folder)).unwrap();
    assert!(text.contains(r#""key":"new","reason":"key exposed","replaces":[1]}"#), "{text}");
    let under = |key: &str| -> Vec<(u64, String)> {
        open(folder).under(key).into_iter().map(|(index, labels)| (index, labels.to_string())).collect()
    };
    assert_eq!(under("old"), [(7, "1-100".to_owned())]);
    assert_eq!(under("new"), [(7, "1-60".to_owned())]);
    assert_eq!(under("other"), []);
}

#[test]
fn a_book_of_before_keys_were_noted_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = r#"{"format":"ethical-label-printed/v1","run":1,"at":"2026-11-24T15:34:52Z","attestation":7,"serials":"1-9","files":"pdf","settings":"--stock l7160 --out /x --product 'a --short-serials b' --force"}"#;
    let short = run.replace("\"run\":1", "\"run\":2").replace(" --force", " --short-serials --force");
    fs::write(book(folder), format!("{run}\n{short}\n")).unwrap();
    let book = open(folder);
    let runs: Vec<_> = book.of_attestation(7).map(|run| (run.number(), run.key(), run.has_short_serials())).collect();
    assert_eq!(runs, [(1, None, false), (2, None, true)]);
}
