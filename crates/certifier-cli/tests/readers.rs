//! Printed files in the hands of others: pages rendered by poppler, codes read by ZBar and zxing-cpp, texts copied from the PDF.
//!
//! Where these programs are missing they are installed if `CI` is set; elsewhere the test says so on a line and passes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use certifier_cli::render::{Face, FontFile, Fonts, Format, Layout, Press, RenderError, Resolution};
use label::{Label, ShortCode};
use primitives::{Day, SecretKey, Timestamp};
use statement::{Claims, Gtin, Lot, Origin, Serial};

const INDEX: u64 = 94_567;

fn face(number: u32, product: &str) -> Face {
    let origin = Origin::parse("registry.example").expect("a host");
    let gtin = Gtin::parse("09521234543213").expect("a GTIN");
    let lot = Lot::parse("KTM-2026").expect("a lot");
    let serial = Serial::new(Some(INDEX), number).expect("not zero");
    let key = SecretKey::from_seed(&[1; 32]);
    let label = Label::sign(origin, Some(gtin), lot, serial, Claims::ALL, INDEX, Day::from_days(21_000), &key);
    Face::of(&label.expect("in memory"), product)
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--help").output().is_ok()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Poppler and ZBar; `false` where they are missing and may not be installed.
fn has_poppler_and_zbar() -> bool {
    if is_there("pdftoppm") && is_there("zbarimg") {
        return true;
    }
    if std::env::var_os("CI").is_none() {
        println!("skipped: pdftoppm (poppler-utils) or zbarimg (zbar-tools) is missing");
        return false;
    }
    run("apt-get", &["update", "-qq"]);
    run("apt-get", &["install", "-y", "-qq", "poppler-utils", "zbar-tools"]);
    true
}

/// A Python that has zxing-cpp.
fn python() -> Option<String> {
    let has_zxing = |python: &str| {
        Command::new(python).args(["-c", "import zxingcpp, PIL"]).output().is_ok_and(|output| output.status.success())
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zxing-cpp");
    let own = folder.join("bin/python").display().to_string();
    if let Some(python) = ["python3", &own].into_iter().find(|python| has_zxing(python)) {
        return Some(python.into());
    }
    if std::env::var_os("CI").is_none() {
        println!("skipped: zxing-cpp (PyPI) is missing");
        return None;
    }
    if !Command::new("python3").args(["-c", "import ensurepip"]).output().is_ok_and(|output| output.status.success()) {
        run("apt-get", &["install", "-y", "-qq", "python3-venv"]);
    }
    run("python3", &["-m", "venv", &folder.display().to_string()]);
    run(&own, &["-m", "pip", "install", "-q", "zxing-cpp", "pillow"]);
    Some(own)
}

/// Prints labels 1 to `labels` of a stock; gives the files.
fn print(
    folder: &Path,
    stock: &str,
    resolution: Resolution,
    formats: &[Format],
    product: &str,
    fonts: &Fonts<'_>,
    labels: u32,
) -> Vec<PathBuf> {
    let texts = (1..=labels).map(|number| {
        let serial = Serial::new(Some(INDEX), number).expect("not zero");
        (serial.to_string(), ShortCode { index: INDEX, number }.to_string())
    });
    let longest = face(labels, product).longest(texts, fonts);
    let layout = Layout::new(stock.parse().expect("stock"), resolution, None, &longest, fonts).expect("it fits");
    let made = Timestamp::from_seconds(1_795_000_000);
    let press = Press { layout: &layout, folder, formats, first: 2, split: 1_000, made };
    let batches = press.batches(&(1..=labels).collect::<Vec<_>>());
    press.print::<RenderError>(&batches, &|number| Ok(face(number, product)), &|| {}).expect("printed");
    batches.iter().flat_map(|batch| press.files(batch)).collect()
}

/// Every code of the pictures, each read once by each reader.
fn read(pictures: &[PathBuf]) -> Vec<(&'static str, Vec<String>)> {
    let names: Vec<String> = pictures.iter().map(|path| path.display().to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let zbar = run("zbarimg", &[&["-q", "--raw", "-Sdisable", "-Sqrcode.enable"], names.as_slice()].concat());
    let mut readers = vec![("ZBar", zbar)];
    if let Some(python) = python() {
        let script = "import sys, zxingcpp\nfrom PIL import Image\nfor name in sys.argv[1:]:\n  for code in zxingcpp.read_barcodes(Image.open(name), formats=zxingcpp.BarcodeFormat.QRCode): print(code.text)";
        readers.push(("zxing-cpp", run(&python, &[&["-c", script], names.as_slice()].concat())));
    }
    readers.into_iter().map(|(name, text)| (name, text.lines().map(Into::into).collect())).collect()
}

fn pages(pdf: &Path, dots_per_inch: &str) -> Vec<PathBuf> {
    let stem = pdf.with_extension("");
    run("pdftoppm", &["-r", dots_per_inch, "-gray", "-png", &pdf.display().to_string(), &stem.display().to_string()]);
    let folder = pdf.parent().expect("a folder");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder).expect("read").map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "png"));
    pages.sort();
    pages
}

