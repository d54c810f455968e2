//! Shelf: a folder with the newest snapshot of each registry, to be taken along.
//!
//! ```text
//! <folder>/<origin, ':' as '_'>/head            signed note: which body, of which log, how old
//! <folder>/<origin>/body-<digest of its index>  the body
//! <folder>/<origin>/part-<digest>               as much of a newer body as has been fetched
//! <folder>/<origin>/supplement                  what offices cleared, where this is an office's shelf: nobody else's business
//! <folder>/<origin>/lock                        held while one is fetched
//! ```
//!
//! `head` is replaced last and in one step: whatever happens before that, the snapshot before is as good as it was.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use primitives::Hash;
use registry::{SnapshotHead, SnapshotIndex};
use statement::Origin;
use thiserror::Error;
use verify::{
    MAX_SUPPLEMENT, OpenSnapshotError, OpenedSnapshot, OpenedSupplement, Reason, SupplementError, TrustedRegistry,
};

use crate::Supplement;

/// Largest head read: a checkpoint with all its cosignatures, and some lines.
const MAX_HEAD: u64 = 2 * tlog::MAX_NOTE_SIZE as u64;

/// File of the supplement.
const SUPPLEMENT: &str = "supplement";

/// A folder of snapshots: on this device, or on a stick.
#[derive(Debug, Clone)]
pub struct Shelf(PathBuf);

/// Why there is no snapshot to judge by.
#[derive(Debug, Error)]
pub enum ShelfError {
    /// None was fetched yet.
    #[error("no snapshot of {0}")]
    None(String),
    /// The files cannot be read or written.
    #[error("cannot {action} {path}: {source}")]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: String,
        /// What happened.
        source: std::io::Error,
    },
    /// It is damaged, forged, or of another registry.
    #[error("{path}: {error}")]
    Unusable {
        /// The registry's folder.
        path: String,
        /// What is wrong.
        error: OpenSnapshotError,
    },
    /// The supplement is damaged, forged, or of another registry.
    #[error("{path}: {error}")]
    UnusableSupplement {
        /// The supplement's file.
        path: String,
        /// What is wrong.
        error: SupplementError,
    },
    /// A supplement that knows less than the one on the shelf.
    #[error("supplement is of {found} entries, made at {found_at}; the one here is of {kept}, made at {kept_at}")]
    OlderSupplement {
        /// Entries of the log that it is of.
        found: u64,
        /// When it was made.
        found_at: primitives::Timestamp,
        /// Entries that the one on the shelf is of.
        kept: u64,
        /// When that was made.
        kept_at: primitives::Timestamp,
    },
}

impl ShelfError {
    /// What a label's verdict is where this keeps its registry's snapshot away: never the label's fault.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Unusable { error, .. } if error.is_unsupported() => Reason::Unsupported,
            Self::None(_)
            | Self::File { .. }
            | Self::Unusable { .. }
            | Self::UnusableSupplement { .. }
            | Self::OlderSupplement { .. } => Reason::NoStatus,
        }
    }
}

