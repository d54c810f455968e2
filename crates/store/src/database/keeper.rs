//! The thread that moves changes from memory into sled, and merges runs, while the log goes on.
//!
//! A run is written in two steps that a crash may come between: blocks, then the entry. Merging is the same, with an entry
//! that takes the place of several. So whatever a crash leaves, the runs that have entries are whole, and the last of them
//! says up to where the views are complete.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::directory::Place;
use super::merge::Merge;
use super::opening::guarded;
use super::run::Run;
use super::{Doubt, Memory, Views};

/// So many runs of a size are merged into one. Lookups try every run, and every change is rewritten once for each
/// eightfold: with eight, a million statements lie in about ten runs, and were written twice.
const FAN: usize = 8;

/// What the keeper is asked to do.
#[derive(Debug, Default)]
struct Asked {
    seals: u64,
    done: u64,
    /// A merge is under way.
    merging: bool,
    /// A merge has ended: there may be another one to do.
    merged: bool,
    stop: bool,
}

/// Asks the keeper, and waits for it.
#[derive(Debug, Default)]
pub(super) struct Bell {
    asked: Mutex<Asked>,
    rung: Condvar,
    /// Tells a merge under way that nobody waits for it.
    stopping: AtomicBool,
}

impl Bell {
    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for what is in memory now to be written; gives the number to wait for.
    pub(super) fn ask(&self) -> u64 {
        let mut asked = self.asked();
        asked.seals += 1;
        self.rung.notify_all();
        asked.seals
    }

    /// Waits until that was done, well or not.
    pub(super) fn wait(&self, number: u64) {
        let mut asked = self.asked();
        while asked.done < number {
            asked = self.rung.wait(asked).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the keeper end once it has done what it was asked.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.asked().stop = true;
        self.rung.notify_all();
    }

    /// The keeper's side: waits for something to do, and gives the number up to which to seal; `None` to end.
    fn next(&self) -> Option<u64> {
        let mut asked = self.asked();
        loop {
            if asked.seals > asked.done || std::mem::take(&mut asked.merged) {
                return Some(asked.seals);
            }
            if asked.stop {
                return None;
            }
            asked = self.rung.wait(asked).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn merged(&self) {
        let mut asked = self.asked();
        (asked.merging, asked.merged) = (false, true);
        self.rung.notify_all();
    }

    /// Whether a merge may begin now: one at a time, and none once nobody waits for it.
    fn may_merge(&self) -> bool {
        !self.asked().merging && !self.stopping.load(Ordering::Relaxed)
    }

    fn done(&self, number: u64) {
        self.asked().done = number;
        self.rung.notify_all();
    }
}

/// Whoever waits for the keeper is let go when it ends, also by a panic.
struct LetGo<'a>(&'a Views);

impl Drop for LetGo<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            note(self.0, Err(Doubt::Panicked("the keeper of the views".into())));
        }
        self.0.bell.done(u64::MAX);
    }
}

/// Runs until it is told to stop.
pub(super) fn keep(views: &Arc<Views>) {
    let _let_go = LetGo(views);
    let mut merging: Option<JoinHandle<()>> = None;
    let mut done = 0;
    while let Some(number) = views.bell.next() {
        if number > done {
            note(views, seal(views));
            views.bell.done(number);
            done = number;
        }
        if views.bell.may_merge() {
            merging = begin_merge(views).or(merging);
        }
    }
    if let Some(merging) = merging {
        let _ = merging.join();
    }
}

/// Merges on a thread of its own: what is gathered meanwhile does not wait for it.
fn begin_merge(views: &Arc<Views>) -> Option<JoinHandle<()>> {
    let group = views.read(|inner| if inner.doubt.is_none() { group(&inner.runs) } else { Vec::new() });
    if group.is_empty() {
        return None;
    }
    views.bell.asked().merging = true;
    let merging = Merging(views.clone());
    let thread = std::thread::Builder::new().name("views-merge".into());
    let thread = thread.spawn(move || note(&merging.0, merge(&merging.0, &group)));
    if thread.is_err() {
        // Without a thread to spare, lookups try more runs; the next seal tries again.
        views.bell.asked().merged = false;
    }
    thread.ok()
}

/// A merge under way; that it has ended is told also after a panic, or if it never began.
struct Merging(Arc<Views>);

impl Drop for Merging {
    fn drop(&mut self) {
        if std::thread::panicking() {
            note(&self.0, Err(Doubt::Panicked("the merging of runs".into())));
        }
        self.0.bell.merged();
    }
}

fn note(views: &Views, result: Result<(), Doubt>) {
    if let Err(why) = result {
        views.write(|inner| inner.doubt.get_or_insert(why).clone());
    }
}

