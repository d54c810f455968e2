//! One cell: what it holds in its file, and what it says as a value of its column.
//!
//! A cell is taken as it stands or not at all. What a spreadsheet has done to it (rounded it, made a date of it, dropped its zeros) is
//! told with what was most likely meant, and nothing is put right unasked: it becomes public for ever.

use primitives::{Country, Day};
use statement::Gtin;

use crate::document::{Node, Value};
/// The longest text that a mistake shows, in characters.
const MAX_SHOWN: usize = 64;

/// A cell as its file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    /// Not UTF-8; as far as it can be shown.
    NotText(String),
    /// A workbook's number, as its XML has it.
    Number(String),
    /// A workbook's number in a format of dates, with the day that it is, if it is one.
    Date(String, Option<String>),
    /// A workbook's formula; its last result is not looked at.
    Formula,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words for people, or an address.
    Text,
    /// A code of letters and digits.
    Code,
    Gtin,
    HsCode,
    Country,
    Number,
    Day,
    Claims,
    Boolean,
}

/// What is wrong with a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CellFault {
    pub(super) code: &'static str,
    pub(super) error: String,
    pub(super) hint: Option<String>,
}

fn fault<T>(code: &'static str, error: String, hint: impl Into<Option<String>>) -> Result<T, CellFault> {
    Err(CellFault { code, error, hint: hint.into() })
}

const AS_TEXT: &str = "format the column as text, and enter it again";

impl Cell {
    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::NotText(_) | Self::Number(_) | Self::Date(..) | Self::Formula => false,
        }
    }

    /// What stands there, for a header.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Formula => String::new(),
            Self::Text(text) | Self::NotText(text) | Self::Number(text) | Self::Date(text, _) => text.clone(),
        }
    }

    /// The value as a lot file would have it; `None` where nothing stands there. `place` is the column.
    pub(super) fn value(&self, kind: Kind, place: usize) -> Result<Option<Value>, CellFault> {
        if kind == Kind::Day {
            return Ok(self.day()?.map(Value::Text));
        }
        let Some(text) = self.text(kind)? else { return Ok(None) };
        Ok(Some(match kind {
            Kind::Text | Kind::Code | Kind::Day => Value::Text(text),
            Kind::Gtin => Value::Text(gtin(text)?),
            Kind::HsCode => Value::Text(hs_code(text)?),
            Kind::Country => Value::Text(country(text)?),
            Kind::Number => Value::Integer(number(text)?),
            Kind::Claims => {
                let node = |claim: &str| Node { span: place..place, value: Value::Text(folded_claim(claim)) };
                let claims = text.split([',', ';', '|', '+', '\n']).map(str::trim).filter(|claim| !claim.is_empty());
                Value::List(claims.map(node).collect())
            }
            Kind::Boolean => Value::Boolean(boolean(&text)?),
        }))
    }

    /// The trimmed text of a cell that should not be a date.
    fn text(&self, kind: Kind) -> Result<Option<String>, CellFault> {
        let text = match self {
            Self::Empty => return Ok(None),
            Self::Text(text) => text.trim(),
            Self::NotText(text) => {
                return fault("not_utf8", format!("is not UTF-8: {}", shown(text)), "save it as CSV UTF-8".to_owned());
            }
            Self::Number(text) => {
                return match workbook::whole(text) {
                    Some(whole) => Ok(Some(whole)),
                    None if kind == Kind::HsCode && text.contains('.') => fault(
                        "mangled_number",
                        format!(
                            "is the number {}: a spreadsheet took the dot of a code for a decimal point",
                            shown(text)
                        ),
                        format!("write the code without dots; {AS_TEXT}"),
                    ),
                    None => mangled(text),
                };
            }
            Self::Date(number, day) => {
                let day = day.as_deref().map(|day| format!(", {day}")).unwrap_or_default();
                return fault(
                    "made_a_date",
                    format!("a spreadsheet has made a date of it: {}{day}", shown(number)),
                    AS_TEXT.to_owned(),
                );
            }
            Self::Formula => {
                return fault(
                    "formula",
                    "is a formula: its result was typed by nobody, and is not read".to_owned(),
                    "copy the cells, and paste them as values".to_owned(),
                );
            }
        };
        let is_code = matches!(kind, Kind::Code | Kind::Gtin | Kind::HsCode | Kind::Number);
        if is_code && workbook::is_mangled(text) {
            return mangled(text);
        }
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// A day as `YYYY-MM-DD`, or a text that the reader of lots will refuse.
    fn day(&self) -> Result<Option<String>, CellFault> {
        match self {
            Self::Date(_, Some(day)) => Ok(Some(day.clone())),
            Self::Date(found, None) => fault(
                "no_day",
                format!("is a time, or a day before March 1900: {}", shown(found)),
                "write the day alone, such as 2026-10-20".to_owned(),
            ),
            Self::Number(number) => no_date(number),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                text if text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_digit()) => no_date(text),
                text if Day::parse(text).is_ok() => Ok(Some(text.to_owned())),
                text => written_day(text),
            },
            Self::Empty | Self::NotText(_) | Self::Formula => self.text(Kind::Day),
        }
    }
}

fn mangled<T>(text: &str) -> Result<T, CellFault> {
    fault(
        "mangled_number",
        format!("a spreadsheet has rounded the number, and digits are lost: {}", shown(text)),
        format!("{AS_TEXT}: the lost digits are not in the file"),
    )
}

