//! Files that are written: whole or not at all, and never over another one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::failure::Failure;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system's defaults let.
    Anyone,
    /// The owner alone (0600).
    Owner,
}

/// Writes a new file and flushes it to the disk; what cannot be written whole is taken away again.
pub(crate) fn create(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(path).map_err(|error| {
        let name = path.display();
        if error.kind() == ErrorKind::AlreadyExists {
            Failure::input(format!("{name} is there already, and is not overwritten"))
        } else {
            Failure::refused(format!("cannot write {name}: {error}"))
        }
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        // That the rest cannot be removed either is no news.
        let _ = fs::remove_file(path);
        Failure::refused(format!("cannot write {}: {error}", path.display()))
    })
}

/// Makes a folder, with those above it.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path)
        .map_err(|error| Failure::input(format!("cannot make the folder {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_secrets_are_the_owners() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.salt");
        create(&path, b"one", Readers::Owner).unwrap();
        assert!(create(&path, b"two", Readers::Owner).unwrap_err().text().contains("not overwritten"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
