//! The job of one spreadsheet: what was signed and what became of it, so that no lot is attested twice whatever happens in between.
//!
//! One file in the folder for receipts, `<spreadsheet>.job`, that only grows; readable by its owner, for it holds the salts of
//! withheld makers:
//!
//! ```text
//! {"format":"ethical-label-attest-job/v1","input":"lots.csv","sha256":"…","registry":"…","issuer":"did:…","key":"…"}
//! {"row":17,"lot":"KTM-2026","gtin":"…","slot":[0,4711],"jws":"…"}       signed; "salt" where the maker is withheld
//! {"row":17,"index":94567,"received_at":"…","files":["…"]}               registered, its receipt written
//! {"row":17,"refused":"status_index_taken"}                              what was signed will never be taken: it is void
//! ```
//!
//! 1. A statement is signed.
//! 2. Its line is flushed to the disk. A crash before that leaves no line, or one without its end, which is taken away: nobody has
//!    seen the statement.
//! 3. It is sent. A crash from here on leaves it in the file, and the same bytes are sent again: the registry gives them their first
//!    index back.
//! 4. Its receipt is written, then its last line. A crash between the two leaves files that the next run finds again.
//!
//! A statement is signed anew only after the law has refused the one before.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use statement::StatusSlot;

use crate::failure::Failure;

const FORMAT: &str = "ethical-label-attest-job/v1";
/// A statement of 48 KiB and what stands beside it.
const MAX_LINE: u64 = 128 << 10;

/// What a job is about. All of it is the same whenever the job goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    format: String,
    /// The spreadsheet's file name.
    pub(super) input: String,
    /// Its digest, in hex.
    pub(super) sha256: String,
    pub(super) registry: String,
    pub(super) issuer: String,
    /// RFC 7638 thumbprint.
    pub(super) key: String,
}

impl About {
    pub(super) fn new(input: String, sha256: String, registry: String, issuer: String, key: String) -> Self {
        Self { format: FORMAT.to_owned(), input, sha256, registry, issuer, key }
    }
}

/// A row's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signed {
    pub(super) row: u64,
    pub(super) lot: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) gtin: Option<String>,
    /// List and index.
    slot: (u32, u32),
    pub(super) jws: String,
    /// Hex; of a withheld maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) salt: Option<String>,
}

impl Signed {
    pub(super) fn new(row: u64, lot: String, gtin: Option<String>, slot: StatusSlot, jws: String) -> Self {
        Self { row, lot, gtin, slot: (slot.list, slot.index), jws, salt: None }
    }

    pub(super) fn slot(&self) -> StatusSlot {
        StatusSlot { list: self.slot.0, index: self.slot.1 }
    }
}

/// A row's receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Registered {
    pub(super) row: u64,
    pub(super) index: u64,
    pub(super) received_at: String,
    pub(super) files: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    row: u64,
    refused: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Signed(Signed),
    Registered(Registered),
    Refused(Refused),
}

/// What is known of a row without its statement, which stays in the file.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) lot: String,
    pub(super) gtin: Option<String>,
    pub(super) slot: StatusSlot,
    at: Range<u64>,
    pub(super) registered: Option<Registered>,
}

impl Held {
    fn of(signed: &Signed, at: Range<u64>) -> Self {
        Self { lot: signed.lot.clone(), gtin: signed.gtin.clone(), slot: signed.slot(), at, registered: None }
    }
}

/// A job, locked: nobody else works on it.
#[derive(Debug)]
pub(super) struct Job {
    file: File,
    path: PathBuf,
    /// Where the next line goes.
    end: u64,
    rows: BTreeMap<u64, Held>,
}

impl Job {
    /// Where the job of a spreadsheet lies.
    pub(super) fn path(folder: &Path, spreadsheet: &Path) -> PathBuf {
        folder.join(Path::new(spreadsheet.file_stem().unwrap_or_default()).with_extension("job"))
    }

    /// Opens the job of a spreadsheet, or begins it.
    pub(super) fn open(path: &Path, about: &About) -> Result<Self, Failure> {
        let failed = |error: io::Error| failure("open", path, &error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::input(format!("another run works on {}", path.display()))
                    .hint("wait until it is done, or stop it"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut job = Self { file, path: path.to_owned(), end: 0, rows: BTreeMap::new() };
        match job.read()? {
            Some(found) if found == *about => {}
            // Begun, and nothing was signed: it stands for nothing.
            Some(found) if !job.rows.is_empty() => return Err(job.is_of_another(&found, about)),
            Some(_) | None => {
                job.file.set_len(0).map_err(failed)?;
                job.end = 0;
                job.append(&[line(about)?])?;
                // The name is to be there after a power cut as well.
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
                }
            }
        }
        Ok(job)
    }

    /// The rows that are signed, in order.
    pub(super) fn rows(&self) -> &BTreeMap<u64, Held> {
        &self.rows
    }

    /// Holds statements before anybody sees them: they are on the disk when this returns. **Every** statement that a spreadsheet gives
    /// comes through here.
    pub(super) fn hold(&mut self, signed: &[Signed]) -> Result<(), Failure> {
        let lines = signed.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        let mut at = self.end;
        self.append(&lines)?;
        for (signed, line) in signed.iter().zip(&lines) {
            let range = at..at + line.len() as u64;
            at = range.end;
            self.rows.insert(signed.row, Held::of(signed, range));
        }
        Ok(())
    }

    /// A row's statement, read again.
    pub(super) fn signed(&mut self, row: u64) -> Result<Signed, Failure> {
        let at = self.rows.get(&row).map(|held| held.at.clone()).unwrap_or_default();
        let mut bytes = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(at.start))
            .and_then(|_| (&mut self.file).take(at.end - at.start).read_to_end(&mut bytes));
        read.map_err(|error| failure("read", &self.path, &error))?;
        serde_json::from_slice(&bytes).map_err(|_| self.damaged(at.start))
    }

