//! The one thread that writes a journal: appends, new segments, seals.
//!
//! The order of the writes is the safety argument; each step says what a crash after it leaves. A write that fails ends
//! the writer: what is on the device is then unknown, and `recover` finds out at the next opening.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use super::frame::{self, Kind};
use super::index::{Index, Segment};
use super::recover::seal;
use super::segment::{self, FRAMES, Header, MARK, Mark, SPARE};
use super::{Disk, DiskFile, Options};
use crate::AppendError;

/// Zeros are written and synced in pieces of this size, so that an append never waits long behind them.
const CHUNK: usize = 1 << 20;
/// Between two pieces, the appends have the device to themselves.
const PAUSE: Duration = Duration::from_millis(2);

/// A file being filled with zeros, and how many there will be.
type Preparing<F> = JoinHandle<io::Result<(F, u64)>>;

pub(super) struct Writer<D: Disk> {
    pub(super) disk: Arc<D>,
    pub(super) options: Options,
    pub(super) index: Arc<RwLock<Index<D::File>>>,
    /// The next segment's file, being made ready by another thread.
    pub(super) spare: Option<Preparing<D::File>>,
    pub(super) poisoned: Option<String>,
}

/// A record as the writer takes it.
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) first_index: u64,
    pub(super) tree_size: u64,
    pub(super) payload: Vec<u8>,
}

/// A write that failed: what it was for, in which file, and what the system said.
struct Failed(String, io::Error);

