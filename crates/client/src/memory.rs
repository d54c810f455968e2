//! The newest checkpoint of each registry that this device has seen.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use primitives::Hash;
use statement::Origin;
use thiserror::Error;

/// A folder with one checkpoint a registry; see the crate's documentation for the format.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
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
        Self { folder: folder.into() }
    }

    /// The newest checkpoint seen, as it was received; `None` for a registry not met before.
    ///
    /// # Errors
    /// [`MemoryError`]: a memory that cannot be read is not an empty one.
    pub fn newest(&self, origin: &Origin) -> Result<Option<Vec<u8>>, MemoryError> {
        let path = self.path(origin, "checkpoint");
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(MemoryError::new("read", &path)(error)),
        }
    }

    /// Replaces the newest checkpoint if it still is `old`, else gives `false`: another program has seen a newer one. All or
    /// nothing.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn replace(&self, origin: &Origin, old: Option<&[u8]>, new: &[u8]) -> Result<bool, MemoryError> {
        self.create_folder()?;
        let path = self.path(origin, "lock");
        let lock = fs::File::create(&path).map_err(MemoryError::new("create", &path))?;
        // Given back when the file is closed.
        lock.lock().map_err(MemoryError::new("lock", &path))?;
        if self.newest(origin)?.as_deref() != old {
            return Ok(false);
        }
        self.write(&self.path(origin, "checkpoint"), new)?;
        Ok(true)
    }

    /// Keeps two checkpoints that cannot both be true; gives the file's path.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn keep_evidence(&self, origin: &Origin, older: &[u8], newer: &[u8]) -> Result<PathBuf, MemoryError> {
        let evidence = [older, b"--\n", newer].concat();
        let name = Hash::of(&evidence).to_string();
        let path = self.path(origin, &format!("evidence-{}", name.get(..16).unwrap_or(&name)));
        self.write(&path, &evidence)?;
        Ok(path)
    }

    fn path(&self, origin: &Origin, suffix: &str) -> PathBuf {
        self.folder.join(format!("{}.{suffix}", origin.as_str().replace(':', "_")))
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
        let evidence = memory.keep_evidence(&a, b"two", b"three").unwrap();
        assert_eq!(fs::read(evidence).unwrap(), b"two--\nthree");
    }

    #[test]
    fn a_memory_that_cannot_be_read_is_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let origin = Origin::parse("a.example").unwrap();
        fs::create_dir(folder.path().join("a.example.checkpoint")).unwrap();
        assert!(Memory::new(folder.path()).newest(&origin).is_err());
    }
}
