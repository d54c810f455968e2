//! A block: a few kilobytes of one map's changes, sorted by key. README, "Views".

use bytes::Bytes;

/// A block is closed once it holds this much; one large value may make it larger.
pub(super) const TARGET: usize = 8 << 10;
/// In the place of a value's length: the key is removed.
const REMOVED: u16 = u16::MAX;

/// A key's change in a block: a value, or its removal.
pub(super) type Found = Option<Bytes>;

/// Gathers sorted changes of one map.
#[derive(Debug)]
pub(super) struct Builder {
    map: String,
    offsets: Vec<u16>,
    entries: Vec<u8>,
}

impl Builder {
    pub(super) fn new(map: &str) -> Self {
        Self { map: map.into(), offsets: Vec::new(), entries: Vec::new() }
    }

    pub(super) fn map(&self) -> &str {
        &self.map
    }

    pub(super) fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Whether the next entry belongs into a new block.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() + 2 * self.offsets.len() >= TARGET
    }

    /// Adds a change; keys come in ascending order, and within the limits of [`crate::Puts`].
    pub(super) fn push(&mut self, key: &[u8], value: Option<&[u8]>) {
        let short = |len: usize| u16::try_from(len).unwrap_or(REMOVED);
        self.offsets.push(short(self.entries.len()));
        self.entries.extend_from_slice(&short(key.len()).to_be_bytes());
        self.entries.extend_from_slice(&value.map_or(REMOVED, |value| short(value.len())).to_be_bytes());
        self.entries.extend_from_slice(key);
        self.entries.extend_from_slice(value.unwrap_or_default());
    }

    /// The block's bytes, and the builder empty again.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let mut body = Vec::with_capacity(TARGET + 1024);
        body.extend_from_slice(&[0; 4]);
        body.push(u8::try_from(self.map.len()).unwrap_or(u8::MAX));
        body.extend_from_slice(self.map.as_bytes());
        body.extend_from_slice(&u16::try_from(self.offsets.len()).unwrap_or(u16::MAX).to_be_bytes());
        body.extend(self.offsets.drain(..).flat_map(u16::to_be_bytes));
        body.append(&mut self.entries);
        let (check, rest) = body.split_at_mut(4);
        check.copy_from_slice(&crc32c::crc32c(rest).to_be_bytes());
        body
    }
}

/// A block that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) map: &'a str,
    /// The check, which also binds the block to its run.
    pub(super) check: u32,
    offsets: &'a [[u8; 2]],
    entries: &'a [u8],
}

impl<'a> Block<'a> {
    /// Reads a block; `None` if it is not one.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let block = Self::parse(bytes)?;
        (crc32c::crc32c(bytes.get(4..)?) == block.check).then_some(block)
    }

    /// The same for bytes whose check was verified before.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (check, body) = bytes.split_first_chunk::<4>()?;
        let (len, rest) = body.split_first()?;
        let (map, rest) = rest.split_at_checked(usize::from(*len))?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let (offsets, entries) = rest.split_at_checked(2 * usize::from(u16::from_be_bytes(*count)))?;
        let (check, offsets) = (u32::from_be_bytes(*check), offsets.as_chunks::<2>().0);
        Some(Self { map: str::from_utf8(map).ok()?, check, offsets, entries })
    }

    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Key and change number `nth`.
    pub(super) fn entry(&self, nth: usize) -> Option<(&'a [u8], Option<&'a [u8]>)> {
        let offset = usize::from(u16::from_be_bytes(*self.offsets.get(nth)?));
        let (key_len, rest) = self.entries.get(offset..)?.split_first_chunk::<2>()?;
        let (value_len, rest) = rest.split_first_chunk::<2>()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*key_len)))?;
        match u16::from_be_bytes(*value_len) {
            REMOVED => Some((key, None)),
            len => Some((key, Some(rest.get(..usize::from(len))?))),
        }
    }

    /// Number of the first entry whose key is not below `key`.
    pub(super) fn position(&self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.entry(middle) {
                Some((found, _)) if found < key => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        low
    }

    /// The change of this very key.
    pub(super) fn find(&self, key: &[u8]) -> Option<Found> {
        let (found, value) = self.entry(self.position(key))?;
        (found == key).then(|| value.map(Bytes::copy_from_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Vec<u8> {
        let mut builder = Builder::new("lots");
        builder.push(b"a", Some(b"one"));
        builder.push(b"b", None);
        builder.push(b"d", Some(b""));
        builder.finish()
    }

    #[test]
    fn golden_bytes() {
        let bytes = block();
        assert_eq!(bytes[4..], *b"\x04lots\0\x03\0\0\0\x08\0\x0d\0\x01\0\x03aone\0\x01\xff\xffb\0\x01\0\0d");
    }

    #[test]
    fn each_key_is_found_and_no_other() {
        let bytes = block();
        let block = Block::open(&bytes).unwrap();
        assert_eq!((block.map, block.len()), ("lots", 3));
        assert_eq!(block.find(b"a"), Some(Some(Bytes::from_static(b"one"))));
        assert_eq!(block.find(b"b"), Some(None));
        assert_eq!(block.find(b"d"), Some(Some(Bytes::new())));
        for absent in [&b""[..], b"aa", b"c", b"e"] {
            assert_eq!(block.find(absent), None);
        }
        assert_eq!((block.position(b""), block.position(b"c"), block.position(b"e")), (0, 2, 3));
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let bytes = block();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Block::open(&flipped).is_none(), "bit {bit}");
        }
        for end in 0..bytes.len() {
            assert!(Block::open(&bytes[..end]).is_none(), "cut at {end}");
        }
    }
}
