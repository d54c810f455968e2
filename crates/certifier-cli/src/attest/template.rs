//! `certifier template`: an empty spreadsheet, so that nobody has to guess the columns.

use std::path::Path;

use super::columns::COLUMNS;
use crate::failure::Failure;
use crate::files::{self, Readers};

/// Writes the header alone: an example row would be attested by whoever forgets to take it out.
pub(super) fn run(file: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = file {
        if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            return Err(Failure::input(format!("{} is no .csv", path.display()))
                .hint("name it so: every spreadsheet program opens it, and saves it as .xlsx too"));
        }
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        // The byte order mark is what makes spreadsheets read UTF-8.
        files::create(path, format!("\u{feff}{}\r\n", names.join(",")).as_bytes(), Readers::Anyone)?;
    }
    crate::print(&columns())
}

fn columns() -> String {
    let mut text = "One lot a row; all of it becomes public, for ever, but files of evidence and the name of a withheld maker.\n\
                    Format the columns as text before anything is entered: zeros at the beginning stay, and no code becomes a date.\n\n"
        .to_owned();
    for column in &COLUMNS {
        let mark = if column.is_needed { "*" } else { " " };
        text.push_str(&format!("{mark} {:<16} {:<42} {}\n", column.name, column.example, column.about));
    }
    text.push_str("\n* has to be there\n");
    text
}
