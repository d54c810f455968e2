//! Why a manifest is not read, or not further: what had been read before stays read.

use std::io;

use thiserror::Error;
use workbook::WorkbookError;

use crate::failure::Failure;

/// Why a manifest is not read, or not further.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ManifestError {
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("there is no line in it")]
    Empty,
    #[error("is UTF-16, expected UTF-8")]
    Utf16,
    #[error("is neither text nor a workbook, an EPCIS document or a picture")]
    NotText,
    #[error("is XML, which is not read")]
    Xml,
    #[error("has no column of labels; its headers are: {headers}")]
    NoLabelColumn { headers: String },
    #[error("has two columns for the {field}: {first} and {second}")]
    ColumnTwice { field: &'static str, first: String, second: String },
    #[error("has no column {wanted:?} for the {field}; its headers are: {headers}")]
    ColumnNotFound { field: &'static str, wanted: String, headers: String },
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("is not sound JSON: {what} (line {line}, column {column})")]
    JsonInvalid { what: String, line: usize, column: usize },
    #[error("the JSON is nested deeper than {limit}")]
    JsonTooDeep { limit: u32 },
    #[error("the JSON has a string longer than {limit} bytes")]
    JsonStringTooLong { limit: usize },
    #[error("is JSON, but not an EPCIS 2.0 document")]
    NotEpcis,
    #[error("has more than {limit} files")]
    TooManyFiles { limit: usize },
    /// A fault in this program, not in the manifest.
    #[error("the reader gave up")]
    Stopped,
}

impl ManifestError {
    /// The stable reason code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty",
            Self::Utf16 => "utf_16",
            Self::NotText => "not_text",
            Self::Xml => "xml",
            Self::NoLabelColumn { .. } => "no_label_column",
            Self::ColumnTwice { .. } => "column_twice",
            Self::ColumnNotFound { .. } => "column_not_found",
            Self::Workbook(error) => error.code(),
            Self::JsonInvalid { .. } => "json_invalid",
            Self::JsonTooDeep { .. } => "json_too_deep",
            Self::JsonStringTooLong { .. } => "json_string_too_long",
            Self::NotEpcis => "not_epcis",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::Stopped => "stopped",
        }
    }

    /// What the person with the manifest can do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "a manifest is a file, a folder of pictures, or - for standard input",
            Self::Empty => "give a file with a label a line or row, or a folder with a picture or more",
            Self::Utf16 => "save the list as UTF-8",
            Self::NotText => "save it as CSV or .xlsx; convert pictures to PNG or JPEG",
            Self::Xml => "export the events as EPCIS 2.0 JSON, or a table as CSV or .xlsx",
            Self::NoLabelColumn { .. } => {
                "name the column with the labels' addresses: --columns label=NAME (or its letter, or number)"
            }
            Self::ColumnTwice { .. } => "say which one is meant: --columns FIELD=NAME (or its letter, or number)",
            Self::ColumnNotFound { .. } => "--columns takes headers as written, letters, or numbers from 1",
            Self::Workbook(error) => error.hint(),
            Self::JsonInvalid { .. } => "the file may be cut short: ask for it again",
            Self::JsonTooDeep { .. } | Self::JsonStringTooLong { .. } => {
                "no EPCIS document is like this: ask the sender for CSV"
            }
            Self::NotEpcis => "an EPCIS document has epcisBody.eventList; a list of labels is a text with one a line",
            Self::TooManyFiles { .. } => "spread them over several folders",
            Self::Stopped => "report this with the file, if you may share it; CSV may be read meanwhile",
        }
    }

    /// The error for the person who typed the command.
    pub(crate) fn failure(&self, source: &str) -> Failure {
        Failure::new(format!("{source}: {self} ({})", self.code())).hint(self.hint())
    }
}

/// Limits broken inside of third-party readers come out of them wrapped in their I/O errors.
impl From<&io::Error> for ManifestError {
    fn from(error: &io::Error) -> Self {
        let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        ours.cloned().unwrap_or_else(|| Self::Unreadable(error.to_string()))
    }
}

impl From<io::Error> for ManifestError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

/// Why a reader of one kind of manifest ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody reads the lines any more.
    Gone,
    Refused(ManifestError),
}

impl From<ManifestError> for Stop {
    fn from(error: ManifestError) -> Self {
        Self::Refused(error)
    }
}

impl From<WorkbookError> for Stop {
    fn from(error: WorkbookError) -> Self {
        // What the source itself fails with is no fault of the workbook.
        Self::Refused(match error {
            WorkbookError::Unreadable(what) => ManifestError::Unreadable(what),
            other @ (WorkbookError::Old
            | WorkbookError::Encrypted
            | WorkbookError::NotAWorkbook { .. }
            | WorkbookError::Damaged { .. }
            | WorkbookError::TooLarge { .. }
            | WorkbookError::Bomb { .. }) => ManifestError::Workbook(other),
        })
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Refused(error.into())
    }
}
