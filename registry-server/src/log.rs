//! Where the registry's data lie, and how its log is opened.
//!
//! ```text
//! <data>/trust.toml     whom to trust: the file that verifiers read, too
//! <data>/log.key        signs checkpoints; not there where --log-key says another place
//! <data>/log-ml-dsa.key signs them too, where the trust file names it
//! <data>/status.key     signs status lists and receipts
//! <data>/witness.key    cosigns checkpoints of other logs, those of `<data>/witness/`
//! <data>/journal/       the truth. `init` makes it, empty: where it is missing it was lost, and `serve` refuses (`lost_log`)
//! <data>/signed         size and root of the last signed checkpoint: an older journal than that is not continued
//! <data>/database/      sled: everything in it can be made again from the journal
//! <data>/private/       what no log has: clearances, reports. It can NOT be made again: back it up as the journal, while it is closed
//! <data>/cosigned       the newest checkpoint that a quorum of witnesses cosigned
//! <data>/checkpoints/   one such an hour. They can NOT be made again
//! <data>/witness/       what was cosigned of other logs. It can NOT be made again, and an older copy makes a liar: see `witness`
//! <data>/mirrored       a mirror's newest checkpoint; it has none of the keys and nothing private: see `mirror`
//! <data>/snapshots/     for verifiers without a network: made again when they are gone
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use registry::{Policy, State};

use sequencer::{
    AlsoSign, Event, Failure, Floor, FollowParts, Opening, Options, Parts, Progress, Reader, Sequencer, SledViews,
    Supervised, Timekeeper,
};
use store::{Bytes, DatabaseOptions, FileJournal};
use verify::TrustedRegistry;

use crate::causes;
use crate::law::RegistryLaw;
use crate::log_key::LogKey;
use crate::mirror;

/// How often a signer that is gone is asked for.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// The log, opened again by itself when its writer stops.
pub(crate) type Log = Supervised<FileJournal, SledViews, RegistryLaw>;
/// The log while it is open.
pub(crate) type OpenLog = Sequencer<FileJournal, SledViews, RegistryLaw>;

/// The log at one size.
pub(crate) type LogReader = Reader<FileJournal, SledViews, State>;

/// Files and folders of a registry's data.
#[derive(Debug, Clone)]
pub(crate) struct Data(PathBuf);

impl Data {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn trust(&self) -> PathBuf {
        self.0.join("trust.toml")
    }

    pub(crate) fn log_key(&self) -> PathBuf {
        self.0.join("log.key")
    }

    pub(crate) fn ml_dsa_key(&self) -> PathBuf {
        self.0.join("log-ml-dsa.key")
    }

    pub(crate) fn status_key(&self) -> PathBuf {
        self.0.join("status.key")
    }

    pub(crate) fn witness_key(&self) -> PathBuf {
        self.0.join("witness.key")
    }

    pub(crate) fn witness(&self) -> PathBuf {
        self.0.join("witness")
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.0.join("checkpoints")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    pub(crate) fn signed(&self) -> PathBuf {
        self.0.join("signed")
    }

    pub(crate) fn cosigned(&self) -> PathBuf {
        self.0.join("cosigned")
    }

    pub(crate) fn mirrored(&self) -> PathBuf {
        self.0.join("mirrored")
    }

    pub(crate) fn mirrored_ahead(&self) -> PathBuf {
        self.0.join("mirrored-ahead")
    }

    pub(crate) fn heard(&self) -> PathBuf {
        self.0.join("heard")
    }

    pub(crate) fn did(&self) -> PathBuf {
        self.0.join("did.json")
    }

    pub(crate) fn snapshot_head(&self) -> PathBuf {
        self.0.join("snapshot-head")
    }

    pub(crate) fn snapshots(&self) -> PathBuf {
        self.0.join("snapshots")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("database")
    }
}

/// What the log is opened with, each time.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) data: Data,
    pub(crate) policy: Arc<Policy>,
    pub(crate) key: LogKey,
    pub(crate) also_sign: Option<AlsoSign>,
    pub(crate) timekeeper: Arc<Timekeeper>,
    pub(crate) clock_ok: bool,
    pub(crate) journal_ok: bool,
}

/// Opens the log, and keeps it open.
///
/// # Errors
/// Why it could not be opened the first time. Later, the reason is logged and opening is tried again.
pub(crate) async fn start(setup: Setup) -> anyhow::Result<Log> {
    let key = setup.key.clone();
    let open = move |floor| {
        let setup = setup.clone();
        async move { open(setup, floor).await.map_err(Reason) }
    };
    let ready = move |failure| signing(key.clone(), failure);
    Supervised::start_when(open, ready, report).await.map_err(|Reason(error)| error)
}

