//! CSV (RFC 4180) with `,`, `;` or tabs between its cells, in UTF-8 with or without a byte order mark.
//!
//! Cells are split by `csv-core`. Rows are found here, because a quote that is never closed makes one row of all that follows, and
//! because blank lines count: rows have the numbers that a spreadsheet shows.

use memchr::{memchr, memchr_iter};

use super::cell::Cell;
use super::table::{Row, TableError};

/// The longest row, in bytes.
pub(super) const MAX_ROW: usize = 64 << 10;
/// The most cells of a row.
const MAX_CELLS: usize = 1024;
/// What stands between cells, the likeliest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Gives each row that is not blank to `take`, with why it cannot be split if so.
pub(super) fn read(
    bytes: &[u8],
    mut take: impl FnMut(Row, Option<&'static str>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(TableError::Utf16);
    }
    if memchr(0, bytes).is_some() {
        return Err(TableError::NotText);
    }
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Old spreadsheets for the Mac end lines so.
    let newline = if memchr(b'\n', rest).is_none() && memchr(b'\r', rest).is_some() { b'\r' } else { b'\n' };
    let mut separator = None;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let (end, is_closed) = row_end(rest, newline);
        let (row, after) = rest.split_at(end);
        rest = after;
        let row = row.strip_suffix(&[newline]).unwrap_or(row);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        // What Excel takes the separator from, where a file begins so: `sep=;`.
        if let (1, [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', named]) = (number, row) {
            separator = Some(*named);
            continue;
        }
        if row.trim_ascii().is_empty() {
            continue;
        }
        let separator = *separator.get_or_insert_with(|| separator_of(row));
        let wrong = match () {
            () if !is_closed => Some("a quote opens in this row, and none closes it"),
            () if row.len() > MAX_ROW => Some("the row is longer than 65536 bytes"),
            () => None,
        };
        match wrong {
            Some(wrong) => {
                take(Row { number, cells: Vec::new(), has_all_cells: false }, Some(wrong))?;
                // What follows has to be looked at line by line: the quote may be a typing error.
                let line = memchr(newline, row).map_or(row.len(), |end| end + 1);
                if line < row.len() {
                    return Ok(());
                }
            }
            None => {
                let cells = split(row, separator);
                let wrong = cells.is_none().then_some("the row has more than 1024 cells");
                take(Row { number, cells: cells.unwrap_or_default(), has_all_cells: true }, wrong)?;
            }
        }
    }
    Ok(())
}

/// Where the first row ends, its line break included, and whether its quotes are closed.
fn row_end(bytes: &[u8], newline: u8) -> (usize, bool) {
    let (mut start, mut is_open) = (0, false);
    for end in memchr_iter(newline, bytes).map(|at| at + 1).chain([bytes.len()]) {
        let line = bytes.get(start..end).unwrap_or_default();
        is_open ^= memchr_iter(b'"', line).count() % 2 == 1;
        start = end;
        if !is_open {
            return (end, true);
        }
    }
    (bytes.len(), false)
}

/// The separator that a row has most of, outside of quotes.
fn separator_of(row: &[u8]) -> u8 {
    let count = |separator| -> usize {
        let parts = row.split(|byte| *byte == b'"').step_by(2);
        parts.map(|part| memchr_iter(separator, part).count()).sum()
    };
    // Of equals, the first.
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

/// A row's cells; `None` where there are too many.
fn split(row: &[u8], separator: u8) -> Option<Vec<Cell>> {
    let mut reader =
        csv_core::ReaderBuilder::new().delimiter(separator).terminator(csv_core::Terminator::Any(0)).build();
    let (mut output, mut ends) = (vec![0; row.len() + 1], vec![0; MAX_CELLS]);
    let (mut read, mut written, mut count) = (0, 0, 0);
    loop {
        // An empty input is how the engine is told of the end.
        let input = row.get(read..).unwrap_or_default();
        let (result, more, out, cells) = reader.read_record(input, output.get_mut(written..)?, ends.get_mut(count..)?);
        (read, written, count) = (read + more, written + out, count + cells);
        match result {
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            csv_core::ReadRecordResult::OutputFull | csv_core::ReadRecordResult::OutputEndsFull => return None,
        }
    }
    let mut start = 0;
    let cell = |end: &usize| {
        let bytes = output.get(start..*end).unwrap_or_default();
        start = *end;
        match std::str::from_utf8(bytes) {
            Ok("") => Cell::Empty,
            Ok(text) => Cell::Text(text.to_owned()),
            Err(_) => Cell::NotText(String::from_utf8_lossy(bytes).into_owned()),
        }
    };
    Some(ends.iter().take(count).map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>, Option<&'static str>)> {
        let mut rows = Vec::new();
        read(bytes, |row, wrong| {
            rows.push((row.number, row.cells.iter().map(Cell::shown).collect(), wrong));
            Ok(())
        })
        .unwrap();
        rows
    }

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        rows(bytes).into_iter().map(|(_, cells, _)| cells).collect()
    }

    #[test]
    fn every_common_form_is_read() {
        let expected = [["lot", "product"], ["A", "rug, \"red\"; 2\tm"]];
        for text in [
            "lot,product\nA,\"rug, \"\"red\"\"; 2\tm\"\n",
            "\u{feff}lot;product\r\nA;\"rug, \"\"red\"\"; 2\tm\"",
            "lot\tproduct\rA\t\"rug, \"\"red\"\"; 2\tm\"\r",
            "sep=|\r\nlot|product\r\nA|\"rug, \"\"red\"\"; 2\tm\"\r\n",
        ] {
            assert_eq!(cells(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(cells(b"a,b\nx\\,y,z\n,\n"), [vec!["a", "b"], vec!["x\\", "y", "z"], vec!["", ""]]);
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        let rows = rows(b"lot,product\n\n A ,\"two\nlines\"\n\r\nB,c\n");
        let numbers: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(numbers, [1, 3, 5]);
        assert_eq!(rows[1].1, [" A ", "two\nlines"]);
    }

    #[test]
    fn a_torn_row_is_named_and_nothing_is_made_of_what_follows() {
        let torn = rows(b"lot,product\nA,\"rug\nB,c\nC,d\n");
        assert_eq!((torn.len(), torn[1].0), (2, 2));
        assert!(torn[1].2.unwrap().contains("none closes it"));
        let long = rows(format!("lot\n{}\nB\n", "x".repeat(MAX_ROW + 1)).as_bytes());
        assert!(long[1].2.unwrap().contains("longer than"));
        assert_eq!(long[2].1, ["B"]);
        let wide = rows(format!("lot\n{}\n", ",".repeat(MAX_CELLS)).as_bytes());
        assert!(wide[1].2.unwrap().contains("more than 1024 cells"));
    }

    #[test]
    fn other_encodings_are_told() {
        assert_eq!(read(b"\xff\xfel\0", |_, _| Ok(())).unwrap_err().code(), "utf_16");
        assert_eq!(read(b"l\0", |_, _| Ok(())).unwrap_err().code(), "not_text");
        let mut found = Vec::new();
        read(b"lot\nK\xd6LN\n", |row, _| {
            found.extend(row.cells);
            Ok(())
        })
        .unwrap();
        assert!(matches!(&found[1], Cell::NotText(_)));
    }
}