    /// A row is registered. Without a flush: a line that a power cut takes away costs asking the registry once more.
    pub(super) fn registered(&mut self, registered: Registered) -> Result<(), Failure> {
        self.append_unflushed(&[line(&registered)?])?;
        if let Some(held) = self.rows.get_mut(&registered.row) {
            held.registered = Some(registered);
        }
        Ok(())
    }

    /// What was signed for a row will never be taken.
    pub(super) fn refused(&mut self, row: u64, code: &str) -> Result<(), Failure> {
        self.append(&[line(&Refused { row, refused: code.to_owned() })?])?;
        self.rows.remove(&row);
        Ok(())
    }

    /// Flushes what was appended.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.file.sync_data().map_err(|error| failure("write", &self.path, &error))
    }

    fn append(&mut self, lines: &[Vec<u8>]) -> Result<(), Failure> {
        self.append_unflushed(lines)?;
        self.flush()
    }

    fn append_unflushed(&mut self, lines: &[Vec<u8>]) -> Result<(), Failure> {
        let bytes = lines.concat();
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(&bytes));
        if let Err(error) = written {
            // Half a line would be cut off when the job is opened again; a full disk may let it be cut off now.
            let _ = self.file.set_len(self.end);
            return Err(failure("write", &self.path, &error));
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Reads what is there; gives what the job is about, or `None` where the file was begun this moment, or a crash left it so.
    fn read(&mut self) -> Result<Option<About>, Failure> {
        let failed = |error: io::Error| failure("read", &self.path, &error);
        let (mut about, mut rows, mut end) = (None, BTreeMap::new(), 0);
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        loop {
            line.clear();
            (&mut reader).take(MAX_LINE).read_until(b'\n', &mut line).map_err(failed)?;
            if line.last() != Some(&b'\n') {
                if line.len() as u64 == MAX_LINE {
                    return Err(self.damaged(end));
                }
                break;
            }
            let at = end..end + line.len() as u64;
            if about.is_none() {
                about = Some(self.about(&line)?);
            } else {
                match serde_json::from_slice(&line).map_err(|_| self.damaged(end))? {
                    Line::Signed(signed) => drop(rows.insert(signed.row, Held::of(&signed, at.clone()))),
                    Line::Refused(refused) => drop(rows.remove(&refused.row)),
                    Line::Registered(registered) => {
                        let held: &mut Held = rows.get_mut(&registered.row).ok_or_else(|| self.damaged(end))?;
                        held.registered = Some(registered);
                    }
                }
            }
            end = at.end;
        }
        self.file.set_len(end).map_err(failed)?;
        (self.rows, self.end) = (rows, end);
        Ok(about)
    }

    fn about(&self, line: &[u8]) -> Result<About, Failure> {
        serde_json::from_slice::<About>(line).ok().filter(|about| about.format == FORMAT).ok_or_else(|| {
            Failure::input(format!("{} is no job of this program", self.path.display()))
                .hint("--out DIR names another folder for receipts")
        })
    }

    fn is_of_another(&self, found: &About, about: &About) -> Failure {
        let path = self.path.display();
        let (error, hint) = if found.registry != about.registry {
            (format!("{path} is a job for the registry {}, not {}", found.registry, about.registry), "")
        } else if (&found.issuer, &found.key) != (&about.issuer, &about.key) {
            (format!("{path} was begun with another key, {}#{}", found.issuer, found.key), "go on with that key, or ")
        } else if found.input != about.input {
            (format!("{path} is the job of another spreadsheet, {}", found.input), "")
        } else {
            (
                format!(
                    "{} was changed since its job {path} was begun: some of its lots may be registered",
                    about.input
                ),
                "put the spreadsheet back as it was and let the job end; give changed and further lots in a spreadsheet of their own, or ",
            )
        };
        Failure::input(error).hint(format!("{hint}begin another job with --out DIR: lots that are attested are found"))
    }

    fn damaged(&self, at: u64) -> Failure {
        Failure::input(format!("{} is damaged at byte {at}", self.path.display()))
            .hint("keep it, and begin another job with --out DIR: lots that are attested are found in the log")
    }
}

fn line(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut line =
        serde_json::to_vec(value).map_err(|error| Failure::refused(format!("cannot write a job: {error}")))?;
    line.push(b'\n');
    Ok(line)
}

fn failure(action: &str, path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::refused(format!("cannot {action} {}: {error}", path.display()));
    if error.kind() == ErrorKind::StorageFull {
        return failure.hint("make room, then the same command goes on");
    }
    failure
}

#[cfg(test)]
mod tests;
