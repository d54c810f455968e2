//! Why a label is not printed.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::{Length, Level};

/// Why a picture was not made or not kept.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The label is smaller than the code.
    #[error(
        "a code of level {level} takes {needed_mm:.1} × {needed_mm:.1} mm with modules of {} mm, the label has {} × {} mm",
        super::MIN_MODULE_MM, label.0, label.1
    )]
    StockTooSmall {
        /// The level: the one that was asked for, or the weakest.
        level: Level,
        /// The least side of the code, quiet zone included.
        needed_mm: f32,
        /// Width and height of the label.
        label: (Length, Length),
        /// A weaker level that fits this label.
        weaker: Option<Level>,
        /// Named stock that the level fits.
        stocks: Vec<&'static str>,
        /// Characters of a host that would fit this label.
        host: Option<usize>,
    },
    /// The text does not fit any QR code at this level.
    #[error("label URL of {length} characters fits no QR code at this level: {reason}")]
    Code {
        /// Characters of the URL.
        length: usize,
        /// The encoder's word.
        reason: qrcode::types::QrError,
    },
    /// Characters that no font can draw, or not by the rules of their script. They are not replaced: a label says what it was told
    /// to say.
    #[error("no font for {} in {text:?}: the built-in one has Latin, Greek and Cyrillic, composed", listed(characters))]
    NoGlyph {
        /// The characters, each once.
        characters: Vec<char>,
        /// The text they are in.
        text: String,
    },
    /// A font's file cannot be used.
    #[error("cannot use the font {name}: {reason}")]
    Font {
        /// The file.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is nothing to print.
    #[error("there are no labels to print")]
    NoLabels,
    /// The finished picture was read again, and a code in it could not be.
    #[error("QR code of {url} cannot be read back from the picture: {reason}")]
    Unreadable {
        /// What it should hold.
        url: String,
        /// The reader's word.
        reason: String,
    },
    /// The finished picture was read again, and a code in it says something else.
    #[error("QR code reads {found:?}, expected {expected:?}")]
    ReadsOtherwise {
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
    },
    /// The PNG encoder failed.
    #[error("cannot encode the PNG: {0}")]
    Encode(#[from] png::EncodingError),
    /// The finished PNG cannot be read again.
    #[error("cannot read the PNG back: {0}")]
    Decode(#[from] png::DecodingError),
    /// The PDF writer failed.
    #[error("cannot make the PDF: {0}")]
    Pdf(String),
    /// The file could not be written; what was there before is untouched.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

impl RenderError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::StockTooSmall { .. } => "stock_too_small",
            Self::Code { .. } => "qr_code",
            Self::NoGlyph { .. } => "no_glyph",
            Self::Font { .. } => "font",
            Self::NoLabels => "no_labels",
            Self::Unreadable { .. } => "unreadable_code",
            Self::ReadsOtherwise { .. } => "code_reads_otherwise",
            Self::Encode(_) => "png_encode",
            Self::Decode(_) => "png_decode",
            Self::Pdf(_) => "pdf",
            Self::Write { .. } => "write_failed",
        }
    }
}

/// Characters with their numbers: some cannot be told apart, or seen, in a terminal.
fn listed(characters: &[char]) -> String {
    const SHOWN: usize = 8;
    let mut listed: Vec<String> =
        characters.iter().take(SHOWN).map(|c| format!("{c:?} (U+{:04X})", u32::from(*c))).collect();
    if characters.len() > SHOWN {
        listed.push(format!("and {} more", characters.len() - SHOWN));
    }
    listed.join(", ")
}
