//! Replaying a registry's log: every entry read, hashed and folded here, so that nothing rests on the registry's word.

use std::num::NonZero;
use std::thread;

use registry::{Opened, State};
use tlog::{Frontier, OpenedCheckpoint};

use crate::{Error, Registry};

impl Registry<'_> {
    /// Reads the log's entries up to a checkpoint's size, checks that they add up to its root, and folds them under the policy of the
    /// trust file. `progress` is told how many entries have been folded.
    ///
    /// # Errors
    /// [`Error::OtherRoot`] where the entries do not add up to the checkpoint.
    pub fn replay(&self, checkpoint: &OpenedCheckpoint, progress: &dyn Fn(u64)) -> Result<State, Error> {
        let mut state = State::new(self.trusted().policy.clone());
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        self.entries(&mut Frontier::new(), checkpoint, &mut |_, entries| {
            let opened = open(&state, entries, workers);
            for (entry, opened) in entries.iter().zip(opened) {
                state.fold_opened(entry, opened);
            }
            progress(state.size());
        })?;
        Ok(state)
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