impl Shelf {
    /// A shelf in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// Opens a registry's snapshot: checks its signatures and every bit.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn open(&self, registry: &TrustedRegistry) -> Result<OpenedSnapshot, ShelfError> {
        let head = self.head(registry)?.ok_or_else(|| ShelfError::None(registry.policy.origin.to_string()))?;
        self.open_as(&head, registry)
    }

    /// The same under another head: of the same body, made anew.
    pub(crate) fn open_as(
        &self,
        head: &SnapshotHead,
        registry: &TrustedRegistry,
    ) -> Result<OpenedSnapshot, ShelfError> {
        let folder = self.folder(&registry.policy.origin);
        let body = folder.body(head);
        let file = File::open(&body).map_err(at("read", &body))?;
        let read = reader(&file);
        OpenedSnapshot::open(head.note().to_string().as_bytes(), registry, read).map_err(|error| folder.unusable(error))
    }

    /// The head of a registry's snapshot; `None` where there is none.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn head(&self, registry: &TrustedRegistry) -> Result<Option<SnapshotHead>, ShelfError> {
        let folder = self.folder(&registry.policy.origin);
        let path = folder.0.join("head");
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|file| file.take(MAX_HEAD).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(at("read", &path)(error)),
        }
        let head = verify::open_head(&bytes, registry);
        head.map(Some).map_err(|error| folder.unusable(OpenSnapshotError::Head(error)))
    }

    /// Opens a registry's supplement: checks its signature and every bit. `None` where there is none, which is the rule: only
    /// customs offices have it.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn supplement(&self, registry: &TrustedRegistry) -> Result<Option<OpenedSupplement>, ShelfError> {
        let path = self.folder(&registry.policy.origin).0.join(SUPPLEMENT);
        let mut bytes = Vec::new();
        // Head and first line are within the second term.
        let limit = MAX_SUPPLEMENT as u64 + MAX_HEAD;
        match File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(at("read", &path)(error)),
        }
        let opened = OpenedSupplement::open(&bytes, registry);
        let unusable = |error| ShelfError::UnusableSupplement { path: path.display().to_string(), error };
        opened.map(Some).map_err(unusable)
    }

    /// Puts a supplement in the place of the one before, in one step, and never back: one of a shorter log, or made earlier of the same
    /// one, is refused. One that does not open any more is replaced. Only the file's owner can read it.
    ///
    /// # Errors
    /// [`ShelfError`]; the one before is as it was.
    pub fn keep_supplement(&self, registry: &TrustedRegistry, supplement: &Supplement) -> Result<(), ShelfError> {
        let folder = self.folder(&registry.policy.origin);
        let _lock = folder.lock()?;
        let found = supplement.opened();
        if let Ok(Some(kept)) = self.supplement(registry)
            && (found.size(), found.produced_at()) < (kept.size(), kept.produced_at())
        {
            return Err(ShelfError::OlderSupplement {
                found: found.size(),
                found_at: found.produced_at(),
                kept: kept.size(),
                kept_at: kept.produced_at(),
            });
        }
        let (new, path) = (folder.0.join("supplement.new"), folder.0.join(SUPPLEMENT));
        let write = || {
            // Another's unfinished file may be readable by others.
            match fs::remove_file(&new) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
            let mut file = owners_only().open(&new)?;
            file.write_all(supplement.bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            drop(File::open(&folder.0).and_then(|folder| folder.sync_all()));
            Ok(())
        };
        write().map_err(at("write", &path))
    }

    pub(crate) fn folder(&self, origin: &Origin) -> Folder {
        Folder(self.0.join(origin.to_file_name()))
    }
}

/// One registry's place on the shelf.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Waits until no other program fetches into it.
    pub(crate) fn lock(&self) -> Result<File, ShelfError> {
        fs::create_dir_all(&self.0).map_err(at("create", &self.0))?;
        let path = self.0.join("lock");
        let lock = File::create(&path).map_err(at("create", &path))?;
        lock.lock().map_err(at("lock", &path))?;
        Ok(lock)
    }

    fn body(&self, head: &SnapshotHead) -> PathBuf {
        self.0.join(format!("body-{}", head.index_digest()))
    }

    fn unusable(&self, error: OpenSnapshotError) -> ShelfError {
        ShelfError::Unusable { path: self.0.display().to_string(), error }
    }

    /// The body of a snapshot that is already here, and where each chunk of it lies: what a newer one may share with it.
    pub(crate) fn chunks_at_hand(&self, head: &SnapshotHead, registry: &TrustedRegistry) -> Option<Chunks> {
        let file = File::open(self.body(head)).ok()?;
        let index = reader(&file)(0, head.index_length())?;
        let index = verify::open_index(head, &index, registry).ok()?;
        let places = index.places().map(|place| (place.digest, (place.offset, place.length))).collect();
        Some(Chunks { file, places })
    }

    /// What was fetched of a newer body before, to go on with.
    pub(crate) fn part(&self, head: &SnapshotHead) -> Result<Part, ShelfError> {
        let path = self.0.join(format!("part-{}", head.index_digest()));
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        Ok(Part { file: file.map_err(at("create", &path))?, path })
    }

    /// Makes a body that is complete the registry's snapshot. From here on the one before is gone.
    pub(crate) fn replace(&self, part: Part, head: &SnapshotHead) -> Result<(), ShelfError> {
        part.file.sync_all().map_err(at("write", &part.path))?;
        let body = self.body(head);
        fs::rename(&part.path, &body).map_err(at("write", &body))?;
        self.replace_head(head)
    }

    /// Puts a newer head before the body that it has in common with the one before.
    pub(crate) fn replace_head(&self, head: &SnapshotHead) -> Result<(), ShelfError> {
        let (new, path) = (self.0.join("head.new"), self.0.join("head"));
        let write = || {
            let mut file = File::create(&new)?;
            file.write_all(head.note().to_string().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            // The names of both are on the disk before the old body goes. A file system that cannot sync a folder (FAT) does without.
            drop(File::open(&self.0).and_then(|folder| folder.sync_all()));
            Ok(())
        };
        write().map_err(at("write", &path))?;
        self.clear(&self.body(head));
        Ok(())
    }

    /// Removes other bodies and parts.
    fn clear(&self, current: &Path) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path != current && (name.starts_with("body-") || name.starts_with("part-")) {
                drop(fs::remove_file(&path));
            }
        }
    }
}

