//! The bytes of a manifest on their way to whoever reads them: counted for the progress, hashed for the record.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use primitives::{Hash, Hasher};

/// How much has been read of how much, seen from another thread.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    read: AtomicU64,
    /// [`UNKNOWN`] for a stream.
    total: AtomicU64,
}

const UNKNOWN: u64 = u64::MAX;

impl Progress {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self(Arc::new(Counts { read: AtomicU64::new(0), total: AtomicU64::new(total.unwrap_or(UNKNOWN)) }))
    }

    pub(super) fn now(&self) -> (u64, Option<u64>) {
        let total = self.0.total.load(Ordering::Relaxed);
        (self.0.read.load(Ordering::Relaxed), (total != UNKNOWN).then_some(total))
    }

    /// Counts from the beginning again, what is to be done now that all bytes are there.
    pub(super) fn restart(&self, total: u64) {
        self.0.read.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn add(&self, read: usize) {
        self.0.read.fetch_add(read as u64, Ordering::Relaxed);
    }
}

/// A stream whose bytes are counted and hashed.
pub(super) struct Metered<R> {
    inner: R,
    /// `None` after bytes that could not be read.
    hasher: Option<Hasher>,
    progress: Progress,
}

impl<R: Read> Metered<R> {
    pub(super) fn new(inner: R, progress: Progress) -> Self {
        Self { inner, hasher: Some(Hasher::new()), progress }
    }

    /// SHA-256 of all bytes read; `None` where some could not be.
    pub(super) fn finish(self) -> Option<Hash> {
        self.hasher.map(Hasher::finish)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(read) => {
                if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..read)) {
                    hasher.update(bytes);
                }
                self.progress.add(read);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.hasher = None;
                Err(error)
            }
        }
    }
}
