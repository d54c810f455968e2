//! Which column of a table holds what: by its header, by what `--columns` says, or by the label that stands in it.
//!
//! Headers are compared by their letters and digits alone, case folded: `HS-Code`, `hs code` and `HS_CODE` are one.
//! A header that means something else as well (`Product` is often a name, `Country` a destination) counts only where
//! no better one is there.

use std::sync::Arc;

use label::Label;
use workbook::column_of;

use super::error::ManifestError;

/// Title rows above a header are passed over, this many rows deep.
pub(super) const MAX_ROWS_TO_HEADER: usize = 20;
/// The most characters of headers that an error lists.
const MAX_LISTED: usize = 200;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Label,
    Gtin,
    Lot,
    Serial,
    Origin,
    HsCode,
    Quantity,
    Unit,
}

struct Names {
    field: Field,
    /// What `--columns` and errors call it.
    name: &'static str,
    /// Headers that mean this and nothing else.
    sure: &'static [&'static str],
    /// Headers that often mean this.
    likely: &'static [&'static str],
}

const NAMES: [Names; 8] = [
    Names {
        field: Field::Label,
        name: "label",
        sure: &[
            "label",
            "labels",
            "labelurl",
            "labellink",
            "digitallink",
            "url",
            "link",
            "qr",
            "qrcode",
            "etikett",
            "étiquette",
            "etiquette",
            "etiqueta",
        ],
        likely: &["code", "epc", "uri", "address"],
    },
    Names {
        field: Field::Gtin,
        name: "gtin",
        sure: &["gtin", "gtin14", "gtin13", "gtinean", "ean", "ean13", "eancode", "upc"],
        likely: &["product", "productcode", "article", "artikel", "produit", "producto", "produto"],
    },
    Names {
        field: Field::Lot,
        name: "lot",
        sure: &[
            "lot",
            "lotnumber",
            "lotno",
            "lotnr",
            "lotid",
            "batch",
            "batchnumber",
            "batchno",
            "batchlot",
            "lote",
            "losnummer",
            "chargennummer",
            "numérodelot",
        ],
        likely: &["charge", "los", "partie", "partida"],
    },
    Names {
        field: Field::Serial,
        name: "serial",
        sure: &["serial", "serialnumber", "serialno", "serialnr", "seriennummer", "numérodesérie", "númerodeserie"],
        likely: &["sn"],
    },
    Names {
        field: Field::Origin,
        name: "origin",
        sure: &[
            "origin",
            "countryoforigin",
            "origincountry",
            "coo",
            "ursprung",
            "ursprungsland",
            "origine",
            "paysdorigine",
            "origen",
            "paísdeorigen",
            "origem",
            "paísdeorigem",
        ],
        likely: &["country", "countrycode", "land", "pays", "país"],
    },
    Names {
        field: Field::HsCode,
        name: "hs",
        sure: &[
            "hs",
            "hscode",
            "hsnumber",
            "tariff",
            "tariffcode",
            "tariffnumber",
            "tariffno",
            "commoditycode",
            "cncode",
            "taric",
            "hts",
            "htscode",
            "zolltarifnummer",
            "warennummer",
            "codesh",
            "codigosa",
        ],
        likely: &["commodity", "customscode"],
    },
    Names {
        field: Field::Quantity,
        name: "quantity",
        sure: &["quantity", "qty", "menge", "quantité", "cantidad", "quantidade"],
        likely: &["units", "pieces", "anzahl", "stück", "nombre"],
    },
    Names {
        field: Field::Unit,
        name: "unit",
        sure: &["unit", "uom", "unitofmeasure", "einheit", "mengeneinheit", "unité", "unidad", "unidade"],
        likely: &[],
    },
];

/// What `--columns label=B,lot=Charge` says: for some fields, the header, letter or number (from 1) of their column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Columns(Vec<(Field, String)>);

/// Why a text is no choice of columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ColumnsError {
    #[error("{0:?} is not FIELD=COLUMN")]
    Form(String),
    #[error("{0:?} is no field, expected label, gtin, lot, serial, origin, hs, quantity or unit")]
    Field(String),
    #[error("{0} is there twice")]
    Twice(&'static str),
}

impl std::str::FromStr for Columns {
    type Err = ColumnsError;

    fn from_str(text: &str) -> Result<Self, ColumnsError> {
        let mut columns = Self::default();
        for part in text.split(',') {
            let (name, wanted) = part.split_once('=').ok_or_else(|| ColumnsError::Form(part.to_owned()))?;
            if wanted.trim().is_empty() {
                return Err(ColumnsError::Form(part.to_owned()));
            }
            let folded = fold(name);
            let names = NAMES.iter().find(|names| names.name == folded || names.sure.contains(&folded.as_str()));
            let names = names.ok_or_else(|| ColumnsError::Field(name.to_owned()))?;
            if columns.wanted(names.field).is_some() {
                return Err(ColumnsError::Twice(names.name));
            }
            columns.0.push((names.field, wanted.trim().to_owned()));
        }
        Ok(columns)
    }
}

