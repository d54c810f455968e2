//! Private data: small records that no log has, and that are nowhere else. README, "Private data".
//!
//! Scan counts, reports, clearances. Each write is on the device before it returns, and each record can be erased. Unlike the
//! views, nothing can rebuild them: what does not open is refused by name, and never removed; only the operator sets it
//! aside.

mod head;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sled::{Batch, Db, Tree};

use crate::Doubt;
use crate::database::{Tuning, guarded, guarded_items, open_sled};
use crate::lock::{self, LockError};
use crate::puts::{MAX_KEY_BYTES, MAX_VALUE_BYTES};
use head::{Head, Totals};

/// Folder of the private data, in the database's folder; never touched by what recreates the views.
const PRIVATE: &str = "private";
const HEAD: &str = "head";
/// Folder of the copy that is opened first.
const CHECKING: &str = "checking";
const TUNING: Tuning = Tuning { cache_bytes: 16 << 20, flush_every: Duration::from_secs(1) };
/// Key of the totals; those of records begin with [`RECORD`].
const TOTALS: &[u8] = b"t";
const RECORD: u8 = b'r';

/// Why private data is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivateError {
    /// The records are not those that were written. Restore the folder from a backup, or have it set aside.
    #[error("the private data in {} is damaged: {what}", folder.display())]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Another process has it open.
    #[error("{} is locked: another process has the private data open", file.display())]
    Locked {
        /// The lock file.
        file: PathBuf,
    },
    /// The device failed; whether the last write is there shows at the next opening.
    #[error("{}", file.display())]
    Io {
        /// File or folder.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An earlier write failed.
    #[error("private data takes no writes until it is opened again: {0}")]
    Poisoned(String),
    /// A key or value is larger than what is taken.
    #[error("{what} takes {bytes} bytes, expected at most {most}")]
    TooLarge {
        /// Key or value.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
}

impl PrivateError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "private_damaged",
            Self::Locked { .. } => "private_locked",
            Self::Io { .. } => "private_io",
            Self::Poisoned(_) => "private_poisoned",
            Self::TooLarge { .. } => "private_too_large",
        }
    }
}

/// Puts a file's contents on the device: `File::sync_data`, or a test's own.
pub type DeviceSync = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// Small records in named maps, each write on the device when it returns.
pub struct Private {
    folder: PathBuf,
    sync: DeviceSync,
    state: Mutex<State>,
    _lock: File,
}

struct State {
    head: Head,
    head_file: File,
    records: Records,
    poisoned: Option<String>,
}

