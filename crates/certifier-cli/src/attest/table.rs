//! A spreadsheet of lots, from CSV or .xlsx, as rows of cells under a header.

use std::path::Path;

use primitives::Hash;
use thiserror::Error;
use workbook::{Workbook, WorkbookError};

use super::cell::Cell;
use super::columns::{HeaderFault, Layout};
use super::csv;
use crate::failure::Failure;

/// The most lots of one spreadsheet: what they are made of is held until all are checked.
pub(super) const MAX_ROWS: usize = 100_000;

/// A row that is not blank.
#[derive(Debug)]
pub(super) struct Row {
    /// As a spreadsheet shows it, from 1.
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
    /// CSV gives empty cells, too: a row with fewer is torn.
    pub(super) has_all_cells: bool,
}

/// What was read of a spreadsheet beside its rows.
#[derive(Debug)]
pub(super) struct Table {
    /// The file as it was named.
    pub(super) name: String,
    pub(super) layout: Layout,
    pub(super) header_row: u64,
    pub(super) header_faults: Vec<HeaderFault>,
    /// Sheets with something in them that is not read.
    pub(super) unread: Vec<String>,
}

/// Why a spreadsheet is not read at all.
#[derive(Debug, Error)]
pub(super) enum TableError {
    #[error("there is nothing in it")]
    Empty,
    #[error("there is no lot under its header")]
    NoLots,
    #[error("its first row has no header of a lot's members: {0}")]
    NoHeader(String),
    #[error("has more than {MAX_ROWS} rows")]
    TooManyRows,
    #[error("is UTF-16, expected UTF-8")]
    Utf16,
    #[error("is neither text nor an .xlsx workbook")]
    NotText,
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
}

impl TableError {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoLots => "no_lots",
            Self::NoHeader(_) => "no_header",
            Self::TooManyRows => "too_many_rows",
            Self::Utf16 => "utf_16",
            Self::NotText => "not_text",
            Self::Workbook(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Empty | Self::NoHeader(_) => "certifier template lots.xlsx writes a spreadsheet with the header",
            Self::NoLots => "write one lot a row below the header",
            Self::TooManyRows => "spread the lots over several files",
            Self::Utf16 => "save it as CSV UTF-8, or as .xlsx",
            Self::NotText => "save it as .xlsx or CSV UTF-8",
            Self::Workbook(error) => error.hint(),
        }
    }

    fn failure(&self, name: &str) -> Failure {
        Failure::input(format!("{name}: {self} ({})", self.code())).hint(self.hint())
    }
}

/// Whether a file's name says that it is a spreadsheet.
pub(super) fn is_spreadsheet(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(ending.as_str(), "csv" | "tsv" | "xlsx" | "xlsm" | "xls")
}

/// A spreadsheet's bytes.
#[derive(Debug)]
pub(super) struct File {
    /// As it was named.
    name: String,
    bytes: Vec<u8>,
    /// SHA-256.
    pub(super) hash: Hash,
}

impl File {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| Failure::input(format!("cannot read {name}: {error}")))?;
        let bytes = workbook::read_bytes(file).map_err(|error| TableError::from(error).failure(&name))?;
        Ok(Self::of(name, bytes))
    }

    pub(super) fn of(name: String, bytes: Vec<u8>) -> Self {
        let hash = Hash::of(&bytes);
        Self { name, bytes, hash }
    }

    /// Reads it; `take` gets each row under the header, with why it cannot be split if so.
    pub(super) fn read(&self, mut take: impl FnMut(&Table, Row, Option<&'static str>)) -> Result<Table, Failure> {
        let mut head = Head { name: &self.name, table: None, rows: 0 };
        let bytes = self.bytes.as_slice();
        let result = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(workbook::COMPOUND_FILE) {
            read_workbook(bytes, &mut head, &mut take)
        } else {
            csv::read(bytes, |row, wrong| head.take(row, wrong, &mut take))
        };
        let rows = head.rows;
        let table = result.and_then(|()| head.table.ok_or(TableError::Empty));
        let table = table.map_err(|error| error.failure(&self.name))?;
        // Without its columns, what is in the rows is unsure: the header's mistakes are told first.
        if rows == 0 && table.header_faults.is_empty() {
            return Err(TableError::NoLots.failure(&self.name));
        }
        Ok(table)
    }
}

/// The header, once it was read, and how many rows came after it.
struct Head<'n> {
    name: &'n str,
    table: Option<Table>,
    rows: usize,
}

impl Head<'_> {
    fn take(
        &mut self,
        row: Row,
        wrong: Option<&'static str>,
        take: &mut impl FnMut(&Table, Row, Option<&'static str>),
    ) -> Result<(), TableError> {
        if wrong.is_none() && row.cells.iter().all(Cell::is_blank) {
            return Ok(());
        }
        let Some(table) = &self.table else {
            let headers: Vec<String> = row.cells.iter().map(Cell::shown).collect();
            let (layout, header_faults) = Layout::of(&headers);
            if !layout.is_any() {
                return Err(TableError::NoHeader(headers.join(", ").chars().take(80).collect()));
            }
            let (name, header_row) = (self.name.to_owned(), row.number);
            self.table = Some(Table { name, layout, header_row, header_faults, unread: Vec::new() });
            return Ok(());
        };
        if self.rows == MAX_ROWS {
            return Err(TableError::TooManyRows);
        }
        self.rows += 1;
        take(table, row, wrong);
        Ok(())
    }
}

/// Lots stand in the first sheet that has anything in it; that others are not read is told.
fn read_workbook(
    bytes: &[u8],
    head: &mut Head<'_>,
    take: &mut impl FnMut(&Table, Row, Option<&'static str>),
) -> Result<(), TableError> {
    let mut book = Workbook::open(bytes, &())?;
    let names: Vec<String> = book.sheets().map(Into::into).collect();
    let from_1904 = book.is_from_1904();
    for (number, name) in names.into_iter().enumerate() {
        let is_over = head.table.is_some();
        let mut rows = book.rows(number)?;
        while let Some(row) = rows.next_row()? {
            row.check()?;
            if let Some(table) = head.table.as_mut().filter(|_| is_over) {
                if row.cells().any(|(_, cell)| cell != workbook::Cell::Empty) {
                    table.unread.push(name);
                    break;
                }
                continue;
            }
            let wrong = row.is_too_long().then_some("the row is longer than 65536 bytes");
            let cells = (0..row.width().min(1024)).map(|column| cell(row.cell(column), from_1904)).collect();
            head.take(Row { number: row.number(), cells, has_all_cells: false }, wrong, take)?;
        }
    }
    Ok(())
}

fn cell(cell: workbook::Cell<'_>, from_1904: bool) -> Cell {
    match cell {
        workbook::Cell::Empty => Cell::Empty,
        workbook::Cell::Text(text) => Cell::Text(text.to_owned()),
        workbook::Cell::Number(number) => Cell::Number(number.to_owned()),
        workbook::Cell::Date(date) => {
            // Some programs write dates as text, with a time of midnight.
            let as_text = date.strip_suffix("T00:00:00").or_else(|| date.strip_suffix("T00:00:00Z")).unwrap_or(date);
            let as_text = primitives::Day::parse(as_text).ok().map(|day| day.to_string());
            let day = workbook::day(date, from_1904).map(|day| day.to_string()).or(as_text);
            Cell::Date(date.to_owned(), day)
        }
        workbook::Cell::Formula => Cell::Formula,
    }
}
