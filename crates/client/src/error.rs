//! What can go wrong between this device and a registry, by whose fault it is.

use primitives::Hash;
use registry::DecodeError;
use thiserror::Error;
use tlog::{ExtendsError, NoQuorum, OpenError};
use verify::{BundleError, NotBound, OpenSnapshotError, Reason, SupplementError};

use crate::{MemoryError, ShelfError, counted};

/// Why a registry's answer cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    /// Nothing came back, or not in time.
    #[error("cannot reach {url}: {why}")]
    Network {
        /// What was asked for.
        url: String,
        /// What happened.
        why: String,
    },
    /// The registry refused, and says why.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The answer is not what the API gives.
    #[error("{url} answers something else than the registry's API: {why}")]
    Answer {
        /// What was asked for.
        url: String,
        /// What is wrong.
        why: String,
    },
    /// The checkpoint is not signed by a key that the trust file names.
    #[error("checkpoint of {origin}: {error}")]
    Checkpoint {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: OpenError,
    },
    /// What this device remembers of the log is not signed by a key that the trust file names today.
    #[error("{file}, the newest checkpoint seen: {error}")]
    Remembered {
        /// The memory's file.
        file: String,
        /// What is wrong.
        error: OpenError,
    },
    /// The evidence does not hold.
    #[error("evidence from {origin}: {error}")]
    Evidence {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: BundleError,
    },
    /// Two checkpoints of one log of which neither begins with the other, or no proof that one does.
    #[error("the log of {origin} contradicts itself: {error}; {evidence}")]
    Inconsistent {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: ExtendsError,
        /// Where both are kept.
        evidence: Kept,
    },
    /// A log that is shorter than what this device has seen of it: as it was then, or another one. Only the longer one tells.
    #[error(
        "{origin} shows a log of {}, and had shown one of {newest} before: an old one, or another; {evidence}",
        counted(*.found, "entry")
    )]
    RolledBack {
        /// The registry.
        origin: String,
        /// Entries now.
        found: u64,
        /// Entries seen before.
        newest: u64,
        /// Where both are kept.
        evidence: Kept,
    },
    /// Two snapshots of one tree, both signed, that are not the same.
    #[error("{origin} has signed two snapshots of its log of {}; {evidence}", counted(*.size, "entry"))]
    TwoSnapshots {
        /// The registry.
        origin: String,
        /// Entries of the log.
        size: u64,
        /// Where both heads are kept.
        evidence: Kept,
    },
    /// The entries of a log do not add up to its signed checkpoint.
    #[error(
        "the {} of {origin} add up to the root {}, its checkpoint is signed for {}",
        counted(*.size, "entry"), .found.to_base64(), .expected.to_base64()
    )]
    OtherRoot {
        /// The registry.
        origin: String,
        /// Entries.
        size: u64,
        /// Root of the entries as served.
        found: Hash,
        /// Root in the checkpoint.
        expected: Hash,
    },
    /// The snapshot is not what its registry signed.
    #[error("snapshot from {origin}: {error}")]
    Snapshot {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: OpenSnapshotError,
    },
    /// The snapshot is another than its log binds: somebody else may be shown another.
    #[error("the snapshot of {origin} is not what its log binds: {error}")]
    NotBound {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: NotBound,
    },
    /// The supplement is not what its registry signed.
    #[error("supplement from {origin}: {error}")]
    Supplement {
        /// The registry.
        origin: String,
        /// What is wrong.
        error: SupplementError,
    },
    /// Too few of the witnesses that the trust file names have seen the log.
    #[error("the log of {origin}: {error}")]
    NoQuorum {
        /// The registry.
        origin: String,
        /// How many have.
        error: NoQuorum,
    },
    /// The folder of snapshots.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// This device's memory of the log cannot be read.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The operating system gives no randomness, without which signatures are not verified in batches.
    #[error("no randomness: {0}")]
    Randomness(String),
}

/// What became of two checkpoints that speak against a registry. That they cannot be kept does not make them agree.
#[derive(Debug, Error)]
pub enum Kept {
    /// In this file.
    #[error("both are kept in {0}")]
    In(String),
    /// Nowhere, for this reason.
    #[error("what shows it could not be kept: {0}")]
    Nowhere(Box<str>),
}

