//! What pictures give, what they refuse, and that neither depends on who made the picture.

#![expect(clippy::cast_possible_truncation, reason = "sides and lengths of small pictures")]

use std::time::{Duration, Instant};

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use qrcode::{EcLevel, QrCode};

use super::*;

mod camera;

use camera::{Class, Random, Shot, label};

/// A white sheet of grey levels to draw codes on.
struct Sheet {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Sheet {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![255; width * height] }
    }

    fn draw(mut self, text: &str, left: usize, top: usize, module: usize) -> Self {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("a label fits a QR code");
        for (index, colour) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (left + index % code.width() * module, top + index / code.width() * module);
            for row in y..y + module {
                let start = row * self.width + x;
                self.pixels[start..start + module].fill(colour.select(0, 255));
            }
        }
        self
    }

    fn map(mut self, level: impl Fn(u8) -> u8) -> Self {
        self.pixels.iter_mut().for_each(|v| *v = level(*v));
        self
    }

    fn png(&self) -> Vec<u8> {
        self.encoded(ExtendedColorType::L8, |v| vec![v])
    }

    /// A PNG of another colour type, each grey level written as `pixel` says.
    fn encoded(&self, kind: ExtendedColorType, pixel: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
        let samples: Vec<u8> = self.pixels.iter().flat_map(|v| pixel(*v)).collect();
        let mut out = Vec::new();
        PngEncoder::new(&mut out)
            .write_image(&samples, self.width as u32, self.height as u32, kind)
            .expect("memory takes every byte");
        out
    }

    fn jpeg(&self) -> Vec<u8> {
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, 85)
            .write_image(&self.pixels, self.width as u32, self.height as u32, ExtendedColorType::L8)
            .expect("memory takes every byte");
        out
    }
}

fn one(text: &str) -> Sheet {
    Sheet::new(240, 240).draw(text, 20, 20, 4)
}

fn reason(bytes: &[u8]) -> &'static str {
    read(bytes).expect_err("this picture has nothing to read").code()
}

/// A PNG chunk with its CRC (ISO/IEC 15948 §5.3, annex D).
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    [&(data.len() as u32).to_be_bytes()[..], &body, &(!crc).to_be_bytes()].concat()
}

/// A PNG that claims these dimensions and has `data` for its compressed pixels.
fn claiming(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", data), chunk(b"IEND", &[])].concat()
}

#[test]
fn a_plain_code_is_read_from_every_kind_of_png_and_jpeg() {
    let text = label(&mut Random(3));
    let sheet = one(&text);
    let be = |v: u8| vec![v, v];
    for (name, bytes) in [
        ("grey", sheet.png()),
        ("16-bit grey", sheet.encoded(ExtendedColorType::L16, be)),
        ("colour", sheet.encoded(ExtendedColorType::Rgb8, |v| vec![v, v, v])),
        ("black on nothing", sheet.encoded(ExtendedColorType::La8, |v| vec![0, 255 - v])),
        ("colour on nothing", sheet.encoded(ExtendedColorType::Rgba8, |v| vec![90, 0, 40, 255 - v])),
        ("jpeg", sheet.jpeg()),
        ("light on dark", one(&text).map(|v| 255 - v).png()),
        ("light grey", one(&text).map(|v| 215 + v / 16).png()),
    ] {
        assert_eq!(read(&bytes), Ok(vec![text.clone()]), "{name}");
    }
}

#[test]
fn a_turned_or_mirrored_code_is_read() {
    let text = label(&mut Random(4));
    let sheet = one(&text);
    let side = sheet.width;
    for (name, from) in [
        ("quarter turn", (|x, y, side| (y, side - 1 - x)) as fn(usize, usize, usize) -> (usize, usize)),
        ("half turn", |x, y, side| (side - 1 - x, side - 1 - y)),
        ("mirrored", |x, y, side| (side - 1 - x, y)),
    ] {
        let mut turned = Sheet::new(side, side);
        for (index, v) in turned.pixels.iter_mut().enumerate() {
            let (x, y) = from(index % side, index / side, side);
            *v = sheet.pixels[y * side + x];
        }
        assert_eq!(read(&turned.png()), Ok(vec![text.clone()]), "{name}");
    }
}

#[test]
fn every_label_of_a_sheet_is_read_and_a_copy_counts_once() {
    let mut random = Random(5);
    let texts: Vec<String> = (0..5).map(|_| label(&mut random)).collect();
    let mut sheet = Sheet::new(3 * 240, 2 * 240);
    for (place, text) in texts.iter().chain([&texts[0]]).enumerate() {
        sheet = sheet.draw(text, 20 + place % 3 * 240, 20 + place / 3 * 240, 4);
    }
    let mut read = read(&sheet.png()).expect("six codes");
    let mut expected = texts.clone();
    read.sort();
    expected.sort();
    assert_eq!(read, expected);
}

