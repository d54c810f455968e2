//! The QR code (ISO/IEC 18004) of a text, as a square of modules.

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode, Version};

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
        Self::made(text, QrCode::with_error_correction_level(text, level.encoder()))
    }

    /// A code of a side that is known to be large enough.
    pub(super) fn of_side(text: &str, level: Level, side: u32) -> Result<Self, RenderError> {
        let version = Version::Normal(i16::try_from(side.saturating_sub(17) / 4).unwrap_or_default());
        Self::made(text, QrCode::with_version(text, version, level.encoder()))
    }

    fn made(text: &str, code: qrcode::QrResult<QrCode>) -> Result<Self, RenderError> {
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
