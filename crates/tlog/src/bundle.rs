//! Entry bundles: up to 256 consecutive entries as the log serves them (c2sp.org/tlog-tiles, "Log entries").
//!
//! ```text
//! ┌────────┬───────────────┬────────┬───────────────┬───
//! │ length │ entry         │ length │ entry         │ …   as many as the path says, nothing after the last
//! │ 2, BE  │ length bytes  │ 2, BE  │ length bytes  │
//! └────────┴───────────────┴────────┴───────────────┴───
//! ```

use alloc::vec::Vec;
use core::iter;

use primitives::Hash;
use thiserror::Error;

use crate::{TILE_WIDTH, leaf_hash};

/// The longest entry that a bundle's 16-bit length can carry.
pub const MAX_ENTRY_SIZE: usize = 65_535;

/// The entries of a bundle, borrowed from its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle<'a> {
    entries: Vec<&'a [u8]>,
}

/// Why bytes are not an entry bundle, or entries do not make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BundleError {
    /// A bundle holds 1 to 256 entries.
    #[error("entry bundle has {found} entries, expected 1 to 256")]
    Count {
        /// The number of entries.
        found: usize,
    },
    /// An entry's length does not fit its field.
    #[error("entry {entry} has {found} bytes, expected at most 65535")]
    EntryTooLong {
        /// Which entry of the bundle, from 0.
        entry: usize,
        /// Its length in bytes.
        found: usize,
    },
    /// The bytes end inside an entry or before it.
    #[error("entry bundle ends within entry {entry} of {expected}")]
    Truncated {
        /// Which entry of the bundle, from 0.
        entry: usize,
        /// The number of entries expected.
        expected: usize,
    },
    /// Something follows the last entry.
    #[error("entry bundle has {found} bytes after the last of {expected} entries, expected none")]
    TrailingBytes {
        /// The number of bytes left over.
        found: usize,
        /// The number of entries expected.
        expected: usize,
    },
}

impl BundleError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Count { .. } => "bundle_count",
            Self::EntryTooLong { .. } => "entry_too_long",
            Self::Truncated { .. } => "bundle_truncated",
            Self::TrailingBytes { .. } => "bundle_trailing_bytes",
        }
    }
}

impl<'a> Bundle<'a> {
    /// Writes a bundle.
    ///
    /// # Errors
    /// [`BundleError::Count`] or [`BundleError::EntryTooLong`].
    pub fn encode<E: AsRef<[u8]>>(entries: impl IntoIterator<Item = E>) -> Result<Vec<u8>, BundleError> {
        let mut bytes = Vec::new();
        let mut count = 0;
        for (number, entry) in entries.into_iter().enumerate() {
            let entry = entry.as_ref();
            let length = u16::try_from(entry.len());
            let length = length.map_err(|_| BundleError::EntryTooLong { entry: number, found: entry.len() })?;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(entry);
            count = number + 1;
        }
        if (1..=usize::from(TILE_WIDTH)).contains(&count) {
            Ok(bytes)
        } else {
            Err(BundleError::Count { found: count })
        }
    }

    /// Reads a bundle of exactly `width` entries.
    ///
    /// # Errors
    /// [`BundleError::Count`], [`BundleError::Truncated`] or [`BundleError::TrailingBytes`].
    pub fn decode(bytes: &'a [u8], width: u16) -> Result<Self, BundleError> {
        Self::read(bytes, width).collect::<Result<_, _>>().map(|entries| Self { entries })
    }