#[test]
fn a_code_near_by_and_one_far_away_are_read_in_a_large_picture() {
    let text = label(&mut Random(6));
    for (module, left, top) in [(24, 200, 150), (3, 1_700, 1_300)] {
        let bytes = Sheet::new(2_400, 1_700).draw(&text, left, top, module).png();
        assert_eq!(read(&bytes), Ok(vec![text.clone()]), "{module} pixels a module");
    }
}

/// The full corpus and its figures are `examples/photo_corpus.rs`; here one mild picture of each kind must be read.
#[test]
fn a_mild_picture_of_each_kind_is_read() {
    let mut random = Random(7);
    for class in Class::ALL {
        let text = label(&mut random);
        let mut shot = Shot::plain();
        match class {
            Class::Warped => shot.pull = [(0.1, 0.05), (-0.12, 0.1), (0.05, -0.08), (0.0, 0.1)],
            Class::Bent => shot.bend = 0.6,
            Class::Blurred => shot.blur = 2.4,
            Class::Rotated => shot.angle = 0.9,
            Class::Noisy => shot.noise = 42.0,
            Class::Faint => (shot.black, shot.white) = (150.0, 176.0),
            Class::Small => shot.module = 2.4,
            Class::Uneven => (shot.dusk, shot.shadow, shot.shadow_at) = (0.35, 0.5, 0.5),
            Class::BlurredRotated => (shot.blur, shot.angle) = (2.0, 2.5),
            Class::SmallNoisy => (shot.module, shot.noise) = (2.8, 12.0),
            Class::FaintUneven => (shot.black, shot.dusk, shot.jpeg) = (165.0, 0.5, Some(80)),
        }
        assert_eq!(read(&shot.take(&text, &mut random)), Ok(vec![text]), "{}", class.name());
    }
}

/// The corpus itself must stay as hard as its figures say: the same draw, and texts that are never wrong.
#[test]
fn drawn_pictures_give_the_printed_text_or_none() {
    let mut random = Random(8);
    let mut read_count = 0;
    for class in Class::ALL {
        let text = label(&mut random);
        match read(&Shot::draw(class, &mut random).take(&text, &mut random)) {
            Ok(texts) => {
                assert_eq!(texts, [text], "{}", class.name());
                read_count += 1;
            }
            Err(error) => assert_eq!(error, PhotoError::NoCodeFound, "{}", class.name()),
        }
    }
    assert!(read_count >= 8, "{read_count} of {} read; the corpus has 94 %", Class::ALL.len());
}

#[test]
fn what_is_not_a_picture_is_said_to_be_none() {
    for bytes in [
        &b""[..],
        b"\x89PNG",
        b"GIF89a\x01\x00\x01\x00\x00",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypheic",
        b"HTTPS://REGISTRY.EXAMPLE/AEA",
    ] {
        assert_eq!(reason(bytes), "not_a_picture", "{bytes:?}");
    }
}

#[test]
fn decompression_bombs_are_refused_by_their_claims() {
    let data = vec![0u8; 10_000];
    let start = Instant::now();
    assert_eq!(reason(&claiming(50_000, 50_000, &data)), "picture_too_large", "sides");
    assert_eq!(reason(&claiming(1, 20_000, &data)), "picture_too_large", "one side");
    assert_eq!(
        read(&claiming(16_000, 16_000, &data)),
        Err(PhotoError::TooLarge { unit: "pixels", found: 256_000_000, limit: MAX_PIXELS })
    );
    let mut jpeg = one("HTTPS://REGISTRY.EXAMPLE/").jpeg();
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a baseline frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    assert_eq!(reason(&jpeg), "picture_too_large", "JPEG");
    let mut long = claiming(2, 2, &data);
    long.resize(MAX_FILE_BYTES + 1, 0);
    assert_eq!(
        read(&long),
        Err(PhotoError::TooLarge { unit: "bytes", found: MAX_FILE_BYTES as u64 + 1, limit: MAX_FILE_BYTES as u64 })
    );
    assert!(start.elapsed() < Duration::from_secs(5), "refused before decoding");
}