fn no_date<T>(number: &str) -> Result<T, CellFault> {
    let hint = match workbook::day(number, false) {
        Some(day) => format!("write {day} if that is meant, or format the cell as a date"),
        None => "write year, month and day, such as 2026-10-20".to_owned(),
    };
    fault("number_for_day", format!("is the number {}, and not formatted as a date", shown(number)), hint)
}

/// A day in a form of some country: never guessed, for 03/04 is in March here and in April there.
fn written_day(text: &str) -> Result<Option<String>, CellFault> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let number = |part: &str| -> Option<u32> { part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())) };
    let iso = |year: &str, month: &str, day: &str| -> Option<String> {
        let text = format!("{}-{:02}-{:02}", year, number(month)?, number(day)?);
        Day::parse(&text).ok().map(|_| text)
    };
    let found = format!("is {}", shown(text));
    let as_iso = |meant: String| fault("day_form", format!("{found}, expected YYYY-MM-DD"), format!("write {meant}"));
    match *parts.as_slice() {
        [year, month, day] if year.len() == 4 => match iso(year, month, day) {
            Some(meant) => as_iso(meant),
            None => Ok(Some(text.to_owned())),
        },
        [one, two, year] if year.len() == 4 => match (iso(year, two, one), iso(year, one, two)) {
            (Some(day_first), Some(month_first)) if day_first != month_first => fault(
                "ambiguous_day",
                format!("{found}, which is {day_first} here and {month_first} there"),
                format!("write {day_first} or {month_first}"),
            ),
            (Some(meant), _) | (None, Some(meant)) => as_iso(meant),
            (None, None) => Ok(Some(text.to_owned())),
        },
        [one, two, year] if year.len() == 2 && [one, two, year].into_iter().all(|part| number(part).is_some()) => {
            fault(
                "day_form",
                format!("{found}, whose year has two digits"),
                "write year, month and day, such as 2026-10-20".to_owned(),
            )
        }
        _ => Ok(Some(text.to_owned())),
    }
}

/// A GTIN of fewer digits is one number with GTIN-14; the check digit tells a lost zero from a lost digit.
fn gtin(text: String) -> Result<String, CellFault> {
    let is_short = (8..14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(padded) = is_short.then(|| format!("{text:0>14}")).and_then(|padded| Gtin::parse(&padded).ok()) {
        let (length, lost) = (text.len(), 14 - text.len());
        let zeros = if lost == 1 { "a leading zero is".to_owned() } else { format!("{lost} leading zeros are") };
        return fault(
            "gtin_leading_zero",
            format!("is {text}, {length} digits whose check digit is right: {zeros} lost"),
            format!("write {padded} in a column that is formatted as text"),
        );
    }
    Ok(text)
}

/// HS codes have pairs of digits. Nine are Japan's, and cannot be that.
fn hs_code(text: String) -> Result<String, CellFault> {
    let is_odd = matches!(text.len(), 1 | 3 | 5 | 7) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_odd {
        return fault(
            "hs_leading_zero",
            format!("is {text}, an odd number of digits: a leading zero may be lost"),
            format!("write 0{text} if that is meant, in a column that is formatted as text"),
        );
    }
    Ok(text)
}

fn country(text: String) -> Result<String, CellFault> {
    let is_code = text.len() == 2 && Country::parse(&text.to_ascii_uppercase()).is_ok();
    let meant = (!is_code).then(|| named_country(&text)).flatten();
    match meant {
        Some((code, name)) => fault(
            "country_name",
            format!("is {}, expected the two letters of ISO 3166-1", shown(&text)),
            format!("write {code} for {name}"),
        ),
        None => Ok(text),
    }
}

/// A country by its English name, the beginning of it, or its code of three letters.
fn named_country(text: &str) -> Option<(&'static str, &'static str)> {
    let fold =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let wanted = fold(text);
    let found = |test: &dyn Fn(&str) -> bool| rust_iso3166::ALL.iter().find(|country| test(&fold(country.name)));
    let by_code = rust_iso3166::ALL.iter().find(|country| country.alpha3.eq_ignore_ascii_case(text));
    let by_name = || found(&|name| name == wanted);
    let by_start = || found(&|name| wanted.len() >= 4 && name.starts_with(&wanted));
    by_code.or_else(by_name).or_else(by_start).map(|country| (country.alpha2, country.name))
}

fn number(text: String) -> Result<String, CellFault> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = text.trim_start_matches('0');
        return Ok(if digits.is_empty() { "0".to_owned() } else { digits.to_owned() });
    }
    fault(
        "number_form",
        format!("is {}, expected digits alone", shown(&text)),
        "1,200 and 1.200 are a thousand in one country and one in another: write 1200".to_owned(),
    )
}

fn boolean(text: &str) -> Result<bool, CellFault> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => fault("yes_or_no", format!("is {}, expected yes or no", shown(text)), None),
    }
}

fn folded_claim(claim: &str) -> String {
    claim.to_lowercase().replace([' ', '_'], "-")
}

/// A text in quotes, cut to what a line holds.
fn shown(text: &str) -> String {
    let cut: String = text.chars().take(MAX_SHOWN).collect();
    if cut.len() < text.len() { format!("{cut:?}…") } else { format!("{cut:?}") }
}

#[cfg(test)]
mod tests;
