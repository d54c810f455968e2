//! Torn, damaged and faulty: every byte, every bit, every write.

#![expect(clippy::cast_possible_truncation, reason = "sizes and offsets of journals of a few kilobytes")]

mod damage;
mod faults;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use super::{FileJournal, OpenError, Options, SimDisk};
use crate::contract::record;
use crate::{Journal, Record};

/// Two sectors of header and mark, and room for a few records.
const TINY: Options = Options { smallest: 4096, largest: 4096, ahead: false };

/// Runs a future without a runtime: thousands of journals are opened here, and a pool of threads for each would take longer
/// than the journals do.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

fn open(disk: &SimDisk) -> Result<FileJournal<SimDisk>, OpenError> {
    FileJournal::open_with(disk.clone(), TINY)
}

/// Appends records of these numbers of entries, from where the journal stands.
async fn append_all(journal: &FileJournal<SimDisk>, sizes: &[u64]) {
    for size in sizes {
        journal.append(journal.len(), &record(journal.entries(), *size)).await.unwrap();
    }
}

async fn read_all(journal: &FileJournal<SimDisk>) -> Vec<Record> {
    let mut records = Vec::new();
    for seq in 0..journal.len() {
        records.push(journal.read(seq).await.unwrap().unwrap());
    }
    records
}
