//! What every [`Journal`] backend must do, as tests that any backend runs (feature `testing`).
//!
//! A backend gives a function that opens its storage; called again, it must show the same storage as a new process
//! would find it. Every test panics with what is broken.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! use std::sync::Arc;
//! store::contract::check(|| {
//!     let storage = Arc::new(store::MemoryJournal::new());
//!     move || storage.clone()
//! })
//! .await;
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::{AppendError, Journal, Record};

/// Runs every test, each on storage of its own that `fresh` makes.
pub async fn check<J: Journal, O: Fn() -> J>(fresh: impl Fn() -> O) {
    an_empty_journal_has_nothing(&fresh()()).await;
    what_was_appended_is_read(&fresh()()).await;
    what_was_appended_outlives_the_opening(fresh()).await;
    a_taken_number_stays_as_it_is(fresh()).await;
    a_number_past_the_end_leaves_no_gap(&fresh()()).await;
    records_chain(&fresh()()).await;
    what_is_no_record_is_refused(&fresh()()).await;
    each_entry_is_located(fresh()).await;
    any_bytes_are_entries(fresh()).await;
    of_two_writers_of_one_number_one_wins(&fresh()()).await;
    a_dropped_append_leaves_all_or_nothing(fresh()).await;
}

/// A record of `entries` entries that begins at `first_index`; each of these differs in every entry and in its root.
#[must_use]
pub fn record(first_index: u64, entries: u64) -> Record {
    let entry =
        |index: u64| Bytes::from(format!("entry {index} {}", "x".repeat(usize::try_from(index % 7).unwrap_or(0))));
    let tree_size = first_index + entries;
    let mut root = [0x5a; 32];
    for (byte, of_size) in root.iter_mut().zip(tree_size.to_be_bytes()) {
        *byte = of_size;
    }
    Record { first_index, entries: (first_index..tree_size).map(entry).collect(), tree_size, root }
}

async fn append(journal: &impl Journal, record: &Record) {
    let seq = journal.len();
    if let Err(error) = journal.append(seq, record).await {
        panic!("record {seq} is refused: {error}");
    }
}

async fn read(journal: &impl Journal, seq: u64) -> Option<Record> {
    match journal.read(seq).await {
        Ok(record) => record,
        Err(error) => panic!("record {seq} does not read: {error}"),
    }
}

async fn refusal(journal: &impl Journal, seq: u64, record: &Record) -> AppendError {
    let before = (journal.len(), journal.entries());
    let Err(error) = journal.append(seq, record).await else { panic!("record {seq} is accepted") };
    assert_eq!((journal.len(), journal.entries()), before, "a refused record changes the journal");
    error
}

async fn an_empty_journal_has_nothing(journal: &impl Journal) {
    assert!(journal.is_empty());
    assert_eq!((journal.len(), journal.entries(), journal.locate(0)), (0, 0, None));
    assert_eq!(read(journal, 0).await, None);
}

async fn what_was_appended_is_read(journal: &impl Journal) {
    let records = [record(0, 3), record(3, 1), record(4, 100)];
    for (seq, one) in (0..).zip(&records) {
        append(journal, one).await;
        assert_eq!((journal.len(), journal.entries()), (seq + 1, one.tree_size), "after record {seq}");
        assert_eq!(read(journal, seq).await.as_ref(), Some(one), "at once");
    }
    for (seq, one) in (0..).zip(&records) {
        assert_eq!(read(journal, seq).await.as_ref(), Some(one), "record {seq}, later");
    }
    assert_eq!(read(journal, 3).await, None);
    assert_eq!(read(journal, u64::MAX).await, None);
    assert!(!journal.is_empty());
}

async fn what_was_appended_outlives_the_opening<J: Journal>(open: impl Fn() -> J) {
    let mut tree_size = 0;
    for seq in 0..20 {
        let journal = open();
        assert_eq!((journal.len(), journal.entries()), (seq, tree_size), "after {seq} openings");
        let next = record(tree_size, 1 + seq % 4);
        append(&journal, &next).await;
        tree_size = next.tree_size;
        drop(journal);
        assert_eq!(read(&open(), seq).await, Some(next));
    }
}

async fn a_taken_number_stays_as_it_is<J: Journal>(open: impl Fn() -> J) {
    let journal = open();
    let (first, second) = (record(0, 2), record(2, 2));
    append(&journal, &first).await;
    append(&journal, &second).await;
    let other = Record { root: [1; 32], ..second.clone() };
    for (seq, repeat) in [(0, &first), (1, &second), (1, &other), (0, &record(4, 1))] {
        let error = refusal(&journal, seq, repeat).await;
        assert!(matches!(error, AppendError::Taken(taken) if taken == seq), "record {seq}: {error}");
    }
    append(&journal, &record(4, 1)).await;
    drop(journal);
    assert_eq!(read(&open(), 1).await, Some(second));
}

