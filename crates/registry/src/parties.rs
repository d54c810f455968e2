//! Parties: everybody who is accredited, their keys, and accreditations that wait for more signatures.

use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{Hash, PublicKey, Thumbprint, Timestamp};
use statement::{Did, Token};

use crate::party::{KeyRecord, Party};
use crate::policy::{AccreditorKey, Policy};
use crate::refusal::Refusal;
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

    /// The party whose first accreditation took effect at this index.
    pub(crate) fn first_accredited_at(&self, index: u64) -> Option<&Party> {
        self.first_accredited(index).filter(|party| party.first_index() == index)
    }

    /// The first index at or after this one at which a party's first accreditation took effect.
    pub(crate) fn first_accredited_from(&self, index: u64) -> Option<u64> {
        self.first_accredited(index).map(Party::first_index)
    }

    /// The first party that was accredited at or after this index.
    fn first_accredited(&self, index: u64) -> Option<&Party> {
        // Numbers are given in that order.
        let (mut low, mut high) = (0, self.parties.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let is_before = self.party(u16::try_from(middle).ok()?)?.first_index() < index;
            (low, high) = if is_before { (middle + 1, high) } else { (low, middle) };
        }
        self.party(u16::try_from(low).ok()?)
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

    /// The key under which a token is checked as the entry with this index: see [`State::issuer_key`](crate::State::issuer_key).
    pub(crate) fn signing_key(&self, policy: &Policy, token: &Token<'_>, index: u64) -> Result<PublicKey, Refusal> {
        let did = &token.kid().did;
        let Some(thumbprint) = token.kid_thumbprint() else {
            return Err(Refusal::KidWithoutThumbprint(token.kid().fragment.chars().take(64).collect()));
        };
        let unknown_key = || Refusal::UnknownKey { issuer: did.clone(), key: thumbprint };
        if let Some(accreditor) = policy.accreditor_at(did, index) {
            let named = |own: &&AccreditorKey| own.first_index <= index && own.key.thumbprint() == thumbprint;
            return accreditor.keys.iter().find(named).map(|own| own.key).ok_or_else(unknown_key);
        }
        let party = self.party_named(did).ok_or_else(|| Refusal::UnknownIssuer(did.clone()))?;
        let record = self.key_named(&thumbprint).filter(|record| record.party == party.number);
        record.map(|record| record.key).ok_or_else(unknown_key)
    }

    /// Whether nobody has changed anything since one was cloned from the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.parties.is_same(&other.parties) && self.keys.is_same(&other.keys) && self.pending.is_same(&other.pending)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use primitives::{SecretKey, Signer};

    use super::*;

    fn did(text: &str) -> Did {
        Did::parse(text).unwrap()
    }

    fn pending(accreditor: &str, subject: &str, valid_from: u64, entry: u64) -> Pending {
        let approval = Approval { key: SecretKey::from_seed(&[1; 32]).public_key(), entry };
        Pending {
            accreditor: did(accreditor),
            subject: did(subject),
            valid_from: Timestamp::from_seconds(valid_from),
            approvals: Vec::from([approval]),
        }
    }

    fn hash(number: u64) -> Hash {
        Hash::of(&number.to_be_bytes())
    }

    #[test]
    fn what_can_no_longer_take_effect_is_forgotten() {
        let (a, b, lots, looms) =
            ("did:web:a.example", "did:web:b.example", "did:web:lots.example", "did:web:looms.example");
        let mut parties = Parties::default();
        let all = [
            (pending(a, lots, 4, 0), false),
            (pending(a, lots, 5, 1), false),
            (pending(a, lots, 6, 2), true),
            (pending(b, lots, 6, 3), false),
            (pending(a, looms, 4, 4), true),
            (pending(b, looms, 4, 5), true),
        ];
        for (pending, _) in &all {
            parties.keep_pending(hash(pending.approvals[0].entry), pending.clone());
        }
        parties.drop_pending(&did(a), &did(lots), Timestamp::from_seconds(5));
        for (pending, stays) in all {
            assert_eq!(parties.pending.get(&hash(pending.approvals[0].entry)).is_some(), stays, "{pending:?}");
        }
    }

    #[test]
    fn only_ones_own_oldest_gives_way() {
        let mut parties = Parties::default();
        parties.keep_pending(hash(0), pending("did:web:b.example", "did:web:lots.example", 0, 0));
        for entry in 1..=257 {
            let subject = format!("did:web:c{entry}.example");
            parties.keep_pending(hash(entry), pending("did:web:a.example", &subject, 0, entry));
            assert_eq!(parties.pending.get(&hash(1)).is_some(), entry <= 256, "{entry}");
        }
        assert_eq!(parties.pending.len(), 257);
        assert!(parties.pending.get(&hash(0)).is_some() && parties.pending.get(&hash(2)).is_some());
    }
}