#[test]
fn a_jpeg_of_a_thousand_scans_is_refused_before_the_first() {
    let whole = one("HTTPS://REGISTRY.EXAMPLE/").jpeg();
    let scan = whole.windows(2).position(|pair| pair == [0xff, 0xda]).expect("a scan");
    let (head, rest) = whole.split_at(scan);
    let many = [head, &rest[..rest.len() - 2].repeat(MAX_JPEG_SCANS + 1), b"\xff\xd9"].concat();
    assert_eq!(reason(&many), "picture_too_complex");
    assert_eq!(read(&whole), Ok(vec!["HTTPS://REGISTRY.EXAMPLE/".to_owned()]));
}

#[test]
fn a_file_cut_anywhere_is_damaged_and_never_a_panic() {
    let text = label(&mut Random(9));
    let blank = Sheet::new(240, 240);
    for (name, bytes) in [("png", blank.png()), ("jpeg", blank.jpeg())] {
        assert_eq!(reason(&bytes), "no_code_found", "{name}, whole");
        for length in (12..bytes.len() - 12).step_by(bytes.len() / 60 + 1) {
            assert_eq!(reason(&bytes[..length]), "picture_damaged", "{name}, first {length} bytes");
        }
    }
    // What is left of a cut JPEG may still show the code: then it is read, for the code checks itself.
    let whole = Sheet::new(240, 480).draw(&text, 20, 20, 4).jpeg();
    assert_eq!(read(&whole[..whole.len() - 8]), Ok(vec![text]));
}

#[test]
fn changed_bytes_give_the_text_or_a_reason() {
    let mut random = Random(10);
    let text = label(&mut random);
    let sheet = Sheet::new(130, 130).draw(&text, 8, 8, 2);
    for whole in [sheet.png(), sheet.jpeg()] {
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len() as u64) as usize;
                bytes[at] = random.below(256) as u8;
            }
            if let Ok(texts) = read(&bytes) {
                assert_eq!(texts, std::slice::from_ref(&text));
            }
        }
    }
}

#[test]
fn an_animated_png_is_read_as_its_still_image() {
    let text = label(&mut Random(11));
    let still = one(&text).png();
    let (head, rest) = still.split_at(33);
    let control = [0u32.to_be_bytes(), 240u32.to_be_bytes(), 240u32.to_be_bytes(), [0; 4], [0; 4]].concat();
    let frame = |number: u8| [&[0, 0, 0, number][..], &control[4..], &[0, 1, 0, 10, 0, 0]].concat();
    let animated = [
        head,
        &chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        &chunk(b"fcTL", &frame(0)),
        &rest[..rest.len() - 12],
        &chunk(b"fcTL", &frame(1)),
        &chunk(b"fdAT", &[0, 0, 0, 2, 0x78, 0x9c]),
        &rest[rest.len() - 12..],
    ]
    .concat();
    assert_eq!(read(&animated), Ok(vec![text]));
}

#[test]
fn the_smallest_and_thinnest_pictures_have_no_code() {
    for (width, height) in [(1, 1), (1, 16_384), (16_384, 1), (7, 7), (39, 41)] {
        for level in [0, 128, 255] {
            let sheet = Sheet::new(width, height).map(|_| level);
            assert_eq!(reason(&sheet.png()), "no_code_found", "{width} × {height} of {level}");
        }
    }
}

/// The work is counted, so that such walls end; unbounded, `rxing` takes minutes for the first.
#[test]
fn walls_of_finder_patterns_end() {
    let finder = |x: usize, y: usize| {
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        x < 7 && y < 7 && ring != 2
    };
    for module in [1, 2, 5] {
        let mut wall = Sheet::new(900, 900);
        for (index, v) in wall.pixels.iter_mut().enumerate() {
            let (x, y) = (index % 900 / module % 8, index / 900 / module % 8);
            *v = if finder(x, y) { 0 } else { 255 };
        }
        let start = Instant::now();
        assert_eq!(reason(&wall.png()), "no_code_found", "{module} pixels a module");
        assert!(start.elapsed() < Duration::from_secs(60), "{module} pixels a module: {:?}", start.elapsed());
    }
}

#[test]
fn each_reason_has_its_own_code_and_a_hint() {
    let all = [
        PhotoError::NotAPicture,
        PhotoError::TooLarge { unit: "pixels", found: 2, limit: 1 },
        PhotoError::TooComplex { limit: MAX_JPEG_SCANS },
        PhotoError::Damaged { what: "x".to_owned() },
        PhotoError::NoCodeFound,
    ];
    let mut codes: Vec<_> = all.iter().map(PhotoError::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|error| !error.hint().is_empty()));
    assert_eq!(all[1].to_string(), "the picture has 2 pixels, more than the 1 that are read");
}