/// Writes what is gathered in memory as a run.
fn seal(views: &Views) -> Result<(), Doubt> {
    let work = views.write(|inner| {
        if inner.doubt.is_some() || (inner.gathering.is_empty() && inner.kept == inner.marker) {
            return None;
        }
        inner.sealing = Arc::new(std::mem::take(&mut inner.gathering));
        inner.bytes = 0;
        let place = inner.runs.last().map_or(0, |last| last.last + 1);
        Some((inner.sealing.clone(), place, inner.marker))
    });
    let Some((memory, place, marker)) = work else { return Ok(()) };
    let run = write(views, &memory, place, marker)?;
    views.write(|inner| {
        inner.runs.push(Arc::new(run));
        inner.sealing = Arc::default();
        inner.kept = marker;
    });
    Ok(())
}

fn write(views: &Views, memory: &Memory, place: u32, marker: u64) -> Result<Run, Doubt> {
    let mut changes = memory.iter();
    let next = || Ok::<_, Doubt>(changes.next().map(|(key, value)| (key.clone(), value.clone())));
    let place = Place { id: views.next_id(), first: place, last: place, marker };
    let run = views.directory.write(place, memory.len() as u64, next)?;
    // In the system's hands: from here on it outlives the process.
    guarded(|| views.db.flush())?;
    Ok(run)
}

/// The newest runs that are to be merged: the fewest that are as small as each other.
fn group(runs: &[Arc<Run>]) -> Vec<Arc<Run>> {
    let sizes: Vec<usize> = runs.iter().map(|run| run.fences.len()).collect();
    runs.get(group_begin(&sizes)..).unwrap_or_default().to_vec()
}

/// Where the group begins in runs of these numbers of blocks; their end if there is none.
fn group_begin(sizes: &[usize]) -> usize {
    let tier = |size: usize| size.max(1).ilog(FAN);
    let tiers: Vec<u32> = sizes.iter().map(|size| tier(*size)).collect();
    let most = tiers.iter().copied().max().unwrap_or(0);
    let begins = (0..=most).map(|tier| tiers.iter().rposition(|other| *other > tier).map_or(0, |larger| larger + 1));
    begins.into_iter().find(|begin| sizes.len() - begin >= FAN).unwrap_or(sizes.len())
}

/// Why a merge ended early.
enum Ended {
    Stopped,
    Doubt(Doubt),
}

impl From<Doubt> for Ended {
    fn from(why: Doubt) -> Self {
        Self::Doubt(why)
    }
}

/// Writes one run in place of several.
fn merge(views: &Views, group: &[Arc<Run>]) -> Result<(), Doubt> {
    let (Some(oldest), Some(newest)) = (group.first(), group.last()) else { return Ok(()) };
    let place = Place { id: views.next_id(), first: oldest.first, last: newest.last, marker: newest.marker };
    let mut merged = Merge::default();
    merged.add_runs(group, &views.directory.blocks, b"")?;
    let next = || loop {
        if views.bell.stopping.load(Ordering::Relaxed) {
            return Err(Ended::Stopped);
        }
        match merged.next()? {
            // With nothing older below, a removal has done its work.
            Some((_, None)) if oldest.first == 0 => {}
            next => return Ok(next),
        }
    };
    let keys = group.iter().map(|run| run.keys).sum();
    let run = match views.directory.write(place, keys, next) {
        Ok(run) => Arc::new(run),
        // The blocks written so far have no entry; opening removes them.
        Err(Ended::Stopped) => return Ok(()),
        Err(Ended::Doubt(why)) => return Err(why),
    };
    views.write(|inner| {
        let begin = inner.runs.iter().position(|other| other.id == oldest.id);
        if let Some(begin) = begin {
            inner.runs.splice(begin..begin + group.len(), [run]);
        }
    });
    // A reader holds the lock as long as it reads, and the list has changed since: nobody reads these any more.
    views.directory.remove_blocks(|id| group.iter().any(|old| old.id == id))
}

#[cfg(test)]
mod tests {
    use super::group_begin;

    #[test]
    fn the_newest_runs_of_a_size_are_merged_once_there_are_eight() {
        assert_eq!(group_begin(&[]), 0);
        assert_eq!(group_begin(&[1; 7]), 7, "not yet");
        assert_eq!(group_begin(&[1; 8]), 0);
        assert_eq!(group_begin(&[[64; 2].as_slice(), &[1; 8]].concat()), 2, "the larger ones stay");
        assert_eq!(group_begin(&[[64; 7].as_slice(), &[1; 3]].concat()), 0, "small ones go along");
        assert_eq!(group_begin(&[600, 70, 1, 60, 2, 50, 3, 40, 4]), 1);
        assert_eq!(group_begin(&[1, 1, 1, 1, 1, 1, 1, 600]), 0, "older and smaller ones too");
        assert_eq!(group_begin(&[5000, 600, 70, 8, 1]), 5, "each larger than the next: nothing to do");
    }
}
