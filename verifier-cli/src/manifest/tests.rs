use std::fmt::Write as _;
use std::io::{self, Cursor, Read, Write as _};

use primitives::Hash;

use super::*;

/// A label of the shape of a real one.
pub(super) const LABEL: &str = "HTTPS://REGISTRY.EXAMPLE/AEATI5IPTDT6EBKSX6A7TWR5BVW34WJSUYZG26QDG2T2RIDKBVBUDFO4V7MFG66WUUS27XVSZUBRPVR57M6LJBNYLOT3WYRECH42JOTEHC2ZQYRW6JBUOKIM/01/09521234543213/10/KTM-2026/21/17";

/// What a manifest called `m` gives: its lines in short, and the code of the error that ends it.
pub(super) fn read(bytes: impl Into<Vec<u8>>) -> (Vec<String>, &'static str) {
    read_with(bytes, Columns::default())
}

pub(super) fn read_with(bytes: impl Into<Vec<u8>>, columns: Columns) -> (Vec<String>, &'static str) {
    let (lines, error) = drained(&mut Reader::stream("m", Cursor::new(bytes.into()), None, columns));
    (lines, error.map_or("", |error| error.code()))
}

pub(super) fn drained(reader: &mut Reader) -> (Vec<String>, Option<ManifestError>) {
    let mut lines = Vec::new();
    for line in reader {
        match line {
            Ok(line) => lines.push(short(&line)),
            Err(error) => return (lines, Some(error)),
        }
    }
    (lines, None)
}

/// `m:2 label https://… lot=KTM`, `m:2 lot_invalid Lot "K M"`.
fn short(line: &Line) -> String {
    let mut text = format!("{} ", line.place);
    match &line.item {
        Item::Label(Labelled { text: label, declared }) => {
            text.push_str("label ");
            text.push_str(if label == LABEL { "LABEL" } else { label });
            let Declared { gtin, lot, serial, origin, hs_code, quantity, unit } = declared;
            let mut add = |name: &str, value: Option<String>| {
                if let Some(value) = value {
                    let _ = write!(text, " {name}={value}");
                }
            };
            add("gtin", gtin.map(|value| value.to_string()));
            add("lot", lot.as_ref().map(ToString::to_string));
            add("serial", serial.clone());
            add("origin", origin.map(|value| value.to_string()));
            add("hs", hs_code.as_ref().map(ToString::to_string));
            add("quantity", quantity.map(|value| value.to_string()));
            add("unit", unit.map(|value| value.to_string()));
        }
        Item::Quantity(LotQuantity { gtin, lot, quantity, unit }) => {
            let gtin = gtin.map_or_else(String::new, |gtin| gtin.to_string());
            let _ = write!(text, "quantity {gtin} {lot} {quantity} {unit}");
        }
        Item::Fault(fault) => {
            let Fault { reason, column, found } = fault;
            assert!(!reason.hint().is_empty());
            text.push_str(reason.code());
            if let Some(column) = column {
                let _ = write!(text, " {column}");
            }
            if !found.is_empty() {
                let _ = write!(text, " {found:?}");
            }
        }
    }
    text
}

#[test]
fn the_digest_is_of_exactly_the_bytes_that_were_read() {
    for bytes in [format!("{LABEL}\n\n{LABEL}"), format!("\u{feff}label;lot\r\n{LABEL};A\r\n")] {
        let size = bytes.len() as u64;
        let mut reader = Reader::stream("m", Cursor::new(bytes.clone()), Some(size), Columns::default());
        assert_eq!(drained(&mut reader).1, None);
        assert_eq!(reader.progress(), (size, Some(size)));
        assert!(reader.next().is_none(), "and stays at its end");
        assert_eq!(reader.finish(), Some(Hash::of(bytes.as_bytes())));
    }
}

#[test]
fn what_was_read_before_the_source_failed_was_read() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let good = format!("{}x", format!("{LABEL}\n").repeat(3));
    let mut reader = Reader::stream("m", Cursor::new(good).chain(Fails), Some(10_000), Columns::default());
    let (lines, error) = drained(&mut reader);
    assert_eq!(lines, ["m:1 label LABEL", "m:2 label LABEL", "m:3 label LABEL"]);
    let error = error.unwrap();
    assert_eq!(error.to_string(), "cannot be read: the disk is gone");
    assert_eq!(error.failure("m").text(), "m: cannot be read: the disk is gone (unreadable)");
    assert_eq!(reader.finish(), None);
}

