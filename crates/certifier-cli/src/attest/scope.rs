//! Whether the registry will take the lots: asked of its log before anything is signed, with the law's own rules.

use std::collections::HashMap;
use std::thread;

use client::Refused;
use primitives::{Thumbprint, Timestamp};
use registry::{ProductDigest, Refusal, ScopeFaults, State};
use statement::{Attestation, Origin, StatusSlot};

use super::lots::{Lots, RowLot};
use super::mistake::Mistake;
use crate::accreditation_file::{claims_in_words, scope_in_words};
use crate::failure::Failure;
use crate::identity::Identity;
use crate::lot_file::Issue;
use crate::{probe, refusal};

/// Lots whose statements are held while they are probed.
const BATCH: usize = 1024;
/// Earlier attestations that a mistake names.
const MAX_EARLIER: usize = 3;

/// What every attestation of these lots would meet, if anything, and then each lot's own mistakes.
pub(super) fn check(
    state: &State,
    identity: &Identity,
    lots: &Lots,
    at: Timestamp,
    again: bool,
) -> Result<Vec<Mistake>, Failure> {
    let (_, accreditation) =
        state.certifier(at, &identity.did, &identity.public).map_err(|refusal| would_refuse(&refusal))?;
    let registry = &state.policy().origin;
    let mut mistakes = Vec::new();
    for row_lot in &lots.lots {
        let attestation = row_lot.lot.attestation(&blank(identity, registry))?;
        let (country, chapter) = (attestation.country, attestation.hs_code.chapter());
        let faults = accreditation.scope_faults(at, country, chapter, attestation.claims);
        for (fault, column, found) in [
            (ScopeFaults::COUNTRY, "country", format!("{country} is no country of the accreditation")),
            (ScopeFaults::HS_CHAPTER, "hs-code", format!("HS chapter {chapter:02} is not in the accreditation")),
            (
                ScopeFaults::TOPIC,
                "claims",
                format!("{} is beyond the accreditation", claims_in_words(attestation.claims)),
            ),
        ] {
            if faults.contains(fault) {
                let hint = format!("it covers {}; the accreditor can widen it", scope_in_words(&accreditation.scope));
                mistakes.push(of(lots, row_lot, column, "out_of_scope", found, hint));
            }
        }
        if faults.contains(ScopeFaults::DAY) {
            let (first, last) = (accreditation.first_day, accreditation.last_day);
            return Err(Failure::refused(format!("the accreditation of {} is from {first} to {last}", identity.did))
                .hint("the accreditor has to renew it first: certifier accredit FILE"));
        }
    }
    if !again {
        mistakes.extend(attested(state, identity, lots));
    }
    Ok(mistakes)
}

/// What the reader of statements would refuse: of each lot, as it would be signed.
pub(super) fn probe(identity: &Identity, registry: &Origin, lots: &Lots) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for batch in lots.lots.chunks(BATCH) {
        let attestation = |row_lot: &RowLot| (row_lot.row, row_lot.lot.attestation(&blank(identity, registry)).ok());
        let attestations: Vec<(u64, Option<Attestation>)> = batch.iter().map(attestation).collect();
        let error = |attestation: &Option<Attestation>| match attestation {
            Some(attestation) => probe::attestation(attestation).err(),
            None => Some("the calendar ends on 2149-06-06".to_owned()),
        };
        // Each takes a signature and its verification.
        let share = attestations.len().div_ceil(thread::available_parallelism().map_or(1, usize::from));
        let errors: Vec<(u64, String)> = thread::scope(|scope| {
            let ask = |part: &[(u64, Option<Attestation>)]| -> Vec<(u64, String)> {
                part.iter().filter_map(|(row, attestation)| Some((*row, error(attestation)?))).collect()
            };
            let workers: Vec<_> = attestations.chunks(share).map(|part| scope.spawn(move || ask(part))).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a probe does not panic")).collect()
        });
        let mistake = |(row, error)| Mistake::at(&lots.table, row, None, "not_as_expected", error, None);
        mistakes.extend(errors.into_iter().map(mistake));
    }
    mistakes
}

/// Lots that this certifier attested before: their labels could be printed twice.
fn attested(state: &State, identity: &Identity, lots: &Lots) -> Vec<Mistake> {
    let ours: HashMap<ProductDigest, &RowLot> = lots
        .lots
        .iter()
        .map(|row_lot| (ProductDigest::of(row_lot.lot.gtin.as_ref(), &row_lot.lot.lot), row_lot))
        .collect();
    let mut earlier: HashMap<u64, (&RowLot, Vec<u64>)> = HashMap::new();
    for row in state.rows() {
        let Some(row_lot) = ours.get(&row.product()) else { continue };
        if state.issuer_of(row).is_some_and(|party| party.did == identity.did) {
            earlier.entry(row_lot.row).or_insert((row_lot, Vec::new())).1.push(row.index());
        }
    }
    let mistake = |(row_lot, indexes): (&RowLot, Vec<u64>)| {
        let shown: Vec<String> = indexes.iter().take(MAX_EARLIER).map(ToString::to_string).collect();
        let error = format!("lot {} is attested already, at index {}", row_lot.lot.lot, shown.join(", "));
        let hint = "take the row out; --again attests such lots a second time".to_owned();
        of(lots, row_lot, "lot", "attested_before", error, hint)
    };
    earlier.into_values().map(mistake).collect()
}

fn of(lots: &Lots, row_lot: &RowLot, column: &str, code: &'static str, error: String, hint: String) -> Mistake {
    Mistake::at(&lots.table, row_lot.row, lots.table.layout.place(column), code, error, Some(hint))
}

fn would_refuse(refusal: &Refusal) -> Failure {
    let failure = Failure::refused(format!("the registry would refuse every lot: {refusal} ({})", refusal.code()));
    let refused = Refused { status: 403, code: refusal.code().into(), detail: String::new(), index: None };
    match refusal::hint(&refused) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What is random in an attestation, as if it were not: nothing here depends on it.
fn blank<'i>(identity: &'i Identity, registry: &'i Origin) -> Issue<'i> {
    Issue {
        id: "urn:uuid:00000000-0000-4000-8000-000000000000".into(),
        issuer: &identity.did,
        issuer_name: identity.shown_name(),
        registry,
        slot: StatusSlot { list: 0, index: 0 },
        salt: &[0; 32],
    }
}

/// Which status slots of a key are taken, as far as the log says.
#[derive(Debug)]
pub(super) struct Slots<'s> {
    state: Option<&'s State>,
    key: Option<u16>,
}

impl<'s> Slots<'s> {
    pub(super) fn of(state: Option<&'s State>, key: &Thumbprint) -> Self {
        Self { state, key: state.and_then(|state| state.key(key)).map(|record| record.number) }
    }

    pub(super) fn is_free(&self, slot: StatusSlot) -> bool {
        self.state.zip(self.key).is_none_or(|(state, key)| state.is_slot_free(key, slot))
    }
}
