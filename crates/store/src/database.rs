//! The registry's database: views of the journal, in sled. README, "Views".
//!
//! Named maps of opaque bytes. All of it can be rebuilt from the journal, and whenever it is in doubt, it is: opening
//! reads everything once and holds it against its checks, and an answer that cannot be held against one is an error that says
//! so, never a guess.
//!
//! sled takes 8 to 14 µs of a core for each small put, so the five puts of a statement would cost as much as verifying
//! its signature. The changes of many batches are therefore gathered in memory, sorted, and put into sled in blocks of
//! eight kilobytes. What is still in memory when the process dies is applied again from the journal.

mod block;
mod bloom;
mod directory;
mod error;
mod fences;
mod keeper;
mod merge;
mod opening;
mod run;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::{Bound, RangeBounds};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use sled::Db;

use crate::lock::LockError;
use crate::puts::{MAX_KEY_BYTES, MAX_VALUE_BYTES};
use crate::{Change, Puts};
use block::Found;
use directory::Directory;
pub use error::{DatabaseError, Doubt};
use keeper::Bell;
use merge::Merge;
pub(crate) use opening::{Tuning, guarded, guarded_items, open_sled};
use run::{Run, full_key, split_key};

/// Folder of the views, in the database's folder.
const VIEWS: &str = "views";
/// Name that a doubtful folder has while it is being removed.
const REMOVED: &str = "views.removed";
/// What a change takes in memory beside its bytes.
const OVERHEAD: usize = 100;

/// How much memory the database may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// Bytes of changes that are gathered before they are written as a run. Lookups try every run, so there should be tens
    /// of them, not thousands; what is gathered is applied again from the journal after a crash.
    pub run_bytes: usize,
    /// Bytes of sled's cache.
    pub cache_bytes: u64,
}

impl Default for DatabaseOptions {
    /// Runs of 24 MiB, a cache of 128 MiB.
    fn default() -> Self {
        Self { run_bytes: 24 << 20, cache_bytes: 128 << 20 }
    }
}

/// Changes by full key.
type Memory = BTreeMap<Vec<u8>, Found>;

/// What readers see: changes in memory, newest first, then the runs.
#[derive(Debug, Default)]
struct Inner {
    gathering: Memory,
    bytes: usize,
    /// What is being written as a run.
    sealing: Arc<Memory>,
    runs: Vec<Arc<Run>>,
    marker: u64,
    kept: u64,
    doubt: Option<Doubt>,
}

/// What the database shares with its keeper.
#[derive(Debug)]
struct Views {
    inner: RwLock<Inner>,
    directory: Directory,
    db: Db,
    bell: Bell,
    ids: AtomicU32,
}

impl Views {
    fn read<T>(&self, look: impl FnOnce(&Inner) -> T) -> T {
        look(&self.inner.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.inner.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// A number that no run's blocks have.
    fn next_id(&self) -> u32 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }
}

/// Named maps of opaque bytes that are complete up to a marker.
#[derive(Debug)]
pub struct Database {
    folder: PathBuf,
    options: DatabaseOptions,
    views: Arc<Views>,
    file: File,
    keeper: Option<JoinHandle<()>>,
    _lock: File,
}

impl Database {
    /// Opens the database in `folder`, making an empty one where there is none.
    ///
    /// Blocks: everything in it is read once.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`]: call [`Database::recreate`], and apply the journal again from the start.
    pub fn open(folder: impl AsRef<Path>, options: DatabaseOptions) -> Result<Self, DatabaseError> {
        let lock = lock(folder.as_ref())?;
        Self::open_locked(folder.as_ref(), options, lock)
    }

