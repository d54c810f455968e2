//! Everything that follows from the entries: the law's state, the tree, the lookup columns, the last entry's time.
//!
//! Only the writer has one. A batch that was admitted and made durable, and a record that is read back at opening, go
//! through the same [`Ledger::absorb`]; so the views of a replay are those of the live log, byte for byte.
//!
//! A ledger that has admitted a batch that did not become durable is worthless, and is dropped.

use std::sync::Arc;

use primitives::Hash;
use store::Puts;
use tlog::{Frontier, Growth};

use crate::column::Column;
use crate::edge::Edge;
use crate::law::MAX_COLUMNS;
use crate::replay::Ready;
use crate::views::{self, Changes};
use crate::{Law, Notes, entry};

/// Entries whose tags make a chunk: 8 KiB, a block of the database.
pub(crate) const CHUNK_ENTRIES: usize = 1024;

/// Bytes of a digest's beginning that end a chunk, so that a torn one is noticed.
pub(crate) const CHECK_BYTES: usize = 8;

/// The sequencer's own column, before the law's: tokens by the beginning of their SHA-256.
pub(crate) const TOKENS: usize = 0;

pub(crate) struct Ledger<L> {
    pub(crate) law: L,
    pub(crate) frontier: Frontier,
    pub(crate) edge: Edge,
    /// When the last entry was received, milliseconds; 0 for the empty log.
    pub(crate) last_millis: u64,
    /// Shared with readers.
    pub(crate) columns: Arc<Vec<Column>>,
    /// The tags that follow the last full chunk, for each column.
    pub(crate) tails: Vec<Vec<u64>>,
}

/// What the entries of one batch ask to be remembered.
#[derive(Default)]
pub(crate) struct Gathered {
    tags: Vec<[u64; 1 + MAX_COLUMNS]>,
    puts: Puts,
}

impl Gathered {
    /// Takes over what the law noted of the next entry.
    pub(crate) fn take(&mut self, token: u64, notes: &mut Notes) {
        let mut tags = [token; 1 + MAX_COLUMNS];
        let [_, law @ ..] = &mut tags;
        law.copy_from_slice(notes.tags());
        self.tags.push(tags);
        self.puts.append(std::mem::take(notes).into_puts());
    }
}

/// Why a record does not continue the log that the records before it make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// There is a gap or an overlap.
    #[error("the record begins at entry {found}, expected {expected}")]
    FirstIndex {
        /// First index of the record.
        found: u64,
        /// Size of the tree before it.
        expected: u64,
    },
    /// The entries are not those whose root was recorded.
    #[error("the entries give the root {found}, the record says {expected}")]
    Root {
        /// Root over what was read.
        found: Hash,
        /// Root in the record.
        expected: Hash,
    },
}

impl<L: Law> Ledger<L> {
    /// That of the empty log.
    pub(crate) fn new(rules: &L::Rules) -> Self {
        let columns = 1 + L::COLUMNS.len().min(MAX_COLUMNS);
        Self {
            law: L::new(rules),
            frontier: Frontier::new(),
            edge: Edge::default(),
            last_millis: 0,
            columns: Arc::new(std::iter::repeat_with(Column::new).take(columns).collect()),
            tails: vec![Vec::new(); columns],
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Applies a record that was read from the journal, law included.
    pub(crate) fn replay(&mut self, record: Ready<L>, changes: &mut Changes) -> Result<(), ChainFault> {
        let Ready { record, leaves, tokens, opened } = record;
        if record.first_index != self.size() {
            return Err(ChainFault::FirstIndex { found: record.first_index, expected: self.size() });
        }
        let growth = Growth::new(&self.frontier, leaves);
        if growth.root().0 != record.root {
            return Err(ChainFault::Root { found: growth.root(), expected: Hash(record.root) });
        }
        let mut gathered = Gathered::default();
        let mut notes = Notes::default();
        let mut last_millis = self.last_millis;
        let entries = (record.first_index..).zip(&record.entries).zip(tokens.into_iter().zip(opened));
        for ((index, entry), (token, opened)) in entries {
            self.law.replay(index, entry, opened, &mut notes);
            gathered.take(token, &mut notes);
            last_millis = last_millis.max(entry::received_at_millis(entry).unwrap_or_default());
        }
        self.absorb(&growth, gathered, last_millis, changes);
        Ok(())
    }

    /// Takes in a batch that is durable and that the law has applied; `changes` gets what the database is to hold of it.
    pub(crate) fn absorb(&mut self, growth: &Growth, gathered: Gathered, last_millis: u64, changes: &mut Changes) {
        debug_assert_eq!(gathered.tags.len() as u64, growth.new_size() - growth.old_size());
        for tile in self.edge.grow(growth) {
            changes.puts.put(views::TILES, views::tile_key(tile.level, tile.index), tile.bytes);
        }
        for (index, tags) in (growth.old_size()..).zip(&gathered.tags) {
            for (number, ((tag, column), tail)) in (0..).zip(tags.iter().zip(&*self.columns).zip(&mut self.tails)) {
                column.insert(*tag, index);
                tail.push(*tag);
                if tail.len() == CHUNK_ENTRIES {
                    let key = views::column_key(number, index / CHUNK_ENTRIES as u64);
                    changes.puts.put(views::COLUMNS, key, encode_tags(tail));
                    tail.clear();
                }
            }
        }
        changes.puts.append(gathered.puts);
        changes.size = Some(growth.new_size());
        self.frontier = growth.frontier();
        self.last_millis = last_millis;
    }
}

/// Tags as bytes: 8 each, big-endian, then the first bytes of their SHA-256.
pub(crate) fn encode_tags(tags: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(tags.len() * 8 + CHECK_BYTES);
    tags.iter().for_each(|tag| bytes.extend_from_slice(&tag.to_be_bytes()));
    let check = Hash::of(&bytes);
    bytes.extend(check.0.iter().take(CHECK_BYTES));
    bytes
}

/// Reads [`encode_tags`]' bytes; `None` where they are not whole or not `count` tags.
pub(crate) fn decode_tags(bytes: &[u8], count: usize) -> Option<Vec<u64>> {
    let (tags, check) = bytes.split_last_chunk::<CHECK_BYTES>()?;
    let (chunks, rest) = tags.as_chunks();
    let whole = rest.is_empty() && chunks.len() == count && Hash::of(tags).0.starts_with(check);
    whole.then(|| chunks.iter().copied().map(u64::from_be_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back_whole_or_not_at_all() {
        let tags = [1, u64::MAX, 0];
        let bytes = encode_tags(&tags);
        assert_eq!(bytes.len(), 32);
        assert_eq!(decode_tags(&bytes, 3).as_deref(), Some(&tags[..]));
        assert_eq!(decode_tags(&bytes, 2), None);
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1;
            assert_eq!(decode_tags(&wrong, 3), None, "byte {at}");
            assert_eq!(decode_tags(&bytes[..at], 3), None);
        }
        assert_eq!(decode_tags(&encode_tags(&[]), 0), Some(Vec::new()));
    }
}
