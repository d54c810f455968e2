//! Customs manifests: what a shipment declares, line by line, from whatever file the declarant has.
//!
//! [`Reader`] takes a file, a folder or standard input and gives [`Line`]s: a text that should be a label with what its
//! row declares beside it, a quantity of a lot, or a fault with its place. It judges no label. One bad row leaves the others as
//! they are; where the file itself is bad, its lines up to there are given first, and the [`ManifestError`] last.
//!
//! | file | what |
//! |---|---|
//! | `reader` | the iterator and the thread behind it; progress and digest |
//! | `line`, `fault`, `error` | what comes out: lines and their places, what is wrong with one, what is wrong with all |
//! | `source`, `kind` | bytes counted and hashed; what kind of file they are |
//! | `columns`, `cell`, `row` | tables: which column is which, what a cell declares, what a row gives |
//! | `text`, `window` | lists and CSV, in constant memory |
//! | `workbook` | .xlsx workbooks, read by the crate of that name |
//! | `epcis` | EPCIS 2.0 documents |
//! | `folder` | pictures |
//!
//! # Hostile manifests
//!
//! | attack | held by |
//! |---|---|
//! | a line that never ends, a quote that never closes | `window`, `text`: 64 KiB a row, and its first line alone is lost |
//! | an archive that unpacks without end | crate `workbook`: sizes as claimed, and again as they come |
//! | XML that claims a billion strings, or expands entities | crate `workbook`: nothing is reserved by claim, no entity is expanded |
//! | JSON nested without end, a string without end | `epcis`: counted before the parser sees them |
//! | a formula that shows what it likes | crate `workbook`: its result is never read |
//! | pixels without end | `photo` |
//! | names that command a terminal | kept as they came: whoever shows them cleans them |

mod cell;
mod columns;
mod epcis;
mod error;
mod fault;
mod folder;
mod kind;
mod line;
mod reader;
mod row;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod window;
mod workbook;

pub(crate) use columns::Columns;
pub(crate) use error::ManifestError;
pub(crate) use fault::{Fault, Reason};
pub(crate) use line::{At, Declared, Item, Labelled, Line, LotQuantity};
pub(crate) use reader::Reader;
