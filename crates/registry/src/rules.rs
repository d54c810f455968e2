//! Rules: the one place that decides whether a statement counts, and what it changes.
//!
//! The registry's gate and everybody's fold go through [`judge`]; there is no other way to change a [`State`]. A kind
//! of statement is one file, which judges first and applies afterwards: judging reads the State and the policy
//! only, never a clock, so that the same log gives the same State everywhere.

use primitives::{Hash, PublicKey, Timestamp};
use statement::{Authentic, Did, Statement};

use crate::Effect;
use crate::party::{KeyRecord, Party};
use crate::policy::Accreditor;
use crate::refusal::Refusal;
use crate::state::State;

mod accreditation;
pub(crate) mod attestation;
mod clearance;
mod reports;
mod status_change;

/// Place and time of an entry in the log, as the law counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) index: u32,
    /// When the log received it: not before any earlier entry.
    pub(crate) received_at: Timestamp,
}

/// A statement that the law lets take effect. Only [`authorise`] builds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorised {
    moment: Moment,
    decision: Decision,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    Accreditation(accreditation::Decision),
    Attestation(attestation::Decision),
    StatusChange(status_change::Decision),
    Commitment,
}

impl Authorised {
    /// The log index that the statement would have.
    pub fn index(&self) -> u64 {
        u64::from(self.moment.index)
    }

    /// When the log received it.
    pub const fn received_at(&self) -> Timestamp {
        self.moment.received_at
    }
}

/// Decides whether `statement`, received at `received_at` as the next entry of the log, takes effect.
///
/// Nothing is changed: [`State::admit`] asks this and then applies.
///
/// # Errors
/// [`Refusal`], the first rule broken.
pub fn authorise(
    state: &State,
    received_at: Timestamp,
    statement: &Authentic<Statement>,
) -> Result<Authorised, Refusal> {
    let authorised = judge(state, state.moment(received_at)?, statement)?;
    match &authorised.decision {
        Decision::Attestation(decision) if !decision.faults.is_empty() => Err(Refusal::OutOfScope(decision.faults)),
        Decision::Attestation(_) | Decision::Accreditation(_) | Decision::StatusChange(_) | Decision::Commitment => {
            Ok(authorised)
        }
    }
}

/// [`authorise`], but for an attestation out of scope: a fold keeps its row, with the faults.
pub(crate) fn judge(state: &State, moment: Moment, statement: &Authentic<Statement>) -> Result<Authorised, Refusal> {
    let key = statement.key();
    let registry = statement.registry();
    let expected = &state.policy().origin;
    if registry != expected {
        return Err(Refusal::WrongRegistry { found: registry.clone(), expected: expected.clone() });
    }
    let decision = match &**statement {
        Statement::Accreditation(accreditation) => {
            let hash = payload_hash(statement);
            Decision::Accreditation(accreditation::judge(state, moment, key, hash, accreditation)?)
        }
        Statement::Attestation(attestation) => {
            let by = (&attestation.issuer, key);
            Decision::Attestation(attestation::judge(state, moment, by, attestation.into())?)
        }
        Statement::StatusChange(change) => Decision::StatusChange(status_change::judge(state, moment, key, change)?),
        Statement::ClearanceCommitment(commitment) => {
            clearance::judge(state, moment.received_at, key, &commitment.issuer)?;
            Decision::Commitment
        }
        // Whoever it is from: once logged, it would be public for ever.
        Statement::Clearance(_) => return Err(Refusal::NeverLogged("clearance")),
        Statement::SupplementRequest(_) => return Err(Refusal::NeverLogged("request for a supplement")),
        Statement::ReportsRequest(_) => return Err(Refusal::NeverLogged("request for reports")),
        Statement::KeyRotationRequest(_) => return Err(Refusal::NeverLogged("request for a new key")),
    };
    Ok(Authorised { moment, decision })
}

/// Does what was decided. `statement` and `state` are those that were judged.
pub(crate) fn apply(state: &mut State, authorised: Authorised, statement: &Authentic<Statement>) -> Effect {
    let Authorised { moment, decision } = authorised;
    match (decision, &**statement) {
        (Decision::Accreditation(decision), Statement::Accreditation(accreditation)) => {
            accreditation::apply(state, moment, decision, payload_hash(statement), accreditation)
        }
        (Decision::Attestation(decision), Statement::Attestation(_)) => attestation::apply(state, moment, decision),
        (Decision::StatusChange(decision), Statement::StatusChange(change)) => {
            status_change::apply(state, moment, decision, change)
        }
        (Decision::Commitment, Statement::ClearanceCommitment(_)) => clearance::apply(state),
        (
            Decision::Accreditation(_) | Decision::Attestation(_) | Decision::StatusChange(_) | Decision::Commitment,
            Statement::Accreditation(_)
            | Statement::Attestation(_)
            | Statement::StatusChange(_)
            | Statement::ClearanceCommitment(_)
            | Statement::Clearance(_)
            | Statement::SupplementRequest(_)
            | Statement::ReportsRequest(_)
            | Statement::KeyRotationRequest(_),
        ) => unreachable!("judge decides by the statement's own kind"),
    }
}

fn payload_hash(accreditation: &Authentic<Statement>) -> Hash {
    accreditation.payload_hash().expect("every accreditation has one")
}

/// The accreditor that signs as `issuer`, if its key may sign at this moment; `None` where the issuer is no accreditor.
fn accreditor<'a>(
    state: &'a State,
    moment: Moment,
    issuer: &Did,
    key: &PublicKey,
) -> Result<Option<&'a Accreditor>, Refusal> {
    let index = u64::from(moment.index);
    let Some(accreditor) = state.policy().accreditor_at(issuer, index) else { return Ok(None) };
    if accreditor.keys.iter().any(|own| own.key == *key && own.is_valid_at(index)) {
        return Ok(Some(accreditor));
    }
    let key_name = key.thumbprint();
    Err(if accreditor.keys.iter().any(|own| own.key == *key) {
        Refusal::AccreditorKeyNotValid { key: key_name, index }
    } else {
        Refusal::UnknownKey { issuer: issuer.clone(), key: key_name }
    })
}

/// The accredited party that signs as `issuer`, and the key: one of its own, not retired, not compromised.
fn accredited<'a>(state: &'a State, issuer: &Did, key: &PublicKey) -> Result<(&'a Party, &'a KeyRecord), Refusal> {
    let parties = &state.parties;
    let party = parties.party_named(issuer).ok_or_else(|| Refusal::UnknownIssuer(issuer.clone()))?;
    // The newest first: comparing keys is cheaper than hashing one into its thumbprint.
    let own = party.keys.iter().rev().filter_map(|number| parties.key(*number)).find(|own| own.key == *key);
    let Some(record) = own else {
        return Err(Refusal::UnknownKey { issuer: issuer.clone(), key: key.thumbprint() });
    };
    let key = record.thumbprint;
    if let Some(compromise) = record.compromised {
        return Err(Refusal::KeyCompromised { key, since: compromise.since, entry: compromise.entry });
    }
    match record.retired_at {
        Some(retired_at) => Err(Refusal::KeyRetired { key, retired_at }),
        None => Ok((party, record)),
    }
}
