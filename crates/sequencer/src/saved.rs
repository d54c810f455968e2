//! The state at a size, kept in the database so that a restart replays only what came after.
//!
//! A save is a head, a list of chunks by name and digest, and the chunks in pieces under their digest: what did not change
//! is not written again, and a piece that a list names is never overwritten. The head goes in last, so a crash anywhere
//! leaves the save before it. A save that cannot be loaded to the last byte is no save, and the journal is replayed instead.

use std::collections::BTreeMap;

use bytes::Bytes;
use primitives::Hash;

use crate::column::Column;
use crate::edge::Edge;
use crate::ledger::{CHECK_BYTES, CHUNK_ENTRIES, Ledger, decode_tags, encode_tags};
use crate::views::{self, META, SAVED, STATE};
use crate::{Changes, Chunk, Law, ViewError, Views};

const VERSION: u8 = 1;
/// Bytes of a piece, the last one excepted: a block of the database.
const PIECE: usize = 8 << 10;
/// Names of the law's chunks begin so, those of the sequencer do not.
const LAW: &str = "law/";
const EDGE: &str = "edge";
const COLUMN: &str = "column/";

/// A chunk as a list names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    digest: Hash,
    bytes: u32,
}

/// Head and list of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// [`Law::fingerprint`] of the law whose state it is.
    pub(crate) fingerprint: [u8; 32],
    pub(crate) size: u64,
    /// Root of the tree of that size.
    pub(crate) root: Hash,
    pub(crate) last_millis: u64,
    chunks: BTreeMap<String, Listed>,
}

impl Manifest {
    /// Version (1) ‖ fingerprint (32) ‖ size (8) ‖ root (32) ‖ last received-at (8) ‖ digest (32) and bytes (4) of the list
    /// ‖ first bytes of the SHA-256 of all that (8). Numbers are big-endian.
    fn encode_head(&self, list: Listed) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.fingerprint);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(&self.root.0);
        bytes.extend_from_slice(&self.last_millis.to_be_bytes());
        bytes.extend_from_slice(&list.digest.0);
        bytes.extend_from_slice(&list.bytes.to_be_bytes());
        let check = Hash::of(&bytes);
        bytes.extend(check.0.iter().take(CHECK_BYTES));
        bytes
    }

    /// A head, its list still empty, and where the list is.
    fn decode_head(bytes: &[u8]) -> Option<(Self, Listed)> {
        let (bytes, check) = bytes.split_last_chunk::<CHECK_BYTES>()?;
        let rest = bytes.strip_prefix(&[VERSION]).filter(|_| Hash::of(bytes).0.starts_with(check))?;
        let (fingerprint, rest) = rest.split_first_chunk()?;
        let (size, rest) = rest.split_first_chunk()?;
        let (root, rest) = rest.split_first_chunk()?;
        let (last_millis, rest) = rest.split_first_chunk()?;
        let (digest, rest) = rest.split_first_chunk()?;
        let list = Listed { digest: Hash(*digest), bytes: u32::from_be_bytes(rest.try_into().ok()?) };
        let (size, last_millis) = (u64::from_be_bytes(*size), u64::from_be_bytes(*last_millis));
        let chunks = BTreeMap::new();
        Some((Self { fingerprint: *fingerprint, size, root: Hash(*root), last_millis, chunks }, list))
    }

    /// For each chunk, by name: length of the name (1), name, digest (32), bytes (4).
    fn encode_list(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, Listed { digest, bytes: length }) in &self.chunks {
            bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            bytes.extend(name.bytes().take(usize::from(u8::MAX)));
            bytes.extend_from_slice(&digest.0);
            bytes.extend_from_slice(&length.to_be_bytes());
        }
        bytes
    }

    fn decode_list(mut bytes: &[u8]) -> Option<BTreeMap<String, Listed>> {
        let mut chunks = BTreeMap::new();
        while let Some((length, rest)) = bytes.split_first() {
            let (name, rest) = rest.split_at_checked(usize::from(*length))?;
            let (digest, rest) = rest.split_first_chunk()?;
            let (length, rest) = rest.split_first_chunk()?;
            let listed = Listed { digest: Hash(*digest), bytes: u32::from_be_bytes(*length) };
            chunks.insert(std::str::from_utf8(name).ok()?.to_owned(), listed);
            bytes = rest;
        }
        Some(chunks)
    }
}

