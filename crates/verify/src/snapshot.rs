//! A snapshot that opened: a whole registry's state, on a device that need not ask anybody.

use primitives::{Hash, Timestamp};
use registry::{DecodeError, SnapshotError, SnapshotHead, SnapshotIndex, State};
use thiserror::Error;
use tlog::Quorate;

use crate::{Knowledge, Reason, Source, TrustedRegistry};

/// A registry's snapshot whose signatures, size and every bit were checked. Only [`OpenedSnapshot::open`] builds one.
#[derive(Debug, Clone)]
pub struct OpenedSnapshot {
    head: SnapshotHead,
    state: State,
    quorate: Option<Quorate>,
}

/// Why a snapshot cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenSnapshotError {
    /// The head.
    #[error("snapshot: {0}")]
    Head(#[from] SnapshotError),
    /// The body cannot be read to its end.
    #[error("snapshot ends before its {0} bytes")]
    Truncated(u64),
    /// The index is not the one that was signed.
    #[error("index of the snapshot does not have the digest that its head is signed for")]
    WrongDigest,
    /// The body is not of the length or size that its head says.
    #[error("snapshot has {found} {what}, its head says {expected}")]
    OtherSize {
        /// Bytes or entries.
        what: &'static str,
        /// In the index.
        found: u64,
        /// In the head.
        expected: u64,
    },
    /// The body.
    #[error("snapshot: {0}")]
    Body(#[from] DecodeError),
}

impl OpenSnapshotError {
    /// Whether it is this program that falls short: it cannot check a signature that the trust file asks for.
    pub const fn is_unsupported(&self) -> bool {
        matches!(self, Self::Head(SnapshotError::Checkpoint(error)) if error.is_unsupported())
    }
}

impl OpenSnapshotError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Head(error) => error.code(),
            Self::Truncated(_) => "truncated",
            Self::WrongDigest => "wrong_digest",
            Self::OtherSize { .. } => "other_size",
            Self::Body(error) => error.code(),
        }
    }

    /// What a label's verdict is where its registry's snapshot cannot be used: never the label's fault.
    pub const fn reason(&self) -> Reason {
        Reason::NoStatus
    }
}

/// Reads a body's index and holds it against its head.
///
/// # Errors
/// [`OpenSnapshotError`].
pub fn open_index(
    head: &SnapshotHead,
    index: &[u8],
    registry: &TrustedRegistry,
) -> Result<SnapshotIndex, OpenSnapshotError> {
    if index.len() as u64 != u64::from(head.index_length()) || Hash::of(index) != head.index_digest() {
        return Err(OpenSnapshotError::WrongDigest);
    }
    let index = SnapshotIndex::decode(registry.policy.clone(), index)?;
    for (what, found, expected) in
        [("entries", index.size(), head.checkpoint().size()), ("bytes", index.body_length(), head.body_length())]
    {
        if found != expected {
            return Err(OpenSnapshotError::OtherSize { what, found, expected });
        }
    }
    Ok(index)
}

/// Reads a head and checks its signatures under the keys that the trust file names.
///
/// # Errors
/// [`SnapshotError`].
pub fn open_head(head: &[u8], registry: &TrustedRegistry) -> Result<SnapshotHead, SnapshotError> {
    SnapshotHead::open(head, registry.policy.origin.as_str(), &registry.checkpoint_keys())
}

impl OpenedSnapshot {
    /// Checks head and body. `read` gives the bytes of the body at an offset, or nothing where they cannot be read.
    ///
    /// # Errors
    /// [`OpenSnapshotError`]. That too few witnesses saw the log is no error: the verdicts say so.
    pub fn open<B: AsRef<[u8]>>(
        head: &[u8],
        registry: &TrustedRegistry,
        mut read: impl FnMut(u64, u32) -> Option<B>,
    ) -> Result<Self, OpenSnapshotError> {
        let head = open_head(head, registry)?;
        let index = read(0, head.index_length()).ok_or(OpenSnapshotError::Truncated(head.body_length()))?;
        let index = open_index(&head, index.as_ref(), registry)?;
        let state = index.load(|place| read(place.offset, place.length))?;
        let quorate = registry.quorum.check(head.checkpoint()).ok();
        Ok(Self { head, state, quorate })
    }

    /// Its head.
    pub const fn head(&self) -> &SnapshotHead {
        &self.head
    }

    /// The state, for questions.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Whether as many witnesses as the trust file asks for have seen its log.
    pub const fn quorum_met(&self) -> bool {
        self.quorate.is_some()
    }

    /// From when its age counts: from the witnesses' time where they are asked for, since an operator can put a new date on an old
    /// tree; else from when the registry says that it made it.
    pub fn as_of(&self) -> Timestamp {
        let seen = self.quorate.and_then(|quorate| quorate.time());
        seen.map_or(self.head.produced_at(), |seen| seen.min(self.head.produced_at()))
    }

    /// What is known from it.
    pub fn knowledge(&self) -> Knowledge<'_> {
        Knowledge {
            state: &self.state,
            size: self.state.size(),
            source: Source::Snapshot,
            as_of: self.as_of(),
            produced_at: Some(self.head.produced_at()),
            good_until: Some(self.head.expires_at()),
            quorum_met: self.quorum_met(),
            attestation: None,
            scan_days: None,
            complete: crate::Complete::Given,
        }
    }
}
