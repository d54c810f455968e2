//! Workbooks: .xlsx (ECMA-376 part 1), every sheet that is shown, row by row.
//!
//! The archive is held, because its directory stands at the end, and the shared strings, because any cell may point at any;
//! sheets stream. Nothing else of a workbook is opened: macros, links to other files and pictures are not looked at. Hidden
//! sheets are passed over: what nobody sees, nobody has declared.
//!
//! | limit | why |
//! |---|---|
//! | [`MAX_FILE`] packed | held |
//! | [`package::MAX_INFLATED`] unpacked, in all; [`package::MAX_RATIO`] : 1 past [`package::FREE`] a part | time; as claimed, and again as it comes |
//! | [`strings::MAX_BYTES`], [`strings::MAX_STRINGS`] | held |
//! | [`xml::MAX_EVENT`] an XML tag or text | held by the XML parser |
//!
//! So at most 128 MiB of file, 256 MiB of strings and 64 MiB of their places are held, and as much again while they grow.
//! A workbook of a million labels takes 100, 200 and 4.

mod package;
mod sheet;
mod strings;
mod styles;
#[cfg(test)]
pub(super) mod tests;
mod xml;

use std::io::Read;

use super::columns::Columns;
use super::error::{ManifestError, Stop};
use super::fault::{Fault, Reason};
use super::line::{At, Item};
use super::reader::Sink;
use super::source::Progress;
use package::Package;
use strings::Strings;
use styles::Styles;

/// The largest workbook that is read, in bytes.
const MAX_FILE: u64 = 128 << 20;
/// How a compound file begins (MS-CFB §2.2): a workbook of Excel 97 to 2003, or an encrypted one of any.
pub(super) const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads every sheet of a workbook.
pub(super) fn read(
    source: &mut impl Read,
    columns: &Columns,
    progress: &Progress,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    source.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(ManifestError::TooLarge { limit: MAX_FILE }.into());
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(compound_file(&bytes).into());
    }
    let mut package = Package::open(&bytes, progress.clone())?;
    let book = package.book()?;
    let shown = book.sheets.iter().filter(|sheet| !sheet.is_hidden).map(|sheet| &sheet.path);
    progress.restart(package.size(shown.chain(&book.strings).chain(&book.styles)));
    let strings = Strings::read(&mut package, &book)?;
    let styles = Styles::read(&mut package, &book)?;
    let (mut read, mut without) = (false, Vec::new());
    for shown in book.sheets.iter().filter(|sheet| !sheet.is_hidden) {
        match sheet::read(package.part(&shown.path)?, &shown.name, &strings, &styles, columns, sink)? {
            sheet::Outcome::Read => read = true,
            sheet::Outcome::Blank => {}
            sheet::Outcome::WithoutLabels(error) => without.push((shown.name.clone(), error)),
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

/// Tells an encrypted workbook (MS-OFFCRYPTO §2.3.4: a stream `EncryptedPackage`) from an old one, by the names of the
/// first streams.
fn compound_file(bytes: &[u8]) -> ManifestError {
    let number = |at: usize, size: usize| {
        let bytes = bytes.get(at..at + size)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    // MS-CFB §2.2: at 30 the power of two of a sector, at 48 the directory's first sector, behind the header's own.
    let directory = number(30, 2).zip(number(48, 4)).and_then(|(power, sector)| {
        let size = 1_usize.checked_shl(u32::try_from(power).ok()?)?;
        sector.checked_add(1)?.checked_mul(size)
    });
    const NAMES: usize = 4096;
    let names = directory.and_then(|at| bytes.get(at..bytes.len().min(at.saturating_add(NAMES)))).unwrap_or_default();
    let wanted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match memchr::memmem::find(names, &wanted) {
        Some(_) => ManifestError::EncryptedWorkbook,
        None => ManifestError::OldWorkbook,
    }
}
