//! Roots and proofs made from hashes that are stored somewhere (RFC 6962 §2.1).
//!
//! The tree over `n` leaves splits at the largest power of two below `n`. Stored hashes are those of complete
//! subtrees, which never change once written; the ragged right edge is hashed here, from at most 64 of them.

use alloc::vec::Vec;

use primitives::Hash;
use thiserror::Error;

use crate::{EMPTY_ROOT, node_hash};

/// Where the hashes of complete subtrees are read from: tiles, memory, a database.
///
/// `level` counts from the leaves: the hash at (`level`, `index`) covers the leaves from `index · 2^level` up to
/// `(index + 1) · 2^level`. The functions of this crate only ask for subtrees that lie wholly inside the tree.
pub trait HashSource {
    /// Why a hash could not be read.
    type Error;

    /// The hash of the complete subtree at (`level`, `index`).
    ///
    /// # Errors
    /// When the hash is not there or cannot be read.
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

impl<S: HashSource + ?Sized> HashSource for &S {
    type Error = S::Error;
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        (**self).hash(level, index)
    }
}

/// Why a proof could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProveError<E> {
    /// There is no such leaf in a tree of this size.
    #[error("index is {index}, expected one below the tree size {size}")]
    IndexBeyondSize {
        /// The index asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tree does not shrink.
    #[error("old tree size is {old}, expected at most the new size {new}")]
    OldBeyondNew {
        /// The size asked to be proved a beginning of the other.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// A hash could not be read.
    #[error("hash could not be read: {0}")]
    Source(E),
}

impl<E> ProveError<E> {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IndexBeyondSize { .. } => "index_beyond_size",
            Self::OldBeyondNew { .. } => "old_beyond_new",
            Self::Source(_) => "hash_unreadable",
        }
    }
}

/// The root of the tree over the first `size` leaves.
///
/// # Errors
/// When the source fails.
pub fn root<S: HashSource + ?Sized>(size: u64, source: &S) -> Result<Hash, S::Error> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range(0, size, source) }
}

/// The inclusion proof (RFC 6962 §2.1.1) for the leaf at `index` in the tree over the first `size` leaves: the
/// siblings on the way up, the leaf's first, the root's child last.
///
/// # Errors
/// [`ProveError::IndexBeyondSize`], or [`ProveError::Source`].
pub fn inclusion_proof<S: HashSource + ?Sized>(
    index: u64,
    size: u64,
    source: &S,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if index >= size {
        return Err(ProveError::IndexBeyondSize { index, size });
    }
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::with_capacity(64);
    while end - start > 1 {
        let sibling = descend(&mut start, &mut end, |middle| index < middle);
        proof.push(range(sibling.0, sibling.1, source).map_err(ProveError::Source)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The consistency proof (RFC 6962 §2.1.2) that the tree over the first `new` leaves begins with the tree over the
/// first `old`. Empty where `old` is 0 (every tree begins with nothing) or equal to `new`.
///
/// # Errors
/// [`ProveError::OldBeyondNew`], or [`ProveError::Source`].
pub fn consistency_proof<S: HashSource + ?Sized>(
    old: u64,
    new: u64,
    source: &S,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if old > new {
        return Err(ProveError::OldBeyondNew { old, new });
    }
    let mut proof = Vec::with_capacity(64);
    if old == 0 {
        return Ok(proof);
    }
    let (mut start, mut end) = (0, new);
    while end != old {
        let sibling = descend(&mut start, &mut end, |middle| old <= middle);
        proof.push(range(sibling.0, sibling.1, source).map_err(ProveError::Source)?);
    }
    if start != 0 {
        // The old tree is not a subtree of the new one: the verifier needs the piece that they share.
        proof.push(range(start, end, source).map_err(ProveError::Source)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree.
const fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// Splits the leaves `start..end`, at least two, and goes on in the left part where `left` says so of the right part's first
/// leaf, else in the right one. Gives the other part.
fn descend(start: &mut u64, end: &mut u64, left: impl FnOnce(u64) -> bool) -> (u64, u64) {
    let middle = *start + split(*end - *start);
    if left(middle) { (middle, core::mem::replace(end, middle)) } else { (core::mem::replace(start, middle), middle) }
}

/// The hash over the leaves `start..end`, not empty. `start` is a multiple of the smallest power of two that is not
/// below the length, as every range is that splitting a tree gives.
fn range<S: HashSource + ?Sized>(start: u64, end: u64, source: &S) -> Result<Hash, S::Error> {
    let length = end - start;
    let (mut end, mut level) = (end, 0);
    let mut right: Option<Hash> = None;
    loop {
        if length >> level & 1 == 1 {
            let left = source.hash(level, (end >> level) - 1)?;
            let hash = match right {
                Some(right) => node_hash(&left, &right),
                None => left,
            };
            if length >> level == 1 {
                return Ok(hash);
            }
            right = Some(hash);
            end -= 1 << level;
        }
        level += 1;
    }
}

#[cfg(test)]
mod tests;
