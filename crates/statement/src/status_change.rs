//! Status change: a certifier or accreditor suspends, reinstates or withdraws.
//!
//! UNTP has no credential for this; the type `LabelStatusChange` is ours.

mod read;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use primitives::Timestamp;

use crate::{Did, Origin};

/// Attestations in one status change.
pub const MAX_TARGETS: usize = 1_000;
/// Longest text of a status change, in characters.
pub const MAX_TEXT: usize = 200;

/// A change of status, as signed. Whether its issuer may order it is for the law to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// Who orders it.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// What is ordered.
    pub action: Action,
    /// For what.
    pub target: Target,
    /// Why, as a code.
    pub reason: Reason,
    /// Why, in words; may be empty.
    pub text: String,
    /// Log index of the target's last status entry; `None` where it has none.
    pub after: Option<u64>,
    /// Not before this instant; a whole second.
    pub effective_from: Timestamp,
}

/// What a status change orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Hold until reinstated.
    Suspend,
    /// Lift one's own hold.
    Reinstate,
    /// End for ever.
    Withdraw,
}

/// What a status change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Attestations by log index, ascending.
    Attestations(Vec<u64>),
    /// A party with all that it attested.
    Party(Did),
}

/// Why the status changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A child was found at work.
    ChildFoundAtWork,
    /// An audit was refused.
    AuditRefused,
    /// Fraud.
    Fraud,
    /// A mistake in the statement.
    Error,
    /// The last audit is too old.
    ExpiredAudit,
    /// Something else; see the text.
    Other,
}

/// How actions are written.
const ACTIONS: [(&str, Action); 3] =
    [("suspend", Action::Suspend), ("reinstate", Action::Reinstate), ("withdraw", Action::Withdraw)];

/// How reasons are written.
const REASONS: [(&str, Reason); 6] = [
    ("child_found_at_work", Reason::ChildFoundAtWork),
    ("audit_refused", Reason::AuditRefused),
    ("fraud", Reason::Fraud),
    ("error", Reason::Error),
    ("expired_audit", Reason::ExpiredAudit),
    ("other", Reason::Other),
];

impl Action {
    /// How the action is written, such as `suspend`.
    pub fn code(self) -> &'static str {
        ACTIONS.iter().find(|(_, action)| *action == self).map_or("", |(name, _)| name)
    }
}

impl Reason {
    /// How the reason is written, such as `child_found_at_work`.
    pub fn code(self) -> &'static str {
        REASONS.iter().find(|(_, reason)| *reason == self).map_or("", |(name, _)| name)
    }

    /// The reason that is written like this.
    pub fn from_code(code: &str) -> Option<Self> {
        REASONS.iter().find(|(name, _)| *name == code).map(|(_, reason)| *reason)
    }
}

#[cfg(test)]
mod tests;
