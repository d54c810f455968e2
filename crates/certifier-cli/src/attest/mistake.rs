//! A mistake in a spreadsheet of lots: where it is, what it is, and the way out.

use std::cmp::Ordering;

use serde::Serialize;

use super::columns::letter;
use super::table::Table;
use crate::failure::Failure;

/// Mistakes that are told where they stop a run; a dry run tells all.
const MAX_TOLD: usize = 20;

/// A mistake, in a cell, in a row or in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Mistake {
    /// As a spreadsheet shows it, from 1.
    pub(super) row: u64,
    /// The column's letters; none for the whole row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<String>,
    /// The column's header, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<String>,
    /// The column from 0, to sort by.
    #[serde(skip)]
    place: Option<usize>,
    /// Stable.
    pub(super) code: &'static str,
    pub(super) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hint: Option<String>,
}

impl Mistake {
    /// A mistake in a column from 0, or in the whole row.
    pub(super) fn at(
        table: &Table,
        row: u64,
        place: Option<usize>,
        code: &'static str,
        error: impl Into<String>,
        hint: Option<String>,
    ) -> Self {
        let column = place.map(|place| workbook::letters(letter(place)));
        let header = place.and_then(|place| table.layout.header(place)).map(Into::into);
        Self { row, column, header, place, code, error: error.into(), hint }
    }

    /// The mistakes of a header.
    pub(super) fn of_header(table: &Table) -> Vec<Self> {
        let mistake = |fault: &super::columns::HeaderFault| {
            let hint = Some(fault.hint.clone());
            Self::at(table, table.header_row, fault.column, fault.code, fault.error.clone(), hint)
        };
        table.header_faults.iter().map(mistake).collect()
    }

    /// Whether it is in this column.
    pub(super) fn is_at(&self, place: Option<usize>) -> bool {
        self.place == place
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.row.cmp(&other.row).then(self.place.cmp(&other.place))
    }

    /// `lots.xlsx, row 17, column F (gtin): …`.
    fn line(&self, name: &str) -> String {
        let column = match (&self.column, &self.header) {
            (Some(column), Some(header)) => format!(", column {column} ({header})"),
            (Some(column), None) => format!(", column {column}"),
            (None, _) => String::new(),
        };
        format!("{name}, row {}{column}: {}", self.row, self.error)
    }
}

/// All mistakes as what ends the command; where it is not a dry run, those that a screen holds.
pub(super) fn failure(name: &str, mistakes: &[Mistake], is_dry_run: bool) -> Failure {
    let told = if is_dry_run { mistakes.len() } else { MAX_TOLD };
    let untold = mistakes.len().saturating_sub(told);
    let lines = mistakes.iter().take(told).map(|mistake| (mistake.line(name), mistake.hint.clone()));
    let more = (untold > 0).then(|| {
        (format!("{name}: {untold} more mistakes"), Some("--dry-run names them all; nothing was signed".to_owned()))
    });
    Failure::inputs(lines.chain(more))
}
