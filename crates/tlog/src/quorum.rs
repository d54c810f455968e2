//! How many witnesses are enough: `k` of `n` (c2sp.org/tlog-policy, with one group).
//!
//! A witness is its public key. A signature by a key that is not listed, a second signature by one that is, and a
//! signature that cannot be checked here (ML-DSA-44 without the feature `ml-dsa`) count for nothing.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::Timestamp;
use thiserror::Error;

use crate::{OpenedCheckpoint, SignatureType, Vkey};

/// The witnesses that are trusted, and how many of them must have cosigned a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    witnesses: Vec<Vkey>,
    threshold: usize,
}

/// A checkpoint that enough witnesses cosigned. Only [`Quorum::check`] builds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quorate {
    cosigners: usize,
    time: Option<Timestamp>,
}

/// Too few witnesses cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{found} trusted witnesses cosigned the checkpoint, expected at least {threshold}")]
pub struct NoQuorum {
    /// How many did.
    pub found: usize,
    /// How many must.
    pub threshold: usize,
}

impl NoQuorum {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        "no_quorum"
    }
}

/// Why witnesses and a number do not make a quorum.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuorumError {
    /// A key that makes no cosignatures.
    #[error("key of {name:?} is of signature type 0x01, expected a cosigner's (0x04 or 0x06)")]
    NotAWitness {
        /// The key's name.
        name: String,
    },
    /// One public key twice would count twice.
    #[error("witness {name:?} has the public key of another in the list")]
    Duplicate {
        /// The name of the second.
        name: String,
    },
    /// More than there are witnesses whose signatures can be checked: no checkpoint would ever do.
    #[error("quorum is {threshold}, expected at most {checkable}, the number of witnesses that can be checked here")]
    Unreachable {
        /// The number asked for.
        threshold: usize,
        /// The number of witnesses whose key is [`Vkey::is_checkable`].
        checkable: usize,
    },
}

impl QuorumError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAWitness { .. } => "not_a_witness_key",
            Self::Duplicate { .. } => "duplicate_witness",
            Self::Unreachable { .. } => "quorum_unreachable",
        }
    }
}

impl Quorum {
    /// Asks for no witness: every checkpoint that the log signed will do.
    pub const fn none() -> Self {
        Self { witnesses: Vec::new(), threshold: 0 }
    }

    /// Asks for `threshold` of the `witnesses`.
    ///
    /// # Errors
    /// [`QuorumError`].
    pub fn new(witnesses: Vec<Vkey>, threshold: usize) -> Result<Self, QuorumError> {
        let mut checkable = 0;
        for (place, witness) in witnesses.iter().enumerate() {
            let name = || witness.name().to_string();
            match witness.signature_type() {
                SignatureType::Ed25519 => return Err(QuorumError::NotAWitness { name: name() }),
                SignatureType::CosignatureV1 | SignatureType::MlDsa44Cosignature => {
                    checkable += usize::from(witness.is_checkable());
                }
            }
            if witnesses.iter().take(place).any(|earlier| earlier.key_bytes() == witness.key_bytes()) {
                return Err(QuorumError::Duplicate { name: name() });
            }
        }
        if threshold > checkable {
            return Err(QuorumError::Unreachable { threshold, checkable });
        }
        Ok(Self { witnesses, threshold })
    }

    /// The witnesses, to be given to [`OpenedCheckpoint::open`] beside the log's keys.
    pub fn witnesses(&self) -> &[Vkey] {
        &self.witnesses
    }

    /// How many of them must have cosigned.
    pub const fn threshold(&self) -> usize {
        self.threshold
    }

    /// Counts the trusted witnesses that cosigned.
    ///
    /// # Errors
    /// [`NoQuorum`].
    pub fn check(&self, checkpoint: &OpenedCheckpoint) -> Result<Quorate, NoQuorum> {
        let trusted = checkpoint.cosigners().iter().filter(|cosigner| self.witnesses.contains(cosigner.key()));
        let mut times: Vec<Timestamp> = trusted.map(|cosigner| cosigner.time()).collect();
        if times.len() < self.threshold {
            return Err(NoQuorum { found: times.len(), threshold: self.threshold });
        }
        times.sort_unstable_by(|a, b| b.cmp(a));
        let time = self.threshold.checked_sub(1).and_then(|nth| times.get(nth)).copied();
        Ok(Quorate { cosigners: times.len(), time })
    }
}

impl Quorate {
    /// How many trusted witnesses cosigned.
    pub const fn cosigners(&self) -> usize {
        self.cosigners
    }

    /// The time from which the checkpoint's age counts: a whole quorum says that at this time or later it had seen no
    /// newer checkpoint. Whole seconds; `None` where no witness is asked for.
    ///
    /// It is the `k`-th latest time, so fewer than `k` dishonest witnesses cannot make an old checkpoint look fresh.
    pub const fn time(&self) -> Option<Timestamp> {
        self.time
    }
}

#[cfg(test)]
mod tests;
