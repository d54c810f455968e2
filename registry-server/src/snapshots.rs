//! The snapshot for verifiers without a network: made in the background, kept as files, served as they are.
//!
//! ```text
//! <data>/snapshots/<SHA-256 of the index, hex>    a body; never changes
//! ```
//!
//! A body is made from the published State, which readers and the writer share without waiting for each other. Bodies can be
//! made again at any time, so nothing here is synced to the disk for safety.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use primitives::{Hash, Timestamp};
use registry::{SnapshotHead, State};
use sequencer::Published;
use tokio::sync::watch;

use crate::app::App;
use crate::log_key::LogKey;

/// How long a body stays after a newer one has come: whoever is reading it can end.
const KEPT: Duration = Duration::from_secs(3600);
/// Most bodies kept, however young.
const MOST: usize = 8;

/// When snapshots are made.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// How often the log is looked at; a log that has not grown has its head signed anew, with the time.
    pub every: Duration,
    /// How long the registry stands by a snapshot.
    pub lifetime: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { every: Duration::from_secs(60), lifetime: Duration::from_secs(30 * 86_400) }
    }
}

/// The newest snapshot, and how to make the next.
#[derive(Debug)]
pub(crate) struct Snapshots {
    folder: PathBuf,
    /// None on a mirror, which shows heads that its source signed.
    key: Option<LogKey>,
    schedule: Schedule,
    head: ArcSwapOption<Bytes>,
}

impl Snapshots {
    pub(crate) fn new(folder: PathBuf, key: Option<LogKey>, schedule: Schedule) -> Self {
        Self { folder, key, schedule, head: ArcSwapOption::empty() }
    }

    /// The newest head: none before the first snapshot after a start.
    pub(crate) fn head(&self) -> Option<Bytes> {
        self.head.load().as_deref().cloned()
    }

    /// Where the body with this digest lies, if its name is one.
    pub(crate) fn body(&self, digest: &str) -> Option<PathBuf> {
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_digest.then(|| self.folder.join(digest))
    }

    /// Shows this head, whose body is there.
    pub(crate) fn show(&self, head: Bytes) {
        self.head.store(Some(Arc::new(head)));
    }

    /// Makes the body of a log, where it is not there yet, and removes those that nobody should still be reading.
    pub(crate) fn make_body(&self, published: &Published<State>) -> anyhow::Result<()> {
        let body = published.view.snapshot();
        let path = self.folder.join(Hash::of(body.index()).to_string());
        if !path.exists() {
            std::fs::create_dir_all(&self.folder)?;
            write(&path, body.pieces()).with_context(|| path.display().to_string())?;
            tracing::info!(entries = published.size, bytes = body.length(), "a snapshot was made");
        }
        self.clear(&path);
        Ok(())
    }

    fn make(&self, published: &Published<State>, checkpoint: &str, now: Timestamp) -> anyhow::Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        self.make_body(published)?;
        let body = published.view.snapshot();
        let lifetime = u64::try_from(self.schedule.lifetime.as_millis()).unwrap_or(u64::MAX);
        let expires = Timestamp::from_millis(now.millis().saturating_add(lifetime));
        let head = SnapshotHead::sign(&body, checkpoint, now, expires, key)?;
        self.show(head.to_string().into());
        Ok(())
    }

    /// Removes bodies that nobody should still be reading. What cannot be removed stays.
    fn clear(&self, current: &Path) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mut bodies: Vec<(SystemTime, PathBuf)> = entries
            .filter_map(|entry| Some((entry.as_ref().ok()?.metadata().ok()?.modified().ok()?, entry.ok()?.path())))
            .filter(|(_, path)| path != current)
            .collect();
        bodies.sort_unstable_by(|a, b| b.cmp(a));
        for (place, (made, path)) in bodies.iter().enumerate() {
            if place + 1 >= MOST || made.elapsed().is_ok_and(|age| age > KEPT) {
                drop(std::fs::remove_file(path));
            }
        }
    }
}

/// Makes snapshots until told to stop.
pub(crate) async fn keep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        let log = app.log();
        let mut every = app.snapshots.schedule.every;
        // A clock that cannot be trusted dates nothing.
        if log.clock().is_ok() {
            let (app, of, now) = (Arc::clone(&app), app.snapshot_of(), app.now());
            drop(log);
            match of {
                Some((published, checkpoint)) => {
                    let make = move || app.snapshots.make(&published, &checkpoint, now);
                    if let Ok(Err(error)) = tokio::task::spawn_blocking(make).await {
                        tracing::error!(error = crate::causes::told(error.as_ref()), "the snapshot could not be made");
                    }
                }
                // Witnesses answer soon.
                None => every = every.min(Duration::from_secs(1)),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Writes a file that is there whole or not at all.
fn write(path: &Path, pieces: impl Iterator<Item = Vec<u8>>) -> std::io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = BufWriter::new(std::fs::File::create(&unfinished)?);
    for piece in pieces {
        file.write_all(&piece)?;
    }
    // A name must not outlive its bytes in a crash.
    file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(&unfinished, path)
}
