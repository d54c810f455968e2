//! The compact range: the least that a writer must remember to let a tree grow.
//!
//! A tree of size `n` is a row of complete subtrees, one for each one-bit of `n`, the largest on the left. Their
//! hashes give the root, and a new leaf merges with as many of them as there are trailing one-bits.

use alloc::vec::Vec;

use primitives::Hash;
use thiserror::Error;

use crate::{EMPTY_ROOT, HashSource, node_hash};

/// The largest tree that a [`Frontier`] is kept for: 2^63 leaves. At 14,000 leaves a second that is 20 million years.
pub const MAX_FRONTIER_SIZE: u64 = 1 << 63;

/// The right edge of a tree: its size and the hashes of its complete subtrees, at most 64.
///
/// ```
/// let mut frontier = tlog::Frontier::new();
/// frontier.push(tlog::leaf_hash(b"one"));
/// frontier.push(tlog::leaf_hash(b"two"));
/// assert_eq!(frontier.root(), tlog::node_hash(&tlog::leaf_hash(b"one"), &tlog::leaf_hash(b"two")));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// One hash for each one-bit of `size`, the highest bit first.
    hashes: Vec<Hash>,
}

/// Why bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrontierError {
    /// The size decides the length, and this is another.
    #[error("frontier has {found} bytes, expected {expected}")]
    Length {
        /// The number of bytes.
        found: usize,
        /// 8 for the size and 32 for each of its one-bits.
        expected: usize,
    },
    /// No log is that large.
    #[error("frontier is of a tree of {found} leaves, expected at most 2^63")]
    TooLarge {
        /// The size given.
        found: u64,
    },
}

impl FrontierError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "frontier_length",
            Self::TooLarge { .. } => "frontier_too_large",
        }
    }
}

impl Frontier {
    /// Of the empty tree.
    pub const fn new() -> Self {
        Self { size: 0, hashes: Vec::new() }
    }

    /// Of the tree over the first `size` leaves, read from where its hashes are stored.
    ///
    /// # Errors
    /// When the source fails.
    pub fn read<S: HashSource + ?Sized>(size: u64, source: &S) -> Result<Self, S::Error> {
        let mut hashes = Vec::with_capacity(64);
        for level in (0..64_u8).rev().filter(|level| size >> level & 1 == 1) {
            hashes.push(source.hash(level, (size >> level) - 1)?);
        }
        Ok(Self { size, hashes })
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, given by its leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.hashes.iter().rev();
        let Some(last) = from_the_right.next() else { return EMPTY_ROOT };
        from_the_right.fold(*last, |right, left| node_hash(left, &right))
    }

    /// The hash of the complete subtree of 2^`level` leaves at the edge, if there is one.
    pub fn subtree(&self, level: u8) -> Option<Hash> {
        let larger = match self.size.checked_shr(u32::from(level)) {
            Some(subtrees) if subtrees & 1 == 1 => subtrees.count_ones() - 1,
            Some(_) | None => return None,
        };
        self.hashes.get(usize::try_from(larger).ok()?).copied()
    }

    /// From a size and the hash of each of its one-bits, the highest first: the caller has counted them.
    pub(crate) fn from_parts(size: u64, hashes: Vec<Hash>) -> Self {
        Self { size, hashes }
    }

    /// As bytes: the size (8, big-endian), then the hashes, the largest subtree's first (32 each).
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.hashes.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        self.hashes.iter().for_each(|hash| bytes.extend_from_slice(&hash.0));
        bytes
    }

    /// Reads [`Frontier::encode`]'s bytes and nothing else. They are not authenticated: compare
    /// [`Frontier::root`] with a root that is.
    ///
    /// # Errors
    /// [`FrontierError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FrontierError> {
        let length = |expected| FrontierError::Length { found: bytes.len(), expected };
        let (size, hashes) = bytes.split_first_chunk().ok_or_else(|| length(8))?;
        let size = u64::from_be_bytes(*size);
        if size > MAX_FRONTIER_SIZE {
            return Err(FrontierError::TooLarge { found: size });
        }
        let (hashes, rest) = hashes.as_chunks();
        let count = usize::try_from(size.count_ones()).unwrap_or(usize::MAX);
        if !rest.is_empty() || hashes.len() != count {
            return Err(length(8 + 32 * count));
        }
        Ok(Self { size, hashes: hashes.iter().copied().map(Hash).collect() })
    }
}

#[cfg(test)]
mod tests;
