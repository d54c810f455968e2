//! Rows and cells of one sheet (ECMA-376 part 1 §18.3.1).

use std::ops::Range;

use quick_xml::events::BytesStart;

use crate::error::WorkbookError;
use crate::place::{LAST, column_of};
use crate::strings::Strings;
use crate::styles::Styles;
use crate::xml::{Node, Xml, attribute};

/// The longest text of a row that is held, in bytes.
pub const MAX_ROW: usize = 64 << 10;

/// A cell as its workbook holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text; `1` or `0` for true and false.
    Text(&'a str),
    /// A number, as its XML has it.
    Number(&'a str),
    /// A number in a format of dates or times, or a date as text (ISO 8601).
    Date(&'a str),
    /// A formula; its last result is not looked at.
    Formula,
}

/// The rows of a sheet, those that have cells.
pub struct Rows<'s> {
    xml: Xml<'s>,
    row: Row<'s>,
    is_over: bool,
}

/// A row's cells. Most columns of a sheet have none.
pub struct Row<'s> {
    /// From 1.
    number: u64,
    text: String,
    cells: Vec<Stored>,
    strings: &'s Strings,
    styles: &'s Styles,
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

impl<'s> Rows<'s> {
    pub(crate) fn new(xml: Xml<'s>, strings: &'s Strings, styles: &'s Styles) -> Self {
        let row = Row { number: 0, text: String::new(), cells: Vec::new(), strings, styles, is_too_long: false };
        Self { xml, row, is_over: false }
    }

    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// [`WorkbookError`]; the rows before stay as they were read.
    pub fn next_row(&mut self) -> Result<Option<&Row<'s>>, WorkbookError> {
        let row = &mut self.row;
        while !self.is_over {
            let Some(node) = self.xml.next()? else { break };
            match &node {
                Node::Start(tag, is_empty) => match tag.local_name().as_ref() {
                    "row" => row.begin(attribute(tag, "r")?)?,
                    "c" => row.add(tag)?,
                    "f" => row.formula(),
                    "v" | "t" if !is_empty => row.text(&mut self.xml)?,
                    // A reading aid is no part of the text.
                    "rPh" if !is_empty => self.xml.skip()?,
                    _ => {}
                },
                Node::End(tag) => match tag.local_name().as_ref() {
                    "row" => return Ok(Some(&self.row)),
                    // Behind it stand rules for checking and colouring cells, which have formulas too.
                    "sheetData" => break,
                    _ => {}
                },
                Node::Text(_) | Node::Other => {}
            }
        }
        self.is_over = true;
        Ok(None)
    }
}

impl Row<'_> {
    /// The row's number, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether it has more text than [`MAX_ROW`]; none of what is beyond is held.
    pub fn is_too_long(&self) -> bool {
        self.is_too_long
    }

    /// One past the last column that has a cell.
    pub fn width(&self) -> usize {
        self.cells.last().map_or(0, |last| last.column + 1)
    }

    /// The cells that are stored, with their columns from 0.
    pub fn cells(&self) -> impl Iterator<Item = (usize, Cell<'_>)> {
        self.cells.iter().map(|stored| (stored.column, self.stored(stored)))
    }

    /// The cell of a column, from 0.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        let found = self.cells.binary_search_by_key(&column, |cell| cell.column);
        found.ok().and_then(|at| self.cells.get(at)).map_or(Cell::Empty, |stored| self.stored(stored))
    }

    /// Whether each cell that points at a shared text points at one.
    ///
    /// # Errors
    /// [`WorkbookError::Damaged`]: what points at a text that is not there was not blank when it was written.
    pub fn check(&self) -> Result<(), WorkbookError> {
        let dangling = |stored: &&Stored| {
            let text = self.text.get(stored.text.clone()).unwrap_or_default().trim();
            let is_there = text.parse().ok().and_then(|number| self.strings.at(number)).is_some();
            stored.kind == Kind::Shared && !text.is_empty() && !is_there
        };
        match self.cells.iter().find(dangling) {
            None => Ok(()),
            Some(_) => {
                let what = format!("a cell of row {} points at a text that is not there", self.number);
                Err(WorkbookError::Damaged { what })
            }
        }
    }

    fn stored(&self, stored: &Stored) -> Cell<'_> {
        let text = self.text.get(stored.text.clone()).unwrap_or_default();
        match stored.kind {
            Kind::Formula => Cell::Formula,
            Kind::Shared => {
                let shared = text.trim().parse().ok().and_then(|number| self.strings.at(number));
                shared.map_or(Cell::Empty, Cell::Text)
            }
            _ if text.is_empty() => Cell::Empty,
            Kind::Text => Cell::Text(text),
            Kind::Number => Cell::Number(text),
            Kind::Date => Cell::Date(text),
        }
    }

    fn begin(&mut self, number: Option<String>) -> Result<(), WorkbookError> {
        let damaged = |number| WorkbookError::Damaged { what: format!("a row has the number {number:?}") };
        self.number = match number {
            Some(number) => number.parse().map_err(|_| damaged(number))?,
            None => self.number + 1,
        };
        self.text.clear();
        self.cells.clear();
        self.is_too_long = false;
        Ok(())
    }

    fn add(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        let after = self.cells.last().map_or(0, |last| last.column + 1);
        let column = match attribute(tag, "r")? {
            Some(place) => {
                let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
                let column = column_of(letters).and_then(|column| column.checked_sub(1));
                let damaged = || WorkbookError::Damaged { what: format!("a cell is called {place:?}") };
                column.ok_or_else(damaged)? as usize
            }
            None => after,
        };
        // In order, each once: so a row has no more cells than a sheet has columns.
        if column < after || column >= LAST as usize {
            return Err(WorkbookError::Damaged { what: "the cells of a row are not in order".to_owned() });
        }
        let style = || -> Result<usize, WorkbookError> {
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
    fn text(&mut self, xml: &mut Xml<'_>) -> Result<(), WorkbookError> {
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
}