/// Chunks of a body at hand, by digest.
pub(crate) struct Chunks {
    file: File,
    places: std::collections::HashMap<Hash, (u64, u32)>,
}

impl Chunks {
    /// Whether there is a chunk that should have this digest.
    pub(crate) fn has(&self, digest: &Hash) -> bool {
        self.places.contains_key(digest)
    }

    /// A chunk with this digest, where there is one and it is whole.
    pub(crate) fn read(&self, digest: &Hash) -> Option<Vec<u8>> {
        let (offset, length) = self.places.get(digest)?;
        reader(&self.file)(*offset, *length).filter(|bytes| Hash::of(bytes) == *digest)
    }
}

/// A body that is being fetched.
pub(crate) struct Part {
    file: File,
    path: PathBuf,
}

impl Part {
    /// Its bytes so far.
    pub(crate) fn length(&self) -> Result<u64, ShelfError> {
        Ok(self.file.metadata().map_err(at("read", &self.path))?.len())
    }

    pub(crate) fn read(&self, offset: u64, length: u32) -> Option<Vec<u8>> {
        reader(&self.file)(offset, length)
    }

    /// Forgets what lies past `length`.
    pub(crate) fn cut(&self, length: u64) -> Result<(), ShelfError> {
        self.file.set_len(length).map_err(at("write", &self.path))
    }

    /// Adds at the end.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), ShelfError> {
        let mut append = || {
            self.file.seek(SeekFrom::End(0))?;
            self.file.write_all(bytes)
        };
        append().map_err(at("write", &self.path))
    }

    /// Opens the whole, as a verifier will.
    pub(crate) fn open(&self, head: &SnapshotHead, registry: &TrustedRegistry) -> Result<OpenedSnapshot, ShelfError> {
        let read = reader(&self.file);
        let opened = OpenedSnapshot::open(head.note().to_string().as_bytes(), registry, read);
        opened.map_err(|error| ShelfError::Unusable { path: self.path.display().to_string(), error })
    }

    /// Reads the index, if it is there.
    pub(crate) fn index(
        &self,
        head: &SnapshotHead,
        registry: &TrustedRegistry,
    ) -> Option<Result<SnapshotIndex, OpenSnapshotError>> {
        Some(verify::open_index(head, &self.read(0, head.index_length())?, registry))
    }
}

/// A new file, which nobody but its owner reads.
fn owners_only() -> fs::OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Reads a range of a file; nothing where it ends before.
fn reader(mut file: &File) -> impl FnMut(u64, u32) -> Option<Vec<u8>> {
    move |offset, length| {
        file.seek(SeekFrom::Start(offset)).ok()?;
        let mut bytes = Vec::new();
        file.take(length.into()).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 == u64::from(length)).then_some(bytes)
    }
}

fn at(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ShelfError {
    let path = path.display().to_string();
    move |source| ShelfError::File { action, path, source }
}
