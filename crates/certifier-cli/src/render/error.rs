//! Why a label is not printed.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a picture was not made or not kept.
#[derive(Debug, Error)]
pub enum RenderError {
    /// Modules too small to be read, or larger than the page.
    #[error("module size is {found} mm, expected {min} to {max} mm")]
    ModuleSize {
        /// What was asked.
        found: f32,
        /// The least.
        min: f32,
        /// The most.
        max: f32,
    },
    /// The text does not fit any QR code at this level.
    #[error("label URL of {length} characters fits no QR code at this level: {reason}")]
    Code {
        /// Characters of the URL.
        length: usize,
        /// The encoder's word.
        reason: qrcode::types::QrError,
    },
    /// A character that the built-in font cannot draw. It is not replaced: a label says what it was told to say.
    #[error("no letter for {character:?} in {text:?}: the built-in font has Latin, Greek and Cyrillic, composed")]
    NoGlyph {
        /// The character.
        character: char,
        /// The line it is in.
        text: String,
    },
    /// The card is larger than the page.
    #[error("label of {width} × {height} mm does not fit an A4 page")]
    PageTooSmall {
        /// Width of the card in millimetres.
        width: f32,
        /// Height of the card in millimetres.
        height: f32,
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
            Self::ModuleSize { .. } => "module_size",
            Self::Code { .. } => "qr_code",
            Self::NoGlyph { .. } => "no_glyph",
            Self::PageTooSmall { .. } => "page_too_small",
            Self::NoLabels => "no_labels",
            Self::Unreadable { .. } => "unreadable_code",
            Self::ReadsOtherwise { .. } => "code_reads_otherwise",
            Self::Encode(_) => "png_encode",
            Self::Decode(_) => "png_decode",
            Self::Write { .. } => "write_failed",
        }
    }
}
