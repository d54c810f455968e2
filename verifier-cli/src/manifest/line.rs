//! One line of a manifest: where it stands, and what it declares or why it cannot be read.

use std::fmt;
use std::sync::Arc;

use primitives::Country;
use statement::{Gtin, HsCode, Lot, Unit};
use workbook::letters;

use super::fault::Fault;

/// What a manifest says in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) place: Place,
    pub(crate) item: Item,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A text that should be a label, with what the same row says of the goods.
    Label(Labelled),
    /// So many of a lot, without their labels (EPCIS `quantityList`).
    Quantity(LotQuantity),
    /// What is not read, or not as declared; the other lines are none the worse for it. A row with a sound label and a
    /// bad cell gives its label first, without that cell, and then a fault for the cell.
    Fault(Fault),
}

/// A text that should be a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labelled {
    /// Trimmed, and cut where no label is that long; never empty. Otherwise as it came: escape it where it is shown.
    pub(crate) text: String,
    pub(crate) declared: Declared,
}

/// What the row of a label declares. `None`: no such column, an empty cell, or a fault of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) gtin: Option<Gtin>,
    pub(crate) lot: Option<Lot>,
    /// AI 21: 1 to 20 characters of GS1's set 82.
    pub(crate) serial: Option<String>,
    /// The country of origin.
    pub(crate) origin: Option<Country>,
    pub(crate) hs_code: Option<HsCode>,
    /// At least 1.
    pub(crate) quantity: Option<u64>,
    pub(crate) unit: Option<Unit>,
}

/// So many of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LotQuantity {
    /// `None` for a product without one.
    pub(crate) gtin: Option<Gtin>,
    pub(crate) lot: Lot,
    /// At least 1.
    pub(crate) quantity: u64,
    pub(crate) unit: Unit,
}

/// Where a line stands, as a person would look for it: `lots.csv:7`, `lots.xlsx:Sheet1!B7`, `photos/17.png`,
/// `events.json: event 3, epcList 2`. Names are as they came: escape them where they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, the folder, or `standard input`.
    pub(crate) source: Arc<str>,
    pub(crate) at: At,
}

/// Where in its source a line stands. Everything is counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    /// A line of a text, as editors count them: of a row with line breaks in it, the first one.
    Row(u64),
    /// A cell of a sheet, or its whole row.
    Cell { sheet: Arc<str>, row: u64, column: Option<u32> },
    /// A sheet.
    Sheet(Arc<str>),
    /// A member of a list of an EPCIS event.
    Event { event: u64, list: &'static str, item: u64 },
    /// A file in the folder.
    File(Arc<str>),
    /// The whole source: it is one picture.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = &self.source;
        match &self.at {
            At::Row(row) => write!(f, "{source}:{row}"),
            At::Cell { sheet, row, column: None } => write!(f, "{source}:{sheet}!{row}"),
            At::Cell { sheet, row, column: Some(column) } => write!(f, "{source}:{sheet}!{}{row}", letters(*column)),
            At::Sheet(sheet) => write!(f, "{source}:{sheet}"),
            At::Event { event, list, item } => write!(f, "{source}: event {event}, {list} {item}"),
            At::File(name) => write!(f, "{}/{name}", source.trim_end_matches('/')),
            At::Whole => f.write_str(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_where_a_person_would_look() {
        let at = |source: &str, at: At| Place { source: source.into(), at }.to_string();
        assert_eq!(at("lots.csv", At::Row(7)), "lots.csv:7");
        let cell = |column| At::Cell { sheet: "Sheet1".into(), row: 7, column };
        assert_eq!(at("lots.xlsx", cell(Some(2))), "lots.xlsx:Sheet1!B7");
        assert_eq!(at("lots.xlsx", cell(None)), "lots.xlsx:Sheet1!7");
        assert_eq!(at("photos/", At::File("17.png".into())), "photos/17.png");
        assert_eq!(
            at("events.json", At::Event { event: 3, list: "epcList", item: 2 }),
            "events.json: event 3, epcList 2"
        );
    }
}
