use std::fs;

use ::label::Label;
use primitives::{Day, SecretKey};
use statement::{Claims, Gtin, Lot, Origin, Serial};

use super::check;
use super::drawing::CodeArea;
use super::*;

fn face(number: u32, product: &str) -> Face {
    let label = Label::sign(
        Origin::parse("registry.example").unwrap(),
        Some(Gtin::parse("09521234543213").unwrap()),
        Lot::parse("KTM-2026").unwrap(),
        Serial::new(Some(94_567), number).unwrap(),
        Claims::ALL,
        94_567,
        Day::parse("2027-12-31").unwrap(),
        &SecretKey::from_seed(&[1; 32]),
    );
    Face::of(&label.unwrap(), product)
}

fn svg(product: &str) -> String {
    let picture = Picture::label(&face(17, product), &Style::default(), Format::Svg).unwrap();
    String::from_utf8(picture.bytes().to_vec()).unwrap()
}

fn area(text: &str) -> Vec<CodeArea> {
    let card = card::card(&face(17, "Carpet"), &Style::default()).unwrap();
    vec![CodeArea { text: text.into(), ..card.codes[0].clone() }]
}

#[test]
fn both_formats_are_read_back_at_every_level_and_size() {
    for level in [Level::L, Level::M, Level::Q, Level::H] {
        for module_mm in [0.25, 0.5, 1.0] {
            let style = Style::new(module_mm, level).unwrap();
            for format in [Format::Svg, Format::Png] {
                Picture::label(&face(17, "Carpet"), &style, format)
                    .unwrap_or_else(|error| panic!("{level:?} {module_mm}: {error}"));
            }
        }
    }
}

#[test]
fn a_code_that_says_something_else_is_not_kept() {
    let (text, url) = (svg("Carpet"), face(17, "Carpet").url);
    let png = Picture::label(&face(17, "Carpet"), &Style::default(), Format::Png).unwrap();
    check::svg(&text, &area(&url)).unwrap();
    check::png(png.bytes(), &area(&url)).unwrap();
    assert_eq!(check::svg(&text, &area("HTTPS://EVIL.EXAMPLE")).unwrap_err().code(), "code_reads_otherwise");
    assert_eq!(check::png(png.bytes(), &area("HTTPS://EVIL.EXAMPLE")).unwrap_err().code(), "code_reads_otherwise");
}

#[test]
fn a_code_that_cannot_be_read_is_not_kept() {
    let (text, url) = (svg("Carpet"), face(17, "Carpet").url);
    for (from, to) in
        [("class=\"code\"", "class=\"cod\""), ("h7v1h-7z", "h7v1h-6z"), ("M0 0h7v1h-7z", ""), ("scale(6)", "scale(x)")]
    {
        assert!(text.contains(from));
        assert_eq!(check::svg(&text.replace(from, to), &area(&url)).unwrap_err().code(), "unreadable_code", "{to}");
    }
    // A drawing whose code is painted over: what is checked is the file's own pixels.
    let mut drawing = card::card(&face(17, "Carpet"), &Style::default()).unwrap();
    drawing.shapes.push(drawing::Shape::bar(40.0, 40.0, 250.0, 150.0, drawing::Ink::BLACK));
    let file = png::write(&drawing).unwrap();
    assert_eq!(check::png(&file, &drawing.codes).unwrap_err().code(), "unreadable_code");
    assert_eq!(check::png(&file[..file.len() / 2], &drawing.codes).unwrap_err().code(), "png_decode");
}

#[test]
fn modules_are_whole_dots_of_three_hundred_an_inch() {
    for (asked, printed) in [(0.25, 0.254), (0.5, 0.508), (0.46, 0.423_333), (1.0, 1.016), (5.0, 4.995_333)] {
        let style = Style::new(asked, Level::M).unwrap();
        assert!((style.module_mm() - printed).abs() < 1e-4, "{asked}: {}", style.module_mm());
    }
    for asked in [0.0, -1.0, 0.249, 5.1, f32::NAN, f32::INFINITY] {
        assert_eq!(Style::new(asked, Level::M).unwrap_err().code(), "module_size", "{asked}");
    }
    let png = Picture::label(&face(17, "Carpet"), &Style::default(), Format::Png).unwrap();
    let reader = ::png::Decoder::new(std::io::Cursor::new(png.bytes())).read_info().unwrap();
    assert_eq!(reader.info().pixel_dims.unwrap().xppu, 11_811, "dots a metre");
}

