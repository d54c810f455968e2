//! One sheet (ECMA-376 part 1 §18.3.1), a row at a time.

use std::ops::Range;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use super::super::cell::Cell;
use super::super::columns::{Columns, Layout, MAX_ROWS_TO_HEADER, is_link, not_found};
use super::super::error::{ManifestError, Stop};
use super::super::fault::{Fault, Reason};
use super::super::line::{At, Item, column_of};
use super::super::reader::Sink;
use super::super::row::{self, Row};
use super::super::window::MAX_ROW;
use super::strings::Strings;
use super::styles::Styles;
use super::xml::{Node, Xml, attribute};

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
pub(super) fn read(
    mut xml: Xml<'_>,
    name: &Arc<str>,
    strings: &Strings,
    styles: &Styles,
    columns: &Columns,
    sink: &mut Sink,
) -> Result<Outcome, Stop> {
    let mut row = Cells { number: 0, text: String::new(), cells: Vec::new(), strings, styles, is_too_long: false };
    let mut head = Head { layout: None, headers: Vec::new(), rows: 0 };
    while let Some(node) = xml.next()? {
        match &node {
            Node::Start(tag, is_empty) => match tag.local_name().as_ref() {
                "row" => row.begin(attribute(tag, "r")?)?,
                "c" => row.add(tag)?,
                "f" => row.formula(),
                "v" | "t" if !is_empty => row.text(&mut xml)?,
                // A reading aid is no part of the text.
                "rPh" if !is_empty => xml.skip()?,
                _ => {}
            },
            Node::End(tag) => match tag.local_name().as_ref() {
                "row" => {
                    if let Some(error) = head.take(&row, name, columns, sink)? {
                        return Ok(Outcome::WithoutLabels(error));
                    }
                }
                // Behind it stand rules for checking and colouring cells, which have formulas too.
                "sheetData" => break,
                _ => {}
            },
            Node::Text(_) | Node::Other => {}
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
        row: &Cells<'_>,
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
            At::Cell { sheet: sheet.clone(), row: row.number, column }
        };
        if self.layout.is_none() {
            let cells = row.texts();
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
        if row.is_too_long {
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

/// A row's cells, as far as they have been read. Most columns of a sheet have none.
struct Cells<'s> {
    /// From 1.
    number: u64,
    text: String,
    cells: Vec<Stored>,
    strings: &'s Strings,
    styles: &'s Styles,
    /// More text than is read; none of it is held.
    is_too_long: bool,
}

/// A cell, and where its text is.
struct Stored {
    /// From 0.
    column: usize,
    kind: Kind,
    text: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Shared,
    Number,
    Date,
    Formula,
}

impl Cells<'_> {
    fn begin(&mut self, number: Option<String>) -> Result<(), ManifestError> {
        let damaged = |number| ManifestError::DamagedWorkbook { what: format!("a row has the number {number:?}") };
        self.number = match number {
            Some(number) => number.parse().map_err(|_| damaged(number))?,
            None => self.number + 1,
        };
        self.text.clear();
        self.cells.clear();
        self.is_too_long = false;
        Ok(())
    }

    fn add(&mut self, tag: &BytesStart<'_>) -> Result<(), ManifestError> {
        let after = self.cells.last().map_or(0, |last| last.column + 1);
        let column = match attribute(tag, "r")? {
            Some(place) => {
                let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
                let column = column_of(letters).and_then(|column| column.checked_sub(1));
                let damaged = || ManifestError::DamagedWorkbook { what: format!("a cell is called {place:?}") };
                column.ok_or_else(damaged)? as usize
            }
            None => after,
        };
        // In order, each once: so a row has no more cells than a sheet has columns.
        if column < after || column >= 16_384 {
            return Err(ManifestError::DamagedWorkbook { what: "the cells of a row are not in order".to_owned() });
        }
        let style = || -> Result<usize, ManifestError> {
            Ok(attribute(tag, "s")?.and_then(|style| style.parse().ok()).unwrap_or(0))
        };
        let kind = match attribute(tag, "t")?.as_deref() {
            Some("s") => Kind::Shared,
            None | Some("n") if self.styles.is_date(style()?) => Kind::Date,
            None | Some("n") => Kind::Number,
            Some("d") => Kind::Date,
            Some(_) => Kind::Text,
        };
        self.cells.push(Stored { column, kind, text: self.text.len()..self.text.len() });
        Ok(())
    }

    /// A formula stands beside its last result: neither is what somebody has declared.
    fn formula(&mut self) {
        if let Some(last) = self.cells.last_mut() {
            last.kind = Kind::Formula;
        }
    }

    /// Adds the text of the element whose start has been read to the last cell.
    fn text(&mut self, xml: &mut Xml<'_>) -> Result<(), ManifestError> {
        if self.text.len() > MAX_ROW {
            self.is_too_long = true;
            return xml.skip();
        }
        xml.add_text(&mut self.text)?;
        if let Some(last) = self.cells.last_mut() {
            last.text.end = self.text.len();
        }
        Ok(())
    }

    /// Whether each cell that points at a shared text points at one.
    fn check(&self) -> Result<(), ManifestError> {
        let dangling = |stored: &&Stored| {
            let text = self.text.get(stored.text.clone()).unwrap_or_default().trim();
            let is_there = text.parse().ok().and_then(|number| self.strings.at(number)).is_some();
            stored.kind == Kind::Shared && !text.is_empty() && !is_there
        };
        match self.cells.iter().find(dangling) {
            None => Ok(()),
            Some(_) => {
                let what = format!("a cell of row {} points at a text that is not there", self.number);
                Err(ManifestError::DamagedWorkbook { what })
            }
        }
    }

    fn texts(&self) -> Vec<String> {
        let text = |column| match self.cell(column) {
            Cell::Empty | Cell::Formula => String::new(),
            Cell::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Cell::Number(number) | Cell::Date(number) => number.to_owned(),
        };
        (0..self.width().min(MAX_HEADERS)).map(text).collect()
    }
}

impl Row for Cells<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        let Ok(at) = self.cells.binary_search_by_key(&column, |cell| cell.column) else { return Cell::Empty };
        let Some(Stored { kind, text, .. }) = self.cells.get(at) else { return Cell::Empty };
        let text = self.text.get(text.clone()).unwrap_or_default();
        match kind {
            Kind::Formula => Cell::Formula,
            Kind::Shared => {
                let shared = text.trim().parse().ok().and_then(|number| self.strings.at(number));
                shared.map_or(Cell::Empty, |text| Cell::Text(text.as_bytes()))
            }
            _ if text.is_empty() => Cell::Empty,
            Kind::Text => Cell::Text(text.as_bytes()),
            Kind::Number => Cell::Number(text),
            Kind::Date => Cell::Date(text),
        }
    }

    fn width(&self) -> usize {
        self.cells.last().map_or(0, |last| last.column + 1)
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|stored| self.cell(stored.column).is_blank())
    }
}
