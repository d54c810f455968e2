//! Policy: what a registry's readers agree on out of band. Who accredits, and which rules hold from which index.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, KeyError, PublicKey, Thumbprint};
use statement::{Did, Origin};
use thiserror::Error;

use crate::codec::Write;

/// The newest version of the rules; this code knows every one from 1 on.
pub const RULES: u32 = 2;

/// From this version on the registry binds the status of everything into its log: see [`StatusRoot`](crate::StatusRoot). The rules for
/// statements are those of version 1.
pub const STATUS_ROOTS: u32 = 2;

/// Whether these rules, which this code knows, bind the status of everything into the log.
const fn binds_status(version: u32) -> bool {
    STATUS_ROOTS <= version && version <= RULES
}

/// The trust file's part that the law reads.
///
/// Any policy gives a [`State`](crate::State); whoever reads one from a file calls [`Policy::check`], which names
/// the mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The registry. Statements signed for another one are refused.
    pub origin: Origin,
    /// Who accredits parties.
    pub accreditors: Vec<Accreditor>,
    /// From which log index which version of the rules holds: `(first index, version)`, ascending from index 0.
    pub rules: Vec<(u64, u32)>,
}

/// A scheme authority: its keys come from the trust file and never from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accreditor {
    /// The accreditor's DID.
    pub did: Did,
    /// Its name, for people.
    pub name: String,
    /// How many of its keys must sign one accreditation; 0 counts as 1.
    pub threshold: u8,
    /// Its keys.
    pub keys: Vec<AccreditorKey>,
}

/// A key of an accreditor, valid at the indexes `first_index..=last_index`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccreditorKey {
    /// The key.
    pub key: PublicKey,
    /// First log index that it may sign.
    pub first_index: u64,
    /// Last log index that it may sign; `None` while it is in use.
    pub last_index: Option<u64>,
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Nobody could be accredited.
    #[error("policy names no accreditor")]
    NoAccreditor,
    /// Which of the two would be meant?
    #[error("accreditor {0} is named twice")]
    DuplicateAccreditor(Did),
    /// More signatures than there are keys, or none.
    #[error("accreditor {did} needs {threshold} keys of its {keys}, expected 1 to {keys}")]
    Threshold {
        /// The accreditor.
        did: Did,
        /// The number asked for.
        threshold: u8,
        /// The number of keys.
        keys: usize,
    },
    /// A key stands for one accreditor, once.
    #[error("key {0} is named twice")]
    DuplicateKey(Thumbprint),
    /// Signatures under such a key prove nothing.
    #[error("key {key}: {error}")]
    WeakKey {
        /// The key.
        key: Thumbprint,
        /// What is wrong with it.
        error: KeyError,
    },
    /// The key would never be valid.
    #[error("key {key} is valid from index {first} to {last}")]
    EmptyRange {
        /// The key.
        key: Thumbprint,
        /// Its first index.
        first: u64,
        /// Its last index.
        last: u64,
    },
    /// Every index has one version of the rules.
    #[error("rules begin at indexes that do not ascend from 0, or a version follows a later one")]
    Rules,
}

impl PolicyError {
    /// Stable code of the mistake.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAccreditor => "no_accreditor",
            Self::DuplicateAccreditor(_) => "duplicate_accreditor",
            Self::Threshold { .. } => "bad_threshold",
            Self::DuplicateKey(_) => "duplicate_key",
            Self::WeakKey { .. } => "weak_key",
            Self::EmptyRange { .. } => "empty_range",
            Self::Rules => "bad_rules",
        }
    }
}

impl AccreditorKey {
    /// Whether the key may sign the entry with this index.
    pub fn is_valid_at(&self, index: u64) -> bool {
        self.first_index <= index && self.last_index.is_none_or(|last| index <= last)
    }
}

