//! What was cosigned, on the disk: one file, in which many logs share a write and a wait for the device.
//!
//! ```text
//! <data>/witness/lock        held by the one process that cosigns
//! <data>/witness/cosigned    what the file began with, and then one frame a write; of each log the last note holds
//!
//! holding 00001234 9b2e41d0 8d1f03aa 5c7a0f13\n    bytes of the notes that follow, their CRC-32C, a random salt, the check of this line
//! 00000421\n                                      bytes of a note
//! <the note: the log's signatures and this witness's>
//! …
//! written 00000430 11f9c2b7 60ab99e2\n             the same, of what was written at once: bytes, CRC-32C, the check of this line
//! …
//! ```
//! The check of a line is the CRC-32C of the salt and of the line so far: logs, which decide what stands in notes, do not know the salt.
//!
//! **What a crash leaves** is told from damage, on top of which nothing is cosigned. Only the last write can be unfinished: the next one
//! begins when the disk has it, and what the file began with was on the disk before it got its name. An unfinished write ends early, or
//! shows zeros where a sector never came; notes are text. Whatever else is not as it was written is damage.
//!
//! Of the logs in an unfinished write holds what was cosigned before, or what nobody has seen yet. Where a write fails, or the file has
//! grown by much that no longer holds, it is written anew from what was answered.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use tlog::{Checkpoint, Note};
use tokio::sync::{mpsc, oneshot};

use crate::whole_file;

/// Notes that may wait for one write: more than there are connections.
const WAITING: usize = 4_096;
/// Bytes that are written at once, and so may be unfinished after a crash; a note more, at most.
const AT_ONCE: usize = 1 << 20;
/// Bytes that the file grows by before it is written anew, beside as many as it then had.
const GROWTH: usize = 4 << 20;
const HOLDING: &[u8] = b"holding ";
const WRITTEN: &[u8] = b"written ";
/// Bytes of the line before a note.
const LENGTH: usize = "00000000\n".len();

/// Notes by the origins of their logs.
type Notes = BTreeMap<String, Vec<u8>>;

/// The writer's end for whoever cosigns.
#[derive(Debug)]
pub(super) struct Records(mpsc::Sender<Ask>);

/// A note that has to be durable, and who waits for that.
struct Ask {
    origin: String,
    note: Vec<u8>,
    done: oneshot::Sender<io::Result<()>>,
}

impl Records {
    /// Takes the folder's lock and reads the file in it, which may not be there yet: the last note of each log. Writes nothing before the
    /// first [`Records::keep`].
    ///
    /// # Errors
    /// `WouldBlock` where another process has the lock, `InvalidData` where the file was changed by somebody, or by the disk.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, Notes)> {
        let lock = store::lock_folder(folder)?;
        let path = folder.join("cosigned");
        let notes = match whole_file::read(&path)? {
            Some(bytes) => read(&bytes)?,
            None => read_files(folder)?,
        };
        let mut salt = [0; 4];
        getrandom::fill(&mut salt).map_err(io::Error::other)?;
        let (asks, mut asked) = mpsc::channel(WAITING);
        let mut writer =
            Writer { path, notes: notes.clone(), salt: hex(u32::from_be_bytes(salt)), file: None, length: 0, most: 0 };
        thread::Builder::new().name("cosigned".into()).spawn(move || {
            while let Some(first) = asked.blocking_recv() {
                writer.write(first, &mut asked);
            }
            drop(lock);
        })?;
        Ok((Self(asks), notes))
    }

    /// Keeps the last note of a log, durably.
    ///
    /// # Errors
    /// The device's. The note before is then the one that holds.
    pub(super) async fn keep(&self, origin: &str, note: &Note) -> io::Result<()> {
        let (done, written) = oneshot::channel();
        let ask = Ask { origin: origin.to_owned(), note: note.to_string().into_bytes(), done };
        let gone = |()| io::Error::other("the thread that writes what was cosigned has ended");
        self.0.send(ask).await.map_err(|_| gone(()))?;
        written.await.map_err(|_| gone(()))?
    }
}

