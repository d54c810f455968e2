//! The newest checkpoint of this log that a quorum of witnesses cosigned.
//!
//! ```text
//! <data>/cosigned    the note, as it is served: a restart goes on with it, so that nobody is shown an older one than before
//! ```
//!
//! Where the trust file asks for a quorum, this is the checkpoint that the world sees: at `/checkpoint`, in proofs, bundles and
//! snapshots. What the log has taken since is served too, under the log's signature alone, where somebody asks for just that: the
//! receipt of a statement, and the evidence about an attestation that has changed since. Else a withdrawal would be kept back for as
//! long as witnesses are silent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use primitives::Timestamp;
use registry::State;
use sequencer::Published;
use tlog::{OpenedCheckpoint, Quorum};
use verify::TrustedRegistry;

use crate::app::App;
use crate::log::OpenLog;
use crate::whole_file;

/// A checkpoint and who cosigned it.
#[derive(Debug, Clone)]
pub(crate) struct Cosigned {
    /// The note, as served.
    pub(crate) note: Bytes,
    /// Entries of its tree.
    pub(crate) size: u64,
    /// From when its age counts: the quorum's time; `None` where the trust file asks for no quorum.
    pub(crate) time: Option<Timestamp>,
    /// Names of those who cosigned, and when.
    pub(crate) cosigners: Vec<(String, Timestamp)>,
    /// The log as it was at that size; `None` for one from before this process.
    pub(crate) published: Option<Arc<Published<State>>>,
}

/// The newest one.
#[derive(Debug)]
pub(crate) struct CosignedLog {
    quorum: Quorum,
    file: PathBuf,
    max_age_millis: u64,
    newest: ArcSwapOption<Cosigned>,
}

impl Cosigned {
    /// `None` where too few of the quorum's witnesses signed, or nobody.
    pub(crate) fn new(
        checkpoint: &OpenedCheckpoint,
        quorum: &Quorum,
        published: Option<Arc<Published<State>>>,
    ) -> Option<Self> {
        let time = quorum.check(checkpoint).ok()?.time();
        let cosigners: Vec<_> = checkpoint.cosigners().iter().map(|it| (it.name().to_owned(), it.time())).collect();
        let note = checkpoint.note().to_string().into();
        (!cosigners.is_empty()).then(|| Self { note, size: checkpoint.size(), time, cosigners, published })
    }

    /// The note as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.note).unwrap_or_default() // It was made from a string.
    }
}

impl CosignedLog {
    /// Reads what was cosigned before, and holds it against the log.
    ///
    /// # Errors
    /// Where the log is not the one that was cosigned: served, it would be the proof that this registry lies.
    pub(crate) fn open(data: &Path, registry: &TrustedRegistry, log: &OpenLog) -> anyhow::Result<Self> {
        let file = data.join("cosigned");
        let quorum = registry.quorum.clone();
        let max_age_millis = u64::from(registry.snapshot_max_age_days) * 86_400_000;
        let this = Self { quorum, file, max_age_millis, newest: ArcSwapOption::empty() };
        let Some(note) = whole_file::read(&this.file).with_context(|| this.file.display().to_string())? else {
            return Ok(this);
        };
        let checkpoint = match OpenedCheckpoint::open(&note, &registry.checkpoint_keys()) {
            Ok(checkpoint) => checkpoint,
            Err(error) => {
                // Witnesses come and go with the trust file; the next round gathers anew.
                tracing::warn!(%error, file = %this.file.display(), "what was cosigned before cannot be opened any more");
                return Ok(this);
            }
        };
        let published = log.published();
        let root = log.reader().root_of(checkpoint.size())?;
        ensure!(
            root == Some(checkpoint.root()),
            "{} holds a checkpoint of {} entries that witnesses cosigned, and the log of {} entries does not begin with it",
            this.file.display(),
            checkpoint.size(),
            published.size
        );
        let at_hand = (published.size == checkpoint.size()).then_some(published);
        this.newest.store(Cosigned::new(&checkpoint, &this.quorum, at_hand).map(Arc::new));
        Ok(this)
    }

    /// The quorum that the trust file asks for.
    pub(crate) const fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    /// Whether the trust file asks for witnesses.
    pub(crate) const fn is_asked_for(&self) -> bool {
        self.quorum.threshold() > 0
    }

    /// The newest one.
    pub(crate) fn newest(&self) -> Option<Arc<Cosigned>> {
        self.newest.load_full()
    }

    /// Makes this one the newest, once it is durable.
    pub(crate) fn publish(&self, cosigned: Arc<Cosigned>) -> std::io::Result<()> {
        whole_file::replace(&self.file, &cosigned.note)?;
        self.newest.store(Some(cosigned));
        Ok(())
    }

    /// Whether enough witnesses have lately seen a log that holds entry `index`.
    pub(crate) fn covers(&self, index: u64, now: Timestamp) -> bool {
        !self.is_asked_for()
            || self.newest.load().as_ref().is_some_and(|newest| index < newest.size && self.is_fresh(newest, now))
    }

    /// Whether enough witnesses have lately seen this log, at whatever size.
    pub(crate) fn is_seen(&self, now: Timestamp) -> bool {
        !self.is_asked_for() || self.newest.load().as_ref().is_some_and(|newest| self.is_fresh(newest, now))
    }

    fn is_fresh(&self, newest: &Cosigned, now: Timestamp) -> bool {
        newest.time.is_some_and(|time| now.millis() <= time.millis().saturating_add(self.max_age_millis))
    }
}

impl App {
    /// The checkpoint that the world sees.
    pub(crate) fn checkpoint(&self) -> Bytes {
        let published = self.log().published();
        self.cosigned_or(&published).map_or_else(|| published.checkpoint.clone(), |cosigned| cosigned.note.clone())
    }

    /// The newest cosigned checkpoint, where it is the one to show: always where a quorum is asked for, else while it is of the
    /// whole log.
    pub(crate) fn cosigned_or(&self, published: &Published<State>) -> Option<Arc<Cosigned>> {
        let newest = self.cosigned.newest()?;
        (self.cosigned.is_asked_for() || newest.size == published.size).then_some(newest)
    }

    /// The log for a snapshot, with its checkpoint's text.
    ///
    /// `None` where the trust file asks for witnesses and what they saw is not at hand, as for a moment after a start: a snapshot that
    /// nobody may decide by would take the place of the last good one.
    pub(crate) fn snapshot_of(&self) -> Option<(Arc<Published<State>>, String)> {
        let published = self.log().published();
        match self.cosigned_or(&published) {
            Some(cosigned) if cosigned.published.is_some() => {
                Some((Arc::clone(cosigned.published.as_ref()?), cosigned.text().to_owned()))
            }
            Some(_) | None if self.cosigned.is_asked_for() => None,
            Some(_) | None => {
                let text = published.checkpoint_text().to_owned();
                Some((published, text))
            }
        }
    }
}
