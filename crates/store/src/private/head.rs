//! What private data must hold, kept in a file of its own: sled opens after damage with records missing, and says nothing.
//! README, "Private data".

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// One sector: a disk writes it whole or not at all.
pub(super) const SIZE: usize = 512;
const MAGIC: [u8; 8] = *b"ELRPRIV\x01";

/// How many writes were acknowledged, and what they left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Writes and removals, ever.
    pub(super) writes: u64,
    /// Records now.
    pub(super) records: u64,
    /// Sum of the records' checks, modulo 2^64: the same whatever order they were written in.
    pub(super) sum: u64,
}

impl Totals {
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.records += 1;
        self.sum = self.sum.wrapping_add(record_check(key, value));
    }

    pub(super) fn subtract(&mut self, key: &[u8], value: &[u8]) {
        self.records = self.records.saturating_sub(1);
        self.sum = self.sum.wrapping_sub(record_check(key, value));
    }

    pub(super) fn encode(self) -> [u8; 24] {
        let mut out = [0; 24];
        for (slot, number) in out.as_chunks_mut::<8>().0.iter_mut().zip([self.writes, self.records, self.sum]) {
            *slot = number.to_be_bytes();
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes.as_chunks::<8>() {
            ([writes, records, sum], []) => {
                let [writes, records, sum] = [*writes, *records, *sum].map(u64::from_be_bytes);
                Some(Self { writes, records, sum })
            }
            _ => None,
        }
    }
}

fn record_check(key: &[u8], value: &[u8]) -> u64 {
    let keyed = crc32c::crc32c_append(crc32c::crc32c(&(key.len() as u64).to_be_bytes()), key);
    u64::from(crc32c::crc32c_append(keyed, value)) + (1 << 32)
}

/// The head: which folder holds the records, and their totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) generation: u64,
    pub(super) totals: Totals,
}

impl Head {
    fn encode(self) -> [u8; SIZE] {
        let mut out = [0; SIZE];
        let (body, check) = out.split_at_mut(SIZE - 4);
        let fields = [&MAGIC[..], &self.generation.to_be_bytes(), &self.totals.encode()].concat();
        for (slot, byte) in body.iter_mut().zip(fields) {
            *slot = byte;
        }
        check.copy_from_slice(&crc32c::crc32c(body).to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, check) = bytes.split_last_chunk::<4>().filter(|_| bytes.len() == SIZE)?;
        let (magic, rest) = body.split_first_chunk::<8>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let good = crc32c::crc32c(body).to_be_bytes() == *check && *magic == MAGIC;
        let totals = Totals::decode(rest.get(..24)?)?;
        good.then(|| Self { generation: u64::from_be_bytes(*generation), totals })
    }

    /// Reads the head; `Ok(None)` where there is no file, [`io::ErrorKind::InvalidData`] for one that is not a head.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
            Ok(file) => file.take(SIZE as u64 + 1).read_to_end(&mut bytes)?,
        };
        Self::decode(&bytes).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Makes the first head, under another name first: a head is whole from the moment it has its own. The caller
    /// syncs the name.
    pub(super) fn create(path: &Path) -> io::Result<()> {
        let unfinished = path.with_extension("new");
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(&unfinished)?;
        Self::default().write(&file)?;
        file.sync_all()?;
        fs::rename(unfinished, path)
    }

    /// Opens the head's file for writing.
    pub(super) fn open(path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(path)
    }

    /// Writes the head over the one before; the caller syncs.
    pub(super) fn write(self, file: &File) -> io::Result<()> {
        file.write_all_at(&self.encode(), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_what_was_written_or_refused() {
        let head = Head { generation: 3, totals: Totals { writes: 9, records: 4, sum: 1 << 40 } };
        let bytes = head.encode();
        assert_eq!(bytes[..24], *b"ELRPRIV\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x09");
        assert_eq!(Head::decode(&bytes), Some(head));
        for bit in 0..SIZE * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::decode(&flipped), None, "bit {bit}");
        }
        assert_eq!(Head::decode(&bytes[..511]), None);
    }

    #[test]
    fn totals_tell_records_apart_and_not_their_order() {
        let records = [(&b"a"[..], &b"bc"[..]), (b"ab", b"c"), (b"", b"abc")];
        let sums: Vec<u64> = records.iter().map(|(key, value)| record_check(key, value)).collect();
        assert!(sums[0] != sums[1] && sums[1] != sums[2] && sums[0] != sums[2]);
        let (mut forth, mut back) = (Totals::default(), Totals::default());
        records.iter().for_each(|(key, value)| forth.add(key, value));
        records.iter().rev().for_each(|(key, value)| back.add(key, value));
        assert_eq!(forth, back);
        records.iter().for_each(|(key, value)| forth.subtract(key, value));
        assert_eq!(forth, Totals::default());
    }
}
