//! Which runs there are: an entry for each, written after its blocks, which makes it one and binds them.
//!
//! The entry holds the number of blocks and keys and a check over the blocks' checks. Reading back holds every block
//! against it, so a run that is loaded is the one that was written, whatever sled lost or kept.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};

use sled::{Batch, Tree};

use super::Doubt;
use super::block::{Block, Builder, Found};
use super::bloom::{Bloom, hash};
use super::fences::Fences;
use super::opening::{guarded, guarded_items};
use super::run::{Run, block_key, full_key, split_key};

const VERSION: u8 = 1;

/// The two trees of sled that runs lie in.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    pub(super) blocks: Tree,
    pub(super) runs: Tree,
}

/// What a run's entry says. Its key is the first of the places that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    last: u32,
    id: u32,
    marker: u64,
    blocks: u32,
    keys: u64,
    /// CRC-32C over the checks of all blocks, in order.
    check: u32,
}

impl Entry {
    fn encode(self) -> Vec<u8> {
        let mut body = vec![VERSION];
        body.extend_from_slice(&self.last.to_be_bytes());
        body.extend_from_slice(&self.id.to_be_bytes());
        body.extend_from_slice(&self.marker.to_be_bytes());
        body.extend_from_slice(&self.blocks.to_be_bytes());
        body.extend_from_slice(&self.keys.to_be_bytes());
        body.extend_from_slice(&self.check.to_be_bytes());
        [&crc32c::crc32c(&body).to_be_bytes()[..], &body].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (check, body) = bytes.split_first_chunk::<4>()?;
        let (version, rest) = body.split_first()?;
        let (last, rest) = rest.split_first_chunk::<4>()?;
        let (id, rest) = rest.split_first_chunk::<4>()?;
        let (marker, rest) = rest.split_first_chunk::<8>()?;
        let (blocks, rest) = rest.split_first_chunk::<4>()?;
        let (keys, rest) = rest.split_first_chunk::<8>()?;
        let of_blocks = <[u8; 4]>::try_from(rest).ok()?;
        (crc32c::crc32c(body).to_be_bytes() == *check && *version == VERSION).then(|| Self {
            last: u32::from_be_bytes(*last),
            id: u32::from_be_bytes(*id),
            marker: u64::from_be_bytes(*marker),
            blocks: u32::from_be_bytes(*blocks),
            keys: u64::from_be_bytes(*keys),
            check: u32::from_be_bytes(of_blocks),
        })
    }
}

/// A run being written or read back: what memory keeps of it, and what its entry must say.
struct Gathering {
    fences: Fences,
    bloom: Bloom,
    keys: u64,
    blocks: u32,
    check: u32,
}

impl Gathering {
    fn new(keys: u64) -> Self {
        let bloom = Bloom::new(usize::try_from(keys).unwrap_or(0));
        Self { fences: Fences::default(), bloom, keys: 0, blocks: 0, check: 0 }
    }

    fn add(&mut self, block: &Block<'_>) -> Option<()> {
        self.fences.push(&full_key(block.map, block.entry(0)?.0));
        for nth in 0..block.len() {
            self.bloom.insert(hash(block.map, block.entry(nth)?.0));
        }
        self.keys += block.len() as u64;
        self.blocks += 1;
        self.check = crc32c::crc32c_append(self.check, &block.check.to_be_bytes());
        Some(())
    }
}

/// Whose changes a run holds, and which number its blocks get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) id: u32,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) marker: u64,
}

impl Directory {
    /// Writes a run: its blocks, then its entry, in place of those of the runs that it was merged from.
    ///
    /// `keys` is how many changes come, at most. A crash before the entry leaves blocks that no entry names.
    pub(super) fn write<E: From<Doubt>>(
        &self,
        place: Place,
        keys: u64,
        mut next: impl FnMut() -> Result<Option<(Vec<u8>, Found)>, E>,
    ) -> Result<Run, E> {
        let Place { id, first, last, marker } = place;
        let mut run = Gathering::new(keys);
        let mut builder = Builder::new("");
        let mut close = |builder: &mut Builder| {
            if !builder.is_empty() {
                let key = block_key(id, run.blocks);
                let bytes = builder.finish();
                Block::open(&bytes).and_then(|block| run.add(&block)).ok_or(Doubt::Block { run: id })?;
                guarded(|| self.blocks.insert(key, bytes))?;
            }
            Ok::<(), Doubt>(())
        };
        while let Some((full, value)) = next()? {
            let (map, key) = split_key(&full);
            if builder.is_full() || builder.map() != map {
                close(&mut builder)?;
                builder = Builder::new(map);
            }
            builder.push(key, value.as_deref());
        }
        close(&mut builder)?;
        let entry = Entry { last, id, marker, blocks: run.blocks, keys: run.keys, check: run.check };
        let mut batch = Batch::default();
        (first..=last).skip(1).for_each(|merged| batch.remove(&merged.to_be_bytes()));
        batch.insert(&first.to_be_bytes(), entry.encode());
        guarded(|| self.runs.apply_batch(batch))?;
        let Gathering { fences, bloom, keys, .. } = run;
        Ok(Run { id, first, last, marker, keys, fences, bloom })
    }

