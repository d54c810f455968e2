//! Lines of a manifest, judged on all cores and handed on in their order.
//!
//! One thread reads, one a core judges windows of lines, and the calling thread takes them in one after the other. Nothing holds more
//! than a few windows, so that a million lines take no more memory than ten thousand.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use primitives::Hash;
use verify::{Judged, Keyring, When, verify_many};

use super::registries::Registries;
use crate::manifest::{Item, Line, ManifestError, Reader};

/// Lines of the first window: a person waits for the first verdict.
const FIRST: usize = 64;
/// Lines of a full window: signatures of so many are best checked together.
const WINDOW: usize = verify::WINDOW;
/// Lines of the last windows, which are smaller so that all cores end together. Fewer would cost more than they spare.
const LAST: usize = 2_048;

/// Some lines and what was judged about their labels: in order, one for each line that is a label.
pub(crate) struct Window {
    pub(crate) lines: Vec<Line>,
    pub(crate) judged: Vec<Judged>,
    /// Bytes of the manifest read when these lines had been, and how many there are.
    pub(crate) progress: (u64, Option<u64>),
}

/// How the manifest ended.
pub(crate) struct End {
    /// SHA-256 of its bytes, where all could be read.
    pub(crate) hash: Option<Hash>,
    /// Why it was not read to its end.
    pub(crate) error: Option<ManifestError>,
}

struct Job {
    place: usize,
    lines: Vec<Line>,
    progress: (u64, Option<u64>),
}

/// Judges all lines; `take` gets each window in order, and says whether to go on.
pub(crate) fn run<E>(
    mut reader: Reader,
    registries: &Registries<'_>,
    when: When,
    seed: &[u8; 32],
    mut take: impl FnMut(Window) -> Result<bool, E>,
) -> Result<End, E> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let (jobs, next_job) = sync_channel::<Job>(workers);
        // Only the workers hold it: when they have gone, the reader is told.
        let next_job = Arc::new(Mutex::new(next_job));
        let (done, finished) = sync_channel::<(usize, Window)>(workers);
        let reading = scope.spawn(move || {
            let error = read(&mut reader, workers, &jobs).err();
            End { hash: reader.finish(), error }
        });
        for _ in 0..workers {
            let (next_job, done) = (Arc::clone(&next_job), done.clone());
            scope.spawn(move || judge(&next_job, &done, registries, when, seed));
        }
        drop((next_job, done));
        let result = in_order(&finished, &mut take);
        // Whoever still judges finds nobody to tell, and the reader nobody to read for.
        drop(finished);
        let end = reading.join().unwrap_or(End { hash: None, error: Some(ManifestError::Stopped) });
        result.map(|()| end)
    })
}

fn read(reader: &mut Reader, workers: usize, jobs: &SyncSender<Job>) -> Result<(), ManifestError> {
    let (mut most, mut read) = (FIRST, 0);
    for place in 0.. {
        let lines = reader.window(most)?;
        let progress = reader.progress();
        read += lines.len();
        if lines.is_empty() || jobs.send(Job { place, lines, progress }).is_err() {
            break;
        }
        most = (most * 4).min(share(read, progress, workers));
    }
    Ok(())
}

/// What each core gets of the lines that are left, as far as those read let us guess how many that is.
fn share(lines: usize, (read, of): (u64, Option<u64>), workers: usize) -> usize {
    let left = of.map(|of| u128::from(of.saturating_sub(read)) * lines as u128 / u128::from(read.max(1)));
    let share = left.map_or(WINDOW, |left| usize::try_from(left).unwrap_or(usize::MAX) / workers);
    share.clamp(LAST, WINDOW)
}

fn judge(
    jobs: &Mutex<Receiver<Job>>,
    done: &SyncSender<(usize, Window)>,
    registries: &Registries<'_>,
    when: When,
    seed: &[u8; 32],
) {
    let mut keyring = Keyring::default();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { place, lines, progress }) = job else { return };
        let texts: Vec<&str> = lines.iter().filter_map(text).collect();
        let known = |label: &label::Label| registries.known(label);
        let judged = verify_many(&texts, &known, registries.trust(), when, &mut keyring, seed);
        if done.send((place, Window { lines, judged, progress })).is_err() {
            return;
        }
    }
}

fn text(line: &Line) -> Option<&str> {
    match &line.item {
        Item::Label(label) => Some(&label.text),
        Item::Quantity(_) | Item::Fault(_) => None,
    }
}

fn in_order<E>(
    finished: &Receiver<(usize, Window)>,
    take: &mut impl FnMut(Window) -> Result<bool, E>,
) -> Result<(), E> {
    let (mut next, mut early) = (0, BTreeMap::new());
    for (place, window) in finished {
        early.insert(place, window);
        while let Some(window) = early.remove(&next) {
            next += 1;
            if !take(window)? {
                return Ok(());
            }
        }
    }
    Ok(())
}
