//! `certifier template`: an empty spreadsheet, so that nobody has to guess the columns.
//!
//! As a workbook its columns are formatted as text: what is typed there keeps its zeros, and no code becomes a date.

use std::path::Path;

use rust_xlsxwriter::{Format, Note, Workbook, XlsxError};

use super::columns::COLUMNS;
use crate::failure::Failure;
use crate::files::{self, Readers};

/// Of a column, in characters.
const WIDTH: f64 = 18.0;

/// Writes the header alone: an example row would be attested by whoever forgets to take it out.
pub(super) fn run(file: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = file {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let bytes = match ending.as_str() {
            "csv" => csv(),
            "xlsx" => workbook().map_err(|error| Failure::refused(format!("cannot make a workbook: {error}")))?,
            _ => {
                return Err(Failure::input(format!("{} is neither .xlsx nor .csv", path.display()))
                    .hint("name it so; .xlsx keeps the zeros at the beginning of codes"));
            }
        };
        files::create(path, &bytes, Readers::Anyone)?;
    }
    crate::print(&columns())
}

/// The byte order mark is what makes spreadsheets read UTF-8.
fn csv() -> Vec<u8> {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    format!("\u{feff}{}\r\n", names.join(",")).into_bytes()
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Lots")?;
    let (text, header) = (Format::new().set_num_format("@"), Format::new().set_num_format("@").set_bold());
    for (place, column) in (0..).zip(&COLUMNS) {
        sheet.set_column_format(place, &text)?.set_column_width(place, WIDTH)?;
        sheet.write_string_with_format(0, place, column.name, &header)?;
        let needed = if column.is_needed { "Has to be there. " } else { "" };
        let note = Note::new(format!("{needed}{}\nSuch as: {}", column.about, column.example)).add_author_prefix(false);
        sheet.insert_note(0, place, &note)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

fn columns() -> String {
    let mut text = "One lot a row; all of it becomes public, for ever, but files of evidence and the name of a withheld maker.\n\
                    Columns have to be formatted as text, as they are in lots.xlsx: zeros at the beginning stay, and no code becomes a date.\n\n"
        .to_owned();
    for column in &COLUMNS {
        let mark = if column.is_needed { "*" } else { " " };
        text.push_str(&format!("{mark} {:<16} {:<42} {}\n", column.name, column.example, column.about));
    }
    text.push_str("\n* has to be there\n");
    text
}

#[cfg(test)]
mod tests {
    use super::super::table::File;
    use super::*;

    #[test]
    fn what_is_written_has_the_header_and_no_lot() {
        for bytes in [csv(), workbook().unwrap()] {
            let read = File::of("lots".into(), bytes).read(|_, row, _| panic!("{row:?}"));
            let text = read.unwrap_err().text();
            assert!(text.contains("there is no lot under its header (no_lots)"), "{text}");
        }
    }
}
