//! Serial: which label of its attestation a label is, GS1 application identifier 21 (design §6).

use core::fmt;

use thiserror::Error;

/// A serial: `n`, or `<log index>-<n>` so that it is unique for the GTIN; decimal without leading zeros, `n` ≥ 1.
///
/// ```
/// let serial = statement::Serial::parse("94567-17").unwrap();
/// assert_eq!((serial.index(), serial.number()), (Some(94567), 17));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    index: Option<u64>,
    number: u32,
}

/// Why a text is no serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SerialError {
    /// Longer than application identifier 21 may be.
    #[error("serial has {0} characters, expected at most 20")]
    Length(usize),
    /// Not decimal numbers, with leading zeros, or too large.
    #[error("serial is not <n> or <log index>-<n> in decimal without leading zeros")]
    NotDecimal,
    /// Label numbers begin with one.
    #[error("serial has the label number 0, expected at least 1")]
    Zero,
}

impl Serial {
    /// Longest serial in characters (GS1 General Specifications §3.5.2).
    pub const MAX: usize = 20;

    /// The serial of label `number` of the attestation at `index`; `None` leaves the index out of the text.
    ///
    /// # Errors
    /// [`SerialError::Zero`] or, where the text would not fit, [`SerialError::Length`].
    pub fn new(index: Option<u64>, number: u32) -> Result<Self, SerialError> {
        if number == 0 {
            return Err(SerialError::Zero);
        }
        let serial = Self { index, number };
        let length = alloc::string::ToString::to_string(&serial).len();
        if length > Self::MAX { Err(SerialError::Length(length)) } else { Ok(serial) }
    }

    /// Reads a serial.
    ///
    /// # Errors
    /// [`SerialError`].
    pub fn parse(text: &str) -> Result<Self, SerialError> {
        if text.len() > Self::MAX {
            return Err(SerialError::Length(text.chars().count()));
        }
        let (index, number) = match text.split_once('-') {
            Some((index, number)) => (Some(decimal(index)?), number),
            None => (None, text),
        };
        let number = u32::try_from(decimal(number)?).map_err(|_| SerialError::NotDecimal)?;
        if number == 0 { Err(SerialError::Zero) } else { Ok(Self { index, number }) }
    }

    /// The log index written into the serial, where there is one.
    pub const fn index(&self) -> Option<u64> {
        self.index
    }

    /// The label's number, from 1.
    pub const fn number(&self) -> u32 {
        self.number
    }
}

fn decimal(text: &str) -> Result<u64, SerialError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    text.parse().ok().filter(|_| digits).ok_or(SerialError::NotDecimal)
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index {
            write!(f, "{index}-")?;
        }
        write!(f, "{}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn both_forms_are_read() {
        for text in ["1", "17", "4294967295", "0-1", "94567-17", "99999999-9999999"] {
            assert_eq!(Serial::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use SerialError::{Length, NotDecimal, Zero};
        for (text, error) in [
            ("", NotDecimal),
            ("0", Zero),
            ("5-0", Zero),
            ("01", NotDecimal),
            ("00-1", NotDecimal),
            ("-1", NotDecimal),
            ("1-", NotDecimal),
            ("1-2-3", NotDecimal),
            ("+1", NotDecimal),
            ("1 ", NotDecimal),
            ("١", NotDecimal),
            ("4294967296", NotDecimal),
            ("18446744073709551616", NotDecimal),
            ("1844674407370955161-17", Length(22)),
        ] {
            assert_eq!(Serial::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn what_would_not_fit_is_not_built() {
        assert_eq!(Serial::new(Some(7), 0), Err(SerialError::Zero));
        assert_eq!(Serial::new(Some(u64::MAX), 1), Err(SerialError::Length(22)));
        assert_eq!(Serial::new(Some(94567), 17), Serial::parse("94567-17"));
    }
}
