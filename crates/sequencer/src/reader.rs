//! The log as it stands at one published size: entries, tiles, proofs, lookups.
//!
//! A reader never waits for the writer. What it gives belongs to one checkpoint, however long it is held; what came later
//! is not there.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use primitives::Hash;
use store::Journal;
use tlog::{Bundle, ProveError, TILE_WIDTH, Tile, TileHashError, TileHashes, TileKind, TilePath, TileReader};

use crate::error::ReadError;
use crate::ledger::TOKENS;
use crate::published::{Published, Receipt};
use crate::shared::{Shared, Stores, entry_in};
use crate::{Views, edge, entry, tag_of, views};

/// The published log.
pub struct Reader<J, D, V> {
    pub(crate) shared: Arc<Shared<J, D, V>>,
    pub(crate) published: Arc<Published<V>>,
}

impl<J, D, V> Clone for Reader<J, D, V> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), published: Arc::clone(&self.published) }
    }
}

impl<J, D, V> fmt::Debug for Reader<J, D, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("size", &self.published.size).finish_non_exhaustive()
    }
}

impl<J: Journal, D: Views, V> Reader<J, D, V> {
    /// The state, the size and the checkpoint that everything here belongs to.
    #[must_use]
    pub fn published(&self) -> &Arc<Published<V>> {
        &self.published
    }

    /// Entry `index`; `None` at or past the published size.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn entry(&self, index: u64) -> Result<Option<Bytes>, ReadError> {
        if index >= self.published.size {
            return Ok(None);
        }
        let record = self.shared.stores()?.record_of(index, &self.shared).await?;
        entry_in(&record, index).map(Some)
    }

    /// A hash tile or an entry bundle, as c2sp.org/tlog-tiles has it served; `None` where the published tree has not
    /// all that the path names. A partial one is the prefix of what is there.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn tile(&self, path: TilePath) -> Result<Option<Bytes>, ReadError> {
        if !path.is_within(self.published.size) {
            return Ok(None);
        }
        // A log that was closed serves nothing, kept or not.
        let stores = self.shared.stores()?;
        if path.is_full()
            && let Some(bytes) = self.shared.served.get(&path)
        {
            return Ok(Some(bytes));
        }
        let bytes = match path.kind() {
            TileKind::Hashes { level } => self.hash_tile(&stores, level, path.index(), path.width())?,
            TileKind::Entries => self.bundle(&stores, path.index(), path.width()).await?,
        };
        if path.is_full() {
            self.shared.served.insert(path, bytes.clone());
        }
        Ok(Some(bytes))
    }

    /// The `tlog-proof` of entry `index` under the published checkpoint; `None` at or past its size.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn proof(&self, index: u64) -> Result<Option<String>, ReadError> {
        let Some(entry) = self.entry(index).await? else { return Ok(None) };
        self.receipt(index, &entry, true).map(|receipt| Some(receipt.proof))
    }

    /// The `tlog-proof` of entry `index` under an earlier checkpoint of this log, of `size` entries; `None` at or past that size.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn proof_under(&self, index: u64, size: u64, checkpoint: &str) -> Result<Option<String>, ReadError> {
        let Some(hashes) = self.inclusion_in(index, size)? else { return Ok(None) };
        let Some(entry) = self.entry(index).await? else { return Ok(None) };
        let received_at = entry::received_at_millis(&entry).unwrap_or_default();
        Ok(Some(Receipt::new(index, received_at, &hashes, checkpoint, true).proof))
    }

    /// The inclusion proof of leaf `index` in the published tree; `None` at or past its size.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn inclusion(&self, index: u64) -> Result<Option<Vec<Hash>>, ReadError> {
        self.inclusion_in(index, self.published.size)
    }

    /// The same in the tree that the first `size` leaves make: complete subtrees never change, so the published tree has them all.
    /// `None` at or past `size`, and where fewer leaves are published.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn inclusion_in(&self, index: u64, size: u64) -> Result<Option<Vec<Hash>>, ReadError> {
        if size > self.published.size {
            return Ok(None);
        }
        answered(tlog::inclusion_proof(index, size, &self.tree()?))
    }

    /// The proof that the published tree begins with the tree of `old` leaves; `None` where it is smaller.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn consistency(&self, old: u64) -> Result<Option<Vec<Hash>>, ReadError> {
        answered(tlog::consistency_proof(old, self.published.size, &self.tree()?))
    }

    /// The root of the tree that the first `size` leaves make; `None` where fewer are published.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn root_of(&self, size: u64) -> Result<Option<Hash>, ReadError> {
        if size > self.published.size {
            return Ok(None);
        }
        match tlog::root(size, &self.tree()?) {
            Ok(root) => Ok(Some(root)),
            Err(error) => Err(unread(error)),
        }
    }

    /// The index of this token, if it is in the log: found by its SHA-256, then compared byte for byte.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn index_of(&self, token: &[u8], hash: &Hash) -> Result<Option<u64>, ReadError> {
        self.find(token, hash).await.map(|found| found.map(|(index, _)| index))
    }

    pub(crate) async fn find(&self, token: &[u8], hash: &Hash) -> Result<Option<(u64, Bytes)>, ReadError> {
        let Some(column) = self.shared.columns.get(TOKENS) else { return Ok(None) };
        for index in column.find(tag_of(&hash.0), self.published.size, usize::MAX) {
            if let Some(entry) = self.entry(index).await?
                && entry::token(&entry) == token
            {
                return Ok(Some((index, entry)));
            }
        }
        Ok(None)
    }

    /// Entries that the law tagged so, in column number `column` of its own: candidates, the newest first, at most
    /// `limit`. The caller compares what the tag was made of.
    #[must_use]
    pub fn tagged(&self, column: usize, tag: u64, limit: usize) -> Vec<u64> {
        let column = self.shared.columns.get(1 + column);
        column.map(|column| column.find(tag, self.published.size, limit)).unwrap_or_default()
    }

    /// The value that the law put under a key. It may be ahead of the published size by the batch being committed, which
    /// is durable already.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn value(&self, map: &str, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        Ok(self.shared.stores()?.views.get(map, key)?)
    }

    /// Keys and values that the law put into a map, ascending from after `after`, at most `limit`: see [`Views::scan`].
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn values(
        &self,
        map: &str,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, ReadError> {
        Ok(self.shared.stores()?.views.scan(map, prefix, after, limit)?)
    }

    /// The receipt of an entry that is published.
    pub(crate) fn receipt(&self, index: u64, entry: &[u8], repeated: bool) -> Result<Receipt, ReadError> {
        let hashes = self.inclusion(index)?.ok_or(ReadError::EntryMissing { index })?;
        let received_at = entry::received_at_millis(entry).unwrap_or_default();
        Ok(Receipt::new(index, received_at, &hashes, self.published.checkpoint_text(), repeated))
    }

    fn tree(&self) -> Result<TileHashes<Tiles<'_, J, D, V>>, ReadError> {
        Ok(TileHashes::new(Tiles { reader: self, stores: self.shared.stores()? }, self.published.size))
    }

    fn hash_tile(&self, stores: &Stores<J, D>, level: u8, index: u64, width: u16) -> Result<Bytes, ReadError> {
        let partial = self.partial_tile(level, index);
        if let Some(hashes) = partial {
            let hashes = hashes.get(..usize::from(width)).ok_or(ReadError::TileMissing { level, index })?;
            return Ok(edge::bytes_of(hashes).into());
        }
        let bytes = stores.full_tile(level, index)?;
        Ok(bytes.slice(..usize::from(width) * 32))
    }

    /// The hashes of a tile that the published tree has not filled; `None` for a full tile.
    fn partial_tile(&self, level: u8, index: u64) -> Option<&[Hash]> {
        let hashes = self.published.size.checked_shr(8 * u32::from(level)).unwrap_or_default();
        (index == hashes / u64::from(TILE_WIDTH)).then(|| self.published.edge.tile(level))
    }

    async fn bundle(&self, stores: &Stores<J, D>, index: u64, width: u16) -> Result<Bytes, ReadError> {
        let first = index * u64::from(TILE_WIDTH);
        let end = first + u64::from(width);
        let mut entries = Vec::with_capacity(usize::from(width));
        let mut next = first;
        while next < end {
            let record = stores.record_of(next, &self.shared).await?;
            let until = end.min(record.tree_size);
            for index in next..until {
                entries.push(entry_in(&record, index)?);
            }
            if until <= next {
                return Err(ReadError::EntryMissing { index: next });
            }
            next = until;
        }
        // The gate lets no entry in that a bundle cannot carry.
        Bundle::encode(&entries).map(Bytes::from).map_err(|_| ReadError::EntryMissing { index: first })
    }
}

