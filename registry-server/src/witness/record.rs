//! What was last cosigned of a log, in memory; `records` has it on the disk.

use std::io;

use primitives::{Hash, Timestamp};
use tlog::{Checkpoint, EMPTY_ROOT, Note, OpenedCheckpoint};

/// The last checkpoint cosigned, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Record {
    size: u64,
    root: Hash,
    /// The log's note and this witness's line, the last of it.
    note: Option<Note>,
    line: Option<String>,
    /// When it was cosigned by this process, in whole seconds.
    second: Option<u64>,
    pub(super) rate: Rate,
}

/// The name of a log where witnesses serve what they cosigned of it: its origin's SHA-256.
pub(super) fn name(origin: &str) -> String {
    Hash::of(origin.as_bytes()).to_string()
}

impl Record {
    /// Reads a note of `records`; `None` where there is none.
    pub(super) fn read(note: Option<&[u8]>) -> io::Result<Self> {
        let none = Self { size: 0, root: EMPTY_ROOT, note: None, line: None, second: None, rate: Rate::default() };
        let Some(bytes) = note else { return Ok(none) };
        let damaged = |why: String| io::Error::new(io::ErrorKind::InvalidData, format!("damaged: {why}"));
        let note = Note::parse(bytes).map_err(|error| damaged(error.to_string()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|error| damaged(error.to_string()))?;
        Ok(Self { size: checkpoint.size(), root: checkpoint.root(), note: Some(note), ..none })
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
    pub(super) fn next(&self, note: Note, line: String, checkpoint: &OpenedCheckpoint, now: Timestamp) -> Self {
        Self {
            size: checkpoint.size(),
            root: checkpoint.root(),
            note: Some(note),
            line: Some(line),
            second: Some(now.seconds()),
            rate: self.rate,
        }
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