    /// The bytes of the first `width` entries: a partial bundle is the prefix of the wider one.
    ///
    /// # Errors
    /// [`BundleError::Count`] or [`BundleError::Truncated`].
    pub fn prefix(bytes: &'a [u8], width: u16) -> Result<&'a [u8], BundleError> {
        check(width)?;
        let (mut rest, expected) = (bytes, usize::from(width));
        for entry in 0..expected {
            (_, rest) = first(rest).ok_or(BundleError::Truncated { entry, expected })?;
        }
        Ok(bytes.get(..bytes.len() - rest.len()).unwrap_or_default())
    }

    /// The entries of a bundle, each read when it is asked for: whoever goes through all of them once spares a pass over its bytes.
    ///
    /// Items are what [`Bundle::decode`] finds, up to and with its error.
    pub fn read(bytes: &'a [u8], width: u16) -> impl Iterator<Item = Result<&'a [u8], BundleError>> {
        let (mut rest, mut read, expected) = (Some(bytes), 0, usize::from(width));
        iter::from_fn(move || {
            // Nothing follows an error, or the end.
            let bytes = rest.take()?;
            if let Err(error) = check(width) {
                return Some(Err(error));
            }
            if read == expected {
                let found = bytes.len();
                return (found > 0).then_some(Err(BundleError::TrailingBytes { found, expected }));
            }
            let Some((entry, after)) = first(bytes) else {
                return Some(Err(BundleError::Truncated { entry: read, expected }));
            };
            (rest, read) = (Some(after), read + 1);
            Some(Ok(entry))
        })
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[&'a [u8]] {
        &self.entries
    }

    /// The leaf hash of each entry: the tile of level 0 beside the bundle.
    pub fn leaf_hashes(&self) -> impl Iterator<Item = Hash> {
        self.entries.iter().map(|entry| leaf_hash(entry))
    }
}

fn check(width: u16) -> Result<(), BundleError> {
    if (1..=TILE_WIDTH).contains(&width) { Ok(()) } else { Err(BundleError::Count { found: width.into() }) }
}

/// The first entry of a bundle's bytes, and the bytes after it.
fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = bytes.split_first_chunk()?;
    after.split_at_checked(u16::from_be_bytes(*length).into())
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn entries_of_every_length_come_back() {
        let entries = [vec![], vec![7], vec![1; MAX_ENTRY_SIZE]];
        let bytes = Bundle::encode(&entries).unwrap();
        assert_eq!(bytes[..5], [0, 0, 0, 1, 7]);
        let bundle = Bundle::decode(&bytes, 3).unwrap();
        assert_eq!(bundle.entries(), &entries[..]);
        assert!(bundle.leaf_hashes().eq(entries.iter().map(|entry| leaf_hash(entry))));
    }

    #[test]
    fn a_bundle_holds_1_to_256_entries() {
        assert_eq!(Bundle::encode::<&[u8]>([]), Err(BundleError::Count { found: 0 }));
        assert_eq!(Bundle::encode(vec![b"x"; 257]), Err(BundleError::Count { found: 257 }));
        assert_eq!(Bundle::decode(&[], 0), Err(BundleError::Count { found: 0 }));
        assert_eq!(Bundle::decode(&[0; 600], 257), Err(BundleError::Count { found: 257 }));
        assert_eq!(Bundle::encode(vec![b"x"; 256]).map(|bytes| bytes.len()), Ok(768));
    }

    #[test]
    fn an_entry_longer_than_its_field_is_refused() {
        let found = MAX_ENTRY_SIZE + 1;
        assert_eq!(Bundle::encode([vec![], vec![0; found]]), Err(BundleError::EntryTooLong { entry: 1, found }));
    }

    #[test]
    fn the_count_is_exact_and_nothing_follows() {
        let bytes = Bundle::encode([b"ab", b"cd"]).unwrap();
        for cut in 0..bytes.len() {
            let entry = cut / 4;
            assert_eq!(Bundle::decode(&bytes[..cut], 2), Err(BundleError::Truncated { entry, expected: 2 }), "{cut}");
        }
        assert_eq!(Bundle::decode(&bytes, 3), Err(BundleError::Truncated { entry: 2, expected: 3 }));
        assert_eq!(Bundle::decode(&bytes, 1), Err(BundleError::TrailingBytes { found: 4, expected: 1 }));
    }

    #[test]
    fn a_partial_bundle_is_the_prefix_of_the_wider_one() {
        let wide = Bundle::encode([&b"a"[..], b"", b"ccc"]).unwrap();
        let narrow = Bundle::encode([&b"a"[..], b""]).unwrap();
        assert_eq!(Bundle::prefix(&wide, 2), Ok(&narrow[..]));
        assert_eq!(Bundle::prefix(&wide, 3), Ok(&wide[..]));
        assert_eq!(Bundle::prefix(&wide, 4), Err(BundleError::Truncated { entry: 3, expected: 4 }));
    }
}
