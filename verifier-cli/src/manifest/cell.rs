//! One cell: what it holds in its file, and what it declares as a value of its column.
//!
//! A declaration is read as it stands or not at all. What a spreadsheet has done to it (rounded it, made a date of it,
//! dropped its zeros) is undone only where a check digit proves the result.

use primitives::Country;
use statement::{Gtin, GtinError, HsCode, Lot, LotError, Unit};

use super::fault::{Fault, Reason};

/// A cell as its file holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Empty,
    /// Perhaps not UTF-8.
    Text(&'a [u8]),
    /// A workbook's number, as its XML has it.
    Number(&'a str),
    /// A workbook's number in a format of dates or times.
    Date(&'a str),
    /// A workbook's formula; its last result is not looked at.
    Formula,
}

impl<'a> From<workbook::Cell<'a>> for Cell<'a> {
    fn from(cell: workbook::Cell<'a>) -> Self {
        match cell {
            workbook::Cell::Empty => Self::Empty,
            workbook::Cell::Text(text) => Self::Text(text.as_bytes()),
            workbook::Cell::Number(number) => Self::Number(number),
            workbook::Cell::Date(date) => Self::Date(date),
            workbook::Cell::Formula => Self::Formula,
        }
    }
}

impl<'a> Cell<'a> {
    /// The text, trimmed; `None` where there is none.
    ///
    /// # Errors
    /// What no text can be read from, and a number that is not whole or has lost digits.
    pub(super) fn text(self, buffer: &'a mut String) -> Result<Option<&'a str>, Fault> {
        let text = match self {
            Self::Empty => "",
            Self::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => return Err(Fault::new(Reason::NotUtf8).found(&String::from_utf8_lossy(bytes))),
            },
            Self::Number(number) => match workbook::whole(number) {
                Some(whole) => {
                    *buffer = whole;
                    buffer
                }
                None => return Err(Fault::new(Reason::MangledNumber).found(number)),
            },
            Self::Date(number) => return Err(Fault::new(Reason::DateInLot).found(number)),
            Self::Formula => return Err(Fault::new(Reason::Formula)),
        };
        let text = text.trim();
        Ok((!text.is_empty()).then_some(text))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(bytes) => bytes.trim_ascii().is_empty(),
            Self::Number(_) | Self::Date(_) | Self::Formula => false,
        }
    }

    /// Reads the cell as a value of its column.
    fn read<T>(self, parse: impl FnOnce(&str) -> Result<T, Reason>) -> Result<Option<T>, Fault> {
        let mut buffer = String::new();
        let Some(text) = self.text(&mut buffer)? else { return Ok(None) };
        parse(text).map(Some).map_err(|reason| Fault::new(reason).found(text))
    }

    /// A date where something else stands is that thing's fault, except of a lot, where a hint helps.
    fn no_date(self, reason: Reason) -> Result<Self, Fault> {
        match self {
            Self::Date(number) => Err(Fault::new(reason).found(number)),
            Self::Empty | Self::Text(_) | Self::Number(_) | Self::Formula => Ok(self),
        }
    }

    pub(super) fn gtin(self) -> Result<Option<Gtin>, Fault> {
        self.no_date(Reason::GtinInvalid(GtinError::NotADigit))?.read(gtin)
    }

    pub(super) fn lot(self) -> Result<Option<Lot>, Fault> {
        self.read(lot)
    }

    pub(super) fn serial(self) -> Result<Option<String>, Fault> {
        // The same characters and length as a lot's (AI 21 and AI 10 are both X..20).
        let serial = |text: &str| match lot(text) {
            Ok(_) | Err(Reason::LotInvalid(LotError::DotSegment)) => Ok(text.to_owned()),
            Err(Reason::MangledNumber) => Err(Reason::MangledNumber),
            Err(_) => Err(Reason::SerialInvalid),
        };
        self.no_date(Reason::SerialInvalid)?.read(serial)
    }

    pub(super) fn origin(self) -> Result<Option<Country>, Fault> {
        self.no_date(Reason::CountryInvalid)?
            .read(|text| Country::parse(&text.to_ascii_uppercase()).map_err(|_| Reason::CountryInvalid))
    }

    pub(super) fn hs_code(self) -> Result<Option<HsCode>, Fault> {
        self.no_date(Reason::HsCodeInvalid(statement::HsCodeError::NotADigit))?.read(hs_code)
    }

    pub(super) fn quantity(self) -> Result<Option<u64>, Fault> {
        let cell = self.no_date(Reason::QuantityInvalid)?;
        if let Self::Number(number) = cell {
            let quantity = workbook::whole(number).and_then(|whole| quantity(&whole).ok());
            return quantity.map(Some).ok_or_else(|| Fault::new(Reason::QuantityInvalid).found(number));
        }
        cell.read(quantity)
    }

    pub(super) fn unit(self) -> Result<Option<Unit>, Fault> {
        self.no_date(Reason::UnitInvalid)?.read(unit)
    }
}