struct Writer {
    path: PathBuf,
    /// What was answered.
    notes: Notes,
    salt: String,
    /// Where the next frames go; `None` until the file is written anew.
    file: Option<File>,
    length: usize,
    most: usize,
}

impl Writer {
    /// Writes all that waits, up to a limit, and tells everybody. While the device is busy with one write, the next one gathers.
    fn write(&mut self, first: Ask, asked: &mut mpsc::Receiver<Ask>) {
        let (mut together, mut bytes) = (Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(ask) = next {
            lay(&mut bytes, &ask.note);
            together.push(ask);
            next = if bytes.len() < AT_ONCE { asked.try_recv().ok() } else { None };
        }
        let written = self.append(&frame(WRITTEN, &self.salt, &bytes));
        for Ask { origin, note, done } in together {
            let told = match &written {
                Ok(()) => {
                    self.notes.insert(origin, note);
                    Ok(())
                }
                Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
            };
            // Whoever asked may be gone; the note is kept all the same.
            let _ = done.send(told);
        }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Taken out: after an error nobody knows what is in it.
        let file = self.file.take().filter(|_| self.length < self.most);
        let mut file = match file {
            Some(file) => file,
            None => self.write_anew()?,
        };
        file.write_all(bytes)?;
        file.sync_data()?;
        self.length += bytes.len();
        self.file = Some(file);
        Ok(())
    }

    fn write_anew(&mut self) -> io::Result<File> {
        let mut all = Vec::new();
        self.notes.values().for_each(|note| lay(&mut all, note));
        let all = frame(HOLDING, &self.salt, &all);
        whole_file::replace(&self.path, &all)?;
        (self.length, self.most) = (all.len(), 2 * all.len() + GROWTH);
        File::options().append(true).open(&self.path)
    }
}

fn hex(number: u32) -> String {
    format!("{number:08x}")
}

fn lay(notes: &mut Vec<u8>, note: &[u8]) {
    notes.extend_from_slice(format!("{:08}\n", note.len()).as_bytes());
    notes.extend_from_slice(note);
}

fn frame(kind: &[u8], salt: &str, notes: &[u8]) -> Vec<u8> {
    let mut line = [kind, format!("{:08} {} ", notes.len(), hex(crc32c::crc32c(notes))).as_bytes()].concat();
    if kind == HOLDING {
        line.extend_from_slice(format!("{salt} ").as_bytes());
    }
    let check = check(salt.as_bytes(), &line);
    [&line, check.as_bytes(), b"\n", notes].concat()
}

/// What stands at the end of a frame's first line.
fn check(salt: &[u8], line: &[u8]) -> String {
    hex(crc32c::crc32c_append(crc32c::crc32c(salt), line))
}

/// The first line of a frame.
struct Head {
    /// Bytes of the line.
    line: usize,
    notes: usize,
    crc: Vec<u8>,
}

impl Head {
    /// Reads the line that the bytes begin with; `None` where it is not as it was written.
    fn read(bytes: &[u8], kind: &[u8], salt: &[u8]) -> Option<Self> {
        let end = bytes.iter().take(64).position(|byte| *byte == b'\n')?;
        let line = bytes.get(..end)?;
        let (said, found) = line.split_at_checked(line.len().checked_sub(8)?)?;
        let fields: Vec<_> = said.strip_prefix(kind)?.split(|byte| *byte == b' ').collect();
        let notes = std::str::from_utf8(fields.first()?).ok()?.parse().ok()?;
        let crc = fields.get(1)?.to_vec();
        (check(salt, said).as_bytes() == found).then_some(Self { line: end + 1, notes, crc })
    }

    /// The notes of this frame, and what follows it; `None` where they are not as they were written.
    fn notes<'f>(&self, frame: &'f [u8]) -> Option<(&'f [u8], &'f [u8])> {
        let (notes, after) = frame.get(self.line..)?.split_at_checked(self.notes)?;
        (hex(crc32c::crc32c(notes)).as_bytes() == self.crc).then_some((notes, after))
    }
}

