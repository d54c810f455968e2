//! From the rows of a spreadsheet to lots, each as a file of its own would give it; and every mistake on the way.

use std::collections::HashMap;
use std::path::Path;

use primitives::Day;
use statement::{Gtin, Lot};

use super::cell::Cell;
use super::columns;
use super::mistake::Mistake;
use super::table::{File, Row, Table};
use crate::document::{Entry, Node, Source, Value, WHOLE_ROW};
use crate::failure::Failure;
use crate::lot_file::LotFile;
use crate::outbox::Outbox;

/// A row's lot.
#[derive(Debug)]
pub(super) struct RowLot {
    pub(super) row: u64,
    pub(super) lot: LotFile,
}

/// What a spreadsheet says.
#[derive(Debug)]
pub(super) struct Lots {
    pub(super) table: Table,
    pub(super) lots: Vec<RowLot>,
    pub(super) mistakes: Vec<Mistake>,
}

/// A product's lot: attested once, unless somebody says that they mean it.
type Product = (Option<Gtin>, Lot);

/// Reads every row that `wanted` names, and finds every mistake that can be found without a registry.
/// Files of evidence are named from `folder`.
pub(super) fn read(file: &File, folder: &Path, today: Day, wanted: impl Fn(u64) -> bool) -> Result<Lots, Failure> {
    let (mut lots, mut mistakes) = (Vec::new(), Vec::new());
    let mut source = None;
    let mut seen: HashMap<Product, u64> = HashMap::new();
    let table = file.read(|table, row, wrong| {
        let source = source.get_or_insert_with(|| Source::of_rows(table.name.clone(), table.layout.places()));
        if !wanted(row.number) {
            return;
        }
        match lot(table, source, &row, wrong, folder, today) {
            Ok(lot) => {
                let product = (lot.gtin, lot.lot.clone());
                match seen.get(&product) {
                    Some(first) => mistakes.push(Mistake::at(
                        table,
                        row.number,
                        table.layout.place("lot"),
                        "duplicate_lot",
                        format!("lot {} of this product stands in row {first} already", lot.lot),
                        Some("one lot is attested once: take one of the two rows out, or correct it".to_owned()),
                    )),
                    None => drop(seen.insert(product, row.number)),
                }
                lots.push(RowLot { row: row.number, lot });
            }
            Err(found) => mistakes.extend(found),
        }
    })?;
    // A row cannot have what has no column: that is told once, with the header.
    mistakes.retain(|mistake| mistake.code != MISSING_COLUMN);
    mistakes.extend(Mistake::of_header(&table));
    mistakes.sort_by(Mistake::order);
    Ok(Lots { table, lots, mistakes })
}

/// Names lots that lie signed and unsent in the folder for receipts.
pub(super) fn refuse_unsent(lots: &Lots, folder: &Path) -> Vec<Mistake> {
    let table = &lots.table;
    let unsent = |row_lot: &RowLot| {
        let path = Outbox::earlier(folder, super::file_name(&row_lot.lot.lot))?;
        Some(Mistake::at(
            table,
            row_lot.row,
            table.layout.place("lot"),
            "signed_and_unsent",
            format!("{} was signed earlier and not sent", path.display()),
            Some(format!("send it with: certifier submit {}; or delete it", path.display())),
        ))
    };
    lots.lots.iter().filter_map(unsent).collect()
}

/// Stands for what the header lacks.
const MISSING_COLUMN: &str = "missing_column_of_row";

