//! What the writer and all readers of one opened log have in common.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use store::{Journal, Record};
use tlog::{Tile, TilePath};
use tokio::sync::watch;

use crate::column::Column;
use crate::error::{Failure, ReadError};
use crate::published::Published;

/// Full tiles kept with their inner hashes, 16 KiB each. The upper levels of a tree of 4 billion entries would fit.
const TILES_AT_HAND: usize = 1024;
/// Bytes of records kept: to read one entry, its record is read.
const RECORD_BYTES_AT_HAND: u64 = 32 << 20;
/// Bytes kept of full tiles and bundles as they are served: a bundle of ordinary statements has 800 KB, and is otherwise put together
/// anew for everybody who reads the log.
const SERVED_BYTES_AT_HAND: u64 = 32 << 20;

pub(crate) struct Shared<J, D, V> {
    /// None once the log is closed or given up: a folder can be opened again only when nobody holds it.
    stores: ArcSwapOption<Stores<J, D>>,
    pub(crate) published: ArcSwap<Published<V>>,
    pub(crate) size: watch::Sender<u64>,
    pub(crate) health: watch::Sender<Health>,
    pub(crate) columns: Arc<Vec<Column>>,
    pub(crate) tiles: Cache<(u8, u64), Arc<Tile>>,
    pub(crate) records: Cache<u64, Arc<Record>, RecordBytes>,
    /// Full tiles and full bundles only: they never change.
    pub(crate) served: Cache<TilePath, bytes::Bytes, ServedBytes>,
}

/// Where the log lies.
pub(crate) struct Stores<J, D> {
    pub(crate) journal: J,
    pub(crate) views: D,
}

/// How the writer is.
#[derive(Clone, Debug)]
pub enum Health {
    /// It takes submissions.
    Open,
    /// It stopped, and takes nothing until the log has been opened again.
    Failed(Arc<Failure>),
    /// It was closed in good order.
    Closed,
}

impl Health {
    /// Whether submissions are taken.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

#[derive(Clone)]
pub(crate) struct RecordBytes;

impl Weighter<u64, Arc<Record>> for RecordBytes {
    fn weight(&self, _: &u64, record: &Arc<Record>) -> u64 {
        record.encoded_len()
    }
}

#[derive(Clone)]
pub(crate) struct ServedBytes;

impl Weighter<TilePath, bytes::Bytes> for ServedBytes {
    fn weight(&self, _: &TilePath, bytes: &bytes::Bytes) -> u64 {
        bytes.len() as u64
    }
}

impl<J: Journal, D, V> Shared<J, D, V> {
    pub(crate) fn new(stores: Arc<Stores<J, D>>, published: Arc<Published<V>>, columns: Arc<Vec<Column>>) -> Self {
        Self {
            stores: ArcSwapOption::new(Some(stores)),
            size: watch::Sender::new(published.size),
            published: ArcSwap::new(published),
            health: watch::Sender::new(Health::Open),
            columns,
            tiles: Cache::new(TILES_AT_HAND),
            records: Cache::with_weighter(1024, RECORD_BYTES_AT_HAND, RecordBytes),
            served: Cache::with_weighter(256, SERVED_BYTES_AT_HAND, ServedBytes),
        }
    }

    pub(crate) fn stores(&self) -> Result<Arc<Stores<J, D>>, ReadError> {
        self.stores.load_full().ok_or(ReadError::NotOpen)
    }

    pub(crate) fn release(&self) {
        self.stores.store(None);
    }

    /// Makes a batch visible: readers that come from here on see it whole.
    pub(crate) fn publish(&self, published: Arc<Published<V>>) {
        let size = published.size;
        self.published.store(published);
        self.size.send_replace(size);
    }
}

impl<J: Journal, D> Stores<J, D> {
    /// The record that holds entry `index`.
    pub(crate) async fn record_of<V>(&self, index: u64, shared: &Shared<J, D, V>) -> Result<Arc<Record>, ReadError> {
        let missing = ReadError::EntryMissing { index };
        let Some(seq) = self.journal.locate(index) else { return Err(missing) };
        if let Some(record) = shared.records.get(&seq) {
            return Ok(record);
        }
        let record = self.journal.read(seq).await?.ok_or(missing)?;
        let record = Arc::new(record);
        shared.records.insert(seq, Arc::clone(&record));
        Ok(record)
    }
}

/// The entry in a record that was located by its index.
pub(crate) fn entry_in(record: &Record, index: u64) -> Result<bytes::Bytes, ReadError> {
    let at = index.checked_sub(record.first_index).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| record.entries.get(at)).cloned().ok_or(ReadError::EntryMissing { index })
}
