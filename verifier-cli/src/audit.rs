//! `verifier audit`: reads a registry's whole log, replays it under the law, and holds everything that the registry signed against it.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use client::{Broken, Memory, Registry, Replay, ReplayedTree, counted};
use indicatif::{ProgressBar, ProgressStyle};
use primitives::Hash;
use registry::SnapshotHead;
use tlog::OpenedCheckpoint;
use verify::TrustedRegistry;

use crate::cli::AuditOptions;
use crate::failure::{Failure, say};
use crate::kept::{self, Weight};
use crate::options::TRUST_HINT;
use crate::sync;

/// Entries against the rules that are told one by one.
const MOST_TOLD: usize = 20;

/// Exit status: 0 where everything adds up, 1 where something speaks against a registry, now or by what was kept before, else 3 where one could not be read.
pub(crate) fn run(options: &AuditOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let wanted = |registry: &&TrustedRegistry| {
        let names = |wanted: &String| *wanted == registry.policy.origin.as_str() || *wanted == registry.url;
        options.registry.as_ref().is_none_or(names)
    };
    let registries: Vec<_> = trust.registries.iter().filter(wanted).collect();
    if registries.is_empty() {
        let origin = options.registry.as_deref().map(|origin| format!(" {origin}")).unwrap_or_default();
        return Err(Failure::new(format!("the trust file names no registry{origin}")).hint(TRUST_HINT));
    }
    let memory = options.state.memory();
    let mut audits: Vec<Audit<'_>> =
        registries.into_iter().map(|trusted| Audit::new(trusted, &memory, options.follow)).collect();
    loop {
        let mut status = 0;
        for audit in &mut audits {
            status = sync::worse(status, audit.pass()?);
        }
        // What speaks against a registry does not get better by waiting.
        if !options.follow || status == 1 {
            return Ok(status);
        }
        thread::sleep(Duration::from_secs(options.every.into()));
    }
}

/// The audit of one registry.
struct Audit<'t> {
    trusted: &'t TrustedRegistry,
    memory: &'t Memory,
    /// The log as far as it was read; none before the first pass.
    replay: Option<Replay>,
    /// Whether it is gone on with: then what is shown later is held against the tree that was read.
    follows: bool,
    known: Option<ReplayedTree>,
    /// What was said last: said again only once it is something else.
    told: String,
    /// What was kept before and has been told of, and what it was worth.
    told_of: BTreeMap<String, Weight>,
}

/// What the registry shows at one time.
struct Shown {
    /// None where a copy of the log has none.
    head: Option<SnapshotHead>,
    /// The digest that the replay gives for the snapshot's tree; none where more was read already.
    digest: Option<Hash>,
    checkpoint: OpenedCheckpoint,
}

impl<'t> Audit<'t> {
    fn new(trusted: &'t TrustedRegistry, memory: &'t Memory, follows: bool) -> Self {
        let (told, told_of) = (String::new(), BTreeMap::new());
        Self { trusted, memory, replay: None, follows, known: None, told, told_of }
    }