#[test]
fn four_modules_around_a_code_stay_white() {
    let drawing = card::card(&face(17, "Carpet"), &Style::default()).unwrap();
    let pixels = png::read(&png::write(&drawing).unwrap()).unwrap();
    let Some(drawing::Shape::Code { x, y, code, .. }) = drawing.shapes.first() else { panic!("the code comes first") };
    assert_eq!(code.side, 49, "the design's example is of version 8 at most");
    let (x, y, side) = (usize::try_from(*x).unwrap(), usize::try_from(*y).unwrap(), 49 * 6);
    let is_dark = |x, y| pixels.grey(x, y).unwrap() < 255;
    assert!(is_dark(x, y) && is_dark(x + side - 1, y) && is_dark(x, y + side - 1), "finder patterns");
    for along in 0..side + 48 {
        for away in 1..=24 {
            let (across, down) = (x - 24 + along, y - 24 + along);
            for (x, y) in
                [(across, y - away), (across, y + side - 1 + away), (x - away, down), (x + side - 1 + away, down)]
            {
                assert!(!is_dark(x, y), "{x} {y}");
            }
        }
    }
}

#[test]
fn text_of_outsiders_cannot_become_markup() {
    let text = svg("</title><script>alert('1')</script>&\"");
    assert!(text.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
    assert!(!text.contains("<script") && !text.contains("<text"), "text is outlines");
}

#[test]
fn a_letter_that_the_font_lacks_is_named_not_replaced() {
    for character in ['न', '織', '\u{202e}', '\u{0}', '\u{1b}', '🧶', '\u{301}'] {
        let error = Picture::label(&face(17, &format!("A{character}")), &Style::default(), Format::Svg).unwrap_err();
        assert!(matches!(error, RenderError::NoGlyph { character: found, .. } if found == character), "{error}");
    }
    for product in [
        "Tapis noué à la main",
        "Ręcznie tkany dywan",
        "El dokuması halı",
        "Χαλί",
        "Ковёр ручной работы",
        "Thảm dệt tay",
    ] {
        Picture::label(&face(17, product), &Style::default(), Format::Svg).unwrap();
    }
}

#[test]
fn a_url_that_fits_no_code_is_refused() {
    let face = Face { url: "A".repeat(4000), ..face(17, "Carpet") };
    assert_eq!(Picture::label(&face, &Style::default(), Format::Png).unwrap_err().code(), "qr_code");
}

#[test]
fn sheets_hold_every_label_once() {
    let faces: Vec<Face> = (1..=33).map(|number| face(number, "Hand-knotted carpet, Kathmandu")).collect();
    let sheets = Sheets::new(&faces, &Style::default()).unwrap();
    assert_eq!((sheets.per_page(), sheets.pages()), (30, 2));
    let pages: Vec<_> = (0..2).map(|page| sheets.page(page).unwrap().unwrap()).collect();
    let urls: Vec<&str> = pages.iter().flat_map(|page| &page.codes).map(|area| area.text.as_str()).collect();
    assert_eq!(urls, faces.iter().map(|face| face.url.as_str()).collect::<Vec<_>>());
    for area in pages.iter().flat_map(|page| &page.codes) {
        assert!(area.x >= 90 && area.x + area.width <= 2480 - 90 && area.y + area.height <= 3508 - 90, "{area:?}");
    }
    for format in [Format::Svg, Format::Png] {
        Picture::sheet(&sheets, 1, format).unwrap().unwrap();
        assert!(Picture::sheet(&sheets, 2, format).is_none());
    }
}

#[test]
fn what_does_not_fit_a_page_is_refused() {
    let style = Style::new(5.0, Level::M).unwrap();
    assert_eq!(Sheets::new(&[face(1, "Carpet")], &style).err().map(|error| error.code()), Some("page_too_small"));
    assert_eq!(Sheets::new(&[], &style).err().map(|error| error.code()), Some("no_labels"));
}

#[test]
fn a_file_is_written_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let picture = Picture::label(&face(17, "Carpet"), &Style::default(), Format::Png).unwrap();
    let path = folder.path().join("label.png");
    fs::write(&path, b"older").unwrap();
    picture.keep(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), picture.bytes());

    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    for path in [taken, folder.path().join("missing").join("label.png"), "/".into(), "".into()] {
        assert_eq!(picture.keep(&path).unwrap_err().code(), "write_failed", "{}", path.display());
    }
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["label.png", "taken"], "nothing unfinished is left");
}
