//! How far a long read is, on a terminal; nowhere else.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// Between two changes of the line.
const EVERY: Duration = Duration::from_millis(200);

/// A line on standard error that is written over, and cleared at the end.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    is_shown: bool,
    last: Option<Instant>,
}

impl Progress {
    /// Nothing is shown before the first of [`EVERY`] is over: what is quick needs no telling.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, is_shown: stderr().is_terminal(), last: Some(Instant::now()) }
    }

    /// So many entries of so many.
    pub(crate) fn at(&mut self, entries: u64, of: u64) {
        if !self.is_shown || self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        let percent = entries.saturating_mul(100).checked_div(of).unwrap_or(100);
        // A terminal that is gone is no reason to stop.
        drop(write!(stderr(), "\r\x1b[K{} {entries} of {of} entries, {percent} %", self.what));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            drop(write!(stderr(), "\r\x1b[K"));
        }
    }
}