/// The last note of each log in a file, but for what a crash left unfinished at its end.
fn read(file: &[u8]) -> io::Result<Notes> {
    // holding, length, CRC-32C: then the salt.
    let salt = file.get(26..34).ok_or_else(|| damaged("it has no beginning"))?;
    let whole = Head::read(file, HOLDING, salt).and_then(|head| head.notes(file));
    let (first, mut rest) = whole.ok_or_else(|| damaged("its beginning is not as it was written"))?;
    let mut notes = Notes::new();
    take(&mut notes, first)?;
    while !rest.is_empty() {
        let head = Head::read(rest, WRITTEN, salt);
        if let Some((written, after)) = head.as_ref().and_then(|head| head.notes(rest)) {
            take(&mut notes, written)?;
            rest = after;
        } else if is_unfinished(rest, head.as_ref(), salt) {
            tracing::warn!(bytes = rest.len(), "a write that a crash ended was left out: nobody got its cosignatures");
            break;
        } else {
            return Err(damaged("a frame is not as it was written"));
        }
    }
    Ok(notes)
}

/// Whether what begins with a frame that is not whole can be the last write, of which not all came to the disk.
fn is_unfinished(rest: &[u8], head: Option<&Head>, salt: &[u8]) -> bool {
    let ends_early = head.map_or(!rest.contains(&b'\n'), |head| rest.len() < head.line + head.notes);
    let mut later = 1..rest.len();
    let is_last = !later.any(|at| rest.get(at..).is_some_and(|rest| Head::read(rest, WRITTEN, salt).is_some()));
    is_last && rest.len() <= AT_ONCE + 2 * tlog::MAX_NOTE_SIZE && (ends_early || rest.contains(&0))
}

/// Takes the notes of a frame over.
fn take(notes: &mut Notes, mut frame: &[u8]) -> io::Result<()> {
    let odd = || damaged("a note is not where it was written");
    while !frame.is_empty() {
        let (length, rest) = frame.split_at_checked(LENGTH).ok_or_else(odd)?;
        let length = std::str::from_utf8(length).ok().and_then(|line| line.strip_suffix('\n')?.parse().ok());
        let (note, rest) = length.and_then(|length| rest.split_at_checked(length)).ok_or_else(odd)?;
        notes.insert(origin(note)?, note.to_vec());
        frame = rest;
    }
    Ok(())
}

/// What was kept before there was this one file: a note in a file for each log, under the SHA-256 of its origin.
fn read_files(folder: &Path) -> io::Result<Notes> {
    let mut notes = Notes::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_digest = |name: &str| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if entry.file_name().to_str().is_some_and(is_digest) {
            let note = fs::read(entry.path())?;
            notes.insert(origin(&note)?, note);
        }
    }
    Ok(notes)
}

/// The log whose note it is.
fn origin(note: &[u8]) -> io::Result<String> {
    let note = Note::parse(note).map_err(damaged)?;
    Checkpoint::parse(note.text()).map(|checkpoint| checkpoint.origin().to_owned()).map_err(damaged)
}

fn damaged(why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("damaged: {why}"))
}

#[cfg(test)]
mod tests {
    use primitives::{Hash, SecretKey};

    use super::*;

    fn note(origin: &str, size: u64) -> Note {
        let key = SecretKey::from_seed(&[7; 32]);
        Checkpoint::new(origin, size, Hash::of(&size.to_be_bytes())).unwrap().sign(&key).unwrap()
    }

