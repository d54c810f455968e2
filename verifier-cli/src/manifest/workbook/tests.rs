use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::manifest::tests::{LABEL, read};
use crate::manifest::{Columns, Reader};

const OPENPYXL: &[u8] = include_bytes!("../../../tests/data/lots-openpyxl.xlsx");
const XLSXWRITER: &[u8] = include_bytes!("../../../tests/data/lots-xlsxwriter.xlsx");

/// A workbook by hand: its parts, to be replaced or added to.
struct Book(Vec<(&'static str, String)>);

impl Book {
    fn new() -> Self {
        let relation = |id: &str, kind: &str, target: &str| {
            format!(r#"<Relationship Id="{id}" Type="http://x/{kind}" Target="{target}"/>"#)
        };
        let relations =
            |all: &[String]| format!("<?xml version=\"1.0\"?><Relationships>{}</Relationships>", all.concat());
        Self(vec![
            ("_rels/.rels", relations(&[relation("r1", "officeDocument", "/xl/workbook.xml")])),
            (
                "xl/_rels/workbook.xml.rels",
                relations(&[
                    relation("r1", "worksheet", "worksheets/sheet1.xml"),
                    relation("r2", "sharedStrings", "sharedStrings.xml"),
                    relation("r3", "styles", "styles.xml"),
                    r#"<Relationship Id="r9" Type="http://x/externalLink" Target="file:///etc/passwd" TargetMode="External"/>"#
                        .to_owned(),
                ]),
            ),
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#.to_owned()),
            ("xl/sharedStrings.xml", format!("<sst><si><t>label</t></si><si><t>lot</t></si><si><t>{LABEL}</t></si></sst>")),
            ("xl/styles.xml", r#"<styleSheet><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>"#.to_owned()),
            ("xl/worksheets/sheet1.xml", sheet("")),
        ])
    }

    fn with(mut self, name: &'static str, part: impl Into<String>) -> Self {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, part.into()));
        self
    }

    fn rows(self, rows: &str) -> Self {
        self.with("xl/worksheets/sheet1.xml", sheet(rows))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, part) in &self.0 {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(part.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn read(&self) -> (Vec<String>, &'static str) {
        read(self.bytes())
    }
}

/// A workbook of so many rows of 5 columns, with a label each.
pub(in crate::manifest) fn large(rows: u64, label: &str) -> Vec<u8> {
    let mut strings = String::from("<sst><si><t>label</t></si><si><t>lot</t></si><si><t>KTM-2026</t></si>");
    let mut cells = String::new();
    for (n, row) in (1..=rows).zip(2..) {
        strings += &format!("<si><t>{}</t></si>", label.replace("/21/17", &format!("/21/{n}")));
        cells += &format!(
            r#"<row r="{row}"><c r="A{row}" t="s"><v>{}</v></c><c r="B{row}" t="s"><v>2</v></c><c r="C{row}"><v>{n}</v></c><c r="D{row}"><v>1</v></c><c r="E{row}"><v>1</v></c></row>"#,
            n + 2
        );
    }
    strings += "</sst>";
    let sheet = format!("<worksheet><sheetData>{HEADER}{cells}</sheetData></worksheet>");
    Book::new().with("xl/sharedStrings.xml", strings).with("xl/worksheets/sheet1.xml", sheet).bytes()
}

const HEADER: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>"#;

/// A sheet with a header, a row of goods, and the rows given.
fn sheet(rows: &str) -> String {
    format!(
        r#"<worksheet><sheetData>{HEADER}<row r="2"><c r="A2" t="s"><v>2</v></c></row>{rows}</sheetData></worksheet>"#
    )
}

fn error(book: &Book) -> String {
    let mut reader = Reader::stream("m", Cursor::new(book.bytes()), None, Columns::default());
    reader.find_map(Result::err).unwrap().to_string()
}

#[test]
fn a_workbook_of_openpyxl_is_read_sheet_by_sheet() {
    assert_eq!(
        read(OPENPYXL).0,
        [
            "m:Lots & goods!B4 label LABEL gtin=09521234543213 lot=KTM-2026 origin=NP hs=570110 quantity=12 unit=KGM",
            "m:Lots & goods!B5 label LABEL gtin=09521234543213",
            "m:Lots & goods!D5 date_in_lot Lot \"46082\"",
            "m:Lots & goods!E5 country_invalid Country of origin \"Nepal\"",
            "m:Lots & goods!F5 hs_code_invalid HS code \"90111\"",
            "m:Lots & goods!G5 quantity_invalid Qty \"1.5\"",
            "m:Lots & goods!H5 unit_invalid Unit \"bale\"",
            "m:Lots & goods!B6 formula Label",
            "m:Lots & goods!B7 label_missing Label",
            "m:Notes sheet_without_labels",
        ],
        "and the hidden sheet is passed over"
    );
}

#[test]
fn a_workbook_of_xlsxwriter_with_rich_text_and_formulas_is_read() {
    assert_eq!(
        read(XLSXWRITER).0,
        [
            "m:Sheet1!A2 label LABEL lot=A<&>1 origin=NP",
            "m:Sheet1!A3 label LABEL",
            "m:Sheet1!B3 date_in_lot Batch \"46024\"",
            "m:Sheet1!A4 formula URL",
            "m:Sheet1!A5 label LABEL",
            "m:Sheet1!B5 mangled_number Batch \"1.234567890123457E+19\"",
        ]
    );
}

#[test]
fn a_workbook_by_hand_is_read_and_no_link_out_of_it_followed() {
    assert_eq!(Book::new().read(), (vec!["m:S!A2 label LABEL".to_owned()], ""));
    let inline = format!(
        r#"<row><c t="inlineStr"><is><t>{LABEL}</t><rPh sb="0" eb="1"><t>aid</t></rPh></is></c><c t="str"><v>A&amp;&#49;</v></c></row>
        <row r="9"><c r="A9" t="s"><v>2</v></c><c r="B9"><v>7</v></c><c r="XFD9"><v>1</v></c></row><row r="10"/>
        <row r="11"><c r="A11"/></row><row r="12"><c r="A12" t="s"><v>99</v></c><c r="B12" t="b"><v>1</v></c></row>"#
    );
    let book = Book::new().rows(&inline).with("xl/vbaProject.bin", "macro");
    // Row 12 points at a text that is not there: its goods are not to vanish.
    assert_eq!(book.read().1, "damaged_workbook");
    assert_eq!(book.read().0, ["m:S!A2 label LABEL", "m:S!A3 label LABEL lot=A&1", "m:S!A9 label LABEL lot=7"]);
}

#[test]
fn every_kind_of_formula_is_refused() {
    for formula in [r"<f>B1</f>", r#"<f t="shared" si="99999999999"/>"#, r#"<f t="array" ref="A3"/>"#] {
        let row = format!(r#"<row r="3"><c r="A3" t="str">{formula}<v>{LABEL}</v></c></row>"#);
        assert_eq!(Book::new().rows(&row).read().0, ["m:S!A2 label LABEL", "m:S!A3 formula label"]);
    }
}

#[test]
fn a_workbook_without_labels_lists_its_headers() {
    let book = Book::new().with("xl/sharedStrings.xml", "<sst><si><t>Ware</t></si><si><t>Los</t></si><si/></sst>");
    assert_eq!(error(&book), "has no column of labels; its headers are: Ware, Los");
    let book = Book::new().with("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>");
    assert_eq!(book.read().1, "empty");
}

#[test]
fn an_archive_that_unpacks_without_end_is_refused_as_claimed() {
    let part = format!("<worksheet><sheetData>{}", " ".repeat(64 << 20));
    let book = Book::new().with("xl/worksheets/sheet1.xml", part);
    assert!(book.bytes().len() < 100_000);
    assert_eq!(error(&book), "the workbook unpacks to more than 200 times its size");
}

#[test]
fn an_archive_that_claims_less_than_it_unpacks_to_is_refused_as_it_comes() {
    let size = 64 << 20;
    let mut bytes = Book::new().with("xl/worksheets/sheet1.xml", " ".repeat(size)).bytes();
    // In the local header and in the directory.
    let claimed = u32::try_from(size).unwrap().to_le_bytes();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, &claimed).collect();
    assert!(!places.is_empty());
    for place in places {
        bytes.get_mut(place..place + 4).unwrap().copy_from_slice(&1000_u32.to_le_bytes());
    }
    assert_eq!(read(bytes), (vec![], "damaged_workbook"));
}

#[test]
fn claims_inside_of_the_xml_reserve_nothing() {
    let strings =
        format!(r#"<sst uniqueCount="18446744073709551615"><si><t>label</t></si><si/><si><t>{LABEL}</t></si></sst>"#);
    let dimension = format!(
        r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{HEADER}<row r="1048576"><c r="A1048576" t="s"><v>2</v></c></row></sheetData></worksheet>"#
    );
    let book = Book::new().with("xl/sharedStrings.xml", strings).with("xl/worksheets/sheet1.xml", dimension);
    assert_eq!(book.read(), (vec!["m:S!A1048576 label LABEL".to_owned()], ""));
}

#[test]
fn entities_are_not_expanded() {
    let strings = format!(
        r#"<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
        <sst><si><t>label</t></si><si><t>lot</t></si><si><t>{LABEL}&b;&c;</t></si></sst>"#
    );
    assert_eq!(Book::new().with("xl/sharedStrings.xml", strings).read().0, ["m:S!A2 label LABEL"]);
}

#[test]
fn a_tag_or_text_without_end_is_refused() {
    let noise: String =
        (0..2_000_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 28) as u8)).collect();
    let book = Book::new().with("xl/worksheets/sheet1.xml", format!("<worksheet {noise}"));
    assert_eq!(error(&book), "the workbook unpacks to more than 1048576 bytes a tag");
    let row = format!(r#"<row r="3"><c r="A3" t="str"><v>{}</v></c></row>"#, noise.get(..100_000).unwrap());
    let lines = Book::new().rows(&row).read().0;
    assert!(lines.last().unwrap().starts_with("m:S!A3 label ") && lines.last().unwrap().len() < 2100);
    let row = format!(
        r#"<row r="3"><c r="A3" t="str"><v>{}</v></c><c r="B3"><v>1</v></c></row>"#,
        noise.get(..100_000).unwrap()
    );
    assert_eq!(Book::new().rows(&row).read().0.last().unwrap(), "m:S!3 row_too_long");
}

#[test]
fn rows_and_cells_out_of_order_are_damage_and_what_stood_before_is_read() {
    for row in [
        r#"<row r="3"><c r="B3"/><c r="A3"/></row>"#,
        r#"<row r="3"><c r="XFE3"/></row>"#,
        r#"<row r="3"><c r="3"/></row>"#,
        r#"<row r="-3"/>"#,
        r#"<row r="3"><c r="A3"></row>"#,
        r"<row",
    ] {
        let (lines, code) = Book::new().rows(row).read();
        assert_eq!((lines, code), (vec!["m:S!A2 label LABEL".to_owned()], "damaged_workbook"), "{row}");
    }
}

#[test]
fn other_archives_and_older_or_encrypted_workbooks_are_refused_by_name() {
    let book = |parts: Vec<(&'static str, String)>| Book(parts).read().1;
    assert_eq!(book(vec![("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned())]), "not_a_workbook");
    let document = Book::new().with("xl/workbook.xml", "<document/>");
    assert_eq!(document.read().1, "not_a_workbook");
    let binary =
        r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
    assert_eq!(
        error(&Book::new().with("_rels/.rels", binary)),
        "is an archive, but not an .xlsx workbook: it is a binary workbook (.xlsb)"
    );

    // A compound file: a header of 512 bytes, then the directory.
    let compound = |stream: &str| {
        let mut bytes = vec![0; 1024];
        bytes.get_mut(..8).unwrap().copy_from_slice(super::COMPOUND_FILE);
        bytes.get_mut(30..32).unwrap().copy_from_slice(&9_u16.to_le_bytes());
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.get_mut(640..640 + name.len()).unwrap().copy_from_slice(&name);
        bytes
    };
    assert_eq!(read(compound("Workbook")).1, "old_workbook");
    assert_eq!(read(compound("EncryptedPackage")).1, "encrypted_workbook");
    assert_eq!(read(super::COMPOUND_FILE).1, "old_workbook");
    let mut far = compound("EncryptedPackage");
    far.get_mut(48..52).unwrap().copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(read(far).1, "old_workbook");
}

#[test]
fn a_directory_of_too_many_parts_is_not_opened() {
    let bytes = [&b"PK\x03\x04"[..], &b"PK\x01\x02".repeat(10_001)].concat();
    assert_eq!(read(bytes).1, "archive_bomb");
}

#[test]
fn cut_or_changed_anywhere_it_gives_lines_or_a_reason_and_never_a_panic() {
    for end in (0..XLSXWRITER.len()).step_by(53).skip(1) {
        let (_, code) = read(XLSXWRITER.get(..end).unwrap());
        assert!(!matches!(code, "" | "stopped"), "{end}");
    }
    for at in (0..OPENPYXL.len()).step_by(31) {
        let mut bytes = OPENPYXL.to_vec();
        *bytes.get_mut(at).unwrap() ^= 0x55;
        assert_ne!(read(bytes).1, "stopped", "{at}");
    }
}

#[test]
fn a_later_sheet_with_two_columns_for_a_field_is_no_sheet_of_notes() {
    let workbook = r#"<workbook><sheets><sheet name="S" r:id="r1"/><sheet name="T" r:id="r4"/></sheets></workbook>"#;
    let second = sheet("").replace(
        HEADER,
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>1</v></c></row>"#,
    );
    let book = Book::new().with("xl/workbook.xml", workbook).with("xl/worksheets/sheet2.xml", second);
    let (name, relations) = book.0.iter().find(|(name, _)| *name == "xl/_rels/workbook.xml.rels").unwrap();
    let more = r#"<Relationship Id="r4" Type="http://x/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;
    let relations = relations.replace("</Relationships>", more);
    let name = *name;
    assert_eq!(book.with(name, relations).read(), (vec!["m:S!A2 label LABEL".to_owned()], "column_twice"));
}

#[test]
fn progress_ends_where_it_should() {
    let bytes = OPENPYXL.to_vec();
    let mut reader = Reader::stream("m", Cursor::new(bytes.clone()), Some(bytes.len() as u64), Columns::default());
    assert!(reader.by_ref().all(|line| line.is_ok()));
    let (read, total) = reader.progress();
    let total = total.unwrap();
    // What stands behind the last row of a sheet is not read.
    assert!(read <= total && read * 2 > total, "{read} of {total}");
    assert_eq!(reader.finish(), Some(primitives::Hash::of(&bytes)));
}
