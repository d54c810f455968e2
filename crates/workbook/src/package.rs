//! The archive of a workbook (ECMA-376 part 2): its parts, none of which unpacks to more than it may.

use std::cell::Cell;
use std::io::{self, Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::Watch;
use crate::error::WorkbookError;
use crate::xml::{Node, Xml, attribute};

/// The most bytes that all parts which are read unpack to: twice the largest sheet that Excel has room for, with its
/// strings.
pub(crate) const MAX_INFLATED: u64 = 1 << 30;
/// How many times its packed size a part may unpack to, once past [`FREE`]. Sheets of equal rows reach 60; what deflate
/// can is 1032.
pub(crate) const MAX_RATIO: u64 = 200;
/// Bytes that a part may unpack to at any ratio.
pub(crate) const FREE: u64 = 16 << 20;
/// The most parts: their directory is held. A workbook has dozens.
const MAX_PARTS: usize = 10_000;
/// The most sheets that are read.
const MAX_SHEETS: usize = 1_000;

/// An opened archive.
pub(crate) struct Package<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// How much may still be unpacked.
    left: Cell<u64>,
    watch: &'b dyn Watch,
}

/// Which part holds what.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) sheets: Vec<Shown>,
    pub(crate) strings: Option<String>,
    pub(crate) styles: Option<String>,
    /// Days are counted from 1904, as spreadsheets for the Mac once did.
    pub(crate) from_1904: bool,
}

/// A sheet.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) is_hidden: bool,
}

impl<'b> Package<'b> {
    pub(crate) fn open(bytes: &'b [u8], watch: &'b dyn Watch) -> Result<Self, WorkbookError> {
        // The directory is held before anything of it is looked at.
        if memmem::find_iter(bytes, b"PK\x01\x02").nth(MAX_PARTS).is_some() {
            return Err(WorkbookError::Bomb { limit: MAX_PARTS as u64, unit: "parts" });
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(damage)?;
        Ok(Self { zip, left: Cell::new(MAX_INFLATED), watch })
    }

    /// Finds the workbook and its sheets, in the order of their tabs.
    pub(crate) fn book(&mut self) -> Result<Book, WorkbookError> {
        const OTHER: WorkbookError = WorkbookError::NotAWorkbook { what: "it has no workbook in it" };
        if self.zip.index_for_name("_rels/.rels").is_none() {
            return Err(OTHER);
        }
        let relations = relations(self.part("_rels/.rels")?)?;
        let main = relations.iter().find(|relation| relation.is("officeDocument")).ok_or(OTHER)?;
        let path = resolve("", &main.target);
        if path.ends_with(".bin") {
            return Err(WorkbookError::NotAWorkbook { what: "it is a binary workbook (.xlsb)" });
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = self::relations(self.part(&resolve(folder, &format!("_rels/{name}.rels")))?)?;
        let target = |kind: &str| {
            relations.iter().find(|relation| relation.is(kind)).map(|relation| resolve(folder, &relation.target))
        };
        let mut book =
            Book { sheets: Vec::new(), strings: target("sharedStrings"), styles: target("styles"), from_1904: false };
        let mut xml = self.part(&path)?;
        let mut is_workbook = false;
        while let Some(node) = xml.next()? {
            let Node::Start(tag, _) = &node else { continue };
            is_workbook |= tag.local_name().as_ref() == "workbook";
            if tag.local_name().as_ref() == "workbookPr" {
                book.from_1904 = matches!(attribute(tag, "date1904")?.as_deref(), Some("1" | "true"));
            }
            if tag.local_name().as_ref() != "sheet" {
                continue;
            }
            let id = attribute(tag, "id")?.unwrap_or_default();
            let Some(relation) = relations.iter().find(|relation| relation.id == id) else { continue };
            // Charts have tabs, too.
            if !relation.is("worksheet") {
                continue;
            }
            if book.sheets.len() == MAX_SHEETS {
                return Err(WorkbookError::Bomb { limit: MAX_SHEETS as u64, unit: "sheets" });
            }
            book.sheets.push(Shown {
                name: attribute(tag, "name")?.unwrap_or_default(),
                path: resolve(folder, &relation.target),
                is_hidden: attribute(tag, "state")?.is_some_and(|state| state != "visible"),
            });
        }
        if is_workbook { Ok(book) } else { Err(OTHER) }
    }

    /// What the parts unpack to, as claimed; each is counted once, and one that is missing is nothing.
    pub(crate) fn size<'p>(&mut self, paths: impl Iterator<Item = &'p String>) -> u64 {
        let mut size = 0_u64;
        for path in paths {
            let part = self.zip.index_for_name(path).and_then(|part| self.zip.by_index_raw(part).ok());
            size = size.saturating_add(part.map_or(0, |part| part.size()));
        }
        size
    }

    /// Opens a part by its path.
    pub(crate) fn part(&mut self, path: &str) -> Result<Xml<'_>, WorkbookError> {
        let index = self.zip.index_for_name(path);
        let missing = || WorkbookError::Damaged { what: format!("it has no part {path}") };
        let file = self.zip.by_index(index.ok_or_else(missing)?).map_err(damage)?;
        let most = FREE.max(file.compressed_size().saturating_mul(MAX_RATIO));
        check(file.size(), most, self.left.get())?;
        let inner = Inflating { inner: Box::new(file), left: &self.left, watch: self.watch, most, inflated: 0 };
        Ok(Xml::new(inner))
    }
}

