//! The newest checkpoint of each registry that this device has seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use primitives::Hash;
use statement::Origin;
use thiserror::Error;

/// Names of files of evidence, after the origin: two signed notes, or an entry and its rule; a snapshot's head, and what a replay gave.
const EVIDENCE: &str = "evidence-";
const SNAPSHOT_EVIDENCE: &str = "snapshot-evidence-";
/// Hexadecimal digits of the digest in their names.
const DIGITS: usize = 16;
/// Files of evidence that are told of: whoever has the log's key can make any number.
const MOST_KEPT: usize = 100;

/// A folder with one checkpoint a registry; see the crate's documentation for the format.
///
/// Where the folder cannot be written, what is seen is remembered for as long as the program runs: its clones share that.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
    warn: fn(&MemoryError),
    unwritten: Arc<Mutex<BTreeMap<Origin, Vec<u8>>>>,
    /// Files of evidence that this program kept: whoever met it has told of it.
    kept_now: Arc<Mutex<BTreeSet<PathBuf>>>,
}

/// The folder cannot be read or written.
#[derive(Debug, Error)]
#[error("cannot {action} {path}: {source}")]
pub struct MemoryError {
    action: &'static str,
    path: String,
    source: std::io::Error,
}

impl MemoryError {
    fn new(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self { action, path, source }
    }
}

