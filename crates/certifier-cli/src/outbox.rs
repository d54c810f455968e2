//! Sending a signed statement, and keeping what came of it.
//!
//! 1. The statement is written to `<name>.unsent.jws`. A crash after this leaves a file that `certifier submit` sends.
//! 2. It is sent; where the network fails, again. The same bytes sent twice are registered once.
//! 3. Registered: `<name>-<index>.jws` and `<name>-<index>.tlog-proof` are written, then the first file is removed.
//!    Refused: the first file is removed, for nobody will ever take it. Unreachable: it stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::{Receipt, Registry};

use crate::failure::Failure;
use crate::files::{self, Readers};

/// Waits before another try.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Where a statement's files go.
#[derive(Debug)]
pub(crate) struct Outbox {
    folder: PathBuf,
    name: String,
}

/// A registered statement and its files.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) receipt: Receipt,
    pub(crate) files: Vec<PathBuf>,
}

impl Outbox {
    /// An outbox for one statement. Fails where an earlier one of this name was signed and not sent.
    pub(crate) fn open(folder: &Path, name: String) -> Result<Self, Failure> {
        files::folder(folder)?;
        // `.` is what people leave out.
        let folder = if folder == Path::new(".") { PathBuf::new() } else { folder.to_owned() };
        let outbox = Self { folder, name };
        let unsent = outbox.unsent();
        if unsent.exists() {
            let unsent = unsent.display();
            return Err(Failure::input(format!("{unsent} was signed earlier and not sent"))
                .hint(format!("send it with: certifier submit {unsent}; or delete it")));
        }
        Ok(outbox)
    }

    /// An outbox for a statement that lies there unsent.
    pub(crate) fn of_unsent(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".unsent.jws").or_else(|| name.strip_suffix(".jws")).unwrap_or(&name);
        let folder = file.parent().map(PathBuf::from).unwrap_or_default();
        Self { folder, name: name.to_owned() }
    }

    /// A file's place in the outbox's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn unsent(&self) -> PathBuf {
        self.path(&format!("{}.unsent.jws", self.name))
    }

    /// Step 1.
    pub(crate) fn hold(&self, jws: &str) -> Result<PathBuf, Failure> {
        let path = self.unsent();
        files::create(&path, jws.as_bytes(), Readers::Anyone)?;
        Ok(path)
    }

    /// Steps 2 and 3.
    pub(crate) fn send(&self, registry: &Registry<'_>, jws: &str) -> Result<Delivered, client::Error> {
        let mut waits = WAITS.iter();
        let receipt = loop {
            match registry.submit(jws) {
                Err(client::Error::Network { .. }) if let Some(wait) = waits.next() => std::thread::sleep(*wait),
                Err(error) => {
                    if matches!(&error, client::Error::Refused(refused) if refused.status < 500) {
                        self.forget();
                    }
                    return Err(error);
                }
                Ok(receipt) => break receipt,
            }
        };
        Ok(self.file(receipt, jws))
    }

    /// A failure to send, with what is left to do.
    pub(crate) fn failure(&self, error: client::Error) -> Failure {
        let failure = Failure::from(error);
        let unsent = self.unsent();
        if !unsent.exists() {
            return failure;
        }
        failure.hint(format!("it is signed and kept: certifier submit {} sends it", unsent.display()))
    }

    fn file(&self, receipt: Receipt, jws: &str) -> Delivered {
        let mut files = Vec::new();
        let mut kept = true;
        let index = receipt.index;
        // A receipt that is sent again keeps its name.
        let name = self.name.strip_suffix(&format!("-{index}")).filter(|_| receipt.repeated).unwrap_or(&self.name);
        for (ending, text) in [("jws", jws), ("tlog-proof", receipt.proof.as_str())] {
            let path = self.path(&format!("{name}-{index}.{ending}"));
            match files::create(&path, text.as_bytes(), Readers::Anyone) {
                Ok(()) => files.push(path),
                // Registered again: the first receipt is as good.
                Err(_) if receipt.repeated && path.exists() => files.push(path),
                Err(failure) => {
                    // The statement is registered: that its receipt is not kept must not look as if it were not.
                    kept = false;
                    failure.print();
                }
            }
        }
        if kept {
            self.forget();
        }
        Delivered { receipt, files }
    }

    fn forget(&self) {
        // It may never have been written; one that stays is found and named by the next command.
        let _ = fs::remove_file(self.unsent());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(index: u64, repeated: bool) -> Receipt {
        Receipt { index, received_at: "2026-11-24T00:00:00Z".into(), proof: "proof".into(), repeated }
    }

    #[test]
    fn a_statement_is_held_until_its_receipt_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
        let held = outbox.hold("a.b.c").unwrap();
        let refusal = Outbox::open(folder.path(), "KTM-2026".into()).unwrap_err().text();
        assert!(refusal.contains("signed earlier and not sent | send it with: certifier submit"), "{refusal}");
        let delivered = Outbox::of_unsent(&held).file(receipt(7, false), "a.b.c");
        assert!(!held.exists());
        let names: Vec<_> = delivered.files.iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["KTM-2026-7.jws", "KTM-2026-7.tlog-proof"]);
        assert_eq!(fs::read_to_string(&delivered.files[0]).unwrap(), "a.b.c");
    }

    #[test]
    fn a_receipt_that_is_sent_again_keeps_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
        let first = outbox.file(receipt(7, false), "a.b.c");
        let again = Outbox::of_unsent(&first.files[0]).file(receipt(7, true), "a.b.c");
        assert_eq!(first.files, again.files);
    }

    #[test]
    fn what_cannot_be_filed_stays_unsent() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
        let held = outbox.hold("a.b.c").unwrap();
        fs::write(folder.path().join("KTM-2026-7.jws"), "something else").unwrap();
        assert_eq!(outbox.file(receipt(7, false), "a.b.c").files.len(), 1, "the proof alone");
        assert!(held.exists());
        assert_eq!(fs::read_to_string(folder.path().join("KTM-2026-7.jws")).unwrap(), "something else");
    }
}
