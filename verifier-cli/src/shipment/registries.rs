//! The snapshots of the trusted registries: each opened when the first label names it, none ever asked over a network.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use client::{Memory, MemoryError, Shelf, ShelfError};
use label::Label;
use primitives::Timestamp;
use tlog::OpenedCheckpoint;
use verify::{
    Check, Cleared, Evidence, Finding, Found, Known, OpenedSnapshot, OpenedSupplement, Reason, ShipmentRegistry,
    Source, Strict, Trust, TrustedRegistry, Verdict, When,
};

use crate::clear::outbox::Outbox;
use crate::evidence::now;
use crate::failure::say;

/// What is on the shelf.
pub(crate) struct Registries<'t> {
    trust: &'t Trust,
    shelf: Shelf,
    memory: Memory,
    opened: Vec<OnceLock<Result<OpenedSnapshot, Reason>>>,
    /// The books of this device, and what offices cleared by registry.
    outbox: Option<Outbox>,
    cleared: Vec<OnceLock<(Cleared, Option<Timestamp>)>>,
    /// What a person should be told, once.
    warnings: Mutex<Vec<(String, String)>>,
}

impl<'t> Registries<'t> {
    pub(crate) fn new(trust: &'t Trust, shelf: Shelf, memory: Memory) -> Self {
        let opened = trust.registries.iter().map(|_| OnceLock::new()).collect();
        let cleared = trust.registries.iter().map(|_| OnceLock::new()).collect();
        Self { trust, shelf, memory, opened, outbox: None, cleared, warnings: Mutex::default() }
    }

    /// With what offices cleared, as far as this device knows: the supplements on the shelf, and what it signed itself.
    pub(crate) fn with_clearances(self, state: &Path) -> Self {
        Self { outbox: Some(Outbox::new(state)), ..self }
    }

