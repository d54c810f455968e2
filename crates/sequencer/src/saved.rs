//! The state at a size, kept in the database so that a restart replays only what came after.
//!
//! A save is a list of chunks by name and digest, and the chunks by digest: what did not change is not written again, and
//! a chunk that a list names is never overwritten. The list goes in last, so a crash anywhere leaves the save before it.
//! A save that cannot be loaded to the last byte is no save, and the journal is replayed instead.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use primitives::Hash;

use crate::column::Column;
use crate::edge::Edge;
use crate::ledger::{CHUNK_ENTRIES, Ledger, decode_tags, encode_tags};
use crate::views::{self, Changes, SAVED, STATE};
use crate::{Chunk, Law, ViewError, Views};

const VERSION: u8 = 1;
/// Names of the law's chunks begin so, those of the sequencer do not.
const LAW: &str = "law/";
const EDGE: &str = "edge";
const COLUMN: &str = "column/";

/// The list of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// [`Law::fingerprint`] of the law whose state it is.
    pub(crate) fingerprint: [u8; 32],
    pub(crate) size: u64,
    /// Root of the tree of that size.
    pub(crate) root: Hash,
    pub(crate) last_millis: u64,
    /// The digest of each chunk, by name.
    pub(crate) chunks: BTreeMap<String, Hash>,
}

impl Manifest {
    /// Version (1) ‖ fingerprint (32) ‖ size (8) ‖ root (32) ‖ last received-at (8) ‖ for each chunk: length of the name
    /// (1), name, digest (32). Numbers are big-endian.
    fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.fingerprint);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(&self.root.0);
        bytes.extend_from_slice(&self.last_millis.to_be_bytes());
        for (name, digest) in &self.chunks {
            bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            bytes.extend(name.bytes().take(usize::from(u8::MAX)));
            bytes.extend_from_slice(&digest.0);
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&[VERSION])?;
        let (fingerprint, rest) = rest.split_first_chunk()?;
        let (size, rest) = rest.split_first_chunk()?;
        let (root, rest) = rest.split_first_chunk()?;
        let (last_millis, mut rest) = rest.split_first_chunk()?;
        let mut chunks = BTreeMap::new();
        while let Some((length, after)) = rest.split_first() {
            let (name, after) = after.split_at_checked(usize::from(*length))?;
            let (digest, after) = after.split_first_chunk()?;
            chunks.insert(std::str::from_utf8(name).ok()?.to_owned(), Hash(*digest));
            rest = after;
        }
        Some(Self {
            fingerprint: *fingerprint,
            size: u64::from_be_bytes(*size),
            root: Hash(*root),
            last_millis: u64::from_be_bytes(*last_millis),
            chunks,
        })
    }

    fn digests(&self) -> BTreeSet<Hash> {
        self.chunks.values().copied().collect()
    }
}

/// What was saved last, and what is to be saved next.
pub(crate) struct Save<L: Law> {
    pub(crate) manifest: Manifest,
    pub(crate) view: L::View,
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
    /// A crash on the way leaves `before` as it was and perhaps chunks that no list names; opening forgets those.
    pub(crate) fn write(self, before: Option<&Save<L>>, views: &impl Views) -> Result<Save<L>, ViewError> {
        let old = before.map(|save| save.manifest.chunks.clone()).unwrap_or_default();
        let mut list = List { held: old.values().copied().collect(), chunks: old, fresh: Changes::default() };
        list.add(EDGE.into(), &self.edge.encode());
        for (number, tail) in self.tails.iter().enumerate() {
            list.add(format!("{COLUMN}{number}"), &encode_tags(tail));
        }
        for Chunk { name, bytes } in L::save(&self.view, before.map(|save| &save.view)) {
            list.add(format!("{LAW}{name}"), &bytes);
        }
        let List { held, chunks, fresh } = list;
        let Self { fingerprint, size, root, last_millis, view, .. } = self;
        let manifest = Manifest { fingerprint, size, root, last_millis, chunks };
        let kept = manifest.digests();

        // 1. The chunks. A crash after this leaves chunks that no list names.
        views.apply(fresh)?;
        // 2. The list. From here on this save holds.
        let mut list = Changes::default();
        list.put(views::META, SAVED, manifest.encode());
        views.apply(list)?;
        // 3. The chunks that only the save before named. A crash before this leaves them for the next opening to forget.
        let removes = held.difference(&kept).map(|digest| (STATE, digest.0.to_vec())).collect();
        views.apply(Changes { removes, ..Changes::default() })?;
        Ok(Save { manifest, view })
    }
}

