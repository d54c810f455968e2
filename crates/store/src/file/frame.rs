//! The bytes of one frame in a segment: README, "A frame".
//!
//! A frame is cut at the 512-byte sectors of its file, and each piece carries its own check. A disk writes whole
//! sectors, in any order; so after a power cut each piece is there in full, or not at all. Checks that lie inside
//! the sectors tell a piece that never arrived from one that arrived and was changed later, whatever the frame holds.
//! Nothing here reads a file; `scan` decides what a missing piece means.

use crate::DamageKind;

/// What a disk writes whole or not at all.
pub(super) const SECTOR: usize = 512;
/// Frames begin and end on multiples of this, so that a header never straddles two sectors.
pub(super) const ALIGN: usize = 32;
/// Magic with kind, payload length, sequence number.
pub(super) const HEADER: usize = 16;
const CHECK: usize = 4;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One record.
    Record,
    /// The offsets of a sealed segment's records.
    Footer,
}

impl Kind {
    const fn magic(self) -> [u8; 4] {
        match self {
            Self::Record => *b"ELR\x81",
            Self::Footer => *b"ELF\x81",
        }
    }
}

/// The first bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) payload: u32,
    pub(super) seq: u64,
}

impl Header {
    /// Reads the form only: whether these bytes were written by us is for the check of their piece to say.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<4>()?;
        let (payload, rest) = rest.split_first_chunk::<4>()?;
        let seq = rest.first_chunk::<8>()?;
        let kind = [Kind::Record, Kind::Footer].into_iter().find(|kind| kind.magic() == *magic)?;
        Some(Self { kind, payload: u32::from_be_bytes(*payload), seq: u64::from_be_bytes(*seq) })
    }

    /// Bytes that the frame takes when it begins at file offset `at`.
    pub(super) fn frame_len(self, at: u64) -> u64 {
        frame_len(at, u64::from(self.payload))
    }
}

/// The bytes of a header.
pub(super) fn header_bytes(kind: Kind, payload: u32, seq: u64) -> [u8; HEADER] {
    let mut out = [0; HEADER];
    let (magic, rest) = out.split_at_mut(4);
    magic.copy_from_slice(&kind.magic());
    let (length, number) = rest.split_at_mut(4);
    length.copy_from_slice(&payload.to_be_bytes());
    number.copy_from_slice(&seq.to_be_bytes());
    out
}

/// Bytes from `at` to the end of its sector.
pub(super) fn to_sector_end(at: u64) -> usize {
    SECTOR - usize::try_from(at % SECTOR as u64).unwrap_or(0)
}

/// Bytes that a frame takes with a payload of `payload` bytes when it begins at file offset `at`.
pub(super) fn frame_len(at: u64, payload: u64) -> u64 {
    let content = HEADER as u64 + payload;
    let first = to_sector_end(at) as u64;
    let room = first - CHECK as u64;
    if content <= room {
        return (content + CHECK as u64).next_multiple_of(ALIGN as u64);
    }
    let rest = content - room;
    let full = (SECTOR - CHECK) as u64;
    let tail = rest % full;
    let tail_len = if tail == 0 { 0 } else { (tail + CHECK as u64).next_multiple_of(ALIGN as u64) };
    first + rest / full * SECTOR as u64 + tail_len
}

/// The bytes of the frame that is to stand at file offset `at`.
///
/// # Errors
/// `None` for a payload whose length four bytes cannot say.
pub(super) fn seal(at: u64, kind: Kind, seq: u64, payload: &[u8]) -> Option<Vec<u8>> {
    let header = header_bytes(kind, u32::try_from(payload.len()).ok()?, seq);
    let len = usize::try_from(frame_len(at, payload.len() as u64)).ok()?;
    let mut out = Vec::with_capacity(len);
    let mut content = payload;
    let mut first: &[u8] = &header;
    while out.len() < len {
        let begin = out.len();
        let piece = to_sector_end(at + begin as u64).min(len - begin);
        let room = piece - CHECK - first.len();
        out.extend_from_slice(first);
        first = &[];
        let (now, later) = content.split_at(room.min(content.len()));
        out.extend_from_slice(now);
        content = later;
        out.resize(begin + piece - CHECK, 0);
        let check = check(seq, begin as u64, out.get(begin..).unwrap_or_default());
        out.extend_from_slice(&check);
    }
    Some(out)
}

/// The state of one piece of a frame, as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As written.
    Whole,
    /// All zero, as before the write. A piece that was written is never all zero: its check is not.
    Absent,
    /// Anything else.
    Changed,
}

