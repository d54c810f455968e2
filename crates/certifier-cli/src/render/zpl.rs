//! A label in ZPL II, for label printers.
//!
//! The whole label is one graphic field (`^GFA`), code and type alike. With `^BQ` the printer would choose mask and version itself,
//! so that what is printed is not what was read back; and with `^FD` it would set names in a font of its own, which has boxes for
//! what it lacks. So no text of anybody is in the file, and no name can hold a command.
//!
//! ```text
//! ^XA^PW<width>^LL<height>^LH0,0^FO0,0^GFA,<bytes>,<bytes>,<bytes a row>,<rows>^FS^XZ
//! ```
//! Rows are hexadecimal, a set bit a black dot, packed as the ZPL II manual says under "Alternative Data Compression Scheme":
//! `G`–`Y` repeat the next digit 1–19 times, `g`–`z` 20–400 times, `,` fills the row with zeros, `:` repeats the row before.

use std::fmt::Write as _;

use super::drawing::Drawing;
use super::font::Fonts;
use super::png;
use super::{RenderError, check};

/// Black and white, row by row, eight dots a byte.
struct Bitmap {
    bytes_a_row: usize,
    bytes: Vec<u8>,
}

/// Writes one label.
pub(super) fn write(drawing: &Drawing, fonts: &Fonts<'_>) -> String {
    let bitmap = Bitmap::of(&png::paint(drawing, fonts));
    let total = bitmap.bytes.len();
    let (width, height, a_row) = (drawing.width, drawing.height, bitmap.bytes_a_row);
    let mut zpl = format!("^XA^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{total},{total},{a_row},");
    bitmap.pack(&mut zpl);
    zpl.push_str("^FS^XZ\n");
    zpl
}

/// Reads the code back from the graphic in the label's text.
pub(super) fn check(zpl: &str, drawing: &Drawing) -> Result<(), RenderError> {
    let placed = &drawing.code;
    let unreadable =
        || RenderError::Unreadable { url: placed.code.text.clone(), reason: "its graphic is not there".into() };
    let bitmap = Bitmap::read(zpl).ok_or_else(unreadable)?;
    let is_dark = |x, y| bitmap.is_dark(placed.x + x, placed.y + y);
    check::code(placed.modules(), placed.dots, is_dark, &placed.code.text)
}

impl Bitmap {
    fn of(pixels: &png::Pixels) -> Self {
        let bytes_a_row = pixels.width.div_ceil(8);
        let byte =
            |eight: &[u8]| (0..8).zip(eight).fold(0, |byte, (bit, grey)| byte | u8::from(*grey < 128) << (7 - bit));
        let bytes = pixels.greys.chunks(pixels.width.max(1)).flat_map(|row| row.chunks(8).map(byte)).collect();
        Self { bytes_a_row, bytes }
    }

    fn is_dark(&self, x: u32, y: u32) -> bool {
        let size = |dots: u32| usize::try_from(dots).unwrap_or(usize::MAX);
        let byte = self.bytes.get(size(y) * self.bytes_a_row + size(x) / 8);
        byte.is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1)
    }

    fn pack(&self, zpl: &mut String) {
        let mut before: Option<&[u8]> = None;
        for row in self.bytes.chunks(self.bytes_a_row.max(1)) {
            if before == Some(row) {
                zpl.push(':');
            } else {
                pack_row(row, zpl);
            }
            before = Some(row);
        }
    }

    /// Unpacks what [`Bitmap::pack`] packs; `None` for anything else.
    fn read(zpl: &str) -> Option<Self> {
        let (_, field) = zpl.split_once("^GFA,")?;
        let (field, _) = field.split_once("^FS")?;
        let mut parts = field.splitn(4, ',');
        let mut number = || parts.next()?.parse::<usize>().ok();
        let (total, again, bytes_a_row) = (number()?, number()?, number()?);
        if total != again || bytes_a_row == 0 {
            return None;
        }
        let digits_a_row = bytes_a_row * 2;
        let mut digits: Vec<u8> = Vec::with_capacity(total * 2);
        let mut repeat = 0;
        for symbol in parts.next()?.bytes() {
            let in_row = digits.len() % digits_a_row;
            match symbol {
                b'G'..=b'Y' => repeat += usize::from(symbol - b'F'),
                b'g'..=b'z' => repeat += 20 * usize::from(symbol - b'f'),
                b',' => digits.resize(digits.len() + digits_a_row - in_row, 0),
                b':' => digits.extend_from_within(digits.len().checked_sub(digits_a_row)?..),
                digit => {
                    let value = char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())?;
                    digits.resize(digits.len() + std::mem::take(&mut repeat).max(1), value);
                }
            }
            if digits.len() > total * 2 {
                return None;
            }
        }
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        (bytes.len() == total).then_some(Self { bytes_a_row, bytes })
    }
}

