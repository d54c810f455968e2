//! Texts: a label a line, or a table (RFC 4180) with `,`, `;` or tabs between its cells.
//!
//! A first line that is a label begins a list. Else the text is a table, and its header the first row that names a
//! column of labels ([`Layout`]). Cells are split by `csv-core`; rows are found here, because a quote that is never closed
//! makes one row of all that follows: a row of several lines counts only where it has as many cells as the header, and
//! else its first line alone is at fault.
//!
//! Cells are looked at as UTF-8 one by one: in a file of another encoding, the labels and numbers are sound.

use std::io::Read;

use label::Label;
use memchr::{memchr, memchr_iter, memchr2};

use crate::input::without_mark;

use super::cell::Cell;
use super::columns::{Columns, Layout, MAX_ROWS_TO_HEADER, is_link, not_found};
use super::error::Stop;
use super::fault::{Fault, Reason};
use super::line::{At, Declared, Item, Labelled};
use super::reader::Sink;
use super::row::{self, Row};
use super::window::{Found, MAX_ROW, Window};

/// The most cells of a row that are told apart.
const MAX_CELLS: usize = 1024;
/// What stands between cells, the likeliest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a text to its end.
pub(super) fn read(source: impl Read, columns: &Columns, sink: &mut Sink) -> Result<(), Stop> {
    let mut text = Text { window: Window::new(source), row: 1, sink };
    text.begin()?;
    match text.form(columns)? {
        Some(Form::List) => text.list(),
        Some(Form::Table(layout, splitter)) => text.table(&layout, splitter),
        None => Ok(()),
    }
}

enum Form {
    List,
    Table(Box<Layout>, Box<Splitter>),
}

struct Text<'s, R> {
    window: Window<R>,
    /// The number of the line at which the window starts.
    row: u64,
    sink: &'s mut Sink,
}

/// A row in the window: its first line, and all of its lines, up to the one that closes its quotes.
#[derive(Clone, Copy)]
struct Bounds {
    first: (usize, usize),
    all: (usize, usize),
    lines: u64,
}

