//! Clearance: what a customs office let pass, and the commitment to it.
//!
//! What was cleared is a commercial secret, so it comes as a pair. The *clearance* says it, is given to the registry and never logged. The
//! *commitment* is logged and says nothing but the clearance's SHA-256: whoever holds the clearance can show that it is the one
//! that was committed to, and nobody can change it later. The clearance holds a salt, without which the numbers of a lot
//! could be tried until the hash fits. UNTP has no credentials for these; the types are ours.

mod read;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, Timestamp};

use crate::{Did, Origin, Unit};

/// Attestations in one clearance: with a range or a quantity each, so many fit in a token however long the numbers are.
pub const MAX_GOODS: usize = 500;
/// Ranges of serial numbers of one attestation in one clearance: so many fit in a token.
pub const MAX_RANGES: usize = 1_000;
/// Longest reason of an undoing, in characters.
pub const MAX_UNDO_REASON: usize = 200;

/// A clearance, as signed: private, never logged. Whether its issuer may clear is for the law to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// The customs office.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// When it was done, by the office's own word; a whole second.
    pub cleared_at: Timestamp,
    /// 32 random bytes, new for each clearance: they keep its hash from telling what is in it.
    pub salt: [u8; 32],
    /// What was done.
    pub act: ClearanceAct,
}

/// What a clearance does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClearanceAct {
    /// These goods were let pass; ascending by attestation.
    Cleared(Vec<ClearedGoods>),
    /// An earlier clearance of the same office was a mistake.
    Undoes {
        /// Log index of the commitment to it.
        commitment: u64,
        /// Why, in words.
        reason: String,
    },
}

/// What was let pass of one attestation: labels, a quantity, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearedGoods {
    /// Log index of the attestation.
    pub attestation: u64,
    /// Serial numbers, ascending, without overlap; may be empty.
    pub serials: Vec<SerialRange>,
    /// How much of it.
    pub quantity: Option<ClearedQuantity>,
}

/// Serial numbers in a row, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialRange {
    /// The first.
    pub first: u32,
    /// The last, not below the first.
    pub last: u32,
}

/// A quantity, from 1, with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClearedQuantity {
    /// How many.
    pub value: u32,
    /// Of what.
    pub unit: Unit,
}

/// A commitment to a clearance, as signed and logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearanceCommitment {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// The customs office.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// When it was signed, by the office's own word; a whole second.
    pub signed_at: Timestamp,
    /// SHA-256 of the clearance's compact JWS.
    pub commitment: Hash,
}

/// A customs office asks for what offices cleared. Never logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplementRequest {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// The customs office.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// When it asks: a registry answers no old request. A whole second.
    pub asked_at: Timestamp,
}

impl ClearanceCommitment {
    /// The commitment to a clearance, of which `jws` is the compact JWS. Its URI and time are public: they must not tell what
    /// was cleared.
    pub fn to(clearance: &Clearance, jws: &str, id: String) -> Self {
        Self {
            id,
            issuer: clearance.issuer.clone(),
            registry: clearance.registry.clone(),
            signed_at: clearance.cleared_at,
            commitment: Hash::of(jws.as_bytes()),
        }
    }
}

impl SerialRange {
    /// How many numbers.
    pub const fn count(self) -> u64 {
        (self.last as u64 + 1).saturating_sub(self.first as u64)
    }
}

#[cfg(test)]
mod tests;
