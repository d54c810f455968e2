//! Dates, times and numbers as a language writes them (Unicode CLDR). Gregorian days and UTC everywhere: a reader who compares has to
//! find the same day that is printed on the goods.

use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YM, YMD, YMDT};
use icu_datetime::input::{Date, DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use primitives::{Day, Timestamp};

use crate::language::Language;

/// What formats dates and numbers of one language.
pub(super) struct Formats {
    day: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    time: FixedCalendarDateTimeFormatter<Gregorian, YMDT>,
    month: FixedCalendarDateTimeFormatter<Gregorian, YM>,
    number: DecimalFormatter,
}

impl Formats {
    /// Reads the tables; they are part of the program, so this does not fail for a language of ours.
    pub(super) fn of(language: Language) -> Option<Self> {
        let locale: Locale = language.tag().parse().ok()?;
        Some(Self {
            day: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long()).ok()?,
            time: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long().with_time_hm()).ok()?,
            month: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YM::medium()).ok()?,
            number: DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).ok()?,
        })
    }

    /// `30 November 2026`.
    pub(super) fn day(&self, day: Day) -> String {
        date(&day.to_string()).map_or_else(|| day.to_string(), |date| self.day.format(&date).to_string())
    }

    /// `30 November 2026 at 10:32 UTC`.
    pub(super) fn time(&self, time: Timestamp) -> String {
        let minutes = time.seconds() / 60 % (24 * 60);
        let part = |minutes: u64| u8::try_from(minutes).unwrap_or_default();
        let (date, time_of_day) =
            (date(&time.day().to_string()), Time::try_new(part(minutes / 60), part(minutes % 60), 0, 0));
        match (date, time_of_day) {
            (Some(date), Ok(time)) => format!("{} UTC", self.time.format(&DateTime { date, time })),
            (_, _) => time.to_string(),
        }
    }

    /// `Nov 2026`; `month` is `YYYY-MM`.
    pub(super) fn month(&self, month: &str) -> String {
        date(&format!("{month}-01")).map_or_else(|| month.to_owned(), |date| self.month.format(&date).to_string())
    }

    /// `1,000`.
    pub(super) fn number(&self, number: u64) -> String {
        self.number.format(&Decimal::from(number)).to_string()
    }
}

/// Reads `YYYY-MM-DD`.
fn date(text: &str) -> Option<Date<Gregorian>> {
    let mut parts = text.splitn(3, '-');
    let mut part = || parts.next();
    let (year, month, day) = (part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse().ok()?);
    Date::try_new_gregorian(year, month, day).ok()
}
