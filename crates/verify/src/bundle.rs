//! Evidence bundle: the log entries that decide about one attestation, proved under one signed checkpoint.
//!
//! A registry cannot make an entry up or change one. That it left none out, a withdrawal say, the bundle's status proof shows, up to
//! the last status root of the log: a few minutes ago. That its times of
//! receipt never go back shows in the whole log only: a mirror or an audit sees it, a bundle does not.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{Hash, Timestamp, base64};
use registry::{Folded, Ignored, State};
use serde::{Deserialize, Serialize};
use statement::{Attestation, Entry, Kind, Statement, Token};
use thiserror::Error;
use tlog::{
    NotIncluded, OpenError, OpenedCheckpoint, Proof, ProofError, ProofFormatError, Quorate, leaf_hash, verify_inclusion,
};

use crate::status_proof::Bound;
use crate::{Complete, Facts, Knowledge, Reason, Source, StatusProof, TrustedRegistry};

/// Most entries that a bundle may have: far more than the accreditations and holds of any one party.
pub const MAX_ENTRIES: usize = 10_000;

/// The bundle as the API gives it (JSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Log index of the attestation that it is about.
    pub index: u64,
    /// The signed checkpoint (c2sp.org/tlog-checkpoint).
    pub checkpoint: String,
    /// The entries, by ascending index.
    pub entries: Vec<BundleEntry>,
    /// That no entry which decides is missing; none where the log has no status root yet, or the rules ask for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusProof>,
}

/// One log entry and its inclusion proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleEntry {
    /// Log index.
    pub index: u64,
    /// The entry's bytes, base64.
    pub entry: String,
    /// Sibling hashes from the leaf up (RFC 9162 §2.1.3), base64.
    pub proof: Vec<String>,
}

/// A bundle that held: every entry is in the log that the checkpoint is of. Only [`Bundle::open`] builds one.
#[derive(Debug, Clone)]
pub struct OpenedBundle {
    index: u64,
    state: State,
    checkpoint: OpenedCheckpoint,
    quorate: Option<Quorate>,
    attestation: Option<Arc<Facts>>,
    complete: Complete,
}

/// Why a bundle or proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BundleError {
    /// The checkpoint is not signed by a key that the trust file names.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] OpenError),
    /// The checkpoint is another log's.
    #[error("checkpoint is of {found}, expected {expected}")]
    OtherLog {
        /// The origin in the checkpoint.
        found: String,
        /// The registry's origin.
        expected: String,
    },
    /// An entry is not in the log.
    #[error("entry {index} is not in the log: {error}")]
    NotIncluded {
        /// Which entry.
        index: u64,
        /// Why not.
        error: ProofError,
    },
    /// A proof that is about another entry than the one asked for.
    #[error("proof is for entry {found}, expected {expected}")]
    OtherEntry {
        /// The index in the proof.
        found: u64,
        /// The index expected.
        expected: u64,
    },
    /// Not the form of a proof.
    #[error("proof: {0}")]
    ProofForm(#[from] ProofFormatError),
    /// The proof does not carry the time of receipt.
    #[error("proof carries {0} bytes of extra data, expected the 8 bytes of received-at")]
    NoReceivedAt(usize),
    /// Text that is not canonical base64 of a hash or entry.
    #[error("entry {0} or its proof is not canonical base64")]
    Base64(u64),
    /// The entry that the bundle is about is kept back.
    #[error("bundle leaves out entry {0}, which it is about")]
    Missing(u64),
    /// The accreditation of whoever signed the entry is kept back.
    #[error("bundle leaves out who accredited the issuer of entry {0}")]
    IssuerMissing(u64),
    /// What should be a status root is another entry.
    #[error("entry {0} is no status root")]
    NoStatusRoot(u64),
    /// The log's own status root says that other entries decide.
    #[error(
        "an entry that changed the status of entry {index} is left out or made up: the status root at {root} says so ({error})"
    )]
    StatusNotBound {
        /// The attestation, or the accreditation of who issued it.
        index: u64,
        /// The status root.
        root: u64,
        /// How its proof fails.
        error: ProofError,
    },
    /// Entries are not in ascending order, or there are too many.
    #[error("bundle has {0} entries, expected at most {MAX_ENTRIES} by ascending index")]
    Order(usize),
}

