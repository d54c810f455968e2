//! Status root: the one kind of entry that the registry writes itself. It binds the status of everything into the log.
//!
//! A bundle of entries proves what it holds and not what it leaves out: a withdrawal, say, that is kept from one customer. Under a
//! status root it proves that too, since the tree's leaf of an attestation says which entries have changed its status.

use primitives::{Hash, Timestamp};

use crate::state::fits;

/// Longest time, in milliseconds, from a status root to an entry that has no other root between: 5 minutes. What a registry can keep
/// from one customer, and not from all, is as young as this and the tolerance of two clocks.
pub const STATUS_ROOT_EVERY_MILLIS: u64 = 5 * 60 * 1000;

/// A log entry of the registry's own: the root of the status tree over all entries before it.
///
/// ```text
/// 01 mm mm mm mm mm mm mm | 32 bytes
/// │  │                      └ root of the status tree as large as the entry's own index: see State::status_leaf
/// │  └ received-at: milliseconds since 1970, big-endian
/// └ format: not a statement
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusRoot {
    /// When the registry wrote it, by its own clock; not before any earlier entry.
    pub received_at: Timestamp,
    /// Root of the status tree.
    pub root: Hash,
}

impl StatusRoot {
    /// Bytes of the entry.
    pub const SIZE: usize = 40;
    const FORMAT: u8 = 1;

    /// The entry's bytes.
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let mut header = self.received_at.millis().to_be_bytes();
        header[0] = Self::FORMAT;
        let mut out = [0; Self::SIZE];
        let (front, back) = out.split_at_mut(header.len());
        front.copy_from_slice(&header);
        back.copy_from_slice(self.root.as_bytes());
        out
    }

    /// Reads an entry's bytes; `None` where they are of another format or length, or of a time past 2106, which no entry may have.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (header, root) = bytes.split_first_chunk::<8>()?;
        let [Self::FORMAT, rest @ ..] = *header else { return None };
        let root = Hash(root.try_into().ok()?);
        let millis = rest.iter().fold(0, |millis, byte| millis << 8 | u64::from(*byte));
        let received_at = Timestamp::from_millis(millis);
        fits(received_at).then_some(Self { received_at, root })
    }
}

/// When an entry was received, be it a statement or the registry's own; `None` where it is of another format, or of a time past 2106.
pub fn received_at(entry: &[u8]) -> Option<Timestamp> {
    let statement = statement::Entry::decode(entry).ok().map(|entry| entry.received_at).filter(|time| fits(*time));
    statement.or_else(|| StatusRoot::decode(entry).map(|root| root.received_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_root_is_forty_bytes_and_reads_back() {
        let entry = StatusRoot { received_at: Timestamp::from_millis(0x0102_0304_0506), root: Hash::of(b"x") };
        let bytes = entry.encode();
        assert_eq!(bytes[..8], *b"\x01\0\x01\x02\x03\x04\x05\x06");
        assert_eq!(bytes[8..], Hash::of(b"x").0);
        assert_eq!(StatusRoot::decode(&bytes), Some(entry));
    }

    #[test]
    fn other_bytes_are_none() {
        let bytes = StatusRoot { received_at: Timestamp::from_millis(7), root: Hash::of(b"x") }.encode();
        for length in 0..bytes.len() {
            assert_eq!(StatusRoot::decode(&bytes[..length]), None, "{length}");
        }
        assert_eq!(StatusRoot::decode(&[&bytes[..], &[0]].concat()), None);
        for format in [0, 2, 255] {
            assert_eq!(StatusRoot::decode(&[&[format], &bytes[1..]].concat()), None, "{format}");
        }
    }

    #[test]
    fn a_time_that_no_entry_may_have_is_none() {
        let at = |seconds| StatusRoot { received_at: Timestamp::from_seconds(seconds), root: Hash::of(b"x") }.encode();
        assert!(StatusRoot::decode(&at((1 << 32) - 1)).is_some());
        assert_eq!(StatusRoot::decode(&at(1 << 32)), None);
        assert_eq!(received_at(&at(1 << 32)), None);
        assert_eq!(received_at(&statement::Entry::encode(Timestamp::from_seconds(1 << 32), b"x")), None);
    }
}
