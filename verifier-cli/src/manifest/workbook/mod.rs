//! Workbooks (.xlsx): every sheet that is shown, row by row. What a hostile one meets is crate `workbook`'s affair.

mod sheet;
#[cfg(test)]
pub(super) mod tests;

use std::io::Read;

use workbook::{Watch, Workbook};

use super::columns::Columns;
use super::error::Stop;
use super::fault::{Fault, Reason};
use super::line::{At, Item};
use super::reader::Sink;
use super::source::Progress;

pub(super) use workbook::COMPOUND_FILE;

impl Watch for Progress {
    fn begin(&self, total: u64) {
        self.restart(total);
    }

    fn unpacked(&self, bytes: usize) {
        self.add(bytes);
    }
}

/// Reads every sheet of a workbook.
pub(super) fn read(
    source: &mut impl Read,
    columns: &Columns,
    progress: &Progress,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let bytes = workbook::read_bytes(source)?;
    let mut book = Workbook::open(&bytes, progress)?;
    let names: Vec<std::sync::Arc<str>> = book.sheets().map(Into::into).collect();
    let (mut read, mut without) = (false, Vec::new());
    for (number, name) in names.iter().enumerate() {
        match sheet::read(book.rows(number)?, name, columns, sink)? {
            sheet::Outcome::Read => read = true,
            sheet::Outcome::Blank => {}
            sheet::Outcome::WithoutLabels(error) => without.push((name.clone(), error)),
        }
    }
    if !read {
        // No sheet is one of goods: the first one's reason is the workbook's.
        return without.into_iter().next().map_or(Ok(()), |(_, error)| Err(error.into()));
    }
    for (name, _) in without {
        sink.push(At::Sheet(name), Item::Fault(Fault::new(Reason::SheetWithoutLabels)))?;
    }
    Ok(())
}