impl BundleError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Checkpoint(error) => error.code(),
            Self::OtherLog { .. } => "other_log",
            Self::NotIncluded { error, .. } => error.code(),
            Self::OtherEntry { .. } => "other_entry",
            Self::ProofForm(error) => error.code(),
            Self::NoReceivedAt(_) => "no_received_at",
            Self::Base64(_) => "not_base64",
            Self::Missing(_) => "entry_missing",
            Self::IssuerMissing(_) => "issuer_missing",
            Self::NoStatusRoot(_) => "no_status_root",
            Self::StatusNotBound { .. } => "status_not_bound",
            Self::Order(_) => "order",
        }
    }

    /// What a label's verdict is when its evidence fails so: never the label's fault.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Checkpoint(error) if error.is_unsupported() => Reason::Unsupported,
            Self::Checkpoint(_) | Self::OtherLog { .. } | Self::NotIncluded { .. } => Reason::LogInconsistent,
            Self::NoStatusRoot(_) | Self::StatusNotBound { .. } => Reason::LogInconsistent,
            Self::OtherEntry { .. } | Self::ProofForm(_) | Self::NoReceivedAt(_) => Reason::Network,
            Self::Base64(_) | Self::Order(_) | Self::Missing(_) | Self::IssuerMissing(_) => Reason::Network,
        }
    }
}

impl BundleEntry {
    /// The entry's bytes, if the log of this checkpoint has them at this index.
    ///
    /// # Errors
    /// [`BundleError::Base64`], [`BundleError::NotIncluded`].
    pub(crate) fn included(&self, checkpoint: &OpenedCheckpoint) -> Result<Vec<u8>, BundleError> {
        let index = self.index;
        let not_base64 = || BundleError::Base64(index);
        let entry = base64::decode(&self.entry).ok_or_else(not_base64)?;
        let proof: Option<Vec<Hash>> = self.proof.iter().map(|hash| Hash::from_base64(hash)).collect();
        let proof = proof.ok_or_else(not_base64)?;
        verify_inclusion(&leaf_hash(&entry), index, checkpoint.size(), &proof, &checkpoint.root())
            .map_err(|error| BundleError::NotIncluded { index, error })?;
        Ok(entry)
    }
}

impl Bundle {
    /// Checks signature and proofs, and folds the entries under the law.
    ///
    /// # Errors
    /// [`BundleError`]. An entry that the law refuses is no error: it is in the log, and counts for nothing.
    pub fn open(&self, registry: &TrustedRegistry) -> Result<OpenedBundle, BundleError> {
        let checkpoint = open_checkpoint(self.checkpoint.as_bytes(), registry)?;
        if self.entries.len() > MAX_ENTRIES || !self.entries.is_sorted_by(|a, b| a.index < b.index) {
            return Err(BundleError::Order(self.entries.len()));
        }
        // Else a registry could pass an attestation off as one that was never made.
        if self.index < checkpoint.size() && !self.entries.iter().any(|entry| entry.index == self.index) {
            return Err(BundleError::Missing(self.index));
        }
        let bound = self.status.as_ref().map(|proof| proof.open(&registry.policy, &checkpoint)).transpose()?;
        let mut state = State::new(registry.policy.clone());
        let mut attestation = None;
        for bundled in &self.entries {
            let entry = bundled.included(&checkpoint)?;
            let index = &bundled.index;
            let opened = state.open(*index, &entry);
            let folded = state.fold_opened_at(*index, &opened);
            // No law takes a root that is dated before what it covers.
            if let Some(bound) =
                bound.as_ref().filter(|bound| *index < bound.size() && bound.time() < state.last_received_at())
            {
                return Err(BundleError::NoStatusRoot(bound.size()));
            }
            if *index != self.index {
                continue;
            }
            match folded {
                Folded::Applied(_) => {
                    if let Some(Statement::Attestation(found)) = opened.statement().map(|statement| &**statement) {
                        attestation = Some(found.clone());
                    }
                }
                // Once more: kept back, it would make a genuine attestation one of nobody's. Of another kind of statement nothing
                // else is evidence, and whoever signed it, it is no attestation.
                Folded::Ignored(Ignored::UnknownIssuer(_)) if claims_to_attest(&entry) => {
                    return Err(BundleError::IssuerMissing(*index));
                }
                Folded::Ignored(_) | Folded::Rooted(_) => {}
            }
        }
        if let Some(bound) = &bound {
            bound.check(&state, self.index)?;
        }
        let complete = self.complete(registry, &checkpoint, bound.as_ref());
        let attestation = attestation.map(|found| Arc::new(facts(&state, &found, self.index)));
        let quorate = registry.quorum.check(&checkpoint).ok();
        Ok(OpenedBundle { index: self.index, state, checkpoint, quorate, attestation, complete })
    }

