//! What the log knows of a key.

use primitives::PublicKey;
use registry::State;

use super::inspect::Found;
use crate::cli::{InspectOptions, RegistryOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::{clock, ledger};

/// Asks the registry, and says when the key was listed, and what became of it.
pub(super) fn told(options: &InspectOptions, key: &PublicKey, found: &mut Found) -> Result<(), Failure> {
    let desk = Desk::open(&RegistryOptions {
        trust: options.trust.clone(),
        registry: options.registry.clone(),
        state: options.state.clone(),
    })?;
    let state = ledger::state(&desk, options.state.as_deref())?;
    found.row("registry", format!("{}, {} entries", desk.origin(), state.size()));
    if !of_accreditor(&state, key, found) {
        of_party(&state, key, found);
    }
    Ok(())
}

/// Accreditors' keys are the trust file's, not the log's.
fn of_accreditor(state: &State, key: &PublicKey, found: &mut Found) -> bool {
    let accreditors = state.policy().accreditors.iter();
    let mut listings =
        accreditors.flat_map(|accreditor| accreditor.keys.iter().map(move |listed| (accreditor, listed)));
    let Some((accreditor, listed)) = listings.find(|(_, listed)| listed.key == *key) else { return false };
    let until = listed.last_index.map(|last| format!(" to {last}")).unwrap_or_default();
    let (name, did, first) = (&accreditor.name, &accreditor.did, listed.first_index);
    found.row("accredits", format!("as {name}, {did}, from entry {first}{until}, by the trust file"));
    true
}

fn of_party(state: &State, key: &PublicKey, found: &mut Found) {
    let Some(record) = state.key(&key.thumbprint()) else {
        found.row("accredited", "never: the log does not know this key");
        return;
    };
    let party = state.party_numbered(record.party);
    let whose = party.map(|party| format!("{} of {}", role(party), party.did)).unwrap_or_default();
    found.row("accredited", format!("since entry {}, as key of the {whose}", record.added_at));
    match record.retired_at {
        Some(entry) => found.row("retired", format!("at entry {entry}: it signs nothing since")),
        None => found.row("retired", "no"),
    }
    match record.compromised {
        Some(compromise) => {
            let (since, entry) = (compromise.since, compromise.entry);
            found.row("compromised", format!("since {since}, reported at entry {entry}: it signs nothing since"));
        }
        None => found.row("compromised", "no"),
    }
    let Some(party) = party else { return };
    if let Some(in_force) = party.accreditation() {
        found.row("in force", format!("entry {}, {} to {}", in_force.index(), in_force.first_day, in_force.last_day));
    }
    if let Some(hold) = party.hold_at(clock::now()) {
        let how = if hold.is_final { "withdrawn" } else { "suspended" };
        found.row("party status", format!("{how} since {}, by its {}", hold.since, hold.by.name()));
    }
}

fn role(party: &registry::Party) -> &'static str {
    party.accreditation().map_or("party", |accreditation| accreditation.role.code())
}
