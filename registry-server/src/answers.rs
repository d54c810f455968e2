//! Answers about labels that were given this very second.
//!
//! A verdict is a function of the label's text, the log and the time, and the time is taken in whole seconds: asked again within
//! the second, of the same log, the answer is the same bytes. A code that goes round on a screen is scanned by thousands at
//! once; judging it takes some microseconds, and finding the answer a tenth of that.

use bytes::Bytes;
use primitives::Timestamp;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use verify::{Outcome, Reason};

use crate::http::negotiation::Form;

/// Bytes for answers: some thousands of them.
const BYTES: u64 = 16 << 20;
/// Bytes of one beside its texts.
const BYTES_EACH: u64 = 128;

/// Rendered verdicts by label and form.
pub(crate) struct Answers(Cache<(Form, Box<str>), Answer, Weight>);

/// A rendered verdict.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// When it was judged.
    pub(crate) at: Timestamp,
    /// Entries of the log that it was judged by.
    pub(crate) size: u64,
    pub(crate) outcome: Outcome,
    /// The first reason.
    pub(crate) reason: Option<Reason>,
    pub(crate) body: Bytes,
}

#[derive(Clone)]
struct Weight;

impl Weighter<(Form, Box<str>), Answer> for Weight {
    fn weight(&self, (_, label): &(Form, Box<str>), answer: &Answer) -> u64 {
        BYTES_EACH + (label.len() + answer.body.len()) as u64
    }
}

/// What is asked, borrowed.
#[derive(Hash)]
struct Asked<'a>(Form, &'a str);

impl Equivalent<(Form, Box<str>)> for Asked<'_> {
    fn equivalent(&self, key: &(Form, Box<str>)) -> bool {
        self.0 == key.0 && *self.1 == *key.1
    }
}

impl Answers {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(4096, BYTES, Weight))
    }

    /// The answer to this question, if it was given of this log in this second.
    pub(crate) fn given(&self, label: &str, form: Form, size: u64, at: Timestamp) -> Option<Answer> {
        self.0.get(&Asked(form, label)).filter(|answer| answer.size == size && answer.at == at)
    }

    pub(crate) fn keep(&self, label: &str, form: Form, answer: Answer) {
        self.0.insert((form, label.into()), answer);
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

    #[test]
    fn an_answer_holds_for_its_label_form_log_and_second_only() {
        let answers = Answers::new();
        let at = Timestamp::from_seconds(1_800_000_000);
        let answer = Answer { at, size: 7, outcome: Outcome::Verified, reason: None, body: Bytes::from_static(b"yes") };
        answers.keep("label", Form::Json, answer);
        let later = Timestamp::from_seconds(1_800_000_001);
        for (label, form, size, time, found) in [
            ("label", Form::Json, 7, at, true),
            ("Label", Form::Json, 7, at, false),
            ("label", Form::Html, 7, at, false),
            ("label", Form::Json, 8, at, false),
            ("label", Form::Json, 7, later, false),
        ] {
            assert_eq!(answers.given(label, form, size, time).is_some(), found, "{label} {form:?} {size} {time}");
        }
    }
}