fn pack_row(row: &[u8], zpl: &mut String) {
    let digits: Vec<u8> = row.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    let runs: Vec<&[u8]> = digits.chunk_by(|a, b| a == b).collect();
    for (number, run) in runs.iter().enumerate() {
        let digit = run.first().copied().unwrap_or_default();
        if digit == 0 && number + 1 == runs.len() {
            zpl.push(',');
            return;
        }
        push_run(run.len(), digit, zpl);
    }
}

fn push_run(length: usize, digit: u8, zpl: &mut String) {
    let mut left = length;
    while left >= 420 {
        push_run(400, digit, zpl);
        left -= 400;
    }
    if left > 1 {
        let (twenties, ones) = (left / 20, left % 20);
        for (count, before) in [(twenties, b'f'), (ones, b'F')].into_iter().filter(|(count, _)| *count > 0) {
            zpl.push(char::from(before + u8::try_from(count).unwrap_or_default()));
        }
    }
    if left > 0 {
        write!(zpl, "{digit:X}").expect("a String takes any text");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_are_packed_as_the_manual_says() {
        let mut zpl = String::new();
        Bitmap { bytes_a_row: 4, bytes: vec![0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0x01, 0, 0, 0x12] }
            .pack(&mut zpl);
        assert_eq!(zpl, "JF,:,01J012");
        let mut long = String::new();
        push_run(427, 0xa, &mut long);
        push_run(40, 0xb, &mut long);
        push_run(41, 0xc, &mut long);
        assert_eq!(long, "zAgMAhBhGC");
    }

    #[test]
    fn only_our_own_graphics_are_unpacked() {
        assert!(Bitmap::read("^XA^GFA,4,4,2,F,:^FS^XZ").is_some());
        for zpl in [
            "^GFA,4,4,2,F,",
            "^GFA,4,5,2,F,:^FS",
            "^GFA,4,4,0,F,:^FS",
            "^GFA,4,4,2,F,^FS",
            "^GFA,4,4,2,F,::^FS",
            "^GFA,4,4,2,:,^FS",
            "^GFA,4,4,2,^,:^FS",
        ] {
            assert!(Bitmap::read(zpl).is_none(), "{zpl}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(bytes_a_row in 1..130_usize, rows in proptest::collection::vec((any::<u8>(), 0..4_u8, any::<u8>()), 1..9)) {
            let bytes = rows.iter().flat_map(|(byte, every, other)| {
                (0..bytes_a_row).map(move |at| if *every > 0 && at % usize::from(*every * 9) == 0 { *other } else { *byte })
            });
            let bitmap = Bitmap { bytes_a_row, bytes: bytes.collect() };
            let total = bitmap.bytes.len();
            let mut zpl = format!("^XA^GFA,{total},{total},{bytes_a_row},");
            bitmap.pack(&mut zpl);
            zpl.push_str("^FS^XZ");
            prop_assert_eq!(Bitmap::read(&zpl).map(|read| read.bytes), Some(bitmap.bytes));
        }
    }
}
