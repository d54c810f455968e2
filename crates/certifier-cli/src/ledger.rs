//! What a registry's log says of parties and keys, up to its newest entry: the snapshot, then the entries after it one by one.
//!
//! A snapshot is made once a minute. An accreditor that signs an accreditation anew must not miss one of the last minute: what that one
//! changed would be changed back.

use std::path::Path;

use client::Shelf;
use primitives::Timestamp;
use registry::State;
use statement::Entry;

use crate::desk::Desk;
use crate::failure::Failure;

/// Entries after the snapshot that are fetched; a registry that is further behind has stopped making snapshots.
const MOST_AFTER: u64 = 20_000;

/// The state after the newest entry that the registry shows. Each entry's inclusion is proved; that no newer one is kept back is the
/// registry's word.
pub(crate) fn state(desk: &Desk, folder: Option<&Path>) -> Result<State, Failure> {
    let shelf = Shelf::new(folder.map_or_else(client::default_snapshot_folder, |folder| folder.join("snapshots")));
    let registry = desk.registry();
    let mut state = match registry.sync(&shelf, &|_| {}) {
        Ok(_) => shelf.open(desk.trusted()).map_err(Failure::refused)?.state().clone(),
        // A registry that was started this moment has made none yet: everything comes after it.
        Err(client::Error::Refused(refused)) if refused.code == "no_snapshot" => {
            State::new(desk.trusted().policy.clone())
        }
        Err(error) => return Err(error.into()),
    };
    let end = state.size() + MOST_AFTER;
    while state.size() < end {
        let index = state.size();
        let stored = match registry.statement(index) {
            Ok(stored) => stored,
            Err(client::Error::Refused(refused)) if refused.status == 404 => return Ok(state),
            Err(error) => return Err(error.into()),
        };
        let received_at = received_at(&stored.proof)
            .ok_or_else(|| Failure::refused(format!("the proof of entry {index} says no time of receipt")))?;
        state.fold(&Entry::encode(received_at, stored.statement.as_bytes()));
    }
    Err(Failure::refused(format!("the registry's snapshot is more than {MOST_AFTER} entries behind its log"))
        .hint("its operator has to see why it makes no snapshots; try again later"))
}

/// The time that the leaf holds: the proof was checked with it.
pub(crate) fn received_at(proof: &str) -> Option<Timestamp> {
    let proof = tlog::Proof::parse(proof.as_bytes()).ok()?;
    let millis: [u8; 8] = proof.extra().try_into().ok()?;
    Some(Timestamp::from_millis(u64::from_be_bytes(millis)))
}
