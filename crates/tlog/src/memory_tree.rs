//! A whole tree in memory: small logs, tests, and the yardstick for everything that is cleverer.

use alloc::vec::Vec;

use primitives::Hash;
use thiserror::Error;

use crate::{HashSource, node_hash};

/// Every complete subtree's hash: 64 bytes a leaf.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    /// From the leaves up.
    rows: Vec<Vec<Hash>>,
}

/// The tree has no such complete subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no complete subtree {index} at level {level} in a tree of {size} leaves")]
pub struct NoSuchSubtree {
    /// The level, from the leaves up.
    pub level: u8,
    /// The index within the level.
    pub index: u64,
    /// The number of leaves.
    pub size: u64,
}

impl MemoryTree {
    /// The empty tree.
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.rows.first().and_then(|leaves| u64::try_from(leaves.len()).ok()).unwrap_or(0)
    }

    /// Adds a leaf, given by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.rows.len() == level {
                self.rows.push(Vec::new());
            }
            let Some(row) = self.rows.get_mut(level) else { return };
            row.push(hash);
            let (pairs, odd) = row.as_chunks();
            let (Some([left, right]), []) = (pairs.last(), odd) else { return };
            hash = node_hash(left, right);
        }
    }
}

impl Extend<Hash> for MemoryTree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        tree.extend(leaves);
        tree
    }
}

impl HashSource for MemoryTree {
    type Error = NoSuchSubtree;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, NoSuchSubtree> {
        let row = self.rows.get(usize::from(level));
        let hash = row.zip(usize::try_from(index).ok()).and_then(|(row, index)| row.get(index));
        hash.copied().ok_or(NoSuchSubtree { level, index, size: self.size() })
    }
}
