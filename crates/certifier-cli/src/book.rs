//! Own book: every statement that was signed or sent here, so that one which somebody else signed with the same key stands out.
//!
//! `<state>/book/<origin>/<SHA-256 of the JWS>.jws`, written before the statement is sent. The name says which statement it is, so that a
//! file that was torn by a crash still counts; the content is a copy for its owner. A power cut may lose the newest ones: then `monitor`
//! tells one's own statement, which is the safe side to err on.

use std::fs;
use std::path::PathBuf;

use primitives::Hash;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::files;

/// The book of one registry.
#[derive(Debug, Clone)]
pub(crate) struct Book(PathBuf);

impl Book {
    /// The book of the desk's registry; it need not exist yet.
    pub(crate) fn of(desk: &Desk) -> Self {
        Self(desk.state().join("book").join(desk.origin().to_file_name()))
    }

    #[cfg(test)]
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Notes a statement. What was noted before is noted.
    pub(crate) fn note(&self, jws: &str) -> Result<(), Failure> {
        let path = self.path(jws.as_bytes());
        files::folder(&self.0)
            .and_then(|()| {
                fs::write(&path, jws)
                    .map_err(|error| Failure::refused(format!("cannot write {}: {error}", path.display())))
            })
            .map_err(|failure| failure.or_hint("--state DIR names the folder where what is signed is written down"))
    }

    /// Whether a statement was noted.
    pub(crate) fn has(&self, jws: &[u8]) -> bool {
        self.path(jws).exists()
    }

    fn path(&self, jws: &[u8]) -> PathBuf {
        self.0.join(format!("{}.jws", Hash::of(jws)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_known_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::at(folder.path().join("book/registry.example_8443"));
        assert!(!book.has(b"a.b.c"));
        book.note("a.b.c").unwrap();
        book.note("a.b.c").unwrap();
        assert!(book.has(b"a.b.c") && !book.has(b"a.b.d"));
    }

    #[test]
    fn where_nothing_can_be_written_nothing_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("book"), b"a file").unwrap();
        let told = Book::at(folder.path().join("book/registry.example")).note("a.b.c").unwrap_err().text();
        assert!(told.contains("--state DIR"), "{told}");
    }
}
