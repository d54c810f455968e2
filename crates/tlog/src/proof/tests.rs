use alloc::string::ToString;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::{MemoryTree, consistency_proof, inclusion_proof, leaf_hash, root};

fn tree(size: u64) -> MemoryTree {
    (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// Every proof that differs from this one in one hash, is longer or is shorter.
fn corruptions(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let flipped = (0..proof.len()).flat_map(|at| {
        [0, 31].map(|byte| {
            let mut other = proof.to_vec();
            other[at].0[byte] ^= 1;
            other
        })
    });
    let swapped = (1..proof.len()).map(|at| {
        let mut other = proof.to_vec();
        other.swap(at - 1, at);
        other
    });
    let longer = [[proof, &[leaf(0)]].concat(), [&[leaf(0)], proof].concat()];
    let shorter = proof.split_last().map(|(_, rest)| rest.to_vec());
    flipped.chain(swapped).chain(longer).chain(shorter).collect()
}

#[test]
fn an_inclusion_proof_holds_for_its_leaf_index_size_and_root_only() {
    let all = tree(33);
    for size in 1..=33 {
        let root = root(size, &all).unwrap();
        for index in 0..size {
            let proof = inclusion_proof(index, size, &all).unwrap();
            assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &root), Ok(()), "{index} of {size}");
            for other in corruptions(&proof) {
                assert!(verify_inclusion(&leaf(index), index, size, &other, &root).is_err(), "{index} of {size}");
            }
            assert!(verify_inclusion(&leaf(index + 1), index, size, &proof, &root).is_err());
            assert!(verify_inclusion(&leaf(index), index, size, &proof, &leaf(0)).is_err() || size == 1);
            for other in (0..size).filter(|other| *other != index) {
                assert!(verify_inclusion(&leaf(index), other, size, &proof, &root).is_err(), "{index} as {other}");
            }
        }
    }
}

#[test]
fn a_consistency_proof_holds_for_its_two_trees_only() {
    let all = tree(33);
    let roots: Vec<Hash> = (0..=33).map(|size| root(size, &all).unwrap()).collect();
    let at = |size: u64| roots[usize::try_from(size).unwrap()];
    for new in 0..=33 {
        for old in 0..=new {
            let proof = consistency_proof(old, new, &all).unwrap();
            let (old_root, new_root) = (at(old), at(new));
            assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Ok(()), "{old} of {new}");
            for other in corruptions(&proof) {
                assert!(verify_consistency(old, new, &old_root, &new_root, &other).is_err(), "{old} of {new}");
            }
            let other = leaf(99);
            assert!(verify_consistency(old, new, &other, &new_root, &proof).is_err(), "{old} of {new}");
            // Nothing is claimed about what follows the empty tree.
            assert_eq!(verify_consistency(old, new, &old_root, &other, &proof).is_err(), old != 0 || new == 0);
        }
    }
}

#[test]
fn each_refusal_says_why() {
    let all = tree(7);
    let (old_root, new_root) = (root(3, &all).unwrap(), root(7, &all).unwrap());
    let inclusion = inclusion_proof(2, 7, &all).unwrap();
    let consistency = consistency_proof(3, 7, &all).unwrap();
    let swap = leaf(99);

    let cases = [
        (verify_inclusion(&leaf(0), 0, 0, &[], &EMPTY_ROOT), "index_beyond_size"),
        (verify_inclusion(&leaf(7), 7, 7, &inclusion, &new_root), "index_beyond_size"),
        (verify_inclusion(&leaf(2), 2, 7, &inclusion[1..], &new_root), "proof_length"),
        (verify_inclusion(&leaf(2), 2, 7, &[], &new_root), "proof_length"),
        (verify_inclusion(&leaf(2), 2, 7, &[swap; 200], &new_root), "proof_length"),
        (verify_inclusion(&leaf(3), 2, 7, &inclusion, &new_root), "root_mismatch"),
        (verify_consistency(7, 3, &new_root, &old_root, &consistency), "old_beyond_new"),
        (verify_consistency(3, 7, &old_root, &new_root, &[]), "proof_length"),
        (verify_consistency(3, 7, &old_root, &new_root, &consistency[1..]), "proof_length"),
        (verify_consistency(3, 7, &swap, &new_root, &consistency), "old_root_mismatch"),
        (verify_consistency(3, 7, &old_root, &swap, &consistency), "new_root_mismatch"),
        (verify_consistency(0, 7, &EMPTY_ROOT, &new_root, &[swap]), "proof_length"),
        (verify_consistency(0, 7, &swap, &new_root, &[]), "old_root_mismatch"),
        (verify_consistency(0, 0, &EMPTY_ROOT, &swap, &[]), "new_root_mismatch"),
        (verify_consistency(7, 7, &new_root, &new_root, &[swap]), "proof_length"),
        (verify_consistency(7, 7, &new_root, &swap, &[]), "new_root_mismatch"),
    ];
    for (number, (result, code)) in cases.into_iter().enumerate() {
        assert_eq!(result.map_err(|error| error.code()), Err(code), "case {number}");
    }
    assert_eq!(
        verify_inclusion(&leaf(2), 2, 7, &inclusion[1..], &new_root).unwrap_err().to_string(),
        "proof has 2 hashes, expected 3"
    );
}

proptest! {
    #[test]
    fn no_sizes_make_the_checks_panic(
        index: u64, size: u64, count in 0_usize..130, hash: [u8; 32],
    ) {
        let proof = alloc::vec![Hash(hash); count];
        prop_assert!(verify_inclusion(&Hash(hash), index, size, &proof, &EMPTY_ROOT).is_err());
        prop_assert!(verify_consistency(index, size, &Hash(hash), &EMPTY_ROOT, &proof).is_err());
    }

    #[test]
    fn proofs_in_larger_trees_hold(size in 1_u64..3000, index: u64, old: u64) {
        let (all, index, old) = (tree(size), index % size, old % size + 1);
        let new_root = root(size, &all).unwrap();
        let proof = inclusion_proof(index, size, &all).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf(index), index, size, &proof, &new_root), Ok(()));
        let proof = consistency_proof(old, size, &all).unwrap();
        prop_assert_eq!(verify_consistency(old, size, &root(old, &all).unwrap(), &new_root, &proof), Ok(()));
    }
}
