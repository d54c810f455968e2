//! The labels' texts as CSV (RFC 4180), for print shops that set labels themselves.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe before it: a name such as `=HYPERLINK(…)` runs for
//! whoever opens the file. The byte order mark is what makes spreadsheets read UTF-8.

use super::Face;

/// The first line; the file begins with a byte order mark.
pub(super) const HEADER: &str = "\u{feff}url,host,product,lot,serial,short_code\r\n";

/// One label's line.
pub(super) fn row(face: &Face) -> String {
    let cells = [&face.url, &face.host, &face.product, &face.lot, &face.serial, &face.short_code];
    let cells: Vec<String> = cells.into_iter().map(|cell| cell_of(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A text as a cell that no spreadsheet takes for a formula.
pub(crate) fn cell_of(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    let needs_quotes = text.contains(['"', ',', '\r', '\n', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    if needs_quotes { format!("\"{guard}{}\"", text.replace('"', "\"\"")) } else { format!("{guard}{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        for (text, cell) in [
            ("KTM-2026", "KTM-2026"),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-12", "'-12"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("=HYPERLINK(\"https://evil.example\",\"a\")", "\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"a\"\")\""),
            ("carpet, 2\" thick\r\nred", "\"carpet, 2\"\" thick\r\nred\""),
            ("a;b", "\"a;b\""),
            (" =1", "\" =1\""),
            ("", ""),
        ] {
            assert_eq!(cell_of(text), cell);
        }
    }
}
