//! Reading a log's entries: several bundles are fetched at once and handed over in order, and all of them have to add up to a checkpoint.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use primitives::{Hash, base64};
use tlog::{Bundle, BundleError, Frontier, OpenedCheckpoint, TILE_WIDTH, TileKind, TilePath, leaf_hash, width_in};
use verify::BundleEntry;

use crate::http::TILE_LIMIT;
use crate::{Error, Refused, Registry, tiles};

/// Requests under way at once.
const READERS: usize = 4;
/// Bundles that each of them is ahead of whoever takes them.
const AHEAD: usize = 4;

/// An entry bundle as it came.
pub(crate) struct Fetched {
    buffer: Vec<u8>,
    /// Bytes of the buffer that are the bundle.
    length: usize,
    /// Its width.
    width: u16,
    /// Entries at its beginning that were read before.
    known: usize,
    buffers: Arc<Buffers>,
}

/// Buffers that were used, for what is fetched next: memory that is new to the process costs as much as reading into it.
#[derive(Default)]
struct Buffers(Mutex<Vec<Vec<u8>>>);

impl Buffers {
    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        let used = std::mem::take(&mut self.buffer);
        self.buffers.0.lock().unwrap_or_else(PoisonError::into_inner).push(used);
    }
}

/// Whoever reads a log. What it is shown is not to be believed before all of it added up.
pub trait LogReader {
    /// Some entries, and the index of the first.
    fn entries(&mut self, first: u64, entries: &[&[u8]]);
}

impl<F: FnMut(u64, &[&[u8]])> LogReader for F {
    fn entries(&mut self, first: u64, entries: &[&[u8]]) {
        self(first, entries);
    }
}

impl Fetched {
    /// Its entries, but for those read before; nothing follows an error.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Result<&[u8], BundleError>> {
        let all = Bundle::read(self.buffer.get(..self.length).unwrap_or_default(), self.width);
        all.enumerate().filter_map(|(place, entry)| (place >= self.known || entry.is_err()).then_some(entry))
    }

    /// How many they are.
    pub(crate) fn count(&self) -> u64 {
        u64::from(self.width).saturating_sub(self.known as u64)
    }

    /// How many bytes it has.
    pub(crate) const fn len(&self) -> usize {
        self.length
    }
}

