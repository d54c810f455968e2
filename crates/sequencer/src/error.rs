//! Why a submission, an opening or a reading fails, and why a writer stops.

use std::sync::Arc;

use primitives::Hash;
use store::{AppendError, ReadError as JournalReadError};
use tlog::{CheckpointError, SignNoteError};

use crate::clock::ClockFault;
use crate::ledger::ChainFault;
use crate::views::ViewError;

/// Why a submission has no receipt.
///
/// Except for [`SubmitError::Unavailable`], nothing was logged. An unavailable log may have taken the entry or not: submit
/// it again, the answer is the same receipt either way.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError<R> {
    /// The law does not admit it. Ask the refusal for its own code.
    #[error("the statement is refused")]
    Refused(R),
    /// As many submissions wait as are allowed to. Try again in a moment.
    #[error("too many statements are waiting")]
    Overloaded,
    /// No entry can be dated now.
    #[error(transparent)]
    Clock(#[from] ClockFault),
    /// Nothing is accepted until the log has been opened again and verified.
    #[error("the log accepts nothing until it is opened again: {0}")]
    Unavailable(Arc<Failure>),
    /// The log is being closed.
    #[error("the log is closing")]
    Closing,
    /// Longer than the log takes.
    #[error("the statement has {found} bytes, expected at most {limit}")]
    TooLarge {
        /// Bytes given.
        found: usize,
        /// Most bytes taken.
        limit: usize,
    },
    /// The log has as many entries as its lookup columns can name.
    #[error("the log is full")]
    Full,
    /// This is a copy of a log that another writer grows.
    #[error("this log is a copy, and takes no statements")]
    Copy,
}

impl<R> SubmitError<R> {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Overloaded => "overloaded",
            Self::Clock(fault) => fault.code(),
            Self::Unavailable(_) => "unavailable",
            Self::Closing => "closing",
            Self::TooLarge { .. } => "statement_too_large",
            Self::Full => "log_full",
            Self::Copy => "copy",
        }
    }
}

/// Why the writer stopped. Reading goes on; writing does not, until [`crate::Sequencer::open`] has verified the log anew.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The journal did not take a record. Whether it is there, the next opening shows.
    #[error("journal: {0}")]
    Append(#[from] AppendError),
    /// What was just written could not be read back.
    #[error("reading back record {seq}: {source}")]
    ReadBack {
        /// Number of the record.
        seq: u64,
        /// What the journal said.
        source: JournalReadError,
    },
    /// What was read back is not what was written. Nothing was signed.
    #[error("record {seq} reads back differently from what was written: {what}")]
    Differs {
        /// Number of the record.
        seq: u64,
        /// In what.
        what: &'static str,
    },
    /// An entry that a submission may repeat could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database did not take the views.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// The checkpoint could not be signed.
    #[error("signing the checkpoint: {0}")]
    Sign(#[from] SignError),
    /// What was taken over from another writer could not be applied.
    #[error("applying what was taken over: {0}")]
    TakenOver(Box<OpenError>),
    /// What was taken over is not the tree of its checkpoint: whoever took it over did not check it.
    #[error("the entries taken over give the root {found} at {size}, expected {expected}")]
    OtherTree {
        /// Size of the checkpoint.
        size: u64,
        /// Root of the entries.
        found: Hash,
        /// Root in the checkpoint.
        expected: Hash,
    },
    /// The other writer's log has more entries than lookup columns can name.
    #[error("the log has more entries than can be looked up")]
    Full,
    /// The writer ended without a word: it panicked.
    #[error("the writer stopped unexpectedly")]
    Panicked,
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::TakenOver(Box::new(error))
    }
}

impl Failure {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Append(error) => error.code(),
            Self::ReadBack { source, .. } => source.code(),
            Self::Differs { .. } => "journal_differs",
            Self::Read(error) => error.code(),
            Self::Views(error) => error.code(),
            Self::Sign(error) => error.code(),
            Self::TakenOver(error) => error.code(),
            Self::OtherTree { .. } => "other_tree",
            Self::Full => "log_full",
            Self::Panicked => "writer_panicked",
        }
    }

    /// Whether another writer has this journal: opening again would only make two of them fight.
    #[must_use]
    pub const fn is_fenced(&self) -> bool {
        matches!(self, Self::Append(AppendError::Taken(_)))
    }
}

