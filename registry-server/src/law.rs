//! The registry's law as the sequencer asks it: what a statement may do, and under what an entry is found again.
//!
//! No rule is decided here. [`registry::State`] decides, the same way for a statement that is submitted and for an entry
//! that is read back.

use std::collections::BTreeMap;

use bytes::Bytes;
use primitives::{Hash, PublicKey, Timestamp};
use registry::{Folded, Opened, Policy, ProductDigest, Refusal, State};
use sequencer::{Chunk, Law, Notes, tag_of};
use statement::{Attestation, Authentic, Gtin, Statement, StatusSlot};

/// Column of [`product_tag`].
pub(crate) const PRODUCT: usize = 0;
/// Column of [`gtin_tag`].
pub(crate) const GTIN: usize = 1;
/// Column of [`slot_tag`].
pub(crate) const SLOT: usize = 2;

/// The state of the log, under the sequencer's rules for states.
pub(crate) struct RegistryLaw(State);

impl Law for RegistryLaw {
    type Rules = Policy;
    type Item = Authentic<Statement>;
    type Refusal = Refusal;
    type View = State;
    type Opened = Opened;

    const COLUMNS: &'static [&'static str] = &["product", "gtin", "slot"];

    fn new(rules: &Policy) -> Self {
        Self(State::new(rules.clone()))
    }

    /// The policy is not in it: a saved state knows how much of the policy it was made under, and a key that begins later
    /// does not make it useless.
    fn fingerprint(_: &Policy) -> [u8; 32] {
        Hash::of(b"ethical-label-state/v1, columns product, gtin, slot").0
    }

    fn admit(
        &mut self,
        index: u64,
        received_at_millis: u64,
        item: &Authentic<Statement>,
        notes: &mut Notes,
    ) -> Result<(), Refusal> {
        debug_assert_eq!(index, self.0.size(), "the log and its state grow together");
        self.0.admit(Timestamp::from_millis(received_at_millis), item)?;
        note(item, notes);
        Ok(())
    }

    fn own_entry(&mut self, index: u64, received_at_millis: u64) -> Option<Bytes> {
        debug_assert_eq!(index, self.0.size(), "the log and its state grow together");
        let received_at = Timestamp::from_millis(received_at_millis);
        // A quiet log too: a root says that nothing has changed until now, and so an old log cannot be shown for long.
        if !self.0.is_status_root_due(received_at) {
            return None;
        }
        match self.0.bind_status(received_at) {
            Ok(root) => Some(Bytes::copy_from_slice(&root.encode())),
            Err(refusal) => {
                tracing::error!(code = refusal.code(), %refusal, "no status root can be written: statements are refused until one is");
                None
            }
        }
    }

    fn open(view: &State, index: u64, entry: &[u8]) -> Opened {
        view.open(index, entry)
    }

    fn replay(&mut self, index: u64, entry: &[u8], mut opened: Opened, notes: &mut Notes) {
        debug_assert_eq!(index, self.0.size(), "the log and its state grow together");
        let folded = self.0.fold_opened(entry, &mut opened);
        if let (Folded::Applied(_), Some(statement)) = (folded, opened.statement()) {
            note(statement, notes);
        }
    }

    fn view(&self) -> State {
        self.0.clone()
    }

    fn save(view: &State, before: Option<&State>) -> Vec<Chunk> {
        view.chunks(before).map(|chunk| Chunk { name: chunk.name, bytes: chunk.bytes.into() }).collect()
    }

    fn load(rules: &Policy, chunks: &BTreeMap<String, Bytes>) -> Result<Self, String> {
        let read = |name: &str| chunks.get(name).map(|bytes| bytes.to_vec());
        State::from_chunks(rules.clone(), read)
            .map(|state| Self(state.with_status_tree()))
            .map_err(|error| error.to_string())
    }
}

fn note(statement: &Authentic<Statement>, notes: &mut Notes) {
    if let Statement::Attestation(attestation) = &**statement {
        let Attestation { gtin, lot, slot, .. } = attestation;
        notes.tag(PRODUCT, product_tag(&ProductDigest::of(gtin.as_ref(), lot)));
        notes.tag(SLOT, slot_tag(statement.key(), *slot));
        if let Some(gtin) = gtin {
            notes.tag(GTIN, gtin_tag(gtin));
        }
    }
}

/// Finds the attestations of a lot.
pub(crate) fn product_tag(product: &ProductDigest) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = product.0;
    // 0 means "no tag".
    u64::from_be_bytes([a, b, c, d, e, f, g, h]).max(1)
}

/// Finds the attestations of all lots of a product.
pub(crate) fn gtin_tag(gtin: &Gtin) -> u64 {
    tag_of(&Hash::of(gtin.as_str().as_bytes()).0)
}

/// Finds the attestation that holds a status slot.
pub(crate) fn slot_tag(key: &PublicKey, slot: StatusSlot) -> u64 {
    tag_of(&Hash::of_parts(&[key.as_bytes(), &slot.list.to_be_bytes(), &slot.index.to_be_bytes()]).0)
}
