//! The print book: which labels were printed, when, as what, and why again. A serial is printed once; a copy has a reason.
//!
//! One file a registry in the state folder, `<origin>.printed.jsonl`, that only grows. A print run is one line, durable before its
//! first file is there; that the run came to its end is another:
//!
//! ```text
//! {"format":"ethical-label-printed/v1","run":3,"at":"2026-11-24T15:34:52Z","attestation":7,"serials":"1-100","files":"svg,pdf","settings":"…","key":"oFs2…"}
//! {"format":"ethical-label-printed/v1","run":3,"finished":"2026-11-24T15:34:55Z"}
//! ```
//! `"key"` is the thumbprint of the key that signed the labels; the first books had none. There is a `"reason"` where the labels were
//! printed before, and `"replaces":[1,2]`, runs of this book, where these stand in for those: a label of theirs is to be taken off the
//! goods. A last line without its end was cut off by a crash before anything was
//! printed, and is taken away; any other damage is refused by its line, for a book with a gap would let a serial be printed twice.
//! What this cannot see: printing on another device. The book is a memory against mistakes, not a proof.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use primitives::Timestamp;
use serde::{Deserialize, Serialize};
use statement::Origin;

use super::choice::Serials;
use crate::failure::Failure;

const FORMAT: &str = "ethical-label-printed/v1";

/// A print run, as its line says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    format: String,
    run: u64,
    at: String,
    attestation: u64,
    serials: String,
    files: String,
    settings: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    replaces: Vec<u64>,
}

impl Run {
    pub(super) fn number(&self) -> u64 {
        self.run
    }

    /// Which labels.
    pub(super) fn labels(&self) -> Serials {
        // Lines whose list cannot be read were refused.
        self.serials.parse().unwrap_or_else(|_| Serials::all(0))
    }

    /// The key that signed, where the book knows it.
    pub(super) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    pub(super) fn is_under(&self, key: &str) -> bool {
        self.key() == Some(key)
    }

    /// Whether the serials were without the attestation's index.
    pub(super) fn has_short_serials(&self) -> bool {
        // A product's name stands in quotes before it.
        self.settings.rsplit('\'').next().is_some_and(|flags| flags.split(' ').any(|flag| flag == "--short-serials"))
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    format: String,
    run: u64,
    finished: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Run(Run),
    End(End),
}

/// What is to be printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'o> {
    pub(super) attestation: u64,
    pub(super) serials: &'o Serials,
    pub(super) files: &'o str,
    /// Everything else that decides what the files hold, so that a run is gone on with as it began.
    pub(super) settings: &'o str,
    /// The thumbprint of the key that signs.
    pub(super) key: &'o str,
}

/// Whether labels may be printed that were printed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again<'o> {
    No,
    /// For a reason.
    Reprint(&'o str),
    /// Under another key than before.
    Relabel {
        reason: &'o str,
        /// The runs whose labels these stand in for.
        replaces: &'o [u64],
    },
    /// The rest of a run that was cut off.
    Resume,
}

/// The book, open and held against other programs.
#[derive(Debug)]
pub(super) struct Book {
    path: PathBuf,
    file: Option<File>,
    runs: Vec<Run>,
    ended: Vec<u64>,
}

/// A run that is being printed.
#[derive(Debug)]
pub(super) struct Begun {
    run: u64,
    book: PathBuf,
    /// Held as long as this program prints it.
    lock: (File, PathBuf),
}

