//! Large values that are replaced as a whole, such as the State at a size: in pieces, the old one kept until the new one is
//! complete. README, "Saved values".

use sled::{Batch, Tree};

use super::Doubt;
use super::opening::{guarded, guarded_items};

const VERSION: u8 = 1;
const PIECE: usize = 16 << 10;
/// Prefix of the keys of entries and of pieces.
const ENTRY: u8 = b'e';
const PIECES: u8 = b'p';

/// What the entry of a saved value says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: u64,
    generation: u64,
    bytes: u64,
    check: u32,
}

impl Entry {
    fn encode(self) -> Vec<u8> {
        let mut body = vec![VERSION];
        for number in [self.at, self.generation, self.bytes] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        body.extend_from_slice(&self.check.to_be_bytes());
        [&crc32c::crc32c(&body).to_be_bytes()[..], &body].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (check, body) = bytes.split_first_chunk::<4>()?;
        let (version, rest) = body.split_first()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let (bytes, rest) = rest.split_first_chunk::<8>()?;
        let of_value = <[u8; 4]>::try_from(rest).ok()?;
        (crc32c::crc32c(body).to_be_bytes() == *check && *version == VERSION).then(|| Self {
            at: u64::from_be_bytes(*at),
            generation: u64::from_be_bytes(*generation),
            bytes: u64::from_be_bytes(*bytes),
            check: u32::from_be_bytes(of_value),
        })
    }
}

fn entry_key(name: &str) -> Vec<u8> {
    [&[ENTRY], name.as_bytes()].concat()
}

fn piece_key(name: &str, generation: u64, piece: u32) -> Vec<u8> {
    [&[PIECES], name.as_bytes(), &[0], &generation.to_be_bytes(), &piece.to_be_bytes()].concat()
}

fn entry(tree: &Tree, name: &str) -> Result<Option<Entry>, Doubt> {
    let Some(bytes) = guarded(|| tree.get(entry_key(name)))? else { return Ok(None) };
    Entry::decode(&bytes).map(Some).ok_or_else(|| Doubt::Saved(name.to_owned()))
}

/// Writes a value beside the one before it, then the entry that names it, then removes the old pieces.
pub(super) fn save(tree: &Tree, name: &str, at: u64, chunks: impl Iterator<Item: AsRef<[u8]>>) -> Result<(), Doubt> {
    let generation = entry(tree, name)?.map_or(0, |old| old.generation + 1);
    let mut written = Entry { at, generation, bytes: 0, check: 0 };
    let mut pieces = 0;
    let mut put = |piece: &[u8]| {
        written.bytes += piece.len() as u64;
        written.check = crc32c::crc32c_append(written.check, piece);
        let key = piece_key(name, generation, pieces);
        pieces += 1;
        guarded(|| tree.insert(key, piece)).map(drop)
    };
    let mut rest: Vec<u8> = Vec::new();
    for chunk in chunks {
        rest.extend_from_slice(chunk.as_ref());
        let (whole, tail) = rest.split_at(rest.len() / PIECE * PIECE);
        whole.chunks(PIECE).try_for_each(&mut put)?;
        rest = tail.to_vec();
    }
    rest.chunks(PIECE).try_for_each(&mut put)?;
    guarded(|| tree.insert(entry_key(name), written.encode()))?;
    remove_others(tree, name, generation)
}

/// Removes the pieces of all generations but one: the one before, and any whose entry was never written.
fn remove_others(tree: &Tree, name: &str, keep: u64) -> Result<(), Doubt> {
    let prefix = [&[PIECES], name.as_bytes(), &[0]].concat();
    let kept = piece_key(name, keep, 0)..=piece_key(name, keep, u32::MAX);
    let mut removed = Batch::default();
    for item in guarded_items(tree.scan_prefix(prefix)) {
        let (key, _) = item?;
        if !kept.contains(&key.to_vec()) {
            removed.remove(key);
        }
    }
    guarded(|| tree.apply_batch(removed))
}

/// Reads a saved value and the size it was saved at.
pub(super) fn load(tree: &Tree, name: &str) -> Result<Option<(u64, Vec<u8>)>, Doubt> {
    let Some(entry) = entry(tree, name)? else { return Ok(None) };
    let doubt = || Doubt::Saved(name.to_owned());
    let mut value = Vec::new();
    let pieces = piece_key(name, entry.generation, 0)..=piece_key(name, entry.generation, u32::MAX);
    for item in guarded_items(tree.range(pieces)) {
        value.extend_from_slice(&item?.1);
    }
    if value.len() as u64 != entry.bytes || crc32c::crc32c(&value) != entry.check {
        return Err(doubt());
    }
    Ok(Some((entry.at, value)))
}
