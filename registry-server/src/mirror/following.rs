//! A mirror's data folder follows its source.
//!
//! ```text
//! <data>/mirrored                  the newest checkpoint, as it came
//! <data>/mirrored-ahead            the one that entries are being read for
//! <data>/contradiction-<digest>    what the log's key signed and cannot both be true (crate `verify`, `misbehaviour`)
//! ```
//!
//! Each round:
//!
//! 1. The source's checkpoint: the log's signature, the quorum that the trust file asks for, and the proof that its tree begins with all that
//!    is here. *A crash leaves nothing.*
//! 2. Its entries, each bundle proved to be of that tree before it is appended to the journal. *A crash leaves entries that are proved and
//!    not seen; the next round goes on after them.*
//! 3. The checkpoint is written, then published with all that follows from the entries. *A crash leaves the old one or the new one.*
//! 4. The snapshot's head, if its body is the one that the log here gives; the hourly checkpoints; the DID document.
//!
//! The snapshot's head is asked for after the checkpoint, so that it is never of a smaller tree than any checkpoint that was seen before it: its
//! body can be made from the log as it passes that size.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use bytes::Bytes;
use primitives::Hash;
use sequencer::Floor;
use tlog::{Bundle, Frontier, MAX_NOTE_SIZE, OpenedCheckpoint, TILE_WIDTH, width_in};
use tokio::runtime::Handle;
use tokio::sync::watch;
use verify::{OtherRoot, TrustedRegistry, TwoNotes, Unconfirmed};

use super::mirrored::Mirrored;
use super::proofs::Proofs;
use crate::anchors;
use crate::app::App;
use crate::bundles;
use crate::causes;
use crate::cosigned::Cosigned;
use crate::follow_error::FollowError;
use crate::hours::{self, Place};
use crate::log::{Data, OpenLog};
use crate::log_source::SourceError;
use crate::progress::Progress;
use crate::whole_file;
use crate::witness::contradiction;

const WIDTH: u64 = TILE_WIDTH as u64;
/// Between two looks at what seldom changes.
const SELDOM: Duration = Duration::from_secs(300);
/// Longest wait for a source that is gone.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What follows.
pub(super) struct Follower {
    app: Arc<App>,
    registry: TrustedRegistry,
    data: Data,
    newest: Option<OpenedCheckpoint>,
    /// What is wrong with what is copied beside the log, each told once.
    told: BTreeSet<&'static str>,
    seldom: Option<Instant>,
    stop: watch::Receiver<bool>,
    runtime: Handle,
}

/// The checkpoint that was mirrored last, as it is on the disk.
pub(crate) fn last(data: &Data, registry: &TrustedRegistry) -> anyhow::Result<Option<OpenedCheckpoint>> {
    read(&data.mirrored(), registry)
}

fn read(file: &std::path::Path, registry: &TrustedRegistry) -> anyhow::Result<Option<OpenedCheckpoint>> {
    let place = || file.display().to_string();
    let Some(note) = whole_file::read(file).with_context(place)? else { return Ok(None) };
    verify::open_checkpoint(&note, registry).map(Some).with_context(place)
}

fn floor(checkpoint: &OpenedCheckpoint) -> Floor {
    Floor { size: checkpoint.size(), root: checkpoint.root() }
}

impl Follower {
    pub(super) fn new(
        app: Arc<App>,
        registry: TrustedRegistry,
        data: Data,
        newest: Option<OpenedCheckpoint>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let (told, runtime) = (BTreeSet::new(), Handle::current());
        Self { app, registry, data, newest, told, seldom: None, stop, runtime }
    }

    /// Whether there is a log to serve.
    pub(super) const fn has_log(&self) -> bool {
        self.newest.is_some()
    }

