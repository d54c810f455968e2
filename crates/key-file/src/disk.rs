//! Key files on disk: read with a bound, created whole, private and never over another.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::KeyFileError;

/// The largest file that is read as a key, in bytes.
pub const MAX_KEY_FILE_BYTES: usize = 64 * 1024;

/// The file's bytes, at most [`MAX_KEY_FILE_BYTES`] of them.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    // With the whole capacity at hand the buffer never moves, and so leaves no copy of a plain key behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE_BYTES + 2));
    File::open(path)
        .and_then(|file| file.take(MAX_KEY_FILE_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|source| KeyFileError::Read { path: path.to_owned(), source })?;
    if bytes.len() > MAX_KEY_FILE_BYTES {
        return Err(KeyFileError::TooLarge { limit: MAX_KEY_FILE_BYTES });
    }
    Ok(bytes)
}

/// Creates the file with these bytes, readable by its owner alone.
///
/// 1. Write a file of a random name beside it, mode 0600 from its creation, and `fsync` it. After a crash: that file is
///    left over, encrypted like the real one.
/// 2. `check` reads that file back. What it refuses is removed, and never had the wanted name.
/// 3. Link it to the wanted name. This is one step for every reader, and fails where the name is taken, which a rename
///    would not. After a crash: both names are there.
/// 4. Remove the first name and `fsync` the folder.
///
/// Where the file system has no hard links (FAT), the wanted file is created directly, still never over another; a crash
/// can leave it short, which reading reports.
pub(crate) fn create(
    path: &Path,
    bytes: &[u8],
    check: impl Fn(&Path) -> Result<(), KeyFileError>,
) -> Result<(), KeyFileError> {
    let failed = |source: io::Error| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::AlreadyExists {
            KeyFileError::Exists { path }
        } else {
            KeyFileError::Write { path, source }
        }
    };
    // Asked first, so that the common mistake leaves no trace; the link below is what holds.
    if path.symlink_metadata().is_ok() {
        return Err(KeyFileError::Exists { path: path.to_owned() });
    }
    let beside = written_beside(path, bytes, &check)?;
    let linked = fs::hard_link(&beside, path);
    let removed = fs::remove_file(&beside);
    match linked {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
            write_new(path, bytes).map_err(failed)?;
            check(path).inspect_err(|_| drop(fs::remove_file(path)))?;
        }
        outcome => outcome.and(removed).map_err(failed)?,
    }
    sync_folder(path).map_err(failed)
}

/// Puts these bytes in place of a file's, in one step: a crash leaves the old file or the new one, whole. `check` reads the new one back
/// before the old one is gone.
pub(crate) fn replace(
    path: &Path,
    bytes: &[u8],
    check: impl Fn(&Path) -> Result<(), KeyFileError>,
) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Write { path: path.to_owned(), source };
    // Of a link, what it leads to: the link would be replaced, and the file with the old passphrase stay.
    let file = path.canonicalize().map_err(|source| KeyFileError::Read { path: path.to_owned(), source })?;
    let beside = written_beside(&file, bytes, &check)?;
    fs::rename(&beside, &file).inspect_err(|_| drop(fs::remove_file(&beside))).map_err(failed)?;
    sync_folder(&file).map_err(failed)
}

/// A file of a random name beside the wanted one, written, flushed and checked; what fails is removed again.
fn written_beside(
    path: &Path,
    bytes: &[u8],
    check: &impl Fn(&Path) -> Result<(), KeyFileError>,
) -> Result<PathBuf, KeyFileError> {
    let beside = beside(path)?;
    let written = write_new(&beside, bytes).map_err(|source| KeyFileError::Write { path: path.to_owned(), source });
    written.and_then(|()| check(&beside)).inspect_err(|_| drop(fs::remove_file(&beside)))?;
    Ok(beside)
}

