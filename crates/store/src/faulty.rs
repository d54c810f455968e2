//! A journal that fails on order, for the tests of whoever writes one (feature `testing`).
//!
//! It wraps a real backend and lies about nothing else: what was persisted is read back from that backend.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::{AppendError, Damage, DamageKind, Journal, ReadError, Record};

/// On which side of the durable point an append fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The append fails and the record is not there.
    Before,
    /// The append fails although the record is there: the case where an answer was lost.
    After,
}

/// What a read of a record gives in place of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// The device fails.
    Io,
    /// The backend notices damage.
    Damaged,
    /// The backend notices nothing: the first entry comes back with a bit turned over.
    Altered,
    /// The record is not found.
    Absent,
}

#[derive(Debug, Default)]
struct Orders {
    appends: u64,
    append_faults: BTreeMap<u64, Fault>,
    read_faults: BTreeMap<u64, ReadFault>,
    fenced: BTreeSet<u64>,
    poisoned: bool,
}

/// A [`Journal`] that fails where told, and is poisoned from its first failed append until [`Faulty::reopen`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use store::{Bytes, Fault, Faulty, Journal, MemoryJournal, Record};
/// let journal = Faulty::new(MemoryJournal::new());
/// journal.fail_append(0, Fault::After);
/// let record = Record { first_index: 0, entries: vec![Bytes::from_static(b"first")], tree_size: 1, root: [0; 32] };
/// assert_eq!(journal.append(0, &record).await.unwrap_err().code(), "journal_io");
/// assert_eq!(journal.append(1, &record).await.unwrap_err().code(), "journal_poisoned");
/// journal.reopen();
/// assert_eq!(journal.read(0).await?, Some(record)); // It was persisted all the same.
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Faulty<J> {
    inner: J,
    orders: Mutex<Orders>,
}

impl<J: Journal> Faulty<J> {
    /// Wraps a backend; without orders it behaves as that backend does.
    pub fn new(inner: J) -> Self {
        Self { inner, orders: Mutex::default() }
    }

    /// Makes the `nth` call of `append` fail, counted from 0 over the life of this value, refused calls included.
    pub fn fail_append(&self, nth: u64, fault: Fault) {
        self.orders().append_faults.insert(nth, fault);
    }

    /// Makes every read of record `seq` give something else, until [`Faulty::heal`].
    pub fn fail_read(&self, seq: u64, fault: ReadFault) {
        self.orders().read_faults.insert(seq, fault);
    }

    /// Makes an append of record `seq` find that another writer was there first.
    pub fn fence(&self, seq: u64) {
        self.orders().fenced.insert(seq);
    }

    /// Number of calls of `append` so far: the range of `nth` to run through in an exhaustive test.
    pub fn appends(&self) -> u64 {
        self.orders().appends
    }

    /// Takes back all orders.
    pub fn heal(&self) {
        let mut orders = self.orders();
        *orders = Orders { appends: orders.appends, poisoned: orders.poisoned, ..Orders::default() };
    }

    /// What closing and opening the journal again does: appends are accepted from where the backend stands.
    pub fn reopen(&self) {
        self.orders().poisoned = false;
    }

    /// The backend itself.
    pub fn inner(&self) -> &J {
        &self.inner
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J: Journal> Journal for Faulty<J> {
    async fn append(&self, seq: u64, record: &Record) -> Result<(), AppendError> {
        let fault = {
            let mut orders = self.orders();
            let nth = orders.appends;
            orders.appends += 1;
            if orders.poisoned {
                return Err(AppendError::Poisoned("an injected fault struck before".into()));
            }
            if orders.fenced.contains(&seq) {
                return Err(AppendError::Taken(seq));
            }
            let fault = orders.append_faults.remove(&nth);
            orders.poisoned = fault.is_some();
            fault
        };
        if fault != Some(Fault::Before) {
            self.inner.append(seq, record).await?;
        }
        match fault {
            None => Ok(()),
            Some(fault) => Err(AppendError::Io {
                seq,
                step: format!("injected: {fault:?}"),
                source: io::Error::other("injected fault"),
            }),
        }
    }

    async fn read(&self, seq: u64) -> Result<Option<Record>, ReadError> {
        let fault = self.orders().read_faults.get(&seq).copied();
        let file = || format!("record {seq}").into();
        match fault {
            None => self.inner.read(seq).await,
            Some(ReadFault::Io) => Err(ReadError::Io { file: file(), source: io::Error::other("injected fault") }),
            Some(ReadFault::Damaged) => {
                Err(Damage { file: file(), offset: 0, seq: Some(seq), what: DamageKind::Checksum }.into())
            }
            Some(ReadFault::Absent) => Ok(None),
            Some(ReadFault::Altered) => Ok(self.inner.read(seq).await?.map(altered)),
        }
    }

    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn entries(&self) -> u64 {
        self.inner.entries()
    }

    fn locate(&self, index: u64) -> Option<u64> {
        self.inner.locate(index)
    }
}

fn altered(mut record: Record) -> Record {
    if let Some(first) = record.entries.first_mut() {
        let mut bytes = first.to_vec();
        match bytes.last_mut() {
            Some(byte) => *byte ^= 1,
            None => bytes.push(0),
        }
        *first = Bytes::from(bytes);
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryJournal;
    use crate::contract::record;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
    }

    #[test]
    fn the_nth_append_fails_on_its_side_of_the_durable_point() {
        run(async {
            for (fault, kept) in [(Fault::Before, 1), (Fault::After, 2)] {
                let journal = Faulty::new(MemoryJournal::new());
                journal.fail_append(1, fault);
                journal.append(0, &record(0, 1)).await.unwrap();
                assert_eq!(journal.append(1, &record(1, 1)).await.unwrap_err().code(), "journal_io");
                assert_eq!((journal.len(), journal.inner().len()), (kept, kept));
                assert_eq!(journal.append(kept, &record(kept, 1)).await.unwrap_err().code(), "journal_poisoned");
                journal.reopen();
                journal.append(kept, &record(kept, 1)).await.unwrap();
                assert_eq!(journal.appends(), 4);
            }
        });
    }

    #[test]
    fn reads_give_what_was_ordered_until_healed() {
        run(async {
            let journal = Faulty::new(MemoryJournal::new());
            journal.append(0, &record(0, 2)).await.unwrap();
            let read = async |fault| {
                journal.fail_read(0, fault);
                journal.read(0).await
            };
            assert_eq!(read(ReadFault::Io).await.unwrap_err().code(), "journal_io");
            assert_eq!(read(ReadFault::Damaged).await.unwrap_err().code(), "journal_checksum");
            assert_eq!(read(ReadFault::Absent).await.unwrap(), None);
            let altered = read(ReadFault::Altered).await.unwrap().unwrap();
            assert!(altered != record(0, 2) && altered.root == record(0, 2).root);
            journal.heal();
            assert_eq!(journal.read(0).await.unwrap(), Some(record(0, 2)));
        });
    }

    #[test]
    fn a_fenced_number_is_taken() {
        run(async {
            let journal = Faulty::new(MemoryJournal::new());
            journal.fence(0);
            assert!(matches!(journal.append(0, &record(0, 1)).await, Err(AppendError::Taken(0))));
            journal.heal();
            journal.append(0, &record(0, 1)).await.unwrap();
        });
    }
}
