//! Columns as letters.

/// The last column of a sheet, `XFD`.
pub(crate) const LAST: u32 = 16_384;

/// A column's letters: 1 is `A`, 27 is `AA`.
///
/// ```
/// assert_eq!(workbook::letters(28), "AB");
/// ```
pub fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while let Some(rest) = column.checked_sub(1) {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        column = rest / 26;
    }
    letters.iter().rev().collect()
}

/// The column of letters, from 1; `None` past `XFD`, the last one of a sheet.
pub fn column_of(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let column =
        letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    (column <= LAST).then_some(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_columns_lead_back_to_each_other() {
        for (column, text) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")] {
            assert_eq!((letters(column).as_str(), column_of(text)), (text, Some(column)));
        }
        assert_eq!(column_of("aa"), Some(27));
        for other in ["", "XFE", "AAAA", "A1", "É"] {
            assert_eq!(column_of(other), None, "{other:?}");
        }
    }
}