impl<R: Read> Text<'_, R> {
    /// Passes over a byte order mark, and sees how lines end.
    fn begin(&mut self) -> Result<(), Stop> {
        let found = self.line(0)?;
        let bytes = self.window.bytes();
        let breaks = match found {
            Found::Line { end, next } if end < next => true,
            Found::Line { .. } | Found::TooLong | Found::Nothing => false,
        };
        if !breaks && memchr(b'\r', bytes).is_some() {
            self.window.break_at_returns();
        }
        self.window.advance(self.window.bytes().len() - without_mark(self.window.bytes()).len());
        Ok(())
    }

    /// Tells a list from a table, whose rows above the goods are then behind us; `None` where nothing is there.
    fn form(&mut self, columns: &Columns) -> Result<Option<Form>, Stop> {
        let mut headers: Vec<String> = Vec::new();
        let mut separator = None;
        let mut rows = 0;
        while rows < MAX_ROWS_TO_HEADER {
            if self.line(0)? == Found::TooLong {
                let start = String::from_utf8_lossy(self.window.slice(0, MAX_ROW)).into_owned();
                return Err(not_found(&[start], columns).into());
            }
            let Some(bounds) = self.bounds()? else { break };
            let (end, next) = bounds.all;
            let line = unreturned(self.window.slice(0, end));
            if line.trim_ascii().is_empty() {
                self.pass(next, bounds.lines);
                continue;
            }
            if let Some(named) = named_separator(line).filter(|_| rows == 0) {
                separator = Some(named);
                self.pass(next, bounds.lines);
                continue;
            }
            let text = String::from_utf8_lossy(line);
            if rows == 0 && is_list(text.trim()) {
                return Ok(Some(Form::List));
            }
            let mut splitter = Box::new(Splitter::new(separator.unwrap_or_else(|| separator_of(line))));
            splitter.split(line);
            let row = splitter.cells();
            let cells = row.texts();
            let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
            if let Some(layout) = Layout::find(&cells, columns, rows == 0)? {
                if !layout.headless {
                    self.pass(next, bounds.lines);
                }
                return Ok(Some(Form::Table(layout.into(), splitter)));
            }
            if cells.len() > headers.len() {
                headers = cells.iter().map(|&cell| cell.to_owned()).collect();
            }
            // Goods without a header over them: to go on would leave them unread.
            if cells.iter().any(|cell| is_link(cell)) {
                break;
            }
            self.pass(next, bounds.lines);
            rows += 1;
        }
        if headers.is_empty() { Ok(None) } else { Err(not_found(&headers, columns).into()) }
    }

    fn list(&mut self) -> Result<(), Stop> {
        loop {
            match self.line(0)? {
                Found::Nothing => return Ok(()),
                Found::TooLong => self.too_long()?,
                Found::Line { end, next } => {
                    let bytes = self.window.slice(0, end).trim_ascii();
                    let item = match std::str::from_utf8(bytes) {
                        _ if bytes.is_empty() => None,
                        _ if memchr(0, bytes).is_some() => Some(Item::Fault(Fault::new(Reason::NotText))),
                        Ok(text) => {
                            let text = row::cut(text.trim());
                            (!text.is_empty()).then(|| Item::Label(Labelled { text, declared: Declared::default() }))
                        }
                        Err(_) => Some(Item::Fault(Fault::new(Reason::NotUtf8).found(&String::from_utf8_lossy(bytes)))),
                    };
                    if let Some(item) = item {
                        self.sink.push(At::Row(self.row), item)?;
                    }
                    self.pass(next, 1);
                }
            }
        }
    }

    fn table(&mut self, layout: &Layout, mut splitter: Box<Splitter>) -> Result<(), Stop> {
        loop {
            if self.line(0)? == Found::TooLong {
                self.too_long()?;
                continue;
            }
            let Some(mut bounds) = self.bounds()? else { return Ok(()) };
            if self.window.slice(0, bounds.all.0).trim_ascii().is_empty() {
                self.pass(bounds.all.1, bounds.lines);
                continue;
            }
            let mut is_closed = splitter.split(unreturned(self.window.slice(0, bounds.all.0)));
            if bounds.all != bounds.first && !(is_closed && splitter.count == layout.width) {
                bounds = Bounds { all: bounds.first, lines: 1, ..bounds };
                is_closed = splitter.split(unreturned(self.window.slice(0, bounds.all.0)));
            }
            let (end, next) = bounds.all;
            let cells = splitter.cells();
            let whole = |reason| Item::Fault(Fault::new(reason));
            let at = |_| At::Row(self.row);
            let is_cut_short = end == next && cells.width() < layout.width;
            if memchr(0, self.window.slice(0, end)).is_some() {
                self.sink.push(at(None), whole(Reason::NotText))?;
            } else if !is_closed || (is_cut_short && !cells.is_blank()) {
                self.sink.push(at(None), whole(Reason::RowTorn))?;
            } else if cells.width() == layout.width || cells.is_blank_from(layout.width) {
                if !cells.is_blank() {
                    row::read(&cells, layout, self.sink, at)?;
                }
            } else if !cells.is_blank() {
                row::read_misfit(&cells, layout, self.sink, at)?;
            }
            self.pass(next, bounds.lines);
        }
    }

    /// The row at the window's start; `None` at the end. One that is too long, or whose quotes do not close, ends where
    /// its first line does.
    fn bounds(&mut self) -> Result<Option<Bounds>, Stop> {
        let first = match self.line(0)? {
            Found::Line { end, next } => (end, next),
            Found::TooLong => (MAX_ROW, MAX_ROW),
            Found::Nothing => return Ok(None),
        };
        let mut bounds = Bounds { first, all: first, lines: 1 };
        let mut is_open = has_odd_quotes(self.window.slice(0, first.0));
        while is_open {
            let from = bounds.all.1;
            match self.line(from)? {
                Found::Line { end, next } => {
                    is_open = !has_odd_quotes(self.window.slice(from, end));
                    bounds = Bounds { all: (end, next), lines: bounds.lines + 1, ..bounds };
                }
                Found::TooLong | Found::Nothing => return Ok(Some(Bounds { all: first, lines: 1, ..bounds })),
            }
        }
        Ok(Some(bounds))
    }

    fn too_long(&mut self) -> Result<(), Stop> {
        let fault = Fault::new(Reason::RowTooLong { limit: MAX_ROW });
        self.sink.push(At::Row(self.row), Item::Fault(fault))?;
        self.window.skip_line()?;
        self.row += 1;
        Ok(())
    }

    /// The line from there on; what has been read goes out before more is waited for.
    fn line(&mut self, from: usize) -> Result<Found, Stop> {
        self.window.line(from, || self.sink.flush())
    }

    fn pass(&mut self, bytes: usize, lines: u64) {
        self.window.advance(bytes);
        self.row += lines;
    }
}

