//! Which message says what the verifier found. Each match names every case: a new one does not compile without its message.

use registry::{Hold, Holder};
use statement::Claims;
use verify::{Check, Found, Outcome, Reason, Source};

use crate::texts::{Text, Texts};

/// A verdict's word, and its line.
pub(crate) const fn outcome(outcome: Outcome) -> (Text, Text) {
    match outcome {
        Outcome::Verified => (Text::WordVerified, Text::HeadlineVerified),
        Outcome::Caution => (Text::WordCaution, Text::HeadlineCaution),
        Outcome::Refused => (Text::WordRefused, Text::HeadlineRefused),
        Outcome::Undecided => (Text::WordUndecided, Text::HeadlineUndecided),
    }
}

/// A reason's sentence.
pub(crate) const fn reason(reason: &Reason) -> Text {
    match reason {
        Reason::AlreadyCleared => Text::ReasonAlreadyCleared,
        Reason::DuplicateInShipment => Text::ReasonDuplicateInShipment,
        Reason::OverQuantity => Text::ReasonOverQuantity,
        Reason::DeclarationMismatch => Text::ReasonDeclarationMismatch,
        Reason::ManyScans => Text::ReasonManyScans,
        Reason::KeyExposed => Text::ReasonKeyExposed,
        Reason::RiskListed => Text::ReasonRiskListed,
        Reason::Malformed => Text::ReasonMalformed,
        Reason::ForgedSignature => Text::ReasonForgedSignature,
        Reason::UnknownCertifier => Text::ReasonUnknownCertifier,
        Reason::UnknownAttestation => Text::ReasonUnknownAttestation,
        Reason::WrongProduct => Text::ReasonWrongProduct,
        Reason::WrongClaims => Text::ReasonWrongClaims,
        Reason::SerialOutOfRange => Text::ReasonSerialOutOfRange,
        Reason::NotYetValid => Text::ReasonNotYetValid,
        Reason::Expired => Text::ReasonExpired,
        Reason::Suspended => Text::ReasonSuspended,
        Reason::Withdrawn => Text::ReasonWithdrawn,
        Reason::CertifierSuspended => Text::ReasonCertifierSuspended,
        Reason::KeyCompromised => Text::ReasonKeyCompromised,
        Reason::OutOfScope => Text::ReasonOutOfScope,
        Reason::ForeignOrigin => Text::ReasonForeignOrigin,
        Reason::NoTrust => Text::ReasonNoTrust,
        Reason::NoStatus => Text::ReasonNoStatus,
        Reason::NoQuorum => Text::ReasonNoQuorum,
        Reason::StaleSnapshot => Text::ReasonStaleSnapshot,
        Reason::NewerThanSnapshot => Text::ReasonNewerThanSnapshot,
        Reason::Unsupported => Text::ReasonUnsupported,
        Reason::LogInconsistent => Text::ReasonLogInconsistent,
        Reason::Network => Text::ReasonNetwork,
        Reason::Clock => Text::ReasonClock,
    }
}

/// What a check looks at.
pub(crate) const fn check(check: &Check) -> Text {
    match check {
        Check::Format => Text::CheckFormat,
        Check::Registry => Text::CheckRegistry,
        Check::Log => Text::CheckLog,
        Check::Complete => Text::CheckComplete,
        Check::Attestation => Text::CheckAttestation,
        Check::Key => Text::CheckKey,
        Check::Signature => Text::CheckSignature,
        Check::Product => Text::CheckProduct,
        Check::Claims => Text::CheckClaims,
        Check::Serial => Text::CheckSerial,
        Check::Validity => Text::CheckValidity,
        Check::Standing => Text::CheckStanding,
        Check::Certifier => Text::CheckCertifier,
        Check::Compromise => Text::CheckCompromise,
        Check::Scans => Text::CheckScans,
        Check::Today => Text::CheckToday,
    }
}

/// How a check came out.
pub(crate) const fn found(found: &Found) -> Text {
    match found {
        Found::Pass => Text::FoundPass,
        Found::Caution => Text::FoundCaution,
        Found::Fail => Text::FoundFail,
        Found::Unknown => Text::FoundUnknown,
    }
}

/// The same as a sign, for who looks rather than reads.
pub(crate) const fn mark(found: &Found) -> &'static str {
    match found {
        Found::Pass => "✓",
        Found::Caution => "△",
        Found::Fail => "✗",
        Found::Unknown => "?",
    }
}

/// Whose word it is.
pub(crate) const fn source(source: &Source) -> Text {
    match source {
        Source::Label => Text::SourceLabel,
        Source::Trust => Text::SourceTrust,
        Source::Registry => Text::SourceRegistry,
        Source::Entries => Text::SourceEntries,
        Source::Snapshot => Text::SourceSnapshot,
    }
}

/// What is claimed.
pub(crate) fn claims(claims: &Claims) -> Text {
    match crate::texts::claims(*claims) {
        "child" => Text::ClaimsChild,
        "forced" => Text::ClaimsForced,
        _ => Text::ClaimsBoth,
    }
}

/// Who put a hold on an attestation or a certifier, when and why.
pub(crate) fn hold(t: &Texts, check: Check, hold: &Hold) -> String {
    let by = match hold.by {
        Holder::Certifier => "certifier",
        Holder::Accreditor => "accreditor",
    };
    let reason = match hold.reason {
        statement::Reason::ChildFoundAtWork => Text::HoldReasonChildFoundAtWork,
        statement::Reason::AuditRefused => Text::HoldReasonAuditRefused,
        statement::Reason::Fraud => Text::HoldReasonFraud,
        statement::Reason::Error => Text::HoldReasonError,
        statement::Reason::ExpiredAudit => Text::HoldReasonExpiredAudit,
        statement::Reason::Other => Text::HoldReasonOther,
    };
    let text = match (check, hold.is_final) {
        (Check::Certifier, _) => Text::HoldParty,
        (_, true) => Text::HoldWithdrawn,
        (_, false) => Text::HoldSuspended,
    };
    let (date, reason) = (t.day(&hold.since.day().to_string()), t.plain(reason));
    t.with(text, &[("by", by.into()), ("date", date.into()), ("reason", reason.into())])
}

/// The steps that a device makes itself, by their names in `check.js`.
pub(crate) const STEPS: [(&str, Text); 10] = [
    ("label", Text::StepLabel),
    ("log", Text::StepLog),
    ("witnesses", Text::StepWitnesses),
    ("complete", Text::CheckComplete),
    ("accreditation", Text::StepAccreditation),
    ("statement", Text::StepStatement),
    ("signature", Text::StepSignature),
    ("product", Text::StepProduct),
    ("validity", Text::StepValidity),
    ("standing", Text::StepStanding),
];
