//! The head of a snapshot: what the log's key signs about a body.
//!
//! ```text
//! ethical-label-snapshot/v1⏎
//! <origin>⏎
//! <bytes of the body>⏎
//! <bytes of its index>⏎
//! <SHA-256 of its index, base64>⏎
//! <produced at, RFC 3339, whole seconds>⏎
//! <expires at, likewise>⏎
//! ⏎
//! <the checkpoint: a signed note, as served, its cosignatures with it>
//! ⏎
//! — <origin> <signature by the log's key>⏎
//! ```
//!
//! No checkpoint begins so, since an origin has no slash: a signature under one of them never passes for one under the other.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, Signer, Timestamp};
use thiserror::Error;
use tlog::{Note, NoteError, OpenError, OpenedCheckpoint, SignNoteError, SignatureType, Vkey};

use crate::snapshot::SnapshotBody;

/// First line of a head.
pub const SNAPSHOT_VERSION: &str = "ethical-label-snapshot/v1";

/// Largest index read: 1 million chunks, 4 billion attestations.
const MAX_INDEX: u32 = 1 << 26;

/// A head whose signature was checked, as was that of the checkpoint in it. Only [`SnapshotHead::open`] builds one.
#[derive(Debug, Clone)]
pub struct SnapshotHead {
    note: Note,
    body_length: u64,
    index_length: u32,
    index_digest: Hash,
    produced_at: Timestamp,
    expires_at: Timestamp,
    checkpoint: OpenedCheckpoint,
}

/// Why bytes are not the head of a registry's snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// Not a signed note.
    #[error("head: {0}")]
    Note(#[from] NoteError),
    /// Not signed by a log key of that origin.
    #[error("head: {0}")]
    Signature(OpenError),
    /// Of another version.
    #[error("head begins with {0:?}, expected {SNAPSHOT_VERSION:?}")]
    UnknownVersion(String),
    /// A line is not what it should be.
    #[error("head: {line} is {found:?}, expected {expected}")]
    Line {
        /// Which line.
        line: &'static str,
        /// What stands there, cut to 80 characters.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The checkpoint in it does not open.
    #[error("checkpoint: {0}")]
    Checkpoint(OpenError),
    /// The snapshot is another registry's.
    #[error("snapshot is of {found}, expected {expected}")]
    OtherLog {
        /// The origin in the head or its checkpoint.
        found: String,
        /// The registry's origin.
        expected: String,
    },
}

impl SnapshotError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Note(error) => error.code(),
            Self::Signature(error) | Self::Checkpoint(error) => error.code(),
            Self::UnknownVersion(_) => "unknown_version",
            Self::Line { .. } => "snapshot_head",
            Self::OtherLog { .. } => "other_log",
        }
    }
}

impl SnapshotHead {
    /// Signs the head of a body that was made of the State under this checkpoint.
    ///
    /// # Errors
    /// [`SignNoteError`].
    pub fn sign(
        body: &SnapshotBody<'_>,
        checkpoint: &str,
        produced_at: Timestamp,
        expires_at: Timestamp,
        signer: &dyn Signer,
    ) -> Result<Note, SignNoteError> {
        let origin = body.state.policy().origin.as_str();
        let text = format!(
            "{SNAPSHOT_VERSION}\n{origin}\n{}\n{}\n{}\n{}\n{}\n\n{checkpoint}",
            body.length(),
            body.index.len(),
            Hash::of(&body.index).to_base64(),
            Timestamp::from_seconds(produced_at.seconds()),
            Timestamp::from_seconds(expires_at.seconds()),
        );
        Note::sign(&text, origin, signer)
    }

    /// Reads a head and checks both signatures: the head's by one of `keys` that is a log key of this origin, and the
    /// checkpoint's. `keys` are the log's and the witnesses'.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn open(bytes: &[u8], origin: &str, keys: &[Vkey]) -> Result<Self, SnapshotError> {
        let note = Note::parse(bytes)?;
        let (version, rest) = note.text().split_once('\n').unwrap_or((note.text(), ""));
        if version != SNAPSHOT_VERSION {
            return Err(SnapshotError::UnknownVersion(cut(version)));
        }
        let log_keys: Vec<Vkey> = keys
            .iter()
            .filter(|key| key.signature_type() == SignatureType::Ed25519 && key.name() == origin)
            .cloned()
            .collect();
        let mut lines = rest.splitn(8, '\n');
        let mut line = || lines.next().unwrap_or_default();
        let (found, body_length, index_length, digest, produced, expires) =
            (line(), line(), line(), line(), line(), line());
        let other = |found: &str| SnapshotError::OtherLog { found: cut(found), expected: origin.to_owned() };
        if found != origin {
            return Err(other(found));
        }
        note.clone().open(&log_keys).map_err(SnapshotError::Signature)?;
        let bad = |line, found: &str, expected| SnapshotError::Line { line, found: cut(found), expected };
        let body_length = tlog::parse_decimal(body_length)
            .ok_or_else(|| bad("length of the body", body_length, "a decimal number"))?;
        let index_length = tlog::parse_decimal(index_length)
            .and_then(|length| u32::try_from(length).ok())
            .filter(|length| *length <= MAX_INDEX && u64::from(*length) <= body_length)
            .ok_or_else(|| bad("length of the index", index_length, "a decimal number, at most the body's"))?;
        let index_digest =
            Hash::from_base64(digest).ok_or_else(|| bad("digest of the index", digest, "base64 of 32 bytes"))?;
        let produced_at = Timestamp::parse_second(produced)
            .ok_or_else(|| bad("produced at", produced, "an RFC 3339 time in whole seconds"))?;
        let expires_at =
            Timestamp::parse_second(expires).filter(|expires| *expires >= produced_at).ok_or_else(|| {
                bad("expires at", expires, "an RFC 3339 time in whole seconds, not before it was produced")
            })?;
        let empty = line();
        if !empty.is_empty() {
            return Err(bad("line before the checkpoint", empty, "an empty line"));
        }
        let checkpoint = OpenedCheckpoint::open(line().as_bytes(), keys).map_err(SnapshotError::Checkpoint)?;
        if checkpoint.origin() != origin {
            return Err(other(checkpoint.origin()));
        }
        Ok(Self { note, body_length, index_length, index_digest, produced_at, expires_at, checkpoint })
    }

    /// The head as it was read.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Bytes of the whole body.
    pub const fn body_length(&self) -> u64 {
        self.body_length
    }

    /// Bytes of the index, with which the body begins.
    pub const fn index_length(&self) -> u32 {
        self.index_length
    }

    /// SHA-256 of the index: through it, of every bit of the body.
    pub const fn index_digest(&self) -> Hash {
        self.index_digest
    }

    /// When the registry made it, by its own word.
    pub const fn produced_at(&self) -> Timestamp {
        self.produced_at
    }

    /// From when on the registry does not stand by it any more.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The log that it is a snapshot of.
    pub const fn checkpoint(&self) -> &OpenedCheckpoint {
        &self.checkpoint
    }
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}