impl Book {
    /// Opens the book of a registry; a dry run neither makes nor mends one.
    pub(super) fn open(folder: &Path, origin: &Origin, dry_run: bool) -> Result<Self, Failure> {
        let path = folder.join(format!("{}.printed.jsonl", origin.to_file_name()));
        let cannot = |what: &str, error: std::io::Error| {
            Failure::refused(format!("cannot {what} the print book {}: {error}; nothing was printed", path.display()))
                .hint("--state DIR names the folder where what is printed is written down")
        };
        let mut text = String::new();
        let file = if dry_run {
            match fs::read_to_string(&path) {
                Ok(read) => text = read,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(cannot("read", error)),
            }
            None
        } else {
            fs::create_dir_all(folder).map_err(|error| cannot("write", error))?;
            let mut file = OpenOptions::new()
                .create(true)
                .read(true)
                .append(true)
                .open(&path)
                .map_err(|error| cannot("write", error))?;
            // Two programs must not both find that a serial was never printed.
            file.lock().map_err(|error| cannot("lock", error))?;
            file.read_to_string(&mut text).map_err(|error| cannot("read", error))?;
            Some(file)
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if let Some(file) = file.as_ref().filter(|_| whole < text.len()) {
            let length = u64::try_from(whole).unwrap_or_default();
            file.set_len(length).and_then(|()| file.sync_all()).map_err(|error| cannot("mend", error))?;
        }
        let mut book = Self { path, file, runs: Vec::new(), ended: Vec::new() };
        for (number, line) in text.get(..whole).unwrap_or_default().lines().enumerate() {
            book.read(line).ok_or_else(|| {
                Failure::refused(format!(
                    "{}:{}: no line of a print book; nothing was printed",
                    book.path.display(),
                    number + 1
                ))
                .hint("mend the line from a copy; without it, labels could be printed twice")
            })?;
        }
        Ok(book)
    }

    fn read(&mut self, line: &str) -> Option<()> {
        match serde_json::from_str(line).ok()? {
            Entry::Run(run) if run.format == FORMAT && run.serials.parse::<Serials>().is_ok() => self.runs.push(run),
            Entry::End(end) if end.format == FORMAT => self.ended.push(end.run),
            Entry::Run(_) | Entry::End(_) => return None,
        }
        Some(())
    }

    /// Whether the order may be printed, and the number of the run that it goes on with.
    pub(super) fn allows(&self, order: &Order<'_>, again: Again<'_>) -> Result<Option<u64>, Failure> {
        let of_these = |run: &&Run| run.attestation == order.attestation;
        let overlapping = |run: &&Run| {
            run.serials.parse::<Serials>().is_ok_and(|serials| serials.first_shared(order.serials).is_some())
        };
        let mut earlier = self.runs.iter().rev().filter(of_these).filter(overlapping);
        if let Again::Relabel { .. } = again {
            // Under this very key a label would be the same as the one that is there.
            return match earlier.find(|run| run.key.as_deref() == Some(order.key)) {
                Some(run) => Err(self.printed_before(run, order)),
                None => Ok(None),
            };
        }
        match (again, earlier.next()) {
            (Again::No, None) | (Again::Reprint(_) | Again::Relabel { .. }, _) => Ok(None),
            (Again::No, Some(run)) => Err(self.printed_before(run, order)),
            (Again::Resume, None) => Err(Failure::input(format!(
                "no print run of labels {} of attestation {} was begun",
                order.serials, order.attestation
            ))
            .hint("leave --resume out")),
            (Again::Resume, Some(run)) => {
                if self.ended.contains(&run.run) {
                    return Err(Failure::input(format!("print run {} of {} came to its end", run.run, run.at))
                        .hint("--reprint --reason TEXT prints labels again"));
                }
                let began = [&run.serials, &run.files, &run.settings];
                let asked = [&order.serials.to_string(), order.files, order.settings];
                if let Some(key) = run.key.as_ref().filter(|key| *key != order.key) {
                    return Err(Failure::input(format!(
                        "print run {} of {} was begun under key {key}, not {}",
                        run.run, run.at, order.key
                    ))
                    .hint("--resume takes the same --key; another key's labels are another run's"));
                }
                if began.iter().zip(asked).any(|(began, asked)| *began != asked) {
                    return Err(Failure::input(format!(
                        "print run {} of {} was begun otherwise: --serials {} --format {} with {}",
                        run.run, run.at, run.serials, run.files, run.settings
                    ))
                    .hint(format!(
                        "--resume takes the same command; this one is: --serials {} --format {} with {}",
                        order.serials, order.files, order.settings
                    )));
                }
                Ok(Some(run.run))
            }
        }
    }

    /// The runs of an attestation, in the order of printing.
    pub(super) fn of_attestation(&self, attestation: u64) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.attestation == attestation)
    }

    /// What a run that was cut off was to print, for the attestation and under the key; the last such run.
    pub(super) fn cut_off(&self, attestation: u64, key: &str) -> Option<Serials> {
        let runs = self.of_attestation(attestation).filter(|run| !self.ended.contains(&run.run));
        runs.filter(|run| run.is_under(key)).last().map(Run::labels)
    }

    /// Attestations and which labels of each were printed under a key, ascending.
    pub(super) fn under(&self, key: &str) -> BTreeMap<u64, Serials> {
        let mut found: BTreeMap<u64, Serials> = BTreeMap::new();
        for run in self.runs.iter().filter(|run| run.is_under(key)) {
            let labels = run.labels();
            let together = found.get(&run.attestation).map_or_else(|| labels.clone(), |before| before.union(&labels));
            found.insert(run.attestation, together);
        }
        found
    }

    fn printed_before(&self, run: &Run, order: &Order<'_>) -> Failure {
        let serials: Option<Serials> = run.serials.parse().ok();
        let shared = serials.and_then(|serials| serials.first_shared(order.serials)).unwrap_or_default();
        let failure = Failure::input(format!(
            "label {shared} of attestation {} was printed before: run {} of {}, labels {}, as {}",
            run.attestation, run.run, run.at, run.serials, run.files
        ));
        if self.ended.contains(&run.run) {
            failure.hint("two goods with one serial look like a copy: --reprint --reason TEXT prints it again, and the book keeps why")
        } else {
            failure.hint("that run was cut off: the same command with --resume goes on with it; or --reprint --reason TEXT begins anew")
        }
    }

    /// Writes the run down, or takes up the one that is gone on with; it is durable when this returns. Lets the book go.
    pub(super) fn begin(mut self, order: &Order<'_>, again: Again<'_>, now: Timestamp) -> Result<Begun, Failure> {
        let resumed = self.allows(order, again)?;
        let number = resumed.unwrap_or_else(|| self.runs.iter().map(|run| run.run).max().unwrap_or_default() + 1);
        let lock = self.lock_run(number)?;
        if resumed.is_none() {
            let (reason, replaces) = match again {
                Again::Reprint(reason) => (Some(reason.to_owned()), Vec::new()),
                Again::Relabel { reason, replaces } => (Some(reason.to_owned()), replaces.to_vec()),
                Again::No | Again::Resume => (None, Vec::new()),
            };
            let run = Run {
                format: FORMAT.into(),
                run: number,
                at: now.to_string(),
                attestation: order.attestation,
                serials: order.serials.to_string(),
                files: order.files.into(),
                settings: order.settings.into(),
                key: Some(order.key.into()),
                reason,
                replaces,
            };
            let path = self.path.clone();
            if let Some(file) = &mut self.file {
                append(file, &path, &run)?;
            }
            sync_folder(&path);
        }
        Ok(Begun { run: number, book: self.path, lock })
    }

    fn lock_run(&self, number: u64) -> Result<(File, PathBuf), Failure> {
        let path = self.path.with_extension(format!("run-{number}.lock"));
        let cannot = |error: std::io::Error| {
            Failure::refused(format!("cannot write {}: {error}; nothing was printed", path.display()))
        };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok((file, path)),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::input(format!("print run {number} is being printed by another program")))
            }
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }
}

impl Begun {
    /// Writes down that every file is there.
    pub(super) fn finish(self, now: Timestamp) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| {
            Failure::refused(format!("cannot write the print book {}: {error}", self.book.display()))
        };
        let mut file = OpenOptions::new().read(true).append(true).open(&self.book).map_err(cannot)?;
        file.lock().map_err(cannot)?;
        append(&mut file, &self.book, &End { format: FORMAT.into(), run: self.run, finished: now.to_string() })?;
        // Nobody waits for a lock that no run needs.
        let _ = fs::remove_file(&self.lock.1);
        Ok(())
    }
}

/// Adds a line and flushes it; what cannot be written whole is taken away again.
fn append(file: &mut File, path: &Path, entry: &impl Serialize) -> Result<(), Failure> {
    let written = (|| {
        let line = serde_json::to_string(entry).map_err(std::io::Error::other)?;
        let before = file.seek(SeekFrom::End(0))?;
        let written = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            // A line that stays cut off is taken away when the book is opened.
            let _ = file.set_len(before);
        }
        written
    })();
    written.map_err(|error| Failure::refused(format!("cannot write the print book {}: {error}", path.display())))
}

/// A new file's name is durable with its folder.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        // Not every system opens folders; the file itself is flushed.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests;