    /// How far the bundle is complete, its entries being in the log.
    fn complete(
        &self,
        registry: &TrustedRegistry,
        checkpoint: &OpenedCheckpoint,
        bound: Option<&Bound<'_>>,
    ) -> Complete {
        let policy = &registry.policy;
        let Some(first) = policy.first_bound().filter(|first| *first < checkpoint.size()) else {
            return Complete::Given;
        };
        if let Some(bound) = bound {
            return bound.complete();
        }
        // A log that has just begun has no root yet: its first entry is young enough to show that.
        let entry = self.entries.iter().find(|entry| entry.index == first);
        let received_at = entry.and_then(|entry| registry::received_at(&base64::decode(&entry.entry)?));
        received_at.map_or(Complete::Unproved, |time| Complete::Until { index: first, time })
    }
}

impl OpenedBundle {
    /// Log index of the attestation that it is about.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint under which everything was proved.
    pub const fn checkpoint(&self) -> &OpenedCheckpoint {
        &self.checkpoint
    }

    /// What the attestation says, if it is one.
    pub const fn attestation(&self) -> Option<&Arc<Facts>> {
        self.attestation.as_ref()
    }

    /// What is known from it; `fetched_at` is when it was asked for. Where witnesses are asked for, it is as old as their
    /// cosignatures: a registry can show an old tree anew, but not have it seen anew.
    pub fn knowledge(&self, fetched_at: Timestamp) -> Knowledge<'_> {
        let seen = self.quorate.and_then(|quorate| quorate.time());
        Knowledge {
            state: &self.state,
            size: self.checkpoint.size(),
            source: Source::Entries,
            as_of: seen.map_or(fetched_at, |seen| seen.min(fetched_at)),
            produced_at: None,
            good_until: None,
            quorum_met: self.quorate.is_some(),
            attestation: self.attestation.clone(),
            scan_days: None,
            complete: self.complete,
        }
    }
}

/// Whether an entry says of itself that it is an attestation.
fn claims_to_attest(entry: &[u8]) -> bool {
    let token = Entry::decode(entry).ok().and_then(|entry| Token::parse(entry.jws).ok());
    token.is_some_and(|token| token.kind() == Kind::Attestation)
}

/// What an attestation says, with the names that this state and its policy give to those behind it.
pub fn facts(state: &State, attestation: &Attestation, index: u64) -> Facts {
    let party = state.party(&attestation.issuer);
    let certifier = party.and_then(|party| party.accreditation()).map_or("", |accreditation| &accreditation.name);
    let accreditor = party.and_then(|party| state.policy().accreditor(&party.accreditor));
    Facts::of(attestation, index, certifier, accreditor.map_or("", |accreditor| &accreditor.name))
}

/// Checks a tlog-proof for a statement: rebuilds the leaf from the JWS and the time of receipt in the proof's `extra`.
///
/// # Errors
/// [`BundleError`].
pub fn check_proof(
    registry: &TrustedRegistry,
    jws: &[u8],
    index: u64,
    proof: &str,
) -> Result<OpenedCheckpoint, BundleError> {
    let proof = Proof::parse(proof.as_bytes())?;
    if proof.index() != index {
        return Err(BundleError::OtherEntry { found: proof.index(), expected: index });
    }
    let received_at = <[u8; 8]>::try_from(proof.extra()).map_err(|_| BundleError::NoReceivedAt(proof.extra().len()))?;
    let entry = Entry::encode(Timestamp::from_millis(u64::from_be_bytes(received_at)), jws);
    let included = proof.verify(&leaf_hash(&entry), &registry.checkpoint_keys()).map_err(|error| match error {
        NotIncluded::Checkpoint(error) => BundleError::Checkpoint(error),
        NotIncluded::Proof(error) => BundleError::NotIncluded { index, error },
    })?;
    same_log(included.checkpoint().clone(), registry)
}

/// Opens a signed checkpoint of this registry's log.
///
/// # Errors
/// [`BundleError::Checkpoint`] or [`BundleError::OtherLog`].
pub fn open_checkpoint(note: &[u8], registry: &TrustedRegistry) -> Result<OpenedCheckpoint, BundleError> {
    same_log(OpenedCheckpoint::open(note, &registry.checkpoint_keys())?, registry)
}

fn same_log(checkpoint: OpenedCheckpoint, registry: &TrustedRegistry) -> Result<OpenedCheckpoint, BundleError> {
    let expected = registry.policy.origin.as_str();
    if checkpoint.origin() == expected {
        return Ok(checkpoint);
    }
    Err(BundleError::OtherLog { found: checkpoint.origin().to_string(), expected: expected.to_string() })
}
