//! One AI with its value, checked.

use alloc::string::String;
use alloc::vec::Vec;

use thiserror::Error;

use super::dictionary::{Ai, Charset};

/// An AI and a value that fits it. Only parsing builds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    ai: Name,
    value: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Known(&'static Ai),
    /// Two to four digits that the dictionary lacks.
    Unknown(String),
}

/// Why a value does not fit its AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ValueError {
    /// No character at all.
    #[error("value is empty")]
    Empty,
    /// Shorter or longer than the AI allows.
    #[error("value has {found} characters, expected {min} to {max}")]
    Length {
        /// Characters found.
        found: usize,
        /// The fewest allowed.
        min: usize,
        /// The most allowed.
        max: usize,
    },
    /// A byte outside the AI's character set.
    #[error("value has the byte {byte:#04x}, which is outside the character set of its AI")]
    Charset {
        /// The first such byte.
        byte: u8,
    },
    /// The GS1 check digit is wrong.
    #[error("check digit is {found}, expected {expected}")]
    CheckDigit {
        /// The digit found.
        found: u8,
        /// The digit that the others give.
        expected: u8,
    },
    /// Not a day of the calendar.
    #[error("value is no day, written YYMMDD")]
    NoSuchDay,
}

impl ValueError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "value_empty",
            Self::Length { .. } => "value_length",
            Self::Charset { .. } => "value_charset",
            Self::CheckDigit { .. } => "value_check_digit",
            Self::NoSuchDay => "value_no_such_day",
        }
    }
}

/// What is asked of the value of an AI that the dictionary lacks.
const UNKNOWN_MAX: usize = 90;

impl Element {
    /// The AI's digits.
    pub fn ai(&self) -> &str {
        self.ai.code()
    }

    /// The decoded value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The dictionary's entry; `None` for an AI that it lacks.
    pub fn known(&self) -> Option<&'static Ai> {
        match self.ai {
            Name::Known(ai) => Some(ai),
            Name::Unknown(_) => None,
        }
    }

    pub(super) fn has_predefined_length(&self) -> bool {
        self.known().is_some_and(|ai| ai.predefined)
    }

    pub(super) fn new(ai: Name, mut value: Vec<u8>, pad_gtin: bool) -> Result<Self, ValueError> {
        if value.is_empty() {
            return Err(ValueError::Empty);
        }
        if pad_gtin && ai.code() == "01" && matches!(value.len(), 8 | 12 | 13) {
            value.splice(..0, core::iter::repeat_n(b'0', 14 - value.len()));
        }
        let (min, max, charset) = match ai {
            Name::Known(ai) => (ai.min, ai.max, ai.charset),
            Name::Unknown(_) => (1, UNKNOWN_MAX, Charset::Cset82),
        };
        if let Some(&byte) = value.iter().find(|&&byte| !charset.contains(byte)) {
            return Err(ValueError::Charset { byte });
        }
        if !(min..=max).contains(&value.len()) {
            return Err(ValueError::Length { found: value.len(), min, max });
        }
        if let Name::Known(ai) = ai {
            if ai.check_digit {
                check_digit(&value)?;
            }
            if ai.day && !is_day(&value) {
                return Err(ValueError::NoSuchDay);
            }
        }
        let value = String::from_utf8(value).expect("both character sets are ASCII");
        Ok(Self { ai, value })
    }
}

impl Name {
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Known(ai) => ai.code,
            Self::Unknown(code) => code,
        }
    }
}

impl Charset {
    /// Whether the byte belongs to the set.
    pub fn contains(self, byte: u8) -> bool {
        match self {
            Self::Numeric => byte.is_ascii_digit(),
            Self::Cset82 => {
                matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
            }
        }
    }
}

/// GS1's modulo 10: weights 3 and 1 alternate, leftwards from 3 beside the check digit.
fn check_digit(digits: &[u8]) -> Result<(), ValueError> {
    let [body @ .., check] = digits else { return Ok(()) };
    let sum: u32 =
        body.iter().rev().zip([3, 1].into_iter().cycle()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    let expected = u8::try_from((10 - sum % 10) % 10).expect("below 10");
    let found = check - b'0';
    if found == expected { Ok(()) } else { Err(ValueError::CheckDigit { found, expected }) }
}

/// YYMMDD of digits, day 00 allowed. The century does not matter to the calendar from 1951 to 2050.
fn is_day(digits: &[u8]) -> bool {
    let &[y1, y0, m1, m0, d1, d0] = digits else { return false };
    let two = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    let last = match two(m1, m0) {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if two(y1, y0) % 4 == 0 => 29,
        2 => 28,
        _ => return false,
    };
    two(d1, d0) <= last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &str, value: &str) -> Result<(), ValueError> {
        Element::new(Name::Known(Ai::of_code(code).unwrap()), value.into(), false).map(drop)
    }

    #[test]
    fn each_value_is_refused_for_its_own_reason() {
        use ValueError::{Charset, CheckDigit, Empty, Length, NoSuchDay};
        assert_eq!(reason("01", "09521234543213"), Ok(()));
        assert_eq!(reason("01", "09521234543214"), Err(CheckDigit { found: 4, expected: 3 }));
        assert_eq!(reason("01", "9521234543213"), Err(Length { found: 13, min: 14, max: 14 }));
        assert_eq!(reason("01", "0952123454321A"), Err(Charset { byte: b'A' }));
        assert_eq!(reason("10", ""), Err(Empty));
        assert_eq!(reason("10", "123456789012345678901"), Err(Length { found: 21, min: 1, max: 20 }));
        for byte in [b' ', b'#', b'$', b'@', b'[', b'^', b'`', b'~', 0, 0x7f, 0xff] {
            let name = Name::Known(Ai::of_code("10").unwrap());
            assert_eq!(Element::new(name, [b'A', byte].into(), false), Err(Charset { byte }));
        }
        for (day, valid) in
            [("240229", true), ("250229", false), ("250200", true), ("251301", false), ("250431", false)]
        {
            assert_eq!(reason("17", day), if valid { Ok(()) } else { Err(NoSuchDay) }, "{day}");
        }
    }

    #[test]
    fn cset_82_has_82_characters() {
        assert_eq!((0..=255).filter(|&byte| Charset::Cset82.contains(byte)).count(), 82);
    }
}