impl<D: Disk> Writer<D> {
    /// Appends a record and makes it durable.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<(), AppendError> {
        if let Some(why) = &self.poisoned {
            return Err(AppendError::Poisoned(why.clone()));
        }
        let (next, tree_size) = self.read(|index| (index.next_seq(), index.tree_size));
        if entry.seq < next {
            return Err(AppendError::Taken(entry.seq));
        }
        if entry.seq > next {
            return Err(AppendError::Gap { seq: entry.seq, next });
        }
        if entry.first_index != tree_size {
            return Err(AppendError::NotNext { first_index: entry.first_index, expected: tree_size });
        }
        self.write(entry).map_err(|Failed(step, source)| {
            self.poisoned = Some(format!("{step}: {source}"));
            AppendError::Io { seq: entry.seq, step, source }
        })?;
        if self.options.ahead && self.spare.is_none() && self.read(half_full) {
            self.spare = self.prepare_ahead();
        }
        Ok(())
    }

    fn write(&mut self, entry: &Entry) -> Result<(), Failed> {
        let payload = entry.payload.len() as u64;
        // 1. A segment with room. A crash in there leaves the last record where it was; see `roll`.
        let (file, name, at) = self.room(payload)?;
        let failed = |what: &str, error| Failed(format!("{what} {}", self.disk.path(&name).display()), error);
        let too_long = || failed("writing a record to", io::Error::other("the record is too long"));
        let frame = frame::seal(at, Kind::Record, entry.seq, &entry.payload).ok_or_else(too_long)?;
        // 2. The mark: from here on, a file that lacks a record before this one has lost it. A crash leaves the mark or not.
        file.write_at(&Mark { seq: entry.seq }.to_sector(), MARK).map_err(|error| failed("marking", error))?;
        // 3. The frame. A crash leaves any of its sectors, of which `scan` can tell that they are not all.
        file.write_at(&frame, at).map_err(|error| failed("writing to", error))?;
        // 4. The durable point. A crash before it returns leaves the record whole or torn; after it, whole.
        file.sync_data().map_err(|error| failed("syncing", error))?;
        // 5. Readers see it.
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.push(at + frame.len() as u64, entry.tree_size);
        Ok(())
    }

    /// The file, its name and the offset for a frame of this payload.
    fn room(&mut self, payload: u64) -> Result<(Arc<D::File>, String, u64), Failed> {
        let current = self.read(|index| {
            let last = index.segments.last()?;
            Some((index.current.clone()?, index.current_name()?, last.end, last.entries.is_empty()))
        });
        if let Some((file, name, at, empty)) = current {
            let failed = |what: &str, error| Failed(format!("{what} {}", self.disk.path(&name).display()), error);
            let end = at + frame::frame_len(at, payload);
            if end <= file.size().map_err(|error| failed("measuring", error))? {
                return Ok((file, name, at));
            }
            if empty {
                // Only after a crash between making the segment and writing the record it was made for.
                file.reserve(end.next_multiple_of(frame::SECTOR as u64)).map_err(|error| failed("growing", error))?;
                return Ok((file, name, at));
            }
        }
        let (file, name) = self.roll(frame::frame_len(FRAMES, payload))?;
        Ok((file, name, FRAMES))
    }

    /// Begins a new segment for a frame of this length, and seals the one before.
    fn roll(&mut self, frame: u64) -> Result<(Arc<D::File>, String), Failed> {
        let (header, bytes) = self.read(|index| {
            let previous_end = index.segments.last().map_or(0, |last| last.end);
            let header = Header { first_seq: index.next_seq(), first_index: index.tree_size, previous_end };
            (header, index.bytes())
        });
        let name = segment::name(header.first_seq);
        let failed = |what: &str, error| Failed(format!("{what} {}", self.disk.path(&name).display()), error);
        // 1. A file of zeros under a name that opening ignores. A crash leaves a leftover, which opening removes.
        let spare = self.spare.take().and_then(|spare| spare.join().ok()).transpose();
        let spare = spare.map_err(|error| failed("preparing", error))?;
        let file = match spare {
            Some((file, size)) if size >= FRAMES + frame => file,
            other => {
                if other.is_some() {
                    self.disk.remove(SPARE).map_err(|error| failed("removing the spare for", error))?;
                }
                let size = self.options.segment_bytes(bytes, frame);
                prepare(&*self.disk, size, Duration::ZERO).map_err(|error| failed("preparing", error))?.0
            }
        };
        // 2. Its header, durable before the name, so that a segment under its own name always has one.
        file.write_at(&header.to_sector(), 0).map_err(|error| failed("heading", error))?;
        file.sync_all().map_err(|error| failed("syncing", error))?;
        // 3. The name, durable before the seal: a sealed segment always has a successor, so a missing one is noticed.
        //    A crash after this leaves an empty segment after an unsealed one, which opening seals.
        self.disk.rename(SPARE, &name).map_err(|error| failed("naming", error))?;
        self.disk.sync_names().map_err(|error| failed("syncing the name of", error))?;
        // 4. The seal of the segment before, durable before the new one takes a record.
        self.read(|index| match (&index.current, index.segments.last()) {
            (Some(previous), Some(last)) => seal(&**previous, last, header.first_seq),
            (None, _) | (_, None) => Ok(()),
        })
        .map_err(|error| failed("sealing the segment before", error))?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let file = Arc::new(file);
        index.current = Some(file.clone());
        let Header { first_seq, first_index, previous_end: _ } = header;
        index.segments.push(Segment { first_seq, first_index, entries: Vec::new(), end: FRAMES });
        Ok((file, name))
    }

    fn prepare_ahead(&self) -> Option<Preparing<D::File>> {
        let size = self.options.segment_bytes(self.read(Index::bytes), 0);
        let disk = self.disk.clone();
        let thread = std::thread::Builder::new().name("journal-spare".into());
        // Without a thread to spare, the next segment is prepared when it is needed.
        thread.spawn(move || prepare(&*disk, size, PAUSE)).ok()
    }

    fn read<T>(&self, view: impl FnOnce(&Index<D::File>) -> T) -> T {
        view(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn half_full<F: DiskFile>(index: &Index<F>) -> bool {
    let size = index.current.as_ref().and_then(|file| file.size().ok()).unwrap_or(u64::MAX);
    index.segments.last().is_some_and(|last| last.end > size / 2)
}

/// Makes a file of zeros that lie on the device.
///
/// Written zeros, not only reserved room: the first write into room that was only reserved changes the file system's
/// maps, and the sync of each append would wait for that too, along with other files' data.
fn prepare<D: Disk>(disk: &D, size: u64, pause: Duration) -> io::Result<(D::File, u64)> {
    let file = disk.create(SPARE)?;
    file.reserve(size)?;
    let zeros = vec![0; CHUNK.min(usize::try_from(size).unwrap_or(CHUNK))];
    let mut at = 0;
    while at < size {
        let chunk = zeros.get(..usize::try_from(size - at).unwrap_or(CHUNK).min(CHUNK)).unwrap_or(&zeros);
        file.write_at(chunk, at)?;
        at += chunk.len() as u64;
        if !pause.is_zero() {
            file.sync_data()?;
            std::thread::sleep(pause);
        }
    }
    Ok((file, size))
}
