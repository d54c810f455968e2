//! Party: somebody whom an accreditor accredited, with keys, scope and holds.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Day, Hash, LabelKeyId, PublicKey, Thumbprint, Timestamp};
use statement::{Did, Hotline, Role, Scope};

use crate::status::{Hold, Holder, StatusEvent, suspended_at, withdrawn_at};

/// An accredited party. It exists from its first accreditation on, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Number of the party, from 0 in the order of first accreditation.
    pub number: u16,
    /// The party's DID.
    pub did: Did,
    /// The accreditor that accredited it first: nobody else may replace or suspend it.
    pub accreditor: Did,
    /// Every accreditation that took effect, in log order; never empty.
    pub accreditations: Vec<AccreditationRecord>,
    /// Numbers of the party's keys, ascending, retired ones too.
    pub keys: Vec<u16>,
    /// Changes of the party's own status, in log order.
    pub events: Vec<StatusEvent>,
}

/// An accreditation that took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccreditationRecord {
    /// Log indexes of the entries that approved it: as many as the accreditor's threshold was. Ascending; at the last
    /// one it took effect.
    pub entries: Vec<u64>,
    /// When the log received the last of them.
    pub received_at: Timestamp,
    /// SHA-256 of the payload that all of them carry.
    pub payload_hash: Hash,
    /// What the party is.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// What it may speak about.
    pub scope: Scope,
    /// First day.
    pub first_day: Day,
    /// Last day.
    pub last_day: Day,
    /// The statement's `validFrom`: later than that of the accreditation before.
    pub valid_from: Timestamp,
    /// Where people can report what they see.
    pub hotlines: Vec<Hotline>,
}

impl AccreditationRecord {
    /// Log index at which it took effect.
    pub fn index(&self) -> u64 {
        self.entries.last().copied().unwrap_or_default()
    }
}

impl Party {
    /// The accreditation in force now.
    pub fn accreditation(&self) -> Option<&AccreditationRecord> {
        self.accreditations.last()
    }

    /// Log index at which its first accreditation took effect: the party's leaf in the status tree has it.
    pub fn first_index(&self) -> u64 {
        self.accreditations.first().map_or(0, AccreditationRecord::index)
    }

    /// The accreditation that was in force for the entry with this index.
    pub fn accreditation_at(&self, index: u64) -> Option<&AccreditationRecord> {
        let after = self.accreditations.partition_point(|accreditation| accreditation.index() < index);
        self.accreditations.get(after.checked_sub(1)?)
    }

    /// The accreditor's hold on the party at a time: suspension, or withdrawal for good.
    pub fn hold_at(&self, at: Timestamp) -> Option<Hold> {
        withdrawn_at(&self.events, at).or_else(|| suspended_at(&self.events, Holder::Accreditor, at))
    }
}

/// A key of an accredited party. It belongs to that party for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Number of the key, from 0 in the order of accreditation.
    pub number: u16,
    /// The key.
    pub key: PublicKey,
    /// Its RFC 7638 thumbprint.
    pub thumbprint: Thumbprint,
    /// Its 4-byte id in labels.
    pub label_key_id: LabelKeyId,
    /// Number of the party that it belongs to.
    pub party: u16,
    /// Log index of the accreditation that named it first.
    pub added_at: u64,
    /// Log index of the accreditation that first left it out.
    pub retired_at: Option<u64>,
    /// Since when others may have used it, as far as is known.
    pub compromised: Option<Compromise>,
}

/// A key that others may have used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compromise {
    /// The earliest time stated so far; a whole second.
    pub since: Timestamp,
    /// Log index of the accreditation that first said so: from there on the key signs nothing.
    pub entry: u64,
}

impl KeyRecord {
    pub(crate) fn new(number: u16, key: PublicKey, party: u16, added_at: u64) -> Self {
        Self {
            number,
            key,
            thumbprint: key.thumbprint(),
            label_key_id: key.label_key_id(),
            party,
            added_at,
            retired_at: None,
            compromised: None,
        }
    }

    /// The compromise, where something that the log received at `received_at` falls under it.
    ///
    /// `received_at` may be rounded down to whole seconds: `since` is a whole second, so the answer is the same.
    pub fn compromised_by(&self, received_at: Timestamp) -> Option<Compromise> {
        self.compromised.filter(|compromise| received_at >= compromise.since)
    }
}
