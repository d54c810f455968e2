//! Bringing the snapshot on a shelf up to date.
//!
//! A download that goes on where it was interrupted and one that brings an older snapshot up to date are the same thing: chunks that
//! are at hand, by digest, are not fetched. Nothing that comes over the network is used before its digest was checked.

use registry::{SnapshotHead, SnapshotIndex};
use tlog::OpenedCheckpoint;
use verify::{OpenedSnapshot, TwoNotes};

use crate::shelf::{Chunks, Part, Shelf};
use crate::{Error, Registry};

/// Bytes asked for at once: what a slow line brings before the request's time is over.
const STEP: u64 = 512 * 1024;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncProgress {
    /// Bytes of the new body that are here.
    pub done: u64,
    /// Bytes that it has.
    pub of: u64,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Synced {
    /// Entries of the log that the snapshot is of.
    pub entries: u64,
    /// Entries of the one before, if there was one.
    pub before: Option<u64>,
    /// Bytes that came over the network.
    pub fetched: u64,
    /// Bytes of the body.
    pub length: u64,
}

impl Registry<'_> {
    /// Fetches the registry's newest snapshot to the shelf, if it is newer than the one there.
    ///
    /// The new checkpoint is proved to extend the newest one seen, on the shelf and anywhere else on this device.
    ///
    /// # Errors
    /// [`Error`]; the snapshot on the shelf is as it was. [`Error::RolledBack`] and [`Error::Inconsistent`] keep both checkpoints as
    /// evidence.
    pub fn sync(&self, shelf: &Shelf, progress: &dyn Fn(SyncProgress)) -> Result<Synced, Error> {
        let trusted = self.trusted();
        let folder = shelf.folder(&trusted.policy.origin);
        let _lock = folder.lock()?;
        // What is damaged is fetched again; what is there and was signed is never gone back from.
        let old = shelf.head(trusted).unwrap_or_default();
        let head = self.fetch_head()?;
        self.check_against(old.as_ref().map(|old| old.checkpoint()), head.checkpoint())?;
        self.check_quorum(&head)?;
        if let Some(old) = &old {
            self.one_snapshot(old, &head)?;
        }
        let before = old.as_ref().map(|old| old.checkpoint().size());
        let (entries, length) = (head.checkpoint().size(), head.body_length());
        let is_same = old.as_ref().is_some_and(|old| old.index_digest() == head.index_digest());
        if is_same && let Ok(same) = shelf.open_as(&head, trusted) {
            self.check_bound(&same)?;
            if old.is_some_and(|old| old.produced_at() < head.produced_at()) {
                folder.replace_head(&head)?;
            }
            return Ok(Synced { entries, before, fetched: 0, length });
        }
        let mut fetch = Fetch {
            registry: self,
            path: format!("/v1/snapshot/{}", head.index_digest()),
            part: folder.part(&head)?,
            length,
            fetched: 0,
            progress,
        };
        let at_hand = old.and_then(|old| folder.chunks_at_hand(&old, trusted));
        let index = fetch.index(&head)?;
        fetch.chunks(&index, at_hand.as_ref())?;
        let Fetch { part, fetched, .. } = fetch;
        self.check_bound(&part.open(&head, trusted)?)?;
        folder.replace(part, &head)?;
        Ok(Synced { entries, before, fetched, length })
    }

    /// The head of the registry's newest snapshot. Its checkpoint is held against the newest one seen.
    ///
    /// # Errors
    /// [`Error`].
    pub fn snapshot_head(&self) -> Result<SnapshotHead, Error> {
        let head = self.fetch_head()?;
        self.check_against(None, head.checkpoint())?;
        self.check_quorum(&head)?;
        Ok(head)
    }

    /// The same; `None` where what answers is a copy of the log that has no snapshot, such as a folder of static files.
    ///
    /// # Errors
    /// [`Error`].
    pub fn snapshot_head_if_any(&self) -> Result<Option<SnapshotHead>, Error> {
        match self.snapshot_head() {
            Err(Error::Refused(refused)) if refused.is_nothing_there() || refused.code == "no_snapshot" => Ok(None),
            head => head.map(Some),
        }
    }

    fn check_quorum(&self, head: &SnapshotHead) -> Result<(), Error> {
        let checked = self.trusted().quorum.check(head.checkpoint());
        checked.map(|_| ()).map_err(|error| Error::NoQuorum { origin: self.origin(), error })
    }

    /// One tree has one snapshot: two bodies for it are two states shown of one log, to whomever each was shown.
    fn one_snapshot(&self, old: &SnapshotHead, new: &SnapshotHead) -> Result<(), Error> {
        let is_one_tree = old.checkpoint().size() == new.checkpoint().size();
        if !is_one_tree || old.index_digest() == new.index_digest() {
            return Ok(());
        }
        let (older, newer) = (old.note().to_string(), new.note().to_string());
        let evidence = self.keep_notes(&TwoNotes { older, newer, other_root: None });
        Err(Error::TwoSnapshots { origin: self.origin(), size: new.checkpoint().size(), evidence })
    }

    /// What a registry says to this device is what it has bound into its log for everybody.
    fn check_bound(&self, snapshot: &OpenedSnapshot) -> Result<(), Error> {
        let Some(index) = snapshot.bound_at() else { return Ok(()) };
        let size = snapshot.head().checkpoint().size();
        let checked = snapshot.check_bound(&self.bundle_entry(index, size)?);
        checked.map_err(|error| Error::NotBound { origin: self.origin(), error })
    }

    fn fetch_head(&self) -> Result<SnapshotHead, Error> {
        let note = self.http().get("/v1/snapshot", "text/plain", crate::http::TILE_LIMIT)?;
        verify::open_head(&note, self.trusted())
            .map_err(|error| Error::Snapshot { origin: self.origin(), error: error.into() })
    }

    /// Never go back: not behind the snapshot on the shelf, and in no contradiction to anything seen. That the snapshot is a minute
    /// older than a checkpoint seen elsewhere is no fault: it is made once a minute.
    fn check_against(&self, old: Option<&OpenedCheckpoint>, new: &OpenedCheckpoint) -> Result<(), Error> {
        if let Some(old) = old {
            self.agree(old, new)?;
            if new.size() < old.size() {
                return Err(self.rolled_back(old, new));
            }
        }
        self.advance(None, new)
    }
}

