//! A run: the changes of many batches, sorted, in blocks, written once and never changed. README, "Views".
//!
//! In memory a run keeps the first key of each block and a filter of its keys; the blocks stay in sled. The run's
//! directory entry is written after its blocks, and binds them: their number, their keys and their checks.

use bytes::Bytes;
use sled::{IVec, Tree};

use super::Doubt;
use super::block::{Block, Builder, Found};
use super::bloom::{Bloom, hash};
use super::opening::{guarded, guarded_items};

const VERSION: u8 = 1;

/// A run as it is kept in memory.
#[derive(Debug)]
pub(super) struct Run {
    number: u32,
    /// Up to which size of the log the views are complete with this run and those before it.
    pub(super) marker: u64,
    fences: Fences,
    bloom: Bloom,
}

/// A map's name and a key as one: they sort as the pair does, since no name holds a zero byte.
pub(super) fn full_key(map: &str, key: &[u8]) -> Vec<u8> {
    [map.as_bytes(), &[0], key].concat()
}

/// The pair again.
pub(super) fn split_key(full: &[u8]) -> (&str, &[u8]) {
    let end = full.iter().position(|byte| *byte == 0).unwrap_or(full.len());
    let (map, key) = full.split_at(end);
    (str::from_utf8(map).unwrap_or_default(), key.get(1..).unwrap_or_default())
}

/// First keys of blocks, in order, without an allocation each.
#[derive(Debug, Default)]
struct Fences {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Fences {
    fn push(&mut self, key: &[u8]) {
        self.bytes.extend_from_slice(key);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    fn fence(&self, nth: usize) -> Option<&[u8]> {
        let begin = nth.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.bytes.get(begin as usize..*self.ends.get(nth)? as usize)
    }

    /// Number of the last block that begins at or before `key`.
    fn block_of(&self, key: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.fence(middle).is_some_and(|fence| fence <= key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }
}

/// What a run's directory entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    marker: u64,
    blocks: u32,
    keys: u64,
    /// CRC-32C over the checks of all blocks, in order.
    check: u32,
}

impl Entry {
    fn encode(self) -> Vec<u8> {
        let mut body = vec![VERSION];
        body.extend_from_slice(&self.marker.to_be_bytes());
        body.extend_from_slice(&self.blocks.to_be_bytes());
        body.extend_from_slice(&self.keys.to_be_bytes());
        body.extend_from_slice(&self.check.to_be_bytes());
        [&crc32c::crc32c(&body).to_be_bytes()[..], &body].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (check, body) = bytes.split_first_chunk::<4>()?;
        let (version, rest) = body.split_first()?;
        let (marker, rest) = rest.split_first_chunk::<8>()?;
        let (blocks, rest) = rest.split_first_chunk::<4>()?;
        let (keys, rest) = rest.split_first_chunk::<8>()?;
        let of_blocks = <[u8; 4]>::try_from(rest).ok()?;
        (crc32c::crc32c(body).to_be_bytes() == *check && *version == VERSION).then(|| Self {
            marker: u64::from_be_bytes(*marker),
            blocks: u32::from_be_bytes(*blocks),
            keys: u64::from_be_bytes(*keys),
            check: u32::from_be_bytes(of_blocks),
        })
    }
}

fn block_key(run: u32, block: u32) -> [u8; 8] {
    (u64::from(run) << 32 | u64::from(block)).to_be_bytes()
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
    fn new(keys: usize) -> Self {
        Self { fences: Fences::default(), bloom: Bloom::new(keys), keys: 0, blocks: 0, check: 0 }
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

impl Run {
    /// Writes a run of sorted changes: its blocks, then its entry, which makes it one.
    pub(super) fn write<'a>(
        (blocks, runs): (&Tree, &Tree),
        number: u32,
        marker: u64,
        changes: impl ExactSizeIterator<Item = (&'a [u8], Option<&'a Bytes>)>,
    ) -> Result<Self, Doubt> {
        let mut run = Gathering::new(changes.len());
        let mut builder = Builder::new("");
        let mut close = |builder: &mut Builder| {
            if !builder.is_empty() {
                let key = block_key(number, run.blocks);
                let bytes = builder.finish();
                Block::open(&bytes).and_then(|block| run.add(&block)).ok_or(Doubt::Block { run: number })?;
                guarded(|| blocks.insert(key, bytes))?;
            }
            Ok::<(), Doubt>(())
        };
        for (full, value) in changes {
            let (map, key) = split_key(full);
            if builder.is_full() || builder.map() != map {
                close(&mut builder)?;
                builder = Builder::new(map);
            }
            builder.push(key, value.map(|value| &**value));
        }
        close(&mut builder)?;
        let entry = Entry { marker, blocks: run.blocks, keys: run.keys, check: run.check };
        guarded(|| runs.insert(number.to_be_bytes(), entry.encode()))?;
        Ok(Self { number, marker, fences: run.fences, bloom: run.bloom })
    }

    /// Reads all runs back, every block of them, and removes blocks that belong to none.
    pub(super) fn load_all(blocks: &Tree, runs: &Tree) -> Result<Vec<Self>, Doubt> {
        let mut loaded = Vec::new();
        for (expected, item) in (0..).zip(guarded_items(runs.iter())) {
            let (number, entry) = item?;
            let number = <[u8; 4]>::try_from(&*number).map(u32::from_be_bytes).ok();
            let number = number.filter(|number| *number == expected).ok_or(Doubt::Run { run: expected })?;
            let entry = Entry::decode(&entry).ok_or(Doubt::Run { run: number })?;
            loaded.push(Self::load(blocks, number, entry)?);
        }
        if !loaded.windows(2).all(|pair| matches!(pair, [a, b] if a.marker <= b.marker)) {
            return Err(Doubt::Run { run: 0 });
        }
        // Of a run whose entry was never written.
        let next = u32::try_from(loaded.len()).map_err(|_| Doubt::Run { run: u32::MAX })?;
        for orphan in guarded_items(blocks.range(block_key(next, 0)..)) {
            let (key, _) = orphan?;
            guarded(|| blocks.remove(&key))?;
        }
        Ok(loaded)
    }

    fn load(blocks: &Tree, number: u32, entry: Entry) -> Result<Self, Doubt> {
        let doubt = || Doubt::Block { run: number };
        // The number of keys sizes the filter; it is believed only as far as the blocks could hold them.
        let most = u64::from(entry.blocks) * u64::from(u16::MAX);
        let keys = usize::try_from(entry.keys.min(most)).map_err(|_| doubt())?;
        let mut run = Gathering::new(keys);
        for item in guarded_items(blocks.range(block_key(number, 0)..=block_key(number, u32::MAX))) {
            let (key, bytes) = item?;
            let in_order = *key == block_key(number, run.blocks);
            let block = Block::open(&bytes).filter(|_| in_order).ok_or_else(doubt)?;
            run.add(&block).ok_or_else(doubt)?;
        }
        let found = Entry { blocks: run.blocks, keys: run.keys, check: run.check, ..entry };
        if found != entry {
            return Err(doubt());
        }
        Ok(Self { number, marker: entry.marker, fences: run.fences, bloom: run.bloom })
    }

    /// The change of a key in this run; `None` if the run says nothing of it. `hash` is that of map and key.
    pub(super) fn find(&self, blocks: &Tree, full: &[u8], hash: u64) -> Result<Option<Found>, Doubt> {
        if !self.bloom.may_hold(hash) {
            return Ok(None);
        }
        let Some(number) = self.fences.block_of(full) else { return Ok(None) };
        let bytes = self.block(blocks, number)?;
        let block = Block::open(&bytes).ok_or(Doubt::Block { run: self.number })?;
        let (map, key) = split_key(full);
        Ok(if block.map == map { block.find(key) } else { None })
    }

    fn block(&self, blocks: &Tree, number: usize) -> Result<IVec, Doubt> {
        let doubt = || Doubt::Block { run: self.number };
        let key = block_key(self.number, u32::try_from(number).map_err(|_| doubt())?);
        guarded(|| blocks.get(key))?.ok_or_else(doubt)
    }

    /// The changes from `full` on, in order.
    pub(super) fn cursor<'a>(&'a self, blocks: &'a Tree, full: &[u8]) -> Result<Cursor<'a>, Doubt> {
        let mut cursor =
            Cursor { run: self, blocks, number: self.fences.block_of(full).unwrap_or(0), block: None, nth: 0 };
        cursor.fetch()?;
        let (map, key) = split_key(full);
        if let Some(bytes) = &cursor.block {
            let block = Block::open(bytes).ok_or(Doubt::Block { run: self.number })?;
            cursor.nth = match block.map.cmp(map) {
                std::cmp::Ordering::Less => block.len(),
                std::cmp::Ordering::Equal => block.position(key),
                std::cmp::Ordering::Greater => 0,
            };
        }
        Ok(cursor)
    }
}

/// Walks a run's changes in order.
pub(super) struct Cursor<'a> {
    run: &'a Run,
    blocks: &'a Tree,
    number: usize,
    block: Option<IVec>,
    nth: usize,
}

impl Cursor<'_> {
    fn fetch(&mut self) -> Result<(), Doubt> {
        self.nth = 0;
        let there = self.number < self.run.fences.ends.len();
        self.block = there.then(|| self.run.block(self.blocks, self.number)).transpose()?;
        Ok(())
    }