async fn a_number_past_the_end_leaves_no_gap(journal: &impl Journal) {
    append(journal, &record(0, 1)).await;
    for seq in [2, 3, u64::MAX] {
        let error = refusal(journal, seq, &record(1, 1)).await;
        assert!(matches!(error, AppendError::Gap { seq: found, next: 1 } if found == seq), "record {seq}: {error}");
    }
    append(journal, &record(1, 1)).await;
}

async fn records_chain(journal: &impl Journal) {
    let error = refusal(journal, 0, &record(1, 1)).await;
    assert!(matches!(error, AppendError::NotNext { first_index: 1, expected: 0 }), "{error}");
    append(journal, &record(0, 5)).await;
    for first_index in [0, 4, 6, 1 << 40] {
        let error = refusal(journal, 1, &record(first_index, 1)).await;
        let named = matches!(error, AppendError::NotNext { first_index: found, expected: 5 } if found == first_index);
        assert!(named, "{error}");
    }
    append(journal, &record(5, 1)).await;
}

async fn what_is_no_record_is_refused(journal: &impl Journal) {
    let empty = Record { entries: Vec::new(), tree_size: 0, ..record(0, 1) };
    assert_eq!(refusal(journal, 0, &empty).await.code(), "record_empty");
    let off = Record { tree_size: 2, ..record(0, 1) };
    assert_eq!(refusal(journal, 0, &off).await.code(), "record_size_mismatch");
    append(journal, &record(0, 1)).await;
}

async fn each_entry_is_located<J: Journal>(open: impl Fn() -> J) {
    let journal = open();
    let mut holders = Vec::new();
    for (seq, size) in (0..).zip([1, 4, 1, 1, 7, 2, 30]) {
        append(&journal, &record(journal.entries(), size)).await;
        holders.extend((0..size).map(|_| Some(seq)));
    }
    holders.push(None);
    let located = |journal: &J| (0..=journal.entries()).map(|index| journal.locate(index)).collect::<Vec<_>>();
    assert_eq!(located(&journal), holders);
    assert_eq!(journal.locate(u64::MAX), None);
    drop(journal);
    assert_eq!(located(&open()), holders, "after reopening");
}

async fn any_bytes_are_entries<J: Journal>(open: impl Fn() -> J) {
    let entries = [vec![], vec![0; 5000], vec![0xff; 3], vec![0; 512], (0..=255).cycle().take(1 << 20).collect()];
    let entries: Vec<Bytes> = entries.into_iter().map(Bytes::from).collect();
    let tree_size = entries.len() as u64;
    let odd = Record { first_index: 0, entries, tree_size, root: [0; 32] };
    let journal = open();
    append(&journal, &odd).await;
    append(&journal, &record(tree_size, 1)).await;
    drop(journal);
    assert_eq!(read(&open(), 0).await, Some(odd));
}

async fn of_two_writers_of_one_number_one_wins(journal: &impl Journal) {
    for seq in 0..20 {
        let (ours, theirs) = (record(seq, 1), Record { root: [1; 32], ..record(seq, 1) });
        let (one, other) = tokio::join!(journal.append(seq, &ours), journal.append(seq, &theirs));
        let winner = match (one, other) {
            (Ok(()), Err(AppendError::Taken(taken))) if taken == seq => ours,
            (Err(AppendError::Taken(taken)), Ok(())) if taken == seq => theirs,
            other => panic!("of two writers of record {seq}: {other:?}"),
        };
        assert_eq!(read(journal, seq).await, Some(winner));
    }
}

async fn a_dropped_append_leaves_all_or_nothing<J: Journal>(open: impl Fn() -> J) {
    let journal = open();
    {
        let first = record(0, 2);
        let mut dropped = pin!(journal.append(0, &first));
        let _ = dropped.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    // It may complete, or not, or later; a writer goes on from what it finds.
    let found = match journal.append(0, &record(0, 1)).await {
        Ok(()) => record(0, 1),
        Err(AppendError::Taken(0)) => {
            let deadline = Instant::now() + Duration::from_secs(10);
            while journal.is_empty() {
                assert!(Instant::now() < deadline, "the number is taken, and its record never comes");
                tokio::task::yield_now().await;
            }
            record(0, 2)
        }
        Err(other) => panic!("after a dropped append: {other}"),
    };
    append(&journal, &record(found.tree_size, 1)).await;
    drop(journal);
    assert_eq!(read(&open(), 0).await, Some(found));
}
