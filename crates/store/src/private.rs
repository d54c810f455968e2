//! Private data: small records that no log has, and that are nowhere else. README, "Private data".
//!
//! Scan counts, reports, clearances. Each write is on the device before it returns, and each record can be erased. Unlike the
//! views, nothing can rebuild them: what does not open is refused by name, and never removed; only the operator sets it
//! aside.

mod error;
mod head;
mod opening;
mod records;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sled::Batch;

use crate::Doubt;
use crate::database::{guarded, guarded_items};
use crate::lock;
use crate::puts::{MAX_KEY_BYTES, MAX_VALUE_BYTES};
pub use error::PrivateError;
use error::{damaged, io_of, of_lock};
use head::Head;
use opening::{HEAD, generation_folder};
use records::{RECORD, Records, TOTALS};

/// Folder of the private data, in the database's folder; never touched by what recreates the views.
const PRIVATE: &str = "private";

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
        let opened = opening::open(&folder)?;
        let state = State { head: opened.head, head_file: opened.head_file, records: opened.records, poisoned: None };
        let private = Self { folder, sync, state: Mutex::new(state), _lock: lock };
        // What a killed process left in the system's cache goes to the device before it is relied on; so do the names.
        let settled = private.settle(&private.state());
        settled.map_err(|(file, source)| PrivateError::Io { file, source })?;
        opening::sync_names(&private.folder)?;
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
        opening::remove_other_generations(&self.folder, state.head.generation)?;
        let copy = Records::open(&self.folder, &generation_folder(&self.folder, next))?;
        for item in guarded_items(state.records.tree.iter()) {
            let (key, value) = item.map_err(|why| self.doubtful(&why))?;
            guarded(|| copy.tree.insert(key, value)).map_err(|why| self.doubtful(&why))?;
        }
        guarded(|| copy.db.flush()).map_err(|why| self.doubtful(&why))?;
        (self.sync)(&copy.file).map_err(io_of(&self.folder))?;
        opening::sync_names(&self.folder)?;
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
        opening::remove_other_generations(&self.folder, next)
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
        opening::sync_names(folder)?;
        Ok(aside)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doubtful(&self, why: &Doubt) -> PrivateError {
        damaged(&self.folder, &why.to_string())
    }
}

fn record_key(map: &str, key: &[u8]) -> Result<Vec<u8>, PrivateError> {
    let full = [&[RECORD], map.as_bytes(), &[0], key].concat();
    if full.len() > MAX_KEY_BYTES {
        return Err(PrivateError::TooLarge { what: "the key", bytes: full.len(), most: MAX_KEY_BYTES });
    }
    Ok(full)
}
