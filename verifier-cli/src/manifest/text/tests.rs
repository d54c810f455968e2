use super::Splitter;
use crate::manifest::Columns;
use crate::manifest::tests::{LABEL, read, read_with};

fn table(rows: &str) -> Vec<String> {
    let (lines, error) = read(rows.replace("LABEL", LABEL));
    assert_eq!(error, "", "{rows:?}");
    lines
}

#[test]
fn a_list_is_a_label_a_line() {
    let lines = table("\u{feff}LABEL\r\n\r\n  LABEL \r\nnonsense, with a comma\nhttps://x/a,b;c");
    assert_eq!(
        lines,
        ["m:1 label LABEL", "m:3 label LABEL", "m:4 label nonsense, with a comma", "m:5 label https://x/a,b;c"]
    );
    assert_eq!(table("TTPS://damaged/\nLABEL"), ["m:1 label TTPS://damaged/", "m:2 label LABEL"], "none goes unread");
}

#[test]
fn a_label_with_a_comma_in_it_begins_a_list() {
    let label = LABEL.replace("KTM-2026", "K,1;2");
    assert_eq!(read(format!("{label}\n{LABEL}\n")).0, [format!("m:1 label {label}"), "m:2 label LABEL".to_owned()]);
}

#[test]
fn each_separator_makes_a_table() {
    let expected = ["m:2 label LABEL gtin=09521234543213 lot=A-1 origin=NP hs=570110 quantity=12 unit=KGM"];
    for separator in [",", ";", "\t"] {
        for end in ["\n", "\r\n", "\r"] {
            let header = ["Label", "EAN", "Charge", "Ursprungsland", "HS code", "Menge", "Einheit"].join(separator);
            let row = ["LABEL", "9521234543213", "A-1", "np", "5701.10", "12", "kgm"].join(separator);
            assert_eq!(table(&format!("{header}{end}{row}{end}")), expected, "{separator:?} {end:?}");
        }
    }
    assert_eq!(table("sep=|\nLabel|Lot, or batch|lot\nLABEL|x|A"), ["m:3 label LABEL lot=A"]);
}

#[test]
fn quotes_hold_separators_line_breaks_and_quotes() {
    let rows = "\"Label\",\"Text, of\nmany lines\",Lot\n\"LABEL\",\"a \"\"b\"\",\r\nc\",A\nLABEL,\"\",B\n";
    assert_eq!(table(rows), ["m:3 label LABEL lot=A", "m:5 label LABEL lot=B"]);
}

#[test]
fn title_rows_above_the_header_are_passed_over() {
    assert_eq!(table("Packing list 2026\n\nlabel,lot\nLABEL,A\n"), ["m:4 label LABEL lot=A"]);
}

#[test]
fn without_a_header_the_column_with_the_address_is_read() {
    assert_eq!(table("KTM,LABEL,3\nKTM,LABEL,3\n"), ["m:1 label LABEL", "m:2 label LABEL"]);
    let rows = format!("KTM,{LABEL},3\n");
    assert_eq!(read_with(rows, "label=2,lot=A".parse().unwrap()).0, ["m:1 label LABEL lot=KTM"]);
}

#[test]
fn a_table_without_labels_lists_its_headers() {
    let reader = |text: String, columns: &str| {
        let columns = if columns.is_empty() { Columns::default() } else { columns.parse().unwrap() };
        let mut reader = crate::manifest::Reader::stream("m", std::io::Cursor::new(text), None, columns);
        reader.next().unwrap().unwrap_err()
    };
    let error = reader("Ware;Charge\n1;2\n".to_owned(), "");
    assert_eq!(error.to_string(), "has no column of labels; its headers are: Ware, Charge");
    assert!(error.hint().contains("--columns label="));
    let error = reader("Ware;Charge\n1;2\n".to_owned(), "label=Etikett");
    assert_eq!(error.to_string(), "has no column \"Etikett\" for the label; its headers are: Ware, Charge");
    let error = reader("URL;Lot;Batch\n".to_owned(), "");
    assert_eq!(error.to_string(), "has two columns for the lot: Lot and Batch");
    let error = reader(format!("Ware;x\nfoo;{LABEL}\n"), "");
    assert_eq!(error.code(), "no_label_column", "a row of goods is never taken for a title");
}

#[test]
fn a_bad_cell_is_a_fault_beside_the_label() {
    let rows = "URL,GTIN,Lot,Serial,Origin,HS,Qty,Unit\n\
        LABEL,9.52123E+12,A B,,Nepal,90111,\"1,200\",bale\n\
        ,9521234543213,A,,,,,\n\
        LABEL,9521234543214,A,,NP,,,\n";
    assert_eq!(
        table(rows),
        [
            "m:2 label LABEL",
            "m:2 mangled_number GTIN \"9.52123E+12\"",
            "m:2 lot_invalid Lot \"A B\"",
            "m:2 country_invalid Origin \"Nepal\"",
            "m:2 hs_code_invalid HS \"90111\"",
            "m:2 quantity_invalid Qty \"1,200\"",
            "m:2 unit_invalid Unit \"bale\"",
            "m:3 label_missing URL",
            "m:4 label LABEL lot=A origin=NP",
            "m:4 gtin_invalid GTIN \"9521234543214\"",
        ]
    );
}