impl Registry<'_> {
    /// The log's newest checkpoint. It extends the newest one seen on this device, and is remembered.
    ///
    /// # Errors
    /// [`Error::RolledBack`] and [`Error::Inconsistent`] keep both checkpoints as evidence; [`Error::NoQuorum`] where witnesses that
    /// the trust file asks for have not seen it.
    pub fn checkpoint(&self) -> Result<OpenedCheckpoint, Error> {
        let seen = self.newest()?;
        let note = self.http().get("/checkpoint", "text/plain", tlog::MAX_NOTE_SIZE as u64)?;
        let checkpoint = verify::open_checkpoint(&note, self.trusted())
            .map_err(|error| Error::Evidence { origin: self.origin(), error })?;
        self.advance(seen.as_ref(), &checkpoint)?;
        let quorum = self.trusted().quorum.check(&checkpoint);
        quorum.map_err(|error| Error::NoQuorum { origin: self.origin(), error })?;
        Ok(checkpoint)
    }

    /// Reads the log's entries from the size of `tree` up to that of a checkpoint, and adds them to the tree.
    ///
    /// # Errors
    /// [`Error::OtherRoot`] where the entries do not add up to the checkpoint. The tree is then of no use.
    pub fn entries(
        &self,
        tree: &mut Frontier,
        checkpoint: &OpenedCheckpoint,
        log: &mut dyn LogReader,
    ) -> Result<(), Error> {
        self.bundles(tree.size(), checkpoint.size(), |fetched| {
            let entries = fetched.entries().collect::<Result<Vec<_>, _>>().map_err(|error| self.unusable(error))?;
            log.entries(tree.size(), &entries);
            entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
            Ok(true)
        })?;
        self.adds_up(tree, checkpoint)
    }

    /// Whether a tree is that of a checkpoint.
    pub(crate) fn adds_up(&self, tree: &Frontier, checkpoint: &OpenedCheckpoint) -> Result<(), Error> {
        if tree.root() == checkpoint.root() && tree.size() == checkpoint.size() {
            return Ok(());
        }
        Err(Error::OtherRoot {
            origin: self.origin(),
            found: tree.root(),
            expected: checkpoint.root(),
            size: checkpoint.size(),
        })
    }

    /// Fetches the bundles of the entries from `start` to `size` and hands them over in order, as long as `take` says true.
    pub(crate) fn bundles(
        &self,
        start: u64,
        size: u64,
        mut take: impl FnMut(Fetched) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let width = u64::from(TILE_WIDTH);
        let (first, end) = (start / width, size.div_ceil(width));
        let buffers = Arc::<Buffers>::default();
        thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS)
                .map(|reader| {
                    let (bundles, next) = sync_channel(AHEAD);
                    let buffers = Arc::clone(&buffers);
                    scope.spawn(move || {
                        for index in (first..end).skip(reader).step_by(READERS) {
                            let mut buffer = buffers.take();
                            let bundle = self.bundle(index, size, &mut buffer);
                            let bundle = bundle.map(|(length, width)| (buffer, length, width));
                            let is_last = bundle.is_err();
                            // Whoever takes them has given up.
                            if bundles.send(bundle).is_err() || is_last {
                                return;
                            }
                        }
                    });
                    next
                })
                .collect();
            for (index, reader) in (first..end).zip(readers.iter().cycle()) {
                // A reader ends only after its last bundle or an error.
                let Ok(bundle) = reader.recv() else { break };
                let (buffer, length, width_here) = bundle?;
                let known = usize::try_from(start.saturating_sub(index * width)).unwrap_or(usize::MAX);
                if !take(Fetched { buffer, length, width: width_here, known, buffers: Arc::clone(&buffers) })? {
                    break;
                }
            }
            Ok(())
        })
    }

    /// One entry's bytes, not proved.
    pub(crate) fn entry(&self, index: u64, size: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let (length, width) = self.bundle(index / u64::from(TILE_WIDTH), size, &mut bytes)?;
        let bundle =
            Bundle::decode(bytes.get(..length).unwrap_or_default(), width).map_err(|error| self.unusable(error))?;
        let place = usize::try_from(index % u64::from(TILE_WIDTH)).unwrap_or(usize::MAX);
        bundle.entries().get(place).map(|entry| entry.to_vec()).ok_or_else(|| self.unusable("a bundle ends too early"))
    }

    /// An entry with the proof that it is in the tree of this size, which is not verified here.
    pub(crate) fn bundle_entry(&self, index: u64, size: u64) -> Result<BundleEntry, Error> {
        let entry = base64::encode(&self.entry(index, size)?);
        let proof = tiles::inclusion(self.http(), index, size)?;
        Ok(BundleEntry { index, entry, proof: proof.iter().map(Hash::to_base64).collect() })
    }

    /// An entry bundle's length in the buffer, and its width. A partial one that is gone is looked for as the full one.
    fn bundle(&self, index: u64, size: u64, buffer: &mut Vec<u8>) -> Result<(usize, u16), Error> {
        let width = width_in(0, index, size);
        let path = TilePath::new(TileKind::Entries, index, width).map_err(|error| self.unusable(error))?;
        let limit = usize::try_from(TILE_LIMIT).unwrap_or(usize::MAX);
        let mut fetch =
            |path: &TilePath| self.http().get_into(&format!("/{path}"), "application/octet-stream", limit, buffer);
        match fetch(&path) {
            Err(Error::Refused(Refused { status: 404, .. })) if !path.is_full() => {
                let length = fetch(&path.to_full())?;
                let bytes = buffer.get(..length).unwrap_or_default();
                let prefix = Bundle::prefix(bytes, width).map_err(|error| self.unusable(error))?;
                Ok((prefix.len(), width))
            }
            length => Ok((length?, width)),
        }
    }

    pub(crate) fn unusable(&self, error: impl ToString) -> Error {
        Error::Answer { url: format!("log of {}", self.origin()), why: error.to_string() }
    }
}
