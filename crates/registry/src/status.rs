//! Status: the holds that lie on an attestation or a party, and since when.
//!
//! Two holds that know nothing of each other, the certifier's and the accreditor's, and an end that either can make. An event
//! takes effect at a time, but it is said at a place in the log: of the events in effect, the last one in the log decides,
//! because whoever wrote it had seen the others (`after` names them).

use alloc::vec::Vec;

use primitives::Timestamp;
use statement::{Action, Reason};

use crate::codec::{Reader, Write};
use crate::encoding::DecodeError;

/// Whose hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The certifier that attested.
    Certifier,
    /// The accreditor of the certifier.
    Accreditor,
}

impl Holder {
    /// Stable word: `certifier` or `accreditor`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certifier => "certifier",
            Self::Accreditor => "accreditor",
        }
    }
}

/// One change of status that the law let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusEvent {
    /// Log index of the status change.
    pub entry: u64,
    /// Who ordered it.
    pub by: Holder,
    /// What was ordered.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// When the log received it.
    pub received_at: Timestamp,
    /// From when on it holds: never before `received_at`.
    pub effective_from: Timestamp,
}

/// A hold that lies on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Whose.
    pub by: Holder,
    /// Unbroken since.
    pub since: Timestamp,
    /// Log index of the status change that last said so.
    pub entry: u64,
    /// Why, as that status change says.
    pub reason: Reason,
    /// Withdrawn: nothing lifts it any more.
    pub is_final: bool,
}

/// The hold of one holder at a time, withdrawal left out.
pub(crate) fn suspended_at(events: &[StatusEvent], by: Holder, at: Timestamp) -> Option<Hold> {
    let mut hold: Option<Hold> = None;
    for event in events.iter().filter(|event| event.by == by && event.effective_from <= at) {
        hold = match event.action {
            Action::Suspend => {
                let since = hold.map_or(event.effective_from, |hold| hold.since.min(event.effective_from));
                Some(Hold { by, since, entry: event.entry, reason: event.reason, is_final: false })
            }
            Action::Reinstate => None,
            Action::Withdraw => hold,
        };
    }
    hold
}

/// The withdrawal in effect; of two, the one that took effect first.
pub(crate) fn withdrawn_at(events: &[StatusEvent], at: Timestamp) -> Option<Hold> {
    let ends = events.iter().filter(|event| event.action == Action::Withdraw && event.effective_from <= at);
    let event = ends.min_by_key(|event| event.effective_from)?;
    Some(Hold { by: event.by, since: event.effective_from, entry: event.entry, reason: event.reason, is_final: true })
}

/// The withdrawal that lets this holder order nothing more at this time: its own, in effect or announced, or any in effect.
///
/// One that the other holder has announced is no bar: a certifier that withdraws from next century on must not keep its
/// accreditor from withdrawing today.
pub(crate) fn withdrawal(events: &[StatusEvent], by: Holder, at: Timestamp) -> Option<&StatusEvent> {
    events.iter().find(|event| event.action == Action::Withdraw && (event.by == by || event.effective_from <= at))
}

/// Whether a holder has a hold to lift, in effect or announced.
pub(crate) fn holds(events: &[StatusEvent], by: Holder) -> bool {
    events.iter().rfind(|event| event.by == by).is_some_and(|event| event.action == Action::Suspend)
}

impl StatusEvent {
    /// Least bytes of an encoded event.
    pub(crate) const SIZE: usize = 4 + 3 + 8 + 8;

    pub(crate) fn encode(&self, out: &mut impl Write) {
        out.u32(u32::try_from(self.entry).unwrap_or(u32::MAX));
        out.u8(match self.by {
            Holder::Certifier => 1,
            Holder::Accreditor => 2,
        });
        out.u8(match self.action {
            Action::Suspend => 1,
            Action::Reinstate => 2,
            Action::Withdraw => 3,
        });
        out.u8(match self.reason {
            Reason::ChildFoundAtWork => 1,
            Reason::AuditRefused => 2,
            Reason::Fraud => 3,
            Reason::Error => 4,
            Reason::ExpiredAudit => 5,
            Reason::Other => 6,
        });
        out.u64(self.received_at.millis());
        out.u64(self.effective_from.millis());
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let invalid = Err(DecodeError::Invalid("status event"));
        let event = Self {
            entry: u64::from(reader.u32()?),
            by: match reader.u8()? {
                1 => Holder::Certifier,
                2 => Holder::Accreditor,
                _ => return invalid,
            },
            action: match reader.u8()? {
                1 => Action::Suspend,
                2 => Action::Reinstate,
                3 => Action::Withdraw,
                _ => return invalid,
            },
            reason: match reader.u8()? {
                1 => Reason::ChildFoundAtWork,
                2 => Reason::AuditRefused,
                3 => Reason::Fraud,
                4 => Reason::Error,
                5 => Reason::ExpiredAudit,
                6 => Reason::Other,
                _ => return invalid,
            },
            received_at: Timestamp::from_millis(reader.u64()?),
            effective_from: Timestamp::from_millis(reader.u64()?),
        };
        if event.effective_from < event.received_at { invalid } else { Ok(event) }
    }

    /// Reads the events of one target: at least one, entries ascending, nothing that an earlier withdrawal bars.
    pub(crate) fn decode_many(reader: &mut Reader<'_>, count: usize) -> Result<Vec<Self>, DecodeError> {
        let events = reader.many(count, Self::decode)?;
        let mut ends: Vec<Self> = Vec::new();
        for event in &events {
            if withdrawal(&ends, event.by, event.received_at).is_some() {
                return Err(DecodeError::Invalid("status events"));
            }
            ends.extend((event.action == Action::Withdraw).then_some(*event));
        }
        let ascends = events.is_sorted_by(|a, b| a.entry < b.entry);
        if ascends { Ok(events) } else { Err(DecodeError::Invalid("status events")) }
    }
}
