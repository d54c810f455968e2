//! A batch of new leaves: the new root, every leaf's inclusion proof, and the hashes to store.
//!
//! The siblings on the way up from a new leaf are of three kinds, and none of them is read from storage:
//!
//! ```text
//!            ┌───────────────┴───────┐         left, older than the batch: a subtree whose parent
//!        ┌───┴───┐               ┌───┴┄┄┄      covers a new leaf was not complete before, so the
//!      ┌─┴─┐   ┌─┴─┐           ┌─┴─┐   ┆       hash is one of the old frontier's
//!     old old old old         old new new      within the batch: computed once, here
//!                                   └─┬─┘      right edge, incomplete: computed once for a level
//!                                   batch
//! ```
//!
//! So a batch of `b` leaves costs about `b` node hashes in all, and a proof is some 20 copies at a million leaves.

use alloc::vec::Vec;

use primitives::Hash;

use crate::{Frontier, node_hash};

/// What a batch of consecutive new leaves makes of a tree.
///
/// ```
/// use tlog::{Frontier, Growth, leaf_hash, verify_inclusion};
/// let leaves = [leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")];
/// let growth = Growth::new(&Frontier::new(), leaves.to_vec());
/// let proof = growth.inclusion_proof(1).unwrap();
/// verify_inclusion(&leaves[1], 1, 3, &proof, &growth.root()).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Growth {
    old_size: u64,
    new_size: u64,
    /// From the leaves up: the complete subtrees of each level that the batch completed, and before them their left
    /// neighbour where the old frontier has it.
    rows: Vec<Row>,
    /// From the leaves up: the hash of what the last node of each level covers, complete or not.
    edge: Vec<Hash>,
    root: Hash,
}

#[derive(Debug, Clone)]
struct Row {
    /// The index, within its level, of the first hash held.
    first: u64,
    hashes: Vec<Hash>,
}

impl Row {
    fn hash(&self, index: u64) -> Option<Hash> {
        self.hashes.get(usize::try_from(index.checked_sub(self.first)?).ok()?).copied()
    }
}

impl Growth {
    /// Adds `leaves` (leaf hashes, in order) to the tree that `old` is the frontier of.
    pub fn new(old: &Frontier, leaves: Vec<Hash>) -> Self {
        let old_size = old.size();
        let new_size = old_size.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
        let rows = rows(old, new_size, leaves);
        let edge = edge(old_size, new_size, &rows);
        let root = edge.last().copied().unwrap_or_else(|| old.root());
        Self { old_size, new_size, rows, edge, root }
    }

    /// The size before the batch: the index of its first leaf.
    pub const fn old_size(&self) -> u64 {
        self.old_size
    }

    /// The size after the batch.
    pub const fn new_size(&self) -> u64 {
        self.new_size
    }

    /// The root after the batch.
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// The frontier after the batch.
    pub fn frontier(&self) -> Frontier {
        let levels = (0..u64::BITS).rev().filter(|level| self.new_size >> level & 1 == 1);
        let subtrees = levels.filter_map(|level| self.hash(level, (self.new_size >> level) - 1));
        Frontier::from_parts(self.new_size, subtrees.collect())
    }

    /// The inclusion proof of a new leaf in the tree after the batch; `None` for an index that is not of the batch.
    pub fn inclusion_proof(&self, index: u64) -> Option<Vec<Hash>> {
        if !(self.old_size..self.new_size).contains(&index) {
            return None;
        }
        let mut proof = Vec::with_capacity(self.edge.len());
        for (level, edge) in (0_u32..).zip(&self.edge) {
            let (node, last) = (index >> level, (self.new_size - 1) >> level);
            match node ^ 1 {
                // The last node of its level and alone: it goes up as it is.
                sibling if sibling > last => {}
                sibling if sibling == last => proof.push(*edge),
                sibling => proof.push(self.hash(level, sibling)?),
            }
        }
        Some(proof)
    }

    fn hash(&self, level: u32, index: u64) -> Option<Hash> {
        self.rows.get(usize::try_from(level).ok()?)?.hash(index)
    }

    /// What the batch adds to the hash tiles of a level (c2sp.org/tlog-tiles: level `l` holds subtrees of 256^`l`
    /// leaves): the index of the first new hash within the level, and the hashes. Where there is none, no tile of
    /// this level or above changes.
    ///
    /// Hash `i` of a level is hash `i mod 256` of tile `i / 256`.
    pub fn tile_hashes(&self, tile_level: u8) -> (u64, &[Hash]) {
        let level = u32::from(tile_level) * 8;
        let first = self.old_size.checked_shr(level).unwrap_or(0);
        let new = usize::try_from(level).ok().and_then(|level| self.rows.get(level)).and_then(|row| {
            let known = usize::try_from(first.checked_sub(row.first)?).ok()?;
            row.hashes.get(known..)
        });
        (first, new.unwrap_or_default())
    }
}

/// The levels from the leaves up to the highest that has a complete subtree.
fn rows(old: &Frontier, new_size: u64, leaves: Vec<Hash>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(64);
    for level in (0..64_u8).take_while(|level| new_size >> level != 0) {
        let first = old.size() >> level;
        let neighbour = old.subtree(level);
        let mut hashes: Vec<Hash> = neighbour.into_iter().collect();
        match rows.last() {
            None => hashes.extend_from_slice(&leaves),
            // The row below begins with an even index: with its left neighbour exactly where the old size is odd
            // there. So its pairs are the children of the new subtrees, none missing and none too many.
            Some(below) => {
                let (pairs, _) = below.hashes.as_chunks();
                hashes.extend(pairs.iter().map(|[left, right]| node_hash(left, right)));
            }
        }
        rows.push(Row { first: first - u64::from(neighbour.is_some()), hashes });
    }
    rows
}

/// Up from the last leaf: what the last node of each level hashes to; the last of them is the root. Empty where the
/// batch is.
fn edge(old_size: u64, new_size: u64, rows: &[Row]) -> Vec<Hash> {
    let mut edge = Vec::with_capacity(rows.len() + 1);
    if old_size == new_size {
        return edge;
    }
    let last = new_size - 1;
    let mut hash = rows.first().and_then(|row| row.hash(last)).unwrap_or(crate::EMPTY_ROOT);
    edge.push(hash);
    for (row, level) in rows.iter().zip(0_u32..).take_while(|(_, level)| last >> level != 0) {
        let node = last >> level;
        if node & 1 == 1
            && let Some(left) = row.hash(node - 1)
        {
            hash = node_hash(&left, &hash);
        }
        edge.push(hash);
    }
    edge
}

#[cfg(test)]
mod tests;
