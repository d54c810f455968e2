//! Status proof: that a bundle leaves out nothing which changed the status of its attestation or of who issued it, and a snapshot nothing
//! at all.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, Timestamp};
use registry::{Policy, STATUS_ROOT_EVERY_MILLIS, State, StatusRoot};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tlog::{OpenedCheckpoint, leaf_hash, verify_inclusion};

use crate::{BundleEntry, BundleError, CLOCK_TOLERANCE_MILLIS, OpenedSnapshot};

/// The proof as the API gives it (JSON). Its leaves are not in it: whoever checks it makes them from the bundle's entries, as
/// [`State::status_leaf`] says, and where one was left out they are others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusProof {
    /// The status root: an entry of the log, as any other. Its tree is as large as its index.
    pub root: BundleEntry,
    /// Sibling hashes of the attestation's leaf in the status tree, from the leaf up (RFC 9162 §2.1.3), base64; none where the
    /// attestation is newer than the root.
    pub attestation: Vec<String>,
    /// The same for the party that issued it: its leaf has the index at which its first accreditation took effect.
    pub certifier: Vec<String>,
}

/// How far it is known that no entry which decides about an attestation is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complete {
    /// There is nothing to prove: the whole log's state is at hand, or the rules bind no status into the log.
    Given,
    /// Proved for what was received up to a time: that of a status root, or of the log's beginning.
    Until {
        /// Index of the status root, or of the first entry.
        index: u64,
        /// When it was received.
        time: Timestamp,
    },
    /// Not proved.
    Unproved,
}

impl Complete {
    /// Whether it is enough for what is known up to `as_of`: roots come every 5 minutes, and clocks lie up to 5 minutes apart.
    pub const fn reaches(&self, as_of: Timestamp) -> bool {
        match self {
            Self::Given => true,
            Self::Until { time, .. } => {
                let (time, as_of) = (time.millis(), as_of.millis());
                time <= as_of.saturating_add(CLOCK_TOLERANCE_MILLIS)
                    && as_of <= time.saturating_add(STATUS_ROOT_EVERY_MILLIS + CLOCK_TOLERANCE_MILLIS)
            }
            Self::Unproved => false,
        }
    }
}

/// Why a snapshot is not what its log binds.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotBound {
    /// The entry that should show it is not in the log.
    #[error("{0}")]
    Entry(#[from] BundleError),
    /// The log has bound another status of something.
    #[error("the status root of entry {index} is {found}, the snapshot gives {expected}")]
    OtherRoot {
        /// Index of the entry.
        index: u64,
        /// The root in it.
        found: Hash,
        /// Root over what the snapshot says.
        expected: Hash,
    },
    /// The snapshot tells of no root that is young enough.
    #[error("by it the log has bound nothing since {time}, and it is of {as_of}")]
    Late {
        /// Time of the last root that it tells of, or of the log's beginning.
        time: Timestamp,
        /// The snapshot's time.
        as_of: Timestamp,
    },
}

impl NotBound {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Entry(error) => error.code(),
            Self::OtherRoot { .. } => "other_status_root",
            Self::Late { .. } => "status_root_late",
        }
    }
}

impl OpenedSnapshot {
    /// Log index of the entry that shows whether it is what its log binds: the last status root that it tells of, else the first entry
    /// that was to have one. `None` where the rules ask for none.
    pub fn bound_at(&self) -> Option<u64> {
        let first = self.state().policy().first_bound().filter(|first| *first < self.state().size())?;
        Some(self.state().last_status_root().map_or(first, |(index, _)| index))
    }

    /// Holds it against that entry: a snapshot that leaves out an entry which changed a status, or makes one up, shows. What a snapshot says
    /// of the entries that it names is the registry's signed word: whoever replays the log finds out, and the head proves it.
    ///
    /// # Errors
    /// [`NotBound`].
    pub fn check_bound(&self, shown: &BundleEntry) -> Result<(), NotBound> {
        let index = shown.index;
        let no_root = BundleError::NoStatusRoot(index);
        if self.bound_at() != Some(index) {
            return Err(no_root.into());
        }
        let entry = shown.included(self.head().checkpoint())?;
        let time = registry::received_at(&entry).ok_or_else(|| no_root.clone())?;
        if self.state().last_status_root().is_some() {
            let found = StatusRoot::decode(&entry).ok_or_else(|| no_root.clone())?.root;
            let expected = self.state().status_root(index).ok_or(no_root)?;
            if found != expected {
                return Err(NotBound::OtherRoot { index, found, expected });
            }
        }
        if (Complete::Until { index, time }).reaches(self.as_of()) {
            Ok(())
        } else {
            Err(NotBound::Late { time, as_of: self.as_of() })
        }
    }
}

/// A status root that the log holds.
pub(crate) struct Bound<'p> {
    proof: &'p StatusProof,
    root: StatusRoot,
}

impl StatusProof {
    pub(crate) fn open(&self, policy: &Policy, checkpoint: &OpenedCheckpoint) -> Result<Bound<'_>, BundleError> {
        let index = self.root.index;
        let entry = self.root.included(checkpoint)?;
        let root = StatusRoot::decode(&entry).filter(|_| policy.binds_status_at(index));
        Ok(Bound { proof: self, root: root.ok_or(BundleError::NoStatusRoot(index))? })
    }
}

impl Bound<'_> {
    /// Number of entries that the root covers.
    pub(crate) const fn size(&self) -> u64 {
        self.proof.root.index
    }

    /// When it was written.
    pub(crate) const fn time(&self) -> Timestamp {
        self.root.received_at
    }

    pub(crate) const fn complete(&self) -> Complete {
        Complete::Until { index: self.size(), time: self.root.received_at }
    }

    /// Checks the leaves that `state` gives for the entry that the bundle is about and for who issued it. The State is folded from
    /// all entries of the bundle: what came after the root is in no leaf of it.
    pub(crate) fn check(&self, state: &State, index: u64) -> Result<(), BundleError> {
        self.leaf(state, index, &self.proof.attestation)?;
        let party = state.row(index).and_then(|row| state.issuer_of(row));
        party.map_or(Ok(()), |party| self.leaf(state, party.first_index(), &self.proof.certifier))
    }

    fn leaf(&self, state: &State, index: u64, proof: &[String]) -> Result<(), BundleError> {
        let size = self.size();
        if index >= size {
            return Ok(());
        }
        let hashes: Option<Vec<Hash>> = proof.iter().map(|hash| Hash::from_base64(hash)).collect();
        let hashes = hashes.ok_or(BundleError::Base64(index))?;
        let leaf = leaf_hash(&state.status_leaf(index, size));
        verify_inclusion(&leaf, index, size, &hashes, &self.root.root).map_err(|error| BundleError::StatusNotBound {
            index,
            root: size,
            error,
        })
    }
}
