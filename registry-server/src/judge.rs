//! Judging labels with what the registry itself knows: one call of [`verify::verify`] each.

use std::cell::Cell;
use std::sync::Arc;

use bytes::Bytes;
use label::{Genuine, Label, NotGenuine};
use primitives::{PublicKey, Timestamp};
use registry::State;
use sequencer::{ClockFault, Published, ReadError};
use statement::Serial;
use verify::{Complete, Evidence, Facts, Knowledge, Known, Outcome, Reason, SignatureCheck, Source, Verdict};

use crate::answers::{Answer, Style};
use crate::app::App;
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

/// The log as it is, and the time.
struct Now<'a> {
    log: &'a OpenLog,
    published: Arc<Published<State>>,
    at: Timestamp,
}

impl App {
    /// The verdict about one label, now, rendered; as it was given before, where that still holds.
    pub(crate) async fn answer(
        &self,
        label: &str,
        style: Style,
        render: impl Fn(&Verdict, &Published<State>) -> Result<Bytes, Problem>,
    ) -> Result<Bytes, Problem> {
        let log = self.log();
        let now = self.look(&log);
        // Witnesses that fall silent change what is known, and no entry tells of it.
        if !clock_is_in_doubt(&log)
            && self.cosigned.is_seen(now.at)
            && !self.is_stale(now.at)
            && let Some(answer) = self.answers.given(label, style, now.published.size)
            && let Some(body) = answer.at(now.at)
        {
            self.metrics.verdicts.count(answer.outcome, answer.reason);
            return Ok(body);
        }
        let (verdict, seen) = self.judge_by(label, &now).await;
        self.count(&verdict, style, now.at);
        let body = render(&verdict, &now.published)?;
        // Most labels are scanned once: those would only push out the ones that are not.
        if seen && let Some(answer) = self.lasting(label, style, &now, (&verdict, &body), render) {
            self.answers.keep(label, style, answer);
        }
        Ok(body)
    }

    /// The answer as it holds until something can change it: judged once more, for the last second of that time.
    fn lasting(
        &self,
        label: &str,
        style: Style,
        now: &Now<'_>,
        (verdict, body): (&Verdict, &Bytes),
        render: impl Fn(&Verdict, &Published<State>) -> Result<Bytes, Problem>,
    ) -> Option<Answer> {
        let (state, index) = (&now.published.view, verdict.label.as_ref()?.index);
        // What a clock or a witness made doubtful, it may make clear a moment later.
        let until = state.standing_until(index, now.at.max(state.last_received_at()))?;
        if verdict.reasons.contains(&Reason::Clock) || verdict.reasons.contains(&Reason::NoQuorum) {
            return None;
        }
        let last = Timestamp::from_seconds(until.millis().checked_sub(1)? / 1000);
        let then = Now { log: now.log, published: Arc::clone(&now.published), at: last };
        let last_body = render(&self.judge_with(label, &then, None, &Found::default()), &now.published).ok()?;
        let judged = (now.published.size, verdict.outcome, verdict.reasons.first().copied());
        Answer::between(style, judged, (now.at, body.clone()), (last, &last_body))
    }

    /// Counts the scan of a genuine label by a person, where its certifier has said how many are usual.
    fn count(&self, verdict: &Verdict, style: Style, at: Timestamp) {
        let is_genuine = matches!(verdict.outcome, Outcome::Verified | Outcome::Caution);
        let is_asked_for = verdict.attestation.as_ref().is_some_and(|facts| facts.scan_days.is_some());
        if style.language.is_none() || !is_genuine || !is_asked_for {
            return;
        }
        let (Some(label), Ok(own)) = (&verdict.label, self.own()) else { return };
        if let Ok(serial) = Serial::parse(&label.serial) {
            own.scans.count((label.index, serial.number()), at.day());
        }
    }