/// Opens a mirror's copy of the log, and keeps it open.
///
/// # Errors
/// Why it could not be opened the first time. Later, the reason is logged and opening is tried again.
pub(crate) async fn follow(
    data: Data,
    registry: TrustedRegistry,
    policy: Arc<Policy>,
    timekeeper: Arc<Timekeeper>,
) -> anyhow::Result<Log> {
    let open = move |_| {
        let (data, policy, timekeeper) = (data.clone(), Arc::clone(&policy), Arc::clone(&timekeeper));
        let registry = registry.clone();
        async move { open_copy(data, registry, policy, timekeeper).await.map_err(Reason) }
    };
    Supervised::start(open, report).await.map_err(|Reason(error)| error)
}

/// What was published is written before it is published, so that the file is never behind it.
async fn open_copy(
    data: Data,
    registry: TrustedRegistry,
    policy: Arc<Policy>,
    timekeeper: Arc<Timekeeper>,
) -> anyhow::Result<OpenLog> {
    let last = mirror::last(&data, &registry)?;
    let (checkpoint, of) = match &last {
        Some(last) => (last.note().to_string().into(), Floor { size: last.size(), root: last.root() }),
        None => (Bytes::new(), Floor { size: 0, root: tlog::EMPTY_ROOT }),
    };
    let (journal, views) = tokio::task::spawn_blocking(move || open_files(&data)).await??;
    let progress = |Progress { entries, of }: Progress| tracing::info!(entries, of, "applying the log");
    let (rules, save_every, progress) = (policy, Options::default().save_every, Some(Arc::new(progress) as _));
    let parts = FollowParts { journal, views, rules, timekeeper, checkpoint, of, save_every, progress };
    Ok(Sequencer::follow(parts).await?)
}

/// Waits until a signer that was gone answers: until then the log can be read as it stands.
async fn signing(key: LogKey, failure: Arc<Failure>) {
    if !matches!(*failure, Failure::Sign(_)) {
        return;
    }
    loop {
        let key = key.clone();
        // Where nobody can tell, opening does.
        if tokio::task::spawn_blocking(move || key.answers()).await.unwrap_or(true) {
            return;
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

/// An error that says its whole chain in one line, as the operator's log needs it.
struct Reason(anyhow::Error);

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&causes::told(self.0.as_ref()))
    }
}

async fn open(setup: Setup, floor: Option<Floor>) -> anyhow::Result<OpenLog> {
    let Setup { data, policy, key, also_sign, timekeeper, clock_ok, journal_ok } = setup;
    let (journal, views) = tokio::task::spawn_blocking(move || open_files(&data)).await??;
    let progress = |Progress { entries, of }: Progress| tracing::info!(entries, of, "reading the log back");
    let options = Options {
        clock_ok,
        journal_ok,
        floor,
        progress: Some(Arc::new(progress)),
        before_signing: key.before_signing(),
        also_sign,
        ..Options::default()
    };
    let origin = policy.origin.to_string();
    let signer = key.signer();
    let parts = Parts { journal, views, rules: policy, timekeeper, signer, origin, options };
    Ok(Sequencer::open(parts).await?)
}

fn open_files(data: &Data) -> anyhow::Result<(FileJournal, SledViews)> {
    let folder = data.journal();
    let journal = FileJournal::open(&folder).with_context(|| format!("journal {}", folder.display()))?;
    if let Some(cut) = journal.cut() {
        tracing::warn!(seq = cut.seq, bytes = cut.bytes, "an append that a crash had left unfinished was cut off");
    }
    let folder = data.database();
    let views = SledViews::open(&folder, data.signed(), DatabaseOptions::default())
        .with_context(|| format!("database {}", folder.display()))?;
    if let Some(doubt) = views.doubt() {
        tracing::warn!(doubt, "the database is made again from the journal");
    }
    Ok((journal, views))
}

fn report(event: Event) {
    match event {
        Event::Stopped(failure) => tracing::error!(code = failure.code(), %failure, "the log takes nothing more"),
        Event::NotYet { error, wait } => tracing::error!(error, ?wait, "the log could not be opened again yet"),
        Event::Reopened(Opening { loaded, replayed, doubt }) => {
            tracing::warn!(loaded, replayed, doubt, "the log is open again");
        }
        Event::GivenUp(failure) => {
            tracing::error!(code = failure.code(), %failure, "another process writes this log: it is given up here");
        }
    }
}
