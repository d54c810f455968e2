//! Why a workbook is not read, or not further: what was read before stays read.

use std::io;

use thiserror::Error;

/// Why a workbook is not read, or not further.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkbookError {
    /// The source failed.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A compound file of another age.
    #[error("is a workbook of Excel 97 to 2003 (.xls)")]
    Old,
    /// It needs a password.
    #[error("is an encrypted workbook")]
    Encrypted,
    /// An archive of something else.
    #[error("is an archive, but not an .xlsx workbook: {what}")]
    NotAWorkbook {
        /// What it is instead.
        what: &'static str,
    },
    /// What is in it contradicts itself or the format.
    #[error("the workbook is damaged: {what}")]
    Damaged {
        /// Where, in whose words it may be.
        what: String,
    },
    /// More bytes than are held.
    #[error("has more than {limit} bytes of a workbook")]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// More comes out of it than any spreadsheet program puts in.
    #[error("the workbook unpacks to more than {limit} {unit}")]
    Bomb {
        /// How many.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
}

impl WorkbookError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Old => "old_workbook",
            Self::Encrypted => "encrypted_workbook",
            Self::NotAWorkbook { .. } => "not_a_workbook",
            Self::Damaged { .. } => "damaged_workbook",
            Self::TooLarge { .. } => "too_large",
            Self::Bomb { .. } => "archive_bomb",
        }
    }

    /// What the person with the file can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "see whether the file is there and may be read",
            Self::Old => "save it as .xlsx or CSV",
            Self::Encrypted => "open it with its password, and save it without one as .xlsx or CSV",
            Self::NotAWorkbook { .. } => "unpack it, or save the table as .xlsx or CSV",
            Self::Damaged { .. } => "copy it again from where it came from, or save it as CSV",
            Self::TooLarge { .. } => "save it as CSV, which is read at any size",
            Self::Bomb { .. } => "no spreadsheet program writes this: ask the sender for CSV",
        }
    }
}

/// Limits broken inside of third-party readers come out of them wrapped in their I/O errors.
impl From<&io::Error> for WorkbookError {
    fn from(error: &io::Error) -> Self {
        let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        ours.cloned().unwrap_or_else(|| Self::Unreadable(error.to_string()))
    }
}

impl From<io::Error> for WorkbookError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}
