//! One batch of log entries and the tree that stands after it: what one journal append makes durable.
//!
//! The bytes are specified in the crate's README, "A record". This file knows nothing of files, frames or disks: the
//! same bytes are one object of an object store. What an entry says, and whether the root is right, is the sequencer's
//! to judge.

use bytes::Bytes;

/// Most bytes that [`Record::encode`] may give: what a reader must be ready to hold in memory.
pub const MAX_RECORD_BYTES: usize = 64 << 20;

const MAGIC: [u8; 4] = *b"ELR\x01";
const FIXED: usize = 4 + 4 + 8 + 8 + 32;

/// One batch: its entries in log order, and the size and root of the tree after them.
///
/// ```
/// use store::{Record, Bytes};
/// let record = Record { first_index: 7, entries: vec![Bytes::from_static(b"entry")], tree_size: 8, root: [0xaa; 32] };
/// let bytes = record.encode()?;
/// assert_eq!(Record::decode(bytes.into())?, record);
/// # Ok::<(), store::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Log index of the first entry: the tree's size before this record.
    pub first_index: u64,
    /// The entries, at least one, in log order.
    pub entries: Vec<Bytes>,
    /// Size of the tree after the last entry: `first_index` + number of entries.
    pub tree_size: u64,
    /// Root hash of the tree of that size.
    pub root: [u8; 32],
}

/// Why bytes are not a record, or a value cannot become one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A record without entries would be an append that says nothing.
    #[error("the record holds no entry, expected at least one")]
    Empty,
    /// The sizes before and after do not differ by the number of entries.
    #[error("tree size is {tree_size}, expected {first_index} + {entries} entries")]
    SizeMismatch {
        /// Size stated after the record.
        tree_size: u64,
        /// Size stated before the record.
        first_index: u64,
        /// Entries held.
        entries: u64,
    },
    /// More bytes than a reader is ready to hold.
    #[error("the record takes {bytes} bytes, expected at most {MAX_RECORD_BYTES}")]
    TooLarge {
        /// Bytes that the record takes.
        bytes: u64,
    },
    /// The first four bytes are of no version that this program knows.
    #[error("record version is {found:02x?}, expected {MAGIC:02x?}")]
    UnknownVersion {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// The bytes end before what their own lengths announce, or go on after it.
    #[error("the record has {found} bytes, its own lengths say {expected}")]
    Length {
        /// Bytes given.
        found: u64,
        /// Bytes announced.
        expected: u64,
    },
}

impl RecordError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "record_empty",
            Self::SizeMismatch { .. } => "record_size_mismatch",
            Self::TooLarge { .. } => "record_too_large",
            Self::UnknownVersion { .. } => "record_unknown_version",
            Self::Length { .. } => "record_length",
        }
    }
}

impl Record {
    /// Checks what holds of every record, whatever its entries say.
    ///
    /// # Errors
    /// [`RecordError::Empty`], [`RecordError::SizeMismatch`], [`RecordError::TooLarge`].
    pub fn check(&self) -> Result<(), RecordError> {
        if self.entries.is_empty() {
            return Err(RecordError::Empty);
        }
        let entries = self.entries.len() as u64;
        if self.first_index.checked_add(entries) != Some(self.tree_size) {
            return Err(RecordError::SizeMismatch {
                tree_size: self.tree_size,
                first_index: self.first_index,
                entries,
            });
        }
        let bytes = self.encoded_len();
        if bytes > MAX_RECORD_BYTES as u64 {
            return Err(RecordError::TooLarge { bytes });
        }
        Ok(())
    }

    /// Number of bytes that [`Record::encode`] gives, so that whoever gathers a batch can stay under [`MAX_RECORD_BYTES`].
    #[must_use]
    pub fn encoded_len(&self) -> u64 {
        let entries: u64 = self.entries.iter().map(|entry| 4 + entry.len() as u64).sum();
        FIXED as u64 + entries
    }

