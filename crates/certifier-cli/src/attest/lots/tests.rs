use std::fmt::Write as _;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::super::columns::COLUMNS;
use super::*;

fn today() -> Day {
    Day::parse("2026-11-24").unwrap()
}

/// A row that is right: the template's examples, by column.
fn good() -> Vec<String> {
    let optional =
        ["scan-days", "first-day", "last-day", "issuer-name", "evidence.file", "evidence.name", "evidence.url"];
    COLUMNS
        .iter()
        .map(|column| if optional.contains(&column.name) { String::new() } else { column.example.to_owned() })
        .collect()
}

fn at(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.name == name).unwrap()
}

/// The good row with other cells, and a lot of its own.
fn row(lot: &str, other: &[(&str, &str)]) -> Vec<String> {
    let mut row = good();
    row[at("lot")] = lot.to_owned();
    for (name, text) in other {
        row[at(name)] = (*text).to_owned();
    }
    row
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let header: Vec<String> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(&header).chain(rows) {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text.into_bytes()
}

fn read_as(name: &str, bytes: Vec<u8>) -> Lots {
    read(&File::of(name.into(), bytes), Path::new(""), today(), |_| true).unwrap()
}

/// Each mistake as it is told.
fn told(lots: &Lots) -> Vec<String> {
    let failure = super::super::mistake::failure(&lots.table.name, &lots.mistakes, true);
    failure.text().lines().map(Into::into).collect()
}

fn mistakes(rows: &[Vec<String>]) -> Vec<String> {
    told(&read_as("lots.csv", csv(rows)))
}

#[test]
fn the_template_and_its_examples_are_a_lot() {
    let lots = read_as("lots.csv", csv(&[row("A", &[]), row("B", &[("gtin", "")])]));
    assert_eq!(told(&lots), Vec::<String>::new());
    assert_eq!(lots.lots.iter().map(|lot| lot.row).collect::<Vec<_>>(), [2, 3]);
    assert!(lots.lots[1].lot.gtin.is_none());
    let withheld = read_as("lots.csv", csv(&[row("A", &[("maker.withheld", "yes"), ("maker.id", "")])]));
    assert!(
        matches!(&withheld.lots[0].lot.maker, crate::lot_file::MakerPart::Withheld { name } if name == "Bhaktapur Carpets")
    );
}

#[test]
fn every_mistake_is_told_with_row_and_column() {
    let told = mistakes(&[
        row("A", &[("gtin", "9521234543213"), ("hs-code", "90111")]),
        row("B", &[("gtin", "9.52E+12"), ("assessment-day", "03/04/2026")]),
        row("C", &[("country", "Nepal"), ("unit", "pcs"), ("labels", "1,200")]),
        row("D", &[("product", ""), ("facility.region", ""), ("claims", "no-child-labor")]),
        row("E", &[("maker.id", ""), ("scheme.id", "scheme.example")]),
        row("F", &[("product", "car\u{202e}pet"), ("maker.name", "a\u{1b}[2Jb")]),
        row("G G", &[("gtin", "09521234543217"), ("last-day", "2026-01-01")]),
    ]);
    for (place, words) in [
        ("lots.csv, row 2, column B (gtin): is 9521234543213, 13 digits", "write 09521234543213"),
        ("lots.csv, row 2, column E (hs-code): is 90111", "write 090111"),
        ("lots.csv, row 3, column B (gtin): a spreadsheet has rounded", "9.52E+12"),
        ("lots.csv, row 3, column K (assessment-day): is \"03/04/2026\"", "write 2026-04-03 or 2026-03-04"),
        ("lots.csv, row 4, column D (country): is \"Nepal\"", "write NP for Nepal"),
        ("lots.csv, row 4, column G (labels): is \"1,200\"", "write 1200"),
        ("lots.csv, row 4, column I (unit): is \"pcs\"", "C62 (piece)"),
        ("lots.csv, row 5, column A (product): is empty", "such as Hand-knotted wool carpet"),
        ("lots.csv, row 5, column F (claims): is \"no-child-labor\"", "did you mean \"no-child-labour\"?"),
        ("lots.csv, row 5, column T (facility.region): is empty", "such as Bagmati"),
        ("lots.csv, row 6, column O (maker.id): is empty", "such as https://"),
        ("lots.csv, row 6, column U (scheme.id): is not an absolute URI", "write it in full, such as https://"),
        (
            "lots.csv, row 7, column A (product): has the control, bidi or invisible character U+202E",
            "type the text anew",
        ),
        (
            "lots.csv, row 7, column P (maker.name): has the control, bidi or invisible character U+001B",
            "type the text anew",
        ),
        ("lots.csv, row 8, column B (gtin): is \"09521234543217\": GTIN check digit is 7, expected 3", "write"),
        ("lots.csv, row 8, column C (lot): is \"G G\": lot has the character ' '", "such as KTM-2026"),
        ("lots.csv, row 8, column M (last-day): is 2026-01-01, before the first day", ""),
    ] {
        let found = told.iter().find(|line| line.starts_with(place));
        assert!(found.is_some_and(|line| line.contains(words)), "{place} … {words} in\n{}", told.join("\n"));
    }
    assert_eq!(told.len(), 17, "{}", told.join("\n"));
}

#[test]
fn what_is_mere_text_stays_text() {
    let texts = ["=HYPERLINK(\"https://evil.example\",\"a\")", "rug ^XZ^XA", "<script>alert(1)</script>", "@SUM(A1)"];
    let rows: Vec<_> =
        texts.iter().zip(["A", "B", "C", "D"]).map(|(text, lot)| row(lot, &[("product", text)])).collect();
    let lots = read_as("lots.csv", csv(&rows));
    assert_eq!(told(&lots), Vec::<String>::new());
    assert_eq!(lots.lots.iter().map(|lot| lot.lot.product.as_str()).collect::<Vec<_>>(), texts);
}

#[test]
fn a_lot_stands_once_in_a_file() {
    let told = mistakes(&[row("A", &[]), row("B", &[]), row("A", &[("gtin", "")]), row("A", &[])]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("row 5, column C (lot): lot A of this product stands in row 2 already | one lot is"),
        "{told:?}"
    );
}

#[test]
fn the_header_and_torn_rows_are_told_by_place() {
    let text = "product,lot,Counry,colour,lot\nrug,A,NP,red,A\nrug\nrug,\"B,NP,red,B\n";
    let told = told(&read_as("lots.csv", text.as_bytes().to_vec()));
    let has = |words: &str| assert!(told.iter().any(|line| line.contains(words)), "{words} in\n{}", told.join("\n"));
    has("row 1, column C (Counry): \"Counry\" is no member of a lot | did you mean country?");
    has("row 1, column D (colour): \"colour\" is no member of a lot | take the column out");
    has("row 1, column E (lot): is a second column for lot, beside B");
    has("row 1: there is no column hs-code | add it, such as 570110 (HS code without dots, as text)");
    has("row 3: the row has 1 cells, and the header 5");
    has("row 4: a quote opens in this row, and none closes it");
    assert!(!told.iter().any(|line| line.contains("row 2:") && line.contains("hs-code")), "told once: {told:?}");
}

#[test]
fn a_maker_without_its_column_is_missed_in_its_row() {
    let rows = [row("A", &[]), row("B", &[("maker.withheld", "yes")])];
    let place = at("maker.id");
    let text = String::from_utf8(csv(&rows)).unwrap();
    let without: Vec<String> = text
        .lines()
        .map(|line| {
            let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap();
            let mut cells: Vec<&str> = line.split("\",\"").collect();
            cells.remove(place);
            format!("\"{}\"\n", cells.join("\",\""))
        })
        .collect();
    let told = told(&read_as("lots.csv", without.concat().into_bytes()));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("lots.csv, row 2: maker.id is missing"), "{told:?}");
}

