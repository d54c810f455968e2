//! State: everything that a log has established so far.

use alloc::sync::Arc;

use primitives::{Hash, PublicKey, Thumbprint, Timestamp};
use statement::{Authentic, Did, Statement, StatusSlot, Token};

use crate::parties::Parties;
use crate::party::{AccreditationRecord, KeyRecord, Party};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::roots::Roots;
use crate::row::{Row, ScopeFaults};
use crate::rows::Rows;
use crate::rules::{self, Moment};
use crate::shared_map::SharedMap;
use crate::slots::Slots;
use crate::status::{Holder, StatusEvent};

/// What the entries of a log, folded in order under a [`Policy`], add up to.
///
/// A clone costs a few reference counts: the one writer clones it for every batch and publishes it to many readers.
/// The same entries under the same policy give the same State, whoever folds them, in whatever steps.
#[derive(Clone)]
pub struct State {
    pub(crate) policy: Arc<Policy>,
    /// Entries folded: the next one has this index.
    pub(crate) size: u64,
    /// Entries were left out: this is the evidence for some attestation, not a registry.
    pub(crate) has_gaps: bool,
    /// The time of receipt of the last entry: no later one is before it.
    pub(crate) clock: Timestamp,
    /// The first entry that was received before the one before it.
    pub(crate) set_back: Option<u32>,
    pub(crate) counts: Counts,
    pub(crate) parties: Parties,
    pub(crate) rows: Rows,
    pub(crate) slots: Slots,
    /// The status events of each attestation that has any.
    pub(crate) histories: SharedMap<u32, Arc<[StatusEvent]>>,
    /// What the registry has bound of all that into its log.
    pub(crate) roots: Roots,
}

/// How many entries did what. They add up to the number of entries folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Accreditations in effect, and approvals that count towards one.
    pub accreditations: u64,
    /// Attestations with a row.
    pub attestations: u64,
    /// Status changes and commitments to clearances. One number for both: the State's bytes had ten before there were commitments.
    pub status_changes: u64,
    /// Status roots that hold.
    pub status_roots: u64,
    /// Ignored: entries of another format, or with a time of receipt past 2106.
    pub unknown_format: u64,
    /// Ignored: entries that hold no well-formed token or statement.
    pub malformed: u64,
    /// Ignored: credentials of a kind that is not known.
    pub unknown_kind: u64,
    /// Ignored: issuers and keys that nobody has accredited.
    pub unknown_issuer: u64,
    /// Ignored: signatures that do not verify.
    pub bad_signature: u64,
    /// Ignored: authentic statements that the law refuses.
    pub refused: u64,
    /// Ignored: entries under rules that this code does not know.
    pub unsupported: u64,
}

impl Counts {
    /// Entries that changed nothing.
    pub const fn ignored(&self) -> u64 {
        self.unknown_format
            + self.malformed
            + self.unknown_kind
            + self.unknown_issuer
            + self.bad_signature
            + self.refused
            + self.unsupported
    }
}

/// What a statement changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// An accreditation has one more signature, but not all.
    Approved {
        /// Signatures so far.
        given: u8,
        /// Signatures needed.
        needed: u8,
    },
    /// An accreditation took effect.
    Accredited {
        /// Number of the party.
        party: u16,
    },
    /// An attestation has its row.
    Attested {
        /// In what it goes beyond its certifier's scope. Nothing, where the gate let it pass.
        faults: ScopeFaults,
    },
    /// A status changed, or will.
    StatusChanged {
        /// Who ordered it.
        by: Holder,
        /// From when on.
        effective_from: Timestamp,
    },
    /// A customs office committed to a clearance. Nothing changed that labels are judged by.
    Committed,
}

