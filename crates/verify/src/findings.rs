//! The findings of one verdict as they come in, and what they add up to.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use primitives::Timestamp;
use registry::Hold;

use crate::{Check, Finding, Found, Outcome, Reason, Source};

pub(crate) struct Findings {
    /// None where nobody will read them: only the reasons are kept then.
    list: Option<Vec<Finding>>,
    reasons: Vec<Reason>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self { list: Some(Vec::with_capacity(14)), reasons: Vec::new() }
    }

    /// Keeps reasons only. Costs nothing where every check passes.
    pub(crate) const fn brief() -> Self {
        Self { list: None, reasons: Vec::new() }
    }

    pub(crate) fn pass<D: Into<Cow<'static, str>>>(
        &mut self,
        check: Check,
        source: Source,
        as_of: Option<Timestamp>,
        detail: impl FnOnce() -> D,
    ) {
        if let Some(list) = &mut self.list {
            let detail = detail().into();
            list.push(Finding { check, outcome: Found::Pass, reason: None, detail, hold: None, source, as_of });
        }
    }

    /// Something that is told and decides nothing.
    pub(crate) fn remark(
        &mut self,
        check: Check,
        outcome: Found,
        source: Source,
        as_of: Timestamp,
        detail: impl FnOnce() -> Cow<'static, str>,
    ) {
        if let Some(list) = &mut self.list {
            list.push(Finding {
                check,
                outcome,
                reason: None,
                detail: detail(),
                hold: None,
                source,
                as_of: Some(as_of),
            });
        }
    }

    /// A check that did not pass. The reason says whether that is a failure, a doubt or a caution.
    pub(crate) fn not_pass<D: Into<Cow<'static, str>>>(
        &mut self,
        check: Check,
        reason: Reason,
        source: Source,
        as_of: Option<Timestamp>,
        detail: impl FnOnce() -> D,
    ) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        let Some(list) = &mut self.list else { return };
        let outcome = match reason.outcome() {
            Outcome::Refused => Found::Fail,
            Outcome::Undecided => Found::Unknown,
            Outcome::Caution | Outcome::Verified => Found::Caution,
        };
        list.push(Finding { check, outcome, reason: Some(reason), detail: detail().into(), hold: None, source, as_of });
    }

    /// Says of the last finding who is behind it.
    pub(crate) fn held(&mut self, hold: Hold) {
        if let Some(last) = self.list.as_mut().and_then(|list| list.last_mut()) {
            last.hold = Some(hold);
        }
    }

    /// The outcome (any failure, else any doubt, else any caution), the reasons, worst first and each once, and the list.
    pub(crate) fn sum(self) -> (Outcome, Vec<Reason>, Vec<Finding>) {
        let Self { list, mut reasons } = self;
        // Stable: within one outcome the order of the checks stays.
        reasons.sort_by_key(|reason| core::cmp::Reverse(reason.outcome()));
        let outcome = reasons.first().map_or(Outcome::Verified, |reason| reason.outcome());
        (outcome, reasons, list.unwrap_or_default())
    }
}
