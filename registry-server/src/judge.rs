//! Judging labels with what the registry itself knows: one call of [`verify::verify`] each.

use std::cell::Cell;
use std::sync::Arc;

use label::Label;
use primitives::Timestamp;
use registry::State;
use sequencer::{ClockFault, Published};
use verify::{Evidence, Facts, Knowledge, Known, Reason, Source, Verdict};

use crate::app::App;

impl App {
    /// The verdict about one label, now.
    pub(crate) async fn judge(&self, label: &str) -> Verdict {
        let published = self.log().published();
        let at = self.now();
        let (verdict, missing) = self.judge_with(label, &published, at, None);
        let verdict = match missing {
            None => verdict,
            // Once more with what the attestation says; the signature is not checked again.
            Some(index) => match self.facts(&published.view, index).await {
                Some(facts) => self.judge_with(label, &published, at, Some(facts)).0,
                None => verdict,
            },
        };
        let reason = verdict.reasons.first().map_or("", |reason| reason.code());
        self.metrics.verdict(verdict.outcome.code(), reason);
        verdict
    }

    /// The verdict, and the attestation whose facts are not at hand, if that is so.
    fn judge_with(
        &self,
        label: &str,
        published: &Published<State>,
        at: Timestamp,
        facts: Option<Arc<Facts>>,
    ) -> (Verdict, Option<u64>) {
        let missing = Cell::new(None);
        let known = |label: &Label| {
            if *label.origin() != self.origin {
                // Another registry that the trust file names: this server does not speak for it.
                return Known::Missing(Reason::NoStatus);
            }
            if self.clock_is_in_doubt() {
                return Known::Missing(Reason::Clock);
            }
            let index = label.index();
            let facts = facts.clone().or_else(|| self.attested.get(&published.view, index));
            if facts.is_none() && published.view.row(index).is_some() {
                missing.set(Some(index));
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
        let evidence = Evidence { label, known: &known, signatures: &self.signatures };
        let verdict = verify::verify(&evidence, &self.trust, at);
        (verdict, missing.get())
    }

    /// What the attestation at `index` says; `None` where there is none, or it cannot be read now.
    pub(crate) async fn facts(&self, state: &State, index: u64) -> Option<Arc<Facts>> {
        if let Some(facts) = self.attested.get(state, index) {
            return Some(facts);
        }
        match self.log().entry(index).await {
            Ok(entry) => self.attested.read(state, index, &entry?),
            Err(error) => {
                tracing::error!(%error, "an attestation could not be read");
                None
            }
        }
    }

    /// Whether the clock has gone another way than time: no day of validity can be told by it then. A clock behind the
    /// log is found by [`verify::verify`] itself.
    fn clock_is_in_doubt(&self) -> bool {
        matches!(self.log().clock(), Err(ClockFault::Jumped { .. } | ClockFault::BeyondFormat { .. }))
    }
}
