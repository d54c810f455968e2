//! This registry as a witness of other logs (c2sp.org/tlog-witness): it cosigns a checkpoint only if that extends the last one
//! of the same log that it cosigned, so no log can show two histories to those who ask for its cosignature.
//!
//! ```text
//! <data>/witness.key                            cosigns; signs nothing else. Its vkey has the name <origin>/witness
//! <data>/witness/cosigned                       the last checkpoint cosigned of each log: its note with this witness's cosignature
//! <data>/witness/contradiction-<digest, hex>    two checkpoints of one size that a log signed: see `contradiction`
//! ```
//!
//! **What these files are worth**: a witness that forgets them would cosign any tree as if it were the first it sees. They can not be
//! made again; a backup that is older than the last cosignature makes this witness a liar. Where they are lost, make a new key.
//!
//! Which logs: the registries of the trust files that the operator names (`--witness-trust`), under the log keys in them; the registry's
//! own log is none of them. To witness a log is not to trust it: no accreditor or rule of such a file has any effect here.

pub(crate) mod contradiction;
mod record;
mod records;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::bail;
use primitives::{PublicKey, SecretKey, Signer, Timestamp};
use statement::Origin;
use thiserror::Error;
use tlog::{
    AddCheckpoint, AddCheckpointError, CheckpointError, Note, NoteSignature, OpenError, OpenedCheckpoint, ProofError,
    Vkey, verify_consistency,
};
use tokio::sync::Mutex;
use verify::Trust;

use record::Record;
use records::Records;

/// Checkpoints of one log that may wait for their turn. A log that follows the specification sends one after the other.
const WAITING: usize = 8;
/// Checkpoints of one log that are written in a second at most: each waits for the disk.
const A_SECOND: u32 = 10;

/// The key, and the logs that are watched.
#[derive(Debug)]
pub(crate) struct Witness {
    vkey: Vkey,
    key: SecretKey,
    folder: PathBuf,
    logs: BTreeMap<String, Watched>,
    /// None where no log is watched.
    records: Option<Records>,
}

/// One log.
#[derive(Debug)]
struct Watched {
    keys: Vec<Vkey>,
    /// Held from the check of the old size until the new one is durable: of two checkpoints that do not agree, one is refused.
    record: Mutex<Record>,
    waiting: tokio::sync::Semaphore,
}

/// A request whose log and signature were found to be right.
#[derive(Debug)]
pub(crate) struct Signed {
    request: AddCheckpoint,
    checkpoint: OpenedCheckpoint,
}