/// A save: what the database holds, and the state that it is of.
pub(crate) struct Save<L: Law> {
    pub(crate) manifest: Manifest,
    /// Where the list is.
    list: Listed,
    view: L::View,
}

/// All that a save needs, held apart from the writer, so that it can be written while the log goes on.
pub(crate) struct Snapshot<L: Law> {
    fingerprint: [u8; 32],
    size: u64,
    root: Hash,
    last_millis: u64,
    edge: Edge,
    tails: Vec<Vec<u64>>,
    view: L::View,
}

impl<L: Law> Snapshot<L> {
    pub(crate) fn of(ledger: &Ledger<L>, fingerprint: [u8; 32]) -> Self {
        Self {
            fingerprint,
            size: ledger.size(),
            root: ledger.frontier.root(),
            last_millis: ledger.last_millis,
            edge: ledger.edge.clone(),
            tails: ledger.tails.clone(),
            view: ledger.law.view(),
        }
    }

    /// Writes the save. `before` is the one that the database holds.
    ///
    /// A crash on the way leaves `before` as it was, and perhaps pieces that no list names, which cost room and nothing
    /// else.
    pub(crate) fn write(self, before: Option<&Save<L>>, views: &impl Views) -> Result<Save<L>, ViewError> {
        let old = before.map(|save| save.manifest.chunks.clone()).unwrap_or_default();
        let mut held: Vec<Listed> = old.values().copied().chain(before.map(|save| save.list)).collect();
        held.sort_unstable();
        let mut fresh = Fresh { held, changes: Changes::default() };
        let mut chunks = old;
        chunks.insert(EDGE.into(), fresh.add(&self.edge.encode()));
        for (number, tail) in self.tails.iter().enumerate() {
            chunks.insert(format!("{COLUMN}{number}"), fresh.add(&encode_tags(tail)));
        }
        for Chunk { name, bytes } in L::save(&self.view, before.map(|save| &save.view)) {
            chunks.insert(format!("{LAW}{name}"), fresh.add(&bytes));
        }
        let Self { fingerprint, size, root, last_millis, view, .. } = self;
        let manifest = Manifest { fingerprint, size, root, last_millis, chunks };
        let list = fresh.add(&manifest.encode_list());

        // 1. Chunks and list. A crash after this leaves pieces that no head leads to.
        let Fresh { held, changes } = fresh;
        views.apply(changes)?;
        // 2. The head, and what only the save before named goes. A database that loses the end of what was applied loses
        //    both or the second, never the first alone.
        let mut changes = Changes::default();
        changes.puts.put(META, SAVED, manifest.encode_head(list));
        let mut kept: Vec<Listed> = manifest.chunks.values().copied().chain([list]).collect();
        kept.sort_unstable();
        for listed in held.iter().filter(|listed| kept.binary_search(listed).is_err()) {
            keys(*listed).for_each(|key| changes.puts.remove(STATE, key));
        }
        views.apply(changes)?;
        // 3. A save that a crash takes back would have to be replayed.
        views.flush()?;
        Ok(Save { manifest, list, view })
    }
}

/// Chunks that the database is to get.
struct Fresh {
    /// What it holds already, in order.
    held: Vec<Listed>,
    changes: Changes,
}

impl Fresh {
    fn add(&mut self, bytes: &[u8]) -> Listed {
        let listed = Listed { digest: Hash::of(bytes), bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX) };
        if self.held.binary_search(&listed).is_err() {
            for (key, piece) in keys(listed).zip(bytes.chunks(PIECE)) {
                self.changes.puts.put(STATE, key, Bytes::copy_from_slice(piece));
            }
        }
        listed
    }
}

/// The keys of a chunk's pieces: digest (32) ‖ number of the piece (4, big-endian).
fn keys(chunk: Listed) -> impl Iterator<Item = [u8; 36]> {
    let pieces = chunk.bytes.div_ceil(u32::try_from(PIECE).unwrap_or(u32::MAX));
    (0..pieces).map(move |piece| {
        let mut key = [0; 36];
        let (digest, number) = key.split_at_mut(32);
        digest.copy_from_slice(&chunk.digest.0);
        number.copy_from_slice(&piece.to_be_bytes());
        key
    })
}

/// Why the save in the database is not used: a sentence for the operator's log.
#[derive(Debug)]
pub(crate) struct Doubt(pub(crate) String);

impl From<ViewError> for Doubt {
    fn from(error: ViewError) -> Self {
        Self(error.to_string())
    }
}

