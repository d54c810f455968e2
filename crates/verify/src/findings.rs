//! The findings of one verdict as they come in, and what they add up to.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use primitives::Timestamp;

use crate::{Check, Finding, Found, Outcome, Reason, Source};

pub(crate) struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self { list: Vec::with_capacity(13) }
    }

    pub(crate) fn pass(
        &mut self,
        check: Check,
        source: Source,
        as_of: Option<Timestamp>,
        detail: impl Into<Cow<'static, str>>,
    ) {
        self.list.push(Finding { check, outcome: Found::Pass, reason: None, detail: detail.into(), source, as_of });
    }

    /// A check that did not pass. The reason says whether that is a failure, a doubt or a caution.
    pub(crate) fn not_pass(
        &mut self,
        check: Check,
        reason: Reason,
        source: Source,
        as_of: Option<Timestamp>,
        detail: impl Into<Cow<'static, str>>,
    ) {
        let outcome = match reason.outcome() {
            Outcome::Refused => Found::Fail,
            Outcome::Undecided => Found::Unknown,
            Outcome::Caution | Outcome::Verified => Found::Caution,
        };
        self.list.push(Finding { check, outcome, reason: Some(reason), detail: detail.into(), source, as_of });
    }

    /// The outcome (any failure, else any doubt, else any caution), the reasons, worst first and each once, and the list.
    pub(crate) fn sum(self) -> (Outcome, Vec<Reason>, Vec<Finding>) {
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in self.list.iter().filter_map(|finding| finding.reason) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        // Stable: within one outcome the order of the checks stays.
        reasons.sort_by_key(|reason| core::cmp::Reverse(reason.outcome()));
        let outcome = reasons.first().map_or(Outcome::Verified, |reason| reason.outcome());
        (outcome, reasons, self.list)
    }
}
