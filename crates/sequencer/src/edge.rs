//! The right edge of the tree: the hash tiles that are not full yet, at most 255 hashes a level.
//!
//! Full tiles never change and lie in the database. The edge changes with every batch and is kept in memory, so no
//! partial tile is ever stored: a narrower one is the prefix of what is here (c2sp.org/tlog-tiles).

use std::sync::Arc;

use primitives::Hash;
use tlog::{Frontier, Growth, HashSource, TILE_WIDTH, Tile};

/// Levels of tiles in a tree that 64 bits can count.
const LEVELS: u8 = 8;

/// The partial tile of each level, from the leaves up. Clones share what has not changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edge {
    levels: Vec<Arc<Vec<Hash>>>,
}

/// A tile that a batch has filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FullTile {
    pub(crate) level: u8,
    pub(crate) index: u64,
    /// 256 hashes of 32 bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Edge {
    /// Adds what a batch added, and gives the tiles that it filled.
    pub(crate) fn grow(&mut self, growth: &Growth) -> Vec<FullTile> {
        let mut full = Vec::new();
        for level in 0..LEVELS {
            let (first, hashes) = growth.tile_hashes(level);
            if hashes.is_empty() {
                break;
            }
            let slot = usize::from(level);
            if self.levels.len() == slot {
                self.levels.push(Arc::default());
            }
            let Some(tile) = self.levels.get_mut(slot).map(Arc::make_mut) else { break };
            debug_assert_eq!(tile.len() as u64, first % u64::from(TILE_WIDTH));
            for (hash, position) in hashes.iter().zip(first..) {
                tile.push(*hash);
                if tile.len() == usize::from(TILE_WIDTH) {
                    let index = position / u64::from(TILE_WIDTH);
                    full.push(FullTile { level, index, bytes: bytes_of(tile) });
                    tile.clear();
                }
            }
        }
        full
    }

    /// The partial tile of a level; empty where there is none.
    pub(crate) fn tile(&self, level: u8) -> &[Hash] {
        self.levels.get(usize::from(level)).map_or(&[], |tile| tile.as_slice())
    }

    /// The compact range of the tree of `size` leaves, all of which lies in the edge.
    pub(crate) fn frontier(&self, size: u64) -> Option<Frontier> {
        Frontier::read(size, &EdgeHashes { edge: self, size }).ok()
    }

    /// As bytes: for each level, from the leaves up, the number of hashes (2, big-endian) and the hashes (32 each).
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for tile in &self.levels {
            bytes.extend_from_slice(&u16::try_from(tile.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend_from_slice(&bytes_of(tile));
        }
        bytes
    }

    /// Reads [`Edge::encode`]'s bytes; `None` where they are not that of a tree of `size` leaves.
    pub(crate) fn decode(mut bytes: &[u8], size: u64) -> Option<Self> {
        let mut levels = Vec::new();
        for level in 0..u32::from(LEVELS) {
            let hashes = size >> (8 * level);
            if hashes == 0 {
                break;
            }
            let (count, rest) = bytes.split_first_chunk()?;
            let count = u16::from_be_bytes(*count);
            if u64::from(count) != hashes % u64::from(TILE_WIDTH) {
                return None;
            }
            let (tile, rest) = rest.split_at_checked(usize::from(count) * 32)?;
            levels.push(Arc::new(tile.as_chunks().0.iter().copied().map(Hash).collect()));
            bytes = rest;
        }
        bytes.is_empty().then_some(Self { levels })
    }
}

/// The hashes one after the other, as a tile is served.
pub(crate) fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The complete subtrees that end at the right edge, which is all that a compact range consists of.
struct EdgeHashes<'a> {
    edge: &'a Edge,
    size: u64,
}

impl HashSource for EdgeHashes<'_> {
    type Error = ();

    fn hash(&self, level: u8, index: u64) -> Result<Hash, ()> {
        let (tile_level, height) = (level / 8, level % 8);
        let first = (self.size >> (u32::from(tile_level) * 8)) / u64::from(TILE_WIDTH) * u64::from(TILE_WIDTH);
        let within = (index << height).checked_sub(first).ok_or(())? >> height;
        let tile = Tile::new(self.edge.tile(tile_level).iter().copied()).map_err(drop)?;
        tile.subtree(height, u16::try_from(within).map_err(drop)?).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use tlog::{MemoryTree, leaf_hash, width_in};

    use super::*;

    fn leaves(from: u64, to: u64) -> Vec<Hash> {
        (from..to).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn every_tile_of_the_tree_is_either_filled_once_or_at_the_edge() {
        let mut edge = Edge::default();
        let mut frontier = Frontier::new();
        let mut full = Vec::new();
        let mut size = 0;
        for batch in [1, 1, 253, 1, 1, 255, 256, 257, 1, 70_000, 3].into_iter().cycle().take(25) {
            let growth = Growth::new(&frontier, leaves(size, size + batch));
            full.extend(edge.grow(&growth));
            frontier = growth.frontier();
            size += batch;
            assert_eq!(edge.frontier(size).as_ref(), Some(&frontier), "{size}");
            assert_eq!(Edge::decode(&edge.encode(), size), Some(edge.clone()));
        }
        let tree: MemoryTree = leaves(0, size).into_iter().collect();
        let expect = |level: u8, index: u64| tree.hash(level * 8, index).unwrap().0;
        for level in 0..3 {
            let tiles: Vec<_> = full.iter().filter(|tile| tile.level == level).collect();
            let count = size >> (8 * u32::from(level));
            assert_eq!(tiles.len() as u64, count / 256, "level {level}");
            for (tile, at) in tiles.iter().zip(0..) {
                assert_eq!(tile.index, at);
                for (hash, index) in tile.bytes.as_chunks().0.iter().zip(at * 256..) {
                    assert_eq!(*hash, expect(level, index));
                }
            }
            assert_eq!(edge.tile(level).len(), usize::from(width_in(level, count / 256, size)));
            for (hash, index) in edge.tile(level).iter().zip(count / 256 * 256..) {
                assert_eq!(hash.0, expect(level, index));
            }
        }
    }

    #[test]
    fn bytes_of_another_size_are_no_edge() {
        let mut edge = Edge::default();
        edge.grow(&Growth::new(&Frontier::new(), leaves(0, 300)));
        let bytes = edge.encode();
        assert_eq!(bytes.len(), 2 + 44 * 32 + 2 + 32);
        for size in [0, 299, 301, 44, 65_836] {
            assert_eq!(Edge::decode(&bytes, size), None, "{size}");
        }
        for cut in 0..bytes.len() {
            assert_eq!(Edge::decode(&bytes[..cut], 300), None, "{cut}");
        }
        assert_eq!(Edge::decode(&[&bytes[..], &[0]].concat(), 300), None);
    }
}
