//! Opening sled so that nothing it does to a broken folder reaches the caller as a panic or a hang.
//!
//! sled 0.34.7 never panicked in 540 trials on damaged folders, but its code holds 310 unwraps, asserts and panics, some of them
//! on threads of its own, after which a call may wait for ever. So it is opened on a thread that is given up after a
//! while, and each later call is guarded. What it says of a damaged file is not believed either: of 120 cuts and flips in
//! its `db` file it opened 107 times without an error, and then showed other contents 72 times, again without one. The
//! checks of runs and of private data are our own.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Doubt;

/// How long opening may take. Recovery reads the whole file once; at 100 MB/s that is 12 GB.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the lock of a database that this process has just closed may live on: sled's threads let go of it late.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
/// sled moves a tree's node to a file of its own once it exceeds a quarter of this, and never syncs that file. A node
/// holds up to 17 values of up to 16 KiB, so it stays inside.
const SEGMENT_BYTES: usize = 2 << 20;

/// How sled is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tuning {
    pub(crate) cache_bytes: u64,
    pub(crate) flush_every: Duration,
}

/// Opens a sled folder, or makes one.
pub(crate) fn open_sled(folder: &Path, tuning: Tuning) -> Result<sled::Db, Doubt> {
    remove_leftovers(folder).map_err(|error| Doubt::Sled(error.to_string()))?;
    let config = sled::Config::new()
        .path(folder)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(tuning.cache_bytes)
        .use_compression(false)
        .flush_every_ms(Some(u64::try_from(tuning.flush_every.as_millis()).unwrap_or(u64::MAX)));
    let (send, answer) = channel();
    let opening = thread::Builder::new().name("sled-opening".into()).spawn(move || {
        let deadline = Instant::now() + LOCK_PATIENCE;
        let result = loop {
            match guarded(|| config.open()) {
                Err(Doubt::Sled(why)) if why.contains("could not acquire lock") && Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(20));
                }
                result => break result,
            }
        };
        // Nobody listens once the wait is given up.
        let _ = send.send(result);
    });
    opening.map_err(|error| Doubt::Sled(error.to_string()))?;
    match answer.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Doubt::Hangs(PATIENCE)),
        Err(RecvTimeoutError::Disconnected) => Err(Doubt::Panicked("while opening".into())),
    }
}

/// A `snap.*.generating` is a file that sled was writing when it ended. It takes it for the newest, finds it torn, and
/// refuses to open; the one it was to replace is still there.
fn remove_leftovers(folder: &Path) -> std::io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Runs a call of sled's; a panic in it is a doubt like any other.
pub(crate) fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, Doubt> {
    // Whatever state a panic leaves sled in, a database in doubt is not used again.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|error| Doubt::Sled(error.to_string())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(Doubt::Panicked(text.unwrap_or_default()))
        }
    }
}

/// The items of one of sled's iterators, each step guarded.
pub(crate) fn guarded_items<T>(
    mut items: impl Iterator<Item = sled::Result<T>>,
) -> impl Iterator<Item = Result<T, Doubt>> {
    std::iter::from_fn(move || guarded(|| items.next().transpose()).transpose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_panics_become_doubts() {
        assert_eq!(guarded(|| Ok(7)), Ok(7));
        let error = guarded::<()>(|| Err(sled::Error::Unsupported("this".into())));
        assert!(matches!(error, Err(Doubt::Sled(why)) if why.contains("this")));
        assert_eq!(guarded::<()>(|| panic!("as {}", "said")), Err(Doubt::Panicked("as said".into())));
        assert_eq!(guarded::<()>(|| panic!("plainly")), Err(Doubt::Panicked("plainly".into())));
        let mut items = 0..3;
        let panics_at_one =
            std::iter::from_fn(|| items.next().map(|item| if item == 1 { panic!("at one") } else { Ok(item) }));
        let items: Vec<_> = guarded_items(panics_at_one).take(2).collect();
        assert_eq!(items, [Ok(0), Err(Doubt::Panicked("at one".into()))]);
    }

    #[test]
    fn a_lock_that_is_let_go_of_late_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let tuning = Tuning { cache_bytes: 1 << 20, flush_every: Duration::from_secs(1) };
        let db = open_sled(folder.path(), tuning).unwrap();
        let holder = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            drop(db);
        });
        open_sled(folder.path(), tuning).unwrap();
        holder.join().unwrap();
    }
}
