//! A hash tile: up to 256 consecutive hashes, and the inner hashes over them.
//!
//! Only every eighth level of the tree is stored; the seven between are hashed from a tile. That is 255 node hashes
//! for a full tile, some 30 µs, so a tile is expanded once and shared: keep [`Tile`]s, not bytes, in a cache.

use alloc::vec::Vec;

use primitives::Hash;
use thiserror::Error;

use crate::{TILE_WIDTH, node_hash};

/// A tile with its inner hashes: 16 KiB when full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    width: u16,
    /// Row after row from the tile's own hashes up: `width`, `width / 2`, `width / 4`, … complete subtrees.
    hashes: Vec<Hash>,
}

/// Why bytes or hashes are not a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TileError {
    /// 32 bytes for each hash, and not one more.
    #[error("tile has {found} bytes, expected {expected}")]
    Length {
        /// The number of bytes.
        found: usize,
        /// 32 times the width.
        expected: usize,
    },
    /// Empty tiles do not exist, nor do tiles of more than 256 hashes.
    #[error("tile has {found} hashes, expected 1 to 256")]
    Width {
        /// The number of hashes.
        found: usize,
    },
}

impl TileError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "tile_length",
            Self::Width { .. } => "tile_width",
        }
    }
}

impl Tile {
    /// Reads a tile that is exactly `width` hashes wide, as it is served.
    ///
    /// # Errors
    /// [`TileError`].
    pub fn decode(bytes: &[u8], width: u16) -> Result<Self, TileError> {
        let expected = usize::from(width) * 32;
        let (hashes, rest) = bytes.as_chunks();
        if !rest.is_empty() || bytes.len() != expected {
            return Err(TileError::Length { found: bytes.len(), expected });
        }
        Self::new(hashes.iter().copied().map(Hash))
    }

    /// From the tile's hashes, in order.
    ///
    /// # Errors
    /// [`TileError::Width`].
    pub fn new(hashes: impl IntoIterator<Item = Hash>) -> Result<Self, TileError> {
        let mut rows: Vec<Hash> = Vec::with_capacity(usize::from(TILE_WIDTH) * 2);
        rows.extend(hashes.into_iter().take(usize::from(TILE_WIDTH) + 1));
        let width = u16::try_from(rows.len()).ok().filter(|width| (1..=TILE_WIDTH).contains(width));
        let width = width.ok_or(TileError::Width { found: rows.len() })?;
        let mut row_start = 0;
        loop {
            let row_end = rows.len();
            let (pairs, _) = rows.get(row_start..).unwrap_or_default().as_chunks();
            let above: Vec<Hash> = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
            if above.is_empty() {
                return Ok(Self { width, hashes: rows });
            }
            rows.extend_from_slice(&above);
            row_start = row_end;
        }
    }

    /// The number of hashes: 1 to 256.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// The tile's own hashes.
    pub fn hashes(&self) -> &[Hash] {
        self.hashes.get(..usize::from(self.width)).unwrap_or_default()
    }

    /// As served: the hashes one after the other, 32 bytes each.
    pub fn encode(&self) -> Vec<u8> {
        self.hashes().iter().flat_map(|hash| hash.0).collect()
    }

    /// The hash over `2^height` of the tile's hashes, the `index`-th such group; `None` where the group is not
    /// complete. `height` is 0 to 8.
    pub fn subtree(&self, height: u8, index: u16) -> Option<Hash> {
        let row = self.width.checked_shr(u32::from(height)).filter(|row| index < *row)?;
        debug_assert!(row > 0, "an index below it exists");
        let below: usize = (0..height).map(|lower| usize::from(self.width >> lower)).sum();
        self.hashes.get(below + usize::from(index)).copied()
    }
}

/// The first `width` hashes of a served tile: a partial tile is the prefix of the wider one.
///
/// # Errors
/// [`TileError::Length`] where there are fewer.
pub fn tile_prefix(bytes: &[u8], width: u16) -> Result<&[u8], TileError> {
    let expected = usize::from(width) * 32;
    bytes.get(..expected).ok_or(TileError::Length { found: bytes.len(), expected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryTree, leaf_hash, root};

    fn hashes(count: u16) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn inner_hashes_are_those_of_the_tree() {
        for width in [1_u16, 2, 3, 7, 8, 112, 255, 256] {
            let tile = Tile::new(hashes(width)).unwrap();
            let tree: MemoryTree = hashes(width).into_iter().collect();
            for height in 0..=8 {
                for index in 0..width {
                    let expected = crate::HashSource::hash(&tree, height, index.into()).ok();
                    assert_eq!(tile.subtree(height, index), expected, "{width} {height} {index}");
                }
            }
            assert_eq!(tile.subtree(9, 0), None);
            assert_eq!(tile.subtree(255, 0), None);
        }
        let full = Tile::new(hashes(256)).unwrap();
        let tree: MemoryTree = hashes(256).into_iter().collect();
        assert_eq!(full.subtree(8, 0), root(256, &tree).ok());
    }

    #[test]
    fn a_tile_is_exactly_as_wide_as_its_path_says() {
        let bytes = Tile::new(hashes(5)).unwrap().encode();
        assert_eq!(Tile::decode(&bytes, 5).unwrap().encode(), bytes);
        for (bytes, width) in [(&bytes[..], 4), (&bytes[..], 6), (&bytes[1..], 5), (&bytes[..], 0)] {
            let expected = usize::from(width) * 32;
            assert_eq!(Tile::decode(bytes, width), Err(TileError::Length { found: bytes.len(), expected }));
        }
    }

    #[test]
    fn no_tile_is_empty_or_wider_than_256() {
        assert_eq!(Tile::decode(&[], 0), Err(TileError::Width { found: 0 }));
        assert_eq!(Tile::new(hashes(257)), Err(TileError::Width { found: 257 }));
        assert_eq!(Tile::decode(&[0; 257 * 32], 257), Err(TileError::Width { found: 257 }));
    }

    #[test]
    fn a_partial_tile_is_the_prefix_of_the_wider_one() {
        let wide = Tile::new(hashes(200)).unwrap().encode();
        let narrow = Tile::new(hashes(7)).unwrap().encode();
        assert_eq!(tile_prefix(&wide, 7), Ok(&narrow[..]));
        assert_eq!(tile_prefix(&narrow, 8), Err(TileError::Length { found: 224, expected: 256 }));
    }
}
