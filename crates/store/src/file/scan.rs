//! Reading frames from a file, and telling an unfinished write from damage.
//!
//! A record is acknowledged after a sync, so of the frames in a segment only the last can be unfinished. What a
//! crash leaves of it: each of its pieces is there in full or still zero, or the file ends inside it; and nothing lies
//! beyond it. That is [`Step::Torn`]. Every other difference from what was written is damage, and is named.

use std::io;

use super::DiskFile;
use super::frame::{self, HEADER, Header, Kind, Piece, SECTOR, header_bytes, is_zero, judge, to_sector_end};
use crate::DamageKind;

const CHUNK: usize = 1 << 20;

/// What stands at a place where a frame may begin.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing was written from here on.
    End,
    /// A whole frame.
    Frame {
        /// What it holds.
        kind: Kind,
        /// Its payload.
        payload: Vec<u8>,
        /// Where the next frame begins.
        end: u64,
    },
    /// A write that did not finish; its traces end at `end`, or where the file does.
    Torn {
        /// The byte after the last one that may not be zero.
        end: u64,
    },
}

/// Why a step cannot be taken.
#[derive(Debug)]
pub(super) enum Fault {
    /// The device failed.
    Io(io::Error),
    /// The bytes from this offset on are not what was written.
    Damage(u64, DamageKind),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads what stands at `at`, where frame `seq` is expected.
pub(super) fn step<F: DiskFile>(file: &F, at: u64, seq: u64) -> Result<Step, Fault> {
    let head = read(file, at, to_sector_end(at))?;
    if is_zero(&head) {
        return headless(file, at, seq);
    }
    let ends_early = head.len() < to_sector_end(at);
    let Some(header) = Header::parse(&head) else {
        return match head.len() {
            len if len < HEADER && begins_frame(&head, seq) => Ok(Step::Torn { end: at + len as u64 }),
            _ => Err(Fault::Damage(at, DamageKind::Checksum)),
        };
    };
    let len = header.frame_len(at);
    let first = usize::try_from(len).unwrap_or(usize::MAX).min(to_sector_end(at));
    match head.get(..first) {
        Some(piece) if judge(seq, 0, piece) == Piece::Whole => {}
        None if ends_early && header.seq == seq => return Ok(Step::Torn { end: at + head.len() as u64 }),
        Some(_) | None => return Err(Fault::Damage(at, DamageKind::Checksum)),
    }
    // The header is checked: its length is what was written, not what a flipped bit makes of it.
    let bytes = read(file, at, usize::try_from(len).map_err(io::Error::other)?)?;
    if bytes.len() as u64 == len {
        match frame::open(at, seq, &bytes) {
            Ok((kind, payload)) => return Ok(Step::Frame { kind, payload, end: at + len }),
            Err((_, DamageKind::Checksum)) => {}
            Err((offset, what)) => return Err(Fault::Damage(offset, what)),
        }
    }
    let missing = first_missing(at, seq, len, &bytes)?;
    match first_nonzero(file, at + len)? {
        // What comes after this frame was written once this one was durable.
        Some(_) => Err(Fault::Damage(missing, DamageKind::Checksum)),
        None => Ok(Step::Torn { end: at + bytes.len() as u64 }),
    }
}

/// The first piece that is not there, all others being as written.
fn first_missing(at: u64, seq: u64, len: u64, bytes: &[u8]) -> Result<u64, Fault> {
    let mut missing = None;
    let mut begin = 0;
    while begin < bytes.len() {
        let offset = begin as u64;
        let whole = to_sector_end(at + offset).min(usize::try_from(len - offset).unwrap_or(usize::MAX));
        let Some(piece) = bytes.get(begin..begin + whole) else { break };
        match judge(seq, offset, piece) {
            Piece::Whole => {}
            Piece::Absent => missing = missing.or(Some(at + offset)),
            Piece::Changed => return Err(Fault::Damage(at + offset, DamageKind::Checksum)),
        }
        begin += whole;
    }
    Ok(missing.unwrap_or(at + begin as u64))
}

/// The sector at `at` is zero from there on: the end, or a frame whose first piece never arrived while later ones did.
fn headless<F: DiskFile>(file: &F, at: u64, seq: u64) -> Result<Step, Fault> {
    let mut traces = None;
    let mut ended = false;
    let mut here = at + to_sector_end(at) as u64;
    while let Some(sector_at) = first_nonzero(file, here)? {
        let sector = read(file, sector_at, SECTOR)?;
        let Some(len) = trace(seq, sector_at - at, &sector).filter(|_| !ended) else {
            return Err(Fault::Damage(sector_at, DamageKind::Trailing));
        };
        here = sector_at + SECTOR as u64;
        traces = Some(sector_at + len as u64);
        ended = len < SECTOR;
    }
    Ok(traces.map_or(Step::End, |end| Step::Torn { end }))
}

/// Length of the piece of frame `seq` that fills this sector, or begins it as the frame's last.
fn trace(seq: u64, offset: u64, sector: &[u8]) -> Option<usize> {
    (1..=sector.len() / frame::ALIGN).rev().map(|units| units * frame::ALIGN).find(|len| {
        let (piece, rest) = sector.split_at(*len);
        is_zero(rest) && judge(seq, offset, piece) == Piece::Whole
    })
}

/// Whether these bytes, fewer than a header, may begin that of frame `seq`.
fn begins_frame(head: &[u8], seq: u64) -> bool {
    [Kind::Record, Kind::Footer].into_iter().any(|kind| {
        let (least, most) = (header_bytes(kind, 0, seq), header_bytes(kind, u32::MAX, seq));
        // Where the two differ stands the length, which may be anything.
        head.iter().zip(least.iter().zip(most)).all(|(byte, (least, most))| *least != most || *byte == most)
    })
}

/// Start of the first sector from `at` on that is not all zero.
fn first_nonzero<F: DiskFile>(file: &F, at: u64) -> Result<Option<u64>, Fault> {
    let mut here = at;
    loop {
        let chunk = read(file, here, CHUNK)?;
        if chunk.is_empty() {
            return Ok(None);
        }
        if !is_zero(&chunk) {
            let mut begin = 0;
            while begin < chunk.len() {
                let end = chunk.len().min(begin + to_sector_end(here + begin as u64));
                if !chunk.get(begin..end).is_some_and(is_zero) {
                    return Ok(Some(here + begin as u64));
                }
                begin = end;
            }
        }
        here += chunk.len() as u64;
    }
}

/// Reads `len` bytes, fewer only where the file ends.
pub(super) fn read<F: DiskFile>(file: &F, at: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    let read = file.read_at(&mut bytes, at)?;
    bytes.truncate(read);
    Ok(bytes)
}
