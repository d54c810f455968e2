//! What spreadsheets make of numbers: digits lost to an exponent, and whole numbers that are stored as fractions.

/// Below this every whole number is one of its own: spreadsheets keep 15 digits.
const EXACT: f64 = 1e15;

/// A workbook's number without exponent, where it is whole and all of its digits are there.
///
/// ```
/// assert_eq!(workbook::whole("9.521234543213E+12").as_deref(), Some("9521234543213"));
/// assert_eq!(workbook::whole("1234567890123456"), None);
/// assert_eq!(workbook::whole("1.5"), None);
/// ```
pub fn whole(number: &str) -> Option<String> {
    if number.len() <= 15 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(number.to_owned());
    }
    let value: f64 = number.trim().parse().ok()?;
    (value.fract() == 0.0 && value.abs() < EXACT).then(|| format!("{value:.0}"))
}

/// Whether a text is a number that a spreadsheet has shortened: `9.52123E+12`, or with a decimal comma. The sign of the exponent tells it
/// from a lot such as `3E4`, which somebody may have printed.
///
/// ```
/// assert!(workbook::is_mangled("9.52123E+12") && workbook::is_mangled("9,5E+12"));
/// assert!(!workbook::is_mangled("3E4") && !workbook::is_mangled("KTM-2026"));
/// ```
pub fn is_mangled(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.strip_prefix('-').unwrap_or(number);
    let (before, after) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    digits(before) && digits(after) && exponent.strip_prefix(['+', '-']).is_some_and(digits)
}
