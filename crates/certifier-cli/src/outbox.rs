//! Sending a signed statement, and keeping what came of it.
//!
//! 1. The statement is written to `<name>.unsent.jws`. A crash after this leaves a file that `certifier submit` sends.
//! 2. It is sent; where the network fails, again. The same bytes sent twice are registered once.
//! 3. Registered: `<name>-<index>.jws` and `<name>-<index>.tlog-proof` are written, then the first file is removed.
//!    Refused by the law: the first file is removed, for nobody will ever take it; one that the command line named stays.
//!    Anything else, be it a refusal by who knows whom in between: it stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::{Receipt, Registry};

use crate::book::Book;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::refusal;

/// How the file of a statement ends that was not sent yet.
const UNSENT: &str = ".unsent.jws";
/// Waits before another try.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Where a statement's files go.
#[derive(Debug)]
pub(crate) struct Outbox {
    folder: PathBuf,
    name: String,
    /// The signed statement's file.
    unsent: PathBuf,
    /// The command line named that file: what becomes of it is its owner's affair.
    is_named: bool,
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
        let outbox = Self::of_held(folder, name);
        if outbox.unsent.exists() {
            let unsent = outbox.unsent.display();
            return Err(Failure::input(format!("{unsent} was signed earlier and not sent"))
                .hint(format!("send it with: certifier submit {unsent}; or delete it")));
        }
        Ok(outbox)
    }

    /// An outbox for a statement that somebody else holds until its receipt is written: the job of a spreadsheet.
    pub(crate) fn of_held(folder: &Path, name: String) -> Self {
        // `.` is what people leave out.
        let folder = if folder == Path::new(".") { PathBuf::new() } else { folder.to_owned() };
        let unsent = folder.join(format!("{name}{UNSENT}"));
        Self { folder, name, unsent, is_named: false }
    }

    /// An outbox for a statement that lies there unsent.
    pub(crate) fn of_unsent(file: &Path) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(UNSENT).or_else(|| name.strip_suffix(".jws")).unwrap_or(&name);
        let folder = file.parent().map(PathBuf::from).unwrap_or_default();
        Self { folder, name: name.to_owned(), unsent: file.to_owned(), is_named: true }
    }

    /// Where a statement would lie that was signed earlier and not sent, if there is one.
    pub(crate) fn earlier(folder: &Path, name: String) -> Option<PathBuf> {
        Some(Self::of_held(folder, name).unsent).filter(|unsent| unsent.exists())
    }

    /// A file's place in the outbox's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Step 1; it is in the own book from now on.
    pub(crate) fn hold(&self, jws: &str, book: &Book) -> Result<PathBuf, Failure> {
        book.note(jws)?;
        files::create(&self.unsent, jws.as_bytes(), Readers::Anyone)?;
        Ok(self.unsent.clone())
    }

    /// Steps 2 and 3.
    pub(crate) fn send(&self, registry: &Registry<'_>, jws: &str) -> Result<Delivered, client::Error> {
        let mut waits = WAITS.iter();
        let receipt = loop {
            match registry.submit(jws) {
                Err(client::Error::Network { .. }) if let Some(wait) = waits.next() => std::thread::sleep(*wait),
                Err(error) => {
                    if refusal::is_final(&error) && !self.is_named {
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
        let is_final = refusal::is_final(&error);
        let failure = Failure::from(error);
        if is_final || !self.unsent.exists() {
            return failure;
        }
        failure.hint(format!("it is signed and kept: certifier submit {} sends it", self.unsent.display()))
    }

    fn file(&self, receipt: Receipt, jws: &str) -> Delivered {
        let mut files = Vec::new();
        let mut kept = true;
        let index = receipt.index;
        // A receipt that is sent again keeps its name.
        let name = self
            .name
            .strip_suffix(&format!("-{index}"))
            .filter(|_| receipt.repeated && self.is_named)
            .unwrap_or(&self.name);
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
        // The same bytes stand under their index now. A statement under another name is its owner's own copy.
        if kept && self.unsent.to_string_lossy().ends_with(UNSENT) {
            self.forget();
        }
        Delivered { receipt, files }
    }

    fn forget(&self) {
        // It may never have been written; one that stays is found and named by the next command.
        let _ = fs::remove_file(&self.unsent);
    }
}

#[cfg(test)]
mod tests;
