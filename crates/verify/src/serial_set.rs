//! Sets of serial numbers as bytes: the portable format of roaring bitmaps (RoaringFormatSpec), in one spelling.
//!
//! Written and read here, because the crate `roaring` needs `std` for it and accepts several spellings. Of a container's three forms the
//! shortest is written: runs, where they are shorter than the other; else a list up to 4,096 numbers, else a bitmap. What is read has to be
//! what would be written, so that every bit of it means something and hostile bytes become no other set than they say.

use alloc::vec::Vec;

use roaring::RoaringBitmap;
use statement::SerialRange;

const COOKIE: u32 = 12_346;
const COOKIE_RUNS: u32 = 12_347;
/// Numbers in a list; a container with more is a bitmap.
const LIST: u32 = 4_096;
const BITMAP_BYTES: usize = 8_192;
/// Containers from which on a set with runs has offsets, too.
const OFFSETS_FROM: usize = 4;
/// Containers joined before they join the whole: the square root of the most there are.
const GROUP: usize = 256;

/// Numbers of one container: they share their upper 16 bits.
struct Container {
    key: u16,
    /// First and last of each run, ascending, with a gap between two.
    runs: Vec<(u16, u16)>,
}

impl Container {
    fn count(&self) -> u32 {
        self.runs.iter().map(|(first, last)| u32::from(last - first) + 1).sum()
    }

    fn plain_bytes(&self) -> usize {
        if self.count() <= LIST { 2 * self.numbers().count() } else { BITMAP_BYTES }
    }

    fn run_bytes(&self) -> usize {
        2 + 4 * self.runs.len()
    }

    fn is_runs(&self) -> bool {
        self.run_bytes() < self.plain_bytes()
    }

    fn numbers(&self) -> impl Iterator<Item = u16> {
        self.runs.iter().flat_map(|(first, last)| *first..=*last)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut short = |number: u16| out.extend_from_slice(&number.to_le_bytes());
        if self.is_runs() {
            short(u16::try_from(self.runs.len()).unwrap_or(u16::MAX));
            for (first, last) in &self.runs {
                short(*first);
                short(last - first);
            }
        } else if self.count() <= LIST {
            self.numbers().for_each(short);
        } else {
            let mut bits = [0_u8; BITMAP_BYTES];
            for number in self.numbers() {
                if let Some(byte) = bits.get_mut(usize::from(number / 8)) {
                    *byte |= 1 << (number % 8);
                }
            }
            out.extend_from_slice(&bits);
        }
    }
}

/// The ranges of a set, ascending, with a gap between two. As many as there are, not as there are numbers.
pub(crate) fn ranges(serials: &RoaringBitmap) -> Vec<SerialRange> {
    let mut ranges: Vec<SerialRange> = Vec::new();
    let mut rest = serials.iter();
    while let Some(next) = rest.next_range() {
        match ranges.last_mut() {
            Some(before) if before.last.checked_add(1) == Some(*next.start()) => before.last = *next.end(),
            Some(_) | None => ranges.push(SerialRange { first: *next.start(), last: *next.end() }),
        }
    }
    ranges
}

fn containers(serials: &RoaringBitmap) -> Vec<Container> {
    let mut containers: Vec<Container> = Vec::new();
    for SerialRange { mut first, last } in ranges(serials) {
        loop {
            let (key, low) = split(first);
            let end = last.min(first | 0xffff);
            let run = (low, split(end).1);
            match containers.last_mut() {
                Some(container) if container.key == key => container.runs.push(run),
                Some(_) | None => containers.push(Container { key, runs: Vec::from([run]) }),
            }
            if end == last {
                break;
            }
            first = end + 1;
        }
    }
    containers
}

