//! Status change: suspend, reinstate, withdraw.

use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{PublicKey, Timestamp};
use statement::{Action, Did, StatusChange, Target};

use super::{Moment, accredited, accreditor};
use crate::Effect;
use crate::party::Party;
use crate::policy::Accreditor;
use crate::refusal::Refusal;
use crate::state::State;
use crate::status::{Holder, StatusEvent, holds, withdrawal};

/// How often one holder may suspend and reinstate one target. A statement can name a thousand targets, so without a limit a
/// certifier could make the State grow many times faster than the log. Withdrawal is always left,
/// and the accreditor's count is its own: nobody can use it up for another.
pub(crate) const MAX_CHANGES: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    by: Holder,
    effective_from: Timestamp,
    targets: Targets,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Targets {
    Party(u16),
    Attestations(Vec<u32>),
}

/// Who orders the change.
enum Orderer<'a> {
    Accreditor(&'a Accreditor),
    Certifier(&'a Party),
}

impl Orderer<'_> {
    const fn holder(&self) -> Holder {
        match self {
            Self::Accreditor(_) => Holder::Accreditor,
            Self::Certifier(_) => Holder::Certifier,
        }
    }
}

pub(super) fn judge(
    state: &State,
    moment: Moment,
    key: &PublicKey,
    change: &StatusChange,
) -> Result<Decision, Refusal> {
    let orderer = match accreditor(state, moment, &change.issuer, key)? {
        Some(accreditor) => Orderer::Accreditor(accreditor),
        None => Orderer::Certifier(accredited(state, &change.issuer, key)?.0),
    };
    let targets = match &change.target {
        Target::Party(did) => Targets::Party(party(state, moment, &orderer, did, change)?),
        Target::Attestations(indexes) => Targets::Attestations(attestations(state, moment, &orderer, indexes, change)?),
    };
    let effective_from = moment.received_at.max(change.effective_from);
    Ok(Decision { by: orderer.holder(), effective_from, targets })
}

fn party(
    state: &State,
    moment: Moment,
    orderer: &Orderer<'_>,
    did: &Did,
    change: &StatusChange,
) -> Result<u16, Refusal> {
    let Orderer::Accreditor(accreditor) = orderer else {
        return Err(Refusal::OnlyTheAccreditor(did.clone()));
    };
    let party = state.parties.party_named(did).ok_or_else(|| Refusal::UnknownParty(did.clone()))?;
    owned(party, accreditor)?;
    follows(&party.events, None, Holder::Accreditor, moment, change)?;
    Ok(party.number)
}

fn owned(party: &Party, accreditor: &Accreditor) -> Result<(), Refusal> {
    if party.accreditor == accreditor.did {
        return Ok(());
    }
    Err(Refusal::NotYourParty { party: party.did.clone(), accreditor: party.accreditor.clone() })
}

/// Judges a list of targets, which a [`StatusChange`] has in ascending order and at least one: all of them or none.
fn attestations(
    state: &State,
    moment: Moment,
    orderer: &Orderer<'_>,
    indexes: &[u64],
    change: &StatusChange,
) -> Result<Vec<u32>, Refusal> {
    // A suspended certifier may still make its own attestations worth less, never more.
    if let Orderer::Certifier(party) = orderer
        && change.action == Action::Reinstate
        && let Some(hold) = party.hold_at(moment.received_at)
    {
        return Err(Refusal::CertifierSuspended { issuer: party.did.clone(), since: hold.since, entry: hold.entry });
    }
    let mut targets = Vec::with_capacity(indexes.len());
    for index in indexes {
        let row = u32::try_from(*index).ok().and_then(|short| state.rows.find(short));
        let party = row.and_then(|row| state.parties.party(state.parties.key(row.key_number())?.party));
        let (Some(row), Some(party)) = (row, party) else {
            // Evidence for one attestation lacks the others that a change names.
            if state.has_gaps {
                continue;
            }
            return Err(Refusal::UnknownTarget(*index));
        };
        match orderer {
            Orderer::Accreditor(accreditor) => owned(party, accreditor)?,
            Orderer::Certifier(own) if own.number == party.number => {}
            Orderer::Certifier(_) => return Err(Refusal::NotYourAttestation(*index)),
        }
        follows(state.events(row.short_index()), Some(*index), orderer.holder(), moment, change)?;
        targets.push(row.short_index());
    }
    if targets.is_empty() {
        Err(Refusal::UnknownTarget(indexes.first().copied().unwrap_or_default()))
    } else {
        Ok(targets)
    }
}

/// Whether the change may be the next event of a target.
fn follows(
    events: &[StatusEvent],
    target: Option<u64>,
    by: Holder,
    moment: Moment,
    change: &StatusChange,
) -> Result<(), Refusal> {
    if let Some(end) = withdrawal(events, by, moment.received_at) {
        return Err(Refusal::AlreadyWithdrawn { target, entry: end.entry });
    }
    let expected = events.last().map(|last| last.entry);
    if change.after != expected {
        return Err(Refusal::StaleStatus { target, found: change.after, expected });
    }
    if change.action == Action::Reinstate && !holds(events, by) {
        return Err(Refusal::NothingToLift { target });
    }
    let changes = events.iter().filter(|event| event.by == by).count();
    if change.action != Action::Withdraw && changes >= MAX_CHANGES {
        return Err(Refusal::TooManyChanges { target, limit: MAX_CHANGES });
    }
    Ok(())
}

pub(super) fn apply(state: &mut State, moment: Moment, decision: Decision, change: &StatusChange) -> Effect {
    let Decision { by, effective_from, targets } = decision;
    let event = StatusEvent {
        entry: u64::from(moment.index),
        by,
        action: change.action,
        reason: change.reason,
        received_at: moment.received_at,
        effective_from,
    };
    match targets {
        Targets::Party(number) => {
            if let Some(party) = state.parties.party_mut(number) {
                party.events.push(event);
                let leaf = party.first_index();
                state.roots.changed(leaf);
            }
        }
        Targets::Attestations(indexes) => {
            for index in indexes {
                let events: Arc<[_]> = state.events(index).iter().copied().chain([event]).collect();
                state.histories.insert(index, events);
                state.roots.changed(u64::from(index));
            }
        }
    }
    state.counts.status_changes += 1;
    Effect::StatusChanged { by, effective_from }
}