impl Policy {
    /// Checks that the policy says what its author can have meant.
    ///
    /// # Errors
    /// [`PolicyError`], the first mistake found.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.accreditors.is_empty() {
            return Err(PolicyError::NoAccreditor);
        }
        let (mut dids, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for Accreditor { did, threshold, keys: own, .. } in &self.accreditors {
            if !dids.insert(did) {
                return Err(PolicyError::DuplicateAccreditor(did.clone()));
            }
            if *threshold == 0 || usize::from(*threshold) > own.len() {
                return Err(PolicyError::Threshold { did: did.clone(), threshold: *threshold, keys: own.len() });
            }
            for AccreditorKey { key, first_index, last_index } in own {
                if !keys.insert(key) {
                    return Err(PolicyError::DuplicateKey(key.thumbprint()));
                }
                key.accreditable().map_err(|error| PolicyError::WeakKey { key: key.thumbprint(), error })?;
                if let Some(last) = *last_index
                    && last < *first_index
                {
                    return Err(PolicyError::EmptyRange { key: key.thumbprint(), first: *first_index, last });
                }
            }
        }
        // What one version owes, roots say, no later one takes back.
        let ascends = self.rules.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1);
        if !ascends || self.rules.first().is_none_or(|first| first.0 != 0) {
            return Err(PolicyError::Rules);
        }
        Ok(())
    }

    /// The accreditor with this DID.
    pub fn accreditor(&self, did: &Did) -> Option<&Accreditor> {
        self.accreditors.iter().find(|accreditor| accreditor.did == *did)
    }

    /// The accreditor with this DID, once one of its keys has begun. Before that it is a DID like any other, so that
    /// naming a new accreditor from some index on changes nothing below.
    pub(crate) fn accreditor_at(&self, did: &Did, index: u64) -> Option<&Accreditor> {
        self.accreditor(did).filter(|accreditor| accreditor.keys.iter().any(|key| key.first_index <= index))
    }

    /// The accreditor that this key belongs to, once the key has begun.
    pub(crate) fn owner_at(&self, key: &PublicKey, index: u64) -> Option<&Accreditor> {
        let owns =
            |accreditor: &&Accreditor| accreditor.keys.iter().any(|own| own.key == *key && own.first_index <= index);
        self.accreditors.iter().find(owns)
    }

    /// The index from which on the entries of a log of `size` are under rules that this code does not know; `None` where the log does
    /// not reach one.
    pub fn unsupported_from(&self, size: u64) -> Option<u64> {
        self.first_unsupported().filter(|first| *first < size)
    }

    /// The first index under rules that this code does not know; from there on the state of the registry cannot be
    /// told, whatever rules follow.
    pub fn first_unsupported(&self) -> Option<u64> {
        match self.rules.first() {
            Some((0, _)) => {
                self.rules.iter().find(|(_, version)| !(1..=RULES).contains(version)).map(|(first, _)| *first)
            }
            Some(_) | None => Some(0),
        }
    }

    /// The version of the rules for the entry with this index; `None` where there is none for it.
    pub fn rules_at(&self, index: u64) -> Option<u32> {
        self.rules.iter().rev().find(|(first, _)| *first <= index).map(|(_, version)| *version)
    }

    /// The first index from which on the registry binds the status of everything into its log.
    pub fn first_bound(&self) -> Option<u64> {
        self.rules.iter().find(|(_, version)| binds_status(*version)).map(|(first, _)| *first)
    }

    /// Whether the registry owes a [`StatusRoot`](crate::StatusRoot) from the entry with this index on.
    pub fn binds_status_at(&self, index: u64) -> bool {
        self.rules_at(index).is_some_and(binds_status)
    }

    /// SHA-256 of everything here that decides about entries, names left out, in an order that is not the file's.
    pub fn digest(&self) -> Hash {
        self.digest_below(u64::MAX)
    }

    /// The digest of what decides about the entries below `size`.
    ///
    /// A key added or ended, or a version of the rules that begins, at `size` or later changes nothing about a state of that size:
    /// neither does it change this digest, and what was stored stays of use.
    pub fn digest_below(&self, size: u64) -> Hash {
        let mut out = Vec::new();
        out.put(b"ethical-label-policy/v1\0");
        out.text(self.origin.as_str());
        let mut accreditors: Vec<_> = self
            .accreditors
            .iter()
            .map(|accreditor| {
                let mut keys: Vec<_> = accreditor
                    .keys
                    .iter()
                    .filter(|key| key.first_index < size)
                    .map(|key| (key.key, key.first_index, key.last_index.filter(|last| last.saturating_add(1) < size)))
                    .collect();
                keys.sort_unstable();
                (accreditor.did.as_str(), accreditor.threshold.max(1), keys)
            })
            .filter(|(.., keys)| !keys.is_empty())
            .collect();
        accreditors.sort_unstable();
        out.count(accreditors.len());
        for (did, threshold, keys) in accreditors {
            out.text(did);
            out.u8(threshold);
            out.count(keys.len());
            for (key, first, last) in keys {
                out.put(key.as_bytes());
                out.u64(first);
                out.option(last, Write::u64);
            }
        }
        let rules = self.rules.iter().filter(|(first, _)| *first < size);
        out.count(rules.clone().count());
        for (first, version) in rules {
            out.u64(*first);
            out.u32(*version);
        }
        Hash::of(&out)
    }
}
