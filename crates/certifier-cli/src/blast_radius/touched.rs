//! The entries that a key signed, as the folded log names them, each fetched with its proof and opened with the key.
//!
//! The fold keeps the key of every attestation. Of a change of status it keeps the entry and whose it was, and of an accreditation
//! the entries: which of several keys signed those is seen when they are opened. What the law refused changed nothing, and is not named.
//! Commitments to clearances change nothing either, and the fold only counts them.

use std::collections::{BTreeMap, BTreeSet};

use primitives::Timestamp;
use registry::{Cause, Holder, Row, State};
use statement::{Action, Statement, StatusChange, Target, Token};

use super::owner::Owner;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::{ledger, proved};

/// An attestation signed by the key.
pub(super) struct Attested {
    pub(super) row: Row,
    pub(super) lot: String,
    pub(super) gtin: Option<String>,
    pub(super) product: String,
    /// Why it does not count today, by the reason codes of verdicts, compromise left out.
    pub(super) holds: Vec<&'static str>,
}

/// Any other statement signed by the key.
pub(super) struct Other {
    pub(super) index: u64,
    pub(super) received_at: Timestamp,
    /// `suspend`, `reinstate`, `withdraw` or `accreditation`.
    pub(super) kind: &'static str,
    pub(super) about: String,
}

/// All that it signed and the law took.
pub(super) struct Touched {
    pub(super) attested: Vec<Attested>,
    pub(super) others: Vec<Other>,
}

impl Touched {
    pub(super) fn of(desk: &Desk, state: &State, owner: &Owner<'_>, now: Timestamp) -> Result<Self, Failure> {
        let rows: BTreeMap<u64, &Row> = match owner {
            Owner::Party { key, .. } => {
                state.rows().filter(|row| row.key_number() == key.number).map(|row| (row.index(), row)).collect()
            }
            Owner::Accreditor { .. } => BTreeMap::new(),
        };
        let others = candidates(state, owner);
        let mut indexes: Vec<u64> = rows.keys().copied().chain(others).collect();
        indexes.sort_unstable();
        indexes.dedup();
        let mut touched = Self { attested: Vec::new(), others: Vec::new() };
        for stored in proved::statements(desk, &indexes)? {
            let index = stored.index;
            let unreadable =
                |why: &dyn std::fmt::Display| Failure::refused(format!("entry {index} cannot be read: {why}"));
            let token = Token::parse(stored.statement.as_bytes()).map_err(|error| unreadable(&error))?;
            if token.kid_thumbprint() != Some(owner.key().thumbprint()) && !rows.contains_key(&index) {
                continue;
            }
            let opened = token.open(&owner.key()).map_err(|error| unreadable(&error))?;
            let received_at = ledger::received_at(&stored.proof).ok_or_else(|| unreadable(&"no time of receipt"))?;
            match (opened.into_inner(), rows.get(&index)) {
                (Statement::Attestation(attestation), Some(row)) => touched.attested.push(Attested {
                    row: **row,
                    lot: attestation.lot.to_string(),
                    gtin: attestation.gtin.map(|gtin| gtin.to_string()),
                    product: attestation.product_name,
                    holds: holds(state, index, now),
                }),
                (Statement::StatusChange(change), None) => touched.others.push(Other {
                    index,
                    received_at,
                    kind: change.action.code(),
                    about: target(&change),
                }),
                (Statement::Accreditation(accreditation), None) => touched.others.push(Other {
                    index,
                    received_at,
                    kind: "accreditation",
                    about: format!("of {}, {}", accreditation.subject, accreditation.name),
                }),
                (_, Some(_)) => return Err(unreadable(&"it is no attestation")),
                (_, None) => return Err(unreadable(&"it is neither a change of status nor an accreditation")),
            }
        }
        Ok(touched)
    }
}

/// Entries that the key may have signed beside attestations.
fn candidates(state: &State, owner: &Owner<'_>) -> BTreeSet<u64> {
    let is_in_reach = |candidate: &registry::Party| match owner {
        Owner::Party { party, .. } => candidate.number == party.number,
        Owner::Accreditor { accreditor, .. } => candidate.accreditor == accreditor.did,
    };
    let holder = match owner {
        Owner::Party { .. } => Holder::Certifier,
        Owner::Accreditor { .. } => Holder::Accreditor,
    };
    let mut found = BTreeSet::new();
    for index in state.changed_attestations() {
        if state.row(index).and_then(|row| state.issuer_of(row)).is_some_and(is_in_reach) {
            found.extend(state.status_events(index).iter().filter(|event| event.by == holder).map(|event| event.entry));
        }
    }
    if let Owner::Accreditor { .. } = owner {
        for party in state.parties().filter(|party| is_in_reach(party)) {
            found.extend(party.events.iter().map(|event| event.entry));
            found.extend(party.accreditations.iter().flat_map(|accreditation| &accreditation.entries));
        }
    }
    found
}

fn holds(state: &State, index: u64, now: Timestamp) -> Vec<&'static str> {
    let standing = state.standing(index, now);
    let causes = standing.iter().flat_map(registry::Standing::causes);
    causes.filter(|cause| !matches!(cause, Cause::KeyCompromised(_))).map(|cause| cause.code()).collect()
}

fn target(change: &StatusChange) -> String {
    let what = match &change.target {
        Target::Attestations(indexes) => {
            let list: Vec<String> = indexes.iter().map(ToString::to_string).collect();
            format!("attestation {}", list.join(", "))
        }
        Target::Party(did) => format!("{did}, with all that it attested"),
    };
    let lifts = change.action == Action::Reinstate;
    if lifts { format!("{what}: holds lifted") } else { format!("{what}: {}", change.reason.code()) }
}
