//! The last signed checkpoint, in a file of its own outside the database's folder.
//!
//! It is what the journal is held against at opening, so it must not be lost with the views, and must be as new as the
//! world's knowledge: every batch writes it before its checkpoint is seen. A write goes to the system's memory, which
//! outlives the process and costs a microsecond; only [`SignedFile::sync`] waits for the device. So after a power cut an
//! older one may be found, which makes the check weaker and never wrong.
//!
//! ```text
//! two slots, written in turn:  size 8, BE │ root 32 │ first 8 bytes of their SHA-256
//! ```

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use primitives::Hash;

use crate::Floor;

const SLOT: usize = 48;
const CONTENT: usize = 40;

#[derive(Debug)]
pub(crate) struct SignedFile {
    file: File,
    /// Which slot is written next, modulo 2: never the one that holds the newest.
    turn: AtomicU64,
}

impl SignedFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let signed = Self { file, turn: AtomicU64::new(0) };
        let newest = signed.slots()?.into_iter().enumerate().max_by_key(|(_, slot)| slot.map(|floor| floor.size));
        signed.turn.store(newest.map_or(0, |(slot, _)| slot as u64 + 1), Ordering::Relaxed);
        Ok(signed)
    }

    /// The newest that is whole.
    pub(crate) fn read(&self) -> io::Result<Option<Floor>> {
        Ok(self.slots()?.into_iter().flatten().max_by_key(|floor| floor.size))
    }

    pub(crate) fn write(&self, floor: Floor) -> io::Result<()> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        self.file.write_all_at(&encode(floor), (turn % 2) * SLOT as u64)
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn slots(&self) -> io::Result<[Option<Floor>; 2]> {
        let mut slots = [None; 2];
        for (slot, at) in slots.iter_mut().zip([0, SLOT as u64]) {
            let mut bytes = [0; SLOT];
            match self.file.read_exact_at(&mut bytes, at) {
                Ok(()) => *slot = decode(&bytes),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
                Err(error) => return Err(error),
            }
        }
        Ok(slots)
    }
}

/// What was signed last, as the file says that [`crate::SledViews`] keeps; `None` where there is no file, or nothing whole in it.
/// Writes nothing.
///
/// # Errors
/// Where the file cannot be read.
pub fn last_signed(path: impl AsRef<Path>) -> io::Result<Option<Floor>> {
    match File::open(path) {
        Ok(file) => SignedFile { file, turn: AtomicU64::new(0) }.read(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn encode(floor: Floor) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    let (content, check) = bytes.split_at_mut(CONTENT);
    let (size, root) = content.split_at_mut(8);
    size.copy_from_slice(&floor.size.to_be_bytes());
    root.copy_from_slice(&floor.root.0);
    let digest = Hash::of(content).0;
    check.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
    bytes
}

fn decode(bytes: &[u8; SLOT]) -> Option<Floor> {
    let (size, rest) = bytes.split_first_chunk()?;
    let (root, _) = rest.split_first_chunk()?;
    let floor = Floor { size: u64::from_be_bytes(*size), root: Hash(*root) };
    (encode(floor) == *bytes).then_some(floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor(size: u64) -> Floor {
        Floor { size, root: Hash::of(&size.to_be_bytes()) }
    }

    #[test]
    fn the_newest_is_found_after_every_write_and_every_opening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed");
        assert_eq!(last_signed(&path).unwrap(), None);
        assert!(!path.exists(), "to ask makes no file");
        assert_eq!(SignedFile::open(&path).unwrap().read().unwrap(), None);
        assert_eq!(last_signed(&path).unwrap(), None);
        for size in 0..10 {
            let file = SignedFile::open(&path).unwrap();
            file.write(floor(2 * size)).unwrap();
            file.write(floor(2 * size + 1)).unwrap();
            file.sync().unwrap();
            assert_eq!(file.read().unwrap(), Some(floor(2 * size + 1)));
            assert_eq!(last_signed(&path).unwrap(), Some(floor(2 * size + 1)));
        }
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 2 * SLOT as u64);
    }

    #[test]
    fn a_torn_write_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed");
        let file = SignedFile::open(&path).unwrap();
        file.write(floor(4)).unwrap();
        file.write(floor(5)).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut torn = whole.clone();
            torn[at] ^= 0x10;
            std::fs::write(&path, &torn).unwrap();
            let left = if at < SLOT { 5 } else { 4 };
            let file = SignedFile::open(&path).unwrap();
            assert_eq!(file.read().unwrap(), Some(floor(left)), "byte {at}");
            file.write(floor(6)).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            let slots = bytes.as_chunks::<SLOT>().0;
            assert_eq!(decode(&slots[usize::from(at < SLOT)]), Some(floor(left)), "what is whole is not written over");
        }
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let left = if cut < SLOT { None } else { Some(floor(4)) };
            assert_eq!(SignedFile::open(&path).unwrap().read().unwrap(), left, "cut at {cut}");
        }
    }
}
