//! The QR code (ISO/IEC 18004) of a text, as a square of modules.

use qrcode::bits::Bits;
use qrcode::types::{Color, QrError};
use qrcode::{EcLevel, QrCode, QrResult, Version};

use super::RenderError;
use super::contour::{self, Contour};

/// Light modules that a code must have around it (ISO/IEC 18004 §6.3.8).
pub(super) const QUIET_ZONE: u32 = 4;

/// How much damage a code survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// About 7 % of the codewords.
    L,
    /// About 15 %.
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    /// From the most robust down.
    pub const ALL: [Self; 4] = [Self::H, Self::Q, Self::M, Self::L];

    fn encoder(self) -> EcLevel {
        match self {
            Self::L => EcLevel::L,
            Self::M => EcLevel::M,
            Self::Q => EcLevel::Q,
            Self::H => EcLevel::H,
        }
    }
}

/// One letter.
impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::L => "L",
            Self::M => "M",
            Self::Q => "Q",
            Self::H => "H",
        })
    }
}

/// Encodes a text so that its length alone decides how many bits it takes: alphanumeric, and as bytes from the first character that
/// is not to the last one. The encoder's own choice of modes varies with the digits of a signature, so that one label of a run could
/// need a larger code than the longest one.
fn encode(text: &str, level: Level, version: i16) -> QrResult<QrCode> {
    let is_other = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':');
    let bytes = text.as_bytes();
    let first = bytes.iter().position(is_other).unwrap_or(bytes.len());
    let last = bytes.iter().rposition(is_other).map_or(bytes.len(), |last| last + 1);
    let mut bits = Bits::new(Version::Normal(version));
    for (part, is_alphanumeric) in [(0..first, true), (first..last, false), (last..bytes.len(), true)] {
        match bytes.get(part) {
            None | Some([]) => {}
            Some(part) if is_alphanumeric => bits.push_alphanumeric_data(part)?,
            Some(part) => bits.push_byte_data(part)?,
        }
    }
    bits.push_terminator(level.encoder())?;
    QrCode::with_bits(bits, level.encoder())
}

/// A code, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) text: String,
    pub(super) side: u32,
    modules: Vec<bool>,
}

impl Code {
    /// The smallest code that holds the text at the level.
    pub(super) fn of(text: &str, level: Level) -> Result<Self, RenderError> {
        let mut made = Err(QrError::DataTooLong);
        for version in 1..=40 {
            made = encode(text, level, version);
            if !matches!(made, Err(QrError::DataTooLong)) {
                break;
            }
        }
        Self::made(text, made)
    }

    /// A code of a side that is known to be large enough.
    pub(super) fn of_side(text: &str, level: Level, side: u32) -> Result<Self, RenderError> {
        let version = i16::try_from(side.saturating_sub(17) / 4).unwrap_or_default();
        Self::made(text, encode(text, level, version))
    }

    fn made(text: &str, code: QrResult<QrCode>) -> Result<Self, RenderError> {
        let code = code.map_err(|reason| RenderError::Code { length: text.chars().count(), reason })?;
        let side = u32::try_from(code.width()).expect("no code has more than 177 modules a side");
        let modules = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { text: text.into(), side, modules })
    }

    /// The runs of dark modules, row by row: column, row, length.
    pub(super) fn runs(&self) -> Vec<(u32, u32, u32)> {
        let mut runs: Vec<(u32, u32, u32)> = Vec::new();
        let side = usize::try_from(self.side).expect("a side fits");
        for (row, modules) in (0..).zip(self.modules.chunks(side)) {
            for (column, _) in (0..).zip(modules).filter(|(_, dark)| **dark) {
                match runs.last_mut() {
                    Some((start, of_row, length)) if *of_row == row && *start + *length == column => *length += 1,
                    _ => runs.push((column, row, 1)),
                }
            }
        }
        runs
    }

    /// The outlines of the dark areas.
    pub(super) fn contours(&self) -> Vec<Contour> {
        contour::trace(usize::try_from(self.side).expect("a side fits"), &self.modules)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn the_length_of_a_text_alone_decides_the_size() {
        let side = |text: &str| Code::of(text, Level::Q).unwrap().side;
        // ISO/IEC 18004 table 7: 189 alphanumeric characters are all that version 9 holds at level Q.
        for text in ["A".repeat(189), "7".repeat(189), "A77777777".repeat(21)] {
            assert_eq!((side(&text), side(&format!("{text}A"))), (9 * 4 + 17, 10 * 4 + 17), "{text}");
        }
        assert_eq!(
            Code::of(&"A".repeat(1_853), Level::H).unwrap_err().code(),
            "qr_code",
            "one more than version 40 holds"
        );
    }

    #[test]
    fn texts_of_every_kind_are_read_back() {
        for text in ["A", "a", "HTTPS://X/10/ktm-2026/21/1", "aBc", "HTTPS://X/10/%C3%A9", "é", "HTTPS://X/10/_", "_A"]
        {
            for level in Level::ALL {
                let code = Code::of(text, level).unwrap();
                let modules = super::super::contour::fill(code.side.try_into().unwrap(), &code.contours()).unwrap();
                let is_dark = |x: u32, y: u32| {
                    let at = |dot: u32| (dot / 2).checked_sub(QUIET_ZONE).filter(|module| *module < code.side);
                    at(x).zip(at(y)).is_some_and(|(x, y)| modules[usize::try_from(y * code.side + x).unwrap()])
                };
                check::code(code.side + 2 * QUIET_ZONE, 2, is_dark, text)
                    .unwrap_or_else(|error| panic!("{text}: {error}"));
            }
        }
    }
}
