//! A certifier: who accredited it and for what, and what it attested, as a picture.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use primitives::Timestamp;
use registry::{AccreditationRecord, Party, State};
use statement::Role;

use super::{Frame, Script, render, words};
use crate::http::response::NO_STORE;
use crate::texts::Text as T;

/// Months in the picture, the newest ones.
const MONTHS: usize = 24;
/// Months that the picture has room for at least: one bar alone must not look like a wall.
const FEWEST: usize = 12;
/// The picture's height, in its own units.
const HEIGHT: u64 = 100;

#[derive(Template)]
#[template(path = "certifier.html")]
struct Page<'a> {
    frame: &'a Frame,
    party: &'a Party,
    record: &'a AccreditationRecord,
    is_certifier: bool,
    accreditor: &'a str,
    standing: Option<T>,
    hold: Option<String>,
    period: String,
    countries: Vec<String>,
    chapters: String,
    topics: Option<T>,
    total: String,
    suspended: String,
    withdrawn: String,
    months: Vec<Month>,
    width: usize,
}

/// A bar of the picture.
struct Month {
    x: usize,
    /// Height of all, and of those that are not in force.
    all: u64,
    bad: u64,
    /// The same in words.
    text: String,
}

#[derive(Default, Clone, Copy)]
struct Count {
    all: u64,
    bad: u64,
}

/// What a certifier's attestations come to at a time.
#[derive(Default)]
pub(crate) struct Tally {
    total: u64,
    suspended: u64,
    withdrawn: u64,
    months: BTreeMap<String, Count>,
}

impl Tally {
    /// Walks over all attestations of the party.
    pub(crate) fn of(state: &State, party: &Party, at: Timestamp) -> Self {
        let mut tally = Self::default();
        let own = |number: u16| state.key_numbered(number).is_some_and(|key| key.party == party.number);
        for row in state.rows().filter(|row| own(row.key_number())) {
            let standing = state.standing(row.index(), at);
            let is_withdrawn = standing.is_some_and(|standing| standing.withdrawn.is_some());
            let is_suspended = standing.is_some_and(|standing| {
                standing.certifier_hold.or(standing.accreditor_hold).is_some() && !is_withdrawn
            });
            let month = row.received_at().day().to_string().get(..7).unwrap_or_default().to_owned();
            let count = tally.months.entry(month).or_default();
            count.all += 1;
            count.bad += u64::from(standing.is_none_or(|standing| !standing.is_active()));
            tally.total += 1;
            tally.withdrawn += u64::from(is_withdrawn);
            tally.suspended += u64::from(is_suspended);
        }
        tally
    }
}

/// The page of a party; `None` where it has no accreditation.
pub(crate) fn certifier(
    frame: &Frame,
    state: &State,
    party: &Party,
    tally: &Tally,
    at: Timestamp,
) -> Option<Response<Body>> {
    let t = frame.t;
    let record = party.accreditation()?;
    let hold = party.hold_at(at);
    let is_certifier = record.role == Role::Certifier;
    let standing = match hold {
        None if !is_certifier => None,
        None if (record.first_day..=record.last_day).contains(&at.day()) => Some(T::CertifierStands),
        // Its days are over, or have not come.
        None => Some(T::ReasonCertifierSuspended),
        Some(hold) if hold.is_final => Some(T::CertifierWithdrawnNow),
        Some(_) => Some(T::CertifierSuspendedNow),
    };
    let (first, last) = (t.day(&record.first_day.to_string()), t.day(&record.last_day.to_string()));
    let total = [("count", tally.total.into()), ("number", t.number(tally.total).into())];
    let number = |text, number: u64| t.with(text, &[("number", t.number(number).into())]);
    let months = months(frame, &tally.months);
    let mut countries: Vec<String> =
        record.scope.countries.iter().map(|country| t.country(country.as_str()).to_owned()).collect();
    countries.sort();
    let chapters: Vec<String> = record.scope.hs_chapters.iter().map(|chapter| format!("{chapter:02}")).collect();
    let page = Page {
        frame,
        party,
        record,
        is_certifier,
        accreditor: state.policy().accreditor(&party.accreditor).map_or("", |accreditor| &accreditor.name),
        standing,
        hold: hold.map(|hold| words::hold(t, verify::Check::Certifier, &hold)),
        period: t.with(T::CertifierSince, &[("from", first.into()), ("until", last.into())]),
        countries,
        chapters: chapters.join(", "),
        topics: (!record.scope.topics.is_empty()).then(|| words::claims(&record.scope.topics)),
        total: t.with(T::CertifierTotal, &total),
        suspended: number(T::CertifierSuspended, tally.suspended),
        withdrawn: number(T::CertifierWithdrawn, tally.withdrawn),
        width: months.len().max(FEWEST) * 12,
        months,
    };
    Some(render(frame, Script::None, NO_STORE, &page))
}

/// The newest months, one bar each. A month without attestations has none, so that a gap is seen.
fn months(frame: &Frame, counts: &BTreeMap<String, Count>) -> Vec<Month> {
    let t = frame.t;
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else { return Vec::new() };
    let all: Vec<String> = between(first, last);
    let shown = all.get(all.len().saturating_sub(MONTHS)..).unwrap_or_default();
    let count = |month: &String| counts.get(month).copied().unwrap_or_default();
    let most = shown.iter().map(|month| count(month).all).max().unwrap_or(1).max(1);
    // What there is of is seen, however little.
    let height = |number: u64| if number == 0 { 0 } else { (number * HEIGHT / most).max(1) };
    let bar = |(place, month): (usize, &String)| {
        let Count { all, bad } = count(month);
        let variables =
            [("month", t.month(month).into()), ("number", t.number(all).into()), ("bad", t.number(bad).into())];
        Month { x: place * 12, all: height(all), bad: height(bad), text: t.with(T::CertifierMonth, &variables) }
    };
    shown.iter().enumerate().map(bar).collect()
}

/// All months from one to another, `YYYY-MM`.
fn between(first: &str, last: &str) -> Vec<String> {
    let number = |month: &str| {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()? - 1)
    };
    let (Some(first), Some(last)) = (number(first), number(last)) else { return Vec::new() };
    (first..=last).map(|month| format!("{:04}-{:02}", month / 12, month % 12 + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_attestations_are_there() {
        assert_eq!(between("2025-11", "2026-02"), ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(between("2026-02", "2026-02"), ["2026-02"]);
    }
}
