//! The short code: index and serial of a label in a form that people type when a camera does not help.
//!
//! ```text
//! 4 2WB7 H B   →  42WB-7HB
//! │ │    │ └ check symbol: the value of all before it modulo 37, one of Crockford's 37 symbols
//! │ │    └── serial number
//! │ └─────── log index of the attestation
//! └───────── how many symbols the index takes, 1 to 13 (`1` to `D`)
//! ```
//! Numbers are Crockford base32 (<https://www.crockford.com/base32.html>) without leading zeros. Reading forgives what the eye
//! confuses: case, spaces and hyphens, `O` for 0, `I` and `L` for 1. One wrong symbol, or two neighbours swapped, is noticed.
//!
//! It finds a record and proves nothing: anyone can write one.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use primitives::crockford;
use thiserror::Error;

/// Symbols of the longest code: one, 13 of an index, 7 of a number, one.
const MAX_SYMBOLS: usize = 22;

/// A label's place: which attestation, and which label of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShortCode {
    /// The attestation's index in the registry's log.
    pub index: u64,
    /// The serial number, from 1.
    pub number: u32,
}

/// Why a text is no short code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShortCodeError {
    /// Fewer than four symbols, or more than 22.
    #[error("short code has {0} symbols, expected 4 to {MAX_SYMBOLS}")]
    Length(usize),
    /// A character that is none of Crockford's symbols, or a check symbol where none stands.
    #[error("short code has the character {0:?}, which is no symbol of it")]
    Symbol(char),
    /// The check symbol is that of another code: something was mistyped.
    #[error("short code has the check symbol {found:?}, expected {expected:?}")]
    Check {
        /// The last symbol.
        found: char,
        /// What the others give.
        expected: char,
    },
    /// The symbols do not make two numbers in their shortest form.
    #[error("short code holds no index and serial number")]
    Numbers,
}

impl ShortCode {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`ShortCodeError`].
    ///
    /// ```
    /// use label::ShortCode;
    /// let code = ShortCode { index: 94_567, number: 17 };
    /// assert_eq!(code.to_string(), "42WB-7HB");
    /// assert_eq!(ShortCode::parse(" 42wb 7hb "), Ok(code));
    /// assert!(ShortCode::parse("42WB-7HG").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, ShortCodeError> {
        let mut values = Vec::with_capacity(MAX_SYMBOLS);
        for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            values.push(crockford::value(character).ok_or(ShortCodeError::Symbol(character))?);
            if values.len() > MAX_SYMBOLS {
                return Err(ShortCodeError::Length(values.len()));
            }
        }
        let (Some((&found, body)), 4..) = (values.split_last(), values.len()) else {
            return Err(ShortCodeError::Length(values.len()));
        };
        if let Some(&check_only) = body.iter().find(|&&value| value >= 32) {
            return Err(ShortCodeError::Symbol(symbol(check_only)));
        }
        let expected = check(body);
        if found != expected {
            return Err(ShortCodeError::Check { found: symbol(found), expected: symbol(expected) });
        }
        let (&length, rest) = body.split_first().ok_or(ShortCodeError::Numbers)?;
        let (index, number) = rest.split_at_checked(length.into()).ok_or(ShortCodeError::Numbers)?;
        let number = decode(number).and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
        let (index, number) = decode(index).zip(number).ok_or(ShortCodeError::Numbers)?;
        Ok(Self { index, number })
    }
}

/// In groups of four, upper case.
impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = encode(self.index);
        let length = u8::try_from(index.len()).unwrap_or_default();
        let mut values: Vec<u8> = [&[length][..], &index, &encode(self.number.into())].concat();
        values.push(check(&values));
        let text: String = values.iter().map(|&value| symbol(value)).collect();
        // The check symbol never stands alone: a lone `*` looks like dirt.
        let (mut rest, mut separator) = (text.as_str(), "");
        while !rest.is_empty() {
            let take = if rest.len() <= 5 { rest.len() } else { 4 };
            let (group, after) = rest.split_at(take);
            write!(f, "{separator}{group}")?;
            (rest, separator) = (after, "-");
        }
        Ok(())
    }
}

/// The big-endian base-32 digits, without leading zeros; one digit for zero.
fn encode(mut number: u64) -> Vec<u8> {
    let mut digits = Vec::new();
    loop {
        digits.push(u8::try_from(number % 32).unwrap_or_default());
        number /= 32;
        if number == 0 {
            digits.reverse();
            return digits;
        }
    }
}

fn decode(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || (digits.len() > 1 && digits.first() == Some(&0)) {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, &digit| sum.checked_mul(32)?.checked_add(digit.into()))
}

/// The number that all digits make, modulo 37.
fn check(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0_u32, |sum, &digit| (sum * 32 + u32::from(digit)) % 37);
    u8::try_from(sum).unwrap_or_default()
}

fn symbol(value: u8) -> char {
    crockford::symbol(value).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_eye_confuses_is_forgiven() {
        let code = ShortCode { index: 32 * 32, number: 33 };
        assert_eq!(code.to_string(), "3100-11F");
        for text in ["3IoO L1f", "3 1 0 0 1 l F", "--3100--iif", "\u{a0}310011F"] {
            assert_eq!(ShortCode::parse(text), Ok(code), "{text}");
        }
        let largest = ShortCode { index: u64::MAX, number: u32::MAX };
        assert_eq!(ShortCode::parse(&largest.to_string()), Ok(largest));
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use ShortCodeError::{Length, Numbers, Symbol};
        for (text, error) in [
            ("", Length(0)),
            ("42W", Length(3)),
            ("https://registry.example", Symbol(':')),
            ("42WB-7é", Symbol('é')),
            ("4U2WB7H0", Symbol('U')),
        ] {
            assert_eq!(ShortCode::parse(text), Err(error), "{text}");
        }
        assert!(matches!(ShortCode::parse(&"1".repeat(100)), Err(Length(23))));
        // No index, an index with a leading zero, no serial number, serial number 0, one past 32 bits.
        for digits in [&[0, 1, 1][..], &[2, 0, 1, 1], &[2, 1, 1], &[1, 1, 0], &[1, 1, 4, 0, 0, 0, 0, 0, 0]] {
            let text: String = digits.iter().copied().chain([check(digits)]).map(symbol).collect();
            assert_eq!(ShortCode::parse(&text), Err(Numbers), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(index: u64, number in 1..=u32::MAX) {
            let code = ShortCode { index, number };
            prop_assert_eq!(ShortCode::parse(&code.to_string()), Ok(code));
            prop_assert_eq!(ShortCode::parse(&code.to_string().to_lowercase()), Ok(code));
        }

        #[test]
        fn one_wrong_symbol_and_swapped_neighbours_are_noticed(index: u64, number in 1..=u32::MAX, at: usize, by in 1_u8..32) {
            let code = ShortCode { index, number }.to_string().replace('-', "");
            let mut values: Vec<u8> = code.chars().filter_map(crockford::value).collect();
            let at = at % (values.len() - 1);
            let mut swapped = values.clone();
            values[at] = (values[at] + by) % 32;
            let text: String = values.iter().map(|&value| symbol(value)).collect();
            prop_assert!(ShortCode::parse(&text).is_err());
            if at + 2 < swapped.len() && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                let text: String = swapped.iter().map(|&value| symbol(value)).collect();
                prop_assert!(ShortCode::parse(&text).is_err());
            }
        }
    }
}
