//! What proves that a tree about to be signed extends an earlier one, for a signer that does not take the writer's word.
//!
//! The tree is not published yet, so no [`crate::Reader`] has it: its hashes are the database's tiles, those that the batch filled,
//! and the edge.

use std::sync::Arc;

use primitives::Hash;
use tlog::{TILE_WIDTH, Tile, TileHashes, TilePath, TileReader, consistency_proof};

use crate::Views;
use crate::edge::{Edge, FullTile};
use crate::ledger::Ledger;
use crate::{Law, views};

/// Told before each signature: the tree's size, and a function from an earlier size to the consistency proof (RFC 9162 §2.1.4), which
/// is `None` for a later size and where a tile cannot be read. Called on the writer's thread, and may wait.
pub type BeforeSigning = Arc<dyn Fn(u64, &dyn Fn(u64) -> Option<Vec<Hash>>) + Send + Sync>;

/// The tree of the ledger after `growth`, before the database has what the batch adds.
pub(crate) fn tell<L: Law, D: Views>(
    told: &BeforeSigning,
    ledger: &Ledger<L>,
    growth: Option<&tlog::Growth>,
    views: &D,
) {
    let mut edge = ledger.edge.clone();
    let filled = growth.map(|growth| edge.grow(growth)).unwrap_or_default();
    let size = growth.map_or_else(|| ledger.size(), tlog::Growth::new_size);
    let hashes = TileHashes::new(Tiles { edge, filled, size, views }, size);
    told(size, &|old| consistency_proof(old, size, &hashes).ok());
}

struct Tiles<'a, D> {
    edge: Edge,
    filled: Vec<FullTile>,
    size: u64,
    views: &'a D,
}

impl<D: Views> TileReader for Tiles<'_, D> {
    /// A tile is there or the proof cannot be made: why does not matter to who asks.
    type Error = ();

    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, ()> {
        let (level, index) = (path.level(), path.index());
        let hashes = self.size.checked_shr(8 * u32::from(level)).unwrap_or_default();
        if index == hashes / u64::from(TILE_WIDTH) {
            return Tile::new(self.edge.tile(level).iter().copied()).map(Arc::new).map_err(drop);
        }
        let filled = self.filled.iter().find(|tile| tile.level == level && tile.index == index);
        let tile = match filled {
            Some(tile) => Tile::decode(&tile.bytes, TILE_WIDTH),
            None => {
                let bytes = self.views.get(views::TILES, &views::tile_key(level, index)).map_err(drop)?.ok_or(())?;
                Tile::decode(&bytes, TILE_WIDTH)
            }
        };
        tile.map(Arc::new).map_err(drop)
    }
}