    /// The next change, as full key and value.
    pub(super) fn next(&mut self) -> Result<Option<(Vec<u8>, Found)>, Doubt> {
        while let Some(bytes) = &self.block {
            let block = Block::open(bytes).ok_or(Doubt::Block { run: self.run.number })?;
            if let Some((key, value)) = block.entry(self.nth) {
                self.nth += 1;
                return Ok(Some((full_key(block.map, key), value.map(Bytes::copy_from_slice))));
            }
            self.number += 1;
            self.fetch()?;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_keys_sort_as_map_and_key_do() {
        let pairs = [("a", &b""[..]), ("a", b"\0"), ("a", b"\xff"), ("ab", b""), ("b", b"a")];
        let full: Vec<_> = pairs.iter().map(|(map, key)| full_key(map, key)).collect();
        assert!(full.is_sorted());
        assert!(full.iter().zip(pairs).all(|(full, pair)| split_key(full) == pair));
    }

    #[test]
    fn an_entry_is_what_was_written_or_nothing() {
        let entry = Entry { marker: 7, blocks: 2, keys: 300, check: 0xdead_beef };
        let bytes = entry.encode();
        assert_eq!(Entry::decode(&bytes), Some(entry));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Entry::decode(&flipped), None, "bit {bit}");
        }
    }

    #[test]
    fn a_key_lies_in_the_last_block_that_begins_before_it() {
        let mut fences = Fences::default();
        for key in ["b", "d", "dd"] {
            fences.push(key.as_bytes());
        }
        let of = |key: &str| fences.block_of(key.as_bytes());
        assert_eq!(
            [of("a"), of("b"), of("c"), of("d"), of("dc"), of("dd"), of("z")].map(|n| n.map_or(9, |n| n)),
            [9, 0, 0, 1, 1, 2, 2]
        );
    }
}
