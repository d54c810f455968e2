//! Country codes (ISO 3166-1 alpha-2).

use core::fmt;

use thiserror::Error;

/// A country: two upper-case ASCII letters, as ISO 3166-1 alpha-2 writes them.
///
/// Only the form is checked. ISO assigns and withdraws codes over the years; a statement that was well
/// formed when it was signed must stay readable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Not two upper-case letters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("country code is {0:?}, expected two upper-case letters (ISO 3166-1 alpha-2)")]
pub struct CountryError(alloc::string::String);

impl Country {
    /// Reads two upper-case letters.
    ///
    /// # Errors
    /// [`CountryError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        match *text.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Ok(Self([a, b])),
            _ => Err(CountryError(text.chars().take(8).collect())),
        }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The two letters as ASCII bytes.
    pub const fn as_bytes(&self) -> &[u8; 2] {
        &self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_upper_case_letters_are_a_country() {
        assert_eq!(Country::parse("NP").unwrap().as_str(), "NP");
        for other in ["", "N", "np", "NPL", "N1", "ÑP"] {
            assert!(Country::parse(other).is_err(), "{other:?}");
        }
    }
}
