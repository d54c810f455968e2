//! Records that are longer than a value of the private data: kept in pieces.
//!
//! ```text
//! key ‖ 00  →  number of pieces (1) ‖ the first piece
//! key ‖ n   →  piece n
//! ```
//!
//! The first piece is written last, each is on the device when its write returns. *A crash in between leaves pieces without a first one:
//! no record, as if it had never been sent. They are given to whoever reads all, to be erased.* A record that is put in place of another
//! of the same length never mixes with it as long as the two differ in the first piece only.

use std::sync::Arc;

use anyhow::{Context, ensure};
use store::{Private, PrivateError};

/// Bytes of a piece: the private data take values of up to 16 KiB.
const PIECE: usize = 15 * 1024;

/// The records of one map. Keys are of one length and begin with random bytes or a digest.
pub(crate) struct Pieces<const KEY: usize> {
    private: Arc<Private>,
    map: &'static str,
}

/// The key of a piece that belongs to no record.
pub(crate) struct Orphan(Vec<u8>);

impl<const KEY: usize> Pieces<KEY> {
    pub(crate) const fn new(private: Arc<Private>, map: &'static str) -> Self {
        Self { private, map }
    }

    /// Keeps a record; on return it outlives the power.
    pub(crate) fn put(&self, key: &[u8; KEY], record: &[u8]) -> Result<(), PrivateError> {
        let pieces: Vec<(u8, &[u8])> = (0..).zip(record.chunks(PIECE)).collect();
        for (number, piece) in pieces.iter().rev() {
            match number {
                0 => self.private.put(self.map, at(key, 0), [&[count(record.len())], *piece].concat())?,
                _ => self.private.put(self.map, at(key, *number), piece)?,
            }
        }
        Ok(())
    }

    /// Puts a record of one piece in place of one of `length` bytes, whose other pieces go.
    pub(crate) fn shrink(&self, key: &[u8; KEY], record: &[u8], length: usize) -> Result<(), PrivateError> {
        self.put(key, record)?;
        (count(record.len())..count(length)).try_for_each(|number| self.private.delete(self.map, at(key, number)))
    }

    /// Erases a record of `length` bytes. The first piece goes first.
    pub(crate) fn erase(&self, key: &[u8; KEY], length: usize) -> Result<(), PrivateError> {
        (0..count(length)).try_for_each(|number| self.private.delete(self.map, at(key, number)))
    }

    /// The record of a key.
    pub(crate) fn get(&self, key: &[u8; KEY]) -> Result<Option<Vec<u8>>, PrivateError> {
        let Some(first) = self.private.get(self.map, at(key, 0))? else { return Ok(None) };
        let Some((pieces, first)) = first.split_first() else { return Ok(None) };
        let mut record = first.to_vec();
        for number in 1..*pieces {
            let Some(piece) = self.private.get(self.map, at(key, number))? else { return Ok(None) };
            record.extend_from_slice(&piece);
        }
        Ok(Some(record))
    }

