//! Attestation: who may attest what, judged at the attestation's own place in the log.

use primitives::{PublicKey, Timestamp};
use statement::{Attestation, Did, Role};

use super::{Moment, accredited};
use crate::Effect;
use crate::party::{AccreditationRecord, KeyRecord};
use crate::refusal::Refusal;
use crate::row::{Row, ScopeFaults};
use crate::state::State;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    key: u16,
    /// Nothing, where the gate lets it pass.
    pub(super) faults: ScopeFaults,
}

pub(super) fn judge(
    state: &State,
    moment: Moment,
    key: &PublicKey,
    attestation: &Attestation,
) -> Result<Decision, Refusal> {
    let (record, accreditation) = certifier(state, moment.received_at, &attestation.issuer, key)?;
    // A retry signed anew has a new hash but, being made from the same input, the same slot: one lot is not
    // attested twice.
    if !state.slots.is_free(record.number, attestation.slot) {
        return Err(Refusal::StatusIndexTaken { slot: attestation.slot, holder: None });
    }
    Ok(Decision { key: record.number, faults: accreditation.scope_faults(moment.received_at, attestation) })
}

/// Whether somebody may attest anything at all with this key at that time.
pub(crate) fn certifier<'a>(
    state: &'a State,
    at: Timestamp,
    issuer: &Did,
    key: &PublicKey,
) -> Result<(&'a KeyRecord, &'a AccreditationRecord), Refusal> {
    let (party, record) = accredited(state, issuer, key)?;
    let accreditation = party.accreditation().ok_or_else(|| Refusal::UnknownIssuer(issuer.clone()))?;
    if accreditation.role != Role::Certifier {
        return Err(Refusal::NotACertifier { issuer: issuer.clone(), role: accreditation.role });
    }
    if let Some(hold) = party.hold_at(at) {
        return Err(Refusal::CertifierSuspended { issuer: issuer.clone(), since: hold.since, entry: hold.entry });
    }
    Ok((record, accreditation))
}

impl AccreditationRecord {
    /// In what an attestation that the log received at that time would go beyond this accreditation.
    pub fn scope_faults(&self, received_at: Timestamp, attestation: &Attestation) -> ScopeFaults {
        let scope = &self.scope;
        let day = received_at.day();
        [
            (scope.countries.contains(&attestation.country), ScopeFaults::COUNTRY),
            (scope.hs_chapters.contains(&attestation.hs_code.chapter()), ScopeFaults::HS_CHAPTER),
            (scope.topics.contains(attestation.claims), ScopeFaults::TOPIC),
            (self.first_day <= day && day <= self.last_day, ScopeFaults::DAY),
        ]
        .into_iter()
        .filter(|(within, _)| !within)
        .fold(ScopeFaults::NONE, |faults, (_, fault)| faults.union(fault))
    }
}

pub(super) fn apply(state: &mut State, moment: Moment, decision: Decision, attestation: &Attestation) -> Effect {
    let Decision { key, faults } = decision;
    // Times that do not fit were refused when the moment was taken.
    let received = u32::try_from(moment.received_at.seconds()).unwrap_or(u32::MAX);
    state.rows.push(Row::new(moment.index, key, received, faults, attestation));
    state.slots.insert(key, attestation.slot);
    state.counts.attestations += 1;
    Effect::Attested { faults }
}