/// Judges the piece that begins `offset` bytes into frame `seq`.
pub(super) fn judge(seq: u64, offset: u64, piece: &[u8]) -> Piece {
    match piece.split_last_chunk::<CHECK>() {
        Some((data, found)) if *found == check(seq, offset, data) => Piece::Whole,
        Some(_) | None if is_zero(piece) => Piece::Absent,
        Some(_) | None => Piece::Changed,
    }
}

/// Whether all bytes are zero.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    // Words first: a segment's unused tail is read through this at every opening.
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|word| u128::from_ne_bytes(*word) == 0) && rest.iter().all(|byte| *byte == 0)
}

/// Takes the payload out of a complete frame that begins at `at`, all pieces checked.
///
/// # Errors
/// The offset in the file and the kind of the damage.
pub(super) fn open(at: u64, seq: u64, frame: &[u8]) -> Result<(Kind, Vec<u8>), (u64, DamageKind)> {
    let mut content = Vec::with_capacity(frame.len());
    let mut begin = 0;
    while begin < frame.len() {
        let end = frame.len().min(begin + to_sector_end(at + begin as u64));
        let piece = frame.get(begin..end).unwrap_or_default();
        if judge(seq, begin as u64, piece) != Piece::Whole {
            return Err((at + begin as u64, DamageKind::Checksum));
        }
        content.extend_from_slice(piece.get(..piece.len() - CHECK).unwrap_or_default());
        begin = end;
    }
    let header = Header::parse(&content).ok_or_else(|| (at, DamageKind::Content("frame kind is unknown".into())))?;
    if header.seq != seq || header.frame_len(at) != frame.len() as u64 {
        let said = format!("frame says record {} of {} bytes", header.seq, header.payload);
        return Err((at, DamageKind::Content(said)));
    }
    let end = HEADER + header.payload as usize;
    if !content.get(end..).is_some_and(is_zero) {
        return Err((at, DamageKind::Content("padding is not zero".into())));
    }
    content.truncate(end);
    content.drain(..HEADER);
    Ok((header.kind, content))
}

/// CRC-32C over sequence number, place in the frame and data; never zero.
fn check(seq: u64, offset: u64, data: &[u8]) -> [u8; CHECK] {
    let place = crc32c::crc32c_append(crc32c::crc32c(&seq.to_be_bytes()), &offset.to_be_bytes());
    crc32c::crc32c_append(place, data).max(1).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn golden_bytes_of_a_short_frame() {
        let frame = seal(64, Kind::Record, 7, b"payload").unwrap();
        let mut expected = b"ELR\x81\0\0\0\x07\0\0\0\0\0\0\0\x07payload\0\0\0\0\0".to_vec();
        expected.extend_from_slice(&check(7, 0, &expected));
        assert_eq!(frame, expected);
        assert_eq!(frame[28..], 0x33f3_ad30_u32.to_be_bytes());
    }

    #[test]
    fn a_piece_never_straddles_a_sector_nor_a_header_two_pieces() {
        for at in (0..1024).step_by(ALIGN) {
            for payload in 0..2000 {
                let len = frame_len(at, payload);
                assert_eq!(len % ALIGN as u64, 0);
                let pieces = 1 + (at + len - 1) / SECTOR as u64 - at / SECTOR as u64;
                let room = len - pieces * CHECK as u64;
                assert!(room >= HEADER as u64 + payload, "{at} {payload}");
                assert!(room < HEADER as u64 + payload + ALIGN as u64, "{at} {payload}: more padding than needed");
                assert!(to_sector_end(at) >= HEADER + CHECK);
            }
        }
    }

    proptest! {
        #[test]
        fn round_trip_at_any_place(at in 0..64u64, seq in any::<u64>(), payload in prop::collection::vec(any::<u8>(), 0..3000)) {
            let at = at * ALIGN as u64;
            let frame = seal(at, Kind::Record, seq, &payload).unwrap();
            prop_assert_eq!(frame.len() as u64, frame_len(at, payload.len() as u64));
            prop_assert_eq!(open(at, seq, &frame).unwrap(), (Kind::Record, payload));
        }

        #[test]
        fn a_frame_opens_only_in_its_place_and_whole(flip in any::<prop::sample::Index>(), bit in 0..8u8, size in 0..1500usize) {
            let mut frame = seal(96, Kind::Footer, 3, &vec![0; size]).unwrap();
            prop_assert!(open(96, 4, &frame).is_err());
            let at = flip.index(frame.len());
            frame[at] ^= 1_u8 << bit;
            let (offset, what) = open(96, 3, &frame).unwrap_err();
            prop_assert_eq!(what, DamageKind::Checksum);
            let sector = (96 + at as u64) / 512 * 512;
            prop_assert_eq!(offset, sector.max(96));
        }
    }
}