impl Memory {
    /// A memory in this folder, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), warn: |_| {}, unwritten: Arc::default(), kept_now: Arc::default() }
    }

    /// The same memory; `warn` is called once a registry where what was seen of it will be forgotten when the program ends.
    #[must_use]
    pub fn warning(self, warn: fn(&MemoryError)) -> Self {
        Self { warn, ..self }
    }

    /// The newest checkpoint seen, as it was received; `None` for a registry not met before.
    ///
    /// # Errors
    /// [`MemoryError`]: a memory that cannot be read is not an empty one.
    pub fn newest(&self, origin: &Origin) -> Result<Option<Vec<u8>>, MemoryError> {
        if let Some(note) = self.unwritten().get(origin) {
            return Ok(Some(note.clone()));
        }
        self.newest_file(origin)
    }

    fn newest_file(&self, origin: &Origin) -> Result<Option<Vec<u8>>, MemoryError> {
        let path = self.file(origin);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            // No folder can be where a file is: nothing was ever remembered there.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(MemoryError::new("read", &path)(error)),
        }
    }

    /// Replaces the newest checkpoint if it still is `old`, else gives `false`: another program has seen a newer one. All or
    /// nothing. What cannot be written is remembered until the program ends, so that it judges by it at least.
    ///
    /// # Errors
    /// [`MemoryError`] where the memory cannot be read.
    pub fn replace(&self, origin: &Origin, old: Option<&[u8]>, new: &[u8]) -> Result<bool, MemoryError> {
        if self.newest(origin)?.as_deref() != old {
            return Ok(false);
        }
        // Once forgetful, always so: a file that another program writes meanwhile must not bring an older log back.
        let error = if self.unwritten().contains_key(origin) {
            None
        } else {
            match self.replace_file(origin, old, new) {
                Ok(replaced) => return Ok(replaced),
                Err(error) => Some(error),
            }
        };
        // Read again: what cannot be read is an error, whatever was wrong with the writing.
        self.newest(origin)?;
        self.unwritten().insert(origin.clone(), new.to_vec());
        if let Some(error) = error {
            (self.warn)(&error);
        }
        Ok(true)
    }

    fn replace_file(&self, origin: &Origin, old: Option<&[u8]>, new: &[u8]) -> Result<bool, MemoryError> {
        self.create_folder()?;
        let path = self.path(origin, "lock");
        let lock = fs::File::create(&path).map_err(MemoryError::new("create", &path))?;
        // Given back when the file is closed.
        lock.lock().map_err(MemoryError::new("lock", &path))?;
        if self.newest_file(origin)?.as_deref() != old {
            return Ok(false);
        }
        self.write(&self.file(origin), new)?;
        Ok(true)
    }

    /// The head of the newest snapshot that this device has judged by; `None` where it has not yet.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn newest_snapshot(&self, origin: &Origin) -> Result<Option<Vec<u8>>, MemoryError> {
        let path = self.path(origin, "snapshot");
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(MemoryError::new("read", &path)(error)),
        }
    }

    /// Remembers the head of a snapshot as the newest.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn remember_snapshot(&self, origin: &Origin, head: &[u8]) -> Result<(), MemoryError> {
        self.write(&self.path(origin, "snapshot"), head)
    }

    /// Keeps two checkpoints that cannot both be true; gives the file's path.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn keep_evidence(&self, origin: &Origin, evidence: &str) -> Result<PathBuf, MemoryError> {
        self.keep(origin, EVIDENCE, evidence.as_bytes())
    }

    /// Keeps the signed head of a snapshot that a replay of its log contradicts, and the digest that the replay gave.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn keep_snapshot_evidence(
        &self,
        origin: &Origin,
        head: &[u8],
        replayed: &Hash,
    ) -> Result<PathBuf, MemoryError> {
        let evidence = [head, b"--\n", format!("replayed {}\n", replayed.to_base64()).as_bytes()].concat();
        self.keep(origin, SNAPSHOT_EVIDENCE, &evidence)
    }

    /// What was kept as evidence against a registry before this program began: the files, by name, at most 100. They stay until a person moves
    /// them away, since a proof does not expire.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn kept_before(&self, origin: &Origin) -> Result<Vec<PathBuf>, MemoryError> {
        let failed = |error| MemoryError::new("read", &self.folder)(error);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(failed(error)),
        };
        let prefixes = [EVIDENCE, SNAPSHOT_EVIDENCE].map(|kind| format!("{}.{kind}", origin.to_file_name()));
        let is_digest = |rest: &str| rest.len() == DIGITS && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut files = BTreeSet::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let rest = name.to_str().and_then(|name| prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)));
            if rest.is_some_and(is_digest) {
                files.insert(self.folder.join(name));
            }
        }
        let now = self.kept_now.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(files.difference(&now).take(MOST_KEPT).cloned().collect())
    }

    fn keep(&self, origin: &Origin, kind: &str, evidence: &[u8]) -> Result<PathBuf, MemoryError> {
        let name = Hash::of(evidence).to_string();
        let path = self.path(origin, &format!("{kind}{}", name.get(..DIGITS).unwrap_or(&name)));
        self.write(&path, evidence)?;
        self.kept_now.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        Ok(path)
    }

    /// The file of a registry's newest checkpoint.
    pub(crate) fn file(&self, origin: &Origin) -> PathBuf {
        self.path(origin, "checkpoint")
    }

    fn unwritten(&self) -> MutexGuard<'_, BTreeMap<Origin, Vec<u8>>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, origin: &Origin, suffix: &str) -> PathBuf {
        self.folder.join(format!("{}.{suffix}", origin.to_file_name()))
    }

    fn create_folder(&self) -> Result<(), MemoryError> {
        fs::create_dir_all(&self.folder).map_err(MemoryError::new("create", &self.folder))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), MemoryError> {
        self.create_folder()?;
        // A name of this process's own: two programs that remember at once must not write into one file.
        let new = path.with_extension(format!("new-{}", std::process::id()));
        let write = || {
            let mut file = fs::File::create(&new)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&new, path)
        };
        write().map_err(MemoryError::new("write", path))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_is_remembered_is_found_again_and_another_registry_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(folder.path().join("deep/er"));
        let (a, b) = (Origin::parse("a.example").unwrap(), Origin::parse("a.example:8080").unwrap());
        assert!(memory.newest(&a).unwrap().is_none());
        assert!(memory.replace(&a, None, b"one").unwrap());
        assert!(memory.replace(&a, Some(b"one"), b"two").unwrap());
        assert!(!memory.replace(&a, Some(b"one"), b"three").unwrap(), "somebody else was faster");
        assert!(!memory.replace(&a, None, b"three").unwrap());
        assert_eq!(memory.newest(&a).unwrap().as_deref(), Some(&b"two"[..]));
        assert!(memory.newest(&b).unwrap().is_none());
        let evidence = memory.keep_evidence(&a, "two\n--\nthree\n").unwrap();
        assert_eq!(fs::read(&evidence).unwrap(), b"two\n--\nthree\n");
    }

    #[test]
    fn evidence_is_found_by_the_next_program_until_it_is_moved_away() {
        let folder = tempfile::tempdir().unwrap();
        let memory = || Memory::new(folder.path().join("deep"));
        let (a, b) = (Origin::parse("a.example").unwrap(), Origin::parse("a.example:8080").unwrap());
        let first = memory();
        assert!(first.kept_before(&a).unwrap().is_empty(), "no folder is no evidence");
        let mut files = vec![first.keep_evidence(&a, "one").unwrap(), first.keep_evidence(&a, "two").unwrap()];
        files.push(first.keep_snapshot_evidence(&a, b"head\n", &Hash::of(b"")).unwrap());
        files.sort();
        assert!(first.clone().kept_before(&a).unwrap().is_empty(), "whoever kept it has told of it");
        assert_eq!(memory().kept_before(&a).unwrap(), files);
        assert!(memory().kept_before(&b).unwrap().is_empty());
        fs::rename(&files[0], files[0].with_extension("dealt-with")).unwrap();
        assert_eq!(memory().kept_before(&a).unwrap(), files[1..]);
    }

    #[test]
    fn a_memory_that_cannot_be_read_is_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let origin = Origin::parse("a.example").unwrap();
        fs::create_dir(folder.path().join("a.example.checkpoint")).unwrap();
        assert!(Memory::new(folder.path()).newest(&origin).is_err());
    }

    #[test]
    fn what_cannot_be_written_is_remembered_until_the_program_ends() {
        static WARNINGS: AtomicUsize = AtomicUsize::new(0);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "no folder").unwrap();
        let origin = Origin::parse("a.example").unwrap();
        let memory = Memory::new(file.join("deep")).warning(|_| {
            WARNINGS.fetch_add(1, Ordering::Relaxed);
        });
        assert!(memory.newest(&origin).unwrap().is_none());
        assert!(memory.replace(&origin, None, b"one").unwrap());
        assert!(!memory.clone().replace(&origin, None, b"two").unwrap(), "a clone knows");
        assert!(memory.clone().replace(&origin, Some(b"one"), b"two").unwrap());
        assert_eq!(memory.newest(&origin).unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(WARNINGS.load(Ordering::Relaxed), 1);
    }
}
