//! This device's clock and calendar. Everything below takes the time as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::{self, Date};
use jiff::{Span, ToSpan as _};
use primitives::{Day, Timestamp};

/// Now; before 1970 it is the epoch.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// The last day of a period of so many years that begins on a day; `None` past the calendar's end.
pub(crate) fn last_day_of_years(first: Day, years: i32) -> Option<Day> {
    let epoch = civil::date(1970, 1, 1);
    let first: Date = epoch.checked_add(Span::new().days(i64::from(first.days()))).ok()?;
    let end = first.checked_add(years.years()).ok()?;
    // From 29 February a year ends on 28 February: there the calendar has taken the day off already.
    let last = if end.day() == first.day() { end.yesterday().ok()? } else { end };
    Day::parse(&last.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_end_on_the_day_before() {
        for (first, years, last) in [
            ("2026-11-24", 1, "2027-11-23"),
            ("2026-01-01", 3, "2028-12-31"),
            ("2028-02-29", 1, "2029-02-28"),
            ("2027-03-01", 1, "2028-02-29"),
        ] {
            assert_eq!(last_day_of_years(Day::parse(first).unwrap(), years), Day::parse(last).ok(), "{first}");
        }
        assert_eq!(last_day_of_years(Day::from_days(u16::MAX), 1), None);
    }
}
