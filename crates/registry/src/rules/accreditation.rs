//! Accreditation: who may sign, with which keys and for what.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use primitives::{AccreditableKey, Hash, PublicKey, Thumbprint, Timestamp};
use statement::Accreditation;

use super::{Moment, accreditor};
use crate::Effect;
use crate::parties::{Approval, MAX_NUMBERED, Pending};
use crate::party::{AccreditationRecord, Compromise, KeyRecord, Party};
use crate::refusal::Refusal;
use crate::state::State;

/// How long before its `validFrom` an accreditation may be received: 92 days, a quarter. The next one must be later still
/// ([`follows`]), so a wrong year would keep the party from attesting until then.
const MAX_AHEAD_MILLIS: u64 = 92 * 86_400_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    /// Number of the party, and whether it is new.
    party: u16,
    is_new: bool,
    /// Keys that nobody had before.
    new_keys: Vec<AccreditableKey>,
    /// This approval and those before it.
    approvals: Vec<Approval>,
    needed: u8,
}

pub(super) fn judge(
    state: &State,
    moment: Moment,
    key: &PublicKey,
    payload_hash: Hash,
    accreditation: &Accreditation,
) -> Result<Decision, Refusal> {
    let index = u64::from(moment.index);
    let accreditor = accreditor(state, moment, &accreditation.issuer, key)?
        .ok_or_else(|| Refusal::NotAnAccreditor(accreditation.issuer.clone()))?;
    let subject = &accreditation.subject;
    if state.policy().accreditor_at(subject, index).is_some() {
        return Err(Refusal::SubjectIsAccreditor(subject.clone()));
    }
    let limit = Timestamp::from_millis(moment.received_at.millis().saturating_add(MAX_AHEAD_MILLIS));
    if accreditation.valid_from > limit {
        return Err(Refusal::AccreditationTooEarly { found: accreditation.valid_from, limit });
    }
    let existing = state.parties.party_named(subject);
    if let Some(party) = existing {
        if party.accreditor != accreditor.did {
            return Err(Refusal::AnotherAccreditor { subject: subject.clone(), accreditor: party.accreditor.clone() });
        }
        follows(party, accreditation)?;
    }
    let party = match existing {
        Some(party) => party.number,
        None => u16::try_from(state.parties.parties.len())
            .ok()
            .filter(|number| usize::from(*number) < MAX_NUMBERED)
            .ok_or(Refusal::TooManyParties(MAX_NUMBERED))?,
    };
    let new_keys = new_keys(state, index, existing, accreditation)?;
    let mut approvals = match state.parties.pending.get(&payload_hash) {
        Some(pending) => pending.approvals.clone(),
        None => Vec::new(),
    };
    if let Some(earlier) = approvals.iter().find(|earlier| earlier.key == *key) {
        return Err(Refusal::AlreadyApproved { key: key.thumbprint(), entry: earlier.entry });
    }
    approvals.push(Approval { key: *key, entry: index });
    Ok(Decision { party, is_new: existing.is_none(), new_keys, approvals, needed: accreditor.threshold.max(1) })
}

