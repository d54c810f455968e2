use alloc::collections::BTreeMap;
use core::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::{MemoryTree, consistency_proof, grown_tiles, leaf_hash, root, verify_inclusion};

/// A log's tiles in memory, as a server would hold them, with a count of the reads.
#[derive(Default)]
struct Shelf {
    tiles: BTreeMap<TilePath, Arc<Tile>>,
    reads: Cell<u32>,
}

impl Shelf {
    fn of(size: u64, tree: &MemoryTree) -> Self {
        let tiles = grown_tiles(0, size).map(|path| {
            let first = path.index() * 256;
            let hashes =
                (first..first + u64::from(path.width())).map(|index| tree.hash(path.level() * 8, index).unwrap());
            (path, Arc::new(Tile::new(hashes).unwrap()))
        });
        Self { tiles: tiles.collect(), reads: Cell::new(0) }
    }
}

impl TileReader for &Shelf {
    type Error = TilePath;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
        self.reads.set(self.reads.get() + 1);
        self.tiles.get(path).cloned().ok_or(*path)
    }
}

fn tree(size: u64) -> MemoryTree {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

#[test]
fn tiles_give_the_hashes_of_the_tree() {
    for size in [1, 2, 255, 256, 257, 511, 512, 700, 65_536, 65_537, 70_000] {
        let (tree, mut seen) = (tree(size), 0);
        let shelf = Shelf::of(size, &tree);
        let hashes = TileHashes::new(&shelf, size);
        assert_eq!(hashes.size(), size);
        for level in 0..24_u8 {
            let step = usize::try_from((size >> level) / 50 + 1).unwrap();
            for index in (0..size >> level).step_by(step) {
                assert_eq!(
                    hashes.hash(level, index),
                    Ok(tree.hash(level, index).unwrap()),
                    "{level} {index} of {size}"
                );
                seen += 1;
            }
            let index = size >> level;
            assert_eq!(hashes.hash(level, index), Err(TileHashError::NoSuchSubtree { level, index, size }));
        }
        assert!(seen > 0);
        assert_eq!(root(size, &hashes).ok(), root(size, &tree).ok());
    }
}

#[test]
fn hashes_outside_every_tree_are_refused() {
    let shelf = Shelf::default();
    let hashes = TileHashes::new(&shelf, u64::MAX);
    for (level, index) in [(64, 0), (255, 0), (63, 1), (0, u64::MAX), (8, u64::MAX)] {
        let error = hashes.hash(level, index).unwrap_err();
        assert_eq!(error, TileHashError::NoSuchSubtree { level, index, size: u64::MAX });
        assert_eq!(error.code(), "no_such_subtree");
    }
    assert_eq!(shelf.reads.get(), 0);
}

#[test]
fn what_the_reader_lacks_is_said() {
    let tree = tree(300);
    let mut shelf = Shelf::of(300, &tree);
    let path = TilePath::parse("tile/0/001.p/44").unwrap();
    let narrow = Arc::new(Tile::new((0..43).map(|index| tree.hash(0, 256 + index).unwrap())).unwrap());
    shelf.tiles.insert(path, narrow);
    let error = TileHashes::new(&shelf, 300).hash(0, 256).unwrap_err();
    assert_eq!(error, TileHashError::Narrow { path, found: 43 });
    assert_eq!(error.code(), "tile_too_narrow");
    shelf.tiles.remove(&path);
    let error = TileHashes::new(&shelf, 300).hash(0, 256).unwrap_err();
    assert_eq!(error, TileHashError::Reader(path));
    assert_eq!(error.code(), "tile_unreadable");
}

#[test]
fn a_wider_tile_serves_for_a_narrow_one() {
    let tree = tree(600);
    let shelf = Shelf::of(512, &tree);
    struct Widest<'a>(&'a Shelf);
    impl TileReader for Widest<'_> {
        type Error = TilePath;
        fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
            self.0.tiles.get(&path.to_full()).or_else(|| self.0.tiles.get(path)).cloned().ok_or(*path)
        }
    }
    for size in [100, 255, 256, 400] {
        let mut shelf = Shelf { tiles: shelf.tiles.clone(), reads: Cell::new(0) };
        shelf.tiles.extend(Shelf::of(size, &tree).tiles);
        assert_eq!(root(size, &TileHashes::new(Widest(&shelf), size)).ok(), root(size, &tree).ok(), "{size}");
    }
}

#[test]
fn each_tile_is_read_once_for_a_run_of_proofs() {
    let (size, tree) = (70_000, tree(70_000));
    let shelf = Shelf::of(size, &tree);
    let hashes = TileHashes::new(&shelf, size);
    let root = root(size, &tree).unwrap();
    for index in 40_000..40_100 {
        let proof = inclusion_proof(index, size, &hashes).unwrap();
        assert_eq!(verify_inclusion(&tree.hash(0, index).unwrap(), index, size, &proof, &root), Ok(()));
    }
    // Two of level 0 and one of level 1 above them; of the right edge one at each of the levels 0 and 1.
    assert!(shelf.reads.get() <= 6, "{}", shelf.reads.get());
}

/// A client fetches exactly these tiles and can make the proof from them alone.
fn check_wanted(tree: &MemoryTree, size: u64, wanted: &[TilePath], prove: impl Fn(&TileHashes<&Shelf>) -> bool) {
    let all = Shelf::of(size, tree);
    let mut shelf = Shelf::default();
    for path in wanted {
        shelf.tiles.insert(*path, Arc::clone(&all.tiles[path]));
    }
    assert!(prove(&TileHashes::new(&shelf, size)), "with {wanted:?}");
    for path in wanted {
        let mut fewer = Shelf { tiles: shelf.tiles.clone(), reads: Cell::new(0) };
        fewer.tiles.remove(path);
        assert!(!prove(&TileHashes::new(&fewer, size)), "without {path}");
    }
}

#[test]
fn the_tiles_named_for_a_proof_are_enough_and_none_is_needless() {
    for size in [1, 5, 256, 257, 600, 66_000] {
        let tree = tree(size);
        for index in [0, size / 3, size - 1] {
            let wanted = inclusion_tiles(index, size).unwrap();
            check_wanted(&tree, size, &wanted, |hashes| inclusion_proof(index, size, hashes).is_ok());
            let old = index + 1;
            let wanted = consistency_tiles(old, size).unwrap();
            check_wanted(&tree, size, &wanted, |hashes| consistency_proof(old, size, hashes).is_ok());
        }
    }
    assert_eq!(inclusion_tiles(5, 5), Err(ProveError::IndexBeyondSize { index: 5, size: 5 }));
    assert_eq!(consistency_tiles(6, 5), Err(ProveError::OldBeyondNew { old: 6, new: 5 }));
}

proptest! {
    #[test]
    fn the_largest_trees_need_few_tiles(size in 1..=u64::MAX, index: u64, old: u64) {
        let inclusion = inclusion_tiles(index % size, size).unwrap();
        let consistency = consistency_tiles(old % size, size).unwrap();
        for path in inclusion.iter().chain(&consistency) {
            prop_assert!(path.is_within(size), "{path} of {size}");
        }
        prop_assert!(inclusion.len() <= TILES_AT_HAND, "{}", inclusion.len());
        prop_assert!(consistency.len() <= TILES_AT_HAND, "{}", consistency.len());
    }
}
