//! Evidence: which entries of the log decide about one attestation.

use alloc::vec::Vec;

use crate::state::State;

impl State {
    /// The log indexes whose entries alone, folded in this order with [`State::fold_at`] into a new State, give this attestation the
    /// same standing at any time, and its issuer the same keys, as the whole log does; of the entry with which a party's first
    /// accreditation took effect likewise the party. Ascending; empty for any other index.
    ///
    /// They are the accreditations of the issuer with all their approvals, the changes of the issuer's status, the attestation, and
    /// the changes of its status. Later entries than the attestation are among them: retirement, compromise and
    /// new keys bear on its labels.
    pub fn relevant_entries(&self, index: u64) -> Vec<u64> {
        let issuer = self.row(index).and_then(|row| self.issuer_of(row));
        let Some(party) = issuer.or_else(|| self.parties.first_accredited_at(index)) else { return Vec::new() };
        let mut entries = Vec::from([index]);
        entries.extend(party.accreditations.iter().flat_map(|accreditation| accreditation.entries.iter().copied()));
        entries.extend(party.events.iter().chain(self.status_events(index)).map(|event| event.entry));
        entries.sort_unstable();
        entries.dedup();
        entries
    }
}