struct Fetch<'a> {
    registry: &'a Registry<'a>,
    path: String,
    part: Part,
    length: u64,
    fetched: u64,
    progress: &'a dyn Fn(SyncProgress),
}

impl Fetch<'_> {
    /// The index, from what is here or from the network.
    fn index(&mut self, head: &SnapshotHead) -> Result<SnapshotIndex, Error> {
        let trusted = self.registry.trusted();
        if let Some(Ok(index)) = self.part.index(head, trusted) {
            return Ok(index);
        }
        self.part.cut(0)?;
        self.fetch_to(u64::from(head.index_length()))?;
        let index = self.part.index(head, trusted).unwrap_or(Err(verify::OpenSnapshotError::WrongDigest));
        index.map_err(|error| {
            // Not to be stumbled over again.
            drop(self.part.cut(0));
            Error::Snapshot { origin: self.registry.origin(), error }
        })
    }

    /// Every chunk, in order.
    fn chunks(&mut self, index: &SnapshotIndex, at_hand: Option<&Chunks>) -> Result<(), Error> {
        let places: Vec<_> = index.places().collect();
        for (place, chunk) in places.iter().enumerate() {
            let end = chunk.offset + u64::from(chunk.length);
            let whole = |part: &Part| {
                part.read(chunk.offset, chunk.length).is_some_and(|bytes| primitives::Hash::of(&bytes) == chunk.digest)
            };
            if whole(&self.part) {
                continue;
            }
            // Complete and wrong, or cut off in the middle: the latter is gone on with.
            if self.part.length()? >= end {
                self.part.cut(chunk.offset)?;
            }
            if self.part.length()? == chunk.offset
                && let Some(bytes) = at_hand.and_then(|chunks| chunks.read(&chunk.digest))
            {
                self.part.append(&bytes)?;
                self.tell()?;
                continue;
            }
            // With it, the ones after it that are not at hand either, as far as one request goes.
            let mut ahead = end;
            for next in places.iter().skip(place + 1) {
                if ahead - self.part.length()? >= STEP || at_hand.is_some_and(|chunks| chunks.has(&next.digest)) {
                    break;
                }
                ahead = next.offset + u64::from(next.length);
            }
            let was_begun_before = self.part.length()? > chunk.offset;
            self.fetch_to(ahead)?;
            if was_begun_before && !whole(&self.part) {
                // A crash may have left its last bytes torn.
                self.part.cut(chunk.offset)?;
                self.fetch_to(end)?;
            }
            if !whole(&self.part) {
                self.part.cut(chunk.offset)?;
                let error = registry::DecodeError::WrongDigest(format!("at byte {}", chunk.offset));
                return Err(Error::Snapshot { origin: self.registry.origin(), error: error.into() });
            }
        }
        self.part.cut(self.length)?;
        Ok(())
    }

    /// Fetches up to this offset of the body.
    fn fetch_to(&mut self, end: u64) -> Result<(), Error> {
        loop {
            let start = self.part.length()?;
            if start >= end {
                return Ok(());
            }
            let bytes = self.registry.http().get_range(&self.path, start, (end - start).min(STEP))?;
            self.fetched += bytes.len() as u64;
            self.part.append(&bytes)?;
            self.tell()?;
        }
    }

    fn tell(&self) -> Result<(), Error> {
        (self.progress)(SyncProgress { done: self.part.length()?, of: self.length });
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
