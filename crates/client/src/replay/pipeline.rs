//! Entries on their way into a replay: fetched ahead, hashed and opened on all cores, folded in order.
//!
//! ```text
//! readers ──bundles──► this thread ──chunks, in turn──► worker 0: hash, read, verify ─┐ fold
//!                                                       worker 1: hash, read, verify ─┤ in turn
//! ```
//! Whatever is folded is passed from worker to worker, like a baton: each folds the chunk that it opened, when its turn comes. So
//! what it allocated it also frees, while the other one is busy with the next chunk, and memory is bounded by the chunks under way.

use std::panic;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use primitives::Hash;
use registry::{Opened, Opener};
use tlog::leaf_hash;

use crate::entries::Fetched;
use crate::{Error, Registry};

/// Bundles of a chunk: with 256 entries each, most that a larger batch of signatures would gain is gained.
const CHUNK: usize = 16;
/// A chunk of larger bundles ends earlier, with the one that goes beyond this many bytes: a registry decides how large entries are.
const CHUNK_BYTES: usize = 16 << 20;

/// What grows by the entries of a log, in order.
pub(super) trait Growing: Send {
    /// Takes the next entries in, with their leaf hashes, as they were opened by `opener`.
    fn grow(&mut self, entries: &[&[u8]], leaves: &[Hash], opened: Vec<Opened>, opener: &mut Opener);
}

/// Some bundles, and the index of the first entry.
struct Chunk {
    first: u64,
    bundles: Vec<Fetched>,
}

/// Reads the entries from `start` to `size` into what grows. `openers`: one for each worker.
pub(super) fn run(
    registry: &Registry<'_>,
    (start, size): (u64, u64),
    openers: Vec<Opener>,
    growing: &mut dyn Growing,
) -> Result<(), Error> {
    thread::scope(|scope| {
        // The first worker gets from the last.
        let batons: Vec<_> = openers.iter().map(|_| sync_channel(1)).collect();
        let (mut give, take): (Vec<_>, Vec<_>) = batons.into_iter().unzip();
        if let Some(first) = give.first() {
            // The channel is empty, and its other end is here.
            let _ = first.send(growing);
        }
        let count = give.len();
        give.rotate_left(1.min(count));
        let (chunks, workers): (Vec<_>, Vec<_>) = openers
            .into_iter()
            .zip(give.into_iter().zip(take))
            .map(|(opener, (next, turn))| {
                // A worker that is busy has no chunk in store: those that wait are with the readers.
                let (chunks, work) = sync_channel(0);
                (chunks, scope.spawn(move || Worker { registry, opener, turn, next }.run(&work)))
            })
            .unzip();
        let fetched = distribute(registry, (start, size), &chunks);
        drop(chunks);
        // A panic there is this program's fault, and must not look like the registry's.
        let ended = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        ended.fold(fetched, Result::and)
    })
}

/// Gives each worker its chunk in turn.
fn distribute(registry: &Registry<'_>, (start, size): (u64, u64), workers: &[SyncSender<Chunk>]) -> Result<(), Error> {
    let mut turns = workers.iter().cycle();
    // A worker that is gone has told why.
    let mut give = |chunk: Chunk| turns.next().is_some_and(|worker| worker.send(chunk).is_ok());
    let (mut chunk, mut next, mut bytes) = (Vec::with_capacity(CHUNK), start, 0);
    let mut first = start;
    registry.bundles(start, size, |fetched| {
        bytes += fetched.len();
        next += fetched.count();
        chunk.push(fetched);
        if chunk.len() < CHUNK && bytes < CHUNK_BYTES {
            return Ok(true);
        }
        bytes = 0;
        let bundles = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
        Ok(give(Chunk { first: std::mem::replace(&mut first, next), bundles }))
    })?;
    if !chunk.is_empty() {
        give(Chunk { first, bundles: chunk });
    }
    Ok(())
}

struct Worker<'r, 'g> {
    registry: &'r Registry<'r>,
    opener: Opener,
    turn: Receiver<&'g mut dyn Growing>,
    next: SyncSender<&'g mut dyn Growing>,
}

impl Worker<'_, '_> {
    fn run(mut self, chunks: &Receiver<Chunk>) -> Result<(), Error> {
        for Chunk { first, bundles } in chunks {
            let count = bundles.iter().map(Fetched::count).sum::<u64>();
            let count = usize::try_from(count).unwrap_or_default();
            let (mut entries, mut leaves, mut unusable) = (Vec::with_capacity(count), Vec::with_capacity(count), None);
            // Each entry is found, hashed and read in one go: the first fetches its bytes from memory, which takes longest.
            let found = bundles.iter().flat_map(Fetched::entries);
            let found = found.map_while(|entry| entry.map_err(|error| unusable = Some(error)).ok()).inspect(|entry| {
                entries.push(*entry);
                leaves.push(leaf_hash(entry));
            });
            let opened = self.opener.open(first, count, found);
            if let Some(error) = unusable {
                return Err(self.registry.unusable(error));
            }
            // The worker before has ended, and told why.
            let Ok(growing) = self.turn.recv() else { return Ok(()) };
            growing.grow(&entries, &leaves, opened, &mut self.opener);
            // The one after has: nothing is left to fold.
            if self.next.send(growing).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }
}
