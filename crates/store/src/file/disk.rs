//! What the file journal needs of a file system: a folder of named files, and two kinds of sync.
//!
//! A seam for tests: `sim` puts a disk with a volatile cache behind it, and fails every write in turn. The contract is
//! POSIX's: writes and names are volatile until synced, and what is not synced reaches the device in any order, by sectors.

use std::io;
use std::path::PathBuf;

/// A folder that belongs to one journal.
pub trait Disk: Send + Sync + 'static {
    /// An open file of the folder.
    type File: DiskFile;

    /// Names of the files in the folder, in any order.
    ///
    /// # Errors
    /// What the system says.
    fn names(&self) -> io::Result<Vec<String>>;

    /// Creates an empty file; the name must be free. The name is volatile until [`Disk::sync_names`].
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::AlreadyExists`] for a taken name.
    fn create(&self, name: &str) -> io::Result<Self::File>;

    /// Opens a file for reading and writing.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::NotFound`] if there is none.
    fn open(&self, name: &str) -> io::Result<Self::File>;

    /// Gives a file another name; the new name must be free. Volatile until [`Disk::sync_names`].
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::AlreadyExists`] for a taken name.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file. Volatile until [`Disk::sync_names`].
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes all names durable: created, renamed, removed.
    ///
    /// # Errors
    /// What the system says; what is durable is then unknown.
    fn sync_names(&self) -> io::Result<()>;

    /// The file's path, for messages.
    fn path(&self, name: &str) -> PathBuf;
}

/// An open file.
pub trait DiskFile: Send + Sync + 'static {
    /// Length in bytes.
    ///
    /// # Errors
    /// What the system says.
    fn size(&self) -> io::Result<u64>;

    /// Fills `buffer` from `at` on, less only where the file ends; returns how much.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;

    /// Writes all of `bytes` from `at` on; volatile until synced.
    ///
    /// # Errors
    /// What the system says; part of the bytes may be written.
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;

    /// Makes the file `size` bytes long, new bytes reading as zero, and keeps room for them on the device.
    ///
    /// # Errors
    /// What the system says, above all that there is no room.
    fn reserve(&self, size: u64) -> io::Result<()>;

    /// Cuts the file to `size` bytes.
    ///
    /// # Errors
    /// What the system says.
    fn truncate(&self, size: u64) -> io::Result<()>;

    /// Makes the contents written so far durable. The length too, where it grew: contents that cannot be reached are not
    /// durable.
    ///
    /// # Errors
    /// What the system says; what is durable is then unknown, and a later success says nothing of what was lost.
    fn sync_data(&self) -> io::Result<()>;

    /// Makes contents, length and room durable.
    ///
    /// # Errors
    /// As [`DiskFile::sync_data`].
    fn sync_all(&self) -> io::Result<()>;
}