#[test]
fn a_torn_document_is_named_by_the_digest_of_all_that_is_there() {
    let torn = format!(r#"{{"epcisBody":{{"eventList":[{{"epcList":["{LABEL}","{LABEL}]}}"#);
    let mut reader = Reader::stream("m", Cursor::new(torn.clone()), Some(torn.len() as u64), Columns::default());
    let (lines, error) = drained(&mut reader);
    assert_eq!(lines, ["m: event 1, epcList 1 label LABEL"]);
    assert_eq!(error.unwrap().code(), "json_invalid");
    assert_eq!(reader.finish(), Some(Hash::of(torn.as_bytes())));
}

#[test]
fn nothing_to_judge_is_an_error() {
    for nothing in ["", "\n \r\n", "\u{feff}", "label;lot\n", "label;lot\n;\n\n;\n", r#"{"eventList":[]}"#] {
        assert_eq!(read(nothing), (vec![], "empty"), "{nothing:?}");
    }
    let missing = Reader::open("/no/such/manifest", Columns::default()).unwrap_err();
    assert_eq!(missing.code(), "unreadable");
    assert!(missing.hint().contains("standard input"));
}

#[test]
fn a_reader_that_is_dropped_lets_go_of_its_thread() {
    struct Endless {
        /// Counts who is still reading.
        _alive: std::sync::Arc<()>,
    }
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let line = b"https://registry.example/\n";
            let lines = buffer.chunks_exact_mut(line.len()).map(|chunk| chunk.copy_from_slice(line)).count();
            Ok(lines * line.len())
        }
    }
    let alive = std::sync::Arc::new(());
    let mut reader = Reader::stream("m", Endless { _alive: alive.clone() }, None, Columns::default());
    assert!(reader.next().unwrap().is_ok());
    drop(reader);
    let ended = (0..1000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        std::sync::Arc::strong_count(&alive) == 1
    });
    assert!(ended);
}

#[test]
fn a_scanner_at_a_desk_is_answered_line_by_line() {
    struct Scanner(std::sync::mpsc::Receiver<&'static [u8]>);
    impl Read for Scanner {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Ok(line) = self.0.recv() else { return Ok(0) };
            buffer.get_mut(..line.len()).unwrap().copy_from_slice(line);
            Ok(line.len())
        }
    }
    let (scan, scanner) = std::sync::mpsc::channel();
    let mut reader = Reader::stream("m", Scanner(scanner), None, Columns::default());
    for line in [&b"https://x/1\n"[..], b"https://x/2\n"] {
        scan.send(line).unwrap();
        let text = format!("label {}", String::from_utf8_lossy(line).trim());
        assert!(short(&reader.next().unwrap().unwrap()).ends_with(&text));
    }
    drop(scan);
    assert!(reader.next().is_none());
}

/// `cargo test --release -p verifier-cli manifest::tests::a_million -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn a_million_rows_of_each_kind() {
    const ROWS: u64 = 1_000_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest");
    let write = |head: &str, row: &dyn Fn(&str) -> String, tail: &str| {
        let mut file = io::BufWriter::new(std::fs::File::create(&path).unwrap());
        file.write_all(head.as_bytes()).unwrap();
        for n in 1..=ROWS {
            file.write_all(row(&LABEL.replace("/21/17", &format!("/21/{n}"))).as_bytes()).unwrap();
        }
        file.write_all(tail.as_bytes()).unwrap();
        file.flush().unwrap();
    };
    let measure = |name: &str| {
        let begun = std::time::Instant::now();
        let mut reader = Reader::open(path.to_str().unwrap(), Columns::default()).unwrap();
        let labels = reader.by_ref().filter(|line| matches!(line, Ok(Line { item: Item::Label(_), .. }))).count();
        let spent = begun.elapsed();
        assert_eq!(labels as u64, ROWS);
        assert!(reader.finish().is_some());
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("{name}: {} ns a row, {peak} so far", spent.as_nanos() / u128::from(ROWS));
    };
    write("", &|label| format!("{label}\n"), "");
    measure("lines");
    write("label,gtin,lot,origin,hs\n", &|label| format!("{label},09521234543213,KTM-2026,NP,570110\n"), "");
    measure("CSV of 5 columns");
    write("label;gtin;lot;origin;hs\n", &|label| format!("\"{label}\";\"09521234543213\";\"KTM\";\"NP\";\"57\"\n"), "");
    measure("CSV of 5 quoted columns");
    let first = std::cell::Cell::new(true);
    let epc = |label: &str| if first.replace(false) { format!("\"{label}\"") } else { format!(",\n\"{label}\"") };
    write("{\"eventList\":[{\"epcList\":[", &epc, "]}]}");
    measure("EPCIS");
    std::fs::write(&path, workbook::tests::large(ROWS, LABEL)).unwrap();
    measure("workbook of 5 columns");
}
