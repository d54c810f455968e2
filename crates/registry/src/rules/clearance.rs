//! Clearance: which customs office may commit to one, and what can be cleared at all.
//!
//! A commitment is all that a log holds of a clearance. It changes nothing that labels are judged by: what it commits to is private.

use alloc::borrow::ToOwned;

use primitives::{PublicKey, Timestamp};
use statement::{Authentic, Clearance, ClearanceAct, Did, Role, Statement};

use super::accredited;
use crate::Effect;
use crate::refusal::Refusal;
use crate::row::Row;
use crate::state::State;

/// Whether `issuer` is a customs office that may act at this time, under this key.
pub(super) fn judge(state: &State, at: Timestamp, key: &PublicKey, issuer: &Did) -> Result<(), Refusal> {
    let (party, _) = accredited(state, issuer, key)?;
    let accreditation = party.accreditation().ok_or_else(|| Refusal::UnknownIssuer(issuer.clone()))?;
    if accreditation.role != Role::CustomsOffice {
        return Err(Refusal::NotACustomsOffice { issuer: issuer.clone(), role: accreditation.role });
    }
    if let Some(hold) = party.hold_at(at) {
        return Err(Refusal::OfficeSuspended { issuer: issuer.clone(), since: hold.since, entry: hold.entry });
    }
    let (first, last, day) = (accreditation.first_day, accreditation.last_day, at.day());
    if day < first || last < day {
        return Err(Refusal::AccreditationNotInForce { issuer: issuer.clone(), first, last, day });
    }
    Ok(())
}

pub(super) const fn apply(state: &mut State) -> Effect {
    state.counts.status_changes += 1;
    Effect::Committed
}

impl State {
    /// Whether this statement, which is not to be logged, comes from a customs office that may act now: accredited in these days,
    /// under neither suspension nor withdrawal, with a key that is neither retired nor compromised, for this registry.
    ///
    /// # Errors
    /// [`Refusal`], the first rule broken.
    pub fn check_office(&self, now: Timestamp, statement: &Authentic<Statement>) -> Result<(), Refusal> {
        let (found, expected) = (statement.registry(), &self.policy().origin);
        if found != expected {
            return Err(Refusal::WrongRegistry { found: found.clone(), expected: expected.clone() });
        }
        judge(self, now.max(self.clock), statement.key(), statement.issuer())
    }

    /// Whether all that is cleared can be: each attestation is there, has labels with these numbers, and is counted in a unit that
    /// adds up with the one that is named. Whether an attestation still stands is no condition: what is gone through customs is gone
    /// through, and told all the same.
    ///
    /// # Errors
    /// [`Refusal::UnknownTarget`], [`Refusal::SerialNotIssued`], [`Refusal::OtherUnit`].
    pub fn check_clearance(&self, clearance: &Clearance) -> Result<(), Refusal> {
        let ClearanceAct::Cleared(goods) = &clearance.act else { return Ok(()) };
        for goods in goods {
            let index = goods.attestation;
            let row = self.row(index).ok_or(Refusal::UnknownTarget(index))?;
            if let Some(range) = goods.serials.last().filter(|range| range.last > row.labels()) {
                let labels = row.labels();
                return Err(Refusal::SerialNotIssued { attestation: index, number: range.last, labels });
            }
            if let Some(quantity) = goods.quantity {
                same_base(row, quantity.unit)?;
            }
        }
        Ok(())
    }
}

fn same_base(row: &Row, found: statement::Unit) -> Result<(), Refusal> {
    let expected = row.unit();
    if found.base().0 == expected.base().0 {
        return Ok(());
    }
    Err(Refusal::OtherUnit {
        attestation: row.index(),
        found: found.code().to_owned(),
        expected: expected.code().to_owned(),
    })
}
