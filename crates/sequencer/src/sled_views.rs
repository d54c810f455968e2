//! The views in the registry's database: [`store::Database`], which is sled, and the last signed checkpoint beside it.

use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use store::{Database, DatabaseError, DatabaseOptions};

use crate::signed_file::SignedFile;
use crate::{Changes, Floor, ViewError, Views};

/// Views in a folder that this value alone writes.
#[derive(Debug)]
pub struct SledViews {
    folder: PathBuf,
    options: DatabaseOptions,
    database: Database,
    signed: SignedFile,
    doubt: Option<String>,
}

impl SledViews {
    /// Opens the database in `folder`, making an empty one where there is none or where it cannot be relied on; and the file
    /// `signed`, which belongs elsewhere: the database can be made again, what was signed cannot.
    ///
    /// Blocks: everything in it is read once.
    ///
    /// # Errors
    /// Where another process has it open, or the device fails.
    pub fn open(
        folder: impl AsRef<Path>,
        signed: impl AsRef<Path>,
        options: DatabaseOptions,
    ) -> Result<Self, ViewError> {
        let folder = folder.as_ref().to_owned();
        let (database, doubt) = match Database::open(&folder, options) {
            Ok(database) => (database, None),
            Err(error @ DatabaseError::Doubtful { .. }) => {
                (Database::recreate(&folder, options)?, Some(error.to_string()))
            }
            Err(error) => return Err(error.into()),
        };
        let signed = SignedFile::open(signed.as_ref()).map_err(|error| of_signed(&error))?;
        Ok(Self { folder, options, database, signed, doubt })
    }

    /// Why the database was made anew at opening, where it was: for the operator's log.
    #[must_use]
    pub fn doubt(&self) -> Option<&str> {
        self.doubt.as_deref()
    }

    /// The database itself.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }
}

impl From<DatabaseError> for ViewError {
    fn from(error: DatabaseError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

fn of_signed(error: &io::Error) -> ViewError {
    ViewError::new("signed_io", format!("the file of the last signed checkpoint: {error}"))
}

impl Views for SledViews {
    fn marker(&self) -> Result<u64, ViewError> {
        Ok(self.database.marker())
    }

    fn get(&self, map: &str, key: &[u8]) -> Result<Option<Bytes>, ViewError> {
        Ok(self.database.get(map, key)?)
    }

    fn scan(
        &self,
        map: &str,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, ViewError> {
        let Some(after) = after else { return Ok(self.database.scan_prefix(map, prefix, limit)?) };
        let from = if after < prefix { Bound::Included(prefix) } else { Bound::Excluded(after) };
        let mut found = self.database.scan(map, (from, Bound::Unbounded), limit)?;
        let end = found.iter().position(|(key, _)| !key.starts_with(prefix)).unwrap_or(found.len());
        found.truncate(end);
        Ok(found)
    }

    fn apply(&self, Changes { puts, size }: Changes) -> Result<(), ViewError> {
        if let Some(size) = size {
            // Only the writer moves the marker. What it replays is behind it for a while.
            return Ok(self.database.apply(puts, size.max(self.database.marker()))?);
        }
        loop {
            match self.database.apply(puts.clone(), self.database.marker()) {
                // The writer moved it meanwhile.
                Err(DatabaseError::MarkerBack { .. }) => {}
                applied => return Ok(applied?),
            }
        }
    }

    fn flush(&self) -> Result<(), ViewError> {
        self.database.flush()?;
        self.signed.sync().map_err(|error| of_signed(&error))
    }

    fn cleared(self) -> Result<Self, ViewError> {
        let Self { folder, options, database, signed, doubt } = self;
        drop(database);
        let database = Database::recreate(&folder, options)?;
        Ok(Self { folder, options, database, signed, doubt })
    }

    fn signed(&self) -> Result<Option<Floor>, ViewError> {
        self.signed.read().map_err(|error| of_signed(&error))
    }

    fn set_signed(&self, signed: Floor) -> Result<(), ViewError> {
        self.signed.write(signed).map_err(|error| of_signed(&error))
    }
}