fn read(name: &str, chunk: Listed, views: &impl Views) -> Result<Bytes, Doubt> {
    let mut bytes = Vec::with_capacity(usize::try_from(chunk.bytes).unwrap_or_default().min(64 << 20));
    for key in keys(chunk) {
        let Some(piece) = views.get(STATE, &key)? else { break };
        bytes.extend_from_slice(&piece);
    }
    if Hash::of(&bytes) == chunk.digest {
        Ok(bytes.into())
    } else {
        Err(Doubt(format!("chunk {name} of the saved state is missing or damaged")))
    }
}

/// A head that was read, and where its list is.
pub(crate) struct Head {
    pub(crate) manifest: Manifest,
    list: Listed,
}

/// The head of the save in the database, if there is one that belongs to this law.
pub(crate) fn head(views: &impl Views, fingerprint: [u8; 32]) -> Result<Head, Doubt> {
    let bytes = views.get(META, SAVED)?.ok_or_else(|| Doubt("no state is saved".into()))?;
    let head = Manifest::decode_head(&bytes);
    let (manifest, list) = head.ok_or_else(|| Doubt("the saved state is of another version, or damaged".into()))?;
    if manifest.fingerprint != fingerprint {
        return Err(Doubt("the saved state was made under other rules".into()));
    }
    Ok(Head { manifest, list })
}

/// The ledger as it was saved. That the head's root is the journal's at that size is for the caller to check.
pub(crate) fn load<L: Law>(head: Head, rules: &L::Rules, views: &impl Views) -> Result<(Ledger<L>, Save<L>), Doubt> {
    let Head { mut manifest, list } = head;
    let chunks = Manifest::decode_list(&read("list", list, views)?);
    manifest.chunks = chunks.ok_or_else(|| Doubt("the list of the saved state is not as written".into()))?;
    let mut own = BTreeMap::new();
    let mut law = BTreeMap::new();
    for (name, chunk) in &manifest.chunks {
        let bytes = read(name, *chunk, views)?;
        match name.strip_prefix(LAW) {
            Some(name) => drop(law.insert(name.to_owned(), bytes)),
            None => drop(own.insert(name.as_str(), bytes)),
        }
    }
    let mut ledger = Ledger {
        law: L::load(rules, &law).map_err(|error| Doubt(format!("the saved state of the law: {error}")))?,
        last_millis: manifest.last_millis,
        ..Ledger::new(rules)
    };
    let size = manifest.size;
    let edge = own.get(EDGE).and_then(|bytes| Edge::decode(bytes, size));
    ledger.edge = edge.ok_or_else(|| Doubt("the saved edge of the tree is not of its size".into()))?;
    let frontier = ledger.edge.frontier(size).filter(|frontier| frontier.root() == manifest.root);
    ledger.frontier = frontier.ok_or_else(|| Doubt("the saved edge of the tree has another root".into()))?;
    for ((number, column), unfinished) in (0..).zip(&*ledger.columns).zip(&mut ledger.tails) {
        let tail = own.get(format!("{COLUMN}{number}").as_str());
        *unfinished = load_column(column, number, size, tail, views)?;
    }
    let view = ledger.law.view();
    Ok((ledger, Save { manifest, list, view }))
}

/// Fills a column up to `size`, and gives the tags of its unfinished chunk.
fn load_column(
    column: &Column,
    number: u8,
    size: u64,
    tail: Option<&Bytes>,
    views: &impl Views,
) -> Result<Vec<u64>, Doubt> {
    let width = CHUNK_ENTRIES as u64;
    let damaged = |chunk: u64| Doubt(format!("chunk {chunk} of lookup column {number} is missing or damaged"));
    let mut index = 0..;
    for chunk in 0..size / width {
        let bytes = views.get(views::COLUMNS, &views::column_key(number, chunk))?;
        let tags = bytes.and_then(|bytes| decode_tags(&bytes, CHUNK_ENTRIES)).ok_or_else(|| damaged(chunk))?;
        tags.iter().zip(&mut index).for_each(|(tag, index)| column.insert(*tag, index));
    }
    let count = usize::try_from(size % width).unwrap_or_default();
    let tail = tail.and_then(|bytes| decode_tags(bytes, count)).ok_or_else(|| damaged(size / width))?;
    tail.iter().zip(&mut index).for_each(|(tag, index)| column.insert(*tag, index));
    Ok(tail)
}

#[cfg(test)]
mod tests;
