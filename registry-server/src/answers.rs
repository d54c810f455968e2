//! Answers that were given before and still hold.
//!
//! A verdict is a function of the label's text, the log and the time. While the log stays as it is, time alone changes it only
//! at a few instants, which the law tells (`State::standing_until`): up to the next of them the answer is the same but for the
//! times written in it. A code that goes round on a screen is scanned by thousands; judging it anew costs twenty times as much
//! as finding the answer here.

use std::iter;
use std::ops::Range;

use bytes::Bytes;
use primitives::Timestamp;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use verify::{Outcome, Reason};

use crate::http::negotiation::Form;
use crate::language::Language;
use crate::page::verdict::stamp;
use crate::texts::Texts;

/// Bytes for answers: some 25,000 of them.
const BYTES: u64 = 64 << 20;
/// Bytes of one beside its texts.
const BYTES_EACH: u64 = 160;

/// How a verdict is written: its form, and the language where that is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Style {
    pub(crate) form: Form,
    /// `None` for programs.
    pub(crate) language: Option<Language>,
    /// Whether its links lead on in a language that the reader chose.
    pub(crate) is_chosen: bool,
    /// Whether it was asked for with the label in the query, which its links to other languages then keep.
    pub(crate) is_query: bool,
}

impl Style {
    /// A form for programs.
    pub(crate) const fn for_programs(form: Form) -> Self {
        Self { form, language: None, is_chosen: false, is_query: false }
    }

    /// The time judged, as it stands in the answer.
    fn stamp(self, at: Timestamp) -> String {
        self.language.map_or_else(|| at.to_string(), |language| stamp(Texts::of(language), at))
    }
}

/// Rendered verdicts by label and style.
pub(crate) struct Answers(Cache<(Style, Box<str>), Answer, Weight>);

/// A rendered verdict, and from when to when it holds.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Entries of the log that it was judged by.
    pub(crate) size: u64,
    pub(crate) outcome: Outcome,
    /// The first reason.
    pub(crate) reason: Option<Reason>,
    first: Timestamp,
    last: Timestamp,
    style: Style,
    /// As rendered at `first`.
    body: Bytes,
    /// Where the time stands in it.
    times: Box<[Range<usize>]>,
}

impl Answer {
    /// An answer that was rendered at both ends of the time for which it is to hold; `None` if the two differ in more than the
    /// time itself, as they do where a name holds that time by chance.
    pub(crate) fn between(
        style: Style,
        (size, outcome, reason): (u64, Outcome, Option<Reason>),
        (first, body): (Timestamp, Bytes),
        (last, last_body): (Timestamp, &[u8]),
    ) -> Option<Self> {
        let text = style.stamp(first);
        let times = iter::successors(find(&body, &text, 0), |time| find(&body, &text, time.end)).collect();
        let answer = Self { size, outcome, reason, first, last, style, body, times };
        (answer.at(last)? == last_body).then_some(answer)
    }

    /// The body with this time in it; `None` where it does not hold then.
    pub(crate) fn at(&self, time: Timestamp) -> Option<Bytes> {
        if time == self.first {
            return Some(self.body.clone());
        }
        if !(self.first..=self.last).contains(&time) {
            return None;
        }
        let text = self.style.stamp(time);
        let mut body = Vec::with_capacity(self.body.len() + text.len());
        let mut done = 0;
        for time in &self.times {
            body.extend_from_slice(self.body.get(done..time.start)?);
            body.extend_from_slice(text.as_bytes());
            done = time.end;
        }
        body.extend_from_slice(self.body.get(done..)?);
        Some(body.into())
    }
}

/// Where the text next stands in the body, from this place on.
fn find(body: &[u8], text: &str, from: usize) -> Option<Range<usize>> {
    let place = from + body.get(from..)?.windows(text.len()).position(|window| window == text.as_bytes())?;
    Some(place..place + text.len())
}

#[derive(Clone)]
struct Weight;

impl Weighter<(Style, Box<str>), Answer> for Weight {
    fn weight(&self, (_, label): &(Style, Box<str>), answer: &Answer) -> u64 {
        BYTES_EACH + (label.len() + answer.body.len() + size_of_val(&*answer.times)) as u64
    }
}

/// What is asked, borrowed.
#[derive(Hash)]
struct Asked<'a>(Style, &'a str);

impl Equivalent<(Style, Box<str>)> for Asked<'_> {
    fn equivalent(&self, key: &(Style, Box<str>)) -> bool {
        self.0 == key.0 && *self.1 == *key.1
    }
}

impl Answers {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(usize::try_from(BYTES / 2048).unwrap_or(usize::MAX), BYTES, Weight))
    }

    /// The answer to this question by this log, if it was given before.
    pub(crate) fn given(&self, label: &str, style: Style, size: u64) -> Option<Answer> {
        self.0.get(&Asked(style, label)).filter(|answer| answer.size == size)
    }

    pub(crate) fn keep(&self, label: &str, style: Style, answer: Answer) {
        self.0.insert((style, label.into()), answer);
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").field("answers", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const LAST: Timestamp = Timestamp::from_seconds(1_800_003_599);

    const JSON: Style = Style::for_programs(Form::Json);

    fn between(name: &str) -> Option<Answer> {
        let render = |at: Timestamp| Bytes::from(format!("{at}: {name}, as of {at}"));
        Answer::between(JSON, (7, Outcome::Verified, None), (FIRST, render(FIRST)), (LAST, &render(LAST)))
    }

    #[test]
    fn between_its_ends_an_answer_is_the_same_but_for_the_time() {
        let answer = between("carpet").unwrap();
        for seconds in [0, 1, 1800, 3599] {
            let time = Timestamp::from_seconds(1_800_000_000 + seconds);
            assert_eq!(answer.at(time).unwrap(), format!("{time}: carpet, as of {time}"));
        }
        assert_eq!(answer.at(Timestamp::from_seconds(1_799_999_999)), None);
        assert_eq!(answer.at(Timestamp::from_seconds(1_800_003_600)), None);
    }

    #[test]
    fn a_page_has_the_time_as_its_language_writes_it() {
        for language in Language::ALL {
            let style = Style { form: Form::Html, language: Some(*language), is_chosen: false, is_query: false };
            let render = |at: Timestamp| Bytes::from(format!("carpet ({}).", style.stamp(at)));
            let answer =
                Answer::between(style, (7, Outcome::Verified, None), (FIRST, render(FIRST)), (LAST, &render(LAST)))
                    .unwrap();
            let between = Timestamp::from_seconds(1_800_001_234);
            assert_eq!(answer.at(between).unwrap(), render(between), "{language:?}");
        }
    }

    #[test]
    fn answers_that_differ_in_more_are_not_kept() {
        assert!(between(&FIRST.to_string()).is_none(), "a name that is the time");
        let suspended = Answer::between(
            JSON,
            (7, Outcome::Verified, None),
            (FIRST, Bytes::from(format!("{FIRST} verified"))),
            (LAST, format!("{LAST} refused").as_bytes()),
        );
        assert!(suspended.is_none());
    }

    #[test]
    fn an_answer_is_given_to_its_own_label_form_and_log_only() {
        let answers = Answers::new();
        answers.keep("label", JSON, between("carpet").unwrap());
        let english = Style { form: Form::Html, language: Some(Language::English), is_chosen: false, is_query: false };
        for (label, style, size, found) in [
            ("label", JSON, 7, true),
            ("Label", JSON, 7, false),
            ("label", english, 7, false),
            ("label", JSON, 8, false),
        ] {
            assert_eq!(answers.given(label, style, size).is_some(), found, "{label} {style:?} {size}");
        }
    }
}