/// Why a checkpoint could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The origin cannot stand in a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The key did not sign.
    #[error(transparent)]
    Note(#[from] SignNoteError),
}

impl SignError {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Checkpoint(error) => error.code(),
            Self::Note(error) => error.code(),
        }
    }
}

/// Why a log could not be opened. Nothing was changed but views, which can be made again.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A record could not be read.
    #[error("journal record {seq}: {source}")]
    Journal {
        /// Number of the record.
        seq: u64,
        /// What the journal said.
        source: JournalReadError,
    },
    /// A record that the journal counts is not there.
    #[error("journal record {seq} is missing")]
    RecordMissing {
        /// Number of the record.
        seq: u64,
    },
    /// A record does not continue the log.
    #[error("journal record {seq}: {source}")]
    Chain {
        /// Number of the record.
        seq: u64,
        /// How it does not.
        source: ChainFault,
    },
    /// A checkpoint was signed over more entries than the journal has: it was cut, or an old copy was put in its place.
    /// To go on would be to sign another log under the same name.
    #[error("the journal has {journal} entries, a checkpoint was signed for {signed}")]
    BehindSigned {
        /// Entries in the journal.
        journal: u64,
        /// Size of the signed checkpoint.
        signed: u64,
    },
    /// Nothing says what was signed, and the journal has entries. An old copy of it would be continued by a second history.
    #[error(
        "the journal has {journal} entries, and the record of what was signed is gone: restore that file, or, where this journal \
         is the newest there is, say so"
    )]
    SignedMissing {
        /// Entries in the journal.
        journal: u64,
    },
    /// A checkpoint was signed over other entries than the journal has.
    #[error("the checkpoint signed for {size} entries has the root {signed}, the journal has {journal}")]
    Forked {
        /// Size of the signed checkpoint.
        size: u64,
        /// Its root.
        signed: Hash,
        /// The journal's root at that size; the all-zero hash where no batch of it ends there.
        journal: Hash,
    },
    /// The clock is so far ahead that it is more likely wrong than the log was idle. If it is right, say so
    /// (`Options::clock_ok`).
    #[error("the clock says {now_millis}, more than 30 days after the last entry, received at {last_millis}")]
    ClockAhead {
        /// What the clock says.
        now_millis: u64,
        /// When the last entry was received.
        last_millis: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// The checkpoint could not be signed.
    #[error("signing the checkpoint: {0}")]
    Sign(#[from] SignError),
    /// The writer's thread could not be started.
    #[error("starting the writer: {0}")]
    Thread(std::io::Error),
}

impl OpenError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal { source, .. } => source.code(),
            Self::RecordMissing { .. } => "journal_missing",
            Self::Chain { source: ChainFault::FirstIndex { .. }, .. } => "journal_first_index",
            Self::Chain { source: ChainFault::Root { .. }, .. } => "journal_root",
            Self::BehindSigned { .. } => "behind_signed",
            Self::SignedMissing { .. } => "signed_missing",
            Self::Forked { .. } => "forked",
            Self::ClockAhead { .. } => "clock_ahead",
            Self::Views(error) => error.code(),
            Self::Sign(error) => error.code(),
            Self::Thread(_) => "writer_thread",
        }
    }
}

/// Why something that is in the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalReadError),
    /// The database could not be read.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// A view lacks what the journal has: opening the log with an empty database makes it again.
    #[error("the database lacks tile {index} of level {level}")]
    TileMissing {
        /// Level of the tile.
        level: u8,
        /// Index of the tile.
        index: u64,
    },
    /// The journal lacks an entry that was published.
    #[error("the journal lacks entry {index}")]
    EntryMissing {
        /// The entry.
        index: u64,
    },
    /// The log has been closed, or is being opened again.
    #[error("the log is not open")]
    NotOpen,
}

impl ReadError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::Views(error) => error.code(),
            Self::TileMissing { .. } => "tile_missing",
            Self::EntryMissing { .. } => "entry_missing",
            Self::NotOpen => "not_open",
        }
    }
}
