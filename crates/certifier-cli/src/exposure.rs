//! What it does to attestations and labels that a key is compromised since some time: the law's rule 11, counted before it is applied.
//!
//! What the log received under the key at or after the time is refused, however it is dated. What it received before stands, but
//! labels under the key are exposed: a label carries no time, and who has the key can print 1…n again. So can he under every other
//! attestation of the party that the key may sign labels of.

use primitives::Timestamp;
use registry::{KeyRecord, Row, State};

/// A number of attestations and of the labels that may be printed of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub(crate) attestations: u64,
    pub(crate) labels: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, row: &Row) {
        self.attestations += 1;
        self.labels += u64::from(row.labels());
    }

    /// `3 attestations with 120 labels`.
    pub(crate) fn in_words(self) -> String {
        format!("{} with {}", counted(self.attestations, "attestation"), counted(self.labels, "label"))
    }
}

pub(crate) use client::counted;

/// What a compromise touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exposure {
    /// Since when the key counts as compromised: the earliest time said wins.
    pub(crate) since: Timestamp,
    /// Attested under the key before: they stand, and labels under the key turn amber.
    pub(crate) before: Tally,
    /// Attested under the key from then on: refused.
    pub(crate) after: Tally,
    /// Attested under other keys of the party, with labels that this one may have signed.
    pub(crate) beside: Tally,
}

impl Exposure {
    /// What the compromise of a key since a time touches, or would touch.
    pub(crate) fn of(state: &State, key: &KeyRecord, since: Timestamp) -> Self {
        let since = key.compromised.map_or(since, |known| known.since.min(since));
        let [mut before, mut after, mut beside] = [Tally::default(); 3];
        for row in state.rows() {
            if row.key_number() != key.number {
                if may_label(state, key, row) {
                    beside.add(row);
                }
            } else if row.received_at() >= since {
                after.add(row);
            } else {
                before.add(row);
            }
        }
        Self { since, before, after, beside }
    }

    /// Lines for people, indented.
    pub(crate) fn lines(&self) -> String {
        let mut lines = format!(
            "  attested under it since {}: {}; all of it is refused, however dated [key_compromised]\n  \
             attested under it before: {}; they stand, and labels under this key turn amber [key_exposed]\n",
            self.since,
            self.after.in_words(),
            self.before.in_words(),
        );
        if self.beside.attestations > 0 {
            lines.push_str(&format!(
                "  attested under other keys of the party: {}; touched where labels were printed under this key\n",
                self.beside.in_words()
            ));
        }
        lines
    }
}

/// Whether a key may sign labels of an attestation that another key of its party signed.
fn may_label(state: &State, key: &KeyRecord, row: &Row) -> bool {
    state.issuer_of(row).is_some_and(|party| party.number == key.party)
        && key.retired_at.is_none_or(|retired_at| retired_at > row.index())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        let one = Tally { attestations: 1, labels: 1 };
        assert_eq!(one.in_words(), "1 attestation with 1 label");
        assert_eq!(Tally::default().in_words(), "0 attestations with 0 labels");
    }
}
