//! The columns of a spreadsheet of lots: the members of a lot file, tables flattened with a dot.
//!
//! Headers are compared by their letters and digits alone, case folded: `HS-Code`, `hs code` and `HS_CODE` are one.

use super::cell::Kind;
use crate::form::nearest;

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// The member of the lot file.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether there is no lot without it.
    pub(super) is_needed: bool,
    /// For the template's reader: an example, and what it means.
    pub(super) example: &'static str,
    pub(super) about: &'static str,
}

const fn needed(name: &'static str, kind: Kind, example: &'static str, about: &'static str) -> Column {
    Column { name, kind, is_needed: true, example, about }
}

const fn optional(name: &'static str, kind: Kind, example: &'static str, about: &'static str) -> Column {
    Column { name, kind, is_needed: false, example, about }
}

/// Every column, in the template's order.
pub(super) const COLUMNS: [Column; 25] = [
    needed("product", Kind::Text, "Hand-knotted wool carpet, 170 x 240 cm", "the product's name"),
    optional("gtin", Kind::Gtin, "09521234543213", "GTIN-14, as text: a number loses its zero"),
    needed("lot", Kind::Code, "KTM-2026", "1 to 20 characters; A-Z 0-9 - . keep the code small"),
    needed("country", Kind::Country, "NP", "country of origin, ISO 3166-1 alpha-2"),
    needed("hs-code", Kind::HsCode, "570110", "HS code without dots, as text"),
    needed("claims", Kind::Claims, "no-child-labour", "what is claimed; no-forced-labour is the other"),
    needed("labels", Kind::Number, "100", "serials 1 to this"),
    needed("quantity", Kind::Number, "100", "how much of the unit"),
    needed("unit", Kind::Code, "C62", "UN/ECE Recommendation 20: C62 is a piece"),
    optional("scan-days", Kind::Number, "60", "scanned on more days, a label is shown amber; empty: never"),
    needed("assessment-day", Kind::Day, "2026-10-20", "when it was assessed"),
    optional("first-day", Kind::Day, "2026-11-01", "empty: today"),
    optional("last-day", Kind::Day, "2027-10-31", "empty: a year less a day after the first"),
    optional("issuer-name", Kind::Text, "Himal Social Audit", "the certifier's name; empty: the key file's"),
    optional("maker.id", Kind::Text, "https://bhaktapur-carpets.example", "empty where the maker is withheld"),
    needed("maker.name", Kind::Text, "Bhaktapur Carpets", "becomes public, unless withheld"),
    optional("maker.withheld", Kind::Boolean, "no", "yes: only a salted hash of the name becomes public"),
    needed("facility.id", Kind::Text, "https://bhaktapur-carpets.example/looms/3", "where it was made"),
    needed("facility.country", Kind::Country, "NP", "where that is, ISO 3166-1 alpha-2"),
    needed("facility.region", Kind::Text, "Bagmati", "nothing finer: a home loom is somebody's address"),
    needed("scheme.id", Kind::Text, "https://scheme.example/child-labour-free", "the scheme that was assessed"),
    needed("scheme.name", Kind::Text, "Child Labour Free Carpets", "the scheme's name"),
    optional("evidence.file", Kind::Text, "audit-report.pdf", "hashed, never sent; from the spreadsheet's folder"),
    optional("evidence.name", Kind::Text, "Audit report", "becomes public, with the digest"),
    optional("evidence.url", Kind::Text, "https://himal-audit.example/r/17", "where it can be asked for"),
];

/// Which column of a table holds which member.
#[derive(Debug)]
pub(super) struct Layout {
    /// By the table's column, from 0.
    by_place: Vec<Option<&'static Column>>,
    headers: Vec<String>,
}

/// What is wrong with a header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HeaderFault {
    /// From 0; `None` where the column is not there.
    pub(super) column: Option<usize>,
    pub(super) code: &'static str,
    pub(super) error: String,
    pub(super) hint: String,
}

