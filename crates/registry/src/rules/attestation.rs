//! Attestation: who may attest what, judged at the attestation's own place in the log.

use primitives::{Country, PublicKey, Timestamp};
use statement::{Claims, Did, Role};

use super::{Moment, accredited};
use crate::Effect;
use crate::attested::Attested;
use crate::party::{AccreditationRecord, KeyRecord};
use crate::refusal::Refusal;
use crate::row::{Row, ScopeFaults};
use crate::state::State;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    key: u16,
    /// Nothing, where the gate lets it pass.
    pub(super) faults: ScopeFaults,
    attested: Attested,
}

/// Judges what `issuer` attests with this key; that it is for this registry was looked at before.
pub(crate) fn judge(
    state: &State,
    moment: Moment,
    (issuer, key): (&Did, &PublicKey),
    attested: Attested,
) -> Result<Decision, Refusal> {
    let Attested { slot, country, hs_chapter, claims, .. } = attested;
    let (record, accreditation) = certifier(state, moment.received_at, issuer, key)?;
    // A retry signed anew has a new hash but, being made from the same input, the same slot: one lot is not
    // attested twice.
    if !state.slots.is_free(record.number, slot) {
        return Err(Refusal::StatusIndexTaken { slot, holder: None });
    }
    let faults = accreditation.scope_faults(moment.received_at, country, hs_chapter, claims);
    Ok(Decision { key: record.number, faults, attested })
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
    /// In what an attestation that the log received at that time, of such goods, would go beyond this accreditation.
    pub fn scope_faults(
        &self,
        received_at: Timestamp,
        country: Country,
        hs_chapter: u8,
        claims: Claims,
    ) -> ScopeFaults {
        let scope = &self.scope;
        let day = received_at.day();
        [
            (scope.countries.contains(&country), ScopeFaults::COUNTRY),
            (scope.hs_chapters.contains(&hs_chapter), ScopeFaults::HS_CHAPTER),
            (scope.topics.contains(claims), ScopeFaults::TOPIC),
            (self.first_day <= day && day <= self.last_day, ScopeFaults::DAY),
        ]
        .into_iter()
        .filter(|(within, _)| !within)
        .fold(ScopeFaults::NONE, |faults, (_, fault)| faults.union(fault))
    }
}

pub(crate) fn apply(state: &mut State, moment: Moment, decision: Decision) -> Effect {
    let Decision { key, faults, attested } = decision;
    // Times that do not fit were refused when the moment was taken.
    let received = u32::try_from(moment.received_at.seconds()).unwrap_or(u32::MAX);
    state.rows.push(Row::new(moment.index, key, received, faults, &attested));
    state.slots.insert(key, attested.slot);
    state.counts.attestations += 1;
    Effect::Attested { faults }
}
