//! GTIN: the Global Trade Item Number of a product (GS1 General Specifications §3.3.2, check digit §7.9.1).

use core::fmt;

use thiserror::Error;

/// A GTIN-14: fourteen digits, the last one a check digit.
///
/// ```
/// assert_eq!(statement::Gtin::parse("09521234543213").unwrap().to_string(), "09521234543213");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

/// Why a text is no GTIN-14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GtinError {
    /// Not fourteen characters.
    #[error("GTIN has {0} characters, expected 14 digits")]
    Length(usize),
    /// A character that is no digit.
    #[error("GTIN has a character that is no digit")]
    NotADigit,
    /// The check digit is wrong.
    #[error("GTIN check digit is {found}, expected {expected}")]
    CheckDigit {
        /// The last digit as written.
        found: u8,
        /// What the first thirteen give.
        expected: u8,
    },
}

impl Gtin {
    /// Reads fourteen digits.
    ///
    /// # Errors
    /// [`GtinError`].
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let digits: [u8; 14] = text.as_bytes().try_into().map_err(|_| GtinError::Length(text.chars().count()))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(GtinError::NotADigit);
        }
        let [body @ .., found] = digits;
        // Weights 3, 1, 3, … from the left; the whole is a multiple of ten.
        let sum: u32 =
            body.iter().zip([3, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        let (found, expected) = (u32::from(found - b'0'), (10 - sum % 10) % 10);
        if found != expected {
            return Err(GtinError::CheckDigit { found: narrow(found), expected: narrow(expected) });
        }
        Ok(Self(digits))
    }

    /// The fourteen digits.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A decimal digit as a byte.
fn narrow(digit: u32) -> u8 {
    u8::try_from(digit).unwrap_or(u8::MAX)
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        for text in ["09521234543213", "09506000134352", "00000000000000", "12345678901231"] {
            assert_eq!(Gtin::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Gtin::parse("09521234543214"), Err(GtinError::CheckDigit { found: 4, expected: 3 }));
    }

    #[test]
    fn other_lengths_and_characters_are_refused() {
        assert_eq!(Gtin::parse("9521234543213"), Err(GtinError::Length(13)));
        assert_eq!(Gtin::parse("٠٩٥٢١٢٣"), Err(GtinError::NotADigit), "14 bytes of Arabic digits");
        assert_eq!(Gtin::parse("0952123454321 "), Err(GtinError::NotADigit));
        assert_eq!(Gtin::parse(""), Err(GtinError::Length(0)));
    }
}
