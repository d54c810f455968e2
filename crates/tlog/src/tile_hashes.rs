//! Hashes of subtrees read from tiles (c2sp.org/tlog-tiles).
//!
//! Level `8·l + h` of the tree is `h` levels above the hashes of the tiles of level `l`. Fetching, storing and caching
//! tiles is the reader's business; what it returns is not authenticated here: a proof made from forged tiles does not
//! verify against a signed root.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::convert::Infallible;

use primitives::Hash;
use thiserror::Error;

use crate::tile_path::width_in;
use crate::{HashSource, MAX_TILE_INDEX, ProveError, Tile, TileKind, TilePath, consistency_proof, inclusion_proof};

/// Where tiles come from: a database, a directory, an HTTP client's cache, memory.
pub trait TileReader {
    /// Why a tile could not be read.
    type Error;

    /// The tile at `path`, or a wider one in the same place: what is wider begins with it.
    ///
    /// # Errors
    /// When the tile is not there or cannot be read.
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, Self::Error>;
}

/// Why a subtree's hash could not be had from tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TileHashError<E> {
    /// The subtree is not wholly inside the tree.
    #[error("no complete subtree {index} at level {level} in a tree of {size} leaves")]
    NoSuchSubtree {
        /// The level, from the leaves up.
        level: u8,
        /// The index within the level.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The reader returned less than the path names.
    #[error("tile {path} is {found} hashes wide, expected {}", path.width())]
    Narrow {
        /// The tile asked for.
        path: TilePath,
        /// The width of the tile returned.
        found: u16,
    },
    /// The reader failed.
    #[error("tile could not be read: {0}")]
    Reader(E),
}

impl<E> TileHashError<E> {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchSubtree { .. } => "no_such_subtree",
            Self::Narrow { .. } => "tile_too_narrow",
            Self::Reader(_) => "tile_unreadable",
        }
    }
}

/// How many tiles one [`TileHashes`] keeps at hand: a proof in a tree of 2^32 leaves touches at most 8.
const TILES_AT_HAND: usize = 16;

/// The hashes of a tree of a fixed size, out of its tiles.
///
/// It keeps the last few tiles, so that each is read and hashed once for a proof, and once for a run of proofs about
/// neighbours. Between requests, caching is the reader's: it returns shared tiles.
#[derive(Debug)]
pub struct TileHashes<R> {
    reader: R,
    size: u64,
    at_hand: RefCell<Vec<(TilePath, Arc<Tile>)>>,
}

impl<R: TileReader> TileHashes<R> {
    /// The tree of `size` leaves whose tiles `reader` returns.
    pub const fn new(reader: R, size: u64) -> Self {
        Self { reader, size, at_hand: RefCell::new(Vec::new()) }
    }

    /// The size of the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    fn tile(&self, path: TilePath) -> Result<Arc<Tile>, TileHashError<R::Error>> {
        let mut at_hand = self.at_hand.borrow_mut();
        if let Some((_, tile)) = at_hand.iter().find(|(at, _)| *at == path) {
            return Ok(Arc::clone(tile));
        }
        let tile = self.reader.read(&path).map_err(TileHashError::Reader)?;
        if tile.width() < path.width() {
            return Err(TileHashError::Narrow { path, found: tile.width() });
        }
        if at_hand.len() == TILES_AT_HAND {
            at_hand.remove(0);
        }
        at_hand.push((path, Arc::clone(&tile)));
        Ok(tile)
    }
}

impl<R: TileReader> HashSource for TileHashes<R> {
    type Error = TileHashError<R::Error>;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let missing = TileHashError::NoSuchSubtree { level, index, size: self.size };
        let Some(place) = Place::of(level, index, self.size) else { return Err(missing) };
        self.tile(place.tile)?.subtree(place.height, place.index).ok_or(missing)
    }
}

/// Where in the tiles a subtree's hash is found.
struct Place {
    tile: TilePath,
    height: u8,
    index: u16,
}

impl Place {
    /// `None` where the subtree is not wholly inside the tree.
    fn of(level: u8, index: u64, size: u64) -> Option<Self> {
        if index >= size.checked_shr(level.into())? {
            return None;
        }
        let (tile_level, height) = (level / 8, level % 8);
        let tile_index = index >> (8 - height);
        debug_assert!(tile_index <= MAX_TILE_INDEX, "the tree's leaves are counted in 64 bits");
        let width = width_in(tile_level, tile_index, size);
        let tile = TilePath::new(TileKind::Hashes { level: tile_level }, tile_index, width).ok()?;
        let index = u16::try_from(index & (0xff >> height)).ok()?;
        Some(Self { tile, height, index })
    }
}

/// The tiles from which the inclusion proof for `index` in a tree of `size` leaves is made, so that a client can fetch
/// them at once before it calls [`inclusion_proof`].
///
/// # Errors
/// [`ProveError::IndexBeyondSize`].
pub fn inclusion_tiles(index: u64, size: u64) -> Result<Vec<TilePath>, ProveError<Infallible>> {
    let wanted = Wanted::new(size);
    inclusion_proof(index, size, &wanted).map(|_| wanted.tiles.into_inner())
}

/// The tiles from which the consistency proof from `old` to `new` leaves is made, all as they are in the newer tree.
///
/// # Errors
/// [`ProveError::OldBeyondNew`].
pub fn consistency_tiles(old: u64, new: u64) -> Result<Vec<TilePath>, ProveError<Infallible>> {
    let wanted = Wanted::new(new);
    consistency_proof(old, new, &wanted).map(|_| wanted.tiles.into_inner())
}

/// A source that only notes what it is asked for: the walk of the proof itself says which tiles it needs.
struct Wanted {
    size: u64,
    tiles: RefCell<Vec<TilePath>>,
}

impl Wanted {
    const fn new(size: u64) -> Self {
        Self { size, tiles: RefCell::new(Vec::new()) }
    }
}

impl HashSource for Wanted {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        if let Some(place) = Place::of(level, index, self.size) {
            let mut tiles = self.tiles.borrow_mut();
            if !tiles.contains(&place.tile) {
                tiles.push(place.tile);
            }
        }
        Ok(crate::EMPTY_ROOT)
    }
}

#[cfg(test)]
mod tests;
