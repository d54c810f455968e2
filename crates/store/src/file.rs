//! The journal in a folder of segment files: README, "A segment".
//!
//! One thread writes. A call of `append` hands it the record and waits; that costs the same 19 µs as a blocking task of
//! the runtime (median of 2,000 on two cores), and needs no free place in the runtime's pool, keeps the order, and
//! completes what was begun when the caller goes away. Reads are blocking tasks of the runtime: they run beside each other,
//! and never wait behind a sync.

mod disk;
mod folder;
mod frame;
mod index;
mod recover;
mod scan;
mod segment;
#[cfg(any(test, feature = "testing"))]
mod sim;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub use disk::{Disk, DiskFile};
pub use folder::Folder;
#[cfg(any(test, feature = "testing"))]
pub use sim::{Crash, DiskFault, SimDisk, SimFile};
pub use verify::Summary;

use crate::{AppendError, Damage, Journal, ReadError, Record};
use index::Index;
use segment::FRAMES;
use writer::{Entry, Writer};

/// How large segments are.
///
/// A new segment takes a sixteenth of the journal so far, between the two limits: so the room that is kept free stays a small
/// part of the journal, at any size of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Least bytes of a segment.
    pub smallest: u64,
    /// Most bytes of a segment, unless one record takes more; itself at most [`Options::MOST`].
    pub largest: u64,
    /// Whether the next segment is made ready by a thread of its own while the current one fills. Without it, the
    /// append that needs a new segment waits for it, about 100 ms for 64 MiB.
    pub ahead: bool,
}

impl Options {
    /// Most that [`Options::largest`] may say: places in a segment are kept in four bytes.
    pub const MOST: u64 = 1 << 30;

    /// The size of the next segment, when those so far take `bytes` and the next record's frame takes `frame`.
    fn segment_bytes(self, bytes: u64, frame: u64) -> u64 {
        let largest = self.largest.min(Self::MOST);
        let size = (bytes / 16).clamp(self.smallest.min(largest), largest);
        // Room for some more records of this size: a new segment takes about as long as five appends.
        size.max((8 * frame).min(largest)).max(FRAMES + frame).next_multiple_of(4096)
    }
}

impl Default for Options {
    /// Segments of 8 to 64 MiB, made ready ahead.
    fn default() -> Self {
        Self { smallest: 8 << 20, largest: 64 << 20, ahead: true }
    }
}

/// Why a journal does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Somebody else has the folder open.
    #[error("{} is locked: another process writes this journal", file.display())]
    Locked {
        /// The lock file.
        file: PathBuf,
    },
    /// The bytes are not those that were written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The device failed.
    #[error("opening {}", file.display())]
    Io {
        /// File or folder.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl OpenError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "journal_locked",
            Self::Damaged(damage) => damage.what.code(),
            Self::Io { .. } => "journal_io",
        }
    }
}

/// An unfinished append that opening has cut off. Nobody had an answer for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub file: PathBuf,
    /// Where it began.
    pub offset: u64,
    /// How far its traces reached.
    pub bytes: u64,
    /// Number that it would have had, and that the next record takes.
    pub seq: u64,
}

/// A [`Journal`] in a folder that this value alone writes.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path();
/// use store::{Bytes, FileJournal, Journal, Record};
/// let record = Record { first_index: 0, entries: vec![Bytes::from_static(b"first")], tree_size: 1, root: [0; 32] };
/// let journal = FileJournal::open(path)?;
/// journal.append(0, &record).await?;
/// drop(journal);
/// assert_eq!(FileJournal::open(path)?.read(0).await?, Some(record));
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FileJournal<D: Disk = Folder> {
    disk: Arc<D>,
    index: Arc<RwLock<Index<D::File>>>,
    cut: Option<Cut>,
    // Taken only in `drop`, where the channel must close before the thread is waited for.
    appends: Option<Sender<Append>>,
    thread: Option<JoinHandle<()>>,
}

type Append = (Entry, oneshot::Sender<Result<(), AppendError>>);

