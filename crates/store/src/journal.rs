//! The one durable point of the registry: an append-only, create-only sequence of [`Record`]s.
//!
//! A backend offers two ideas, `append` and `read`, and nothing to change or remove what is there. They are small
//! enough for a folder of files, for memory, and for an object store with one create-only object a record (a conditional
//! put is then the fence between two writers). What each method promises is held by the suite in `contract`.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{Record, RecordError};

/// An append-only sequence of records, numbered from 0 without gaps.
///
/// Of two writers on one journal, at most one gets a given number; the other sees [`AppendError::Taken`] and must stop.
/// Records chain: the first index of one is the tree size of the one before, and 0 for the first.
pub trait Journal: Send + Sync + 'static {
    /// Writes record number `seq`, which must be [`Journal::len`].
    ///
    /// **On `Ok`** the record is durable: it outlives the process, the kernel and the power, and `read(seq)` gives it, now
    /// and after every reopening.
    /// **On [`AppendError::Io`]** the record is, after the next opening, wholly there or wholly absent; which one is
    /// unknown until then, and this value accepts nothing more ([`AppendError::Poisoned`]).
    /// **On any other error** nothing was written.
    /// **A repeat** of a taken number is [`AppendError::Taken`], whether or not the bytes are the same: nothing is ever
    /// overwritten, and an idempotent repeat is for the caller to recognise.
    /// **A dropped future** does not undo the append: it may still complete, and `len` then shows it.
    fn append(&self, seq: u64, record: &Record) -> impl Future<Output = Result<(), AppendError>> + Send;

    /// Gives record number `seq` as it was appended, its checks verified; `None` at or past [`Journal::len`].
    ///
    /// # Errors
    /// [`ReadError::Damaged`] names what is wrong and where; nothing is repaired, and other records stay readable.
    fn read(&self, seq: u64) -> impl Future<Output = Result<Option<Record>, ReadError>> + Send;

    /// The number that the next record takes: how many records are durable.
    fn len(&self) -> u64;

    /// Whether no record is there.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of entries in all records: the tree size after the last one.
    fn entries(&self) -> u64;

    /// Number of the record that holds log entry `index`; `None` at or past [`Journal::entries`].
    fn locate(&self, index: u64) -> Option<u64>;
}

impl<J: Journal> Journal for Arc<J> {
    fn append(&self, seq: u64, record: &Record) -> impl Future<Output = Result<(), AppendError>> + Send {
        J::append(self, seq, record)
    }

    fn read(&self, seq: u64) -> impl Future<Output = Result<Option<Record>, ReadError>> + Send {
        J::read(self, seq)
    }

    fn len(&self) -> u64 {
        J::len(self)
    }

    fn entries(&self) -> u64 {
        J::entries(self)
    }

    fn locate(&self, index: u64) -> Option<u64> {
        J::locate(self, index)
    }
}

/// Why a record was not appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Somebody has written this number: another writer is alive, or the caller repeats itself.
    #[error("record {0} is already written: another writer may be alive")]
    Taken(u64),
    /// The number leaves a gap.
    #[error("record number is {seq}, expected {next}")]
    Gap {
        /// Number asked for.
        seq: u64,
        /// Number that is next.
        next: u64,
    },
    /// The record does not begin where the log ends.
    #[error("the record begins at entry {first_index}, expected {expected}")]
    NotNext {
        /// First index of the record.
        first_index: u64,
        /// Entries in the journal.
        expected: u64,
    },
    /// The value cannot be a record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The device failed; whether the record is there shows at the next opening.
    #[error("writing record {seq}: {step}")]
    Io {
        /// Number of the record.
        seq: u64,
        /// The write that failed, with its file.
        step: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// An earlier append failed, so what is on the device is unknown until the journal is opened again.
    #[error("the journal accepts nothing until it is opened again: {0}")]
    Poisoned(String),
}

impl AppendError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Taken(_) => "journal_taken",
            Self::Gap { .. } => "journal_gap",
            Self::NotNext { .. } => "journal_not_next",
            Self::Record(error) => error.code(),
            Self::Io { .. } => "journal_io",
            Self::Poisoned(_) => "journal_poisoned",
        }
    }
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes on the device are not those that were written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The device failed.
    #[error("reading {}", file.display())]
    Io {
        /// File that was read.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ReadError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(damage) => damage.what.code(),
            Self::Io { .. } => "journal_io",
        }
    }
}

/// Where the journal is not what was written, and how. Nothing is repaired: restore the file from a mirror.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} at byte {offset}{}: {what}", file.display(), seq.map(|seq| format!(", record {seq}")).unwrap_or_default())]
pub struct Damage {
    /// File, or object.
    pub file: PathBuf,
    /// Byte in the file at which the wrong part begins.
    pub offset: u64,
    /// Number of the record, where the damage lies in one.
    pub seq: Option<u64>,
    /// What is wrong.
    pub what: DamageKind,
}

/// How bytes differ from what the journal writes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DamageKind {
    /// A check does not match its bytes.
    #[error("checksum does not match")]
    Checksum,
    /// Bytes that check, but are not what belongs here.
    #[error("{0}")]
    Content(String),
    /// The record's own bytes are wrong.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Something stands where nothing was written yet.
    #[error("bytes after the last record")]
    Trailing,
    /// The file ends before what it must hold.
    #[error("the file ends early: {found} bytes, expected {expected}")]
    Short {
        /// Bytes there.
        found: u64,
        /// Bytes that must be there.
        expected: u64,
    },
    /// A file of the sequence is not there.
    #[error("the file is missing")]
    Missing,
    /// Records that were acknowledged are not there.
    #[error("records are lost: {0}")]
    Lost(String),
}

impl DamageKind {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Checksum => "journal_checksum",
            Self::Content(_) => "journal_content",
            Self::Record(error) => error.code(),
            Self::Trailing => "journal_trailing",
            Self::Short { .. } => "journal_short",
            Self::Missing => "journal_missing",
            Self::Lost(_) => "journal_lost",
        }
    }
}