fn beside(path: &Path) -> Result<PathBuf, KeyFileError> {
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(KeyFileError::Randomness)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}", u64::from_le_bytes(random)));
    Ok(path.with_file_name(name))
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_alone_and_private() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key.pem");
        create(&path, b"bytes", |_| Ok(())).expect("a new file");
        assert_eq!(fs::read(&path).expect("it is there"), b"bytes");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{mode:o}");
        }
    }

    #[test]
    fn nothing_is_ever_overwritten() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key.pem");
        fs::write(&path, b"older").expect("a file");
        assert_eq!(create(&path, b"newer", |_| Ok(())).expect_err("taken").code(), "key_file_exists");
        assert_eq!(fs::read(&path).expect("it is there"), b"older");
        #[cfg(unix)]
        {
            let dangling = folder.path().join("link.pem");
            std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).expect("a link");
            assert_eq!(create(&dangling, b"newer", |_| Ok(())).expect_err("taken").code(), "key_file_exists");
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
        }
    }

    #[test]
    fn what_cannot_be_read_back_is_never_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key.pem");
        let refused = |written: &Path| {
            assert_eq!(fs::read(written).expect("it is written"), b"newer");
            Err(KeyFileError::WrongPassphrase)
        };
        assert_eq!(create(&path, b"newer", refused).expect_err("refused").code(), "wrong_passphrase");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        fs::write(&path, b"older").expect("a file");
        assert_eq!(replace(&path, b"newer", refused).expect_err("refused").code(), "wrong_passphrase");
        assert_eq!(fs::read(&path).expect("it is there"), b"older");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_replaced_is_private_and_a_link_is_followed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, link) = (folder.path().join("key.pem"), folder.path().join("link.pem"));
        fs::write(&path, b"older").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        replace(&link, b"newer", |_| Ok(())).expect("replaced");
        assert_eq!(fs::read(&path).expect("it is there"), b"newer");
        assert!(link.symlink_metadata().expect("it is there").is_symlink());
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
        let none = folder.path().join("none.pem");
        assert_eq!(replace(&none, b"newer", |_| Ok(())).expect_err("no file").code(), "key_file_unreadable");
    }

    #[test]
    fn of_writers_at_once_one_wins_with_its_own_bytes() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key.pem");
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8u8)
                .map(|n| {
                    scope.spawn({
                        let path = &path;
                        move || create(path, &[n; 300], |_| Ok(())).map(|()| n)
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().expect("no panic")).collect()
        });
        let winners: Vec<u8> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok().copied()).collect();
        let [winner] = winners[..] else { panic!("one winner: {winners:?}") };
        assert_eq!(fs::read(&path).expect("it is there"), [winner; 300]);
        assert!(outcomes.iter().filter_map(|o| o.as_ref().err()).all(|error| error.code() == "key_file_exists"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_and_a_path_that_is_a_folder_are_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("none/key.pem");
        assert_eq!(create(&path, b"bytes", |_| Ok(())).expect_err("no folder").code(), "key_file_unwritable");
        assert_eq!(create(folder.path(), b"bytes", |_| Ok(())).expect_err("a folder").code(), "key_file_exists");
        assert_eq!(read(&path).expect_err("no file").code(), "key_file_unreadable");
        assert_eq!(read(folder.path()).expect_err("a folder").code(), "key_file_unreadable");
    }

    #[test]
    fn reading_stops_past_the_limit() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("key.pem");
        fs::write(&path, vec![b'x'; MAX_KEY_FILE_BYTES]).expect("a file");
        assert_eq!(read(&path).expect("just fits").len(), MAX_KEY_FILE_BYTES);
        fs::write(&path, vec![b'x'; MAX_KEY_FILE_BYTES + 1]).expect("a file");
        assert_eq!(read(&path).expect_err("one more").code(), "key_file_too_large");
        #[cfg(target_os = "linux")]
        assert_eq!(read(Path::new("/dev/zero")).expect_err("endless").code(), "key_file_too_large");
    }
}