#[test]
fn evidence_is_a_file_beside_the_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("report.pdf"), b"%PDF-").unwrap();
    let named = [("evidence.file", "report.pdf"), ("evidence.name", "Audit report")];
    let other = [("evidence.file", "none.pdf"), ("evidence.name", "Audit report")];
    let nameless = [("evidence.file", "report.pdf")];
    let file = File::of("lots.csv".into(), csv(&[row("A", &named), row("B", &other), row("C", &nameless)]));
    let lots = read(&file, folder.path(), today(), |_| true).unwrap();
    assert_eq!(lots.lots.len(), 1);
    let told = told(&lots);
    assert!(told[0].contains("row 3, column W (evidence.file): ") && told[0].contains("cannot be read"), "{told:?}");
    assert!(told[1].contains("row 4, column X (evidence.name): is empty"), "{told:?}");
}

/// A workbook as Excel writes it.
fn xlsx(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, place) in COLUMNS.iter().zip(0..) {
        sheet.write_string(0, place, column.name).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn put(sheet: &mut rust_xlsxwriter::Worksheet, number: u32, row: &[String]) {
    for (cell, place) in row.iter().zip(0..).filter(|(cell, _)| !cell.is_empty()) {
        sheet.write_string(number, place, cell.as_str()).unwrap();
    }
}

#[test]
fn a_workbook_is_read_with_its_dates_numbers_and_formulas() {
    let place = |name: &str| u16::try_from(at(name)).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let day = ExcelDateTime::from_ymd(2026, 10, 20).unwrap();
    let bytes = xlsx(|sheet| {
        put(sheet, 1, &row("A", &[("assessment-day", ""), ("labels", ""), ("hs-code", "")]));
        sheet.write_datetime_with_format(1, place("assessment-day"), day, &date).unwrap();
        sheet.write_number(1, place("labels"), 100).unwrap();
        sheet.write_number(1, place("hs-code"), 570_110).unwrap();
        // Row 3 is blank.
        put(sheet, 3, &row("B", &[("gtin", ""), ("assessment-day", "")]));
        sheet.write_number(3, place("gtin"), 9_521_234_543_213_f64).unwrap();
        sheet.write_number(3, place("assessment-day"), 46_315).unwrap();
        put(sheet, 4, &row("C", &[("product", "")]));
        sheet.write_formula(4, place("product"), Formula::new("=HYPERLINK(\"https://evil.example\")")).unwrap();
        put(sheet, 5, &row("", &[]));
        let march = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
        sheet.write_datetime_with_format(5, place("lot"), march, &date).unwrap();
        sheet.write_string(5, 30, "left over").unwrap();
    });
    let lots = read_as("lots.xlsx", bytes);
    assert_eq!(lots.lots.iter().map(|lot| lot.row).collect::<Vec<_>>(), [2]);
    let told = told(&lots);
    let has = |words: &str| assert!(told.iter().any(|line| line.contains(words)), "{words} in\n{}", told.join("\n"));
    has("lots.xlsx, row 4, column B (gtin): is 9521234543213, 13 digits whose check digit is right");
    has(
        "lots.xlsx, row 4, column K (assessment-day): is the number \"46315\", and not formatted as a date | write 2026-10-20",
    );
    has("lots.xlsx, row 5, column A (product): is a formula");
    has("lots.xlsx, row 6: the row has 31 cells");
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn csv_and_workbook_say_the_same() {
    let rows = [row("A", &[]), row("B", &[("quantity", "7")])];
    let book = xlsx(|sheet| (1..).zip(&rows).for_each(|(number, row)| put(sheet, number, row)));
    let lots = |lots: Lots| lots.lots.into_iter().map(|lot| (lot.row, lot.lot)).collect::<Vec<_>>();
    assert_eq!(lots(read_as("lots.csv", csv(&rows))), lots(read_as("lots.xlsx", book)));
}

#[test]
fn a_further_sheet_is_told_and_not_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Lots").unwrap();
    for (column, place) in COLUMNS.iter().zip(0..) {
        sheet.write_string(0, place, column.name).unwrap();
    }
    put(sheet, 1, &row("A", &[]));
    book.add_worksheet().set_name("Notes").unwrap().write_string(3, 3, "ask Sita").unwrap();
    book.add_worksheet().set_name("Blank").unwrap();
    let lots = read_as("lots.xlsx", book.save_to_buffer().unwrap());
    assert_eq!((lots.lots.len(), lots.table.unread), (1, vec!["Notes".to_owned()]));
}

#[test]
fn what_is_no_spreadsheet_of_lots_is_refused_by_name() {
    let refused = |bytes: &[u8]| {
        read(&File::of("lots.csv".into(), bytes.to_vec()), Path::new(""), today(), |_| true).unwrap_err().text()
    };
    for (bytes, words) in [
        (&b""[..], "there is nothing in it (empty) | certifier template"),
        (b"\n\n", "(empty)"),
        (b"name,colour\nrug,red\n", "no header of a lot's members: name, colour (no_header)"),
        (b"\xff\xfel\0", "UTF-16, expected UTF-8 (utf_16)"),
        (b"lot\0", "(not_text)"),
        (b"PK\x03\x04rubbish", "damaged"),
        (workbook::COMPOUND_FILE, "Excel 97 to 2003 (.xls) (old_workbook) | save it as .xlsx or CSV"),
    ] {
        let text = refused(bytes);
        assert!(text.contains(words), "{words} in {text}");
    }
    let header: Vec<String> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
    assert!(refused(format!("{}\n", header.join(",")).as_bytes()).contains("no lot under its header (no_lots)"));
}

#[test]
fn a_damaged_workbook_gives_lots_mistakes_or_a_reason_and_never_a_panic() {
    let whole = xlsx(|sheet| put(sheet, 1, &row("A", &[])));
    for at in (0..whole.len()).step_by(41) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = read(&File::of("lots.xlsx".into(), bytes), Path::new(""), today(), |_| true);
        let _ = read(&File::of("lots.xlsx".into(), whole[..at].to_vec()), Path::new(""), today(), |_| true);
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_lots_mistakes_or_a_reason(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let header = csv(&[]);
        let _ = read(&File::of("lots.csv".into(), [header, bytes].concat()), Path::new(""), today(), |_| true);
    }

    #[test]
    fn whatever_stands_in_a_cell_the_row_is_a_lot_or_a_mistake(text in "\\PC{0,30}|[0-9/.E+-]{0,12}", place in 0..COLUMNS.len()) {
        let mut row = row("A", &[]);
        row[place] = text;
        let lots = read_as("lots.csv", csv(&[row]));
        let (lots, mistakes) = (lots.lots.len(), lots.mistakes.len());
        proptest::prop_assert!((lots == 1) != (mistakes > 0), "{lots} lots, {mistakes} mistakes");
    }
}
