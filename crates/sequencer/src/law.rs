//! What the sequencer asks of whoever knows what entries mean.
//!
//! The sequencer orders bytes and keeps them; whether an item may enter the log is the law's to say. Both ways into the
//! state go through it: [`Law::admit`] before an entry is written, [`Law::replay`] when it is read back. They must leave
//! the same state, which [`crate::Sequencer`] relies on and the law's own tests hold.

use std::collections::BTreeMap;

use bytes::Bytes;
use store::Puts;

/// The law of a log: a state that every entry changes, and the gate that judges the next one.
///
/// No method may panic, whatever an entry holds: a panic stops the writer, and the next opening meets the same entry.
pub trait Law: Sized + Send + 'static {
    /// What the state is made from before there is any entry (whom to trust, which rules hold from which index).
    type Rules: Send + Sync + 'static;
    /// What is submitted beside the bytes: the statement as its signature check left it.
    type Item: Send + 'static;
    /// Why an item is not admitted.
    type Refusal: Send + 'static;
    /// A state that readers hold on to while the log goes on. A clone must be cheap: one is made for every batch.
    type View: Clone + Send + Sync + 'static;
    /// An entry after the costly part of a replay, which is checking its signature.
    type Opened: Send;

    /// Names of the lookup columns that [`Notes::tag`] fills: at most [`MAX_COLUMNS`].
    const COLUMNS: &'static [&'static str];

    /// The state of the empty log.
    fn new(rules: &Self::Rules) -> Self;

    /// Names everything that a saved state depends on besides the entries: the rules, and the version of the saved form.
    /// A saved state under another name is not loaded; the log is replayed instead.
    fn fingerprint(rules: &Self::Rules) -> [u8; 32];

    /// Judges the item that would become entry `index`, received at this time, and applies it to the state.
    ///
    /// The entry is not durable yet. Should it not become so, the sequencer throws this state away and makes another from
    /// what is durable.
    ///
    /// # Errors
    /// The law's refusal. The state is then unchanged, and the entry is never written.
    fn admit(
        &mut self,
        index: u64,
        received_at_millis: u64,
        item: &Self::Item,
        notes: &mut Notes,
    ) -> Result<(), Self::Refusal>;

    /// An entry of the log's own that has to come before anything else received at this time: its bytes, applied to the state.
    /// [`Law::replay`] meets it as any other.
    ///
    /// Asked once a batch, and about once a second while nothing is submitted.
    fn own_entry(&mut self, index: u64, received_at_millis: u64) -> Option<Bytes> {
        let _ = (index, received_at_millis);
        None
    }

    /// Does what can be done for entry `index` with a state that has not reached it, so that a replay uses all cores.
    fn open(view: &Self::View, index: u64, entry: &[u8]) -> Self::Opened;

    /// Applies entry `index` as it stands in the log: any bytes, since whoever reads a log must get on with it.
    fn replay(&mut self, index: u64, entry: &[u8], opened: Self::Opened, notes: &mut Notes);

    /// The state for readers.
    fn view(&self) -> Self::View;

    /// The state as named chunks, so that a restart need not replay the whole log.
    ///
    /// `before` is a view whose chunks the database still holds: those that are the same in both may be left out, and stay.
    fn save(view: &Self::View, before: Option<&Self::View>) -> Vec<Chunk>;

    /// The state from its chunks: each name with the bytes that it was saved with last.
    ///
    /// # Errors
    /// A sentence for the operator's log. It costs time, nothing else: the log is replayed.
    fn load(rules: &Self::Rules, chunks: &BTreeMap<String, Bytes>) -> Result<Self, String>;
}

/// Most lookup columns that a law may have.
pub const MAX_COLUMNS: usize = 7;

/// One part of a saved state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Name, unique within the state; at most 200 bytes.
    pub name: String,
    /// Its bytes. Some tens of kilobytes serve best: a chunk is written whole when anything in it changes.
    pub bytes: Bytes,
}

/// What the database should remember of one entry, for lookups. Rebuilt by replay, so never a place for facts.
#[derive(Debug, Default)]
pub struct Notes {
    tags: [u64; MAX_COLUMNS],
    puts: Puts,
}

impl Notes {
    /// Makes the entry findable under `tag` in column number `column` of [`Law::COLUMNS`]: see [`tag_of`].
    ///
    /// Costs about 0.1 µs, 8 bytes on disk and some 15 in memory. One tag a column; of several, the last holds.
    pub fn tag(&mut self, column: usize, tag: u64) {
        if let Some(slot) = self.tags.get_mut(column) {
            *slot = tag;
        }
    }

    /// Stores a value in a map of the database, in place of any other: a key of up to 1 KiB with the map's name, a value
    /// of up to 16 KiB. Costs some 3 µs.
    pub fn put(&mut self, map: &'static str, key: impl AsRef<[u8]>, value: impl Into<Bytes>) {
        self.puts.put(map, key, value);
    }

    /// Forgets a key of a map.
    pub fn remove(&mut self, map: &'static str, key: impl AsRef<[u8]>) {
        self.puts.remove(map, key);
    }

    /// The entry's tags, 0 where there is none.
    #[must_use]
    pub const fn tags(&self) -> &[u64; MAX_COLUMNS] {
        &self.tags
    }

    /// The entry's puts, in order.
    #[must_use]
    pub const fn puts(&self) -> &Puts {
        &self.puts
    }

    pub(crate) fn into_puts(self) -> Puts {
        self.puts
    }
}

/// The tag of a digest: its first 8 bytes, big-endian; 1 in the one case in 2^64 where they are 0, which means "no tag".
///
/// A tag finds candidates. Whoever looks one up compares the whole value with what the entry says.
#[must_use]
pub const fn tag_of(digest: &[u8; 32]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *digest;
    let tag = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    if tag == 0 { 1 } else { tag }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_never_no_tag() {
        assert_eq!(tag_of(&[0; 32]), 1);
        let mut digest = [0xff; 32];
        digest[..8].copy_from_slice(&0x0102_0304_0506_0708_u64.to_be_bytes());
        assert_eq!(tag_of(&digest), 0x0102_0304_0506_0708);
    }

    #[test]
    fn notes_keep_the_last_tag_of_a_column_and_all_puts() {
        let mut notes = Notes::default();
        notes.tag(0, 5);
        notes.tag(0, 6);
        notes.tag(MAX_COLUMNS, 7);
        notes.put("map", [1], vec![2]);
        notes.remove("map", [3]);
        assert_eq!(notes.tags(), &[6, 0, 0, 0, 0, 0, 0]);
        let puts: Vec<_> = notes.puts().iter().map(|change| (&change.key[..], change.value.as_deref())).collect();
        assert_eq!(puts, [(&[1][..], Some(&[2][..])), (&[3], None)]);
    }
}
