//! Statements of the log by their indexes, each with the proof that it is in the log; several at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client::StoredStatement;
use indicatif::{ProgressBar, ProgressStyle};

use crate::desk::Desk;
use crate::failure::Failure;

/// Requests at a time: a registry answers them from memory, and the way there and back is what takes time.
const AT_ONCE: usize = 8;

/// Fetches statements, in the order of the indexes. The first that fails ends it.
pub(crate) fn statements(desk: &Desk, indexes: &[u64]) -> Result<Vec<StoredStatement>, Failure> {
    let bar = progress(indexes.len());
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(None));
    let fetch = || {
        let (registry, mut fetched) = (desk.registry(), Vec::new());
        while let Some(index) = indexes.get(next.fetch_add(1, Ordering::Relaxed)) {
            match registry.statement(*index) {
                Ok(stored) => fetched.push(stored),
                Err(error) => {
                    // The others stop too.
                    next.store(indexes.len(), Ordering::Relaxed);
                    let mut failed = failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    failed.get_or_insert((*index, error));
                }
            }
            bar.inc(1);
        }
        fetched
    };
    let mut fetched: Vec<StoredStatement> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE.min(indexes.len())).map(|_| scope.spawn(fetch)).collect();
        // A panic here is this program's fault, and must not look like the registry's.
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    bar.finish_and_clear();
    if let Some((index, error)) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        let (count, all) = (fetched.len(), indexes.len());
        return Err(Failure::from(error).or_hint(format!(
            "{count} of {all} statements were fetched, entry {index} was not: nothing is listed; run it again"
        )));
    }
    fetched.sort_unstable_by_key(|stored| stored.index);
    Ok(fetched)
}

/// Statements fetched and the time left, on standard error where that is a terminal.
fn progress(count: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} statements {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