/// Why a checkpoint is not cosigned.
#[derive(Debug, Error)]
pub(crate) enum NotCosigned {
    #[error(transparent)]
    Request(#[from] AddCheckpointError),
    #[error(transparent)]
    Checkpoint(CheckpointError),
    #[error("this witness does not watch a log with this origin")]
    UnknownLog,
    #[error("{0}")]
    Signature(OpenError),
    #[error("old size is {old}, expected at most the checkpoint's, {size}")]
    OldBeyondNew { old: u64, size: u64 },
    #[error("the last checkpoint cosigned has size {size}")]
    OldSize { size: u64 },
    #[error("{0}")]
    EmptyTree(CheckpointError),
    #[error("{0}")]
    Inconsistent(#[from] ProofError),
    #[error("checkpoints of this log come faster than they can be written")]
    TooMany,
    #[error("the checkpoint could not be recorded: {0}")]
    Record(std::io::Error),
    #[error("the cosignature could not be made: {0}")]
    Signing(#[from] tlog::SignNoteError),
}

/// What was cosigned cannot be read, or another process cosigns.
#[derive(Debug, Error)]
#[error("what was cosigned, in {}: {why}", folder.display())]
pub(crate) struct NoRecords {
    folder: PathBuf,
    why: std::io::Error,
}

impl NoRecords {
    /// What the operator can do.
    pub(crate) fn hint(&self) -> &'static str {
        if self.why.kind() == std::io::ErrorKind::WouldBlock {
            "one process cosigns at a time: end the other one"
        } else {
            "it cannot be made again, and an older copy would make this witness a liar: move `witness` and `witness.key` aside, which makes a \
             new key, and tell those who list the old one"
        }
    }
}

impl Witness {
    /// Opens the records of the logs in these trust files; `own` is the origin of the registry, which is no log to watch.
    pub(crate) fn open(
        folder: PathBuf,
        own: &Origin,
        key: SecretKey,
        trusts: &[(PathBuf, Trust)],
    ) -> anyhow::Result<Self> {
        let vkey = witness_vkey(own, key.public_key())?;
        let is_witness = trusts.iter().flat_map(|(_, trust)| &trust.registries).any(|it| it.policy.origin != *own);
        let records =
            is_witness.then(|| Records::open(&folder).map_err(|why| NoRecords { folder: folder.clone(), why }));
        let (records, notes) = records.transpose()?.unzip();
        let notes = notes.unwrap_or_default();
        let mut logs = BTreeMap::new();
        for (file, registry) in
            trusts.iter().flat_map(|(file, trust)| trust.registries.iter().map(move |it| (file, it)))
        {
            let origin = registry.policy.origin.to_string();
            if registry.policy.origin == *own {
                continue;
            }
            let record = Record::read(notes.get(&origin).map(Vec::as_slice))?;
            let watched = Watched {
                keys: registry.log_keys.clone(),
                record: Mutex::new(record),
                waiting: tokio::sync::Semaphore::new(WAITING),
            };
            if logs.insert(origin.clone(), watched).is_some() {
                bail!(
                    "{} names {origin}, as another file did: which keys hold is not for this program to choose",
                    file.display()
                );
            }
        }
        Ok(Self { vkey, key, folder, logs, records })
    }

    /// The key that others list in their trust files.
    pub(crate) const fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    /// The origins of the logs that are watched.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().map(String::as_str)
    }

    /// The last checkpoint cosigned of the log whose origin has this SHA-256, in hexadecimal.
    pub(crate) async fn last(&self, origin_hash: &str) -> Option<String> {
        let (_, log) = self.logs.iter().find(|(origin, _)| record::name(origin) == origin_hash)?;
        log.record.lock().await.note().map(ToString::to_string)
    }

    /// Reads a request, and checks that a log that is watched signed its checkpoint.
    pub(crate) fn open_request(&self, body: &[u8]) -> Result<Signed, NotCosigned> {
        let request = AddCheckpoint::parse(body)?;
        let origin = request.checkpoint.text().split('\n').next().unwrap_or_default();
        let log = self.logs.get(origin).ok_or(NotCosigned::UnknownLog)?;
        let checkpoint = OpenedCheckpoint::from_note(request.checkpoint.clone(), &log.keys);
        let checkpoint = checkpoint.map_err(|error| match error {
            // It is the log's, and says what cannot be: 422, as the specification has it.
            OpenError::Checkpoint(error @ CheckpointError::EmptyTreeRoot { .. }) => NotCosigned::EmptyTree(error),
            OpenError::Checkpoint(error) => NotCosigned::Checkpoint(error),
            error @ (OpenError::Note(_)
            | OpenError::AmbiguousKey { .. }
            | OpenError::BadSignature { .. }
            | OpenError::NoKnownSignature
            | OpenError::NoLogSignature { .. }
            | OpenError::NoMlDsaSignature { .. }
            | OpenError::UnsupportedLogKey { .. }) => NotCosigned::Signature(error),
        })?;
        if request.old > checkpoint.size() {
            return Err(NotCosigned::OldBeyondNew { old: request.old, size: checkpoint.size() });
        }
        Ok(Signed { request, checkpoint })
    }

    /// Cosigns a checkpoint, once it is durable that it was: the signature line.
    ///
    /// What a crash leaves: before the record is written, nothing; after it, a cosignature that nobody has seen, of a checkpoint that
    /// the log signed. The log then hears 409 and sends the proof from there.
    pub(crate) async fn cosign(&self, signed: Signed, now: Timestamp) -> Result<String, NotCosigned> {
        let Signed { request, checkpoint } = signed;
        let log = self.logs.get(checkpoint.origin()).ok_or(NotCosigned::UnknownLog)?;
        let _place = log.waiting.try_acquire().map_err(|_| NotCosigned::TooMany)?;
        let mut record = log.record.lock().await;
        if request.old != record.size() {
            return Err(NotCosigned::OldSize { size: record.size() });
        }
        let extends =
            verify_consistency(record.size(), checkpoint.size(), &record.root(), &checkpoint.root(), &request.proof);
        if let Err(error) = extends {
            if let Some(last) = record.note()
                && record.size() == checkpoint.size()
                && record.root() != checkpoint.root()
                && let Err(error) = contradiction::keep(&self.folder, &format!("{last}--\n{}", checkpoint.note()))
            {
                tracing::error!(%error, "the two checkpoints could not be kept");
            }
            return Err(error.into());
        }
        // Anybody can send a checkpoint again. Within the second it has its cosignature already, which costs nothing.
        if record.is(&checkpoint, now)
            && let Some(line) = record.line()
        {
            return Ok(line.to_owned());
        }
        if !record.rate.take(now, A_SECOND) {
            return Err(NotCosigned::TooMany);
        }
        let line = NoteSignature::cosignature_v1(&checkpoint, self.vkey.name(), &self.key, now)?;
        let text = line.to_string();
        let note = only_log(&checkpoint, &log.keys, line)?;
        let records = self.records.as_ref().ok_or(NotCosigned::UnknownLog)?;
        records.keep(checkpoint.origin(), &note).await.map_err(NotCosigned::Record)?;
        *record = record.next(note, text.clone(), &checkpoint, now);
        Ok(text)
    }
}

/// The key under which others know a registry as a witness.
pub(crate) fn witness_vkey(origin: &Origin, key: PublicKey) -> Result<Vkey, tlog::KeyNameError> {
    Vkey::witness(&format!("{origin}/witness"), key)
}

/// The checkpoint under the log's own signatures and this witness's line: what others signed was not checked here.
fn only_log(checkpoint: &OpenedCheckpoint, keys: &[Vkey], line: NoteSignature) -> Result<Note, tlog::SignNoteError> {
    let is_logs = |signature: &&NoteSignature| {
        keys.iter().any(|key| key.id() == signature.id() && key.name() == signature.name())
    };
    let own = checkpoint.note().signatures().iter().filter(is_logs).cloned();
    Ok(Note::from_parts(checkpoint.note().text(), own.chain([line]))?)
}