/// The code of a [`Refused`] that came without one: whoever answered is no registry.
pub const NO_CODE: &str = "unexpected_status";

/// A refusal by the registry (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail} ({code}, status {status})")]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// Stable code of the reason.
    pub code: String,
    /// The registry's sentence, cut and stripped of control characters.
    pub detail: String,
    /// The log index that stands in the way, where the registry names one. Its word, not proved.
    pub index: Option<u64>,
}

impl Refused {
    /// Whether whoever answered is no registry, and has nothing there: a web server of static files.
    pub fn is_nothing_there(&self) -> bool {
        self.code == NO_CODE && matches!(self.status, 403 | 404 | 410)
    }
}

impl Error {
    /// What a label's verdict is when this happened while it was judged: never the label's fault.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Network { .. } | Self::Refused(_) | Self::Answer { .. } => Reason::Network,
            Self::Checkpoint { error, .. } | Self::Remembered { error, .. } if error.is_unsupported() => {
                Reason::Unsupported
            }
            Self::Snapshot { error, .. } if error.is_unsupported() => Reason::Unsupported,
            Self::Shelf(error) => error.reason(),
            Self::Checkpoint { .. }
            | Self::Inconsistent { .. }
            | Self::RolledBack { .. }
            | Self::OtherRoot { .. }
            | Self::NotBound { .. }
            | Self::TwoSnapshots { .. } => Reason::LogInconsistent,
            Self::Evidence { error, .. } => error.reason(),
            Self::NoQuorum { .. } => Reason::NoQuorum,
            Self::Snapshot { .. }
            | Self::Supplement { .. }
            | Self::Remembered { .. }
            | Self::Memory(_)
            | Self::Randomness(_) => Reason::NoStatus,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Checkpoint { error, .. } | Self::Remembered { error, .. } if error.is_unsupported() => {
                Some("use a program that was built with the feature `ml-dsa`, as it is by default".into())
            }
            Self::Network { .. } => Some("check the network and the registry's `url` in the trust file".into()),
            Self::Refused(refused) if refused.status == 503 => {
                Some("the registry is busy: try again in a moment".into())
            }
            Self::Refused(refused) if refused.code == NO_CODE => {
                Some("check the registry's `url` in the trust file, and what stands between you and it".into())
            }
            Self::Refused(_) | Self::Randomness(_) => None,
            Self::Snapshot { error: OpenSnapshotError::Body(DecodeError::PolicyMismatch { .. }), .. } => Some(
                "the registry works under other accreditors or rules than the trust file names: ask who gave it out"
                    .into(),
            ),
            Self::Snapshot { .. } => Some("run the command again; what was fetched and is whole is kept".into()),
            Self::Supplement { .. } => Some("run the command again; the supplement before is as it was".into()),
            Self::NoQuorum { .. } => Some("ask the registry's operator why its witnesses are silent".into()),
            Self::Shelf(_) => Some("--snapshots DIR names the folder of snapshots".into()),
            Self::Memory(_) => Some("--state DIR names the folder where what is seen is remembered".into()),
            Self::Remembered { file, .. } => Some(format!(
                "the trust file names other log keys than when this was seen; if that is meant, move {file} away"
            )),
            Self::Answer { .. } => Some("check the registry's `url` in the trust file".into()),
            Self::Checkpoint { .. } => {
                Some("check the registry's `log_keys` in the trust file against what its operator publishes".into())
            }
            Self::NotBound { .. } => Some(
                "judge by no snapshot of this registry; verifier audit replays its log, and names what is left out"
                    .into(),
            ),
            Self::Evidence { .. } | Self::OtherRoot { .. } | Self::TwoSnapshots { .. } => {
                Some("use nothing this registry says; tell its operator and the accreditor".into())
            }
            Self::RolledBack { .. } => Some(
                "ask the registry's operator why: nothing can be decided until it shows the newest log again; verifier audit then tells old from another"
                    .into(),
            ),
            Self::Inconsistent { evidence: Kept::In(file), .. } => {
                Some(format!("use nothing this registry says; give {file} to the accreditor and the press"))
            }
            Self::Inconsistent { evidence: Kept::Nowhere(_), .. } => Some(
                "use nothing this registry says; run the command again with --state DIR to keep the evidence".into(),
            ),
        }
    }
}
