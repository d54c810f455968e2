//! Lengths on paper, in ten-thousandths of a millimetre: inches and tenths of millimetres are both whole.

use std::fmt;

/// Units in a millimetre.
const PER_MM: u32 = 10_000;
/// Units in an inch (25.4 mm).
const PER_INCH: u64 = 254_000;

/// A length of at most about 400 m.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Length(u32);

impl Length {
    /// Ten-thousandths of a millimetre.
    pub(super) const fn of(units: u32) -> Self {
        Self(units)
    }

    /// Reads millimetres: digits, and up to four decimals after a point.
    pub(super) fn parse_mm(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let are_digits =
            |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if !are_digits(whole, 4) || !are_digits(decimals, 4) {
            return None;
        }
        let units: u32 = format!("{whole}{decimals:0<4}").parse().ok()?;
        Some(Self(units))
    }

    pub(super) const fn units(self) -> u32 {
        self.0
    }

    /// In millimetres.
    pub fn mm(self) -> f64 {
        f64::from(self.0) / f64::from(PER_MM)
    }

    /// In whole dots, rounded down.
    pub(super) fn dots(self, resolution: Resolution) -> u32 {
        let dots = u64::from(self.0) * u64::from(resolution.dots_in_ten_inches()) / (PER_INCH * 10);
        u32::try_from(dots).unwrap_or(u32::MAX)
    }
}

/// Millimetres, without zeros at the end.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:04}", self.0 / PER_MM, self.0 % PER_MM);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// How fine a printer prints. Modules are whole dots of it, so that none is wider than its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Resolution {
    /// 203.2 dots an inch, 8 a millimetre
    #[value(name = "203")]
    Dpi203,
    /// 300 dots an inch
    #[default]
    #[value(name = "300")]
    Dpi300,
    /// 600 dots an inch
    #[value(name = "600")]
    Dpi600,
}

impl Resolution {
    const fn dots_in_ten_inches(self) -> u16 {
        match self {
            Self::Dpi203 => 2_032,
            Self::Dpi300 => 3_000,
            Self::Dpi600 => 6_000,
        }
    }

    pub(super) fn dots_per_inch(self) -> f32 {
        f32::from(self.dots_in_ten_inches()) / 10.0
    }

    /// The length of a dot in millimetres.
    pub(super) fn dot_mm(self) -> f32 {
        25.4 / self.dots_per_inch()
    }

    /// A size of type (1/72 inch) in dots.
    pub(super) fn points(self, points: f32) -> f32 {
        points * self.dots_per_inch() / 72.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millimetres_are_read_exactly_and_anything_else_is_not() {
        for (text, units, again) in [
            ("63.5", 635_000, "63.5"),
            ("4.7625", 47_625, "4.7625"),
            ("0", 0, "0"),
            ("007.10", 71_000, "7.1"),
            ("9999.9999", 99_999_999, "9999.9999"),
        ] {
            assert_eq!(Length::parse_mm(text), Some(Length(units)), "{text}");
            assert_eq!(Length(units).to_string(), again);
        }
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "10000", "1.00000", "1,5", " 1", "١", "inf", "1.2.3"] {
            assert_eq!(Length::parse_mm(text), None, "{text}");
        }
    }

    #[test]
    fn dots_are_whole() {
        let width = Length::of(635_000);
        assert_eq!(
            [Resolution::Dpi203, Resolution::Dpi300, Resolution::Dpi600].map(|r| width.dots(r)),
            [508, 750, 1_500]
        );
        assert!((Resolution::Dpi203.dot_mm() - 0.125).abs() < 1e-6);
    }
}
