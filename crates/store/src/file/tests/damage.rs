//! A small journal of two segments, cut at every byte and turned over at every bit.

use super::*;
use crate::file::segment::{FRAMES, MARK, name};
use crate::file::{Disk, recover};
use crate::{DamageKind, Journal, ReadError};

/// Sizes of the records: the first segment holds five, the second three. The last spans three sectors.
const SIZES: [u64; 8] = [60, 1, 3, 50, 30, 30, 15, 80];
const IN_FIRST: u64 = 5;

struct Small {
    disk: SimDisk,
    records: Vec<Record>,
    /// Where each record begins and ends.
    places: Vec<(u64, u64)>,
    first: String,
    second: String,
    sealed_size: u64,
}

fn small() -> Small {
    let disk = SimDisk::new();
    let journal = open(&disk).unwrap();
    block_on(append_all(&journal, &SIZES));
    let records = block_on(read_all(&journal));
    let places: Vec<_> = (0..8)
        .map(|seq| journal.view(|index| index.place(seq).unwrap()))
        .map(|place| (place.offset, place.offset + place.len))
        .collect();
    assert_eq!(journal.view(|index| index.segments.len()), 2);
    assert_eq!(journal.view(|index| index.place(IN_FIRST - 1).unwrap().segment), 0);
    assert_eq!(journal.view(|index| index.place(IN_FIRST).unwrap().segment), IN_FIRST);
    drop(journal);
    let sealed_size = disk.bytes(&name(0)).len() as u64;
    let small = Small { disk, records, places, first: name(0), second: name(IN_FIRST), sealed_size };
    assert_eq!(small.places[7].1 / 512 - small.places[7].0 / 512, 3, "the last record spans sectors");
    small
}

