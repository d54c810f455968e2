//! What the signer signs, and what it does not.

use std::io;
use std::path::Path;

use primitives::{Hash, SignError, Signer};
use registry::{SNAPSHOT_VERSION, SnapshotError, SnapshotHead};
use statement::Origin;
use thiserror::Error;
use tlog::{Checkpoint, CheckpointError, EMPTY_ROOT, Note, ProofError, SignNoteError, Vkey, verify_consistency};
use verify::SUPPLEMENT_VERSION;

use super::record::Record;
use super::wire::{Answer, Request};
use crate::log_key::LogKey;

/// The key, and the last tree that it signed.
#[derive(Debug)]
pub(super) struct Judgement {
    key: LogKey,
    record: Record,
}

/// Why something is not signed.
#[derive(Debug, Error)]
pub(super) enum NotSigned {
    #[error("this is no request that this signer knows")]
    Request,
    #[error("no checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("the checkpoint has lines after its root, expected none")]
    Extension,
    #[error("the origin {0:?} is no registry's")]
    Origin(String),
    #[error("the log is {found}, expected {expected}: a signer signs one log")]
    OtherLog { found: String, expected: String },
    #[error("the tree has {found} entries, and one of {signed} is signed: a journal that is older must not go on")]
    Rollback { found: u64, signed: u64 },
    #[error(
        "a tree of {size} entries with the root {signed} is signed, and this one has the root {found}: a second history"
    )]
    Fork { size: u64, signed: Hash, found: Hash },
    #[error("the proof begins with {found} entries, expected {signed}, the last size that was signed")]
    OldSize { found: u64, signed: u64 },
    #[error("the tree does not extend the one of {signed} entries that is signed: {source}")]
    Inconsistent { signed: u64, source: ProofError },
    #[error("what was signed last cannot be read or written: {0}")]
    State(io::Error),
    #[error("no snapshot of what this signer signed: {0}")]
    Snapshot(SnapshotError),
    #[error("no head of a supplement")]
    Supplement,
    #[error("the text begins with {0:?}: no kind that this signer signs")]
    Kind(String),
    #[error("{0}")]
    Key(#[from] SignError),
    #[error("{0}")]
    Note(#[from] SignNoteError),
}

impl NotSigned {
    /// A stable name for programs.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Checkpoint(error) => error.code(),
            Self::Extension => "extension",
            Self::Origin(_) => "origin",
            Self::OtherLog { .. } => "other_log",
            Self::Rollback { .. } => "rollback",
            Self::Fork { .. } => "fork",
            Self::OldSize { .. } => "old_size",
            Self::Inconsistent { .. } => "inconsistent",
            Self::State(_) => "state",
            Self::Snapshot(_) => "snapshot",
            Self::Supplement => "supplement",
            Self::Kind(_) => "kind",
            Self::Key(_) | Self::Note(_) => "key",
        }
    }
}

impl Judgement {
    pub(super) fn open(state: &Path, key: LogKey) -> anyhow::Result<Self> {
        Ok(Self { key, record: Record::open(state)? })
    }

    /// The last checkpoint signed.
    pub(super) fn last(&self) -> Result<Option<Checkpoint>, NotSigned> {
        self.record.read().map_err(NotSigned::State)
    }

    /// Answers any bytes. Not to be called for two requests at once: of two trees that do not agree, one must see the other.
    pub(super) fn answer(&self, request: &[u8]) -> Answer {
        let answered = match Request::parse(request) {
            None => Err(NotSigned::Request),
            Some(Request::Last) => self.last().map(|last| {
                let size = last.map_or(0, |last| last.size());
                Answer::Last { key: self.key.public_key(), size }
            }),
            Some(Request::Checkpoint { old, proof, text }) => self.checkpoint(old, &proof, &text),
            Some(Request::Statement { text }) => self.statement(&text),
        };
        answered.unwrap_or_else(|error| {
            tracing::warn!(reason = error.code(), %error, "not signed");
            Answer::No { reason: error.code().to_owned(), why: error.to_string() }
        })
    }