fn check(inflated: u64, most: u64, left: u64) -> Result<(), WorkbookError> {
    if inflated > left {
        return Err(WorkbookError::Bomb { limit: MAX_INFLATED, unit: "bytes" });
    }
    if inflated > most {
        return Err(WorkbookError::Bomb { limit: MAX_RATIO, unit: "times its size" });
    }
    Ok(())
}

/// A part as it unpacks, up to its limit.
pub(crate) struct Inflating<'a> {
    inner: Box<dyn Read + 'a>,
    left: &'a Cell<u64>,
    watch: &'a dyn Watch,
    most: u64,
    inflated: u64,
}

impl Read for Inflating<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.inflated += read as u64;
        check(self.inflated, self.most, u64::MAX)
            .and_then(|()| check(read as u64, u64::MAX, self.left.get()))
            .map_err(io::Error::other)?;
        self.watch.unpacked(read);
        self.left.set(self.left.get() - read as u64);
        Ok(read)
    }
}

/// What one part says of another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Relation {
    /// Whether it is of the kind, in the transitional or the strict namespace.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

fn relations(mut xml: Xml<'_>) -> Result<Vec<Relation>, WorkbookError> {
    let mut relations = Vec::new();
    while let Some(node) = xml.next()? {
        let Node::Start(tag, _) = &node else { continue };
        // What is outside of the archive is never opened.
        if tag.local_name().as_ref() == "Relationship" && attribute(tag, "TargetMode")?.as_deref() != Some("External") {
            let value = |name| attribute(tag, name).map(Option::unwrap_or_default);
            relations.push(Relation { id: value("Id")?, kind: value("Type")?, target: value("Target")? });
        }
        if relations.len() > MAX_PARTS {
            return Err(WorkbookError::Bomb { limit: MAX_PARTS as u64, unit: "parts" });
        }
    }
    Ok(relations)
}

/// A target as a path in the archive, from the folder of the part that names it.
fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

fn damage(error: ZipError) -> WorkbookError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is open, and all else is damage")]
    match error {
        ZipError::Io(error) => unpacking(&error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => WorkbookError::Encrypted,
        error => WorkbookError::Damaged { what: error.to_string() },
    }
}

/// The archive is in memory: what cannot be read of it is not sound.
pub(crate) fn unpacking(error: &io::Error) -> WorkbookError {
    let error = WorkbookError::from(error);
    if let WorkbookError::Unreadable(what) = error { WorkbookError::Damaged { what } } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Count(Cell<u64>);

    impl Watch for Count {
        fn begin(&self, _: u64) {}

        fn unpacked(&self, bytes: usize) {
            self.0.set(self.0.get() + bytes as u64);
        }
    }

    /// Reads a part without end; gives the limit that stopped it, and how much came out.
    fn read(left: u64, most: u64) -> (WorkbookError, u64) {
        let (left, count) = (Cell::new(left), Count(Cell::new(0)));
        let inner = Box::new(io::repeat(b' '));
        let mut part = Inflating { inner, left: &left, watch: &count, most, inflated: 0 };
        let error = io::copy(&mut part, &mut io::sink()).unwrap_err();
        (unpacking(&error), count.0.get())
    }

    #[test]
    fn a_part_that_claims_nothing_is_stopped_as_it_comes() {
        let (error, read_bytes) = read(MAX_INFLATED, FREE);
        assert_eq!(error, WorkbookError::Bomb { limit: MAX_RATIO, unit: "times its size" });
        assert!(read_bytes <= FREE);
        let (error, read_bytes) = read(FREE, MAX_INFLATED);
        assert_eq!(error, WorkbookError::Bomb { limit: MAX_INFLATED, unit: "bytes" });
        assert!(read_bytes <= FREE);
    }

    #[test]
    fn targets_lead_to_parts_and_never_out_of_the_archive() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/sheet.xml", "xl/sheet.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/a", "../b.xml", "xl/b.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), path);
        }
    }
}