/// A statement has no other date than the one that its author writes, so an accreditation that the registry kept back,
/// or an old one that somebody posts again, would replace the newer one. Its author's own `validFrom` must therefore grow.
fn follows(party: &Party, accreditation: &Accreditation) -> Result<(), Refusal> {
    match party.accreditation() {
        Some(in_force) if accreditation.valid_from <= in_force.valid_from => Err(Refusal::StaleAccreditation {
            found: accreditation.valid_from,
            in_force: in_force.valid_from,
            entry: in_force.index(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Checks the keys and gives those that are new.
fn new_keys(
    state: &State,
    index: u64,
    party: Option<&Party>,
    accreditation: &Accreditation,
) -> Result<Vec<AccreditableKey>, Refusal> {
    let number = party.map(|party| party.number);
    let mut listed = BTreeSet::new();
    let mut new = Vec::new();
    for key in &accreditation.keys {
        let name = key.thumbprint();
        listed.insert(name);
        if let Some(owner) = state.policy().owner_at(key, index) {
            return Err(Refusal::KeyOfAnother { key: name, owner: owner.did.clone() });
        }
        let Some(record) = state.parties.key_named(&name) else {
            let key = key.accreditable().map_err(|error| Refusal::KeyNotAccreditable { key: name, error })?;
            new.push(key);
            continue;
        };
        if number != Some(record.party) {
            let owner =
                state.parties.party(record.party).map_or_else(|| accreditation.subject.clone(), |p| p.did.clone());
            return Err(Refusal::KeyOfAnother { key: name, owner });
        }
        if let Some(retired_at) = record.retired_at {
            return Err(Refusal::RetiredKeyListed { key: name, retired_at });
        }
    }
    let known = |name: &Thumbprint| {
        let held = state.parties.key_named(name).is_some_and(|record| Some(record.party) == number);
        held || listed.contains(name)
    };
    if let Some(stranger) = accreditation.compromised.iter().find(|compromised| !known(&compromised.key)) {
        return Err(Refusal::UnknownCompromisedKey(stranger.key));
    }
    if state.parties.keys.len() + new.len() > MAX_NUMBERED {
        return Err(Refusal::TooManyKeys(MAX_NUMBERED));
    }
    Ok(new)
}

pub(super) fn apply(
    state: &mut State,
    moment: Moment,
    decision: Decision,
    payload_hash: Hash,
    accreditation: &Accreditation,
) -> Effect {
    let Decision { party: number, is_new, new_keys, approvals, needed } = decision;
    state.counts.accreditations += 1;
    let parties = &mut state.parties;
    if approvals.len() < usize::from(needed) {
        let given = u8::try_from(approvals.len()).unwrap_or(needed);
        let pending = Pending {
            accreditor: accreditation.issuer.clone(),
            subject: accreditation.subject.clone(),
            valid_from: accreditation.valid_from,
            approvals,
        };
        parties.keep_pending(payload_hash, pending);
        return Effect::Approved { given, needed };
    }
    parties.drop_pending(&accreditation.issuer, &accreditation.subject, accreditation.valid_from);
    let record = AccreditationRecord {
        entries: approvals.iter().map(|approval| approval.entry).collect(),
        received_at: moment.received_at,
        payload_hash,
        role: accreditation.role,
        name: accreditation.name.clone(),
        scope: accreditation.scope.clone(),
        first_day: accreditation.first_day,
        last_day: accreditation.last_day,
        valid_from: accreditation.valid_from,
        hotlines: accreditation.hotlines.clone(),
    };
    if is_new {
        parties.add_party(Party {
            number,
            did: accreditation.subject.clone(),
            accreditor: accreditation.issuer.clone(),
            accreditations: Vec::new(),
            keys: Vec::new(),
            events: Vec::new(),
        });
    }
    set_keys(state, moment, number, &new_keys, accreditation);
    if let Some(party) = state.parties.party_mut(number) {
        party.accreditations.push(record);
        let leaf = party.first_index();
        state.roots.changed(leaf);
    }
    Effect::Accredited { party: number }
}

/// Adds the new keys, retires those left out, and notes the compromised ones.
fn set_keys(
    state: &mut State,
    moment: Moment,
    number: u16,
    new_keys: &[AccreditableKey],
    accreditation: &Accreditation,
) {
    let index = u64::from(moment.index);
    let parties = &mut state.parties;
    let held: Vec<u16> = parties.party(number).map_or_else(Vec::new, |party| party.keys.clone());
    for held in held {
        let Some(record) = parties.keys.get_mut(&held) else { continue };
        if record.retired_at.is_none() && !accreditation.keys.contains(&record.key) {
            record.retired_at = Some(index);
        }
    }
    for key in new_keys {
        // `too_many_keys` was refused when this was judged.
        let Ok(key_number) = u16::try_from(parties.keys.len()) else { continue };
        parties.add_key(KeyRecord::new(key_number, **key, number, index));
        if let Some(party) = parties.party_mut(number) {
            party.keys.push(key_number);
        }
    }
    for compromised in &accreditation.compromised {
        let Some(key_number) = parties.key_numbers.get(&compromised.key).copied() else { continue };
        let Some(record) = parties.keys.get_mut(&key_number) else { continue };
        // Rows know whole seconds only; the statement's format has nothing finer either.
        let since = Timestamp::from_seconds(compromised.since.seconds());
        record.compromised = Some(match record.compromised {
            Some(known) => Compromise { since: known.since.min(since), entry: known.entry },
            None => Compromise { since, entry: index },
        });
    }
}

#[cfg(test)]
mod tests;