    fn checkpoint(&self, old: u64, proof: &[Hash], text: &str) -> Result<Answer, NotSigned> {
        let checkpoint = Checkpoint::parse(text)?;
        if !checkpoint.extensions().is_empty() {
            return Err(NotSigned::Extension);
        }
        Origin::parse(checkpoint.origin()).map_err(|_| NotSigned::Origin(checkpoint.origin().to_owned()))?;
        let last = self.last()?;
        let (size, root) = last.as_ref().map_or((0, EMPTY_ROOT), |last| (last.size(), last.root()));
        if let Some(last) = &last {
            check_origin(checkpoint.origin(), last)?;
        }
        if checkpoint.size() < size {
            return Err(NotSigned::Rollback { found: checkpoint.size(), signed: size });
        }
        if checkpoint.size() == size && checkpoint.root() != root {
            return Err(NotSigned::Fork { size, signed: root, found: checkpoint.root() });
        }
        // The same tree gives the same bytes: signing it again is no fork, and needs no proof.
        if checkpoint.size() > size {
            if old != size {
                return Err(NotSigned::OldSize { found: old, signed: size });
            }
            verify_consistency(size, checkpoint.size(), &root, &checkpoint.root(), proof)
                .map_err(|source| NotSigned::Inconsistent { signed: size, source })?;
        }
        // Before the signature: one that left and was forgotten could have a twin. A crash after it leaves a tree that is remembered
        // and was not signed, which the server, whose journal had it first, asks for again.
        if last.as_ref() != Some(&checkpoint) {
            self.record.write(&checkpoint).map_err(NotSigned::State)?;
        }
        Ok(Answer::Signed(self.key.sign(text.as_bytes())?))
    }

    /// What is said of the log in other forms than a checkpoint: only about a tree that was signed.
    fn statement(&self, text: &str) -> Result<Answer, NotSigned> {
        let kind = text.split('\n').next().unwrap_or_default();
        if kind != SNAPSHOT_VERSION && kind != SUPPLEMENT_VERSION {
            return Err(NotSigned::Kind(kind.chars().take(64).collect()));
        }
        let last = self.last()?.ok_or(NotSigned::Rollback { found: 0, signed: 0 })?;
        if kind == SNAPSHOT_VERSION {
            return self.snapshot(text, &last);
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let [_, origin, size, _, _, _, _, ""] = lines.as_slice() else { return Err(NotSigned::Supplement) };
        check_origin(origin, &last)?;
        let size = tlog::parse_decimal(size).ok_or(NotSigned::Supplement)?;
        if size > last.size() {
            return Err(NotSigned::OldSize { found: size, signed: last.size() });
        }
        Ok(Answer::Signed(self.key.sign(text.as_bytes())?))
    }

    /// The checkpoint in the head has this key's signature, which it has only if it was signed here. It is seen by opening the head as
    /// its readers will; the signature on the head itself leaves only if that goes well.
    fn snapshot(&self, text: &str, last: &Checkpoint) -> Result<Answer, NotSigned> {
        let vkey = Vkey::log(last.origin(), self.key.public_key()).map_err(SignNoteError::from)?;
        let signature = self.key.sign(text.as_bytes())?;
        let again = Given { key: &self.key, signature };
        let note = Note::sign(text, last.origin(), &again)?;
        let head = SnapshotHead::open(note.to_string().as_bytes(), last.origin(), &[vkey]);
        let head = head.map_err(NotSigned::Snapshot)?;
        let checkpoint = head.checkpoint();
        if checkpoint.size() > last.size() {
            return Err(NotSigned::OldSize { found: checkpoint.size(), signed: last.size() });
        }
        if checkpoint.size() == last.size() && checkpoint.root() != last.root() {
            let (size, signed, found) = (last.size(), last.root(), checkpoint.root());
            return Err(NotSigned::Fork { size, signed, found });
        }
        Ok(Answer::Signed(signature))
    }
}

fn check_origin(found: &str, last: &Checkpoint) -> Result<(), NotSigned> {
    if found == last.origin() {
        return Ok(());
    }
    Err(NotSigned::OtherLog { found: found.chars().take(64).collect(), expected: last.origin().to_owned() })
}

/// A signature that is made already: a token is slow.
struct Given<'a> {
    key: &'a LogKey,
    signature: primitives::Signature,
}

impl Signer for Given<'_> {
    fn public_key(&self) -> primitives::PublicKey {
        self.key.public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<primitives::Signature, SignError> {
        Ok(self.signature)
    }
}
