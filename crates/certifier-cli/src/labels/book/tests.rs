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
        Order { attestation: self.0, serials: &self.1, files: "pdf", settings: self.2 }
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
    assert!(text.contains(r#""run":4,"at":"2026-11-24T15:34:52Z","attestation":7,"serials":"150","files":"pdf","settings":"--stock l7160","reason":"the printer jammed"}"#), "{text}");
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
