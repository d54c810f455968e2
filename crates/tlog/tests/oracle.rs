//! The crate `ct-merkle`, written by others from RFC 6962, gives the same roots and proofs, and each accepts the other's.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{InclusionProof, RootHash};
use primitives::Hash;
use proptest::prelude::*;
use sha2::Sha256;
use tlog::{
    Frontier, Growth, MemoryTree, consistency_proof, inclusion_proof, leaf_hash, root, verify_consistency,
    verify_inclusion,
};

type Oracle = MemoryBackedTree<Sha256, Vec<u8>>;

fn entry(index: u64) -> Vec<u8> {
    index.to_string().into_bytes()
}

fn oracle(size: u64) -> Oracle {
    let mut oracle = Oracle::new();
    (0..size).for_each(|index| oracle.push(entry(index)));
    oracle
}

fn tree(size: u64) -> MemoryTree {
    (0..size).map(|index| leaf_hash(&entry(index))).collect()
}

fn oracle_root(oracle: &Oracle) -> Hash {
    Hash((*oracle.root().as_bytes()).into())
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks().0.iter().copied().map(Hash).collect()
}

fn check_inclusion(index: u64, size: u64, tree: &MemoryTree, oracle: &Oracle) {
    let at = usize::try_from(index).unwrap();
    let (ours, theirs) = (inclusion_proof(index, size, tree).unwrap(), oracle.prove_inclusion(at));
    assert_eq!(bytes(&ours), theirs.as_bytes(), "{index} of {size}");
    let root = oracle_root(oracle);
    assert_eq!(verify_inclusion(&leaf_hash(&entry(index)), index, size, &hashes(theirs.as_bytes()), &root), Ok(()));
    let ours = InclusionProof::<Sha256>::try_from_bytes(bytes(&ours)).unwrap();
    let root = RootHash::<Sha256>::new(root.0.into(), size);
    assert!(root.verify_inclusion(&entry(index), index, &ours).is_ok(), "{index} of {size}");
}

fn check_consistency(old: u64, size: u64, tree: &MemoryTree, oracle_new: &Oracle) {
    let ours = consistency_proof(old, size, tree).unwrap();
    let theirs = oracle_new.prove_consistency(usize::try_from(size - old).unwrap());
    assert_eq!(bytes(&ours), theirs.as_bytes(), "{old} of {size}");
    let (old_oracle, theirs) = (oracle(old), hashes(theirs.as_bytes()));
    let (old_root, new_root) = (oracle_root(&old_oracle), oracle_root(oracle_new));
    assert_eq!(verify_consistency(old, size, &old_root, &new_root, &theirs), Ok(()), "{old} of {size}");
}

#[test]
fn small_trees_agree_in_everything() {
    for size in 1..=40 {
        let (tree, oracle) = (tree(size), oracle(size));
        assert_eq!(root(size, &tree), Ok(oracle_root(&oracle)), "{size}");
        (0..size).for_each(|index| check_inclusion(index, size, &tree, &oracle));
        (1..=size).for_each(|old| check_consistency(old, size, &tree, &oracle));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn larger_trees_agree(size in 1_u64..2000, index: u64, old: u64) {
        let (tree, oracle) = (tree(size), oracle(size));
        prop_assert_eq!(root(size, &tree), Ok(oracle_root(&oracle)));
        check_inclusion(index % size, size, &tree, &oracle);
        check_consistency(old % size + 1, size, &tree, &oracle);
    }

    #[test]
    fn batches_agree(old in 0_u64..1000, count in 1_u64..300) {
        let (mut frontier, new) = (Frontier::new(), old + count);
        (0..old).for_each(|index| frontier.push(leaf_hash(&entry(index))));
        let growth = Growth::new(&frontier, (old..new).map(|index| leaf_hash(&entry(index))).collect());
        let oracle = oracle(new);
        prop_assert_eq!(growth.root(), oracle_root(&oracle));
        for index in old..new {
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            prop_assert_eq!(growth.inclusion_proof(index), Some(hashes(theirs.as_bytes())));
        }
    }
}