    /// Removes the views, whatever state they are in, and opens an empty database. Private data is elsewhere, and stays.
    ///
    /// # Errors
    /// [`DatabaseError::Locked`] if another process has it open; nothing is removed then.
    pub fn recreate(folder: impl AsRef<Path>, options: DatabaseOptions) -> Result<Self, DatabaseError> {
        let lock = lock(folder.as_ref())?;
        let (views, removed) = (folder.as_ref().join(VIEWS), folder.as_ref().join(REMOVED));
        // Away under its own name first: half a folder is never taken for views.
        clear(&removed)?;
        match fs::rename(&views, &removed) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(DatabaseError::Io { file: views, source: error });
            }
            Ok(()) | Err(_) => {}
        }
        Self::open_locked(folder.as_ref(), options, lock)
    }

    fn open_locked(folder: &Path, options: DatabaseOptions, lock: File) -> Result<Self, DatabaseError> {
        clear(&folder.join(REMOVED))?;
        let folder = folder.join(VIEWS);
        let doubtful = |why| DatabaseError::Doubtful { folder: folder.clone(), why };
        let tuning = Tuning { cache_bytes: options.cache_bytes, flush_every: Duration::from_secs(1) };
        let db = open_sled(&folder, tuning).map_err(doubtful)?;
        let tree = |name: &str| guarded(|| db.open_tree(name)).map_err(doubtful);
        let directory = Directory { blocks: tree("blocks")?, runs: tree("runs")? };
        let runs: Vec<_> = directory.load_all().map_err(doubtful)?.into_iter().map(Arc::new).collect();
        let ids = AtomicU32::new(runs.iter().map(|run| run.id + 1).max().unwrap_or(0));
        let marker = runs.last().map_or(0, |run| run.marker);
        let inner = RwLock::new(Inner { runs, marker, kept: marker, ..Inner::default() });
        let path = folder.join("db");
        let file = File::open(&path).map_err(|source| DatabaseError::Io { file: path, source })?;
        let views = Arc::new(Views { inner, directory, db, bell: Bell::default(), ids });
        let kept = views.clone();
        let keeper = std::thread::Builder::new().name("views-keeper".into()).spawn(move || keeper::keep(&kept));
        let keeper = keeper.map_err(|source| DatabaseError::Io { file: folder.clone(), source })?;
        Ok(Self { folder, options, views, file, keeper: Some(keeper), _lock: lock })
    }

    /// Applies changes, and moves the marker to the size of the log that the maps are now complete for.
    ///
    /// **On return** every reader sees all of them, and [`Database::marker`] says so. They outlive the process once
    /// [`Database::kept_marker`] says so, or after [`Database::flush`]: after a crash the marker is an earlier one, and the
    /// maps are those of that marker, all changes up to it and none after.
    ///
    /// Waits only where changes come faster than they can be written.
    ///
    /// # Errors
    /// [`DatabaseError::TooLarge`], [`DatabaseError::MapName`], [`DatabaseError::MarkerBack`]: nothing was applied.
    /// [`DatabaseError::Doubtful`]: sled failed, and every further call says so.
    pub fn apply(&self, puts: Puts, marker: u64) -> Result<(), DatabaseError> {
        puts.iter().try_for_each(check)?;
        let (mut bytes, mut changes) = (0, Vec::with_capacity(puts.len()));
        for Change { map, key, value } in puts.changes {
            let full = full_key(map, &key);
            bytes += full.len() + value.as_ref().map_or(0, Bytes::len) + OVERHEAD;
            // A copy: the value may be a slice of something much larger, which it would keep in memory.
            changes.push((full, value.map(|value| Bytes::copy_from_slice(&value))));
        }
        let gathered = self.views.write(|inner| {
            self.sound(inner)?;
            if marker < inner.marker {
                return Err(DatabaseError::MarkerBack { marker, current: inner.marker });
            }
            inner.gathering.extend(changes);
            inner.marker = marker;
            inner.bytes += bytes;
            Ok(inner.bytes)
        })?;
        if gathered >= self.options.run_bytes {
            let number = self.views.bell.ask();
            if gathered >= 2 * self.options.run_bytes {
                self.views.bell.wait(number);
            }
        }
        Ok(())
    }

    /// The size of the log that the maps are complete for, as readers see them.
    pub fn marker(&self) -> u64 {
        self.views.read(|inner| inner.marker)
    }

    /// The marker that a crash of this process would leave, at least.
    pub fn kept_marker(&self) -> u64 {
        self.views.read(|inner| inner.kept)
    }

    /// The value of a key in a map.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`].
    pub fn get(&self, map: &str, key: impl AsRef<[u8]>) -> Result<Option<Bytes>, DatabaseError> {
        let full = full_key(map, key.as_ref());
        let hash = bloom::hash(map, key.as_ref());
        self.look(|inner| {
            if let Some(found) = inner.gathering.get(&full).or_else(|| inner.sealing.get(&full)) {
                return Ok(found.clone());
            }
            for run in inner.runs.iter().rev() {
                if let Some(found) = run.find(&self.views.directory.blocks, &full, hash)? {
                    return Ok(found);
                }
            }
            Ok(None)
        })
    }

    /// Looks at the views, unless they are in doubt; what is found wrong puts them in doubt for all that follow.
    fn look<T>(&self, look: impl FnOnce(&Inner) -> Result<T, Doubt>) -> Result<T, DatabaseError> {
        let found = self.views.read(|inner| inner.doubt.clone().map_or_else(|| look(inner), Err));
        found.map_err(|why| {
            self.views.write(|inner| inner.doubt.get_or_insert_with(|| why.clone()).clone());
            self.doubtful(why)
        })
    }

    /// The keys of a map in a range, in order, with their values, at most `limit` of them.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`].
    pub fn scan<'k>(
        &self,
        map: &str,
        keys: impl RangeBounds<&'k [u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, DatabaseError> {
        let (from, skip_first) = match keys.start_bound() {
            Bound::Included(key) => (full_key(map, key), false),
            Bound::Excluded(key) => (full_key(map, key), true),
            Bound::Unbounded => (full_key(map, b""), false),
        };
        self.look(|inner| self.collect(inner, (map, from, skip_first), keys.end_bound(), limit))
    }

    fn collect(
        &self,
        inner: &Inner,
        (map, from, skip_first): (&str, Vec<u8>, bool),
        to: Bound<&&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, Doubt> {
        let mut merge = Merge::default();
        merge.add_memory(&inner.gathering, &from)?;
        merge.add_memory(&inner.sealing, &from)?;
        merge.add_runs(&inner.runs, &self.views.directory.blocks, &from)?;
        let mut found = Vec::new();
        while found.len() < limit {
            let Some((full, value)) = merge.next()? else { break };
            let (in_map, key) = split_key(&full);
            let past = match to {
                Bound::Included(end) => key > *end,
                Bound::Excluded(end) => key >= *end,
                Bound::Unbounded => false,
            };
            if in_map != map || past {
                break;
            }
            if skip_first && full == from {
                continue;
            }
            found.extend(value.map(|value| (Bytes::copy_from_slice(key), value)));
        }
        Ok(found)
    }

    /// The keys of a map that begin with `prefix`, in order, with their values, at most `limit` of them.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`].
    pub fn scan_prefix(&self, map: &str, prefix: &[u8], limit: usize) -> Result<Vec<(Bytes, Bytes)>, DatabaseError> {
        let mut after = prefix.to_vec();
        while after.last() == Some(&u8::MAX) {
            after.pop();
        }
        match after.last_mut() {
            Some(last) => *last += 1,
            None => return self.scan(map, prefix.., limit),
        }
        self.scan(map, prefix..after.as_slice(), limit)
    }

    /// Writes all that was applied; on return it outlives the power.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`], [`DatabaseError::Io`].
    pub fn flush(&self) -> Result<(), DatabaseError> {
        let number = self.views.bell.ask();
        self.views.bell.wait(number);
        self.views.read(|inner| self.sound(inner))?;
        // sled's own flush hands the bytes to the device and does not wait for its cache.
        self.file.sync_data().map_err(|source| DatabaseError::Io { file: self.folder.join("db"), source })
    }

    /// Bytes that sled's files take.
    ///
    /// # Errors
    /// [`DatabaseError::Doubtful`].
    pub fn size_on_disk(&self) -> Result<u64, DatabaseError> {
        guarded(|| self.views.db.size_on_disk()).map_err(|why| self.doubtful(why))
    }

    fn sound(&self, inner: &Inner) -> Result<(), DatabaseError> {
        inner.doubt.clone().map_or(Ok(()), |why| Err(self.doubtful(why)))
    }

    fn doubtful(&self, why: Doubt) -> DatabaseError {
        DatabaseError::Doubtful { folder: self.folder.clone(), why }
    }
}