#[test]
fn formulas_in_csv_are_texts_that_no_column_takes() {
    let rows = "label,gtin,origin,qty\nLABEL,\"=\"\"09521234543213\"\"\",@NP,+3\n";
    let codes: Vec<_> = table(rows).iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(codes, ["label", "gtin_invalid", "country_invalid", "quantity_invalid"]);
}

#[test]
fn rows_with_other_widths_keep_their_label_and_nothing_else() {
    let rows = "label,lot,origin\nLABEL,A\nLABEL,A,NP,,\nLABEL,x, y,NP\nno,label,x,y\nLABEL,B,NP\n";
    assert_eq!(
        table(rows),
        [
            "m:2 label LABEL",
            "m:2 cell_count",
            "m:3 label LABEL lot=A origin=NP",
            "m:4 label LABEL",
            "m:4 cell_count",
            "m:5 cell_count",
            "m:6 label LABEL lot=B origin=NP",
        ]
    );
}

#[test]
fn a_quote_that_never_closes_tears_its_own_row_only() {
    let rows = "label,text,lot\nLABEL,\"open,A\nLABEL,\"closed\",B\nLABEL,5\" nail,C\nLABEL,x,D\n";
    let rest = ["m:3 label LABEL lot=B", "m:4 label LABEL lot=C", "m:5 label LABEL lot=D"];
    assert_eq!(table(rows), [&["m:2 row_torn"], &rest[..]].concat());
    let far = format!("label,text\nLABEL,\"open\n{}", "LABEL,x\n".repeat(2000));
    let lines = table(&far);
    assert_eq!((lines.len(), lines.first().unwrap().as_str()), (2001, "m:2 row_torn"));
    assert_eq!(lines.last().unwrap(), "m:2002 label LABEL");
}

#[test]
fn a_last_row_that_is_cut_short_is_torn_and_not_judged() {
    assert_eq!(table("lot,label,x\nA,LABEL,\nA,LABE"), ["m:2 label LABEL lot=A", "m:3 row_torn"]);
    assert_eq!(table("lot,label\nA,LABEL"), ["m:2 label LABEL lot=A"], "a missing line break alone is no tear");
    assert_eq!(table("label,x\nLABEL,\"a"), ["m:2 row_torn"]);
}

#[test]
fn bytes_that_are_no_text_are_the_fault_of_their_cell() {
    // Each character below 256 as one byte, as Windows writes CSV.
    let latin =
        |text: &str| text.replace("LABEL", LABEL).chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<u8>>();
    assert_eq!(
        read(latin("label,lot,text\nLABEL,A\u{ff},K\n")).0,
        ["m:2 label LABEL", "m:2 not_utf8 lot \"A\u{fffd}\""]
    );
    assert_eq!(read(latin("label,lot,text\nLABEL,A,KÖLN\n")).0, ["m:2 label LABEL lot=A"], "nobody reads that column");
    let lines = read([LABEL.as_bytes(), b"\nhttps://\xff\n", LABEL.as_bytes()].concat()).0;
    assert_eq!(lines, ["m:1 label LABEL", "m:2 not_utf8 \"https://\u{fffd}\"", "m:3 label LABEL"]);
}

#[test]
fn a_nul_far_in_is_the_fault_of_its_row_and_one_at_the_front_of_the_file() {
    for (head, row, last) in [("", LABEL, ""), ("label,lot\n", "LABEL,A", " lot=A")] {
        let row = row.replace("LABEL", LABEL);
        let good = format!("{row}\n").repeat(1000);
        let (lines, error) = read(format!("{head}{good}\0\0\0\n{row}\n"));
        assert_eq!((lines.len(), error), (1002, ""));
        assert!(lines.get(1000).unwrap().ends_with(" not_text"));
        assert!(lines.last().unwrap().ends_with(&format!("label LABEL{last}")));
    }
    assert_eq!(read(format!("{LABEL}\0\n")), (vec![], "not_text"));
}

#[test]
fn a_row_without_end_is_skipped_in_constant_memory() {
    let long = "x".repeat(1 << 20);
    let lines = table(&format!("LABEL\n{long}\nLABEL\n"));
    assert_eq!(lines, ["m:1 label LABEL", "m:2 row_too_long", "m:3 label LABEL"]);
    let lines = table(&format!("label,lot\nLABEL,{long}\nLABEL,A\n"));
    assert_eq!(lines, ["m:2 row_too_long", "m:3 label LABEL lot=A"]);
    assert_eq!(read(long).1, "no_label_column");
}

#[test]
fn names_keep_their_escapes_for_whoever_shows_them() {
    let lines = table("label,lot\nLABEL,\u{1b}[32mok\n");
    assert_eq!(lines, ["m:2 label LABEL", "m:2 lot_invalid lot \"\\u{1b}[32mok\""]);
}

#[test]
fn labels_are_cut_where_no_label_is_that_long() {
    let lines = table(&format!("https://{}\n", "é".repeat(5000)));
    assert!(lines.first().unwrap().len() < 2070);
}

#[test]
fn rows_without_quotes_are_split_as_csv_core_splits_them() {
    let mut splitter = Splitter::new(b';');
    for row in ["a", "a;b", ";", ";;a", "a;;", " a ; b,c\t", "é;x", &"x;".repeat(1023), &"x;".repeat(1024)] {
        let plain = (splitter.split_plain(row.as_bytes()), splitter.cells().texts().join("|"));
        let quoted = (splitter.split_quoted(row.as_bytes()), splitter.cells().texts().join("|"));
        assert_eq!(plain, quoted, "{row:?}");
    }
}
