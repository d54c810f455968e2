//! Dates as workbooks count them (ECMA-376 part 1 §18.17.4.1): days since the end of 1899, or since 1904.

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDay {
    /// Such as 2026.
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

/// The day that a number stands for; `None` for a time of day, a day before March 1900, of which programs disagree (Lotus
/// counted a 29 February 1900), or one past 9999.
pub fn day(number: &str, from_1904: bool) -> Option<CivilDay> {
    let number = number.trim();
    let (days, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !fraction.bytes().all(|byte| byte == b'0') || days.len() > 7 || !days.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let days: i64 = days.parse().ok()?;
    // 1899-12-30 and 1904-01-01, in days since 1970-01-01.
    let since_1970 = if from_1904 { days - 24_107 } else { days - 25_569 };
    let is_sure = from_1904 || days > 60;
    let day = civil(since_1970);
    (is_sure && day.year <= 9999).then_some(day)
}

/// Days since 1970-01-01 as year, month and day (H. Hinnant, chrono-compatible low-level date algorithms).
fn civil(days: i64) -> CivilDay {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let narrow = |number: i64| u8::try_from(number).unwrap_or_default();
    CivilDay { year: year + era * 400 + i64::from(month <= 2), month: narrow(month), day: narrow(day) }
}

impl std::fmt::Display for CivilDay {
    /// `2026-10-20`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_days_where_all_programs_agree() {
        for (number, from_1904, expected) in [
            ("46315", false, Some("2026-10-20")),
            ("46315.0", false, Some("2026-10-20")),
            ("44853", true, Some("2026-10-20")),
            ("61", false, Some("1900-03-01")),
            ("0", true, Some("1904-01-01")),
            ("45351", false, Some("2024-02-29")),
            ("60", false, None),
            ("46315.5", false, None),
            ("-3", false, None),
            ("4.6E4", false, None),
            ("99999999999999999999", false, None),
            ("9999999", false, None),
            ("", false, None),
        ] {
            assert_eq!(day(number, from_1904).map(|day| day.to_string()).as_deref(), expected, "{number}");
        }
    }
}
