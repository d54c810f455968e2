//! A run: the changes of many batches, sorted, in blocks, written once and never changed. README, "Views".
//!
//! In memory a run keeps the first key of each block and a filter of its keys; the blocks stay in sled.

use bytes::Bytes;
use sled::{IVec, Tree};

use super::Doubt;
use super::block::{Block, Found};
use super::bloom::Bloom;
use super::fences::Fences;
use super::opening::guarded;

/// A run as it is kept in memory.
#[derive(Debug)]
pub(super) struct Run {
    /// Which blocks are its own.
    pub(super) id: u32,
    /// The place of its changes in the order of all: it holds those of the runs first to last, as they were before they
    /// were merged.
    pub(super) first: u32,
    pub(super) last: u32,
    /// Up to which size of the log the views are complete with this run and those before it.
    pub(super) marker: u64,
    pub(super) keys: u64,
    pub(super) fences: Fences,
    pub(super) bloom: Bloom,
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

/// The key of a block in sled.
pub(super) fn block_key(run: u32, block: u32) -> [u8; 8] {
    ((u64::from(run) << 32) | u64::from(block)).to_be_bytes()
}

impl Run {
    /// The change of a key in this run; `None` if the run says nothing of it. `hash` is that of map and key.
    pub(super) fn find(&self, blocks: &Tree, full: &[u8], hash: u64) -> Result<Option<Found>, Doubt> {
        if !self.bloom.may_hold(hash) {
            return Ok(None);
        }
        let Some(number) = self.fences.block_of(full) else { return Ok(None) };
        let bytes = self.block(blocks, number)?;
        let block = Block::open(&bytes).ok_or(Doubt::Block { run: self.id })?;
        let (map, key) = split_key(full);
        Ok(if block.map == map { block.find(key) } else { None })
    }

    fn block(&self, blocks: &Tree, number: usize) -> Result<IVec, Doubt> {
        let doubt = || Doubt::Block { run: self.id };
        let key = block_key(self.id, u32::try_from(number).map_err(|_| doubt())?);
        guarded(|| blocks.get(key))?.ok_or_else(doubt)
    }

    /// The changes from `full` on, in order.
    pub(super) fn cursor<'a>(&'a self, blocks: &'a Tree, full: &[u8]) -> Result<Cursor<'a>, Doubt> {
        let number = self.fences.block_of(full).unwrap_or(0);
        let mut cursor = Cursor { run: self, blocks, number, block: None, nth: 0 };
        cursor.fetch()?;
        let (map, key) = split_key(full);
        if let Some(block) = cursor.block() {
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
    /// Checked when it was fetched.
    block: Option<IVec>,
    nth: usize,
}

impl Cursor<'_> {
    fn fetch(&mut self) -> Result<(), Doubt> {
        self.nth = 0;
        let there = self.number < self.run.fences.len();
        self.block = there.then(|| self.run.block(self.blocks, self.number)).transpose()?;
        match &self.block {
            Some(bytes) if Block::open(bytes).is_none() => Err(Doubt::Block { run: self.run.id }),
            Some(_) | None => Ok(()),
        }
    }

    fn block(&self) -> Option<Block<'_>> {
        Block::parse(self.block.as_ref()?)
    }

    /// The next change, as full key and value.
    pub(super) fn next(&mut self) -> Result<Option<(Vec<u8>, Found)>, Doubt> {
        while let Some(block) = self.block() {
            if let Some((key, value)) = block.entry(self.nth) {
                let change = (full_key(block.map, key), value.map(Bytes::copy_from_slice));
                self.nth += 1;
                return Ok(Some(change));
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
}
