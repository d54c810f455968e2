use alloc::vec::Vec;
use core::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::{MemoryTree, NoSuchSubtree, leaf_hash};

/// RFC 6962 §2.1, as it is written there: recursive, and from the leaves every time.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&mth(left), &mth(right))
        }
    }
}

/// RFC 6962 §2.1.1.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut proof, sibling) =
        if index < middle { (path(index, left), mth(right)) } else { (path(index - middle, right), mth(left)) };
    proof.push(sibling);
    proof
}

/// RFC 6962 §2.1.2.
fn subproof(old: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if is_whole { Vec::new() } else { [mth(leaves)].to_vec() };
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut proof, sibling) = if old <= middle {
        (subproof(old, left, is_whole), mth(right))
    } else {
        (subproof(old - middle, right, false), mth(left))
    };
    proof.push(sibling);
    proof
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn roots_and_proofs_are_those_of_the_rfc() {
    let leaves = leaves(40);
    let tree: MemoryTree = leaves.iter().copied().collect();
    for (size, count) in (0..=40).zip(0..=40) {
        assert_eq!(root(size, &tree), Ok(mth(&leaves[..count])), "{size}");
        for (index, at) in (0..size).zip(0..) {
            assert_eq!(inclusion_proof(index, size, &tree), Ok(path(at, &leaves[..count])), "{index} of {size}");
        }
        for (old, before) in (1..=size).zip(1..) {
            let expected = subproof(before, &leaves[..count], true);
            assert_eq!(consistency_proof(old, size, &tree), Ok(expected), "{old} of {size}");
        }
        assert_eq!(consistency_proof(0, size, &tree), Ok(Vec::new()), "every tree begins with nothing");
    }
}

#[test]
fn there_is_no_proof_for_what_is_not_there() {
    let tree: MemoryTree = leaves(3).into_iter().collect();
    for (index, size) in [(0, 0), (3, 3), (u64::MAX, 3)] {
        let error = inclusion_proof(index, size, &tree).unwrap_err();
        assert_eq!(error, ProveError::IndexBeyondSize { index, size });
        assert_eq!(error.code(), "index_beyond_size");
    }
    let error = consistency_proof(3, 2, &tree).unwrap_err();
    assert_eq!(error, ProveError::OldBeyondNew { old: 3, new: 2 });
    assert_eq!(error.code(), "old_beyond_new");
}

#[test]
fn a_source_that_fails_makes_the_proof_fail() {
    let tree: MemoryTree = leaves(3).into_iter().collect();
    let missing = NoSuchSubtree { level: 0, index: 4, size: 3 };
    assert_eq!(root(5, &tree), Err(missing));
    let error = inclusion_proof(0, 5, &tree).unwrap_err();
    assert_eq!(error, ProveError::Source(missing));
    assert_eq!(error.code(), "hash_unreadable");
    assert_eq!(error.to_string(), "hash could not be read: no complete subtree 4 at level 0 in a tree of 3 leaves");
}

/// Answers anything, counts the questions, and refuses what does not lie wholly inside the tree.
struct Endless {
    size: u64,
    asked: Cell<u32>,
}

impl HashSource for &Endless {
    type Error = core::convert::Infallible;
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        assert!(index < self.size >> level, "subtree {index} at level {level} is not within {}", self.size);
        self.asked.set(self.asked.get() + 1);
        Ok(leaf_hash(&[level]))
    }
}

proptest! {
    #[test]
    fn a_proof_in_the_largest_trees_asks_for_few_hashes_all_of_them_complete(
        size in 1..=u64::MAX, index: u64, old: u64,
    ) {
        let endless = Endless { size, asked: Cell::new(0) };
        let proof = inclusion_proof(index % size, size, &&endless).unwrap();
        prop_assert!(proof.len() <= 64);
        prop_assert!(endless.asked.get() <= 128, "{}", endless.asked.get());
        endless.asked.set(0);
        let proof = consistency_proof(old % size, size, &&endless).unwrap();
        prop_assert!(proof.len() <= 65);
        prop_assert!(endless.asked.get() <= 192, "{}", endless.asked.get());
    }
}

use alloc::string::ToString;
