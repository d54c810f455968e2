//! The fixed parts of a segment file: its name, its header, its mark and its footer. README, "A segment".

use super::frame::{SECTOR, is_zero};
use crate::DamageKind;

/// Where the first frame begins: after the sectors of header and mark.
pub(super) const FRAMES: u64 = 2 * SECTOR as u64;
/// Where the mark lies.
pub(super) const MARK: u64 = SECTOR as u64;
/// Name of a segment in the making. It holds no record, so a leftover is removed at opening.
pub(super) const SPARE: &str = "spare";

const SUFFIX: &str = ".seg";
const HEADER_MAGIC: [u8; 8] = *b"ELRSEG\x00\x01";
const MARK_MAGIC: [u8; 8] = *b"ELRMARK\x01";

/// Name of the segment whose first record is `first_seq`; names sort as the records do.
pub(super) fn name(first_seq: u64) -> String {
    format!("{first_seq:020}{SUFFIX}")
}

/// The first record that a file of this name holds; `None` for other files.
pub(super) fn parse_name(text: &str) -> Option<u64> {
    let seq = text.strip_suffix(SUFFIX)?.parse().ok()?;
    (name(seq) == text).then_some(seq)
}

/// The first sector of a segment, written once, before the file gets its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Number of the first record.
    pub(super) first_seq: u64,
    /// Log index of that record's first entry.
    pub(super) first_index: u64,
    /// Where the records of the segment before end, and its footer begins; 0 in the first segment.
    pub(super) previous_end: u64,
}

impl Header {
    pub(super) fn to_sector(self) -> [u8; SECTOR] {
        sector(HEADER_MAGIC, [self.first_seq, self.first_index, self.previous_end])
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, DamageKind> {
        let [first_seq, first_index, previous_end] = open_sector(HEADER_MAGIC, bytes)?;
        Ok(Self { first_seq, first_index, previous_end })
    }
}

/// The second sector: the number of the newest record whose append was begun. It is written with each record and made
/// durable by the same sync, so that a file cut short tells how many records it must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) seq: u64,
}

impl Mark {
    pub(super) fn to_sector(self) -> [u8; SECTOR] {
        sector(MARK_MAGIC, [self.seq, 0, 0])
    }

    /// `None` where nothing was written yet.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Self>, DamageKind> {
        if bytes.len() == SECTOR && is_zero(bytes) {
            return Ok(None);
        }
        let [seq, _, _] = open_sector(MARK_MAGIC, bytes)?;
        Ok(Some(Self { seq }))
    }
}

/// A sector of three numbers: magic (8), numbers (3 × 8), zeros, CRC-32C of all before it (4).
fn sector(magic: [u8; 8], numbers: [u64; 3]) -> [u8; SECTOR] {
    let mut out = [0; SECTOR];
    let (body, check) = out.split_at_mut(SECTOR - 4);
    let fields = [magic].into_iter().chain(numbers.map(u64::to_be_bytes));
    for (slot, field) in body.as_chunks_mut::<8>().0.iter_mut().zip(fields) {
        *slot = field;
    }
    check.copy_from_slice(&crc32c::crc32c(body).to_be_bytes());
    out
}

fn open_sector(magic: [u8; 8], bytes: &[u8]) -> Result<[u64; 3], DamageKind> {
    let short = DamageKind::Short { found: bytes.len() as u64, expected: SECTOR as u64 };
    let (body, check) = bytes.split_last_chunk::<4>().filter(|_| bytes.len() == SECTOR).ok_or(short)?;
    if crc32c::crc32c(body).to_be_bytes() != *check {
        return Err(DamageKind::Checksum);
    }
    let (found, rest) = body.split_first_chunk::<8>().ok_or(DamageKind::Checksum)?;
    if *found != magic {
        return Err(DamageKind::Content(format!("magic is {found:02x?}, expected {magic:02x?}")));
    }
    let (numbers, _) = rest.as_chunks::<8>();
    match numbers {
        [a, b, c, ..] => Ok([*a, *b, *c].map(u64::from_be_bytes)),
        _ => Err(DamageKind::Checksum),
    }
}