/// A label, or what should be one: a table's first row has a separator in it. But a label may have one too.
fn is_list(line: &str) -> bool {
    let has_separator = line.bytes().any(|byte| SEPARATORS.contains(&byte));
    if has_separator {
        is_link(line) && Label::parse(line).is_ok()
    } else {
        line.contains("://") && !line.starts_with('"')
    }
}

/// What Excel takes the separator from, where a file begins so: `sep=;`.
fn named_separator(line: &[u8]) -> Option<u8> {
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Some(*separator),
        _ => None,
    }
}

/// The separator that a row has most of, outside of quotes.
fn separator_of(row: &[u8]) -> u8 {
    let count = |separator| {
        let parts = row.split(|byte| *byte == b'"').step_by(2);
        parts.map(|part| memchr_iter(separator, part).count()).sum::<usize>()
    };
    // Of equals, the first.
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

fn has_odd_quotes(bytes: &[u8]) -> bool {
    memchr_iter(b'"', bytes).count() % 2 == 1
}

/// A line without the carriage return before its line feed.
fn unreturned(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Splits rows into cells, over and over in the same memory.
struct Splitter {
    separator: u8,
    reader: csv_core::Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Bytes between cells: a separator, or none where quotes had to be taken off.
    gap: usize,
}

impl Splitter {
    fn new(separator: u8) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self { reader, bytes: vec![0; MAX_ROW + 1], ends: vec![0; MAX_CELLS], count: 0, gap: 0, separator }
    }

    /// Splits a row without its line break; gives whether it is one: its quotes are closed, and it has not too many
    /// cells.
    fn split(&mut self, row: &[u8]) -> bool {
        match memchr2(b'"', b'\r', row) {
            None => self.split_plain(row),
            Some(_) => self.split_quoted(row),
        }
    }

    /// Without quotes, the separators are all there is; to find them takes a fifth off the time of a row.
    fn split_plain(&mut self, row: &[u8]) -> bool {
        let Some(bytes) = self.bytes.get_mut(..row.len()) else { return false };
        bytes.copy_from_slice(row);
        (self.count, self.gap) = (0, 1);
        for end in memchr_iter(self.separator, row).chain([row.len()]) {
            let Some(slot) = self.ends.get_mut(self.count) else { return false };
            *slot = end;
            self.count += 1;
        }
        true
    }

    fn split_quoted(&mut self, row: &[u8]) -> bool {
        use csv_core::ReadRecordResult::{InputEmpty, Record};
        self.reader.reset();
        self.gap = 0;
        let (mut written, mut count) = (0, 0);
        for part in [row, b"\n"] {
            let output = self.bytes.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(count..).unwrap_or_default();
            let (result, read, more, cells) = self.reader.read_record(part, output, ends);
            written += more;
            count += cells;
            self.count = count;
            match result {
                // A carriage return may end a row as well; then it is not one.
                Record => return part == b"\n" || read == row.len(),
                InputEmpty => {}
                csv_core::ReadRecordResult::OutputFull
                | csv_core::ReadRecordResult::OutputEndsFull
                | csv_core::ReadRecordResult::End => return false,
            }
        }
        false
    }

    /// The cells of the row that was split last.
    fn cells(&self) -> Cells<'_> {
        Cells { bytes: &self.bytes, ends: self.ends.get(..self.count).unwrap_or_default(), gap: self.gap }
    }
}

/// A row's cells, one after the other.
struct Cells<'a> {
    bytes: &'a [u8],
    ends: &'a [usize],
    gap: usize,
}

impl Cells<'_> {
    fn bytes(&self, column: usize) -> &[u8] {
        let start = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).map(|end| end + self.gap));
        let range = start.zip(self.ends.get(column).copied());
        range.and_then(|(start, end)| self.bytes.get(start..end)).unwrap_or_default()
    }

    fn texts(&self) -> Vec<std::borrow::Cow<'_, str>> {
        (0..self.width()).map(|column| String::from_utf8_lossy(self.bytes(column))).collect()
    }

    fn is_blank_from(&self, column: usize) -> bool {
        self.width() > column && (column..self.width()).all(|column| self.cell(column).is_blank())
    }
}

impl Row for Cells<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.bytes(column) {
            [] => Cell::Empty,
            bytes => Cell::Text(bytes),
        }
    }

    fn width(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests;
