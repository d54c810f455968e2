use ::label::Label;
use primitives::{Day, SecretKey};
use statement::{Claims, Gtin, Lot, Origin, Serial};

use super::drawing::Drawing;
use super::*;

/// The face of the design's example, with another number and name.
pub(super) fn face(number: u32, product: &str) -> Face {
    face_of("registry.example", number, product)
}

fn face_of(host: &str, number: u32, product: &str) -> Face {
    let label = Label::sign(
        Origin::parse(host).unwrap(),
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

pub(super) fn longest(product: &str, fonts: &Fonts<'_>) -> Face {
    let texts = (1..=1_000).map(|number| face(number, product)).map(|face| (face.serial, face.short_code));
    face(1_000, product).longest(texts, fonts)
}

pub(super) fn layout<'f>(stock: &str, product: &str, fonts: &'f Fonts<'f>) -> Layout<'f> {
    Layout::new(stock.parse().unwrap(), Resolution::Dpi300, None, &longest(product, fonts), fonts).unwrap()
}

pub(super) fn drawing(face: &Face) -> Drawing {
    let fonts = Fonts::built_in();
    layout("l7160", &face.product, &fonts).draw(face).unwrap()
}

fn left_out(layout: &Layout<'_>) -> Vec<&'static str> {
    layout.left_out().map(Field::name).collect()
}

#[test]
fn named_stock_gets_the_most_robust_code_that_fits_and_all_texts() {
    let fonts = Fonts::built_in();
    for (stock, level, module) in [("l7160", Level::H, 0.508), ("l7651", Level::Q, 0.339), ("5160", Level::H, 0.339)] {
        let layout = layout(stock, "Hand-knotted wool carpet, 170 cm", &fonts);
        assert_eq!(layout.level(), level, "{stock}");
        assert!((layout.module_mm() - module).abs() < 0.001, "{stock}: {}", layout.module_mm());
        assert_eq!((left_out(&layout), layout.product_is_cut()), (vec![], false), "{stock}");
    }
}

#[test]
fn no_module_is_smaller_than_a_third_of_a_millimetre_at_any_resolution() {
    let fonts = Fonts::built_in();
    let longest = longest("Carpet", &fonts);
    for resolution in [Resolution::Dpi203, Resolution::Dpi300, Resolution::Dpi600] {
        for stock in ["l7160", "l7651", "5160", "1x1@21x80mm", "1x1@100x150mm", "1x1@30x30mm"] {
            let Ok(layout) = Layout::new(stock.parse().unwrap(), resolution, None, &longest, &fonts) else {
                // 21.2 mm are 169 dots of 8 a millimetre: 3 of them to each of 57 modules are 2 too many.
                assert!(
                    resolution == Resolution::Dpi203 && ["l7651", "1x1@21x80mm"].contains(&stock),
                    "{stock} {resolution:?}"
                );
                continue;
            };
            assert!(layout.module_mm() >= MIN_MODULE_MM, "{stock} {resolution:?}: {}", layout.module_mm());
        }
    }
}

#[test]
fn a_label_that_is_too_small_says_what_would_fit() {
    let fonts = Fonts::built_in();
    let longest = longest("Carpet", &fonts);
    let try_on = |stock: &str, level| {
        Layout::new(stock.parse().unwrap(), Resolution::Dpi300, level, &longest, &fonts).unwrap_err()
    };
    let RenderError::StockTooSmall { level, needed_mm, weaker, stocks, host, .. } = try_on("l7651", Some(Level::H))
    else {
        panic!()
    };
    assert_eq!((level, weaker, stocks, host), (Level::H, Some(Level::Q), vec!["l7160", "5160"], None));
    assert!((21.2..25.4).contains(&needed_mm), "{needed_mm}");
    let RenderError::StockTooSmall { level, weaker, stocks, .. } = try_on("1x1@12x12mm", None) else { panic!() };
    assert_eq!((level, weaker, stocks), (Level::L, None, vec!["l7160", "l7651", "5160"]));
    let text = try_on("1x1@12x12mm", None).to_string();
    assert!(text.contains("modules of 0.33 mm, the label has 12 × 12 mm"), "{text}");
}

#[test]
fn a_host_that_would_fit_is_told_with_its_length() {
    let fonts = Fonts::built_in();
    let host = format!("{}.example", "a".repeat(60));
    let longest = face_of(&host, 1_000, "Carpet").longest(std::iter::empty(), &fonts);
    // Between the side that the example's host takes at level L and that of this one.
    let stock: Stock = "1x1@18x18mm".parse().unwrap();
    let error = Layout::new(stock, Resolution::Dpi300, None, &longest, &fonts).unwrap_err();
    let RenderError::StockTooSmall { host: Some(length), .. } = error else { panic!("{error}") };
    let shorter = format!("{}.example", "a".repeat(length - 8));
    let fits = |host: &str| {
        let longest = face_of(host, 1_000, "Carpet").longest(std::iter::empty(), &fonts);
        Layout::new(stock, Resolution::Dpi300, None, &longest, &fonts).is_ok()
    };
    assert!(fits(&shorter) && !fits(&format!("a{shorter}")), "{length}");
}

#[test]
fn what_has_no_room_is_left_out_from_the_end() {
    let fonts = Fonts::built_in();
    let mut seen = Vec::new();
    for width in (19..=40).rev() {
        let layout = layout(&format!("1x1@{width}x{}mm", 19.4), "Carpet", &fonts);
        let left_out = left_out(&layout);
        assert!(["host", "product", "lot", "serial", "short code"].ends_with(&left_out), "{left_out:?}");
        assert!(seen.last().is_none_or(|before: &Vec<_>| before.len() <= left_out.len()), "{width}: {left_out:?}");
        seen.push(left_out);
    }
    assert!(seen.first().unwrap().is_empty() && seen.last().unwrap().len() == 5, "{seen:?}");
}

#[test]
fn a_long_name_is_cut_and_said_to_be() {
    let fonts = Fonts::built_in();
    let product = "Hand-knotted wool carpet ".repeat(8);
    let layout = layout("l7651", product.trim(), &fonts);
    assert!(layout.product_is_cut());
    assert_eq!(left_out(&layout), Vec::<&str>::new());
    let drawing = layout.draw(&face(17, product.trim())).unwrap();
    let text: String = drawing.lines.iter().flat_map(|line| &line.line.runs).map(|run| run.text.as_str()).collect();
    assert!(text.contains('…') && text.contains("Serial 94567-17"), "{text}");
}

#[test]
fn nothing_but_the_code_is_in_its_square_and_everything_is_on_the_label() {
    let fonts = Fonts::built_in();
    for stock in ["l7160", "l7651", "5160", "1x1@40x80mm", "1x1@100x150mm", "1x1@50x50mm"] {
        let layout = layout(stock, "Tapis noué à la main, Ğ Ŵ Ç, 170 × 240", &fonts);
        for number in [1, 17, 888, 1_000] {
            let drawing = layout.draw(&face(number, "Tapis noué à la main, Ğ Ŵ Ç, 170 × 240")).unwrap();
            // The check itself refuses a quiet zone that is not white.
            png::check(&png::write(&drawing, &fonts).unwrap(), &drawing).unwrap();
            for line in &drawing.lines {
                for segment in line.line.outline(&fonts, line.at, line.size) {
                    let (drawing::Segment::Move(at) | drawing::Segment::Line(at)) = segment else { continue };
                    let inside = (0.0..=drawing::dots(drawing.width)).contains(&at.x)
                        && (0.0..=drawing::dots(drawing.height)).contains(&at.y);
                    assert!(inside, "{stock} {number}: {at:?}");
                }
            }
        }
    }
}

#[test]
fn codes_of_every_level_and_resolution_are_read_back_in_every_format() {
    let fonts = Fonts::built_in();
    let longest = longest("Carpet", &fonts);
    for level in Level::ALL {
        for resolution in [Resolution::Dpi203, Resolution::Dpi300, Resolution::Dpi600] {
            let layout = Layout::new("l7160".parse().unwrap(), resolution, Some(level), &longest, &fonts).unwrap();
            assert_eq!(layout.level(), level);
            let drawing = layout.draw(&face(17, "Carpet")).unwrap();
            svg::check(&svg::write(&drawing, &fonts), &drawing.code.code.text).unwrap();
            png::check(&png::write(&drawing, &fonts).unwrap(), &drawing).unwrap();
            zpl::check(&zpl::write(&drawing, &fonts), &drawing).unwrap();
            pdf::Traced::of(drawing).unwrap();
        }
    }
}

#[test]
fn a_code_that_says_something_else_is_not_kept() {
    let fonts = Fonts::built_in();
    let drawing = drawing(&face(17, "Carpet"));
    let mut other = drawing.clone();
    other.code.code.text = "HTTPS://EVIL.EXAMPLE".into();
    let checks = [
        svg::check(&svg::write(&drawing, &fonts), "HTTPS://EVIL.EXAMPLE"),
        png::check(&png::write(&drawing, &fonts).unwrap(), &other),
        zpl::check(&zpl::write(&drawing, &fonts), &other),
        pdf::Traced::of(other.clone()).map(drop),
    ];
    for check in checks {
        assert_eq!(check.unwrap_err().code(), "code_reads_otherwise");
    }
}

#[test]
fn a_code_that_cannot_be_read_is_not_kept() {
    let fonts = Fonts::built_in();
    let drawing = drawing(&face(17, "Carpet"));
    let (text, url) = (svg::write(&drawing, &fonts), &drawing.code.code.text);
    for (from, to) in
        [("class=\"code\"", "class=\"cod\""), ("h7v1h-7z", "h7v1h-6z"), ("M0 0h7v1h-7z", ""), ("scale(6)", "scale(x)")]
    {
        assert!(text.contains(from));
        assert_eq!(svg::check(&text.replace(from, to), url).unwrap_err().code(), "unreadable_code", "{to}");
    }
    // What is checked is the file's own pixels and graphic, not the drawing: type over the code, and a torn file.
    let mut over = drawing.clone();
    for line in &mut over.lines {
        line.at.x = 20.0;
        line.size = 150.0;
    }
    let file = png::write(&over, &fonts).unwrap();
    assert_eq!(png::check(&file, &drawing).unwrap_err().code(), "unreadable_code");
    assert_eq!(png::check(&file[..file.len() / 2], &drawing).unwrap_err().code(), "png_decode");
    assert_eq!(zpl::check(&zpl::write(&over, &fonts), &drawing).unwrap_err().code(), "unreadable_code");
    // One dot of dirt in the quiet zone.
    let mut strayed = drawing.clone();
    strayed.lines[0].at.x = drawing::dots(strayed.code.modules() * strayed.code.dots) - 10.0;
    let file = png::write(&strayed, &fonts).unwrap();
    assert!(png::check(&file, &drawing).unwrap_err().to_string().contains("quiet zone"));
}

#[test]
fn pictures_have_the_size_of_the_label() {
    let fonts = Fonts::built_in();
    let drawing = drawing(&face(17, "Carpet"));
    assert!(svg::write(&drawing, &fonts).contains("width=\"63.500mm\" height=\"38.100mm\" viewBox=\"0 0 750 450\""));
    let file = png::write(&drawing, &fonts).unwrap();
    let reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().pixel_dims.unwrap().xppu), (750, 11_811), "dots a metre");
}

#[test]
fn text_of_outsiders_cannot_become_markup() {
    let fonts = Fonts::built_in();
    let product = "</title><script>alert('1')</script>&\"";
    let text = svg::write(&layout("l7160", product, &fonts).draw(&face(17, product)).unwrap(), &fonts);
    assert!(text.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
    assert!(!text.contains("<script") && !text.contains("<text"), "text is outlines");
}

#[test]
fn text_of_outsiders_cannot_become_a_printers_command() {
    let fonts = Fonts::built_in();
    for product in ["^XZ^XA^FO0,0^FDfake^FS", "~JR", "~DGR:X.GRF,1,1,FF", "a\\5EXZ_7EJR^FH\\^CC!", "^FS^IDR:*.*^XZ"] {
        let text = zpl::write(&layout("l7160", product, &fonts).draw(&face(17, product)).unwrap(), &fonts);
        let commands: Vec<&str> = text.split('^').skip(1).map(|command| &command[..2]).collect();
        assert_eq!(commands, ["XA", "PW", "LL", "LH", "FO", "GF", "FS", "XZ"], "{product}");
        assert!(!text.contains(['~', '\\', '_']) && text.is_ascii() && text.lines().count() == 1, "{product}");
        assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
    }
}

#[test]
fn a_url_that_fits_no_code_is_refused() {
    let fonts = Fonts::built_in();
    let face = Face { url: "A".repeat(5_000), ..face(17, "Carpet") };
    let error = Layout::new(Stock::default(), Resolution::Dpi300, None, &face, &fonts).unwrap_err();
    assert_eq!(error.code(), "qr_code");
}
