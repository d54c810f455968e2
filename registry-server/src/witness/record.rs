//! What was last cosigned of a log, in a file that is replaced whole.

use std::io;
use std::path::{Path, PathBuf};

use primitives::{Hash, Timestamp};
use tlog::{Checkpoint, EMPTY_ROOT, Note, OpenedCheckpoint};

use crate::whole_file;

/// The last checkpoint cosigned, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Record {
    path: PathBuf,
    size: u64,
    root: Hash,
    /// The log's note and this witness's line, the last of it.
    note: Option<Note>,
    line: Option<String>,
    /// When it was cosigned by this process, in whole seconds.
    second: Option<u64>,
    /// The file could not be read after a write that failed: nothing is cosigned until it can.
    broken: bool,
    pub(super) rate: Rate,
}

/// The name of a log's record: its origin's SHA-256, as in the address under which witnesses serve it.
pub(super) fn name(origin: &str) -> String {
    Hash::of(origin.as_bytes()).to_string()
}

pub(super) fn path(folder: &Path, origin: &str) -> PathBuf {
    folder.join(name(origin))
}

impl Record {
    /// Reads the record. A file that is there and cannot be read is not an empty record.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let (size, root) = (0, EMPTY_ROOT);
        let none =
            Self { path, size, root, note: None, line: None, second: None, broken: false, rate: Rate::default() };
        let Some(bytes) = whole_file::read(&none.path)? else { return Ok(none) };
        let damaged = |why: String| io::Error::new(io::ErrorKind::InvalidData, format!("damaged: {why}"));
        let note = Note::parse(&bytes).map_err(|error| damaged(error.to_string()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|error| damaged(error.to_string()))?;
        Ok(Self { size: checkpoint.size(), root: checkpoint.root(), note: Some(note), ..none })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) const fn root(&self) -> Hash {
        self.root
    }

    pub(super) const fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// The line with which this process cosigned it.
    pub(super) fn line(&self) -> Option<&str> {
        self.line.as_deref()
    }

    /// Whether this very checkpoint was cosigned within this second.
    pub(super) fn is(&self, checkpoint: &OpenedCheckpoint, now: Timestamp) -> bool {
        self.second == Some(now.seconds())
            && self.note.as_ref().is_some_and(|note| note.text() == checkpoint.note().text())
    }

    /// The record after this cosignature.
    pub(super) fn next(&self, note: Note, checkpoint: &OpenedCheckpoint, now: Timestamp) -> Self {
        let line = note.signatures().last().map(ToString::to_string);
        Self {
            path: self.path.clone(),
            size: checkpoint.size(),
            root: checkpoint.root(),
            note: Some(note),
            line,
            second: Some(now.seconds()),
            broken: false,
            rate: self.rate,
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.note.as_ref().map(|note| note.to_string().into_bytes()).unwrap_or_default()
    }

    /// Reads the file again, after a write of which nobody knows whether it took place.
    pub(super) fn read_again(&mut self) {
        match Self::open(self.path.clone()) {
            Ok(record) => *self = Self { rate: self.rate, ..record },
            Err(_) => self.broken = true,
        }
    }

    /// Reads the file again if the last attempt failed.
    pub(super) fn mend(&mut self) -> io::Result<()> {
        if self.broken {
            *self = Self { rate: self.rate, ..Self::open(self.path.clone())? };
        }
        Ok(())
    }
}

/// How many were written in this second.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rate {
    second: u64,
    taken: u32,
}

impl Rate {
    /// Takes one of this second's, if there is one.
    pub(super) const fn take(&mut self, now: Timestamp, most: u32) -> bool {
        if self.second != now.seconds() {
            *self = Self { second: now.seconds(), taken: 0 };
        }
        let has_one = self.taken < most;
        if has_one {
            self.taken += 1;
        }
        has_one
    }
}
