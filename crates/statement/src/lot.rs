//! Lot: batch or lot number, GS1 application identifier 10 (GS1 General Specifications §3.4.1).

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::{fmt, iter};

use thiserror::Error;

/// A lot: 1 to 20 characters of GS1's set 82 (General Specifications §7.11), not `.` nor `..`.
///
/// Case matters and is never folded. `A-Z 0-9 - .` keep a QR code small.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lot(String);

/// Why a text is no lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LotError {
    /// Empty, or longer than twenty characters.
    #[error("lot has {0} characters, expected 1 to 20")]
    Length(usize),
    /// A character outside GS1's set 82.
    #[error("lot has the character {0:?}, which is not in GS1's set 82")]
    Character(char),
    /// `.` or `..`, which URL libraries take out of a path.
    #[error("lot is a dot segment, which does not survive in a URL")]
    DotSegment,
}

impl Lot {
    /// Longest lot, in characters.
    pub const MAX: usize = 20;

    /// Reads a lot; nothing is folded or trimmed.
    ///
    /// # Errors
    /// [`LotError`].
    pub fn parse(text: &str) -> Result<Self, LotError> {
        let length = text.chars().count();
        if length == 0 || length > Self::MAX {
            return Err(LotError::Length(length));
        }
        if let Some(other) = text.chars().find(|&character| !in_set_82(character)) {
            return Err(LotError::Character(other));
        }
        if matches!(text, "." | "..") {
            return Err(LotError::DotSegment);
        }
        Ok(Self(text.to_owned()))
    }

    /// The lot as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lot as one path segment of a URL: `A-Za-z0-9-._~` as they are, all else `%XX` in upper case.
    ///
    /// ```
    /// assert_eq!(statement::Lot::parse("A/1%").unwrap().to_path_segment(), "A%2F1%25");
    /// ```
    pub fn to_path_segment(&self) -> String {
        self.path_characters().collect()
    }

    /// Whether a text is [`Lot::to_path_segment`].
    pub(crate) fn is_path_segment(&self, text: &str) -> bool {
        // Most lots stand in a path as they are.
        if self.0.bytes().all(is_plain) { text == self.0 } else { self.path_characters().eq(text.chars()) }
    }

    fn path_characters(&self) -> impl Iterator<Item = char> {
        self.0.bytes().flat_map(|byte| {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
            let escaped = (!is_plain(byte)).then(|| [digit(byte >> 4), digit(byte & 15)]);
            iter::once(if is_plain(byte) { char::from(byte) } else { '%' }).chain(escaped.into_iter().flatten())
        })
    }
}

/// Whether a character stands in a path as it is (RFC 3986 §2.3).
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// GS1 General Specifications figure 7.11-1: the invariant part of ISO/IEC 646.
fn in_set_82(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!\"%&'()*+,-./:;<=>?_".contains(character)
}

impl fmt::Display for Lot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Lot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lot({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_has_82_characters() {
        assert_eq!((0..=127u8).filter(|&byte| in_set_82(char::from(byte))).count(), 82);
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use LotError::{Character, DotSegment, Length};
        for (text, error) in [
            ("", Length(0)),
            ("123456789012345678901", Length(21)),
            ("KTM 2026", Character(' ')),
            ("KTM~2026", Character('~')),
            ("KTM#1", Character('#')),
            ("KTMü", Character('ü')),
            ("A\n", Character('\n')),
            (".", DotSegment),
            ("..", DotSegment),
        ] {
            assert_eq!(Lot::parse(text), Err(error), "{text:?}");
        }
        assert!(Lot::parse("...").is_ok());
        assert!(Lot::parse("12345678901234567890").is_ok());
    }
}
