//! Judging labels with what the registry itself knows: one call of [`verify::verify`] each.

use std::cell::Cell;
use std::sync::Arc;

use bytes::Bytes;
use label::{Genuine, Label, NotGenuine};
use primitives::{PublicKey, Timestamp};
use registry::State;
use sequencer::{ClockFault, Published};
use verify::{Evidence, Facts, Knowledge, Known, Reason, SignatureCheck, Source, Verdict};

use crate::answers::Answer;
use crate::app::App;
use crate::http::negotiation::Form;
use crate::log::OpenLog;
use crate::problem::Problem;

/// What one judgement found out beside the verdict.
#[derive(Default)]
struct Found {
    /// The attestation whose facts are not at hand.
    missing: Cell<Option<u64>>,
    /// The label's signature had been checked before.
    seen: Cell<bool>,
}

impl App {
    /// The verdict about one label, now, rendered: from memory where the same was asked this very second.
    pub(crate) async fn answer(
        &self,
        label: &str,
        form: Form,
        render: impl FnOnce(&Verdict) -> Result<Bytes, Problem>,
    ) -> Result<Bytes, Problem> {
        let log = self.log();
        let (published, at) = (log.published(), self.now());
        if let Some(answer) = self.answers.given(label, form, published.size, at) {
            self.metrics.verdicts.count(answer.outcome, answer.reason);
            return Ok(answer.body);
        }
        let (verdict, seen) = self.judge_by(label, &log, &published, at).await;
        let body = render(&verdict)?;
        if seen {
            // Most labels are scanned once: those would only push out the ones that are not.
            let (outcome, reason) = (verdict.outcome, verdict.reasons.first().copied());
            let answer = Answer { at, size: published.size, outcome, reason, body: body.clone() };
            self.answers.keep(label, form, answer);
        }
        Ok(body)
    }

    /// The verdict about one label, now.
    pub(crate) async fn judge(&self, label: &str) -> Verdict {
        let log = self.log();
        self.judge_by(label, &log, &log.published(), self.now()).await.0
    }

    /// The verdict, and whether the label was seen before.
    async fn judge_by(
        &self,
        label: &str,
        log: &OpenLog,
        published: &Published<State>,
        at: Timestamp,
    ) -> (Verdict, bool) {
        let found = Found::default();
        let mut verdict = self.judge_with(label, log, published, at, None, &found);
        let seen = found.seen.take();
        // Once more with what the attestation says; the signature is not checked again.
        if let Some(index) = found.missing.take()
            && let Some(facts) = self.facts(log, &published.view, index).await
        {
            verdict = self.judge_with(label, log, published, at, Some(facts), &found);
        }
        self.metrics.verdicts.count(verdict.outcome, verdict.reasons.first().copied());
        (verdict, seen)
    }

    fn judge_with(
        &self,
        label: &str,
        log: &OpenLog,
        published: &Published<State>,
        at: Timestamp,
        facts: Option<Arc<Facts>>,
        found: &Found,
    ) -> Verdict {
        let known = |label: &Label| {
            if *label.origin() != self.origin {
                // Another registry that the trust file names: this server does not speak for it.
                return Known::Missing(Reason::NoStatus);
            }
            if clock_is_in_doubt(log) {
                return Known::Missing(Reason::Clock);
            }
            let index = label.index();
            let facts = facts.clone().or_else(|| self.attested.get(&published.view, index));
            if facts.is_none() && published.view.row(index).is_some() {
                found.missing.set(Some(index));
            }
            Known::State(Knowledge {
                state: &published.view,
                size: published.size,
                source: Source::Registry,
                as_of: at,
                quorum_met: self.quorum_met,
                attestation: facts,
            })
        };
        let signatures = Signatures { app: self, found };
        verify::verify(&Evidence { label, known: &known, signatures: &signatures }, &self.trust, at)
    }

    /// What the attestation at `index` says; `None` where there is none, or it cannot be read now.
    pub(crate) async fn facts(&self, log: &OpenLog, state: &State, index: u64) -> Option<Arc<Facts>> {
        if let Some(facts) = self.attested.get(state, index) {
            return Some(facts);
        }
        match log.entry(index).await {
            Ok(entry) => self.attested.read(state, index, &entry?),
            Err(error) => {
                tracing::error!(%error, "an attestation could not be read");
                None
            }
        }
    }
}

/// Whether the clock has gone another way than time: no day of validity can be told by it then. A clock behind the log is
/// found by [`verify::verify`] itself.
fn clock_is_in_doubt(log: &OpenLog) -> bool {
    matches!(log.clock(), Err(ClockFault::Jumped { .. } | ClockFault::BeyondFormat { .. }))
}

/// The remembered signatures, and whether this one was among them.
struct Signatures<'a> {
    app: &'a App,
    found: &'a Found,
}

impl SignatureCheck for Signatures<'_> {
    fn check(&self, label: &Label, key: &PublicKey) -> Result<Genuine, NotGenuine> {
        if let Some(genuine) = self.app.signatures.known(label, key) {
            self.found.seen.set(true);
            return Ok(genuine);
        }
        self.app.signatures.check(label, key)
    }
}
