//! Parties: everybody who is accredited, their keys, and accreditations that wait for more signatures.

use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{Hash, PublicKey, Thumbprint, Timestamp};
use statement::Did;

use crate::party::{KeyRecord, Party};
use crate::shared_map::SharedMap;

/// Most keys and most parties: numbers fit in 16 bits.
pub(crate) const MAX_NUMBERED: usize = u16::MAX as usize;

/// Unfinished accreditations that one accreditor may have lying about. The oldest gives way, so that nobody who
/// holds one key of several can keep the others from finishing theirs.
pub(crate) const MAX_PENDING: usize = 256;

/// All parties and keys, by number and by name.
#[derive(Clone, Default)]
pub(crate) struct Parties {
    pub(crate) parties: SharedMap<u16, Arc<Party>>,
    pub(crate) numbers: SharedMap<Did, u16>,
    pub(crate) keys: SharedMap<u16, KeyRecord>,
    pub(crate) key_numbers: SharedMap<Thumbprint, u16>,
    pub(crate) pending: SharedMap<Hash, Arc<Pending>>,
}

/// An accreditation that fewer keys than needed have signed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) accreditor: Did,
    pub(crate) subject: Did,
    pub(crate) valid_from: Timestamp,
    /// Ascending by entry.
    pub(crate) approvals: Vec<Approval>,
}

/// One signature of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) key: PublicKey,
    pub(crate) entry: u64,
}

impl Parties {
    pub(crate) fn party(&self, number: u16) -> Option<&Party> {
        self.parties.get(&number).map(Arc::as_ref)
    }

    pub(crate) fn party_named(&self, did: &Did) -> Option<&Party> {
        self.party(*self.numbers.get(did)?)
    }

    pub(crate) fn key(&self, number: u16) -> Option<&KeyRecord> {
        self.keys.get(&number)
    }

    pub(crate) fn key_named(&self, thumbprint: &Thumbprint) -> Option<&KeyRecord> {
        self.key(*self.key_numbers.get(thumbprint)?)
    }

    pub(crate) fn party_mut(&mut self, number: u16) -> Option<&mut Party> {
        self.parties.get_mut(&number).map(Arc::make_mut)
    }

    pub(crate) fn add_party(&mut self, party: Party) {
        self.numbers.insert(party.did.clone(), party.number);
        self.parties.insert(party.number, Arc::new(party));
    }

    pub(crate) fn add_key(&mut self, record: KeyRecord) {
        self.key_numbers.insert(record.thumbprint, record.number);
        self.keys.insert(record.number, record);
    }

    /// Keeps an unfinished accreditation; the accreditor's oldest one gives way to it when there are too many.
    pub(crate) fn keep_pending(&mut self, payload_hash: Hash, pending: Pending) {
        let accreditor = pending.accreditor.clone();
        self.pending.insert(payload_hash, Arc::new(pending));
        let of_accreditor = || self.pending.iter().filter(|(_, other)| other.accreditor == accreditor);
        if of_accreditor().count() > MAX_PENDING {
            let oldest = of_accreditor().min_by_key(|(_, other)| other.approvals.first().map(|first| first.entry));
            if let Some(oldest) = oldest.map(|(hash, _)| *hash) {
                self.pending.remove(&oldest);
            }
        }
    }

    /// Forgets what can no longer take effect once this accreditation has.
    pub(crate) fn drop_pending(&mut self, accreditor: &Did, subject: &Did, valid_from: Timestamp) {
        let dead = |pending: &Pending| {
            pending.subject == *subject && (pending.accreditor != *accreditor || pending.valid_from <= valid_from)
        };
        let hashes: Vec<Hash> =
            self.pending.iter().filter(|(_, pending)| dead(pending)).map(|(hash, _)| *hash).collect();
        for hash in hashes {
            self.pending.remove(&hash);
        }
    }

    /// Whether nobody has changed anything since one was cloned from the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.parties.is_same(&other.parties) && self.keys.is_same(&other.keys) && self.pending.is_same(&other.pending)
    }
}