/// The list in the making.
struct List {
    /// Digests that the database holds.
    held: BTreeSet<Hash>,
    chunks: BTreeMap<String, Hash>,
    /// Chunks that it does not hold.
    fresh: Changes,
}

impl List {
    fn add(&mut self, name: String, bytes: &[u8]) {
        let digest = Hash::of(bytes);
        if self.held.insert(digest) {
            self.fresh.put(STATE, digest.0, bytes);
        }
        self.chunks.insert(name, digest);
    }
}

/// Why the save in the database is not used: a sentence for the operator's log.
#[derive(Debug)]
pub(crate) struct Doubt(pub(crate) String);

impl From<ViewError> for Doubt {
    fn from(error: ViewError) -> Self {
        Self(error.to_string())
    }
}

/// The list of the save in the database, if there is one that belongs to this law.
pub(crate) fn manifest(views: &impl Views, fingerprint: [u8; 32]) -> Result<Manifest, Doubt> {
    let bytes = views.get(views::META, SAVED)?.ok_or_else(|| Doubt("no state is saved".into()))?;
    let manifest = Manifest::decode(&bytes).ok_or_else(|| Doubt("the saved state is of another version".into()))?;
    if manifest.fingerprint != fingerprint {
        return Err(Doubt("the saved state was made under other rules".into()));
    }
    Ok(manifest)
}

/// The ledger as it was saved. That the list's root is the journal's at that size is for the caller to check.
pub(crate) fn load<L: Law>(
    manifest: Manifest,
    rules: &L::Rules,
    views: &impl Views,
) -> Result<(Ledger<L>, Save<L>), Doubt> {
    let mut own = BTreeMap::new();
    let mut law = BTreeMap::new();
    for (name, digest) in &manifest.chunks {
        let bytes = views.get(STATE, &digest.0)?.filter(|bytes| Hash::of(bytes) == *digest);
        let bytes = bytes.ok_or_else(|| Doubt(format!("chunk {name} of the saved state is missing or damaged")))?;
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
    for (number, column) in (0..).zip(&*ledger.columns) {
        let tail = own.get(format!("{COLUMN}{number}").as_str());
        ledger.tails[usize::from(number)] = load_column(column, number, size, tail, views)?;
    }
    let view = ledger.law.view();
    Ok((ledger, Save { manifest, view }))
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

/// Forgets chunks that no list names: what a crash between the steps of a save left.
pub(crate) fn forget_orphans(views: &impl Views, manifest: &Manifest) -> Result<(), ViewError> {
    let kept = manifest.digests();
    let mut removes = Vec::new();
    let mut after: Option<Bytes> = None;
    loop {
        let page = views.scan(STATE, &[], after.as_deref(), 64)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        let orphans = page.iter().filter(|(key, _)| {
            let digest = <[u8; 32]>::try_from(&**key);
            !digest.is_ok_and(|digest| kept.contains(&Hash(digest)))
        });
        removes.extend(orphans.map(|(key, _)| (STATE, key.to_vec())));
    }
    if removes.is_empty() {
        return Ok(());
    }
    views.apply(Changes { removes, ..Changes::default() })
}

#[cfg(test)]
mod tests;