    /// Entries that are served.
    pub(super) fn size(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.size())
    }

    /// Takes over what the source has beyond the log here. Gives whether the log grew. Blocks.
    ///
    /// # Errors
    /// [`FollowError`]. What was here is served as it was.
    pub(super) fn round(&mut self) -> Result<bool, FollowError> {
        let source = self.mirrored().source.clone();
        let note = source.checkpoint()?;
        let checkpoint = verify::open_checkpoint(&note, &self.registry)?;
        let before = self.size();
        self.take(checkpoint, &note)?;
        for beside in [Self::snapshot, Self::hours, Self::seldom] {
            match beside(self) {
                Ok(()) => {}
                Err(error @ (FollowError::Log(_) | FollowError::Stopped | FollowError::Contradiction { .. })) => {
                    return Err(error);
                }
                // The log is followed without them.
                Err(error) if self.told.insert(error.code()) => {
                    tracing::warn!(
                        code = error.code(),
                        hint = error.hint(),
                        "beside the log: {}",
                        causes::told(&error)
                    );
                }
                Err(_) => {}
            }
        }
        Ok(self.size() > before)
    }

    fn mirrored(&self) -> &Mirrored {
        self.app.mirrored().expect("a follower is made for a mirror")
    }

    fn log(&self) -> Arc<OpenLog> {
        self.app.log()
    }

    /// 1 to 3.
    fn take(&mut self, checkpoint: OpenedCheckpoint, note: &[u8]) -> Result<(), FollowError> {
        let log = self.log();
        if let Some(newest) = &self.newest
            && checkpoint.size() <= newest.size()
        {
            if log.reader().root_of(checkpoint.size())? != Some(checkpoint.root()) {
                return Err(self.contradiction(&checkpoint));
            }
            if checkpoint.size() < newest.size() {
                return Err(FollowError::Behind { found: checkpoint.size(), here: newest.size() });
            }
            let time = self.registry.quorum.check(&checkpoint)?.time();
            // Cosigned anew, or by one more; what was cosigned earlier is an old copy of the same tree.
            let is_same = newest.note().to_string().as_bytes() == note;
            if is_same || self.registry.quorum.check(newest).is_ok_and(|newest| newest.time() > time) {
                return Ok(());
            }
            return self.publish(&log, checkpoint, note);
        }
        self.registry.quorum.check(&checkpoint)?;
        let here = self.taken_over(&log, Vec::new())?;
        if checkpoint.size() < here.size {
            return Err(FollowError::Behind { found: checkpoint.size(), here: here.size });
        }
        let mirrored = self.mirrored();
        let proofs = Proofs::new(&mirrored.source, &checkpoint);
        if let Err(error) = proofs.begins_with(here) {
            // Its tiles may be damaged; what they prove all the same is told.
            let proved = matches!(error, FollowError::Unproved { .. }).then(|| self.contradiction(&checkpoint));
            let is_proof = |error: &FollowError| matches!(error, FollowError::Contradiction { .. });
            return Err(proved.filter(is_proof).unwrap_or(error));
        }
        self.write(&self.data.mirrored_ahead(), note)?;
        self.entries(&log, &proofs, here.size, checkpoint.size())?;
        self.publish(&log, checkpoint, note)
    }

    /// Appends the entries from `here` up to `size`.
    fn entries(&self, log: &OpenLog, proofs: &Proofs<'_>, here: u64, size: u64) -> Result<(), FollowError> {
        let source = &self.mirrored().source;
        let mut progress = Progress::new("mirroring");
        bundles::in_order(source, size, here / WIDTH..size.div_ceil(WIDTH), |index, bytes| {
            if *self.stop.borrow() {
                return Err(FollowError::Stopped);
            }
            let bytes = Bytes::from(bytes);
            let bundle = Bundle::decode(&bytes, width_in(0, index, size));
            let bundle = bundle.map_err(|error| SourceError::Bundle { place: source.to_string(), source: error })?;
            let mut tree = Frontier::new();
            bundle.leaf_hashes().for_each(|leaf| tree.push(leaf));
            proofs.has_bundle(index, tree.root())?;
            let known = usize::try_from(here.saturating_sub(index * WIDTH)).unwrap_or(usize::MAX);
            let entries = bundle.entries().iter().skip(known).map(|entry| bytes.slice_ref(entry)).collect();
            progress.at(self.taken_over(log, entries)?.size, size);
            Ok(())
        })
    }

    fn taken_over(&self, log: &OpenLog, entries: Vec<Bytes>) -> Result<Floor, FollowError> {
        self.runtime.block_on(log.take_over(entries)).map_err(FollowError::Log)
    }

    fn publish(&mut self, log: &OpenLog, checkpoint: OpenedCheckpoint, note: &[u8]) -> Result<(), FollowError> {
        self.write(&self.data.mirrored(), note)?;
        let published = self.runtime.block_on(log.publish_as(note.to_vec().into(), floor(&checkpoint)));
        // It is on the disk: the log goes on with it once it is open again.
        self.newest = Some(checkpoint);
        published.map_err(FollowError::Log)?;
        self.cosigned(log)
    }

    /// Shows who cosigned the newest checkpoint.
    pub(super) fn cosigned(&self, log: &OpenLog) -> Result<(), FollowError> {
        let Some(newest) = &self.newest else { return Ok(()) };
        let Some(cosigned) = Cosigned::new(newest, self.app.cosigned.quorum(), Some(log.published())) else {
            return Ok(());
        };
        self.app
            .cosigned
            .publish(Arc::new(cosigned))
            .map_err(|source| FollowError::Io { file: self.data.cosigned().display().to_string(), source })
    }

    fn snapshot(&mut self) -> Result<(), FollowError> {
        let Some(note) = self.mirrored().source.get("v1/snapshot", 2 * MAX_NOTE_SIZE as u64)? else { return Ok(()) };
        if self.app.snapshots.head().is_some_and(|head| head == note) {
            return Ok(());
        }
        let head = verify::open_head(&note, &self.registry)?;
        let checkpoint = head.checkpoint().clone();
        self.registry.quorum.check(&checkpoint)?;
        let size = checkpoint.size();
        if size > self.size() {
            let text = checkpoint.note().to_string();
            self.take(checkpoint, text.as_bytes())?;
        }
        let published = self.log().published();
        if published.size != size {
            // Signed anew: its body was made as the log passed that size. Else the next one will be.
            return match self.app.snapshots.body(&head.index_digest().to_string()).filter(|body| body.exists()) {
                Some(_) => self.keep_head(&note),
                None => Ok(()),
            };
        }
        let made = Hash::of(published.view.snapshot().index());
        if made != head.index_digest() {
            let file = self.keep_evidence(&head.note().to_string())?;
            return Err(FollowError::OtherSnapshot { size, found: head.index_digest(), expected: made, file });
        }
        self.app.snapshots.make_body(&published).map_err(|error| FollowError::Io {
            file: self.data.snapshots().display().to_string(),
            source: std::io::Error::other(causes::told(error.as_ref())),
        })?;
        self.keep_head(&note)
    }

    fn keep_head(&self, note: &[u8]) -> Result<(), FollowError> {
        self.write(&self.data.snapshot_head(), note)?;
        self.app.snapshots.show(note.to_vec().into());
        Ok(())
    }

    /// Hourly checkpoints, where the trust file asks for witnesses: each of this log, as far as it is here.
    fn hours(&mut self) -> Result<(), FollowError> {
        let after = self.app.anchors.last().unwrap_or_default();
        if after >= anchors::hour(self.app.now()) {
            return Ok(());
        }
        let source = self.mirrored().source.clone();
        let place = |checkpoint: &OpenedCheckpoint| {
            if *self.stop.borrow() {
                return Err(FollowError::Stopped);
            }
            if checkpoint.size() > self.size() {
                return Ok(Place::Ahead);
            }
            match self.log().reader().root_of(checkpoint.size())? {
                Some(root) if root == checkpoint.root() => Ok(Place::Here),
                Some(_) | None => Err(self.contradiction(checkpoint)),
            }
        };
        let failed = |source| FollowError::Io { file: self.data.checkpoints().display().to_string(), source };
        hours::follow(&source, &self.registry, after, place, |_, cosigned| {
            self.app.anchors.keep(cosigned).map_err(failed)
        })
    }

    /// What changes with the source's keys only.
    fn seldom(&mut self) -> Result<(), FollowError> {
        let mirrored = self.mirrored();
        if mirrored.copies.did().is_some() && self.seldom.is_some_and(|last| last.elapsed() < SELDOM) {
            return Ok(());
        }
        mirrored.copies.take_did(&mirrored.source, &self.app.origin)?;
        self.seldom = Some(Instant::now());
        Ok(())
    }

    /// What a checkpoint that is not of the log here proves, with those that were seen before: kept, if it proves anything.
    fn contradiction(&self, other: &OpenedCheckpoint) -> FollowError {
        let ahead = read(&self.data.mirrored_ahead(), &self.registry).ok().flatten();
        let mut proved = FollowError::Unproved {
            source_url: self.mirrored().source.to_string(),
            size: other.size(),
            what: "what is here".into(),
        };
        for ours in self.newest.iter().chain(&ahead) {
            let notes = match self.two_notes(ours, other) {
                Ok(notes) => notes,
                // Its tiles are of no use: whether they would prove anything is not known.
                Err(error) => {
                    proved = error;
                    continue;
                }
            };
            match notes.confirm(&self.app.trust) {
                Ok(confirmed) => {
                    return match self.keep_evidence(&notes.to_string()) {
                        Ok(file) => FollowError::Contradiction { said: confirmed.0, file },
                        Err(error) => error,
                    };
                }
                Err(
                    Unconfirmed::Form(_)
                    | Unconfirmed::NoRegistry(_)
                    | Unconfirmed::NotSigned(_)
                    | Unconfirmed::Agrees(_)
                    | Unconfirmed::Open(_),
                ) => {}
            }
        }
        proved
    }

    fn two_notes(&self, ours: &OpenedCheckpoint, other: &OpenedCheckpoint) -> Result<TwoNotes, FollowError> {
        let (size, here) = (other.size(), ours.size());
        if size == here {
            return Ok(TwoNotes::of(ours, other, None));
        }
        if size > here {
            let other_root = Proofs::new(&self.mirrored().source, other).other_root(here)?;
            return Ok(TwoNotes::of(ours, other, Some(other_root)));
        }
        let reader = self.log().reader();
        let of_ours = match (reader.root_of(size)?, reader.consistency(size)?) {
            (Some(root), Some(proof)) => Some(OtherRoot { root, proof }),
            (Some(_) | None, _) => None,
        };
        Ok(TwoNotes::of(other, ours, of_ours))
    }

    fn keep_evidence(&self, evidence: &str) -> Result<String, FollowError> {
        let folder = self.data.folder();
        let kept = contradiction::keep(folder, evidence);
        kept.map(|file| file.display().to_string())
            .map_err(|source| FollowError::Io { file: folder.display().to_string(), source })
    }

    fn write(&self, file: &std::path::Path, bytes: &[u8]) -> Result<(), FollowError> {
        whole_file::replace(file, bytes).map_err(|source| FollowError::Io { file: file.display().to_string(), source })
    }
}

