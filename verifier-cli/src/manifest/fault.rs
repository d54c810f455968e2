//! What is wrong with one line of a manifest, while the others are sound.

use std::fmt;
use std::sync::Arc;

use statement::{GtinError, HsCodeError, LotError};
use thiserror::Error;

use crate::photo::PhotoError;

/// The longest text that is shown of a cell, in characters.
const MAX_FOUND: usize = 64;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    /// The column's header, as written; `None` where the whole line is at fault or there is no header.
    pub(crate) column: Option<Arc<str>>,
    /// What stands there, cut to [`MAX_FOUND`] characters: escape it where it is shown. May be empty.
    pub(crate) found: String,
}

impl Fault {
    pub(super) fn new(reason: Reason) -> Self {
        Self { reason, column: None, found: String::new() }
    }

    pub(super) fn found(self, found: &str) -> Self {
        Self { found: found.chars().take(MAX_FOUND).collect(), ..self }
    }

    pub(super) fn column(self, column: Option<Arc<str>>) -> Self {
        Self { column, ..self }
    }
}

/// `Charge: a spreadsheet has rounded the number: 9.52E+12`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        write!(f, "{}", self.reason)?;
        if self.found.is_empty() { Ok(()) } else { write!(f, ": {}", self.found) }
    }
}

/// Why a line, or a cell of it, is not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Reason {
    #[error("there is no label in the row")]
    LabelMissing,
    #[error("the row is torn: it ends before its last cell or closing quote")]
    RowTorn,
    #[error("the row has {found} cells, expected {expected}")]
    CellCount { found: usize, expected: usize },
    #[error("the row is longer than {limit} bytes")]
    RowTooLong { limit: usize },
    #[error("the text is not UTF-8")]
    NotUtf8,
    #[error("the row has a NUL byte, which no text has")]
    NotText,
    #[error("a spreadsheet has rounded the number, and digits are lost")]
    MangledNumber,
    #[error("{0}")]
    GtinInvalid(GtinError),
    #[error("{0}")]
    LotInvalid(LotError),
    /// There is an EPCIS class without a lot, and quantities are counted by lot.
    #[error("the class of goods names no lot")]
    LotMissing,
    #[error("a spreadsheet has made a date of it")]
    DateInLot,
    #[error("serial is not of 1 to 20 characters of GS1's set 82")]
    SerialInvalid,
    #[error("country is not of two letters (ISO 3166-1 alpha-2)")]
    CountryInvalid,
    #[error("{0}")]
    HsCodeInvalid(HsCodeError),
    #[error("HS code has {0} digits, expected an even number")]
    HsCodeOdd(usize),
    #[error("quantity is not a whole number from 1, in plain digits")]
    QuantityInvalid,
    #[error("unit is none of UN/ECE Recommendation 20 that attestations use")]
    UnitInvalid,
    #[error("the cell is a formula, whose result nobody has declared")]
    Formula,
    #[error("the sheet has no column of labels")]
    SheetWithoutLabels,
    #[error("the goods are named by an EPC URN, which is no label")]
    EpcUrn,
    #[error("this names a logistic unit or a place, not goods")]
    LogisticUnit,
    #[error("the class of goods is neither a Digital Link nor an LGTIN")]
    ClassInvalid,
    #[error("{0}")]
    Picture(PhotoError),
    #[error("this is no file, and only the files of the folder are read")]
    NotAFile,
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
}

impl Reason {
    /// The stable reason code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::LabelMissing => "label_missing",
            Self::RowTorn => "row_torn",
            Self::CellCount { .. } => "cell_count",
            Self::RowTooLong { .. } => "row_too_long",
            Self::NotUtf8 => "not_utf8",
            Self::NotText => "not_text",
            Self::MangledNumber => "mangled_number",
            Self::GtinInvalid(_) => "gtin_invalid",
            Self::LotInvalid(_) => "lot_invalid",
            Self::LotMissing => "lot_missing",
            Self::DateInLot => "date_in_lot",
            Self::SerialInvalid => "serial_invalid",
            Self::CountryInvalid => "country_invalid",
            Self::HsCodeInvalid(_) | Self::HsCodeOdd(_) => "hs_code_invalid",
            Self::QuantityInvalid => "quantity_invalid",
            Self::UnitInvalid => "unit_invalid",
            Self::Formula => "formula",
            Self::SheetWithoutLabels => "sheet_without_labels",
            Self::EpcUrn => "epc_urn",
            Self::LogisticUnit => "logistic_unit",
            Self::ClassInvalid => "class_invalid",
            Self::Picture(error) => error.code(),
            Self::NotAFile => "not_a_file",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// What the person with the manifest can do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::LabelMissing => "scan the goods' code, and write its address into the label column",
            Self::RowTorn => "the file may be cut short: ask for it again; a lone quote is written twice inside quotes",
            Self::CellCount { .. } => "put quotes round a cell that holds the separator",
            Self::RowTooLong { .. } => "a label has at most 2048 bytes: look for a quote that is never closed",
            Self::NotUtf8 => "save the file as UTF-8",
            Self::NotText => "the file is damaged: copy it again from where it came from",
            Self::MangledNumber => {
                "format the column as text and enter the numbers again: the lost digits are not in the file"
            }
            Self::GtinInvalid(_) => "8, 12, 13 or 14 digits, the last one the check digit",
            Self::LotInvalid(_) => "1 to 20 letters, digits and marks, as printed on the goods",
            Self::LotMissing => "export quantities by lot: https://…/01/<GTIN>/10/<LOT>",
            Self::DateInLot => "format the column as text and enter the lot again as printed on the goods",
            Self::SerialInvalid => "copy the serial from the label: what follows /21/",
            Self::CountryInvalid => "two letters, such as NP for Nepal",
            Self::HsCodeInvalid(_) => "2 to 10 digits, such as 570110; dots and spaces may stay",
            Self::HsCodeOdd(_) => "a spreadsheet may have dropped the leading zero: format the column as text",
            Self::QuantityInvalid => "digits only, without separators of thousands, such as 12000",
            Self::UnitInvalid => "a code such as C62 (piece), KGM, MTR or MTK",
            Self::Formula => "replace the formula by its value (copy, paste values), or save the sheet as CSV",
            Self::SheetWithoutLabels => "if there are goods on it, give its label column a header such as `label`",
            Self::EpcUrn => "export the events with GS1 Digital Link URIs, as the labels carry them",
            Self::LogisticUnit => "name the goods that are on it",
            Self::ClassInvalid => "write it as https://…/01/<GTIN>/10/<LOT>",
            Self::Picture(error) => error.hint(),
            Self::NotAFile => "give a folder inside the folder as a manifest of its own",
            Self::Unreadable(_) => "check who may read it, and copy it again from where it came from",
        }
    }
}