impl Layout {
    /// Reads a header, and names every mistake in it. The layout has what could be read.
    pub(super) fn of(headers: &[String]) -> (Self, Vec<HeaderFault>) {
        let mut layout = Self { by_place: Vec::new(), headers: headers.to_vec() };
        let mut faults = Vec::new();
        for (place, header) in headers.iter().enumerate() {
            let folded = fold(header);
            let found = COLUMNS.iter().find(|column| fold(column.name) == folded);
            let twice = found.and_then(|column| layout.place(column.name));
            let mut fault = |code, error, hint| faults.push(HeaderFault { column: Some(place), code, error, hint });
            match (found, twice) {
                (Some(column), Some(first)) => fault(
                    "column_twice",
                    format!("is a second column for {}, beside {}", column.name, workbook::letters(letter(first))),
                    "take one of the two out".to_owned(),
                ),
                (Some(_), None) => {}
                (None, _) if folded.is_empty() && header.trim().is_empty() => {}
                (None, _) => fault("unknown_column", format!("{header:?} is no member of a lot"), meant(&folded)),
            }
            layout.by_place.push(found.filter(|_| twice.is_none()));
        }
        for column in COLUMNS.iter().filter(|column| column.is_needed && layout.place(column.name).is_none()) {
            faults.push(HeaderFault {
                column: None,
                code: "missing_column",
                error: format!("there is no column {}", column.name),
                hint: format!("add it, such as {} ({})", column.example, column.about),
            });
        }
        (layout, faults)
    }

    /// Whether any header is a member of a lot.
    pub(super) fn is_any(&self) -> bool {
        self.by_place.iter().any(Option::is_some)
    }

    /// Where a member stands, from 0.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.by_place.iter().position(|column| column.is_some_and(|column| column.name == name))
    }

    /// Members and where they stand.
    pub(super) fn places(&self) -> Vec<(&'static str, usize)> {
        let place = |(place, column): (usize, &Option<&'static Column>)| column.map(|column| (column.name, place));
        self.by_place.iter().enumerate().filter_map(place).collect()
    }

    /// The columns that are there.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, &'static Column)> {
        self.by_place.iter().enumerate().filter_map(|(place, column)| column.map(|column| (place, column)))
    }

    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.headers.len()
    }

    /// A header as it was written.
    pub(super) fn header(&self, place: usize) -> Option<&str> {
        self.headers.get(place).map(|header| header.trim()).filter(|header| !header.is_empty())
    }
}

/// Whether every table has to have a column of this name.
pub(super) fn is_needed(name: &str) -> bool {
    COLUMNS.iter().any(|column| column.is_needed && column.name == name)
}

/// A column's number from 1, as letters are made of it.
pub(super) fn letter(place: usize) -> u32 {
    u32::try_from(place + 1).unwrap_or(u32::MAX)
}

fn fold(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn meant(folded: &str) -> String {
    let known: Vec<String> = COLUMNS.iter().map(|column| fold(column.name)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let name = nearest(folded, &known).and_then(|near| COLUMNS.iter().find(|column| fold(column.name) == near));
    match name {
        Some(column) => format!("did you mean {}?", column.name),
        None => {
            "take the column out: all that is in a lot becomes public; `certifier template` lists the columns".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn headers_are_matched_leniently() {
        let (layout, _) =
            Layout::of(&headers(&["HS code", "Maker ID", "maker_name", "FACILITY.COUNTRY", "Scan days", ""]));
        assert_eq!(
            layout.places(),
            [("hs-code", 0), ("maker.id", 1), ("maker.name", 2), ("facility.country", 3), ("scan-days", 4)]
        );
        let all: Vec<String> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
        let (layout, faults) = Layout::of(&all);
        assert_eq!((layout.places().len(), faults), (COLUMNS.len(), Vec::new()));
    }

    #[test]
    fn headers_that_are_wrong_are_all_named() {
        let all = COLUMNS.iter().map(|column| column.name.to_owned()).filter(|name| name != "unit");
        let all: Vec<String> = all.chain(headers(&["prodct", "GTIN", "Remarks"])).collect();
        let told: Vec<String> =
            Layout::of(&all).1.iter().map(|fault| format!("{} {} | {}", fault.code, fault.error, fault.hint)).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[0].contains("did you mean product?"), "{told:?}");
        assert!(told[1].contains("second column for gtin, beside B"), "{told:?}");
        assert!(told[2].contains("\"Remarks\" is no member of a lot | take the column out"), "{told:?}");
        assert!(told[3].contains("there is no column unit | add it, such as C62 (UN/ECE"), "{told:?}");
    }
}
