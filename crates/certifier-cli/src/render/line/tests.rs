use super::*;
use crate::render::FontFile;

/// Subsets of Noto, under the SIL Open Font License 1.1, with the letters of the names below.
pub(in crate::render) fn noto() -> [FontFile; 3] {
    let file = |name: &str, bytes: &[u8]| FontFile::new(name, bytes.to_vec());
    [
        file("arabic", include_bytes!("../../../tests/data/fonts/NotoNaskhArabic-Regular.subset.ttf")),
        file("devanagari", include_bytes!("../../../tests/data/fonts/NotoSansDevanagari-Regular.subset.ttf")),
        file("bengali", include_bytes!("../../../tests/data/fonts/NotoSansBengali-Regular.subset.ttf")),
    ]
}

fn glyphs(text: &str, fonts: &Fonts<'_>) -> Vec<(u16, i32)> {
    let line = Line::set(text, fonts).unwrap();
    let [run] = line.runs.as_slice() else { panic!("{text}: {} runs", line.runs.len()) };
    #[expect(clippy::cast_possible_truncation, reason = "advances have a few thousand units")]
    run.glyphs.iter().map(|glyph| (glyph.id, (glyph.advance * 1_000.0).round() as i32)).collect()
}

#[test]
fn arabic_and_indic_names_are_shaped_as_harfbuzz_shapes_them() {
    let files = noto();
    let fonts = Fonts::with(&files).unwrap();
    // By HarfBuzz itself (uharfbuzz), from the same files: glyphs from the left, with their advances in thousandths.
    for (text, expected) in [
        (
            "سجاد صوف يدوي",
            &[
                (46, 618),
                (42, 468),
                (16, 474),
                (49, 343),
                (68, 221),
                (25, 848),
                (43, 468),
                (24, 786),
                (68, 221),
                (15, 414),
                (2, 253),
                (9, 666),
                (20, 658),
            ][..],
        ),
        ("لا إله", &[(39, 452), (36, 212), (4, 256), (68, 221), (3, 0), (37, 518)]),
        (
            "हाथ से बुना ऊनी कालीन",
            &[
                (13, 531),
                (14, 259),
                (5, 642),
                (1, 260),
                (12, 676),
                (18, 0),
                (1, 260),
                (7, 571),
                (17, 0),
                (6, 555),
                (14, 259),
                (1, 260),
                (2, 765),
                (6, 555),
                (16, 259),
                (1, 260),
                (3, 762),
                (14, 259),
                (10, 678),
                (16, 259),
                (6, 555),
            ],
        ),
        ("क्षत्रिय र्क", &[(20, 712), (81, 259), (36, 552), (8, 580), (1, 260), (3, 762), (21, 0)]),
        (
            "হাতে বোনা পশমের গালিচা",
            &[
                (12, 530),
                (14, 266),
                (16, 346),
                (4, 707),
                (1, 260),
                (18, 346),
                (7, 596),
                (14, 266),
                (5, 604),
                (14, 266),
                (1, 260),
                (6, 716),
                (11, 677),
                (16, 346),
                (8, 622),
                (9, 596),
                (1, 260),
                (2, 656),
                (14, 266),
                (19, 266),
                (10, 731),
                (3, 567),
                (14, 266),
            ],
        ),
    ] {
        assert_eq!(glyphs(text, &fonts), expected, "{text}");
    }
}

#[test]
fn numbers_and_latin_in_an_arabic_name_keep_their_order() {
    let files = noto();
    let fonts = Fonts::with(&files).unwrap();
    let line = Line::set("سجاد KTM صوف", &fonts).unwrap();
    let texts: Vec<&str> = line.runs.iter().map(|run| run.text.trim()).filter(|text| !text.is_empty()).collect();
    assert_eq!((texts, line.is_rtl), (vec!["صوف", "KTM", "سجاد"], true), "from the left");
    assert!(line.runs.windows(2).all(|pair| pair[0].x < pair[1].x));
    let line = Line::set("KTM سجاد 7", &fonts).unwrap();
    assert!(!line.is_rtl);
    assert_eq!(line.runs.first().map(|run| run.text.trim()), Some("KTM"));
}

#[test]
fn a_character_that_no_font_has_is_named_not_replaced() {
    let fonts = Fonts::built_in();
    for character in ['न', 'س', '織', '\u{202e}', '\u{0}', '\u{1b}', '🧶', '\u{2029}', '\n'] {
        let error = Line::set(&format!("A{character}B"), &fonts).unwrap_err();
        assert!(matches!(&error, RenderError::NoGlyph { characters, .. } if characters == &[character]), "{error}");
    }
    let error = Line::set("Wool 羊毛毛 कालीन", &fonts).unwrap_err().to_string();
    assert!(error.starts_with("no font for '羊' (U+7F8A), '毛' (U+6BDB), 'क' (U+0915)"), "{error}");
    for name in [
        "Tapis noué à la main",
        "Ręcznie tkany dywan",
        "El dokuması halı",
        "Χαλί",
        "Ковёр ручной работы",
        "Thảm dệt tay",
    ] {
        Line::set(name, &fonts).unwrap();
    }
}

#[test]
fn a_font_without_a_scripts_rules_is_not_used_for_it() {
    // A font whose rules go by another script's tag has the letters, and would set them wrongly.
    let mut bytes = include_bytes!("../../../tests/data/fonts/NotoSansDevanagari-Regular.subset.ttf").to_vec();
    for tag in [b"deva", b"dev2"] {
        for at in 0..bytes.len() - 4 {
            if bytes[at..at + 4] == tag[..] {
                bytes[at..at + 4].copy_from_slice(b"zzzz");
            }
        }
    }
    let files = [FontFile::new("no rules", bytes)];
    let fonts = Fonts::with(&files).unwrap();
    assert_eq!(Line::set("कालीन", &fonts).unwrap_err().code(), "no_glyph");
}

#[test]
fn what_is_no_font_or_may_not_be_embedded_is_refused() {
    let refusal = |bytes: &[u8]| {
        let files = [FontFile::new("a.ttf", bytes.to_vec())];
        Fonts::with(&files).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let font = include_bytes!("../../../tests/data/fonts/NotoSansBengali-Regular.subset.ttf");
    assert_eq!(refusal(font), "");
    for no_font in [&b""[..], b"OTTO", b"%PDF-1.7", &font[..100]] {
        assert_eq!(refusal(no_font), "cannot use the font a.ttf: it is no OpenType font");
    }
    let mut restricted = font.to_vec();
    let record = restricted.windows(4).position(|tag| tag == b"OS/2").unwrap();
    let table = usize::try_from(u32::from_be_bytes(restricted[record + 8..record + 12].try_into().unwrap())).unwrap();
    restricted[table + 9] = 2;
    assert!(refusal(&restricted).contains("does not let it be embedded"), "{}", refusal(&restricted));
}
