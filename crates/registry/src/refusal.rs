//! Refusal: why the law does not let a statement take effect. Every reason has a stable code.

use alloc::string::String;

use primitives::{Day, Hash, KeyError, Thumbprint, Timestamp};
use statement::{Did, Origin, Role, StatusSlot};
use thiserror::Error;

use crate::row::ScopeFaults;

/// Why a statement, though authentic, does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The trust file puts the index under rules that this code does not know.
    #[error("index {0} is under rules that this program does not know")]
    UnsupportedRules(u64),
    /// Indexes of a log fit in 32 bits.
    #[error("log holds 4294967295 entries, which is the limit")]
    LogFull,
    /// Times of receipt fit in 32 bits of seconds.
    #[error("time of receipt is {0}, expected one before 2106-02-07")]
    TimeOutOfRange(Timestamp),
    /// Times of receipt never decrease along a log. An entry that was backdated does not count.
    #[error("time of receipt is {found}, before {last}, that of an earlier entry")]
    ReceivedOutOfOrder {
        /// The entry's time of receipt.
        found: Timestamp,
        /// The greatest one before it.
        last: Timestamp,
    },
    /// A status root that the entries before it do not give.
    #[error("status root is {found}, the entries before it give {expected}")]
    OtherStatusRoot {
        /// The root in the entry.
        found: Hash,
        /// Root of the status tree.
        expected: Hash,
    },
    /// The registry has to bind the status of everything into its log before it takes anything else.
    #[error("the last status root is more than 5 minutes before {0}")]
    StatusRootDue(Timestamp),
    /// Signed for another registry.
    #[error("statement is signed for the registry {found}, this is {expected}")]
    WrongRegistry {
        /// The origin in the statement.
        found: Origin,
        /// This registry's origin.
        expected: Origin,
    },
    /// The issuer is neither an accreditor nor accredited.
    #[error("issuer {0} is not accredited here")]
    UnknownIssuer(Did),
    /// The signing key is not one of the issuer's.
    #[error("key {key} is no key of {issuer}")]
    UnknownKey {
        /// The issuer.
        issuer: Did,
        /// The key that signed.
        key: Thumbprint,
    },
    /// The fragment of `kid` is not a thumbprint, so no key is named.
    #[error("kid ends in {0:?}, expected the key's RFC 7638 thumbprint")]
    KidWithoutThumbprint(String),
    /// The trust file does not let this accreditor's key sign at this index.
    #[error("accreditor's key {key} is not valid at index {index}")]
    AccreditorKeyNotValid {
        /// The key.
        key: Thumbprint,
        /// The index at which it signed.
        index: u64,
    },
    /// The key was left out of an accreditation.
    #[error("key {key} is retired since index {retired_at}")]
    KeyRetired {
        /// The key.
        key: Thumbprint,
        /// Index of the accreditation that left it out.
        retired_at: u64,
    },
    /// Others may use the key.
    #[error("key {key} is compromised since {since}, as index {entry} says")]
    KeyCompromised {
        /// The key.
        key: Thumbprint,
        /// Since when.
        since: Timestamp,
        /// Index of the accreditation that says so.
        entry: u64,
    },

    /// Only accreditors accredit.
    #[error("{0} is no accreditor of this registry")]
    NotAnAccreditor(Did),
    /// Whoever accredits cannot be accredited: its two holds would be one.
    #[error("{0} is an accreditor of this registry and cannot be accredited")]
    SubjectIsAccreditor(Did),
    /// The accreditor that accredited a party first keeps it.
    #[error("{subject} is accredited by {accreditor}, which alone may change that")]
    AnotherAccreditor {
        /// The party.
        subject: Did,
        /// Its accreditor.
        accreditor: Did,
    },
    /// Signed before the accreditation in force, and slipped in after it.
    #[error("validFrom is {found}, expected one later than {in_force}, that of the accreditation at index {entry}")]
    StaleAccreditation {
        /// The statement's `validFrom`.
        found: Timestamp,
        /// That of the accreditation in force.
        in_force: Timestamp,
        /// Index of the accreditation in force.
        entry: u64,
    },
    /// A slip of the pen in the year would bar every later accreditation for as long.
    #[error("validFrom is {found}, expected at most 92 days after receipt ({limit})")]
    AccreditationTooEarly {
        /// The statement's `validFrom`.
        found: Timestamp,
        /// The latest one that is taken.
        limit: Timestamp,
    },
    /// This accreditor's key has approved these very bytes.
    #[error("key {key} approved this accreditation at index {entry}")]
    AlreadyApproved {
        /// The key.
        key: Thumbprint,
        /// Index of its approval.
        entry: u64,
    },
    /// Signatures under such a key prove nothing.
    #[error("key {key} cannot be accredited: {error}")]
    KeyNotAccreditable {
        /// The key.
        key: Thumbprint,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A key belongs to one DID for ever.
    #[error("key {key} belongs to {owner}")]
    KeyOfAnother {
        /// The key.
        key: Thumbprint,
        /// Whose it is.
        owner: Did,
    },
    /// Retirement never clears.
    #[error("key {key} is retired since index {retired_at}, for ever")]
    RetiredKeyListed {
        /// The key.
        key: Thumbprint,
        /// Index of the accreditation that left it out.
        retired_at: u64,
    },
    /// Only a key of the party can be declared compromised.
    #[error("compromised key {0} is no key of this party")]
    UnknownCompromisedKey(Thumbprint),
    /// Numbers of keys fit in 16 bits.
    #[error("registry would hold more than {0} accredited keys")]
    TooManyKeys(usize),
    /// Numbers of parties fit in 16 bits.
    #[error("registry would hold more than {0} accredited parties")]
    TooManyParties(usize),

    /// Only certifiers attest.
    #[error("{issuer} is accredited as {}, expected certifier", role_name(*.role))]
    NotACertifier {
        /// The issuer.
        issuer: Did,
        /// What it is accredited as.
        role: Role,
    },
    /// The certifier's accreditation is suspended or withdrawn.
    #[error("certifier {issuer} is suspended since {since}, as index {entry} says")]
    CertifierSuspended {
        /// The certifier.
        issuer: Did,
        /// Since when.
        since: Timestamp,
        /// Index of the status change.
        entry: u64,
    },
    /// A bit of a status list speaks of one attestation.
    #[error("status list {} index {} of this key is taken{}", .slot.list, .slot.index, Holder(*.holder))]
    StatusIndexTaken {
        /// The slot.
        slot: StatusSlot,
        /// Index of the attestation that holds it, where the caller has looked it up: see [`Refusal::held_by`].
        holder: Option<u64>,
    },
    /// Beyond what the certifier is accredited for.
    #[error("attestation is out of the certifier's scope ({})", Names(*.0))]
    OutOfScope(ScopeFaults),

    /// Only customs offices clear.
    #[error("{issuer} is accredited as {}, expected customs office", role_name(*.role))]
    NotACustomsOffice {
        /// The issuer.
        issuer: Did,
        /// What it is accredited as.
        role: Role,
    },
    /// The customs office's accreditation is suspended or withdrawn.
    #[error("customs office {issuer} is suspended since {since}, as index {entry} says")]
    OfficeSuspended {
        /// The customs office.
        issuer: Did,
        /// Since when.
        since: Timestamp,
        /// Index of the status change.
        entry: u64,
    },
    /// The accreditation has not begun, or has run out.
    #[error("{issuer} is accredited from {first} to {last}, this is {day}")]
    AccreditationNotInForce {
        /// The issuer.
        issuer: Did,
        /// First day of its accreditation.
        first: Day,
        /// Last day.
        last: Day,
        /// The day of receipt.
        day: Day,
    },
    /// It is private: a log is for everybody, and for ever.
    #[error("a {0} is private and never logged")]
    NeverLogged(&'static str),
    /// There are not so many labels.
    #[error("number {number} is no label of attestation {attestation}, which has {labels}")]
    SerialNotIssued {
        /// The attestation.
        attestation: u64,
        /// The greatest number cleared.
        number: u32,
        /// How many labels it has.
        labels: u32,
    },
    /// A quantity that does not add up with what was attested.
    #[error("quantity of attestation {attestation} is in {found}, attested in {expected}")]
    OtherUnit {
        /// The attestation.
        attestation: u64,
        /// Code of the unit cleared.
        found: String,
        /// Code of the attestation's unit.
        expected: String,
    },

    /// There is no attestation with this index.
    #[error("index {0} is no attestation")]
    UnknownTarget(u64),
    /// There is no party with this DID.
    #[error("{0} is no accredited party")]
    UnknownParty(Did),
    /// A certifier changes its own attestations only.
    #[error("attestation {0} is another certifier's")]
    NotYourAttestation(u64),
    /// An accreditor changes what its own parties attested, and them, only.
    #[error("{party} is accredited by {accreditor}, which alone may change its status")]
    NotYourParty {
        /// The party.
        party: Did,
        /// Its accreditor.
        accreditor: Did,
    },
    /// The status of a party is its accreditor's to change.
    #[error("only its accreditor may change the status of {0}")]
    OnlyTheAccreditor(Did),
    /// Signed without knowledge of the target's last status entry, or slipped in after it.
    #[error("`after` is {}, expected {}{}", Index(*.found), Index(*.expected), Target(*.target))]
    StaleStatus {
        /// The attestation; `None` for a party.
        target: Option<u64>,
        /// What the statement says.
        found: Option<u64>,
        /// Index of the target's last status entry.
        expected: Option<u64>,
    },
    /// Withdrawal is final.
    #[error("target{} is withdrawn since index {entry}, for ever", Target(*.target))]
    AlreadyWithdrawn {
        /// The attestation; `None` for a party.
        target: Option<u64>,
        /// Index of the withdrawal.
        entry: u64,
    },
    /// Each holder lifts its own hold only.
    #[error("there is no hold of this issuer to lift{}", Target(*.target))]
    NothingToLift {
        /// The attestation; `None` for a party.
        target: Option<u64>,
    },
    /// Beyond this, a target can only be withdrawn.
    #[error("issuer has changed the status{} {limit} times, which is the limit: only withdrawal is left", Target(*.target))]
    TooManyChanges {
        /// The attestation; `None` for a party.
        target: Option<u64>,
        /// How often a holder may suspend and reinstate one target.
        limit: usize,
    },
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedRules(_) => "unsupported_rules",
            Self::LogFull => "log_full",
            Self::TimeOutOfRange(_) => "time_out_of_range",
            Self::ReceivedOutOfOrder { .. } => "received_out_of_order",
            Self::OtherStatusRoot { .. } => "other_status_root",
            Self::StatusRootDue(_) => "status_root_due",
            Self::WrongRegistry { .. } => "wrong_registry",
            Self::UnknownIssuer(_) => "unknown_issuer",
            Self::UnknownKey { .. } => "unknown_key",
            Self::KidWithoutThumbprint(_) => "kid_without_thumbprint",
            Self::AccreditorKeyNotValid { .. } => "accreditor_key_not_valid",
            Self::KeyRetired { .. } => "key_retired",
            Self::KeyCompromised { .. } => "key_compromised",
            Self::NotAnAccreditor(_) => "not_an_accreditor",
            Self::SubjectIsAccreditor(_) => "subject_is_accreditor",
            Self::AnotherAccreditor { .. } => "another_accreditor",
            Self::StaleAccreditation { .. } => "stale_accreditation",
            Self::AccreditationTooEarly { .. } => "accreditation_too_early",
            Self::AlreadyApproved { .. } => "already_approved",
            Self::KeyNotAccreditable { .. } => "key_not_accreditable",
            Self::KeyOfAnother { .. } => "key_of_another",
            Self::RetiredKeyListed { .. } => "retired_key_listed",
            Self::UnknownCompromisedKey(_) => "unknown_compromised_key",
            Self::TooManyKeys(_) => "too_many_keys",
            Self::TooManyParties(_) => "too_many_parties",
            Self::NotACertifier { .. } => "not_a_certifier",
            Self::CertifierSuspended { .. } => "certifier_suspended",
            Self::StatusIndexTaken { .. } => "status_index_taken",
            Self::OutOfScope(_) => "out_of_scope",
            Self::NotACustomsOffice { .. } => "not_a_customs_office",
            Self::OfficeSuspended { .. } => "office_suspended",
            Self::AccreditationNotInForce { .. } => "accreditation_not_in_force",
            Self::NeverLogged(_) => "never_logged",
            Self::SerialNotIssued { .. } => "serial_not_issued",
            Self::OtherUnit { .. } => "other_unit",
            Self::UnknownTarget(_) => "unknown_target",
            Self::UnknownParty(_) => "unknown_party",
            Self::NotYourAttestation(_) => "not_your_attestation",
            Self::NotYourParty { .. } => "not_your_party",
            Self::OnlyTheAccreditor(_) => "only_the_accreditor",
            Self::StaleStatus { .. } => "stale_status",
            Self::AlreadyWithdrawn { .. } => "already_withdrawn",
            Self::NothingToLift { .. } => "nothing_to_lift",
            Self::TooManyChanges { .. } => "too_many_changes",
        }
    }

    /// Names the attestation that holds a taken status slot. The State keeps which slots are taken, not by whom: whoever
    /// has the statements at hand adds it. Other refusals stay as they are.
    #[must_use]
    pub fn held_by(self, index: u64) -> Self {
        if let Self::StatusIndexTaken { slot, .. } = self {
            Self::StatusIndexTaken { slot, holder: Some(index) }
        } else {
            self
        }
    }
}

/// A role's word in sentences.
const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Certifier => "certifier",
        Role::CustomsOffice => "customs office",
        Role::Auditor => "auditor",
    }
}

/// ` by attestation 7`, or nothing.
struct Holder(Option<u64>);
/// ` for attestation 7`, or nothing.
struct Target(Option<u64>);
/// `7`, or `null` as the statement writes it.
struct Index(Option<u64>);
/// `country, topic`.
struct Names(ScopeFaults);

mod words {
    use core::fmt::{Display, Formatter, Result};

    use super::{Holder, Index, Names, Target};

    impl Display for Holder {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            self.0.map_or(Ok(()), |index| write!(f, " by attestation {index}"))
        }
    }
    impl Display for Target {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            self.0.map_or(Ok(()), |index| write!(f, " for attestation {index}"))
        }
    }
    impl Display for Index {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            match self.0 {
                Some(index) => write!(f, "{index}"),
                None => f.write_str("null"),
            }
        }
    }
    impl Display for Names {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            self.0.names().enumerate().try_for_each(|(nth, name)| {
                if nth > 0 {
                    f.write_str(", ")?;
                }
                f.write_str(name)
            })
        }
    }
}