    fn keep(records: &Records, notes: &[(&str, u64)]) -> Vec<io::Result<()>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        notes.iter().map(|(origin, size)| runtime.block_on(records.keep(origin, &note(origin, *size)))).collect()
    }

    fn text(origin: &str, size: u64) -> (String, Vec<u8>) {
        (origin.to_owned(), note(origin, size).to_string().into_bytes())
    }

    /// A file that began with one note, and the two frames that followed.
    fn frames() -> [Vec<u8>; 3] {
        [(HOLDING, 1), (WRITTEN, 2), (WRITTEN, 3)].map(|(kind, size)| {
            let mut notes = Vec::new();
            lay(&mut notes, &text("a.example", size).1);
            frame(kind, "8d1f03aa", &notes)
        })
    }

    fn size(file: &[u8]) -> io::Result<u64> {
        let note = Note::parse(&read(file)?["a.example"]).unwrap();
        Ok(Checkpoint::parse(note.text()).unwrap().size())
    }

    #[test]
    fn the_last_note_of_each_log_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        for round in 1..4 {
            let (records, _) = Records::open(folder.path()).unwrap();
            let kept = keep(&records, &[("a.example", round), ("b.example", 10 * round), ("a.example", round + 1)]);
            assert!(kept.iter().all(Result::is_ok));
            assert_eq!(Records::open(folder.path()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
            drop(records);
            let (_, found) = Records::open(folder.path()).unwrap();
            assert_eq!(found, [text("a.example", round + 1), text("b.example", 10 * round)].into());
        }
    }

    /// Cut anywhere, or with zeros to its end, a last write is left out; whatever else is changed is refused.
    #[test]
    fn what_was_left_unfinished_is_told_from_what_was_changed() {
        let [first, second, third] = frames();
        let file = [first.clone(), second.clone(), third.clone()].concat();
        assert_eq!(size(&file).unwrap(), 3);
        let before = first.len() + second.len();
        for end in before..file.len() {
            assert_eq!(size(&file[..end]).unwrap(), 2, "{end}");
            let mut zeros = file.clone();
            zeros[end..].fill(0);
            assert_eq!(size(&zeros).unwrap(), 2, "{end}");
        }
        let refused =
            |file: &[u8], what: &str| assert_eq!(size(file).unwrap_err().kind(), io::ErrorKind::InvalidData, "{what}");
        for end in 0..first.len() {
            refused(&file[..end], "what the file began with was there whole");
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            refused(&changed, &format!("changed at {at}"));
            if at < before {
                let sector = at..before.min(at + 512);
                changed[sector].fill(0);
                refused(&changed, &format!("zeros at {at}, and a later write"));
            }
        }
        refused(b"", "empty");
        refused(b"damaged", "something else");
        refused(&[file, vec![0; 2 * AT_ONCE]].concat(), "no write is as large as this");
    }

    #[test]
    fn a_file_for_each_log_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let (origin, note) = text("a.example", 7);
        std::fs::write(folder.path().join(Hash::of(origin.as_bytes()).to_string()), &note).unwrap();
        std::fs::write(folder.path().join(format!("contradiction-{}", Hash::of(b"x"))), "x").unwrap();
        let (records, found) = Records::open(folder.path()).unwrap();
        assert_eq!(found, [(origin, note)].into());
        assert!(keep(&records, &[("b.example", 1)])[0].is_ok());
        drop(records);
        let (_, found) = Records::open(folder.path()).unwrap();
        assert_eq!(found, [text("a.example", 7), text("b.example", 1)].into());
    }

    #[test]
    fn after_a_failure_the_file_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let [inner, away] = ["witness", "away"].map(|name| folder.path().join(name));
        let (records, _) = Records::open(&inner).unwrap();
        std::fs::rename(&inner, &away).unwrap();
        assert!(keep(&records, &[("a.example", 1)])[0].is_err(), "its folder is gone");
        assert!(keep(&records, &[("a.example", 2)])[0].is_err(), "and still is");
        std::fs::rename(&away, &inner).unwrap();
        assert!(keep(&records, &[("b.example", 5)])[0].is_ok());
        drop(records);
        assert_eq!(Records::open(&inner).unwrap().1, [text("b.example", 5)].into(), "only what was answered");
    }

    #[test]
    fn a_file_that_has_grown_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cosigned");
        let notes = [text("a.example", 1)].into();
        let mut writer = Writer { path: path.clone(), notes, salt: "8d1f03aa".into(), file: None, length: 0, most: 0 };
        let [first, second, _] = frames();
        let much: Vec<u8> = second.iter().copied().cycle().take(second.len() * (GROWTH / second.len() + 3)).collect();
        writer.append(&much).unwrap();
        let length = || std::fs::metadata(&path).unwrap().len();
        assert!(length() > GROWTH as u64);
        writer.append(&second).unwrap();
        assert_eq!(length(), (first.len() + second.len()) as u64, "what holds, and what came");
        assert_eq!(size(&std::fs::read(&path).unwrap()).unwrap(), 2);
    }
}
