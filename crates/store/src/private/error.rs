//! Why private data is refused.

use std::io;
use std::path::{Path, PathBuf};

use crate::lock::LockError;

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

pub(super) fn damaged(folder: &Path, what: &str) -> PrivateError {
    PrivateError::Damaged { folder: folder.to_owned(), what: what.to_owned() }
}

pub(super) fn io_of(file: &Path) -> impl Fn(io::Error) -> PrivateError {
    move |source| PrivateError::Io { file: file.to_owned(), source }
}

pub(super) fn of_lock(error: LockError) -> PrivateError {
    match error {
        LockError::Held { file } => PrivateError::Locked { file },
        LockError::Io { file, source } => PrivateError::Io { file, source },
    }
}
