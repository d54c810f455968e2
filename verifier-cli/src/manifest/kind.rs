//! What kind of manifest a stream is, by its first bytes; its name does not matter.

use std::io::{self, Read};

use crate::input::{is_utf_16, without_mark};

use super::error::ManifestError;

/// What the kinds differ in stands within these first bytes.
const ENOUGH: usize = 512;
/// Enough for a text whose first line is complete: a scanner at a desk sends one line and waits.
const MAGIC: usize = 8;

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines, or CSV.
    Text,
    /// JSON, which should be EPCIS.
    Json,
    /// A PNG or JPEG.
    Picture,
    /// A ZIP archive, which should be an .xlsx workbook; or a compound file, which an older or encrypted one is.
    Workbook,
}

/// Takes the first bytes of a stream, without waiting for more than tell its kind.
pub(super) fn head(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 64 << 10];
    let mut filled = 0;
    loop {
        match source.read(head.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        let text = without_mark(head.get(..filled).unwrap_or_default()).trim_ascii_start();
        if filled >= ENOUGH && !text.is_empty() || filled >= MAGIC && text.contains(&b'\n') {
            break;
        }
    }
    head.truncate(filled);
    Ok(head)
}

/// Tells the kind.
///
/// # Errors
/// What is none.
pub(super) fn of(head: &[u8]) -> Result<Kind, ManifestError> {
    for (magic, kind) in [
        (&b"PK\x03\x04"[..], Kind::Workbook),
        (super::workbook::COMPOUND_FILE, Kind::Workbook),
        (b"\x89PNG\r\n\x1a\n", Kind::Picture),
        (b"\xff\xd8\xff", Kind::Picture),
    ] {
        if head.starts_with(magic) {
            return Ok(kind);
        }
    }
    let text = without_mark(head);
    if is_utf_16(text) {
        return Err(ManifestError::Utf16);
    }
    if text.contains(&0) {
        return Err(ManifestError::NotText);
    }
    match text.trim_ascii_start().first() {
        None => Err(ManifestError::Empty),
        Some(b'{' | b'[') => Ok(Kind::Json),
        Some(b'<') => Err(ManifestError::Xml),
        Some(_) => Ok(Kind::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_kind() {
        for (head, kind) in [
            (&b"https://registry.example/\n"[..], Kind::Text),
            (b"\xef\xbb\xbf label;lot\r\n", Kind::Text),
            (b"\xef\xbb\xbf\n {\"type\":", Kind::Json),
            (b"[{", Kind::Json),
            (b"PK\x03\x04\x14\0", Kind::Workbook),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Kind::Workbook),
            (b"\xff\xd8\xff\xe0\0", Kind::Picture),
        ] {
            assert_eq!(of(head), Ok(kind), "{head:?}");
        }
    }

    #[test]
    fn what_is_no_manifest_is_refused_by_name() {
        for (head, code) in [
            (&b""[..], "empty"),
            (b"\xef\xbb\xbf \r\n\r\n", "empty"),
            (b"\xff\xfel\0a\0", "utf_16"),
            (b"l\0a\0b\0", "utf_16"),
            (b"label\0\0\0\0", "not_text"),
            (b"\x7fELF\x02\x01\x01\0\0", "not_text"),
            (b"<?xml version=\"1.0\"?>", "xml"),
        ] {
            let error = of(head).unwrap_err();
            assert_eq!(error.code(), code, "{head:?}");
            assert!(!error.hint().is_empty());
        }
    }

    #[test]
    fn the_head_does_not_wait_for_more_than_a_line() {
        let mut source = (&b"https://x/\n"[..]).chain(Panics);
        assert_eq!(head(&mut source).unwrap(), b"https://x/\n");
        let blank = [b' '; 2000];
        assert_eq!(head(&mut (&blank[..]).chain(&b"{}"[..])).unwrap().len(), 2002);
    }

    struct Panics;

    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("nobody asked for more")
        }
    }
}
