//! Decimal numbers as every C2SP format writes them: ASCII digits, no sign, no leading zero unless it is `0`.

/// Reads such a number; `None` for any other text, and for one that 64 bits do not hold.
pub fn parse(text: &str) -> Option<u64> {
    let canonical = match text.as_bytes() {
        [b'0'] => true,
        // `u64::from_str` reads a plus sign and leading zeros.
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("70000"), Some(70_000));
        assert_eq!(parse("18446744073709551615"), Some(u64::MAX));
        for other in ["", "00", "01", "+1", "-1", "1 ", " 1", "1_000", "0x1", "١", "18446744073709551616", "1e3"] {
            assert_eq!(parse(other), None, "{other:?}");
        }
    }
}