/// GTIN-8, -12, -13 and -14: all are one number, and the check digit tells a lost digit from a lost leading zero.
pub(super) fn gtin(text: &str) -> Result<Gtin, Reason> {
    if workbook::is_mangled(text) {
        return Err(Reason::MangledNumber);
    }
    let parsed = match text.len() {
        8 | 12 | 13 if text.is_ascii() => Gtin::parse(&format!("{text:0>14}")),
        _ => Gtin::parse(text),
    };
    parsed.map_err(Reason::GtinInvalid)
}

pub(super) fn lot(text: &str) -> Result<Lot, Reason> {
    if workbook::is_mangled(text) {
        return Err(Reason::MangledNumber);
    }
    Lot::parse(text).map_err(Reason::LotInvalid)
}

/// Dots and spaces are how tariffs print it; an odd number of digits is a leading zero that a spreadsheet dropped (nine are
/// Japan's, and cannot be that).
fn hs_code(text: &str) -> Result<HsCode, Reason> {
    let code: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
    let code = HsCode::parse(&code).map_err(Reason::HsCodeInvalid)?;
    match code.as_str().len() {
        odd @ (3 | 5 | 7) => Err(Reason::HsCodeOdd(odd)),
        _ => Ok(code),
    }
}

pub(super) fn quantity(text: &str) -> Result<u64, Reason> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let quantity = if plain { text.parse().ok() } else { None };
    quantity.filter(|quantity| *quantity > 0).ok_or(Reason::QuantityInvalid)
}