fn lot(
    table: &Table,
    source: &Source,
    row: &Row,
    wrong: Option<&'static str>,
    folder: &Path,
    today: Day,
) -> Result<LotFile, Vec<Mistake>> {
    let whole = |code, error: String, hint: &str| {
        vec![Mistake::at(table, row.number, None, code, error, Some(hint.to_owned()))]
    };
    if let Some(wrong) = wrong {
        return Err(whole("torn_row", wrong.to_owned(), "open the file in a spreadsheet, and save it again"));
    }
    let width = table.layout.width();
    let beyond = row.cells.iter().skip(width).any(|cell| !cell.is_blank());
    if beyond || (row.has_all_cells && row.cells.len() < width) {
        let error = format!("the row has {} cells, and the header {width}", row.cells.len());
        return Err(whole("cell_count", error, "a cell with a separator in it stands in double quotes"));
    }
    let mut mistakes = Vec::new();
    let mut members: Vec<Entry> = Vec::new();
    for (place, column) in table.layout.columns() {
        let cell = row.cells.get(place).unwrap_or(&Cell::Empty);
        match cell.value(column.kind, place) {
            Ok(None) => {}
            Ok(Some(value)) => put(&mut members, column.name, Node { span: place..place, value }),
            Err(fault) => {
                // Not missing, though it is of no use: one mistake is told once.
                mistakes.push(Mistake::at(table, row.number, Some(place), fault.code, fault.error, fault.hint));
            }
        }
    }
    for (place, header) in
        row.cells.iter().enumerate().filter(|(place, cell)| table.layout.header(*place).is_none() && !cell.is_blank())
    {
        let error = format!("holds {:?}, but the column has no header", header.shown());
        let hint = "name the column, or empty it".to_owned();
        mistakes.push(Mistake::at(table, row.number, Some(place), "no_header", error, Some(hint)));
    }
    for (name, is_list) in [("maker", false), ("facility", false), ("scheme", false), ("evidence", true)] {
        finish(&mut members, name, is_list);
    }
    let tree = Node { span: WHOLE_ROW..WHOLE_ROW, value: Value::Table(members) };
    let read = LotFile::of_row(source, &tree, folder, today);
    let faults = match read {
        Ok(lot) if mistakes.is_empty() => return Ok(lot),
        Ok(_) => Vec::new(),
        Err(faults) => faults,
    };
    for fault in faults {
        let place = (fault.at != WHOLE_ROW).then_some(fault.at);
        if mistakes.iter().any(|mistake| place.is_some() && mistake.is_at(place)) {
            continue;
        }
        let column = place.and_then(|place| table.layout.columns().find(|(other, _)| *other == place));
        let name = column.map(|(_, column)| column.name);
        // The place says the name already.
        let unnamed = name.and_then(|name| fault.error.strip_prefix(name)).and_then(|error| error.split_once(' '));
        let error = unnamed.map_or(fault.error.as_str(), |(_, error)| error);
        let missing = fault.error.strip_suffix(" is missing");
        let code = match missing {
            // Told once, with the header.
            Some(member) if place.is_none() && columns::is_needed(member) => MISSING_COLUMN,
            Some(_) => "missing",
            None => "not_as_expected",
        };
        let (error, hint) = match (missing, place) {
            (Some(_), Some(_)) => ("is empty", fault.hint.map(|hint| hint.replacen("add ", "such as ", 1))),
            _ => (error, fault.hint),
        };
        mistakes.push(Mistake::at(table, row.number, place, code, error, hint));
    }
    Err(mistakes)
}

/// Puts a value under its name, into the table that the name says.
fn put(members: &mut Vec<Entry>, name: &str, node: Node) {
    let entry = |name: &str, node| Entry { name: name.to_owned(), name_span: WHOLE_ROW..WHOLE_ROW, node };
    let Some((table, member)) = name.split_once('.') else {
        members.push(entry(name, node));
        return;
    };
    match members.iter_mut().find(|entry| entry.name == table).map(|entry| &mut entry.node.value) {
        Some(Value::Table(inner)) => inner.push(entry(member, node)),
        _ => {
            let span = node.span.clone();
            let value = Value::Table(vec![entry(member, node)]);
            members.push(entry(table, Node { span, value }));
        }
    }
}

/// A table that is needed is there even if all of its cells are empty, so that each is missed by its name; evidence is a list.
fn finish(members: &mut Vec<Entry>, name: &str, is_list: bool) {
    let empty = Node { span: WHOLE_ROW..WHOLE_ROW, value: Value::Table(Vec::new()) };
    match members.iter_mut().find(|entry| entry.name == name) {
        Some(entry) if is_list => {
            let inner = std::mem::replace(&mut entry.node, empty);
            entry.node = Node { span: inner.span.clone(), value: Value::List(vec![inner]) };
        }
        Some(entry) => entry.node.span = WHOLE_ROW..WHOLE_ROW,
        None if is_list => {}
        None => {
            members.push(Entry { name: name.to_owned(), name_span: WHOLE_ROW..WHOLE_ROW, node: empty });
        }
    }
}

#[cfg(test)]
mod tests;
