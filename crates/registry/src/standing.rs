//! Standing: what counts of an attestation at a time, and which keys may sign its labels.

use primitives::{Day, LabelKeyId, Timestamp};

use crate::party::{Compromise, KeyRecord};
use crate::row::{Row, ScopeFaults};
use crate::state::State;
use crate::status::{Hold, Holder, suspended_at, withdrawn_at};

/// Everything that bears on an attestation at a time, each fact for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// When the log received the attestation, where that was after the time asked about: it was not there yet.
    pub not_yet_logged: Option<Timestamp>,
    /// Whether the day lies within the attestation's own.
    pub validity: Validity,
    /// The withdrawal, whoever ordered it.
    pub withdrawn: Option<Hold>,
    /// The certifier's own hold.
    pub certifier_hold: Option<Hold>,
    /// The accreditor's hold on this attestation.
    pub accreditor_hold: Option<Hold>,
    /// The accreditor's hold on the certifier.
    pub party_hold: Option<Hold>,
    /// The key that signed the attestation was compromised by the time the log received it. By the newest knowledge, whatever
    /// time is asked about.
    pub key_compromised: Option<Compromise>,
    /// In what the attestation goes beyond its certifier's scope.
    pub faults: ScopeFaults,
}

/// Where a day lies in an attestation's days of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Before the first day, which is given.
    NotYet(Day),
    /// On one of them.
    Valid,
    /// After the last day, which is given.
    Expired(Day),
}

/// Why an attestation does not count at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The log received it later.
    NotYetLogged(Timestamp),
    /// Withdrawn.
    Withdrawn(Hold),
    /// Suspended by its certifier or by the accreditor.
    Suspended(Hold),
    /// Its certifier is suspended, or withdrawn.
    CertifierSuspended(Hold),
    /// Attested with a key that others may have used by then.
    KeyCompromised(Compromise),
    /// Beyond what its certifier was accredited for.
    OutOfScope(ScopeFaults),
    /// Not valid before this day.
    NotYetValid(Day),
    /// Valid until the end of this day.
    Expired(Day),
}

impl Cause {
    /// The verdict's reason code. What was not logged yet is not known.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotYetLogged(_) => "unknown_attestation",
            Self::Withdrawn(_) => "withdrawn",
            Self::Suspended(_) => "suspended",
            Self::CertifierSuspended(_) => "certifier_suspended",
            Self::KeyCompromised(_) => "key_compromised",
            Self::OutOfScope(_) => "out_of_scope",
            Self::NotYetValid(_) => "not_yet_valid",
            Self::Expired(_) => "expired",
        }
    }
}

impl Standing {
    /// Whether the attestation counts.
    pub fn is_active(&self) -> bool {
        self.causes().next().is_none()
    }

    /// Why it does not: the gravest first. Empty, where it counts.
    pub fn causes(&self) -> impl Iterator<Item = Cause> + use<> {
        let validity = match self.validity {
            Validity::NotYet(first) => Some(Cause::NotYetValid(first)),
            Validity::Valid => None,
            Validity::Expired(last) => Some(Cause::Expired(last)),
        };
        [
            self.not_yet_logged.map(Cause::NotYetLogged),
            self.withdrawn.map(Cause::Withdrawn),
            self.accreditor_hold.map(Cause::Suspended),
            self.certifier_hold.map(Cause::Suspended),
            self.party_hold.map(Cause::CertifierSuspended),
            self.key_compromised.map(Cause::KeyCompromised),
            (!self.faults.is_empty()).then_some(Cause::OutOfScope(self.faults)),
            validity,
        ]
        .into_iter()
        .flatten()
    }
}

/// A key that may have signed the labels of an attestation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelKey<'a> {
    /// The key.
    pub record: &'a KeyRecord,
    /// How far to trust what it signed.
    pub trust: LabelKeyTrust,
}

/// How far to trust a label that verifies under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKeyTrust {
    /// Nothing is known against the key.
    Sound,
    /// The attestation is older than the compromise, but the label may not be: it carries no time, and whoever has the key
    /// can print 1…n again.
    Exposed(Compromise),
    /// The attestation is of the time of the compromise, and so is every label of it.
    Compromised(Compromise),
}

impl State {
    /// What counts of the attestation with this log index at a time; `None` where the index is no attestation.
    ///
    /// Holds count if they were in effect at `at`, and so if the log had received them by then. Compromise counts by the newest
    /// knowledge. Where [`State::unsupported_from`] says something, the answer is not to be relied on.
    pub fn standing(&self, index: u64, at: Timestamp) -> Option<Standing> {
        let row = self.row(index)?;
        let key = self.parties.key(row.key_number())?;
        let party = self.parties.party(key.party)?;
        let events = self.status_events(index);
        let received_at = row.received_at();
        Some(Standing {
            not_yet_logged: Some(received_at).filter(|received_at| *received_at > at),
            validity: validity(row, at.day()),
            withdrawn: withdrawn_at(events, at),
            certifier_hold: suspended_at(events, Holder::Certifier, at),
            accreditor_hold: suspended_at(events, Holder::Accreditor, at),
            party_hold: party.hold_at(at),
            key_compromised: key.compromised_by(received_at),
            faults: row.faults(),
        })
    }

    /// The first instant after `at` at which [`State::standing`] of this attestation may be another, should the log get no
    /// further entry: the next day's first, or the start of a status change that was announced. `None` where the index is no
    /// attestation, or on the last day that there is.
    pub fn standing_until(&self, index: u64, at: Timestamp) -> Option<Timestamp> {
        let row = self.row(index)?;
        let party = self.issuer_of(row)?;
        let starts = self.status_events(index).iter().chain(&party.events).map(|event| event.effective_from);
        let next_day = at.day().next()?.first_instant();
        starts.chain([row.received_at()]).filter(|start| *start > at).chain([next_day]).min()
    }

    /// The keys that may have signed a label of the attestation with this log index: those of its issuer that have this key id
    /// and were not retired at or before the index. Keys added later may sign.
    ///
    /// Four bytes do not name one key for certain: try each. Empty where the index is no attestation, or no key has that id.
    pub fn label_keys(&self, index: u64, id: LabelKeyId) -> impl Iterator<Item = LabelKey<'_>> {
        let issued = self.row(index).and_then(|row| Some((row, self.issuer_of(row)?)));
        issued.into_iter().flat_map(move |(row, party)| {
            self.keys_of(party)
                .filter(move |key| key.label_key_id == id && key.retired_at.is_none_or(|retired_at| retired_at > index))
                .map(move |record| LabelKey { record, trust: trust(record, row) })
        })
    }

    /// All accredited keys with this id, whoever's: for a label whose attestation lies past the State's end. It is newer than the
    /// State if it verifies under one of them, and forged if there are some and it verifies under none.
    pub fn keys_with_id(&self, id: LabelKeyId) -> impl Iterator<Item = &KeyRecord> {
        self.parties.keys.iter().map(|(_, record)| record).filter(move |record| record.label_key_id == id)
    }
}

fn validity(row: &Row, day: Day) -> Validity {
    if day < row.first_day() {
        Validity::NotYet(row.first_day())
    } else if day > row.last_day() {
        Validity::Expired(row.last_day())
    } else {
        Validity::Valid
    }
}

fn trust(key: &KeyRecord, row: &Row) -> LabelKeyTrust {
    match (key.compromised, key.compromised_by(row.received_at())) {
        (None, _) => LabelKeyTrust::Sound,
        (Some(_), Some(compromise)) => LabelKeyTrust::Compromised(compromise),
        (Some(compromise), None) => LabelKeyTrust::Exposed(compromise),
    }
}
