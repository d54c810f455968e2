//! Files that are written: whole or not at all, and never over another one.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::failure::Failure;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system's defaults let.
    Anyone,
    /// The owner alone (0600).
    Owner,
}

/// Writes a new file and flushes it to the disk. It appears whole, under a name of its own until then: what a crash leaves of it is
/// never taken for it.
pub(crate) fn create(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    let name = path.display();
    let exists = || Failure::input(format!("{name} is there already, and is not overwritten"));
    let failed = |error: io::Error| Failure::refused(format!("cannot write {name}: {error}"));
    if path.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let unfinished = unfinished(path).map_err(failed)?;
    let placed = write(&unfinished, bytes, readers).and_then(|()| place(&unfinished, path));
    // That the rest cannot be removed either is no news.
    let _ = fs::remove_file(&unfinished);
    placed.map_err(|error| if error.kind() == ErrorKind::AlreadyExists { exists() } else { failed(error) })
}

/// Writes a file in one step over the one that is there, if any; makes its folder.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    path.parent().map_or(Ok(()), folder)?;
    let failed = |error: io::Error| Failure::refused(format!("cannot write {}: {error}", path.display()));
    let unfinished = unfinished(path).map_err(failed)?;
    let placed = write(&unfinished, bytes, Readers::Owner).and_then(|()| fs::rename(&unfinished, path));
    placed.map_err(|error| {
        // That the rest cannot be removed either is no news.
        let _ = fs::remove_file(&unfinished);
        failed(error)
    })
}

fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a file its name, if nobody has it. Where there are no hard links (FAT), another program could take it in between.
fn place(unfinished: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(unfinished, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            if path.symlink_metadata().is_ok() {
                return Err(ErrorKind::AlreadyExists.into());
            }
            fs::rename(unfinished, path)
        }
        linked => linked,
    }
}

/// `.<name>.<process>-<number>.unfinished`, beside it: threads write at once.
fn unfinished(path: &Path) -> io::Result<PathBuf> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "path names no file"))?;
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{}-{}.unfinished", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    Ok(path.with_file_name(unfinished))
}

/// Reads a file of at most `limit` bytes. It is never empty.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    read_within(path, limit, limit)
}

/// Reads at most `most` bytes of a file that is to have `limit`.
fn read_within(path: &Path, most: usize, limit: usize) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let cannot = |error| Failure::input(format!("cannot read {name}: {error}"));
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file of that size from a larger one.
    let take = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path).and_then(|file| file.take(take).read_to_end(&mut bytes)).map_err(cannot)?;
    match bytes.len() {
        0 => Err(Failure::input(format!("{name} is empty"))),
        length if length > most => Err(Failure::input(format!("{name} is too large: it has more than {limit} bytes"))),
        _ => Ok(bytes),
    }
}

/// Reads a text of at most `limit` bytes; the ends of lines after it are not part of it.
pub(crate) fn read_text(path: &Path, limit: usize) -> Result<String, Failure> {
    let bytes = read_within(path, limit.saturating_add(2), limit)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::input(format!("cannot read {}: it is no text: {error}", path.display())))?;
    Ok(text.trim_end().to_owned())
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
    fn what_is_read_has_a_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jws");
        for (bytes, why) in [(&b""[..], "is empty"), (b"12345678", "more than 5 bytes"), (b"\xff", "no text")] {
            fs::write(&path, bytes).unwrap();
            assert!(read_text(&path, 5).unwrap_err().text().contains(why), "{why}");
        }
        fs::write(&path, b"12345\r\n").unwrap();
        assert_eq!(read_text(&path, 5).unwrap(), "12345");
        assert!(read(folder.path(), 5).unwrap_err().text().contains("cannot read"), "a folder");
        // It has no end.
        assert!(read(Path::new("/dev/zero"), 5).unwrap_err().text().contains("more than 5 bytes"));
    }

    #[test]
    fn nothing_is_overwritten_and_secrets_are_the_owners() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.salt");
        create(&path, b"one", Readers::Owner).unwrap();
        assert!(create(&path, b"two", Readers::Owner).unwrap_err().text().contains("not overwritten"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
        assert!(
            create(&folder.path().join("missing/b"), b"", Readers::Anyone).unwrap_err().text().contains("cannot write")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