#[test]
fn other_readers_read_every_code_of_every_sheet() {
    if !has_poppler_and_zbar() {
        return;
    }
    let fonts = Fonts::built_in();
    // ZBar wants more than 4 pixels a module on a page full of codes.
    for (stock, labels, sheets, dots_per_inch) in [
        ("l7160", 40, 2, "300"),
        ("l7651", 70, 2, "600"),
        ("5160", 30, 2, "600"),
        ("2x2@80x120mm+10,10,5,5", 5, 2, "300"),
        ("1x1@60x40mm", 2, 2, "300"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let product = "Tapis noué à la main, Ковёр, Χαλί";
        let files = print(folder.path(), stock, Resolution::Dpi300, &[Format::Pdf], product, &fonts, labels);
        let pages = pages(&files[0], dots_per_inch);
        assert_eq!(pages.len(), sheets, "{stock}");
        let expected: BTreeSet<String> = (1..=labels).map(|number| face(number, product).url).collect();
        for (reader, texts) in read(&pages) {
            assert_eq!(texts.len(), expected.len(), "{reader}, {stock}: each code once");
            let wrong = texts.iter().find(|text| !expected.contains(*text));
            assert_eq!(wrong, None, "{reader}, {stock}");
        }
    }
}

#[test]
fn texts_of_a_sheet_are_texts_in_embedded_fonts() {
    if !has_poppler_and_zbar() {
        return;
    }
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fonts");
    let files = ["NotoNaskhArabic-Regular", "NotoSansDevanagari-Regular", "NotoSansBengali-Regular"]
        .map(|name| FontFile::new(name, fs::read(data.join(format!("{name}.subset.ttf"))).expect("a font")));
    let fonts = Fonts::with(&files).expect("fonts");
    for product in [
        "Tapis noué à la main",
        "Ковёр ручной работы",
        "Χειροποίητο χαλί",
        "سجاد صوف يدوي",
        "हाथ से बुना ऊनी कालीन",
        "হাতে বোনা পশমের গালিচা",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let files = print(folder.path(), "1x1@120x60mm", Resolution::Dpi300, &[Format::Pdf], product, &fonts, 1);
        let pdf = files[0].display().to_string();
        let text = run("pdftotext", &[&pdf, "-"]);
        // Poppler marks what runs right to left.
        let text: String = text
            .chars()
            .filter(|character| !matches!(character, '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}'))
            .collect();
        for expected in ["registry.example", product, "Lot KTM-2026", "Serial 94567-1", "Code 42WB-71"] {
            assert!(text.contains(expected), "{product}: {expected:?} in {text:?}");
        }
        let embedded = run("pdffonts", &[&pdf]);
        for line in embedded.lines().skip(2) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            assert!(
                columns.windows(3).any(|flags| flags == ["yes", "yes", "yes"]),
                "embedded, a subset, with Unicode: {line}"
            );
        }
        let size = fs::metadata(&files[0]).expect("a file").len();
        assert!(size < 40_000, "{size} bytes: the font is not embedded whole");
        let bytes = fs::read(&files[0]).expect("a file");
        for mark in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>U</pdfaid:conformance>"] {
            assert!(bytes.windows(mark.len()).any(|part| part == mark.as_bytes()), "{mark}");
        }
    }
}

/// The label that a printer would paint, by the ZPL II manual: written for this test, and not the code that wrote the graphic.
fn painted(zpl: &str) -> (usize, usize, Vec<u8>) {
    let field = zpl.split("^GFA,").nth(1).expect("a graphic").split("^FS").next().expect("its end");
    let mut head = field.splitn(4, ',');
    let mut number = || head.next().and_then(|number| number.parse::<usize>().ok()).expect("a number");
    let (_, bytes, bytes_a_row) = (number(), number(), number());
    let mut rows: Vec<String> = Vec::new();
    let (mut row, mut count) = (String::new(), 0);
    for symbol in head.next().expect("data").chars() {
        match symbol {
            'G'..='Y' => count += symbol as usize - 'G' as usize + 1,
            'g'..='z' => count += (symbol as usize - 'g' as usize + 1) * 20,
            ',' => row.push_str(&"0".repeat(bytes_a_row * 2 - row.len())),
            ':' => rows.push(rows.last().expect("a row before").clone()),
            digit => row.push_str(&digit.to_string().repeat(std::mem::take(&mut count).max(1))),
        }
        if row.len() == bytes_a_row * 2 {
            rows.push(std::mem::take(&mut row));
        }
    }
    assert_eq!(rows.len() * bytes_a_row, bytes);
    let bits = rows.iter().flat_map(|row| row.chars()).flat_map(|digit| {
        let value = digit.to_digit(16).expect("a digit");
        (0..4).rev().map(move |bit| if value >> bit & 1 == 1 { 0 } else { 255 })
    });
    (bytes_a_row * 8, rows.len(), bits.collect())
}

#[test]
fn other_readers_read_what_a_label_printer_would_print() {
    if !has_poppler_and_zbar() {
        return;
    }
    let fonts = Fonts::built_in();
    for (stock, resolution) in
        [("1x1@60x40mm", Resolution::Dpi203), ("1x1@60x40mm", Resolution::Dpi300), ("1x1@40x60mm", Resolution::Dpi600)]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let files = print(folder.path(), stock, resolution, &[Format::Zpl, Format::Png], "^XZ~JR carpet", &fonts, 3);
        let zpl = fs::read_to_string(files.iter().find(|path| path.ends_with("labels-1-3.zpl")).expect("a file"))
            .expect("text");
        let mut pictures = Vec::new();
        for (number, label) in zpl.lines().enumerate() {
            let (width, height, greys) = painted(label);
            let path = folder.path().join(format!("painted-{number}.pgm"));
            fs::write(&path, [format!("P5\n{width} {height}\n255\n").into_bytes(), greys].concat()).expect("written");
            pictures.push(path);
        }
        let singles: Vec<PathBuf> =
            files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "png")).collect();
        let expected: Vec<String> = (1..=3).map(|number| face(number, "").url).collect();
        for pictures in [pictures, singles] {
            for (reader, texts) in read(&pictures) {
                assert_eq!(texts, expected, "{reader}, {stock}, {resolution:?}");
            }
        }
    }
}
