//! A journal in memory: for tests and for trying things out. It is gone with the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::{AppendError, Journal, ReadError, Record};

/// A [`Journal`] in memory. Durable means here: as long as the value lives.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use store::{Bytes, Journal, MemoryJournal, Record};
/// let journal = MemoryJournal::new();
/// let record = Record { first_index: 0, entries: vec![Bytes::from_static(b"first")], tree_size: 1, root: [0; 32] };
/// journal.append(0, &record).await?;
/// assert_eq!(journal.read(0).await?, Some(record.clone()));
/// assert_eq!(journal.append(0, &record).await.unwrap_err().code(), "journal_taken");
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryJournal {
    records: Mutex<Vec<Record>>,
}

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn records(&self) -> MutexGuard<'_, Vec<Record>> {
        // Nothing that holds the lock can panic half way: a push is the only change.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    async fn append(&self, seq: u64, record: &Record) -> Result<(), AppendError> {
        // Encoded and decoded, so that this backend refuses what the others refuse, and shares no memory with the caller.
        let copy = Record::decode(Bytes::from(record.encode()?))?;
        let mut records = self.records();
        let next = records.len() as u64;
        if seq < next {
            return Err(AppendError::Taken(seq));
        }
        if seq > next {
            return Err(AppendError::Gap { seq, next });
        }
        let expected = records.last().map_or(0, |last| last.tree_size);
        if record.first_index != expected {
            return Err(AppendError::NotNext { first_index: record.first_index, expected });
        }
        records.push(copy);
        Ok(())
    }

    async fn read(&self, seq: u64) -> Result<Option<Record>, ReadError> {
        Ok(usize::try_from(seq).ok().and_then(|seq| self.records().get(seq).cloned()))
    }

    fn len(&self) -> u64 {
        self.records().len() as u64
    }

    fn entries(&self) -> u64 {
        self.records().last().map_or(0, |last| last.tree_size)
    }

    fn locate(&self, index: u64) -> Option<u64> {
        let records = self.records();
        if index >= records.last().map_or(0, |last| last.tree_size) {
            return None;
        }
        Some(records.partition_point(|record| record.tree_size <= index) as u64)
    }
}
