//! What was cosigned, on the disk: one file, in which many logs share a write and a wait for the device.
//!
//! ```text
//! <data>/witness/cosigned    frames, one after the other; of each log the last one holds
//!
//! cosigned 00000421 9b2e41d0 5c7a0f13\n     bytes of the note, their CRC-32C, the CRC-32C of this line so far
//! <the note: the log's signatures and this witness's>
//! ```
//!
//! All of it is text, and a note has no byte 0. So what a crash left unfinished is told from what was changed later: a disk that never
//! got a sector shows zeros there, or the file ends. Frames that were changed are damage, and nothing is cosigned on top of it.
//!
//! A crash within a write leaves, of the logs in it, what was cosigned before or what nobody has seen yet. Where a write fails, or the
//! file has grown by much that no longer holds, it is written anew from what was answered.

use std::collections::BTreeMap;
use std::fs::File;
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
const HEADER: usize = "cosigned 00000000 00000000 00000000\n".len();

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
    /// Reads the file in this folder, which may not be there yet: the last note of each log. Changes nothing before the first
    /// [`Records::keep`].
    ///
    /// # Errors
    /// `InvalidData` where the file was changed by somebody, or by the disk.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, Notes)> {
        let path = folder.join("cosigned");
        let mut notes = Notes::new();
        for note in read(&whole_file::read(&path)?.unwrap_or_default())? {
            notes.insert(origin(note)?, note.to_vec());
        }
        let (asks, mut asked) = mpsc::channel(WAITING);
        let mut writer = Writer { path, notes: notes.clone(), file: None, length: 0, most: 0 };
        thread::Builder::new().name("cosigned".into()).spawn(move || {
            while let Some(first) = asked.blocking_recv() {
                writer.write(first, &mut asked);
            }
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
            bytes.extend_from_slice(&frame(&ask.note));
            together.push(ask);
            next = if bytes.len() < AT_ONCE { asked.try_recv().ok() } else { None };
        }
        let written = self.append(&bytes);
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
        let all = self.notes.values().flat_map(|note| frame(note)).collect::<Vec<_>>();
        whole_file::replace(&self.path, &all)?;
        (self.length, self.most) = (all.len(), 2 * all.len() + GROWTH);
        File::options().append(true).open(&self.path)
    }
}

fn frame(note: &[u8]) -> Vec<u8> {
    let mut frame = format!("cosigned {:08} {:08x} ", note.len(), crc32c::crc32c(note)).into_bytes();
    let check = format!("{:08x}\n", crc32c::crc32c(&frame));
    frame.extend_from_slice(check.as_bytes());
    frame.extend_from_slice(note);
    frame
}

/// The notes in a file, but for what a crash left unfinished at its end.
fn read(mut bytes: &[u8]) -> io::Result<Vec<&[u8]>> {
    let mut notes = Vec::new();
    while !bytes.is_empty() {
        let Some((note, after)) = first(bytes) else {
            if is_unfinished(bytes) {
                tracing::warn!(
                    bytes = bytes.len(),
                    "a write that a crash ended was left out: its cosignatures were never given out"
                );
                break;
            }
            return Err(damaged("a frame is not as it was written"));
        };
        notes.push(note);
        bytes = after;
    }
    Ok(notes)
}

/// The first frame's note, and what follows the frame; `None` where the frame is not whole.
fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = length(bytes)?;
    let (header, rest) = bytes.split_at(HEADER);
    let (note, after) = rest.split_at_checked(length)?;
    let check = header.get(18..26)?;
    (format!("{:08x}", crc32c::crc32c(note)).as_bytes() == check).then_some((note, after))
}

/// The length of the first frame's note, where its header is as it was written.
fn length(bytes: &[u8]) -> Option<usize> {
    let (checked, check) = bytes.get(..HEADER)?.split_at(27);
    let is_right = format!("{:08x}\n", crc32c::crc32c(checked)).as_bytes() == check;
    let digits = checked.strip_prefix(b"cosigned ".as_slice()).filter(|_| is_right)?.get(..8)?;
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether what begins with a frame that is not whole can be the last write, and parts of it never reached the disk.
fn is_unfinished(bytes: &[u8]) -> bool {
    let ends_early = bytes.len() < HEADER || length(bytes).is_some_and(|length| bytes.len() < HEADER + length);
    bytes.len() <= AT_ONCE + HEADER + tlog::MAX_NOTE_SIZE && (ends_early || bytes.contains(&0))
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

    #[test]
    fn the_last_note_of_each_log_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        for round in 1..4 {
            let (records, _) = Records::open(folder.path()).unwrap();
            let kept = keep(&records, &[("a.example", round), ("b.example", 10 * round), ("a.example", round + 1)]);
            assert!(kept.iter().all(Result::is_ok));
            let (_, found) = Records::open(folder.path()).unwrap();
            assert_eq!(found, [text("a.example", round + 1), text("b.example", 10 * round)].into());
        }
    }

    /// Cut anywhere, or with zeros in place of sectors, a file gives what was there before its last write; changed, it is refused.
    #[test]
    fn what_was_left_unfinished_is_told_from_what_was_changed() {
        let first = frame(&text("a.example", 1).1);
        let file = [first.clone(), frame(&text("a.example", 2).1)].concat();
        let sizes = |bytes: &[u8]| read(bytes).map(|notes| notes.len());
        for end in first.len()..file.len() {
            assert_eq!(sizes(&file[..end]).unwrap(), 1, "{end}");
            let mut zeros = file.clone();
            zeros[end..].fill(0);
            assert_eq!(sizes(&zeros).unwrap(), 1, "{end}");
        }
        assert_eq!(sizes(&file).unwrap(), 2);
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(sizes(&changed).unwrap_err().kind(), io::ErrorKind::InvalidData, "{at}");
        }
        // Zeros are the mark of a last write, and no write is as large as this.
        let zeros = [file, vec![0; 2 * AT_ONCE]].concat();
        assert!(sizes(&zeros).is_err());
    }

    #[test]
    fn after_a_failure_the_file_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("witness");
        std::fs::create_dir(&inner).unwrap();
        let (records, _) = Records::open(&inner).unwrap();
        assert!(keep(&records, &[("a.example", 1)])[0].is_ok());
        let away = folder.path().join("away");
        std::fs::rename(&inner, &away).unwrap();
        // Where it is open it can still be written to; a process that begins now cannot.
        let (late, _) = Records::open(&away).unwrap();
        std::fs::rename(&away, &inner).unwrap();
        assert!(keep(&late, &[("a.example", 2)])[0].is_err());
        assert!(keep(&late, &[("a.example", 2)])[0].is_err(), "it is asked again, and its folder is still gone");
        std::fs::create_dir(&away).unwrap();
        assert!(keep(&late, &[("b.example", 5)])[0].is_ok());
        assert_eq!(Records::open(&away).unwrap().1, [text("a.example", 1), text("b.example", 5)].into());
    }

    #[test]
    fn a_file_that_has_grown_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer {
            path: folder.path().join("cosigned"),
            notes: [text("a.example", 1)].into(),
            file: None,
            length: 0,
            most: 0,
        };
        let frame = frame(&text("a.example", 2).1);
        let much: Vec<u8> = frame.iter().copied().cycle().take(frame.len() * (GROWTH / frame.len() + 3)).collect();
        writer.append(&much).unwrap();
        let length = || std::fs::metadata(folder.path().join("cosigned")).unwrap().len();
        assert!(length() > GROWTH as u64);
        writer.append(&frame).unwrap();
        assert_eq!(length(), 2 * frame.len() as u64, "what holds, and what came");
    }
}