impl<J, D: Views> Stores<J, D> {
    fn full_tile(&self, level: u8, index: u64) -> Result<Bytes, ReadError> {
        let bytes = self.views.get(views::TILES, &views::tile_key(level, index))?;
        bytes.filter(|bytes| bytes.len() == usize::from(TILE_WIDTH) * 32).ok_or(ReadError::TileMissing { level, index })
    }
}

/// The tiles of the published tree, full ones shared between readers.
struct Tiles<'a, J, D, V> {
    reader: &'a Reader<J, D, V>,
    stores: Arc<Stores<J, D>>,
}

impl<J: Journal, D: Views, V> TileReader for Tiles<'_, J, D, V> {
    type Error = ReadError;

    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, ReadError> {
        let (level, index) = (path.level(), path.index());
        let missing = |_| ReadError::TileMissing { level, index };
        if let Some(partial) = self.reader.partial_tile(level, index) {
            return Tile::new(partial.iter().copied()).map(Arc::new).map_err(missing);
        }
        let cache = &self.reader.shared.tiles;
        if let Some(tile) = cache.get(&(level, index)) {
            return Ok(tile);
        }
        let bytes = self.stores.full_tile(level, index)?;
        let tile = Tile::decode(&bytes, TILE_WIDTH).map(Arc::new).map_err(missing)?;
        cache.insert((level, index), Arc::clone(&tile));
        Ok(tile)
    }
}

fn answered(proof: Result<Vec<Hash>, ProveError<TileHashError<ReadError>>>) -> Result<Option<Vec<Hash>>, ReadError> {
    match proof {
        Ok(proof) => Ok(Some(proof)),
        Err(ProveError::IndexBeyondSize { .. } | ProveError::OldBeyondNew { .. }) => Ok(None),
        Err(ProveError::Source(error)) => Err(unread(error)),
    }
}

/// A tree hash that could not be read.
fn unread(error: TileHashError<ReadError>) -> ReadError {
    match error {
        TileHashError::Reader(error) => error,
        TileHashError::Narrow { path, .. } => ReadError::TileMissing { level: path.level(), index: path.index() },
        TileHashError::NoSuchSubtree { level, index, .. } => {
            ReadError::TileMissing { level: level / 8, index: index >> (8 - level % 8) }
        }
    }
}
