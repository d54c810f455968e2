//! A [`Disk`] that is a real folder, held by this process alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FallocateFlags, RenameFlags};
use rustix::io::Errno;

use super::{Disk, DiskFile, OpenError};
use crate::lock::{self, LockError};

/// A folder of the file system, locked for as long as this value lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    names: File,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is not there, and takes its lock.
    ///
    /// # Errors
    /// [`OpenError::Locked`] if another process, or another value in this one, holds the lock.
    pub fn lock(path: &Path) -> Result<Self, OpenError> {
        let lock = lock::take(path).map_err(|error| match error {
            LockError::Held { file } => OpenError::Locked { file },
            LockError::Io { file, source } => OpenError::Io { file, source },
        })?;
        let names = File::open(path).map_err(|source| OpenError::Io { file: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), names, _lock: lock })
    }
}

impl Disk for Folder {
    type File = File;

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            // A name that is no UTF-8 is none of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path(name))
    }

    fn open(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(self.path(name))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.path(from), self.path(to));
        match rustix::fs::renameat_with(CWD, &from, CWD, &to, RenameFlags::NOREPLACE) {
            // Some file systems know no NOREPLACE; the lock then is what keeps a second writer out.
            Err(Errno::INVAL | Errno::NOSYS) if !to.exists() => fs::rename(from, to),
            other => other.map_err(io::Error::from),
        }
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    fn sync_names(&self) -> io::Result<()> {
        self.names.sync_all()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl DiskFile for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, mut buffer: &mut [u8], mut at: u64) -> io::Result<usize> {
        let mut done = 0;
        while !buffer.is_empty() {
            match FileExt::read_at(self, buffer, at) {
                Ok(0) => break,
                Ok(read) => {
                    done += read;
                    at += read as u64;
                    buffer = buffer.split_at_mut(read).1;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.write_all_at(bytes, at)
    }

    fn reserve(&self, size: u64) -> io::Result<()> {
        match rustix::fs::fallocate(self, FallocateFlags::empty(), 0, size) {
            Ok(()) => Ok(()),
            // A file system without it grows sparse; lack of room then shows at an append, which poisons the journal.
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => self.set_len(size),
            Err(error) => Err(error.into()),
        }
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.set_len(size)
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }

    fn sync_all(&self) -> io::Result<()> {
        File::sync_all(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileJournal;

    #[test]
    fn a_taken_name_is_never_replaced() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::lock(path.path()).unwrap();
        DiskFile::write_at(&folder.create("a").unwrap(), b"first", 0).unwrap();
        assert_eq!(folder.create("a").unwrap_err().kind(), ErrorKind::AlreadyExists);
        folder.create("b").unwrap();
        assert_eq!(folder.rename("b", "a").unwrap_err().kind(), ErrorKind::AlreadyExists);
        folder.rename("b", "c").unwrap();
        assert_eq!(fs::read(folder.path("a")).unwrap(), b"first");
        assert_eq!(folder.open("b").unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn reserved_room_reads_as_zeros_and_reading_stops_at_the_end() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::lock(path.path()).unwrap();
        let file = folder.create("a").unwrap();
        file.reserve(1000).unwrap();
        DiskFile::write_at(&file, b"xyz", 998).unwrap();
        assert_eq!(file.size().unwrap(), 1001);
        let mut buffer = [9; 8];
        assert_eq!(DiskFile::read_at(&file, &mut buffer, 996).unwrap(), 5);
        assert_eq!(buffer, *b"\0\0xyz\x09\x09\x09");
        file.truncate(10).unwrap();
        assert_eq!(file.size().unwrap(), 10);
    }

    #[test]
    fn a_journal_has_one_writer() {
        let path = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(path.path()).unwrap();
        let refused = FileJournal::open(path.path()).unwrap_err();
        assert_eq!(refused.code(), "journal_locked");
        assert!(refused.to_string().ends_with("lock is locked: another process writes this journal"), "{refused}");
        drop(journal);
        FileJournal::open(path.path()).unwrap();
    }

    #[test]
    fn a_journal_is_begun_by_its_first_append_and_looking_makes_nothing() {
        let path = tempfile::tempdir().unwrap();
        let folder = path.path().join("journal");
        assert_eq!(FileJournal::is_begun(&folder).unwrap(), None);
        assert!(!folder.exists());
        fs::create_dir(&folder).unwrap();
        assert_eq!(FileJournal::is_begun(&folder).unwrap(), Some(false));
        assert!(fs::read_dir(&folder).unwrap().next().is_none());
        let journal = FileJournal::open(&folder).unwrap();
        assert_eq!(FileJournal::is_begun(&folder).unwrap(), Some(false));
        let record = crate::Record {
            first_index: 0,
            entries: vec![crate::Bytes::from_static(b"a")],
            tree_size: 1,
            root: [0; 32],
        };
        let append = crate::Journal::append(&journal, 0, &record);
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(append).unwrap();
        assert_eq!(FileJournal::is_begun(&folder).unwrap(), Some(true));
        fs::write(path.path().join("file"), b"").unwrap();
        FileJournal::is_begun(path.path().join("file")).unwrap_err();
    }
}