    /// Reads what is new, and tells what it is.
    fn pass(&mut self) -> Result<u8, Failure> {
        let origin = self.trusted.policy.origin.to_string();
        let mut registry = Registry::new(self.trusted, self.memory.clone());
        if let Some(known) = &self.known {
            registry = registry.knowing(known.clone());
        }
        let bar = ProgressBar::no_length().with_prefix(origin.clone());
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} entries {eta} left") {
            bar.set_style(style);
        }
        let read = self.read(&registry, &bar);
        bar.finish_and_clear();
        let status = match read {
            Ok((replay, shown)) => {
                let status = self.judge(&registry, &replay, &shown)?;
                self.known = replay.kept().cloned();
                self.replay = Some(replay);
                status
            }
            Err(error) => sync::told(&origin, &error),
        };
        Ok(sync::worse(status, self.kept(&registry)))
    }

    /// Tells what was kept before.
    fn kept(&mut self, registry: &Registry<'_>) -> u8 {
        let files = self.memory.kept_before(&self.trusted.policy.origin);
        kept::told_once(files, self.trusted, registry, &mut self.told_of)
    }

    /// The log, up to the newest snapshot's tree, which is held against the replay, and on to the newest checkpoint.
    fn read(&mut self, registry: &Registry<'_>, bar: &ProgressBar) -> Result<(Replay, Shown), client::Error> {
        let anchors = registry.anchors(self.replay.as_ref().map_or("", Replay::last_hour))?;
        let head = registry.snapshot_head_if_any()?;
        let checkpoint = registry.checkpoint()?;
        // What is read from here on in vain is read again.
        let mut replay = match self.replay.take() {
            Some(mut replay) => {
                replay.anchor(anchors);
                replay
            }
            None => {
                let replay = Replay::new(self.trusted.policy.clone(), anchors);
                if self.follows { replay.keeping(ReplayedTree::default()) } else { replay }
            }
        };
        bar.set_length(checkpoint.size());
        let progress = |entries| bar.set_position(entries);
        let mut digest = None;
        if let Some(head) = head.as_ref().filter(|head| replay.size() <= head.checkpoint().size()) {
            registry.replay(&mut replay, head.checkpoint(), &progress)?;
            digest = Some(Hash::of(replay.state().snapshot().index()));
        }
        if replay.size() < checkpoint.size() {
            registry.replay(&mut replay, &checkpoint, &progress)?;
        }
        Ok((replay, Shown { head, digest, checkpoint }))
    }

    fn judge(&mut self, registry: &Registry<'_>, replay: &Replay, shown: &Shown) -> Result<u8, Failure> {
        let origin = &self.trusted.policy.origin;
        let mut status = 0;
        let mut against = |text: String, hint: &str| {
            say("error", &format!("{origin}: {text}"));
            say("hint", hint);
            status = 1;
        };
        let Shown { head, digest, checkpoint } = shown;
        if let (Some(head), Some(digest)) = (head, digest)
            && *digest != head.index_digest()
        {
            let note = head.note().to_string();
            let kept = match self.memory.keep_snapshot_evidence(origin, note.as_bytes(), digest) {
                Ok(file) => format!("its signed head is kept in {}", file.display()),
                Err(error) => format!("its signed head could not be kept: {error}"),
            };
            against(
                format!(
                    "the snapshot is not what its log gives: digest {}, replayed {digest}; {kept}",
                    head.index_digest()
                ),
                "judge by no snapshot of this registry; anyone who replays the log can check that file",
            );
        }
        for anchor in replay.forked() {
            let told = match registry.agree(&anchor.checkpoint, checkpoint) {
                Err(error) => error.to_string(),
                Ok(()) => "its tiles and its entries do not agree".to_owned(),
            };
            against(
                format!("the checkpoint of {} is not of this log: {told}", anchor.hour),
                "the registry signed two histories: show the evidence to its operator and to the witnesses",
            );
        }
        for broken in replay.broken().iter().take(MOST_TOLD) {
            let kept = self.keep(registry, checkpoint, broken);
            against(
                format!("entry {} is against the rules ({}): {}; {kept}", broken.index, broken.rule, broken.why),
                "the registry's gate did not keep to the law, or it backdates: verifier evidence check confirms the file",
            );
        }
        let (told, all) = (replay.broken().len().min(MOST_TOLD), replay.broken_count());
        if let Some(more) = all.checked_sub(told as u64).filter(|more| *more > 0) {
            against(
                format!("{} more against the rules", counted(more, "entry")),
                "they count for nothing in any verdict",
            );
        }
        if status == 0 {
            let told = told_of(self.trusted, replay, shown);
            if told != self.told {
                crate::print(told.as_bytes())?;
                self.told = told;
            }
            if head.is_none() {
                let url = &self.trusted.url;
                say("error", &format!("{origin}: the snapshot could not be compared: {url} has none"));
                say(
                    "hint",
                    "a mirror of static files has the log alone; ask the registry, or a mirror that serves one",
                );
                status = 3;
            }
        }
        Ok(status)
    }

    /// Keeps what confirms it, if it can.
    fn keep(&self, registry: &Registry<'_>, checkpoint: &OpenedCheckpoint, broken: &Broken) -> String {
        let evidence = match registry.bad_entry(checkpoint, broken) {
            Ok(evidence) => evidence,
            Err(error) => return format!("evidence could not be fetched: {error}"),
        };
        let text = serde_json::to_string_pretty(&evidence).unwrap_or_default();
        match self.memory.keep_evidence(&self.trusted.policy.origin, &format!("{text}\n")) {
            Ok(file) => format!("kept in {}", file.display()),
            Err(error) => format!("evidence could not be kept: {error}"),
        }
    }
}

fn told_of(trusted: &TrustedRegistry, replay: &Replay, shown: &Shown) -> String {
    let snapshot = if shown.head.is_some() { "the snapshot is what the log gives; " } else { "" };
    let (state, counts) = (replay.state(), replay.state().counts());
    let times = match (trusted.quorum.threshold(), replay.anchors()) {
        (0, _) => "times of receipt are the registry's word: the trust file asks for no witnesses".to_owned(),
        (_, 0) => "times of receipt are not bounded yet: no hour is kept".to_owned(),
        (_, hours) => format!("times of receipt agree with {} that witnesses saw", counted(hours as u64, "hour")),
    };
    format!(
        "{}: {} replayed, root {}; {}, {}, {}, {}, {} ignored; \
         {snapshot}{times}\n",
        trusted.policy.origin,
        counted(state.size(), "entry"),
        shown.checkpoint.root().to_base64(),
        counted(counts.attestations, "attestation"),
        counted(counts.accreditations, "accreditation"),
        counted(counts.status_changes, "status change"),
        counted(counts.status_roots, "status root"),
        counts.ignored()
    )
}
