//! An opened workbook: its sheets that are shown.

use std::io::Read;

use crate::error::WorkbookError;
use crate::package::{Package, Shown};
use crate::row::Rows;
use crate::strings::Strings;
use crate::styles::Styles;

/// The largest workbook that is read, in bytes.
pub const MAX_FILE: u64 = 128 << 20;
/// How a compound file begins (MS-CFB §2.2): a workbook of Excel 97 to 2003, or an encrypted one of any.
pub const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Who follows how much of a workbook has been read.
pub trait Watch {
    /// So many bytes will be unpacked, as the archive claims.
    fn begin(&self, total: u64);
    /// So many more have been.
    fn unpacked(&self, bytes: usize);
}

/// Nobody follows.
impl Watch for () {
    fn begin(&self, _: u64) {}
    fn unpacked(&self, _: usize) {}
}

/// An opened workbook.
pub struct Workbook<'b> {
    package: Package<'b>,
    sheets: Vec<Shown>,
    strings: Strings,
    styles: Styles,
    from_1904: bool,
}

/// All bytes of a workbook.
///
/// # Errors
/// [`WorkbookError::TooLarge`], or what reading gives.
pub fn read_bytes(source: impl Read) -> Result<Vec<u8>, WorkbookError> {
    let mut bytes = Vec::new();
    source.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE { Err(WorkbookError::TooLarge { limit: MAX_FILE }) } else { Ok(bytes) }
}

impl<'b> Workbook<'b> {
    /// Opens a workbook and reads its strings and styles.
    ///
    /// # Errors
    /// [`WorkbookError`].
    pub fn open(bytes: &'b [u8], watch: &'b dyn Watch) -> Result<Self, WorkbookError> {
        if bytes.starts_with(COMPOUND_FILE) {
            return Err(compound_file(bytes));
        }
        let mut package = Package::open(bytes, watch)?;
        let mut book = package.book()?;
        book.sheets.retain(|sheet| !sheet.is_hidden);
        let shown = book.sheets.iter().map(|sheet| &sheet.path);
        watch.begin(package.size(shown.chain(&book.strings).chain(&book.styles)));
        let strings = Strings::read(&mut package, &book)?;
        let styles = Styles::read(&mut package, &book)?;
        Ok(Self { package, sheets: book.sheets, strings, styles, from_1904: book.from_1904 })
    }

    /// The names of the sheets that are shown, in the order of their tabs.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().map(|sheet| sheet.name.as_str())
    }

    /// Whether days are counted from 1904: see [`day`](crate::day).
    pub fn is_from_1904(&self) -> bool {
        self.from_1904
    }

    /// The rows of the sheet with this number among those that are shown, from 0.
    ///
    /// # Errors
    /// [`WorkbookError`].
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>, WorkbookError> {
        let missing = || WorkbookError::Damaged { what: format!("it has no sheet {sheet}") };
        let path = &self.sheets.get(sheet).ok_or_else(missing)?.path;
        Ok(Rows::new(self.package.part(path)?, &self.strings, &self.styles))
    }
}

/// Tells an encrypted workbook (MS-OFFCRYPTO §2.3.4: a stream `EncryptedPackage`) from an old one, by the names of the
/// first streams.
fn compound_file(bytes: &[u8]) -> WorkbookError {
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
        Some(_) => WorkbookError::Encrypted,
        None => WorkbookError::Old,
    }
}