/// Upper and lower 16 bits.
const fn split(number: u32) -> (u16, u16) {
    let [a, b, c, d] = number.to_be_bytes();
    (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
}

/// The bytes of a set.
pub(crate) fn encode(serials: &RoaringBitmap) -> Vec<u8> {
    let containers = containers(serials);
    let count = u32::try_from(containers.len()).unwrap_or(u32::MAX); // At most 65,536.
    let has_runs = containers.iter().any(Container::is_runs);
    let mut out = Vec::new();
    if has_runs {
        out.extend_from_slice(&(COOKIE_RUNS | (count.saturating_sub(1) << 16)).to_le_bytes());
        for eight in containers.chunks(8) {
            let flags = eight.iter().rev().fold(0_u8, |flags, container| flags << 1 | u8::from(container.is_runs()));
            out.push(flags);
        }
    } else {
        out.extend_from_slice(&COOKIE.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
    }
    for container in &containers {
        out.extend_from_slice(&container.key.to_le_bytes());
        let below = u16::try_from(container.count() - 1).unwrap_or(u16::MAX); // At most 65,536, never 0.
        out.extend_from_slice(&below.to_le_bytes());
    }
    if !has_runs || containers.len() >= OFFSETS_FROM {
        let mut offset = out.len() + 4 * containers.len();
        for container in &containers {
            out.extend_from_slice(&u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes()); // At most 512 MiB.
            offset += if container.is_runs() { container.run_bytes() } else { container.plain_bytes() };
        }
    }
    containers.iter().for_each(|container| container.write(&mut out));
    out
}

/// The set that is written so; `None` for anything that [`encode`] does not write. Memory is bounded by the bytes: a container is
/// compressed before the next one is read.
pub(crate) fn decode(bytes: &[u8]) -> Option<RoaringBitmap> {
    let mut rest = bytes;
    let cookie = u32::from_le_bytes(take(&mut rest)?);
    let (count, flags) = if cookie == COOKIE {
        (usize::try_from(u32::from_le_bytes(take(&mut rest)?)).ok()?, None)
    } else if cookie & 0xffff == COOKIE_RUNS {
        let count = usize::try_from(cookie >> 16).ok()? + 1;
        (count, Some(take_slice(&mut rest, count.div_ceil(8))?))
    } else {
        return None;
    };
    if count > 1 << 16 {
        return None;
    }
    let mut descriptions = take_slice(&mut rest, 4 * count)?;
    if flags.is_none() || count >= OFFSETS_FROM {
        // What they have to be is known; the comparison at the end holds them against it.
        take_slice(&mut rest, 4 * count)?;
    }
    // Joining two sets takes as long as they have containers: by groups it is not the square of them.
    let (mut serials, mut group) = (RoaringBitmap::new(), RoaringBitmap::new());
    for place in 0..count {
        let key = u32::from(u16::from_le_bytes(take(&mut descriptions)?)) << 16;
        let numbers = u32::from(u16::from_le_bytes(take(&mut descriptions)?)) + 1;
        let is_runs = flags.and_then(|flags| flags.get(place / 8)).is_some_and(|eight| eight >> (place % 8) & 1 == 1);
        let mut container = RoaringBitmap::new();
        if is_runs {
            let runs = u16::from_le_bytes(take(&mut rest)?);
            for _ in 0..runs {
                let first = u16::from_le_bytes(take(&mut rest)?);
                let last = first.checked_add(u16::from_le_bytes(take(&mut rest)?))?;
                container.insert_range(key | u32::from(first)..=key | u32::from(last));
            }
        } else if numbers <= LIST {
            for _ in 0..numbers {
                container.insert(key | u32::from(u16::from_le_bytes(take(&mut rest)?)));
            }
        } else {
            for (byte, at) in take_slice(&mut rest, BITMAP_BYTES)?.iter().zip((0_u32..).step_by(8)) {
                for bit in (0..8).filter(|bit| byte >> bit & 1 == 1) {
                    container.insert(key | (at + bit));
                }
            }
        }
        container.optimize();
        group |= container;
        if place % GROUP == GROUP - 1 {
            serials |= core::mem::take(&mut group);
        }
    }
    serials |= group;
    (encode(&serials) == bytes).then_some(serials)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*first)
}

fn take_slice<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (first, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(first)
}

#[cfg(test)]
mod tests;
