use proptest::prelude::*;

use super::*;
use crate::{MemoryTree, leaf_hash, root};

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

#[test]
fn it_grows_as_the_whole_tree_does() {
    let (mut frontier, mut tree) = (Frontier::new(), MemoryTree::new());
    for size in 0..600 {
        assert_eq!(frontier.size(), size);
        assert_eq!(Ok(frontier.root()), root(size, &tree), "{size}");
        assert_eq!(Ok(&frontier), Frontier::read(size, &tree).as_ref(), "{size}");
        for level in 0..=64 {
            let expected =
                (level < 64 && size >> level & 1 == 1).then(|| tree.hash(level, (size >> level) - 1).unwrap());
            assert_eq!(frontier.subtree(level), expected, "level {level} of {size}");
        }
        frontier.push(leaf(size));
        tree.push(leaf(size));
    }
}

#[test]
fn its_bytes_are_the_size_and_a_hash_for_each_bit() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.encode(), [0; 8]);
    (0..3).for_each(|index| frontier.push(leaf(index)));
    let bytes = frontier.encode();
    assert_eq!(bytes[..8], 3_u64.to_be_bytes());
    assert_eq!(bytes[8..40], crate::node_hash(&leaf(0), &leaf(1)).0);
    assert_eq!(bytes[40..], leaf(2).0);
}

#[test]
fn bytes_of_another_length_are_refused() {
    let mut frontier = Frontier::new();
    (0..5).for_each(|index| frontier.push(leaf(index)));
    let bytes = frontier.encode();
    for cut in 0..bytes.len() {
        let expected = if cut < 8 { 8 } else { 72 };
        assert_eq!(Frontier::decode(&bytes[..cut]), Err(FrontierError::Length { found: cut, expected }));
    }
    let longer = [&bytes[..], &[0]].concat();
    let error = Frontier::decode(&longer).unwrap_err();
    assert_eq!(error, FrontierError::Length { found: 73, expected: 72 });
    assert_eq!(error.code(), "frontier_length");
}

#[test]
fn a_tree_that_could_overflow_is_refused() {
    let size = MAX_FRONTIER_SIZE + 1;
    let bytes = [&size.to_be_bytes()[..], &[0; 64]].concat();
    let error = Frontier::decode(&bytes).unwrap_err();
    assert_eq!(error, FrontierError::TooLarge { found: size });
    assert_eq!(error.code(), "frontier_too_large");

    let largest = [&MAX_FRONTIER_SIZE.to_be_bytes()[..], &[0; 32]].concat();
    let mut frontier = Frontier::decode(&largest).unwrap();
    frontier.push(leaf(0));
    assert_eq!(frontier.size(), size);
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(size in 0_u64..2000) {
        let mut frontier = Frontier::new();
        (0..size).for_each(|index| frontier.push(leaf(index)));
        prop_assert_eq!(Frontier::decode(&frontier.encode()), Ok(frontier));
    }

    #[test]
    fn bytes_decode_where_there_is_a_hash_for_each_bit(hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..5), size in 0_u64..32) {
        let bytes = [&size.to_be_bytes()[..], hashes.as_flattened()].concat();
        match Frontier::decode(&bytes) {
            Ok(frontier) => prop_assert_eq!(frontier.encode(), bytes),
            Err(_) => prop_assert_ne!(hashes.len(), size.count_ones() as usize),
        }
    }
}