/// One round, on a thread that may wait; its outcome is noted and told. Gives whether it went well.
pub(super) async fn round(mut follower: Follower) -> anyhow::Result<(Follower, Result<bool, FollowError>)> {
    let (follower, followed) = tokio::task::spawn_blocking(move || {
        let followed = follower.round();
        (follower, followed)
    })
    .await?;
    let (app, now) = (&follower.app, follower.app.now());
    let mirrored = follower.mirrored();
    match &followed {
        Ok(grew) => {
            app.metrics.round("followed");
            if mirrored.is_in_trouble() {
                tracing::info!(entries = follower.size(), "the source is followed again");
            } else if *grew {
                tracing::info!(entries = follower.size(), "mirrored");
            }
            mirrored.heard(now);
        }
        Err(error) => {
            app.metrics.round(error.code());
            // Told once for as long as it stays the same: a source may be gone for days.
            if mirrored.failed(error.code(), now) {
                let (code, hint) = (error.code(), error.hint());
                if let FollowError::Contradiction { .. } = error {
                    tracing::error!(code, hint, "{}; what was mirrored before is served on", causes::told(error));
                } else {
                    tracing::warn!(code, hint, "{}; what is here is served on", causes::told(error));
                }
            }
        }
    }
    Ok((follower, followed))
}

/// Follows until told to stop.
pub(super) async fn keep(mut follower: Follower, every: Duration) {
    let (app, mut stop) = (Arc::clone(&follower.app), follower.stop.clone());
    let mut wait = Duration::ZERO;
    loop {
        let woken = async {
            match app.mirrored() {
                Some(mirrored) => mirrored.wake.notified().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = woken => {}
            // An error means that the server was dropped.
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let followed = match round(follower).await {
            Ok((back, followed)) => {
                follower = back;
                followed
            }
            Err(error) => return tracing::error!(%error, "the source is not followed any more"),
        };
        wait = if followed.is_ok() { every } else { (wait * 2).clamp(every, LONGEST_WAIT.max(every)) };
    }
}
