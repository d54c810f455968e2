//! Proofs from the log's own tiles (c2sp.org/tlog-tiles).

use std::sync::Arc;

use primitives::Hash;
use tlog::{ProveError, TILE_WIDTH, Tile, TileHashes, TilePath, TileReader};

use crate::http::{Http, TILE_LIMIT};
use crate::{Error, Refused};

/// Reads tiles over HTTP; a partial tile that is gone is looked for as the full one.
struct HttpTiles<'a>(&'a Http);

impl TileReader for HttpTiles<'_> {
    type Error = Error;

    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, Error> {
        let fetch = |path: &TilePath| self.0.get(&format!("/{path}"), "application/octet-stream", TILE_LIMIT);
        let (bytes, width) = match fetch(path) {
            Err(Error::Refused(Refused { status: 404, .. })) if !path.is_full() => {
                (fetch(&path.to_full())?, TILE_WIDTH)
            }
            answer => (answer?, path.width()),
        };
        let unusable = |error: tlog::TileError| Error::Answer { url: path.to_string(), why: error.to_string() };
        Tile::decode(&bytes, width).map(Arc::new).map_err(unusable)
    }
}

/// The proof that the tree of `new` leaves begins with that of `old`, computed from tiles. Not verified here.
pub(crate) fn consistency(http: &Http, old: u64, new: u64) -> Result<Vec<Hash>, Error> {
    tlog::consistency_proof(old, new, &TileHashes::new(HttpTiles(http), new)).map_err(unproved)
}

/// The root of the first `old` leaves of the tree of `new` leaves, as its tiles give it. Not verified here.
pub(crate) fn root(http: &Http, old: u64, new: u64) -> Result<Hash, Error> {
    let tiles = TileHashes::new(HttpTiles(http), new);
    tlog::Frontier::read(old, &tiles)
        .map(|frontier| frontier.root())
        .map_err(|error| unproved(ProveError::Source(error)))
}

/// The proof that the tree of `size` leaves has this one, computed from tiles. Not verified here.
pub(crate) fn inclusion(http: &Http, index: u64, size: u64) -> Result<Vec<Hash>, Error> {
    tlog::inclusion_proof(index, size, &TileHashes::new(HttpTiles(http), size)).map_err(unproved)
}

fn unproved(error: ProveError<tlog::TileHashError<Error>>) -> Error {
    match error {
        ProveError::Source(tlog::TileHashError::Reader(error)) => error,
        ProveError::Source(_) | ProveError::IndexBeyondSize { .. } | ProveError::OldBeyondNew { .. } => {
            Error::Answer { url: "tile".into(), why: error.to_string() }
        }
    }
}