    pub(crate) const fn trust(&self) -> &'t Trust {
        self.trust
    }

    /// What is known of the registry that a label names.
    pub(crate) fn known(&self, label: &Label) -> Known<'_> {
        match self.number(label).and_then(|number| self.opened(number)) {
            Some(Ok(snapshot)) => Known::State(snapshot.knowledge()),
            Some(Err(reason)) => Known::Missing(*reason),
            None => Known::Missing(Reason::NoStatus),
        }
    }

    /// The registry that a label names, where its snapshot is at hand.
    pub(crate) fn of(&self, label: &Label) -> Option<ShipmentRegistry<'_>> {
        self.numbered(self.number(label)?)
    }

    /// The registry at this place of the trust file, where its snapshot is at hand.
    pub(crate) fn numbered(&self, number: usize) -> Option<ShipmentRegistry<'_>> {
        let snapshot = self.opened(number)?.as_ref().ok()?;
        Some(ShipmentRegistry { number, state: snapshot.state(), cleared: self.cleared(number) })
    }

    /// Up to when it is known what offices cleared; nothing where no supplement is at hand.
    pub(crate) fn cleared_as_of(&self, number: usize) -> Option<Timestamp> {
        self.cleared.get(number)?.get()?.1
    }

    fn cleared(&self, number: usize) -> Option<&Cleared> {
        let (registry, outbox) = (self.trust.registries.get(number)?, self.outbox.as_ref()?);
        let read = || {
            let supplement = self.shelf.supplement(registry).unwrap_or_else(|error| {
                self.warned(error.to_string(), "run `verifier sync --key KEY` where there is a network");
                None
            });
            let as_of = supplement.as_ref().map(OpenedSupplement::produced_at);
            let limit = u64::from(registry.snapshot_max_age_days);
            if let Some(days) = as_of.and_then(|as_of| age_days(as_of, now())).filter(|days| *days >= limit) {
                let origin = &registry.policy.origin;
                let text = format!("what offices cleared is known as of {days} days ago, of the log of {origin}");
                self.warned(text, "run `verifier sync --key KEY` where there is a network");
            }
            let (mut cleared, size) = supplement
                .map_or((Cleared::default(), 0), |supplement| (supplement.cleared().clone(), supplement.size()));
            if let Err(failure) = outbox.add_to(&registry.policy.origin, &mut cleared, size) {
                self.warned(failure.to_string(), "what this device cleared is not held against these labels");
            }
            (cleared, as_of)
        };
        Some(&self.cleared.get(number)?.get_or_init(read).0)
    }

    /// The registry at this place of the trust file, where what is known of it decides about this time: fresh, seen by enough
    /// witnesses, under known rules.
    pub(crate) fn deciding(&self, number: usize, when: When) -> Option<ShipmentRegistry<'_>> {
        let registry = self.numbered(number)?;
        let (trusted, snapshot) = (self.trust.registries.get(number)?, self.opened(number)?.as_ref().ok()?);
        snapshot.knowledge().decides(trusted, when).is_ok().then_some(registry)
    }

    fn warned(&self, text: String, hint: &str) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push((text, hint.to_owned()));
    }

    /// The whole judgement about one label, for somebody to read.
    pub(crate) fn judge(&self, text: &str, when: When) -> Verdict {
        let known = |label: &Label| self.known(label);
        verify::verify(&Evidence { label: text, known: &known, signatures: &Strict }, self.trust, when)
    }

    /// The same, with what offices cleared held against it: for a label that is judged alone.
    pub(crate) fn judge_alone(&self, text: &str, when: When) -> Verdict {
        let mut verdict = self.judge(text, when);
        let is_genuine = verdict.findings.iter().any(|f| f.check == Check::Signature && f.outcome == Found::Pass);
        let Some(label) = Label::parse(text).ok().filter(|_| is_genuine) else { return verdict };
        let number = label.serial().number();
        let lot = self.of(&label).and_then(|registry| registry.cleared?.lot(label.index()));
        if lot.is_some_and(|lot| lot.has(number)) {
            let reason = Reason::AlreadyCleared;
            verdict.findings.push(Finding {
                check: Check::Serial,
                outcome: Found::Caution,
                reason: Some(reason),
                detail: format!("number {number} was cleared before").into(),
                hold: None,
                source: Source::Snapshot,
                as_of: self.number(&label).and_then(|number| self.cleared_as_of(number)),
            });
            verdict.reasons.push(reason);
            verdict.reasons.sort_by_key(|reason| std::cmp::Reverse(reason.outcome()));
            verdict.outcome = verdict.outcome.max(reason.outcome());
        }
        verdict
    }

    /// Says what a person should be told.
    pub(crate) fn warn(&self) {
        for (warning, hint) in self.warnings.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            say("warning", &warning);
            say("hint", &hint);
        }
    }

    /// The snapshots that were used so far: place in the trust file, registry and snapshot.
    pub(crate) fn used(&self) -> impl Iterator<Item = (usize, &TrustedRegistry, &OpenedSnapshot)> {
        let registries = self.trust.registries.iter().zip(&self.opened).enumerate();
        registries.filter_map(|(number, (registry, opened))| Some((number, registry, opened.get()?.as_ref().ok()?)))
    }

    fn number(&self, label: &Label) -> Option<usize> {
        self.trust.registries.iter().position(|registry| registry.policy.origin == *label.origin())
    }

    fn opened(&self, number: usize) -> Option<&Result<OpenedSnapshot, Reason>> {
        let registry = self.trust.registries.get(number)?;
        Some(self.opened.get(number)?.get_or_init(|| self.open(registry)))
    }

    fn open(&self, registry: &TrustedRegistry) -> Result<OpenedSnapshot, Reason> {
        let snapshot = self.shelf.open(registry).map_err(|error| {
            let hint = match &error {
                ShelfError::None(_)
                | ShelfError::Unusable { .. }
                | ShelfError::UnusableSupplement { .. }
                | ShelfError::OlderSupplement { .. } => "run `verifier sync` where there is a network",
                ShelfError::File { .. } => "--snapshots DIR names the folder of snapshots",
            };
            self.warned(error.to_string(), hint);
            error.reason()
        })?;
        if self.outbox.is_some()
            && let Err(error) = self.shelf.supplement(registry)
        {
            // What offices cleared is here, and cannot be read: whether these goods are among it cannot be told.
            self.warned(error.to_string(), "run `verifier sync --key KEY` where there is a network");
            return Err(Reason::NoStatus);
        }
        self.against_memory(registry, &snapshot)?;
        Ok(snapshot)
    }

    fn unremembered(&self, error: &MemoryError) -> Reason {
        self.warned(error.to_string(), "--state DIR names the folder where what is seen is remembered");
        Reason::NoStatus
    }

    /// The snapshot against what this device remembers. Two trees of one size and two roots contradict each other; and a snapshot that is
    /// older than one judged by before decides nothing: a withdrawal that was known must not be forgotten for an older stick.
    fn against_memory(&self, registry: &TrustedRegistry, snapshot: &OpenedSnapshot) -> Result<(), Reason> {
        let origin = &registry.policy.origin;
        let note = self.memory.newest(origin).map_err(|error| self.unremembered(&error))?;
        // A note that other keys signed says nothing about this registry.
        let seen = note.and_then(|note| OpenedCheckpoint::open(&note, &registry.log_keys).ok());
        let checkpoint = snapshot.head().checkpoint();
        if seen.is_some_and(|seen| seen.size() == checkpoint.size() && seen.root() != checkpoint.root()) {
            let text = format!("the snapshot of {origin} contradicts what this device has seen of its log");
            self.warned(text, "run `verifier sync`: it keeps both checkpoints as evidence");
            return Err(Reason::LogInconsistent);
        }
        let newest = self.memory.newest_snapshot(origin).map_err(|error| self.unremembered(&error))?;
        let newest = newest.and_then(|head| verify::open_head(&head, registry).ok());
        let newest = newest.map_or(0, |head| head.checkpoint().size());
        if newest > checkpoint.size() {
            let here = checkpoint.size();
            let text =
                format!("the snapshot of {origin} has {here} entries; this device has judged by one of {newest}");
            self.warned(text, "run `verifier sync`, or take the newer stick");
            return Err(Reason::StaleSnapshot);
        }
        if newest < checkpoint.size() {
            // What cannot be written is not remembered: the verdict of now is as good without it.
            drop(self.memory.remember_snapshot(origin, snapshot.head().note().to_string().as_bytes()));
        }
        Ok(())
    }
}

/// How old a snapshot is, in whole days; none where it is from the future.
pub(crate) fn age_days(as_of: Timestamp, now: Timestamp) -> Option<u64> {
    now.millis().checked_sub(as_of.millis()).map(|millis| millis / 86_400_000)
}