    /// Reads all runs back, every block of them, and removes blocks that belong to none.
    pub(super) fn load_all(&self) -> Result<Vec<Run>, Doubt> {
        let mut entries: Vec<(u32, Entry)> = Vec::new();
        for item in guarded_items(self.runs.iter()) {
            let (first, entry) = item?;
            let (expected, marker) = entries.last().map_or((0, 0), |(_, before)| (before.last + 1, before.marker));
            let entry = Entry::decode(&entry).filter(|entry| entry.last >= expected && entry.marker >= marker);
            let entry = entry.filter(|_| *first == expected.to_be_bytes()).ok_or(Doubt::Run { place: expected })?;
            entries.push((expected, entry));
        }
        // Most of the time goes into sled's pages and our checks: all processors take part, the largest runs first.
        entries.sort_by_key(|(_, entry)| entry.blocks);
        let queue = Mutex::new(entries);
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let work =
            || std::iter::from_fn(take).map(|(first, entry)| self.load(first, entry)).collect::<Result<Vec<_>, _>>();
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let loaded =
            std::thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
                let mut loaded = vec![work()];
                loaded.extend(others.into_iter().map(|other| {
                    other.join().unwrap_or_else(|_| Err(Doubt::Panicked("while reading runs back".into())))
                }));
                loaded
            });
        let mut runs: Vec<Run> = loaded.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        runs.sort_by_key(|run| run.first);
        self.remove_blocks(|id| runs.iter().all(|run| run.id != id))?;
        Ok(runs)
    }

    fn load(&self, first: u32, entry: Entry) -> Result<Run, Doubt> {
        let Entry { last, id, marker, blocks, keys, check: _ } = entry;
        let doubt = || Doubt::Block { run: id };
        // The number of keys sizes the filter; it is believed only as far as the blocks could hold them.
        let mut run = Gathering::new(keys.min(u64::from(blocks) * u64::from(u16::MAX)));
        for item in guarded_items(self.blocks.range(block_key(id, 0)..=block_key(id, u32::MAX))) {
            let (key, bytes) = item?;
            let in_order = *key == block_key(id, run.blocks);
            let block = Block::open(&bytes).filter(|_| in_order).ok_or_else(doubt)?;
            run.add(&block).ok_or_else(doubt)?;
        }
        let found = Entry { blocks: run.blocks, keys: run.keys, check: run.check, ..entry };
        if found != entry {
            return Err(doubt());
        }
        let Gathering { fences, bloom, .. } = run;
        Ok(Run { id, first, last, marker, keys, fences, bloom })
    }

    /// Removes the blocks of these runs.
    pub(super) fn remove_blocks(&self, of: impl Fn(u32) -> bool) -> Result<(), Doubt> {
        let mut from = Some(0);
        // From run to run, so that the blocks of those that stay are not read.
        while let Some(id) = from {
            let Some(item) = guarded_items(self.blocks.range(block_key(id, 0)..)).next() else { break };
            let (key, _) = item?;
            let id = key.first_chunk::<4>().map_or(u32::MAX, |id| u32::from_be_bytes(*id));
            if of(id) {
                for block in guarded_items(self.blocks.range(block_key(id, 0)..=block_key(id, u32::MAX))) {
                    let (key, _) = block?;
                    guarded(|| self.blocks.remove(&key))?;
                }
            }
            from = id.checked_add(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_what_was_written_or_nothing() {
        let entry = Entry { last: 9, id: 4, marker: 7, blocks: 2, keys: 300, check: 0xdead_beef };
        let bytes = entry.encode();
        assert_eq!(Entry::decode(&bytes), Some(entry));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Entry::decode(&flipped), None, "bit {bit}");
        }
    }
}