impl Columns {
    fn wanted(&self, field: Field) -> Option<&str> {
        self.0.iter().find(|(other, _)| *other == field).map(|(_, wanted)| wanted.as_str())
    }
}

/// Which column of one table holds what.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// By [`Field`], the column from 0 and its header.
    columns: [Option<(usize, Option<Arc<str>>)>; NAMES.len()],
    /// How many cells a row has.
    pub(super) width: usize,
    /// There is no header: the row that gave the layout is already one of the goods.
    pub(super) headless: bool,
}

impl Layout {
    /// Reads a layout off a row; `None` where it is neither a header nor, as the `first` row, one with a label.
    pub(super) fn find(row: &[&str], columns: &Columns, first: bool) -> Result<Option<Self>, ManifestError> {
        let by_flag = columns.wanted(Field::Label);
        let by_name = match by_flag {
            Some(wanted) => named(row, Field::Label, |header| header == fold(wanted))?,
            None => by_synonym(row, Field::Label)?,
        };
        let is_link_at = |column: usize| row.get(column).is_some_and(|cell| is_link(cell));
        let (label, headless) = match (by_name, by_flag) {
            (Some(column), _) if !is_link_at(column) => (column, false),
            (_, Some(wanted)) => match position(wanted).filter(|column| *column < row.len()) {
                Some(column) => (column, is_link_at(column)),
                None => return Ok(None),
            },
            (_, None) => match link_column(row) {
                Some(column) if first => (column, true),
                Some(_) | None => return Ok(None),
            },
        };
        let mut found = Self { columns: Default::default(), width: row.len(), headless };
        for (slot, names) in found.columns.iter_mut().zip(&NAMES) {
            let column = match (names.field, columns.wanted(names.field)) {
                (Field::Label, _) => Some(label),
                (field, Some(wanted)) => Some(chosen(row, field, wanted, headless)?),
                (_, None) if headless => None,
                (field, None) => by_synonym(row, field)?,
            };
            let header = |column: usize| row.get(column).filter(|_| !headless).map(|cell| Arc::from(cell.trim()));
            *slot = column.map(|column| (column, header(column)));
        }
        Ok(Some(found))
    }

    /// The column of a field, from 0.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.columns.get(field as usize)?.as_ref().map(|(column, _)| *column)
    }

    /// The header of a field's column, as written.
    pub(super) fn header(&self, field: Field) -> Option<Arc<str>> {
        self.columns.get(field as usize)?.as_ref().and_then(|(_, header)| header.clone())
    }
}

/// Why no row gave a layout: `headers` is the one that looked most like a header, the widest.
pub(super) fn not_found(headers: &[String], columns: &Columns) -> ManifestError {
    let row: Vec<&str> = headers.iter().map(String::as_str).collect();
    match columns.wanted(Field::Label) {
        Some(wanted) => missing(Field::Label, wanted, &row),
        None => ManifestError::NoLabelColumn { headers: listed(&row) },
    }
}

/// Whether a cell holds an address, as every label is one.
pub(super) fn is_link(cell: &str) -> bool {
    let cell = cell.trim_start();
    let starts = |scheme: &str| cell.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("https://") || starts("http://")
}

/// The column with the address; of several, the first that is a label.
fn link_column(row: &[&str]) -> Option<usize> {
    let mut links = row.iter().enumerate().filter(|(_, cell)| is_link(cell));
    let sound = links.clone().find(|(_, cell)| Label::parse(cell.trim()).is_ok());
    sound.or_else(|| links.next()).map(|(column, _)| column)
}

/// The column that `--columns` chose for a field.
fn chosen(row: &[&str], field: Field, wanted: &str, headless: bool) -> Result<usize, ManifestError> {
    let by_name = if headless { None } else { named(row, field, |header| header == fold(wanted))? };
    by_name.or_else(|| position(wanted).filter(|column| *column < row.len())).ok_or_else(|| missing(field, wanted, row))
}

fn missing(field: Field, wanted: &str, row: &[&str]) -> ManifestError {
    ManifestError::ColumnNotFound { field: name_of(field), wanted: wanted.to_owned(), headers: listed(row) }
}

fn by_synonym(row: &[&str], field: Field) -> Result<Option<usize>, ManifestError> {
    let Some(names) = NAMES.iter().find(|names| names.field == field) else { return Ok(None) };
    match named(row, field, |header| names.sure.contains(&header))? {
        Some(column) => Ok(Some(column)),
        None => named(row, field, |header| names.likely.contains(&header)),
    }
}

/// The one column whose header fits; two are one too many.
fn named(row: &[&str], field: Field, fits: impl Fn(&str) -> bool) -> Result<Option<usize>, ManifestError> {
    let mut found = row.iter().enumerate().filter(|(_, header)| fits(&fold(header)));
    let Some((column, first)) = found.next() else { return Ok(None) };
    match found.next() {
        None => Ok(Some(column)),
        Some((_, second)) => Err(ManifestError::ColumnTwice {
            field: name_of(field),
            first: first.trim().to_owned(),
            second: second.trim().to_owned(),
        }),
    }
}

