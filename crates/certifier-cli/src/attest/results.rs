//! What became of each row, as a table beside the receipts: made anew from the job whenever it was worked on.

use std::path::{Path, PathBuf};

use client::terminal::clean_json;
use serde_json::{Value, json};

use super::job::{Held, Job};
use crate::failure::Failure;
use crate::render::{WholeFile, csv_cell};

/// The byte order mark is what makes spreadsheets read UTF-8.
const HEADER: &str = "\u{feff}row,lot,gtin,index,received_at,statement,proof,salt\r\n";

/// Writes the table as CSV, or as JSON that is printed as well; gives its path.
pub(super) fn write(job: &Job, folder: &Path, spreadsheet: &Path, as_json: bool) -> Result<PathBuf, Failure> {
    let stem = spreadsheet.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = if as_json { "json" } else { "csv" };
    let path = folder.join(format!("{stem}.result.{ending}"));
    let text = if as_json { document(job, spreadsheet) } else { table(job) };
    WholeFile::put(&path, text.as_bytes())?;
    if as_json {
        crate::print(&text)?;
    }
    Ok(path)
}

fn table(job: &Job) -> String {
    let mut text = HEADER.to_owned();
    for (row, held) in job.rows() {
        let registered = held.registered.as_ref();
        let index = registered.map(|registered| registered.index.to_string()).unwrap_or_default();
        let received_at = registered.map(|registered| registered.received_at.as_str()).unwrap_or_default();
        let gtin = held.gtin.as_deref().unwrap_or_default();
        let files = ["jws", "tlog-proof", "salt"].map(|ending| file(held, ending).unwrap_or_default());
        let row = row.to_string();
        let cells = [row.as_str(), &held.lot, gtin, &index, received_at].into_iter().chain(files);
        text.push_str(&cells.map(csv_cell).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

fn document(job: &Job, spreadsheet: &Path) -> String {
    let lot = |(row, held): (&u64, &Held)| -> Value {
        let registered = held.registered.as_ref();
        json!({
            "row": row,
            "lot": held.lot,
            "gtin": held.gtin,
            "index": registered.map(|registered| registered.index),
            "receivedAt": registered.map(|registered| &registered.received_at),
            "statement": file(held, "jws"),
            "proof": file(held, "tlog-proof"),
            "salt": file(held, "salt"),
        })
    };
    let lots: Vec<Value> = job.rows().iter().map(lot).collect();
    let document = json!({
        "format": "ethical-label-attest-result/v1",
        "spreadsheet": spreadsheet.display().to_string(),
        "lots": lots,
    });
    format!("{}\n", clean_json(&format!("{document:#}")))
}

fn file<'h>(held: &'h Held, ending: &str) -> Option<&'h str> {
    let files = &held.registered.as_ref()?.files;
    files.iter().map(String::as_str).find(|file| Path::new(file).extension().is_some_and(|found| found == ending))
}
