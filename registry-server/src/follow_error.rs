//! Why another copy of a log is not followed.

use std::io;
use std::sync::Arc;

use primitives::Hash;
use thiserror::Error;

use crate::counted;
use crate::log_source::SourceError;

/// Why a mirror does not follow, or does not open.
#[derive(Debug, Error)]
pub(crate) enum FollowError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{file}")]
    Io { file: String, source: io::Error },
    #[error("{0} is locked: another mirror writes this folder")]
    Locked(String),
    #[error("{folder} is damaged: {why}")]
    Damaged { folder: String, why: String },
    #[error("the checkpoint is not this log's: {0}")]
    Checkpoint(#[from] verify::BundleError),
    #[error("the checkpoint is not cosigned as the trust file asks: {0}")]
    NoQuorum(#[from] tlog::NoQuorum),
    #[error("the checkpoint is of {}, and {here} are here", counted::entries(*.found))]
    Behind { found: u64, here: u64 },
    #[error(
        "the entries do not add up to the signed checkpoint of {size}: root {}, expected {}",
        .found.to_base64(), .expected.to_base64()
    )]
    OtherRoot { size: u64, found: Hash, expected: Hash },
    #[error(
        "the checkpoint of {found} entries does not agree with the {here} entries here, and its tiles do not prove it; both checkpoints are in \
         {folder}, as checkpoint and refused-checkpoint"
    )]
    Forked { found: u64, here: u64, folder: String },
    #[error("{said}; the evidence is in {file}")]
    Contradiction { said: String, file: String },
    #[error("the tiles of {source_url} do not prove what its checkpoint of {size} entries says of {what}")]
    Unproved { source_url: String, size: u64, what: String },
    #[error(
        "the snapshot of {size} entries has the digest {found}, and its log gives {expected}; its signed head is in {file}"
    )]
    OtherSnapshot { size: u64, found: Hash, expected: Hash, file: String },
    #[error("the snapshot's head is not this log's: {0}")]
    Snapshot(#[from] registry::SnapshotError),
    #[error("{what} at {source_url} is not what it should be: {why}")]
    Copy { source_url: String, what: String, why: String },
    #[error("the log here: {0}")]
    Log(Arc<sequencer::Failure>),
    #[error("the log here: {0}")]
    Read(#[from] sequencer::ReadError),
    #[error("told to stop")]
    Stopped,
}

impl FollowError {
    /// A stable name for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Source(error) => error.code(),
            Self::Io { .. } => "folder_io",
            Self::Locked(_) => "folder_locked",
            Self::Damaged { .. } => "folder_damaged",
            Self::Checkpoint(error) => error.code(),
            Self::NoQuorum(error) => error.code(),
            Self::Behind { .. } => "behind",
            Self::OtherRoot { .. } => "other_root",
            Self::Forked { .. } | Self::Contradiction { .. } => "forked",
            Self::Unproved { .. } => "unproved",
            Self::OtherSnapshot { .. } => "other_snapshot",
            Self::Snapshot(error) => error.code(),
            Self::Copy { .. } => "bad_copy",
            Self::Log(failure) => failure.code(),
            Self::Read(error) => error.code(),
            Self::Stopped => "stopped",
        }
    }

    /// Whether to ask again may help: it is the other side that is wrong, and it may be a proxy between.
    pub(crate) const fn may_pass(&self) -> bool {
        match self {
            Self::Source(_)
            | Self::Checkpoint(_)
            | Self::NoQuorum(_)
            | Self::Behind { .. }
            | Self::OtherRoot { .. }
            | Self::Unproved { .. }
            | Self::OtherSnapshot { .. }
            | Self::Snapshot(_)
            | Self::Copy { .. }
            | Self::Log(_)
            | Self::Read(_)
            | Self::Stopped => true,
            Self::Io { .. }
            | Self::Locked(_)
            | Self::Damaged { .. }
            | Self::Forked { .. }
            | Self::Contradiction { .. } => false,
        }
    }

    /// What a person can do about it.
    pub(crate) const fn hint(&self) -> &'static str {
        match self {
            Self::Source(_) => "is the URL right, and is a registry or a mirror there?",
            Self::Io { .. } => "is the folder writable, and is there room?",
            Self::Locked(_) => "stop the other one, or choose another folder",
            Self::Damaged { .. } => {
                "remove the file `checkpoint` in it: the log is then read again from its first entry"
            }
            Self::Checkpoint(_) => "is it this trust file's registry that answers there?",
            Self::NoQuorum(_) => "its witnesses may be late: it is tried again, or try again",
            Self::Behind { .. } => "an old copy answers there: it is tried again, or try again",
            Self::OtherRoot { .. } => {
                "what is served there is damaged, or it is another log than what was mirrored before"
            }
            Self::Forked { .. } => {
                "keep the folder as it is, and show both checkpoints to others: verifier compare-checkpoints --help"
            }
            Self::Contradiction { .. } | Self::OtherSnapshot { .. } => {
                "keep the file, and show it to others: verifier evidence check confirms it without a network"
            }
            Self::Unproved { .. } => {
                "what is served there is damaged, or it is another log than what was mirrored before"
            }
            Self::Snapshot(_) | Self::Copy { .. } => "is it this trust file's registry that answers there?",
            Self::Log(_) | Self::Read(_) => "is there room on the disk? The log is opened again by itself",
            Self::Stopped => "start it again: it goes on where it was",
        }
    }
}