    /// The record's bytes, version 1.
    ///
    /// # Errors
    /// As [`Record::check`].
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        self.check()?;
        let mut out = Vec::with_capacity(usize::try_from(self.encoded_len()).unwrap_or(MAX_RECORD_BYTES));
        out.extend_from_slice(&MAGIC);
        // Both fit: `check` bounds the whole record, and each entry takes at least four bytes of it.
        out.extend_from_slice(&u32::try_from(self.entries.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(&self.first_index.to_be_bytes());
        out.extend_from_slice(&self.tree_size.to_be_bytes());
        out.extend_from_slice(&self.root);
        for entry in &self.entries {
            out.extend_from_slice(&u32::try_from(entry.len()).unwrap_or(u32::MAX).to_be_bytes());
        }
        for entry in &self.entries {
            out.extend_from_slice(entry);
        }
        Ok(out)
    }

    /// Reads a record's bytes; the entries share them without a copy.
    ///
    /// # Errors
    /// Any [`RecordError`]: the form is exact, so what decodes encodes to the same bytes.
    pub fn decode(bytes: Bytes) -> Result<Self, RecordError> {
        let found = bytes.len() as u64;
        let short = |expected: u64| RecordError::Length { found, expected };
        if found > MAX_RECORD_BYTES as u64 {
            return Err(RecordError::TooLarge { bytes: found });
        }
        let Some((magic, rest)) = bytes.split_first_chunk::<4>() else { return Err(short(FIXED as u64)) };
        if *magic != MAGIC {
            return Err(RecordError::UnknownVersion { found: *magic });
        }
        let fixed = || short(FIXED as u64);
        let (count, rest) = rest.split_first_chunk::<4>().ok_or_else(fixed)?;
        let (first_index, rest) = rest.split_first_chunk::<8>().ok_or_else(fixed)?;
        let (tree_size, rest) = rest.split_first_chunk::<8>().ok_or_else(fixed)?;
        let (root, rest) = rest.split_first_chunk::<32>().ok_or_else(fixed)?;
        let count = u32::from_be_bytes(*count) as usize;
        let table = rest.get(..count.saturating_mul(4)).ok_or_else(|| short((FIXED as u64) + 4 * count as u64))?;
        let mut at = FIXED + table.len();
        let (lengths, _) = table.as_chunks::<4>();
        let total = lengths.iter().fold(at as u64, |sum, length| sum + u64::from(u32::from_be_bytes(*length)));
        if total != found {
            return Err(short(total));
        }
        let mut entries = Vec::with_capacity(count);
        for length in lengths {
            let end = at + u32::from_be_bytes(*length) as usize;
            entries.push(bytes.slice(at..end)); // In bounds: the lengths add up to what is there.
            at = end;
        }
        let record = Self {
            first_index: u64::from_be_bytes(*first_index),
            entries,
            tree_size: u64::from_be_bytes(*tree_size),
            root: *root,
        };
        record.check()?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record() -> Record {
        Record {
            first_index: 5,
            entries: vec![Bytes::from_static(b"one"), Bytes::new(), Bytes::from_static(b"three")],
            tree_size: 8,
            root: [7; 32],
        }
    }

    #[test]
    fn golden_bytes_of_version_one() {
        let mut expected = b"ELR\x01\0\0\0\x03\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x08".to_vec();
        expected.extend_from_slice(&[7; 32]);
        expected.extend_from_slice(b"\0\0\0\x03\0\0\0\0\0\0\0\x05onethree");
        assert_eq!(record().encode().unwrap(), expected);
    }

    #[test]
    fn each_cut_and_each_extension_is_refused_with_its_reason() {
        let whole = record().encode().unwrap();
        for end in 0..whole.len() {
            let reason = Record::decode(Bytes::copy_from_slice(&whole[..end])).unwrap_err().code();
            assert_eq!(reason, "record_length", "cut at {end}");
        }
        let mut long = whole;
        long.push(0);
        assert_eq!(Record::decode(long.into()).unwrap_err().code(), "record_length");
    }

    #[test]
    fn values_that_cannot_be_a_record_are_refused_with_their_reason() {
        let empty = Record { entries: vec![], tree_size: 5, ..record() };
        assert_eq!(empty.encode(), Err(RecordError::Empty));
        let off = Record { tree_size: 9, ..record() };
        assert_eq!(off.encode(), Err(RecordError::SizeMismatch { tree_size: 9, first_index: 5, entries: 3 }));
        let overflow = Record { first_index: u64::MAX, tree_size: 2, ..record() };
        assert_eq!(overflow.encode().unwrap_err().code(), "record_size_mismatch");
        let half = Bytes::from(vec![0; MAX_RECORD_BYTES / 2]);
        let large = Record { first_index: 0, entries: vec![half.clone(), half], tree_size: 2, root: [0; 32] };
        assert_eq!(large.encode(), Err(RecordError::TooLarge { bytes: large.encoded_len() }));
        let mut other = record().encode().unwrap();
        other[3] = 2;
        assert_eq!(Record::decode(other.into()), Err(RecordError::UnknownVersion { found: *b"ELR\x02" }));
    }

    #[test]
    fn a_count_that_the_bytes_cannot_hold_allocates_nothing() {
        let mut hostile = record().encode().unwrap();
        hostile[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(Record::decode(hostile.into()).unwrap_err().code(), "record_length");
    }

    proptest! {
        #[test]
        fn round_trip(first_index in 0..u64::MAX - 100, entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..20)) {
            let entries: Vec<Bytes> = entries.into_iter().map(Bytes::from).collect();
            let record = Record { first_index, tree_size: first_index + entries.len() as u64, entries, root: [3; 32] };
            let bytes = record.encode().unwrap();
            prop_assert_eq!(bytes.len() as u64, record.encoded_len());
            prop_assert_eq!(Record::decode(bytes.into()).unwrap(), record);
        }

        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), flip in any::<prop::sample::Index>()) {
            let _ = Record::decode(bytes.into());
            let mut near = record().encode().unwrap();
            let at = flip.index(near.len());
            near[at] ^= 1;
            if let Ok(decoded) = Record::decode(near.clone().into()) {
                prop_assert_eq!(decoded.encode().unwrap(), near);
            }
        }
    }
}
