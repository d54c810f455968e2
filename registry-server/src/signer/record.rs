//! The last tree that was signed, in a file that is replaced whole.
//!
//! ```text
//! <state>/last    the checkpoint's text; empty before the first
//! <state>/lock    held by the one signer that runs on this state
//! ```
//!
//! The file is read for each request: after a write of which nobody knows whether it took place, it says what holds.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use thiserror::Error;
use tlog::Checkpoint;

use crate::{keys, whole_file};

/// The folder is there, and what was signed last is not.
#[derive(Debug, Error)]
#[error("{} is gone: what this signer signed is not known", .0.display())]
pub(crate) struct Lost(pub(crate) PathBuf);

#[derive(Debug)]
pub(super) struct Record {
    file: PathBuf,
    /// Let go when the process ends, however it does.
    _lock: File,
}

impl Record {
    /// Opens the state in this folder. A folder that is not there is made: nothing was signed yet. One that is there without the file
    /// has lost it, which is for a person.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let is_new = !folder.exists();
        if is_new {
            std::fs::DirBuilder::new().mode(0o700).create(folder).with_context(|| folder.display().to_string())?;
        }
        let lock = folder.join("lock");
        let lock = File::create(&lock).with_context(|| lock.display().to_string())?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another signer runs on the state in {}", folder.display()),
            Err(TryLockError::Error(error)) => return Err(error).context(folder.display().to_string()),
        }
        let file = folder.join("last");
        if is_new {
            keys::write_new(&file, b"", 0o600).with_context(|| file.display().to_string())?;
            // The folder's own name must outlive a power cut with what is in it.
            let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(parent).and_then(|parent| parent.sync_all()).with_context(|| parent.display().to_string())?;
        }
        let record = Self { file, _lock: lock };
        if !record.file.exists() {
            return Err(Lost(record.file).into());
        }
        record.read().with_context(|| format!("what was signed last, {}", record.file.display()))?;
        Ok(record)
    }

    /// The last checkpoint signed; `None` before the first.
    pub(super) fn read(&self) -> io::Result<Option<Checkpoint>> {
        let damaged = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        let bytes = whole_file::read(&self.file)?.ok_or_else(|| damaged("it is gone"))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let text = str::from_utf8(&bytes).map_err(|_| damaged("it is no text"))?;
        Checkpoint::parse(text).map(Some).map_err(|error| damaged(&error.to_string()))
    }

    /// Remembers a checkpoint, durably.
    pub(super) fn write(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        whole_file::replace(&self.file, checkpoint.to_text().as_bytes())
    }
}