impl State {
    /// The state of an empty log.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy: Arc::new(policy),
            size: 0,
            has_gaps: false,
            clock: Timestamp::from_millis(0),
            set_back: None,
            counts: Counts::default(),
            parties: Parties::default(),
            rows: Rows::default(),
            slots: Slots::default(),
            histories: SharedMap::default(),
            roots: Roots::default(),
        }
    }

    /// The registry's gate: asks [`authorise`](crate::authorise) and, where it says yes, takes the statement in as the next entry.
    ///
    /// Folding the entry afterwards, into another State, gives the same State as this.
    ///
    /// # Errors
    /// [`Refusal`]; the State is as before, and the statement must not be logged.
    pub fn admit(&mut self, received_at: Timestamp, statement: &Authentic<Statement>) -> Result<Effect, Refusal> {
        if self.is_status_root_due(received_at) {
            return Err(Refusal::StatusRootDue(received_at));
        }
        let authorised = rules::authorise(self, received_at, statement)?;
        self.note_statement(self.size, received_at);
        self.take_time(self.size, received_at);
        self.size += 1;
        Ok(rules::apply(self, authorised, statement))
    }

    /// The policy that it was folded under.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Entries folded; the index of the next one.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// How many entries did what.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// The index from which on entries are under rules that this code does not know, once the State has reached it.
    /// Whatever is asked then is undecided: a later entry may have changed it.
    pub fn unsupported_from(&self) -> Option<u64> {
        self.policy.unsupported_from(self.size)
    }

    /// The time of receipt of the last entry: the next one's is not before it.
    pub const fn last_received_at(&self) -> Timestamp {
        self.clock
    }

    /// The first entry whose time of receipt is before that of an earlier one. No honest registry has one: it backdates, or its
    /// clock was set back. Such an entry does not count.
    pub fn first_set_back(&self) -> Option<u64> {
        self.set_back.map(u64::from)
    }

    /// The attestation with this log index.
    pub fn row(&self, index: u64) -> Option<&Row> {
        self.rows.find(u32::try_from(index).ok()?)
    }

    /// All attestations, in log order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// Number of attestations.
    pub fn attestations(&self) -> usize {
        self.rows.len()
    }

    /// The status events of an attestation, in log order.
    pub fn status_events(&self, index: u64) -> &[StatusEvent] {
        u32::try_from(index).map_or(&[], |index| self.events(index))
    }

    pub(crate) fn events(&self, index: u32) -> &[StatusEvent] {
        self.histories.get(&index).map_or(&[], AsRef::as_ref)
    }

    /// Indexes of the attestations that have status events, ascending.
    pub fn changed_attestations(&self) -> impl Iterator<Item = u64> {
        self.histories.iter().map(|(index, _)| u64::from(*index))
    }

    /// Whether an attestation signed by the key with this number has its bit in this status list.
    pub fn has_status_list(&self, key: u16, list: u32) -> bool {
        self.slots.has_list(key, list)
    }

    /// The party with this DID.
    pub fn party(&self, did: &Did) -> Option<&Party> {
        self.parties.party_named(did)
    }

    /// The party with this number.
    pub fn party_numbered(&self, number: u16) -> Option<&Party> {
        self.parties.party(number)
    }

    /// The party that issued a row.
    pub fn issuer_of(&self, row: &Row) -> Option<&Party> {
        self.parties.party(self.parties.key(row.key_number())?.party)
    }

    /// All parties, in the order of their first accreditation.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.parties.iter().map(|(_, party)| party.as_ref())
    }

    /// The accredited key with this thumbprint.
    pub fn key(&self, thumbprint: &Thumbprint) -> Option<&KeyRecord> {
        self.parties.key_named(thumbprint)
    }

    /// The accredited key with this number.
    pub fn key_numbered(&self, number: u16) -> Option<&KeyRecord> {
        self.parties.key(number)
    }

    /// A party's keys, retired ones too, in the order of accreditation.
    pub fn keys_of<'a>(&'a self, party: &'a Party) -> impl Iterator<Item = &'a KeyRecord> {
        party.keys.iter().filter_map(|number| self.parties.key(*number))
    }

    /// Whether somebody may attest anything at all with this key at that time: the key's record, and the accreditation whose scope
    /// decides what. What an attestation meets is decided when it is logged, not here.
    ///
    /// # Errors
    /// The [`Refusal`] that every attestation of theirs would meet.
    pub fn certifier(
        &self,
        at: Timestamp,
        issuer: &Did,
        key: &PublicKey,
    ) -> Result<(&KeyRecord, &AccreditationRecord), Refusal> {
        rules::attestation::certifier(self, at, issuer, key)
    }

    /// Whether a status slot of a key is free: see [`KeyRecord::number`].
    pub fn is_slot_free(&self, key: u16, slot: StatusSlot) -> bool {
        self.slots.is_free(key, slot)
    }

    /// The keys that have signed an accreditation which has not taken effect yet, with the log index of each; ascending by index.
    ///
    /// It is named by the SHA-256 of the payload that all of them sign ([`Authentic::payload_hash`]).
    pub fn approvals(&self, payload_hash: &Hash) -> impl Iterator<Item = (PublicKey, u64)> + '_ {
        let approvals = self.parties.pending.get(payload_hash).map_or(&[][..], |pending| &pending.approvals);
        approvals.iter().map(|approval| (approval.key, approval.entry))
    }

    /// The key under which a token's signature is to be checked, if the token were the next entry: the accreditors' from the
    /// policy, everybody else's from the log, never the network's.
    ///
    /// That the key may sign what it signs is not said: [`authorise`](crate::authorise) decides it.
    ///
    /// # Errors
    /// [`Refusal::KidWithoutThumbprint`], [`Refusal::UnknownIssuer`], [`Refusal::UnknownKey`].
    pub fn issuer_key(&self, token: &Token<'_>) -> Result<PublicKey, Refusal> {
        self.signing_key(token, self.size)
    }

    pub(crate) fn signing_key(&self, token: &Token<'_>, index: u64) -> Result<PublicKey, Refusal> {
        self.parties.signing_key(&self.policy, token, index)
    }

    /// Place and time of the next entry.
    pub(crate) fn moment(&self, received_at: Timestamp) -> Result<Moment, Refusal> {
        if self.policy.first_unsupported().is_some_and(|first| first <= self.size) {
            return Err(Refusal::UnsupportedRules(self.size));
        }
        // The last number stays free, so that a size fits as well.
        let index = u32::try_from(self.size).ok().filter(|index| *index < u32::MAX).ok_or(Refusal::LogFull)?;
        if !fits(received_at) {
            return Err(Refusal::TimeOutOfRange(received_at));
        }
        if received_at < self.clock {
            return Err(Refusal::ReceivedOutOfOrder { found: received_at, last: self.clock });
        }
        Ok(Moment { index, received_at })
    }

    /// Advances the clock by an entry, whether or not the entry takes effect.
    pub(crate) fn take_time(&mut self, index: u64, received_at: Timestamp) {
        if received_at < self.clock {
            self.set_back = self.set_back.or(u32::try_from(index).ok());
        } else {
            self.clock = received_at;
        }
    }
}

/// Whether a time of receipt fits in a row.
pub(crate) fn fits(received_at: Timestamp) -> bool {
    u32::try_from(received_at.seconds()).is_ok()
}

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State")
            .field("origin", &self.policy.origin)
            .field("size", &self.size)
            .field("attestations", &self.rows.len())
            .finish_non_exhaustive()
    }
}