/// How many records are there, and of what was cut the number and the offset.
type Opened = (u64, Option<(u64, u64)>);
/// File, offset, record and code of a refusal.
type Refused = (String, u64, Option<u64>, &'static str);

fn outcome(disk: &SimDisk) -> Result<Opened, Refused> {
    match recover::recover(disk) {
        Ok(found) => Ok((found.index.next_seq(), found.cut.map(|cut| (cut.seq, cut.offset)))),
        Err(OpenError::Damaged(damage)) => {
            let file = damage.file.file_name().unwrap().to_str().unwrap().to_owned();
            Err((file, damage.offset, damage.seq, damage.what.code()))
        }
        Err(other) => panic!("{other}"),
    }
}

fn with(small: &Small, file: &str, bytes: Vec<u8>) -> SimDisk {
    let disk = small.disk.copy();
    disk.put(file, bytes);
    disk
}

#[test]
fn last_segment_cut_at_every_byte() {
    let small = small();
    let whole = small.disk.bytes(&small.second);
    let (begin, end) = small.places[7];
    for cut in 0..whole.len() {
        let disk = with(&small, &small.second, whole[..cut].to_vec());
        let at = cut as u64;
        let found = outcome(&disk);
        let expected = if at < 512 {
            Err((small.second.clone(), 0, None, "journal_short"))
        } else if at < FRAMES {
            Err((small.second.clone(), MARK, None, "journal_short"))
        } else if at < begin {
            // A record before the last one is gone, or in part; the mark says that the last was begun.
            let lost = (5..7).find(|seq| at < small.places[*seq].1).unwrap_or(7) as u64;
            assert_ne!(lost, 7, "the last record lies beyond");
            Err((small.second.clone(), small.places[lost as usize].0, Some(lost), "journal_lost"))
        } else if at == begin {
            Ok((7, None))
        } else if at < end {
            Ok((7, Some((7, begin))))
        } else {
            Ok((8, None))
        };
        assert_eq!(found, expected, "cut at {cut}");
        if let Ok((records, _)) = found {
            goes_on(&disk, &small.records[..records as usize]);
        }
    }
}

/// What opening accepted is whole, is the same when opened again, and is written on.
fn goes_on(disk: &SimDisk, expected: &[Record]) {
    let journal = open(disk).unwrap();
    assert_eq!(journal.cut(), None, "opening again finds nothing to cut");
    assert_eq!(block_on(read_all(&journal)), expected);
    block_on(append_all(&journal, &[1, 60]));
    drop(journal);
    let journal = open(disk).unwrap();
    assert_eq!(journal.len(), expected.len() as u64 + 2);
    journal.verify_all().unwrap();
}

#[test]
fn sealed_segment_cut_at_every_byte_is_refused() {
    let small = small();
    let whole = small.disk.bytes(&small.first);
    let footer = small.places[4].1;
    for cut in 0..whole.len() {
        let disk = with(&small, &small.first, whole[..cut].to_vec());
        let expected = match cut as u64 {
            0..512 => (small.first.clone(), 0, None, "journal_short"),
            512..FRAMES => (small.first.clone(), MARK, None, "journal_short"),
            at if at <= footer => (small.first.clone(), footer, Some(5), "journal_short"),
            _ => (small.first.clone(), footer, Some(5), "journal_checksum"),
        };
        assert_eq!(outcome(&disk), Err(expected), "cut at {cut}");
    }
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

#[test]
fn last_segment_turned_over_at_every_bit_is_refused() {
    let small = small();
    let whole = small.disk.bytes(&small.second);
    for bit in 0..whole.len() * 8 {
        let at = bit as u64 / 8;
        let sector = at / 512 * 512;
        let disk = with(&small, &small.second, flipped(&whole, bit));
        let expected = if at < 512 {
            (0, None, "journal_checksum")
        } else if at < FRAMES {
            (MARK, None, "journal_checksum")
        } else if let Some(seq) = (5..8).find(|seq| (small.places[*seq].0..small.places[*seq].1).contains(&at)) {
            (small.places[seq].0.max(sector), Some(seq as u64), "journal_checksum")
        } else if sector < small.places[7].1 {
            // In the sector where the next record would begin.
            (small.places[7].1, Some(8), "journal_checksum")
        } else {
            (sector, Some(8), "journal_trailing")
        };
        let (offset, seq, code) = expected;
        assert_eq!(outcome(&disk), Err((small.second.clone(), offset, seq, code)), "bit {bit}");
    }
}

#[test]
fn sealed_segment_turned_over_at_every_bit_is_refused_by_opening_or_by_reading() {
    let small = small();
    let whole = small.disk.bytes(&small.first);
    let footer = small.places[4].1;
    for bit in 0..whole.len() * 8 {
        let at = bit as u64 / 8;
        let sector = at / 512 * 512;
        let disk = with(&small, &small.first, flipped(&whole, bit));
        let refused = |offset, seq| Err((small.first.clone(), offset, seq, "journal_checksum"));
        if at < 512 {
            assert_eq!(outcome(&disk), refused(0, None), "bit {bit}");
            continue;
        }
        if at < FRAMES {
            assert_eq!(outcome(&disk), refused(MARK, None), "bit {bit}");
            continue;
        }
        if at >= footer {
            assert_eq!(outcome(&disk), refused(footer.max(sector), Some(5)), "bit {bit}");
            continue;
        }
        if bit % 8 != at as usize % 8 {
            // Opening reads nothing here, so one bit a byte will do: the check of a piece takes all bits alike.
            continue;
        }
        let journal = open(&disk).unwrap();
        let hit = (0..5).find(|seq| (small.places[*seq].0..small.places[*seq].1).contains(&at)).unwrap();
        let offset = small.places[hit].0.max(sector);
        let named = |error: ReadError| match error {
            ReadError::Damaged(damage) => (damage.offset, damage.seq, damage.what),
            ReadError::Io { .. } => panic!("{error}"),
        };
        for seq in 0..8 {
            let read = block_on(journal.read(seq));
            if seq == hit as u64 {
                assert_eq!(named(read.unwrap_err()), (offset, Some(seq), DamageKind::Checksum), "bit {bit}");
            } else {
                assert_eq!(read.unwrap().as_ref(), Some(&small.records[seq as usize]), "bit {bit}");
            }
        }
        let verified = named(journal.verify_all().unwrap_err());
        assert_eq!(verified, (offset, Some(hit as u64), DamageKind::Checksum), "bit {bit}");
    }
}

#[test]
fn every_mixture_of_arrived_sectors_of_the_last_record_is_cut() {
    let small = small();
    let whole = small.disk.bytes(&small.second);
    let (begin, end) = (small.places[7].0 as usize, small.places[7].1 as usize);
    let edges: Vec<usize> =
        std::iter::once(begin).chain((begin / 512 + 1..=end / 512).map(|sector| sector * 512)).collect();
    for arrived in 0..1_u32 << edges.len() {
        let mut bytes = whole.clone();
        for (nth, from) in edges.iter().enumerate() {
            if arrived & 1 << nth == 0 {
                let to = edges.get(nth + 1).copied().unwrap_or(end);
                bytes[*from..to].fill(0);
            }
        }
        let disk = with(&small, &small.second, bytes);
        let expected = match arrived.count_ones() as usize {
            0 => Ok((7, None)),
            all if all == edges.len() => Ok((8, None)),
            _ => Ok((7, Some((7, begin as u64)))),
        };
        assert_eq!(outcome(&disk), expected, "arrived {arrived:b}");
        goes_on(&disk, &small.records[..expected.unwrap().0 as usize]);
        // The same with a changed bit in what arrived is no unfinished write.
        for (nth, from) in edges.iter().enumerate().filter(|(nth, _)| arrived & 1 << nth != 0) {
            let mut bytes = small.disk.bytes(&small.second);
            for (other, from) in edges.iter().enumerate().filter(|(other, _)| arrived & 1 << other == 0) {
                let to = edges.get(other + 1).copied().unwrap_or(end);
                bytes[*from..to].fill(0);
            }
            bytes[from + 9] ^= 4;
            let refused = outcome(&with(&small, &small.second, bytes)).unwrap_err();
            assert_eq!((refused.2, refused.3.len() > 8), (Some(7), true), "arrived {arrived:b}, changed {nth}");
        }
    }
}

#[test]
fn a_missing_sector_of_a_record_before_the_last_is_damage() {
    let small = small();
    for seq in 5..7 {
        let (begin, end) = (small.places[seq].0 as usize, small.places[seq].1 as usize);
        let mut piece = begin;
        while piece < end {
            let piece_end = end.min(piece / 512 * 512 + 512);
            let mut bytes = small.disk.bytes(&small.second);
            bytes[piece..piece_end].fill(0);
            let (file, offset, named, code) = outcome(&with(&small, &small.second, bytes)).unwrap_err();
            assert_eq!((file, named), (small.second.clone(), Some(seq as u64)), "piece at {piece}");
            // Without its head the record cannot be told; what comes after it is then the first thing out of place.
            let headless = piece == begin && piece % 512 == 0;
            let expected =
                if headless { (piece as u64 + 512, "journal_trailing") } else { (piece as u64, "journal_checksum") };
            assert_eq!((offset, code), expected, "piece at {piece}");
            piece = piece_end;
        }
    }
}

#[test]
fn bytes_after_the_end_are_damage() {
    let small = small();
    let end = small.places[7].1;
    let whole = small.disk.bytes(&small.second);
    for (at, expected) in [(end, (end, "journal_checksum")), (4096 - 512, (4096 - 512, "journal_trailing"))] {
        let mut bytes = whole.clone();
        bytes[at as usize..at as usize + 7].copy_from_slice(b"garbage");
        let (offset, code) = expected;
        let refused = outcome(&with(&small, &small.second, bytes));
        assert_eq!(refused, Err((small.second.clone(), offset, Some(8), code)));
    }
    let appended = [whole.clone(), b"garbage".to_vec()].concat();
    let refused = outcome(&with(&small, &small.second, appended));
    assert_eq!(refused, Err((small.second.clone(), 4096, Some(8), "journal_trailing")));
    let sealed = [small.disk.bytes(&small.first), vec![0; 512]].concat();
    let refused = outcome(&with(&small, &small.first, sealed));
    assert_eq!(refused, Err((small.first.clone(), small.sealed_size, Some(5), "journal_trailing")));
}

#[test]
fn a_missing_or_foreign_file_is_named() {
    let small = small();
    let without = |file: &str| {
        let disk = small.disk.copy();
        disk.remove(file).unwrap();
        outcome(&disk)
    };
    assert_eq!(without(&small.first), Err((small.first.clone(), 0, Some(0), "journal_missing")));
    assert_eq!(without(&small.second), Err((small.second.clone(), 0, Some(5), "journal_missing")));
    let disk = small.disk.copy();
    disk.put("copy.seg", small.disk.bytes(&small.first));
    assert_eq!(outcome(&disk), Err(("copy.seg".into(), 0, None, "journal_content")));
    let disk = small.disk.copy();
    disk.put(&name(8), small.disk.bytes(&small.second));
    assert_eq!(outcome(&disk), Err((name(8), 0, None, "journal_content")));
}

#[test]
fn a_segment_of_another_journal_is_refused() {
    let small = small();
    let other = SimDisk::new();
    let journal = open(&other).unwrap();
    block_on(append_all(&journal, &[50, 1, 3, 50, 30, 30]));
    drop(journal);
    let disk = small.disk.copy();
    disk.put(&small.second, other.bytes(&small.second));
    let (file, _, seq, code) = outcome(&disk).unwrap_err();
    // Where the second segment says that the first one's records end, something else stands.
    assert_eq!((file, seq, code), (small.first, Some(5), "journal_checksum"));
}

#[test]
fn a_leftover_spare_is_removed_and_other_files_are_left_alone() {
    let small = small();
    let disk = small.disk.copy();
    disk.put("spare", vec![1; 100]);
    disk.put("notes.txt", b"mine".to_vec());
    assert_eq!(outcome(&disk), Ok((8, None)));
    let mut names = disk.names().unwrap();
    names.sort();
    assert_eq!(names, [small.first.as_str(), small.second.as_str(), "notes.txt"]);
}