    /// Hands every record to `each`, and gives the pieces that belong to none. Holds a small part of the map in memory at a time.
    pub(crate) fn read_all(
        &self,
        mut each: impl FnMut([u8; KEY], Vec<u8>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<Orphan>> {
        let mut orphans = Vec::new();
        for first_byte in 0..=u8::MAX {
            // Keys come in order, so the pieces of a record follow its first one.
            let mut open: Option<([u8; KEY], u8, Vec<u8>)> = None;
            let mut next = 0;
            for (place, value) in self.private.scan_prefix(self.map, &[first_byte], usize::MAX)? {
                let Some((key, [number])) = place.split_first_chunk::<KEY>() else { continue };
                match &mut open {
                    Some((of, pieces, record)) if of == key && number < pieces && *number == next => {
                        record.extend_from_slice(&value);
                        next += 1;
                    }
                    _ if *number == 0 => {
                        self.finish(open.take(), next, &mut each)?;
                        let (pieces, piece) = value.split_first().context("a record without its length")?;
                        (open, next) = (Some((*key, *pieces, piece.to_vec())), 1);
                    }
                    _ => orphans.push(Orphan(place.to_vec())),
                }
            }
            self.finish(open, next, &mut each)?;
        }
        Ok(orphans)
    }

    /// Erases pieces that belong to no record.
    pub(crate) fn sweep(&self, orphans: Vec<Orphan>) -> Result<(), PrivateError> {
        orphans.into_iter().try_for_each(|Orphan(place)| self.private.delete(self.map, place))
    }

    fn finish(
        &self,
        open: Option<([u8; KEY], u8, Vec<u8>)>,
        found: u8,
        each: &mut impl FnMut([u8; KEY], Vec<u8>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Some((key, pieces, record)) = open else { return Ok(()) };
        ensure!(found == pieces, "{}: the record {key:02x?} has {found} pieces of {pieces}", self.map);
        each(key, record)
    }
}

fn at<const KEY: usize>(key: &[u8; KEY], number: u8) -> Vec<u8> {
    [key.as_slice(), &[number]].concat()
}

/// How many pieces a record of so many bytes has: two tokens of 48 KiB are seven.
fn count(length: usize) -> u8 {
    u8::try_from(length.div_ceil(PIECE)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(folder: &std::path::Path) -> Pieces<4> {
        Pieces::new(Arc::new(Private::open(folder).unwrap()), "test")
    }

    fn all(pieces: &Pieces<4>) -> (Vec<([u8; 4], usize)>, usize) {
        let mut records = Vec::new();
        let orphans = pieces.read_all(|key, record| {
            records.push((key, record.len()));
            Ok(())
        });
        (records, orphans.unwrap().len())
    }

    #[test]
    fn records_of_any_length_are_read_back_shrunk_and_erased() {
        let folder = tempfile::tempdir().unwrap();
        let pieces = map(folder.path());
        let lengths = [1, PIECE - 1, PIECE, PIECE + 1, 7 * PIECE];
        let key = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
        for length in lengths {
            let record: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            pieces.put(&key(length), &record).unwrap();
            assert_eq!(pieces.get(&key(length)).unwrap(), Some(record));
        }
        let (records, orphans) = all(&pieces);
        assert_eq!(orphans, 0);
        assert!(records.len() == 5 && records.iter().all(|(of, length)| *of == key(*length)), "{records:?}");
        pieces.shrink(&key(7 * PIECE), b"x", 7 * PIECE).unwrap();
        pieces.erase(&key(PIECE + 1), PIECE + 1).unwrap();
        assert_eq!(pieces.get(&key(7 * PIECE)).unwrap(), Some(b"x".to_vec()));
        assert_eq!(pieces.get(&key(PIECE + 1)).unwrap(), None);
        assert_eq!((pieces.private.len(), all(&pieces).1), (4, 0));
    }

    #[test]
    fn what_a_crash_leaves_is_no_record_and_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let pieces = map(folder.path());
        pieces.put(b"abcd", &[7; 3 * PIECE]).unwrap();
        pieces.private.delete("test", at(b"abcd", 0)).unwrap();
        pieces.put(b"abce", &[7; 3 * PIECE]).unwrap();
        pieces.private.put("test", at(b"abce", 0), [1, 9]).unwrap();
        assert_eq!(pieces.get(b"abcd").unwrap(), None);
        assert_eq!(all(&pieces), (vec![(*b"abce", 1)], 4));
        let orphans = pieces.read_all(|_, _| Ok(())).unwrap();
        pieces.sweep(orphans).unwrap();
        assert_eq!(all(&pieces), (vec![(*b"abce", 1)], 0));
        pieces.put(b"abce", &[7; 3 * PIECE]).unwrap();
        pieces.private.delete("test", at(b"abce", 2)).unwrap();
        assert!(pieces.read_all(|_, _| Ok(())).is_err(), "a first piece promises the others");
    }
}