/// A letter or number as a column from 0.
fn position(wanted: &str) -> Option<usize> {
    let column = column_of(wanted).map(|column| column as usize).or_else(|| wanted.parse().ok())?;
    column.checked_sub(1)
}

fn name_of(field: Field) -> &'static str {
    NAMES.iter().find(|names| names.field == field).map_or("", |names| names.name)
}

/// A header's letters and digits, case folded.
fn fold(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn listed(row: &[&str]) -> String {
    let headers: Vec<&str> = row.iter().map(|header| header.trim()).filter(|header| !header.is_empty()).collect();
    let list = headers.join(", ");
    if list.is_empty() {
        return "none".to_owned();
    }
    let mut cut: String = list.chars().take(MAX_LISTED).collect();
    if cut.len() < list.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://registry.example/AE/10/KTM/21/1";

    fn find(row: &[&str], columns: &str) -> Result<Option<Layout>, ManifestError> {
        let columns = if columns.is_empty() { Columns::default() } else { columns.parse().unwrap() };
        Layout::find(row, &columns, true)
    }

    fn fields(row: &[&str], columns: &str) -> Vec<Option<usize>> {
        let layout = find(row, columns).unwrap().unwrap();
        NAMES.iter().map(|names| layout.column(names.field)).collect()
    }

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        assert!(NAMES.iter().enumerate().all(|(place, names)| names.field as usize == place));
    }

    #[test]
    fn headers_are_told_by_letters_and_digits_alone() {
        let row =
            ["QR-Code", " gtin_14 ", "LOT NUMBER", "Serial No.", "Country of Origin", "HS-code", "Qty.", "U.o.M."];
        assert_eq!(fields(&row, ""), (0..8).map(Some).collect::<Vec<_>>());
        let row = ["Étiquette", "EAN", "Lote", "Seriennummer", "Pays d'origine", "Zolltarifnummer", "Menge", "Unidad"];
        assert_eq!(fields(&row, ""), (0..8).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn a_header_of_two_meanings_counts_where_no_better_one_is_there() {
        let row = ["Link", "Code", "Product", "GTIN", "Country", "Origin", "Charge", "Units", "Unit"];
        let expected = [Some(0), Some(3), Some(6), None, Some(5), None, Some(7), Some(8)];
        assert_eq!(fields(&row, ""), expected);
    }

    #[test]
    fn two_columns_for_one_field_are_named() {
        let error = find(&["URL", "Lot", "Batch"], "").unwrap_err();
        assert_eq!(error.to_string(), "has two columns for the lot: Lot and Batch");
        assert!(find(&["URL", "Lot", "Batch"], "lot=Batch").unwrap().is_some());
        let error = find(&["URL", "Lot", "lot"], "lot=LOT").unwrap_err();
        assert_eq!(error.code(), "column_twice");
    }

    #[test]
    fn the_flag_takes_headers_letters_and_numbers() {
        let row = ["Bezug", "Ware", "B", "x"];
        assert_eq!(
            fields(&row, "label=ware,lot=B,gtin=4").get(..3).unwrap(),
            [Some(1), Some(3), Some(2)],
            "B is a header"
        );
        assert_eq!(fields(&row, "label=b").first().unwrap(), &Some(2));
        assert_eq!(fields(&row, "label=A").first().unwrap(), &Some(0));
        let error = find(&row, "label=A,lot=Charge").unwrap_err();
        assert_eq!(error.to_string(), "has no column \"Charge\" for the lot; its headers are: Bezug, Ware, B, x");
        assert!(find(&row, "label=Z").unwrap().is_none());
        assert!(find(&row, "label=0").unwrap().is_none());
    }

    #[test]
    fn without_a_header_the_label_column_is_the_one_with_the_address() {
        let layout = find(&["09521234543213", LINK, "KTM"], "").unwrap().unwrap();
        assert_eq!((layout.column(Field::Label), layout.headless, layout.column(Field::Lot)), (Some(1), true, None));
        let layout = find(&["09521234543213", LINK, "KTM"], "label=2,lot=C").unwrap().unwrap();
        assert_eq!((layout.column(Field::Lot), layout.header(Field::Lot)), (Some(2), None));
        let later = Layout::find(&[LINK], &Columns::default(), false).unwrap();
        assert!(later.is_none(), "rows above it would go unread");
    }

    #[test]
    fn what_is_no_choice_of_columns_is_refused() {
        for (text, error) in [
            ("label", "\"label\" is not FIELD=COLUMN"),
            ("label=", "\"label=\" is not FIELD=COLUMN"),
            ("weight=3", "\"weight\" is no field, expected label, gtin, lot, serial, origin, hs, quantity or unit"),
            ("lot=1,batch=2", "lot is there twice"),
        ] {
            assert_eq!(text.parse::<Columns>().unwrap_err().to_string(), error);
        }
    }
}