/// Where one record lies: eight bytes a record are all that an open journal keeps in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Offset of the frame in the file.
    pub(super) offset: u32,
    /// First index of the record, less that of the segment.
    pub(super) index: u32,
}

/// The footer's payload: eight bytes a record.
pub(super) fn footer(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(|entry| [entry.offset.to_be_bytes(), entry.index.to_be_bytes()]).flatten().collect()
}

/// Reads a footer's payload, which must list as many records as the segment holds.
pub(super) fn parse_footer(payload: &[u8], records: u64) -> Result<Vec<Entry>, DamageKind> {
    let wrong = |what: &str| DamageKind::Content(format!("footer {what}"));
    let (pairs, rest) = payload.as_chunks::<8>();
    if !rest.is_empty() || pairs.len() as u64 != records {
        return Err(wrong(&format!("lists {} records, expected {records}", pairs.len())));
    }
    let number = |bytes: &[u8]| bytes.iter().fold(0, |sum: u32, byte| sum << 8 | u32::from(*byte));
    let entries: Vec<Entry> = pairs
        .iter()
        .map(|pair| {
            let (offset, index) = pair.split_at(4);
            Entry { offset: number(offset), index: number(index) }
        })
        .collect();
    if entries.first().is_none_or(|first| u64::from(first.offset) != FRAMES || first.index != 0) {
        return Err(wrong("does not begin with the first record"));
    }
    let ascending = |pair: &[Entry]| matches!(pair, [a, b] if a.offset < b.offset && a.index < b.index);
    if !entries.windows(2).all(ascending) {
        return Err(wrong("is not in order"));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_numbers_and_only_our_own_parse() {
        assert_eq!(name(7), "00000000000000000007.seg");
        assert!(name(u64::MAX) > name(9));
        assert_eq!(parse_name(&name(u64::MAX)), Some(u64::MAX));
        for other in ["7.seg", "+0000000000000000007.seg", "00000000000000000007", "lock", "spare", ".seg"] {
            assert_eq!(parse_name(other), None, "{other}");
        }
    }

    #[test]
    fn golden_sectors() {
        let header = Header { first_seq: 1, first_index: 100, previous_end: 2048 }.to_sector();
        assert_eq!(header[..32], *b"ELRSEG\x00\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x64\0\0\0\0\0\0\x08\0");
        assert!(is_zero(&header[32..508]));
        let mark = Mark { seq: 258 }.to_sector();
        assert_eq!(mark[..16], *b"ELRMARK\x01\0\0\0\0\0\0\x01\x02");
        assert!(is_zero(&mark[16..508]));
        assert_eq!(Mark::parse(&[0; SECTOR]), Ok(None));
    }

    #[test]
    fn every_bit_of_a_sector_is_checked_and_so_is_its_length() {
        let header = Header { first_seq: 1, first_index: 100, previous_end: 2048 };
        assert_eq!(Header::parse(&header.to_sector()), Ok(header));
        for bit in 0..SECTOR * 8 {
            let mut flipped = header.to_sector();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::parse(&flipped), Err(DamageKind::Checksum), "bit {bit}");
        }
        let short = Header::parse(&header.to_sector()[..511]).unwrap_err();
        assert_eq!(short, DamageKind::Short { found: 511, expected: 512 });
        let mark = Mark { seq: 3 }.to_sector();
        assert!(matches!(Header::parse(&mark).unwrap_err(), DamageKind::Content(text) if text.starts_with("magic is")));
    }

    #[test]
    fn a_footer_that_lists_something_else_is_refused_with_its_reason() {
        let good = [Entry { offset: 1024, index: 0 }, Entry { offset: 1088, index: 3 }];
        assert_eq!(parse_footer(&footer(&good), 2).unwrap(), good);
        let reason = |entries: &[Entry], records| parse_footer(&footer(entries), records).unwrap_err().to_string();
        assert_eq!(reason(&good, 3), "footer lists 2 records, expected 3");
        assert_eq!(reason(&good[1..], 1), "footer does not begin with the first record");
        assert_eq!(reason(&[], 0), "footer does not begin with the first record");
        assert_eq!(reason(&[good[0], good[0]], 2), "footer is not in order");
    }
}
