//! HS code: the customs classification of goods (World Customs Organization, Harmonized System).

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

/// An HS code: 2 to 10 digits, the first two the chapter. Six digits are the same the world over, more are national.
///
/// ```
/// assert_eq!(statement::HsCode::parse("570110").unwrap().chapter(), 57); // knotted carpets of wool
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsCode(String);

/// Why a text is no HS code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HsCodeError {
    /// Fewer than two or more than ten characters.
    #[error("HS code has {0} characters, expected 2 to 10 digits")]
    Length(usize),
    /// A character that is no digit; dots are left out.
    #[error("HS code has a character that is no digit")]
    NotADigit,
    /// Chapters begin with 01.
    #[error("HS code is of chapter 00, expected 01 to 99")]
    Chapter,
}

impl HsCode {
    /// Reads an HS code.
    ///
    /// # Errors
    /// [`HsCodeError`].
    pub fn parse(text: &str) -> Result<Self, HsCodeError> {
        if !(2..=10).contains(&text.len()) {
            return Err(HsCodeError::Length(text.chars().count()));
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(HsCodeError::NotADigit);
        }
        let code = Self(text.to_owned());
        if code.chapter() == 0 { Err(HsCodeError::Chapter) } else { Ok(code) }
    }

    /// The chapter, 1 to 99.
    pub fn chapter(&self) -> u8 {
        self.0.bytes().take(2).fold(0, |chapter, digit| chapter * 10 + (digit - b'0'))
    }

    /// The digits as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HsCode({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_digits_are_the_chapter() {
        for (text, chapter) in [("57", 57), ("570110", 57), ("0901", 9), ("9999999999", 99)] {
            assert_eq!(HsCode::parse(text).unwrap().chapter(), chapter);
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        for (text, error) in [
            ("", HsCodeError::Length(0)),
            ("5", HsCodeError::Length(1)),
            ("57011000001", HsCodeError::Length(11)),
            ("5701.10", HsCodeError::NotADigit),
            ("0012", HsCodeError::Chapter),
        ] {
            assert_eq!(HsCode::parse(text), Err(error), "{text:?}");
        }
    }
}
