//! Replaying a registry's log: every entry read, hashed and folded here, so that nothing rests on the registry's word.

use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::thread;

use registry::{Opened, State};
use tlog::{Bundle, Frontier, OpenedCheckpoint, TILE_WIDTH, TileKind, TilePath, leaf_hash, width_in};

use crate::http::TILE_LIMIT;
use crate::{Error, Refused, Registry};

/// Entry bundles that are fetched before the first of them is folded.
const AHEAD: usize = 8;

impl Registry<'_> {
    /// Reads the log's entries up to a checkpoint's size, checks that they add up to its root, and folds them under the policy of the
    /// trust file. `progress` is told how many entries have been folded.
    ///
    /// # Errors
    /// [`Error::OtherRoot`] where the entries do not add up to the checkpoint.
    pub fn replay(&self, checkpoint: &OpenedCheckpoint, progress: &dyn Fn(u64)) -> Result<State, Error> {
        let size = checkpoint.size();
        let (mut state, mut tree) = (State::new(self.trusted().policy.clone()), Frontier::new());
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        thread::scope(|scope| {
            let (bundles, next) = sync_channel(AHEAD);
            scope.spawn(move || {
                for index in 0..size.div_ceil(u64::from(TILE_WIDTH)) {
                    let bundle = self.bundle(index, size);
                    let is_last = bundle.is_err();
                    // Whoever folds has given up.
                    if bundles.send(bundle).is_err() || is_last {
                        return;
                    }
                }
            });
            for bundle in next {
                let (bytes, width) = bundle?;
                let bundle = Bundle::decode(&bytes, width).map_err(|error| self.unusable(error))?;
                let entries = bundle.entries();
                let opened = open(&state, entries, workers);
                for (entry, opened) in entries.iter().zip(opened) {
                    tree.push(leaf_hash(entry));
                    state.fold_opened(entry, opened);
                }
                progress(state.size());
            }
            Ok::<_, Error>(())
        })?;
        if tree.root() != checkpoint.root() {
            return Err(Error::OtherRoot {
                origin: self.origin(),
                found: tree.root(),
                expected: checkpoint.root(),
                size,
            });
        }
        Ok(state)
    }

    /// An entry bundle and its width. A partial one that is gone is looked for as the full one.
    fn bundle(&self, index: u64, size: u64) -> Result<(Vec<u8>, u16), Error> {
        let width = width_in(0, index, size);
        let path = TilePath::new(TileKind::Entries, index, width).map_err(|error| self.unusable(error))?;
        let fetch = |path: &TilePath| self.http().get(&format!("/{path}"), "application/octet-stream", TILE_LIMIT);
        match fetch(&path) {
            Err(Error::Refused(Refused { status: 404, .. })) if !path.is_full() => {
                let bytes = fetch(&path.to_full())?;
                let prefix = Bundle::prefix(&bytes, width).map_err(|error| self.unusable(error))?;
                Ok((prefix.to_vec(), width))
            }
            bytes => Ok((bytes?, width)),
        }
    }

    fn unusable(&self, error: impl ToString) -> Error {
        Error::Answer { url: format!("log of {}", self.origin()), why: error.to_string() }
    }
}

/// Reads entries and checks their signatures on all cores: the costly part.
fn open(state: &State, entries: &[&[u8]], workers: usize) -> Vec<Opened> {
    let (first, part) = (state.size(), entries.len().div_ceil(workers).max(1));
    thread::scope(|scope| {
        let parts = entries.chunks(part).zip((first..).step_by(part)).map(|(entries, first)| {
            scope.spawn(move || {
                let indexed = entries.iter().zip(first..);
                indexed.map(|(entry, index)| state.open(index, entry)).collect::<Vec<_>>()
            })
        });
        let parts: Vec<_> = parts.collect();
        // A panic here is this program's fault, and must not look like the registry's.
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