/// A code of Recommendation 20, in either case; the symbols; and what trade writes for a piece.
pub(super) fn unit(text: &str) -> Result<Unit, Reason> {
    let code = text.to_ascii_uppercase();
    let known = Unit::from_code(&code).or_else(|| match code.as_str() {
        "H87" | "EA" | "EACH" | "PCE" | "PCS" | "PC" | "PIECES" => Some(Unit::Piece),
        "M2" => Some(Unit::SquareMetre),
        "M3" => Some(Unit::CubicMetre),
        _ => Unit::all().find(|unit| unit.symbol().eq_ignore_ascii_case(text)),
    });
    known.ok_or(Reason::UnitInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text.as_bytes())
    }

    fn reason<T: std::fmt::Debug>(result: Result<Option<T>, Fault>) -> &'static str {
        result.unwrap_err().reason.code()
    }

    #[test]
    fn gtins_get_their_zeros_back_where_the_check_digit_agrees() {
        for (written, gtin) in [
            ("09521234543213", "09521234543213"),
            (" 9521234543213 ", "09521234543213"),
            ("614141999996", "00614141999996"),
            ("95050003", "00000095050003"),
        ] {
            assert_eq!(text(written).gtin().unwrap().unwrap().as_str(), gtin);
            assert_eq!(Cell::Number(written.trim()).gtin().unwrap().unwrap().as_str(), gtin);
        }
        assert_eq!(Cell::Number("9.521234543213E12").gtin().unwrap().unwrap().as_str(), "09521234543213");
        for other in ["9521234543214", "952123454321", "gtin", "=1", "9521234543213.0", "٩٥٢١"] {
            assert_eq!(reason(text(other).gtin()), "gtin_invalid", "{other:?}");
        }
        assert_eq!(reason(Cell::Date("46000").gtin()), "gtin_invalid");
    }

    #[test]
    fn rounded_numbers_are_named_for_what_they_are() {
        for mangled in ["9.52123E+12", "9,52123E+12", "9.52123e+12", "1E+20"] {
            assert_eq!(reason(text(mangled).gtin()), "mangled_number", "{mangled:?}");
            assert_eq!(reason(text(mangled).lot()), "mangled_number", "{mangled:?}");
            assert_eq!(reason(text(mangled).serial()), "mangled_number", "{mangled:?}");
        }
        for printed in ["3E4", "E+4", "1.2.3E+4", "LOTE+1"] {
            assert_eq!(text(printed).lot().unwrap().unwrap().as_str(), printed);
        }
        for lost in ["1234567890123456", "1.2345678901234599E+19", "1.5", "NaN", "inf"] {
            assert_eq!(reason(Cell::Number(lost).lot()), "mangled_number", "{lost:?}");
        }
        assert_eq!(Cell::Number("2026").lot().unwrap().unwrap().as_str(), "2026");
    }

    #[test]
    fn each_column_refuses_for_its_own_reason() {
        assert_eq!(reason(Cell::Date("46000").lot()), "date_in_lot");
        assert_eq!(reason(text("KTM 2026").lot()), "lot_invalid");
        assert_eq!(reason(text("123456789012345678901").serial()), "serial_invalid");
        for country in ["Nepal", "NPL", "N1", "@A"] {
            assert_eq!(reason(text(country).origin()), "country_invalid", "{country:?}");
        }
        for (code, expected) in
            [("57O110", "hs_code_invalid"), ("90111", "hs_code_invalid"), ("0012", "hs_code_invalid")]
        {
            assert_eq!(reason(text(code).hs_code()), expected, "{code:?}");
        }
        for quantity in ["1,200", "1.200", "1 200", "12.0", "-3", "+3", "0", "=3", "99999999999999999999"] {
            assert_eq!(reason(text(quantity).quantity()), "quantity_invalid", "{quantity:?}");
        }
        assert_eq!(reason(Cell::Number("12.5").quantity()), "quantity_invalid");
        assert_eq!(reason(text("bale").unit()), "unit_invalid");
        assert_eq!(reason(Cell::Formula.quantity()), "formula");
        assert_eq!(reason(Cell::Text(b"K\xd6LN").lot()), "not_utf8");
    }

    #[test]
    fn what_people_write_is_read() {
        for country in ["NP", "np", " Np "] {
            assert_eq!(text(country).origin().unwrap().unwrap().as_str(), "NP");
        }
        for code in ["570110", "5701.10", "57 01 10", "5701.10\u{a0}"] {
            assert_eq!(text(code).hs_code().unwrap().unwrap().as_str(), "570110");
        }
        for (quantity, expected) in [(text("12"), 12), (Cell::Number("12.0"), 12), (Cell::Number("1.2E3"), 1200)] {
            assert_eq!(quantity.quantity().unwrap(), Some(expected));
        }
        for (written, expected) in
            [("KGM", Unit::Kilogram), ("kg", Unit::Kilogram), ("pcs", Unit::Piece), ("m²", Unit::SquareMetre)]
        {
            assert_eq!(text(written).unit().unwrap(), Some(expected));
        }
    }

    #[test]
    fn nothing_declares_nothing() {
        for cell in [Cell::Empty, text(""), text("  ")] {
            assert!(cell.is_blank());
            assert_eq!((cell.gtin(), cell.lot(), cell.origin()), (Ok(None), Ok(None), Ok(None)));
            assert_eq!((cell.quantity(), cell.unit(), cell.serial()), (Ok(None), Ok(None), Ok(None)));
        }
    }
}
