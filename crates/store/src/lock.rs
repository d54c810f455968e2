//! One process at a time: a lock file whose lock the kernel lets go of when its holder ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the lock file in the folder that it guards.
pub(crate) const NAME: &str = "lock";

/// Why a lock was not taken.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another process, or another value in this one, holds it.
    Held {
        /// The lock file.
        file: PathBuf,
    },
    /// The device failed.
    Io {
        /// File or folder.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// How often a lock that is held is asked for again, and after which pause: a program started by this one holds a copy of every
/// open file between `fork` and `exec`, and so for a moment a lock that was just let go.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// Makes the folder if it is not there, and takes its lock for as long as the file stays open. Waits up to a second for it.
pub(crate) fn take(folder: &Path) -> Result<File, LockError> {
    make_durable_folder(folder).map_err(|source| LockError::Io { file: folder.to_owned(), source })?;
    let file = folder.join(NAME);
    match OpenOptions::new().create(true).truncate(false).write(true).open(&file) {
        Err(source) => Err(LockError::Io { file, source }),
        Ok(lock) => match patiently(&lock) {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(LockError::Held { file }),
            Err(TryLockError::Error(source)) => Err(LockError::Io { file, source }),
        },
    }
}

/// Takes the lock of a folder, which is made if it is not there, for whoever keeps something else than a journal in it: for as long as the
/// file stays open. Waits up to a second for it.
///
/// # Errors
/// `WouldBlock` where another process, or another value in this one, holds it; the device's.
pub fn lock_folder(folder: impl AsRef<Path>) -> io::Result<File> {
    take(folder.as_ref()).map_err(|error| match error {
        LockError::Held { file } => {
            io::Error::new(ErrorKind::WouldBlock, format!("{} is held by another process", file.display()))
        }
        LockError::Io { file, source } => io::Error::new(source.kind(), format!("{}: {source}", file.display())),
    })
}

fn patiently(lock: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            taken => return taken,
        }
    }
    lock.try_lock()
}

/// Creates a folder and those above it, each new name synced in the folder that holds it.
fn make_durable_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    make_durable_folder(parent)?;
    match fs::create_dir(path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    File::open(parent)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_and_their_lock_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        let lock = take(&deep).unwrap();
        assert!(matches!(take(&deep), Err(LockError::Held { file }) if file == deep.join(NAME)));
        drop(lock);
        take(&deep).unwrap();
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_an_error_of_the_device() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"").unwrap();
        assert!(matches!(take(&path.join("under")), Err(LockError::Io { .. })));
    }
}
