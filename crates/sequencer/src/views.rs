//! What the sequencer needs of a database, and where in it the views of the journal lie.
//!
//! Everything here can be lost: it is made again from the journal. The layout is specified in the crate's README, "What
//! the database holds".

use bytes::Bytes;
use primitives::Hash;
use store::Puts;

/// What is saved, under [`SAVED`].
pub(crate) const META: &str = "log.meta";
/// Full hash tiles.
pub(crate) const TILES: &str = "log.tiles";
/// Full chunks of the lookup columns.
pub(crate) const COLUMNS: &str = "log.columns";
/// Chunks of saved states, in pieces, by their digest.
pub(crate) const STATE: &str = "log.state";

pub(crate) const SAVED: &[u8] = b"saved";

/// Named maps of bytes, with a marker: how many entries of the journal they reflect. Beside them, the last checkpoint that
/// was signed.
///
/// Nothing need be durable before [`Views::flush`], but what survives a crash must be what was applied up to some moment:
/// no later [`Views::apply`] without every earlier one.
pub trait Views: Sized + Send + Sync + 'static {
    /// The largest size given with an [`Views::apply`] that survived; 0 where there was none.
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

    /// Hands everything to the device. On return it outlives the power.
    ///
    /// # Errors
    /// When the database fails.
    fn flush(&self) -> Result<(), ViewError>;

    /// The same database with no map and no marker, whatever state it was in. What was signed is still known.
    ///
    /// # Errors
    /// When the database fails.
    fn cleared(self) -> Result<Self, ViewError>;

    /// What [`Views::set_signed`] was given last: the one thing here that the journal cannot give back.
    ///
    /// # Errors
    /// When the database fails.
    fn signed(&self) -> Result<Option<Floor>, ViewError>;

    /// Remembers the last signed checkpoint. On return it outlives the process.
    ///
    /// # Errors
    /// When the database fails.
    fn set_signed(&self, signed: Floor) -> Result<(), ViewError>;
}

/// A checkpoint that was signed: no log under this name may be without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Changes that belong together.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Values to store and keys to forget, in order.
    pub puts: Puts,
    /// The new marker: entries of the journal that the views reflect with these changes. `None`, or less than before, leaves
    /// the old one.
    pub size: Option<u64>,
}

/// The database failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("database: {text}")]
pub struct ViewError {
    code: &'static str,
    text: String,
}

impl ViewError {
    /// From the stable name of the reason, and a sentence for the operator's log.
    #[must_use]
    pub const fn new(code: &'static str, text: String) -> Self {
        Self { code, text }
    }

    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
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
