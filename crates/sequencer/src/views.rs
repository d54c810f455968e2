//! What the sequencer needs of a database, and where in it the views of the journal lie.
//!
//! Everything here can be lost: it is made again from the journal. The layout is specified in the crate's README, "What
//! the database holds".

use bytes::Bytes;

use crate::Put;

/// The signed checkpoint, under [`SIGNED`], and what is saved, under [`SAVED`].
pub(crate) const META: &str = "log.meta";
/// Full hash tiles.
pub(crate) const TILES: &str = "log.tiles";
/// Full chunks of the lookup columns.
pub(crate) const COLUMNS: &str = "log.columns";
/// Chunks of saved states, by their digest.
pub(crate) const STATE: &str = "log.state";

/// The maps that a rebuild clears. The signed checkpoint is written again at once.
pub(crate) const OWN_MAPS: [&str; 4] = [META, TILES, COLUMNS, STATE];

pub(crate) const SIGNED: &[u8] = b"signed";
pub(crate) const SAVED: &[u8] = b"saved";

/// Named maps of bytes, with a marker: how many entries of the journal they reflect.
///
/// Nothing need be durable on return, but what survives a crash must be what was applied up to some moment: no later
/// [`Views::apply`] without every earlier one.
pub trait Views: Send + Sync + 'static {
    /// The size given with the last [`Views::apply`] that survived; 0 where there was none.
    ///
    /// # Errors
    /// When the database fails.
    fn marker(&self) -> Result<u64, ViewError>;

    /// The value of a key.
    ///
    /// # Errors
    /// When the database fails.
    fn get(&self, map: &str, key: &[u8]) -> Result<Option<Bytes>, ViewError>;

    /// Keys that begin with `prefix` and come after `after`, ascending, with their values; at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    fn scan(
        &self,
        map: &str,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, ViewError>;

    /// Makes all changes, then moves the marker.
    ///
    /// # Errors
    /// When the database fails; some changes may then be there, the marker is not moved.
    fn apply(&self, changes: Changes) -> Result<(), ViewError>;

    /// Empties maps and sets the marker to 0; other maps stay as they are.
    ///
    /// # Errors
    /// When the database fails.
    fn clear(&self, maps: &[&str]) -> Result<(), ViewError>;

    /// Hands everything to the device.
    ///
    /// # Errors
    /// When the database fails.
    fn flush(&self) -> Result<(), ViewError>;
}

/// Changes that belong together.
#[derive(Debug, Default)]
pub struct Changes {
    /// Values to store, in order.
    pub puts: Vec<Put>,
    /// Keys to forget.
    pub removes: Vec<(&'static str, Vec<u8>)>,
    /// The new marker: entries of the journal that the views reflect with these changes. `None` leaves the old one.
    pub size: Option<u64>,
}

impl Changes {
    pub(crate) fn put(&mut self, map: &'static str, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.puts.push(Put { map, key: key.into(), value: value.into() });
    }
}

/// The database failed.
#[derive(Debug, thiserror::Error)]
#[error("database: {0}")]
pub struct ViewError(pub String);

impl ViewError {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "database"
    }
}

/// The key of a full tile: level (1) ‖ index (8, big-endian).
pub(crate) fn tile_key(level: u8, index: u64) -> [u8; 9] {
    keyed(level, index)
}

/// The key of a column's chunk: column (1) ‖ number of the chunk (8, big-endian).
pub(crate) fn column_key(column: u8, chunk: u64) -> [u8; 9] {
    keyed(column, chunk)
}

fn keyed(first: u8, number: u64) -> [u8; 9] {
    let mut key = [first; 9];
    if let Some((_, rest)) = key.split_first_chunk_mut::<1>() {
        rest.copy_from_slice(&number.to_be_bytes());
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_kind_then_number() {
        assert_eq!(tile_key(1, 0x0203), [1, 0, 0, 0, 0, 0, 0, 2, 3]);
        assert!(column_key(0, u64::MAX) < column_key(1, 0));
    }
}
