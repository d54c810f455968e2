#![doc = include_str!("../README.md")]

mod error;
mod number;
mod package;
mod place;
mod row;
mod serial_date;
mod strings;
mod styles;
mod workbook;
mod xml;

pub use error::WorkbookError;
pub use number::{is_mangled, whole};
pub use place::{column_of, letters};
pub use row::{Cell, MAX_ROW, Row, Rows};
pub use serial_date::{CivilDay, day};
pub use workbook::{COMPOUND_FILE, MAX_FILE, Watch, Workbook, read_bytes};
