//! The id of a report at its registry.

use core::fmt;

use thiserror::Error;

/// 16 random bytes, written as 32 lower-case hexadecimal digits: whoever types one can not mistake it for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(pub [u8; 16]);

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected the 32 hexadecimal digits of a report's id")]
pub struct NoReportId;

impl ReportId {
    /// Reads what is displayed, and nothing else.
    ///
    /// # Errors
    /// [`NoReportId`].
    ///
    /// ```
    /// use statement::ReportId;
    /// let id = ReportId::parse("000102030405060708090a0b0c0d0e0f").unwrap();
    /// assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0e0f");
    /// assert!(ReportId::parse("000102030405060708090A0B0C0D0E0F").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, NoReportId> {
        let plain = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        match u128::from_str_radix(text, 16) {
            Ok(number) if plain && text.len() == 32 => Ok(Self(number.to_be_bytes())),
            Ok(_) | Err(_) => Err(NoReportId),
        }
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}
