//! The records of one generation, in a sled folder of their own.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use sled::{Db, Tree};

use super::PrivateError;
use super::error::{damaged, io_of};
use super::head::Totals;
use crate::Doubt;
use crate::database::{Tuning, guarded, guarded_items, open_sled};

const TUNING: Tuning = Tuning { cache_bytes: 16 << 20, flush_every: Duration::from_secs(1) };
/// Key of the totals; those of records begin with [`RECORD`].
pub(super) const TOTALS: &[u8] = b"t";
pub(super) const RECORD: u8 = b'r';

/// An open sled folder, and its file once more, to sync it.
pub(super) struct Records {
    pub(super) tree: Tree,
    pub(super) db: Db,
    pub(super) file: File,
}

impl Records {
    /// Opens the records at `path`, or makes an empty folder there; `folder` is named where they are refused.
    pub(super) fn open(folder: &Path, path: &Path) -> Result<Self, PrivateError> {
        let refused = |why: Doubt| damaged(folder, &why.to_string());
        let db = open_sled(path, TUNING).map_err(refused)?;
        let tree = guarded(|| db.open_tree("records")).map_err(refused)?;
        let file = File::open(path.join("db")).map_err(io_of(path))?;
        Ok(Self { tree, db, file })
    }

    /// The totals that were written with the last record, held against all records.
    pub(super) fn totals(&self, folder: &Path) -> Result<Totals, PrivateError> {
        let (mut written, mut found) = (Totals::default(), Totals::default());
        for item in guarded_items(self.tree.iter()) {
            let (key, value) = item.map_err(|why| damaged(folder, &why.to_string()))?;
            if *key == *TOTALS {
                written = Totals::decode(&value).ok_or_else(|| damaged(folder, "the totals are not as written"))?;
            } else {
                found.add(&key, &value);
            }
        }
        found.writes = written.writes;
        if found != written {
            let what = format!("{} records are there, {} were written", found.records, written.records);
            return Err(damaged(folder, &what));
        }
        Ok(written)
    }
}