    fn look<'a>(&self, log: &'a OpenLog) -> Now<'a> {
        Now { log, published: log.published(), at: self.now() }
    }

    /// The verdict about one label, now.
    pub(crate) async fn judge(&self, label: &str) -> Verdict {
        let log = self.log();
        self.judge_by(label, &self.look(&log)).await.0
    }

    /// The verdict, and whether the label was seen before.
    async fn judge_by(&self, label: &str, now: &Now<'_>) -> (Verdict, bool) {
        let found = Found::default();
        let mut verdict = self.judge_with(label, now, None, &found);
        let seen = found.seen.take();
        // Once more with what the attestation says; the signature is not checked again.
        if let Some(index) = found.missing.take() {
            match self.facts(now.log, &now.published.view, index).await {
                Ok(Some(facts)) => verdict = self.judge_with(label, now, Some(facts), &found),
                Ok(None) => {}
                // The state holds what decides; only what the attestation says beside it is missing.
                Err(error) => tracing::error!(%error, "an attestation could not be read"),
            }
        }
        self.metrics.verdicts.count(verdict.outcome, verdict.reasons.first().copied());
        (verdict, seen)
    }

    fn judge_with(&self, label: &str, now: &Now<'_>, facts: Option<Arc<Facts>>, found: &Found) -> Verdict {
        let Now { log, published, at } = now;
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
            let is_asked_for = facts.as_ref().is_some_and(|facts| facts.scan_days.is_some());
            // A mirror's log is what it was when the source was heard of last.
            let (source, as_of) = match self.mirrored() {
                None => (Source::Registry, *at),
                Some(mirrored) => (Source::Snapshot, mirrored.as_of().min(*at)),
            };
            Known::State(Knowledge {
                state: &published.view,
                size: published.size,
                source,
                as_of,
                produced_at: None,
                good_until: None,
                quorum_met: self.cosigned.covers(index, *at),
                attestation: facts,
                scan_days: self
                    .own()
                    .ok()
                    .filter(|_| is_asked_for)
                    .map(|own| own.scans.days_with_today(label, at.day())),
                complete: Complete::Given,
            })
        };
        let signatures = Signatures { app: self, found };
        verify::verify(&Evidence { label, known: &known, signatures: &signatures }, &self.trust, *at)
    }

    /// Why nothing that changes with time can be told of the attestation at `index` by this log now, if so.
    pub(crate) fn doubt(&self, log: &OpenLog, index: u64) -> Option<Reason> {
        match () {
            () if clock_is_in_doubt(log) => Some(Reason::Clock),
            () if !self.cosigned.covers(index, self.now()) => Some(Reason::NoQuorum),
            () if self.is_stale(self.now()) => Some(Reason::StaleSnapshot),
            () => log.published().view.unsupported_from().map(|_| Reason::Unsupported),
        }
    }

    /// Whether a mirror's source was not heard of for longer than the trust file lets anything be old.
    fn is_stale(&self, at: Timestamp) -> bool {
        let Some(mirrored) = self.mirrored() else { return false };
        let days = self.trust.registry(&self.origin).map_or(0, |registry| registry.snapshot_max_age_days);
        at.millis() > mirrored.as_of().millis().saturating_add(u64::from(days) * 86_400_000)
    }

    /// What the attestation at `index` says; `None` where there is none.
    pub(crate) async fn facts(
        &self,
        log: &OpenLog,
        state: &State,
        index: u64,
    ) -> Result<Option<Arc<Facts>>, ReadError> {
        if let Some(facts) = self.attested.get(state, index) {
            return Ok(Some(facts));
        }
        Ok(log.entry(index).await?.and_then(|entry| self.attested.read(state, index, &entry)))
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
    fn check<'l>(&'l self, label: &'l Label, key: &PublicKey) -> Result<Genuine<&'l Label>, NotGenuine> {
        if let Some(genuine) = self.app.signatures.known(label, key) {
            self.found.seen.set(true);
            return Ok(genuine);
        }
        self.app.signatures.check(label, key)
    }
}
