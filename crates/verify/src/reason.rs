//! Outcomes and reason codes: the words that every part of the project uses for "may this label be believed".
//!
//! Codes are stable: pages, reports and scripts match on them. Sentences are for people and may be reworded.

use core::fmt;

use registry::Cause;
use serde::{Serialize, Serializer};

/// What a verdict comes to, ordered from best to worst as design §7 combines them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every check passed.
    Verified,
    /// Genuine, but something needs eyes.
    Caution,
    /// Not to be decided here and now: never to be shown as fake, nor as fine.
    Undecided,
    /// Forged, or no longer standing.
    Refused,
}

impl Outcome {
    /// The stable lower-case name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Caution => "caution",
            Self::Undecided => "undecided",
            Self::Refused => "refused",
        }
    }

    /// Exit status of a command that judged one label.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Caution | Self::Refused => 1,
            Self::Undecided => 3,
        }
    }

    /// Exit status of a command that judged many labels: any refused or caution 1, else any undecided 3, else 0.
    pub fn exit_code_of_many(outcomes: impl IntoIterator<Item = Self>) -> u8 {
        outcomes.into_iter().map(Self::exit_code).fold(0, |worst, code| match (worst, code) {
            (1, _) | (_, 1) => 1,
            (worst, code) => worst.max(code),
        })
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $outcome:ident $sentence:literal;)+) => {
        /// Why an outcome is not `verified`. Every reason belongs to one outcome.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Reason {
            /// All reasons, in the order of design §7.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable snake_case code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The outcome that this reason leads to when nothing worse is found.
            pub const fn outcome(self) -> Outcome {
                match self { $(Self::$name => Outcome::$outcome,)+ }
            }

            /// One plain English sentence about the label, never about the product.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }
        }
    };
}

reasons! {
    /// An office reported these goods as cleared before.
    AlreadyCleared "already_cleared" Caution "Goods with this label were cleared before.";
    /// The same serial occurs twice in one shipment.
    DuplicateInShipment "duplicate_in_shipment" Caution "This serial number occurs more than once in the shipment.";
    /// More units than were attested.
    OverQuantity "over_quantity" Caution "There are more goods than the attestation covers.";
    /// What was declared is not what was attested.
    DeclarationMismatch "declaration_mismatch" Caution "The declaration says something else than the attestation.";
    /// Scanned on more days and places than one item explains.
    ManyScans "many_scans" Caution "This serial number was scanned unusually often: it may have been copied.";
    /// The key that signed the label was stolen at some time.
    KeyExposed "key_exposed" Caution "The key that signed this label was later stolen, so the label may be a thief's copy.";
    /// The goods and country are on a public list of goods made by children.
    RiskListed "risk_listed" Caution "Goods of this kind from this country are on a public list of goods made by children.";

    /// Not a label of this registry's format.
    Malformed "malformed" Refused "This is not a well-formed label.";
    /// The signature is not the certifier's.
    ForgedSignature "forged_signature" Refused "The signature on this label is not genuine.";
    /// The key belongs to nobody who may sign this label.
    UnknownCertifier "unknown_certifier" Refused "This label was signed with a key that may not sign for this attestation.";
    /// The log has no such attestation.
    UnknownAttestation "unknown_attestation" Refused "The registry has no attestation with this label's number.";
    /// The attestation is for another product or lot.
    WrongProduct "wrong_product" Refused "The attestation is for another product or lot.";
    /// The label claims more than was attested.
    WrongClaims "wrong_claims" Refused "The label claims more than was attested.";
    /// No such serial was issued.
    SerialOutOfRange "serial_out_of_range" Refused "No label with this serial number was issued.";
    /// Valid from a later day.
    NotYetValid "not_yet_valid" Refused "The attestation is not valid yet.";
    /// Its last day has passed.
    Expired "expired" Refused "The attestation has expired.";
    /// The attestation is suspended.
    Suspended "suspended" Refused "The attestation is suspended.";
    /// The attestation was withdrawn, for good.
    Withdrawn "withdrawn" Refused "The attestation was withdrawn.";
    /// The certifier's accreditation is suspended or withdrawn.
    CertifierSuspended "certifier_suspended" Refused "The certifier's accreditation is suspended.";
    /// The attestation was signed with a key after it was stolen.
    KeyCompromised "key_compromised" Refused "The attestation was signed with a key after that key was stolen.";
    /// The certifier was not accredited for this.
    OutOfScope "out_of_scope" Refused "The certifier was not accredited for this kind of attestation.";
    /// The label names a registry that is not trusted here.
    ForeignOrigin "foreign_origin" Refused "The label names a registry that you do not trust.";

    /// There is no trust file, or it names no registry.
    NoTrust "no_trust" Undecided "No registry is trusted here yet, so nothing can be decided.";
    /// The status of the attestation is not known here.
    NoStatus "no_status" Undecided "The present status of this attestation is not known here.";
    /// Too few witnesses saw the log.
    NoQuorum "no_quorum" Undecided "Too few witnesses have confirmed the registry's log.";
    /// The snapshot is too old.
    StaleSnapshot "stale_snapshot" Undecided "The data on this device is too old to decide.";
    /// The attestation is newer than the snapshot.
    NewerThanSnapshot "newer_than_snapshot" Undecided "This label is newer than the data on this device.";
    /// A version or rule that this program does not know.
    Unsupported "unsupported" Undecided "This label, or its registry, follows rules newer than this program.";
    /// The log contradicts itself.
    LogInconsistent "log_inconsistent" Undecided "The registry's log contradicts itself, so nothing it says can be used.";
    /// The registry could not be reached.
    Network "network" Undecided "The registry could not be reached.";
    /// The time on this device cannot be right.
    Clock "clock" Undecided "The clock of this device cannot be right.";
}

/// Why an attestation does not count, as a reason of a verdict.
impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        match cause {
            // Not known at the time asked about.
            Cause::NotYetLogged(_) => Self::UnknownAttestation,
            Cause::Withdrawn(_) => Self::Withdrawn,
            Cause::Suspended(_) => Self::Suspended,
            Cause::CertifierSuspended(_) => Self::CertifierSuspended,
            Cause::KeyCompromised(_) => Self::KeyCompromised,
            Cause::OutOfScope(_) => Self::OutOfScope,
            Cause::NotYetValid(_) => Self::NotYetValid,
            Cause::Expired(_) => Self::Expired,
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_labels_the_worst_decides() {
        use Outcome::{Caution, Refused, Undecided, Verified};
        for (outcomes, code) in [
            (&[Verified, Verified][..], 0),
            (&[Verified, Undecided], 3),
            (&[Undecided, Caution, Verified], 1),
            (&[Refused, Undecided], 1),
            (&[Undecided, Refused], 1),
        ] {
            assert_eq!(Outcome::exit_code_of_many(outcomes.iter().copied()), code, "{outcomes:?}");
        }
    }

    #[test]
    fn codes_are_unique_and_no_reason_means_verified() {
        let mut codes: alloc::vec::Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().all(|reason| reason.outcome() != Outcome::Verified));
    }
}