/// The sled folder of one generation.
struct Records {
    tree: Tree,
    db: Db,
    file: File,
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Private").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Private {
    /// Opens the private data in the database's `folder`, or makes it.
    ///
    /// Blocks: everything is copied, and every record read.
    ///
    /// # Errors
    /// [`PrivateError::Damaged`] names what is wrong; nothing is removed or repaired.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, PrivateError> {
        Self::open_with(folder, Box::new(File::sync_data))
    }

    /// The same, with another way to sync: so that a test can count it, and make it fail.
    ///
    /// # Errors
    /// As [`Private::open`].
    pub fn open_with(folder: impl AsRef<Path>, sync: DeviceSync) -> Result<Self, PrivateError> {
        let folder = folder.as_ref().join(PRIVATE);
        let lock = lock::take(&folder).map_err(of_lock)?;
        let io = |source| PrivateError::Io { file: folder.clone(), source };
        let path = folder.join(HEAD);
        let head = Head::read(&path).map_err(|source| {
            let other_bytes = source.kind() == io::ErrorKind::InvalidData;
            let refused = || damaged(&folder, "the head is not as written");
            if other_bytes { refused() } else { PrivateError::Io { file: path.clone(), source } }
        })?;
        let Head { generation, totals: acknowledged } = head.unwrap_or_default();
        // Refused before sled would make an empty folder in place of the missing one.
        let there = generations(&folder).map_err(io)?;
        if acknowledged.writes > 0 && !there.contains(&generation) {
            return Err(damaged(&folder, &format!("records-{generation} is missing")));
        }
        if head.is_none() && there.iter().any(|other| *other != generation) {
            return Err(damaged(&folder, "the head is missing"));
        }
        if there.contains(&generation) {
            // sled cuts off what it cannot read, at opening, and says nothing. So a copy is opened first: what does not
            // hold what it must is refused with not a byte of it changed.
            hold_against(acknowledged, check_copy(&folder, generation)?, &folder)?;
        }
        let records = Records::open(&folder, &generation_folder(&folder, generation))?;
        let found = records.totals(&folder)?;
        hold_against(acknowledged, found, &folder)?;
        // Only now that the records are known to be here.
        remove_other_generations(&folder, generation).map_err(io)?;
        let head_file = Head::file(&path).map_err(io)?;
        let state = State { head: Head { generation, totals: found }, head_file, records, poisoned: None };
        let private = Self { folder, sync, state: Mutex::new(state), _lock: lock };
        // What a killed process left in the system's cache goes to the device before it is relied on; so do the names.
        let state = private.state();
        private.settle(&state).map_err(|(file, source)| PrivateError::Io { file, source })?;
        drop(state);
        File::open(&private.folder).and_then(|folder| folder.sync_all()).map_err(io_of(&private.folder))?;
        Ok(private)
    }

    /// Puts a record in place of any other of its key. **On return** it outlives the power.
    ///
    /// # Errors
    /// [`PrivateError::TooLarge`]: nothing was written. [`PrivateError::Io`], [`PrivateError::Damaged`]: unknown until the next
    /// opening, and no further write is taken.
    pub fn put(&self, map: &str, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), PrivateError> {
        self.write(map, key.as_ref(), Some(value.as_ref()))
    }

    /// Erases a record. **On return** no reader finds it, now or after a power cut. Its bytes leave the disk with
    /// [`Private::compact`].
    ///
    /// # Errors
    /// As [`Private::put`].
    pub fn delete(&self, map: &str, key: impl AsRef<[u8]>) -> Result<(), PrivateError> {
        self.write(map, key.as_ref(), None)
    }

    fn write(&self, map: &str, key: &[u8], value: Option<&[u8]>) -> Result<(), PrivateError> {
        let key = record_key(map, key)?;
        if let Some(value) = value.filter(|value| value.len() > MAX_VALUE_BYTES) {
            return Err(PrivateError::TooLarge { what: "the value", bytes: value.len(), most: MAX_VALUE_BYTES });
        }
        let mut state = self.state();
        if let Some(why) = &state.poisoned {
            return Err(PrivateError::Poisoned(why.clone()));
        }
        let result = self.step(&mut state, &key, value);
        state.poisoned = result.as_ref().err().map(ToString::to_string);
        result
    }

    fn step(&self, state: &mut State, key: &[u8], value: Option<&[u8]>) -> Result<(), PrivateError> {
        let tree = &state.records.tree;
        let mut totals = state.head.totals;
        totals.writes += 1;
        if let Some(old) = guarded(|| tree.get(key)).map_err(|why| self.doubtful(&why))? {
            totals.subtract(key, &old);
        }
        // 1. The record and the totals with it, in one batch: sled recovers both or neither.
        let mut batch = Batch::default();
        match value {
            Some(value) => {
                totals.add(key, value);
                batch.insert(key, value);
            }
            None => batch.remove(key),
        }
        batch.insert(TOTALS, &totals.encode());
        guarded(|| tree.apply_batch(batch)).map_err(|why| self.doubtful(&why))?;
        // 2. To the device: what sled holds, then what the device's cache holds. After a crash before this the write is
        //    there or not; nobody has an answer.
        // 3. The head, to the device. From here on, an opening that does not find the write refuses.
        state.head.totals = totals;
        self.settle(state).map_err(|(file, source)| PrivateError::Io { file, source })
    }

    /// Records, then head, to the device.
    fn settle(&self, state: &State) -> Result<(), (PathBuf, io::Error)> {
        let sled_file = generation_folder(&self.folder, state.head.generation).join("db");
        let head_path = self.folder.join(HEAD);
        guarded(|| state.records.db.flush()).map_err(|why| (sled_file.clone(), io::Error::other(why)))?;
        (self.sync)(&state.records.file).map_err(|source| (sled_file, source))?;
        state.head.write(&state.head_file).map_err(|source| (head_path.clone(), source))?;
        (self.sync)(&state.head_file).map_err(|source| (head_path, source))
    }

    /// The record of a key.
    ///
    /// # Errors
    /// [`PrivateError::Damaged`].
    pub fn get(&self, map: &str, key: impl AsRef<[u8]>) -> Result<Option<Bytes>, PrivateError> {
        let key = record_key(map, key.as_ref())?;
        let tree = self.state().records.tree.clone();
        let value = guarded(|| tree.get(key)).map_err(|why| self.doubtful(&why))?;
        Ok(value.map(|value| Bytes::copy_from_slice(&value)))
    }

    /// The records whose keys begin with `prefix`, in order of their keys, at most `limit` of them.
    ///
    /// # Errors
    /// [`PrivateError::Damaged`].
    pub fn scan_prefix(&self, map: &str, prefix: &[u8], limit: usize) -> Result<Vec<(Bytes, Bytes)>, PrivateError> {
        let full = record_key(map, prefix)?;
        let skip = full.len() - prefix.len();
        let tree = self.state().records.tree.clone();
        let mut found = Vec::new();
        for item in guarded_items(tree.scan_prefix(full)).take(limit) {
            let (key, value) = item.map_err(|why| self.doubtful(&why))?;
            let key = key.get(skip..).unwrap_or_default();
            found.push((Bytes::copy_from_slice(key), Bytes::copy_from_slice(&value)));
        }
        Ok(found)
    }

    /// Number of records.
    pub fn len(&self) -> u64 {
        self.state().head.totals.records
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies all records into a new file and removes the old one, with the bytes of what was erased.
    ///
    /// What a device keeps of a removed file's blocks is beyond this: for that, encrypt the disk.
    ///
    /// # Errors
    /// As [`Private::put`].
    pub fn compact(&self) -> Result<(), PrivateError> {
        let mut state = self.state();
        if let Some(why) = &state.poisoned {
            return Err(PrivateError::Poisoned(why.clone()));
        }
        let next = state.head.generation + 1;
        // 1. A copy under the next number. A crash leaves a folder that the head does not name; opening removes it.
        remove_other_generations(&self.folder, state.head.generation).map_err(io_of(&self.folder))?;
        let copy = Records::open(&self.folder, &generation_folder(&self.folder, next))?;
        for item in guarded_items(state.records.tree.iter()) {
            let (key, value) = item.map_err(|why| self.doubtful(&why))?;
            guarded(|| copy.tree.insert(key, value)).map_err(|why| self.doubtful(&why))?;
        }
        guarded(|| copy.db.flush()).map_err(|why| self.doubtful(&why))?;
        (self.sync)(&copy.file).map_err(io_of(&self.folder))?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(io_of(&self.folder))?;
        // 2. The head names it. A crash after this leaves the old folder; opening removes it.
        let head = Head { generation: next, ..state.head };
        let named = head.write(&state.head_file).and_then(|()| (self.sync)(&state.head_file));
        if let Err(source) = named {
            state.poisoned = Some(format!("naming the copy: {source}"));
            return Err(PrivateError::Io { file: self.folder.join(HEAD), source });
        }
        state.head = head;
        drop(std::mem::replace(&mut state.records, copy));
        // 3. The old bytes go.
        remove_other_generations(&self.folder, next).map_err(io_of(&self.folder))
    }

    /// Renames private data that does not open, so that an empty one can be made beside it; gives its new path.
    ///
    /// For an operator who has read what [`Private::open`] says, and has no backup. Nothing calls this by itself.
    ///
    /// # Errors
    /// [`PrivateError::Locked`], [`PrivateError::Io`].
    pub fn set_aside(folder: impl AsRef<Path>) -> Result<PathBuf, PrivateError> {
        let folder = folder.as_ref();
        let private = folder.join(PRIVATE);
        let held = lock::take(&private).map_err(of_lock)?;
        let free = (1_u32..).map(|number| folder.join(format!("{PRIVATE}.aside-{number}"))).find(|path| !path.exists());
        let aside = free.unwrap_or_else(|| folder.join(format!("{PRIVATE}.aside")));
        fs::rename(&private, &aside).map_err(io_of(&private))?;
        drop(held);
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_of(folder))?;
        Ok(aside)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doubtful(&self, why: &Doubt) -> PrivateError {
        damaged(&self.folder, &why.to_string())
    }
}

