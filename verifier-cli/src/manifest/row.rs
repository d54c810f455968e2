//! One row of a table, from CSV or a workbook, to the lines it gives: its label, and a fault for each cell that is none.

use std::sync::Arc;

use super::cell::Cell;
use super::columns::{Field, Layout, is_link};
use super::error::Stop;
use super::fault::{Fault, Reason};
use super::line::{At, Declared, Item, Labelled};
use super::reader::Sink;

/// The longest text that is kept of one label: longer ones are malformed anyway.
const MAX_TEXT: usize = label::MAX_LABEL_LEN + 1;

/// A row's cells, by column from 0.
pub(super) trait Row {
    fn cell(&self, column: usize) -> Cell<'_>;
    /// One past the last cell.
    fn width(&self) -> usize;

    /// Whether nothing stands in any cell: spreadsheets write such rows for cells that were once used.
    fn is_blank(&self) -> bool {
        (0..self.width()).all(|column| self.cell(column).is_blank())
    }
}

/// Hands out what a row of the right width says. `at` names the row, or a column of it from 0.
pub(super) fn read(
    row: &impl Row,
    layout: &Layout,
    sink: &mut Sink,
    at: impl Fn(Option<usize>) -> At,
) -> Result<(), Stop> {
    let column = layout.column(Field::Label);
    let mut buffer = String::new();
    let cell = match column.map_or(Cell::Empty, |column| row.cell(column)) {
        // No label, whatever a spreadsheet has done to it: the verdict says so better than a hint on numbers.
        Cell::Number(number) | Cell::Date(number) => Cell::Text(number.as_bytes()),
        other @ (Cell::Empty | Cell::Text(_) | Cell::Formula) => other,
    };
    let text = match cell.text(&mut buffer) {
        Ok(Some(text)) => cut(text),
        Ok(None) => return fault(sink, at(column), Fault::new(Reason::LabelMissing), layout.header(Field::Label)),
        Err(found) => return fault(sink, at(column), found, layout.header(Field::Label)),
    };
    let (declared, faults) = declared(row, layout);
    sink.push(at(column), Item::Label(Labelled { text, declared }))?;
    for (field, found) in faults {
        fault(sink, at(layout.column(field)), found, layout.header(field))?;
    }
    Ok(())
}

/// Hands out what can be said of a row with too few or too many cells: what stands in which column is unsure, but an
/// address is a label wherever it stands.
pub(super) fn read_misfit(
    row: &impl Row,
    layout: &Layout,
    sink: &mut Sink,
    at: impl Fn(Option<usize>) -> At,
) -> Result<(), Stop> {
    let link = |column: usize| match row.cell(column) {
        Cell::Text(bytes) => std::str::from_utf8(bytes).ok().filter(|text| is_link(text)),
        Cell::Empty | Cell::Number(_) | Cell::Date(_) | Cell::Formula => None,
    };
    let mut links = (0..row.width()).filter_map(|column| link(column).map(|text| (column, text)));
    if let (Some((column, text)), None) = (links.next(), links.next()) {
        let label = Labelled { text: cut(text.trim()), declared: Declared::default() };
        sink.push(at(Some(column)), Item::Label(label))?;
    }
    let reason = Reason::CellCount { found: row.width(), expected: layout.width };
    fault(sink, at(None), Fault::new(reason), None)
}

fn fault(sink: &mut Sink, at: At, fault: Fault, column: Option<Arc<str>>) -> Result<(), Stop> {
    sink.push(at, Item::Fault(fault.column(column)))
}

/// What the row declares, and what it does not.
fn declared(row: &impl Row, layout: &Layout) -> (Declared, Vec<(Field, Fault)>) {
    let mut faults = Vec::new();
    let cell = |field| layout.column(field).map_or(Cell::Empty, |column| row.cell(column));
    macro_rules! value {
        ($field:ident, $read:ident) => {
            cell(Field::$field).$read().unwrap_or_else(|found| {
                faults.push((Field::$field, found));
                None
            })
        };
    }
    let declared = Declared {
        gtin: value!(Gtin, gtin),
        lot: value!(Lot, lot),
        serial: value!(Serial, serial),
        origin: value!(Origin, origin),
        hs_code: value!(HsCode, hs_code),
        quantity: value!(Quantity, quantity),
        unit: value!(Unit, unit),
    };
    (declared, faults)
}

/// The text as far as a label can be long.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}
