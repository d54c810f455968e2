//! Checking inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2; the algorithm of RFC 9162 §2.1.3.2 and
//! §2.1.4.2 in closed form).
//!
//! The length of a proof follows from the sizes alone, so it is checked first: a proof that is too long or too short
//! is refused before a hash is computed.

use primitives::Hash;
use thiserror::Error;

use crate::{EMPTY_ROOT, node_hash};

/// Why a proof does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// There is no such leaf in a tree of this size; in a tree of size 0 there is none at all.
    #[error("index is {index}, expected one below the tree size {size}")]
    IndexBeyondSize {
        /// The index that the proof is for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tree does not shrink.
    #[error("old tree size is {old}, expected at most the new size {new}")]
    OldBeyondNew {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// The sizes fix how many hashes there are.
    #[error("proof has {found} hashes, expected {expected}")]
    Length {
        /// The number of hashes in the proof.
        found: usize,
        /// The number that index and sizes ask for.
        expected: usize,
    },
    /// The leaf and the proof give another root: one of them is not of this tree.
    #[error("root is {}, but leaf and proof give {}", .expected.to_base64(), .found.to_base64())]
    Root {
        /// What leaf and proof give.
        found: Hash,
        /// The root that was to be shown.
        expected: Hash,
    },
    /// The proof does not rebuild the older root.
    #[error("old root is {}, but the proof gives {}", .expected.to_base64(), .found.to_base64())]
    OldRoot {
        /// What the proof gives.
        found: Hash,
        /// The root of the older tree.
        expected: Hash,
    },
    /// The proof does not rebuild the newer root.
    #[error("new root is {}, but the proof gives {}", .expected.to_base64(), .found.to_base64())]
    NewRoot {
        /// What the proof gives.
        found: Hash,
        /// The root of the newer tree.
        expected: Hash,
    },
}

impl ProofError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IndexBeyondSize { .. } => "index_beyond_size",
            Self::OldBeyondNew { .. } => "old_beyond_new",
            Self::Length { .. } => "proof_length",
            Self::Root { .. } => "root_mismatch",
            Self::OldRoot { .. } => "old_root_mismatch",
            Self::NewRoot { .. } => "new_root_mismatch",
        }
    }
}

/// Checks that `leaf` (a leaf hash) is the leaf at `index` of the tree of this `size` and `root`.
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], [`ProofError::Length`] or [`ProofError::Root`].
///
/// ```
/// use tlog::{leaf_hash, node_hash, verify_inclusion};
/// let (first, second) = (leaf_hash(b"one"), leaf_hash(b"two"));
/// verify_inclusion(&second, 1, 2, &[first], &node_hash(&first, &second)).unwrap();
/// ```
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    let found = root_of(leaf, index, size, proof)?;
    if found == *root { Ok(()) } else { Err(ProofError::Root { found, expected: *root }) }
}

/// The root that leaf and proof give: whose it is, is for the caller to find out.
pub(crate) fn root_of(leaf: &Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Hash, ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let shape = Shape::of(index, size);
    let (inner, border) = proof
        .split_at_checked(shape.inner)
        .filter(|(_, border)| border.len() == shape.border)
        .ok_or(ProofError::Length { found: proof.len(), expected: shape.inner + shape.border })?;
    Ok(with_left_siblings(with_siblings(*leaf, index, inner), border))
}

/// Checks that the tree of size `new` and root `new_root` begins with the tree of size `old` and root `old_root`.
///
/// The tree of size 0 is the beginning of every tree; its proof is empty and its root is [`EMPTY_ROOT`]
/// (c2sp.org/tlog-witness, add-checkpoint).
///
/// # Errors
/// [`ProofError::OldBeyondNew`], [`ProofError::Length`], [`ProofError::OldRoot`] or [`ProofError::NewRoot`].
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OldBeyondNew { old, new });
    }
    if old == 0 || old == new {
        return without_proof(old, new, old_root, new_root, proof);
    }
    // The deepest subtree that ends with the old tree's last leaf and is complete in both trees.
    let shared = old.trailing_zeros();
    let shape = Shape::of(old - 1, new);
    let inner = shape.inner.saturating_sub(usize::try_from(shared).unwrap_or(usize::MAX));
    // Where that subtree is the whole old tree, its hash is the old root and is not sent.
    let is_whole = old == 1 << shared;
    let expected = usize::from(!is_whole) + inner + shape.border;
    let length = ProofError::Length { found: proof.len(), expected };
    let (seed, path) = if is_whole { (old_root, proof) } else { proof.split_first().ok_or(length)? };
    let (inner, border) =
        path.split_at_checked(inner).filter(|(_, border)| border.len() == shape.border).ok_or(length)?;
    let position = (old - 1) >> shared;

    let found = with_left_siblings(with_left_siblings_of(*seed, position, inner), border);
    if found != *old_root {
        return Err(ProofError::OldRoot { found, expected: *old_root });
    }
    let found = with_left_siblings(with_siblings(*seed, position, inner), border);
    if found != *new_root {
        return Err(ProofError::NewRoot { found, expected: *new_root });
    }
    Ok(())
}

/// The two cases in which there is nothing to prove, only something to compare.
fn without_proof(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Length { found: proof.len(), expected: 0 });
    }
    if old == 0 && *old_root != EMPTY_ROOT {
        return Err(ProofError::OldRoot { found: EMPTY_ROOT, expected: *old_root });
    }
    if old == new && old_root != new_root {
        return Err(ProofError::NewRoot { found: *old_root, expected: *new_root });
    }
    Ok(())
}

/// How the path from a leaf to the root runs: first between two subtrees at each level, then, once it has met the
/// path of the last leaf, up the right edge, where every sibling is on the left.
struct Shape {
    inner: usize,
    border: usize,
}

impl Shape {
    fn of(index: u64, size: u64) -> Self {
        let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
        let border = index.checked_shr(inner).unwrap_or(0).count_ones();
        let small = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        Self { inner: small(inner), border: small(border) }
    }
}

/// Up from `seed` at `position`, a sibling at each level, on whichever side it is.
fn with_siblings(seed: Hash, position: u64, siblings: &[Hash]) -> Hash {
    siblings.iter().zip(0..u64::BITS).fold(seed, |hash, (sibling, level)| {
        if position >> level & 1 == 0 { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) }
    })
}

/// The same, taking only the siblings on the left: what the tree was when it ended with `seed`.
fn with_left_siblings_of(seed: Hash, position: u64, siblings: &[Hash]) -> Hash {
    siblings
        .iter()
        .zip(0..u64::BITS)
        .filter(|(_, level)| position >> level & 1 == 1)
        .fold(seed, |hash, (sibling, _)| node_hash(sibling, &hash))
}

/// Up the right edge: every sibling is on the left.
fn with_left_siblings(seed: Hash, siblings: &[Hash]) -> Hash {
    siblings.iter().fold(seed, |hash, sibling| node_hash(sibling, &hash))
}

#[cfg(test)]
mod tests;
