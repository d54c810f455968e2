//! One sheet, a row at a time.

use std::sync::Arc;

use workbook::{MAX_ROW, Row, Rows};

use super::super::cell::Cell;
use super::super::columns::{Columns, Layout, MAX_ROWS_TO_HEADER, is_link, not_found};
use super::super::error::{ManifestError, Stop};
use super::super::fault::{Fault, Reason};
use super::super::line::{At, Item};
use super::super::reader::Sink;
use super::super::row::{self, Row as Cells};

/// The columns in which a header is looked for.
const MAX_HEADERS: usize = 1024;

/// What became of a sheet.
pub(super) enum Outcome {
    Read,
    /// There is nothing in it.
    Blank,
    WithoutLabels(ManifestError),
}

/// Reads a sheet to its end.
pub(super) fn read(mut rows: Rows<'_>, name: &Arc<str>, columns: &Columns, sink: &mut Sink) -> Result<Outcome, Stop> {
    let mut head = Head { layout: None, headers: Vec::new(), rows: 0 };
    while let Some(row) = rows.next_row()? {
        if let Some(error) = head.take(row, name, columns, sink)? {
            return Ok(Outcome::WithoutLabels(error));
        }
    }
    Ok(head.outcome(columns))
}

/// The rows down to the header, and what it says.
struct Head {
    layout: Option<Layout>,
    /// Of the rows so far, the widest.
    headers: Vec<String>,
    rows: usize,
}

impl Head {
    /// Takes a row: as the header, or as one of goods. Gives why there will be none.
    fn take(
        &mut self,
        row: &Row<'_>,
        sheet: &Arc<str>,
        columns: &Columns,
        sink: &mut Sink,
    ) -> Result<Option<ManifestError>, Stop> {
        if row.is_blank() {
            // What points at a text that is not there was not blank when it was written.
            row.check()?;
            return Ok(None);
        }
        let at = |column: Option<usize>| {
            let column = column.and_then(|column| u32::try_from(column + 1).ok());
            At::Cell { sheet: sheet.clone(), row: row.number(), column }
        };
        if self.layout.is_none() {
            let cells = texts(row);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            match Layout::find(&cells, columns, self.rows == 0) {
                Ok(Some(layout)) => {
                    let is_header = !layout.headless;
                    self.layout = Some(layout);
                    if is_header {
                        return Ok(None);
                    }
                }
                Ok(None) => {
                    self.rows += 1;
                    let has_goods = cells.iter().any(|cell| is_link(cell));
                    if cells.len() > self.headers.len() {
                        self.headers = cells.iter().map(|&cell| cell.to_owned()).collect();
                    }
                    let is_enough = has_goods || self.rows == MAX_ROWS_TO_HEADER;
                    return Ok(is_enough.then(|| not_found(&self.headers, columns)));
                }
                // It is one of goods, which cannot be told apart.
                Err(error) => return Err(error.into()),
            }
        }
        let Some(layout) = &self.layout else { return Ok(None) };
        row.check()?;
        if row.is_too_long() {
            sink.push(at(None), Item::Fault(Fault::new(Reason::RowTooLong { limit: MAX_ROW })))?;
        } else {
            row::read(row, layout, sink, at)?;
        }
        Ok(None)
    }

    fn outcome(self, columns: &Columns) -> Outcome {
        match self.layout {
            Some(_) => Outcome::Read,
            None if self.rows == 0 => Outcome::Blank,
            None => Outcome::WithoutLabels(not_found(&self.headers, columns)),
        }
    }
}

fn texts(row: &Row<'_>) -> Vec<String> {
    let text = |column| match row.cell(column) {
        workbook::Cell::Empty | workbook::Cell::Formula => String::new(),
        workbook::Cell::Text(text) | workbook::Cell::Number(text) | workbook::Cell::Date(text) => text.to_owned(),
    };
    (0..row.width().min(MAX_HEADERS)).map(text).collect()
}

impl Cells for Row<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        self.cell(column).into()
    }

    fn width(&self) -> usize {
        self.width()
    }

    fn is_blank(&self) -> bool {
        self.cells().all(|(_, cell)| Cell::from(cell).is_blank())
    }
}
