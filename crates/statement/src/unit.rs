//! Units of quantity: a fixed choice from UN/ECE Recommendation 20.
//!
//! The numbers go into snapshots and never change; new units are added at the end.

use core::fmt;

/// A unit of quantity. Its number is its place in the table, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Unit {
    /// One piece (`C62`).
    Piece = 1,
    /// A pair (`PR`).
    Pair = 2,
    /// A dozen (`DZN`).
    Dozen = 3,
    /// A set (`SET`).
    Set = 4,
    /// Gram (`GRM`).
    Gram = 5,
    /// Kilogram (`KGM`).
    Kilogram = 6,
    /// Metric ton (`TNE`).
    Tonne = 7,
    /// Metric carat (`CTM`).
    Carat = 8,
    /// Metre (`MTR`).
    Metre = 9,
    /// Square metre (`MTK`).
    SquareMetre = 10,
    /// Cubic metre (`MTQ`).
    CubicMetre = 11,
    /// Millilitre (`MLT`).
    Millilitre = 12,
    /// Litre (`LTR`).
    Litre = 13,
}

const TABLE: [(Unit, &str, &str); 13] = [
    (Unit::Piece, "C62", "piece"),
    (Unit::Pair, "PR", "pair"),
    (Unit::Dozen, "DZN", "dozen"),
    (Unit::Set, "SET", "set"),
    (Unit::Gram, "GRM", "g"),
    (Unit::Kilogram, "KGM", "kg"),
    (Unit::Tonne, "TNE", "t"),
    (Unit::Carat, "CTM", "ct"),
    (Unit::Metre, "MTR", "m"),
    (Unit::SquareMetre, "MTK", "m²"),
    (Unit::CubicMetre, "MTQ", "m³"),
    (Unit::Millilitre, "MLT", "ml"),
    (Unit::Litre, "LTR", "l"),
];

impl Unit {
    /// Every unit, in the order of the numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// The unit with this Recommendation 20 code.
    pub fn from_code(code: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// The unit with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::all().find(|unit| unit.number() == number)
    }

    /// The unit's number, from 1.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The Recommendation 20 code, such as `KGM`.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// A short symbol or English word for people, such as `kg`.
    pub fn symbol(self) -> &'static str {
        self.row().2
    }

    /// The unit that quantities of this kind are added up in, and how many of it one is: a dozen is 12 pieces, a kilogram 5,000 carats.
    pub const fn base(self) -> (Self, u64) {
        match self {
            Self::Piece => (Self::Piece, 1),
            Self::Dozen => (Self::Piece, 12),
            Self::Pair => (Self::Pair, 1),
            Self::Set => (Self::Set, 1),
            // A carat is a fifth of a gram: the only whole number that all masses have in common.
            Self::Carat => (Self::Carat, 1),
            Self::Gram => (Self::Carat, 5),
            Self::Kilogram => (Self::Carat, 5_000),
            Self::Tonne => (Self::Carat, 5_000_000),
            Self::Metre => (Self::Metre, 1),
            Self::SquareMetre => (Self::SquareMetre, 1),
            Self::Millilitre => (Self::Millilitre, 1),
            Self::Litre => (Self::Millilitre, 1_000),
            Self::CubicMetre => (Self::Millilitre, 1_000_000),
        }
    }

    fn row(self) -> (Self, &'static str, &'static str) {
        TABLE.iter().find(|row| row.0 == self).copied().unwrap_or((self, "", ""))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_codes_lead_back_to_the_unit() {
        for (place, unit) in (1..).zip(Unit::all()) {
            assert_eq!(unit.number(), place);
            assert_eq!(Unit::from_number(place), Some(unit));
            assert_eq!(Unit::from_code(unit.code()), Some(unit));
        }
        assert_eq!(Unit::from_number(0), None);
        assert_eq!(Unit::from_number(14), None);
        assert_eq!(Unit::from_code("kgm"), None);
    }

    #[test]
    fn numbers_given_out_stay() {
        let codes = ["C62", "PR", "DZN", "SET", "GRM", "KGM", "TNE", "CTM", "MTR", "MTK", "MTQ", "MLT", "LTR"];
        for (number, code) in (1..).zip(codes) {
            assert_eq!(Unit::from_number(number).map(Unit::code), Some(code));
        }
    }
}
