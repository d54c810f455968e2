//! QR codes out of photographs: the texts of every code that a PNG or JPEG shows (ISO/IEC 18004).
//!
//! [`read`] turns a file's bytes into texts and judges none of them: what a text means is `label`'s affair, and a text
//! is outside input that must be escaped before it is shown.
//!
//! A photograph is tried in a ladder of renderings, from the cheapest that reads most to the dearest that reads few
//! (`ladder` has the measured gains). Finding and decoding are `rxing`'s port of zxing-cpp, called piece by piece so
//! that every loop over hostile pixels is counted (`find`); grey-level work is ours (`grey`, `threshold`).
//!
//! # Hostile pictures
//!
//! | attack | held by |
//! |---|---|
//! | a small file that claims enormous dimensions | `file`: side, pixel and byte limits before anything is allocated |
//! | a JPEG with thousands of scans over the same pixels | `file`: scans are counted first |
//! | a wall of finder patterns | `find::Budget`: patterns, candidates and samples are capped |
//! | a matrix or file that makes a third-party decoder panic | `guard`: caught, silent, treated as nothing found |

mod file;
mod find;
mod grey;
mod guard;
mod ladder;
#[cfg(test)]
mod tests;
mod threshold;

pub use file::{MAX_FILE_BYTES, MAX_JPEG_SCANS, MAX_PIXELS, MAX_SIDE};

/// Reads every QR code in a PNG or JPEG file: the distinct texts, in the order in which they were found.
///
/// Turned, mirrored, light-on-dark and slanted codes are read; an animated PNG is read as its still image. The work is
/// bounded by the size of the picture, not by what it shows: two or three seconds for the worst of the largest accepted.
///
/// # Errors
///
/// See [`PhotoError`]; a picture without a readable code is [`PhotoError::NoCodeFound`], never an empty list.
///
/// ```
/// use verifier_cli::photo;
///
/// let error = photo::read(b"GIF89a\x01\x00\x01\x00").unwrap_err();
/// assert_eq!(error.code(), "not_a_picture");
/// ```
pub fn read(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    let picture = file::open(bytes)?;
    let texts = ladder::climb(picture.grey);
    match (texts.is_empty(), picture.cut_short) {
        (false, _) => Ok(texts),
        (true, false) => Err(PhotoError::NoCodeFound),
        (true, true) => Err(PhotoError::Damaged { what: "it ends before its image does".to_owned() }),
    }
}

/// Why a file gave no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// The first bytes are neither a PNG's nor a JPEG's.
    #[error("the file is neither a PNG nor a JPEG picture")]
    NotAPicture,
    /// More file bytes, pixels on a side, pixels, or decoded bytes than are read.
    #[error("the picture has {found} {unit}, more than the {limit} that are read")]
    TooLarge {
        /// What was counted.
        unit: &'static str,
        /// How many there are.
        found: u64,
        /// The most that is read.
        limit: u64,
    },
    /// A JPEG that repaints its pixels in more scans than any camera writes.
    #[error("the JPEG has more than {limit} scans")]
    TooComplex {
        /// The most that is read, [`MAX_JPEG_SCANS`].
        limit: usize,
    },
    /// The file starts as a picture and cannot be decoded as one.
    #[error("the picture is damaged: {what}")]
    Damaged {
        /// The decoder's words.
        what: String,
    },
    /// A whole picture in which no QR code can be read.
    #[error("no QR code can be read in the picture")]
    NoCodeFound,
}

impl PhotoError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPicture => "not_a_picture",
            Self::TooLarge { .. } => "picture_too_large",
            Self::TooComplex { .. } => "picture_too_complex",
            Self::Damaged { .. } => "picture_damaged",
            Self::NoCodeFound => "no_code_found",
        }
    }

    /// What the person with the picture can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAPicture => "export it as PNG or JPEG (phones: \"most compatible\" format)",
            Self::TooLarge { .. } | Self::TooComplex { .. } => "crop it to the code, or save it smaller",
            Self::Damaged { .. } => "copy it again from where it came from, or take another",
            Self::NoCodeFound => "take it again: nearer, in focus, the code flat and its white margin in view",
        }
    }
}
