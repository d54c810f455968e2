use proptest::prelude::*;

use super::*;
use crate::{HashSource, MemoryTree, inclusion_proof, leaf_hash, root};

fn leaves(from: u64, to: u64) -> Vec<Hash> {
    (from..to).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// Compares everything a growth says with the tree that holds everything.
fn check(old: u64, new: u64) {
    let tree: MemoryTree = leaves(0, new).into_iter().collect();
    let before = Frontier::read(old, &tree).unwrap();
    let growth = Growth::new(&before, leaves(old, new));
    assert_eq!((growth.old_size(), growth.new_size()), (old, new));
    assert_eq!(Ok(growth.root()), root(new, &tree), "{old} to {new}");
    assert_eq!(Ok(growth.frontier()), Frontier::read(new, &tree), "{old} to {new}");
    for index in old..new {
        let expected = inclusion_proof(index, new, &tree).ok();
        assert_eq!(growth.inclusion_proof(index), expected, "{index} in {old} to {new}");
    }
    assert_eq!(growth.inclusion_proof(new), None);
    assert_eq!(old.checked_sub(1).and_then(|index| growth.inclusion_proof(index)), None);
    for tile_level in 0..4_u8 {
        let level = tile_level * 8;
        let (first, hashes) = growth.tile_hashes(tile_level);
        assert_eq!(first, old >> level, "{old} to {new}");
        let expected: Vec<Hash> = (first..new >> level).map(|index| tree.hash(level, index).unwrap()).collect();
        assert_eq!(hashes, expected, "tile level {tile_level}, {old} to {new}");
    }
}

#[test]
fn every_small_batch_is_what_the_whole_tree_says() {
    for new in 0..=34 {
        (0..=new).for_each(|old| check(old, new));
    }
}

#[test]
fn batches_across_tile_edges_are_what_the_whole_tree_says() {
    for (old, new) in [(0, 256), (255, 256), (255, 257), (256, 513), (200, 800), (511, 512), (65_530, 65_540)] {
        check(old, new);
    }
}

#[test]
fn tile_levels_that_no_tree_has_gain_nothing() {
    let growth = Growth::new(&Frontier::new(), leaves(0, 5));
    for tile_level in [1, 7, 8, 63, 255] {
        assert_eq!(growth.tile_hashes(tile_level), (0, &[][..]));
    }
}

proptest! {
    #[test]
    fn any_batch_is_what_the_whole_tree_says(old in 0_u64..3000, count in 0_u64..400) {
        check(old, old + count);
    }

    #[test]
    fn batches_after_each_other_give_what_pushing_gives(counts in proptest::collection::vec(0_u64..50, 0..20)) {
        let (mut grown, mut pushed) = (Frontier::new(), Frontier::new());
        for count in counts {
            let new = leaves(grown.size(), grown.size() + count);
            new.iter().for_each(|leaf| pushed.push(*leaf));
            let growth = Growth::new(&grown, new);
            prop_assert_eq!(growth.root(), pushed.root());
            grown = growth.frontier();
            prop_assert_eq!(&grown, &pushed);
        }
    }
}