impl Records {
    fn open(folder: &Path, path: &Path) -> Result<Self, PrivateError> {
        let refused = |why: Doubt| damaged(folder, &why.to_string());
        let db = open_sled(path, TUNING).map_err(refused)?;
        let tree = guarded(|| db.open_tree("records")).map_err(refused)?;
        let file = File::open(path.join("db")).map_err(io_of(path))?;
        Ok(Self { tree, db, file })
    }

    /// The totals that were written with the last record, held against all records.
    fn totals(&self, folder: &Path) -> Result<Totals, PrivateError> {
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

/// Whether the records are those of the last write that was acknowledged, or of the one after it.
fn hold_against(acknowledged: Totals, found: Totals, folder: &Path) -> Result<(), PrivateError> {
    // The head is written after the record: it may be one behind, for a write that nobody had an answer to.
    if found.writes != acknowledged.writes && found.writes != acknowledged.writes + 1 {
        let what = format!("{} writes are there, {} were acknowledged", found.writes, acknowledged.writes);
        return Err(damaged(folder, &what));
    }
    if found.writes == acknowledged.writes && found != acknowledged {
        return Err(damaged(folder, "the records are not those of the last write"));
    }
    Ok(())
}

/// What the records of a generation hold, found without opening them.
fn check_copy(folder: &Path, generation: u64) -> Result<Totals, PrivateError> {
    let copy = folder.join(CHECKING);
    let io = io_of(&copy);
    let clear = || if copy.exists() { fs::remove_dir_all(&copy) } else { Ok(()) };
    clear().map_err(&io)?;
    copy_folder(&generation_folder(folder, generation), &copy).map_err(&io)?;
    let found = Records::open(folder, &copy).and_then(|records| records.totals(folder));
    clear().map_err(io)?;
    found
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

fn record_key(map: &str, key: &[u8]) -> Result<Vec<u8>, PrivateError> {
    let full = [&[RECORD], map.as_bytes(), &[0], key].concat();
    if full.len() > MAX_KEY_BYTES {
        return Err(PrivateError::TooLarge { what: "the key", bytes: full.len(), most: MAX_KEY_BYTES });
    }
    Ok(full)
}

fn generation_folder(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("records-{generation}"))
}

/// Numbers of the folders that hold records.
fn generations(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.strip_prefix("records-")?.parse::<u64>().ok()));
    }
    Ok(numbers)
}

/// Removes the folders that the head does not name: a copy that was not finished, or the original of one that was.
fn remove_other_generations(folder: &Path, keep: u64) -> io::Result<()> {
    let others = generations(folder)?.into_iter().filter(|number| *number != keep);
    others.map(|number| generation_folder(folder, number)).try_for_each(fs::remove_dir_all)
}

fn damaged(folder: &Path, what: &str) -> PrivateError {
    PrivateError::Damaged { folder: folder.to_owned(), what: what.to_owned() }
}

fn io_of(file: &Path) -> impl Fn(io::Error) -> PrivateError {
    let file = file.to_owned();
    move |source| PrivateError::Io { file: file.clone(), source }
}

fn of_lock(error: LockError) -> PrivateError {
    match error {
        LockError::Held { file } => PrivateError::Locked { file },
        LockError::Io { file, source } => PrivateError::Io { file, source },
    }
}