impl FileJournal {
    /// Opens the journal in `folder`, making an empty one where there is none.
    ///
    /// Blocks: for a million entries about as long as reading the last segment takes, at most 64 MiB.
    ///
    /// # Errors
    /// [`OpenError::Locked`], [`OpenError::Damaged`] (which names file, offset and record), [`OpenError::Io`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(Folder::lock(folder.as_ref())?, Options::default())
    }

    /// Whether an append was ever begun in `folder`; `None` where there is no such folder. Reads names only and takes no lock, so that a
    /// folder can be looked at before anything is made in it.
    ///
    /// # Errors
    /// Of the device, and where it is no folder.
    pub fn is_begun(folder: impl AsRef<Path>) -> std::io::Result<Option<bool>> {
        match std::fs::read_dir(folder) {
            Ok(mut names) => names
                .try_fold(false, |begun, name| Ok(begun || name?.file_name().as_encoded_bytes().ends_with(b".seg")))
                .map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<D: Disk> FileJournal<D> {
    /// Opens the journal on a disk, with segments of other sizes.
    ///
    /// # Errors
    /// As [`FileJournal::open`].
    pub fn open_with(disk: D, options: Options) -> Result<Self, OpenError> {
        let found = recover::recover(&disk)?;
        let disk = Arc::new(disk);
        let index = Arc::new(RwLock::new(found.index));
        let (appends, inbox) = channel::<Append>();
        let mut writer = Writer { disk: disk.clone(), options, index: index.clone(), spare: None, poisoned: None };
        let run = move || {
            while let Ok((entry, reply)) = inbox.recv() {
                // Whoever asked may have gone away; the record stands all the same.
                let _ = reply.send(writer.append(&entry));
            }
            if let Some(spare) = writer.spare.take() {
                // The folder's lock is held until the last thread that writes there has ended.
                let _ = spare.join();
            }
        };
        let thread = std::thread::Builder::new().name("journal".into()).spawn(run);
        let thread = thread.map_err(|source| OpenError::Io { file: disk.path(""), source })?;
        Ok(Self { disk, index, cut: found.cut, appends: Some(appends), thread: Some(thread) })
    }

    /// The unfinished append that this opening cut off, if there was one: for the operator's log.
    pub const fn cut(&self) -> Option<&Cut> {
        self.cut.as_ref()
    }

    /// Reads every record that is there now and every footer, and checks all their bytes.
    ///
    /// Blocks for as long as reading the whole journal takes; appends go on meanwhile.
    ///
    /// # Errors
    /// The first damage found.
    pub fn verify_all(&self) -> Result<Summary, ReadError> {
        verify::verify_all(&*self.disk, &self.index)
    }

    fn view<T>(&self, view: impl FnOnce(&Index<D::File>) -> T) -> T {
        view(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<D: Disk> Journal for FileJournal<D> {
    async fn append(&self, seq: u64, record: &Record) -> Result<(), AppendError> {
        let Record { first_index, tree_size, .. } = *record;
        let entry = Entry { seq, first_index, tree_size, payload: record.encode()? };
        let (reply, answer) = oneshot::channel();
        let ended = || AppendError::Poisoned("the journal's thread has ended".into());
        let appends = self.appends.as_ref().ok_or_else(ended)?;
        appends.send((entry, reply)).map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }

    async fn read(&self, seq: u64) -> Result<Option<Record>, ReadError> {
        let (disk, index) = (self.disk.clone(), self.index.clone());
        let read = move || verify::read_record(&*disk, &index, seq);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => runtime.spawn_blocking(read).await.unwrap_or_else(|error| {
                Err(ReadError::Io { file: self.disk.path(""), source: std::io::Error::other(error) })
            }),
            // Outside a runtime nobody else waits for this thread.
            Err(_) => read(),
        }
    }

    fn len(&self) -> u64 {
        self.view(Index::next_seq)
    }

    fn entries(&self) -> u64 {
        self.view(|index| index.tree_size)
    }

    fn locate(&self, index: u64) -> Option<u64> {
        self.view(|all| all.locate(index))
    }
}

impl<D: Disk> Drop for FileJournal<D> {
    /// Waits for the append under way, so that the folder is free when this returns.
    fn drop(&mut self) {
        self.appends = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