impl Drop for Database {
    /// Writes what is gathered, as far as it goes; what does not, is applied again from the journal.
    fn drop(&mut self) {
        let _ = self.flush();
        self.views.bell.stop();
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

fn check(change: &Change) -> Result<(), DatabaseError> {
    let Change { map, key, value } = change;
    let too_large = |what: String, bytes, most| Err(DatabaseError::TooLarge { what, bytes, most });
    if map.as_bytes().contains(&0) {
        return Err(DatabaseError::MapName { map });
    }
    let key_bytes = map.len() + 1 + key.len();
    if key_bytes > MAX_KEY_BYTES {
        return too_large(format!("a key of map {map}"), key_bytes, MAX_KEY_BYTES);
    }
    match value {
        Some(value) if value.len() > MAX_VALUE_BYTES => {
            too_large(format!("a value of map {map}"), value.len(), MAX_VALUE_BYTES)
        }
        Some(_) | None => Ok(()),
    }
}

fn lock(folder: &Path) -> Result<File, DatabaseError> {
    crate::lock::take(folder).map_err(|error| match error {
        LockError::Held { file } => DatabaseError::Locked { file },
        LockError::Io { file, source } => DatabaseError::Io { file, source },
    })
}

fn clear(folder: &Path) -> Result<(), DatabaseError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(DatabaseError::Io { file: folder.to_owned(), source: error })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
