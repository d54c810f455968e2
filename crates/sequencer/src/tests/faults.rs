//! Everything that can fail, failing at every place, and the log opened again.
//!
//! What must hold after each: no acknowledged entry is lost or changed, no refused one is there, no two checkpoints of one
//! size differ, and a replay gives what the live log had.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use store::{AppendError, Bytes, Fault, Journal, ReadError, ReadFault, Record};

use super::market::Refusal;
use super::rig::{Log, Rig, all_entries, code, read_entry, submit};
use crate::testing::{MemoryViews, ViewFault};
use crate::{Changes, Failure, Floor, Health, Receipt, SubmitError, ViewError, Views};

/// What a run was told.
#[derive(Default)]
struct Told {
    acknowledged: BTreeMap<String, Receipt>,
    refused: BTreeSet<String>,
    unavailable: u64,
}

impl Told {
    fn note(&mut self, token: &str, answer: Result<Receipt, SubmitError<Refusal>>) {
        match answer {
            Ok(receipt) => {
                if let Some(before) = self.acknowledged.insert(token.into(), receipt.clone()) {
                    assert_eq!(before.index, receipt.index, "{token} has moved");
                    assert_eq!(before.received_at_millis, receipt.received_at_millis);
                    assert!(receipt.repeated);
                }
            }
            Err(SubmitError::Refused(_)) => drop(self.refused.insert(token.into())),
            Err(SubmitError::Unavailable(_)) => self.unavailable += 1,
            Err(error) => panic!("{token}: {error}"),
        }
    }

    /// Holds what was told against the log.
    fn check(&self, rig: &Rig, entries: &[Bytes]) {
        let logged: BTreeMap<String, u64> = entries.iter().map(|entry| read_entry(entry).1).zip(0..).collect();
        assert_eq!(logged.len(), entries.len(), "nothing is logged twice");
        for (token, receipt) in &self.acknowledged {
            assert_eq!(logged.get(token), Some(&receipt.index), "{token} was acknowledged");
            let at = usize::try_from(receipt.index).unwrap();
            assert_eq!(read_entry(&entries[at]).0, receipt.received_at_millis);
            rig.check(token, receipt);
        }
        for token in &self.refused {
            assert!(!logged.contains_key(token), "{token} was refused");
        }
        let times: Vec<u64> = entries.iter().map(|entry| read_entry(entry).0).collect();
        assert!(times.is_sorted());
    }
}

/// Statements of which some are refused, in an order that does not matter to that.
fn statements() -> Vec<String> {
    let mut all: Vec<String> = vec!["open 1".into(), "open 2".into()];
    all.extend((0..4).map(|offer| format!("post 1 {offer}")));
    all.extend(["post 9 1".into(), "post 1 2 again".into(), "suspend 2".into(), "post 2 5".into()]);
    all.extend((4..7).map(|offer| format!("post 1 {offer}")));
    all
}

/// Submits each statement until it has an answer, opening the log again whenever it has stopped.
async fn insist(rig: &Rig, told: &mut Told, lose_views: bool, heal: impl Fn()) -> Log {
    let mut log = rig.open().await;
    for token in statements() {
        rig.clock.pass(3);
        for attempt in 0.. {
            assert!(attempt < 5, "{token} never gets an answer");
            let before = told.unavailable;
            told.note(&token, submit(&log, &token).await);
            if told.unavailable == before {
                break;
            }
            assert!(!log.health().is_open());
            assert_eq!(
                code(submit(&log, "open 77").await),
                "unavailable",
                "nothing is accepted until it is opened again"
            );
            drop(log);
            heal();
            if lose_views {
                rig.views.lose();
            }
            log = rig.open().await;
        }
    }
    log
}

async fn finish(rig: Rig, told: &Told, log: Log) {
    for (token, receipt) in &told.acknowledged {
        let again = submit(&log, token).await.unwrap();
        assert_eq!(
            (again.index, again.received_at_millis, again.repeated),
            (receipt.index, receipt.received_at_millis, true)
        );
    }
    let entries = rig.entries().await;
    told.check(&rig, &entries);
    assert_eq!(told.acknowledged.len(), 10);
    assert_eq!(told.refused.len(), 3);
    rig.check_no_fork(&entries);
    rig.check_replay_equals(log).await;
}

#[tokio::test]
async fn every_append_fails_before_and_after_persisting() {
    for nth in 0..10 {
        for fault in [Fault::Before, Fault::After] {
            for lose_views in [false, true] {
                let rig = Rig::new();
                rig.journal.inner.fail_append(nth, fault);
                let mut told = Told::default();
                let log = insist(&rig, &mut told, lose_views, || {}).await;
                assert_eq!(told.unavailable, 1, "append {nth} {fault:?}");
                finish(rig, &told, log).await;
            }
        }
    }
}

#[tokio::test]
async fn every_read_back_shows_something_else() {
    for seq in 0..10 {
        for fault in [ReadFault::Io, ReadFault::Damaged, ReadFault::Altered, ReadFault::Absent] {
            let rig = Rig::new();
            rig.journal.inner.fail_read(seq, fault);
            let mut told = Told::default();
            let journal = Arc::clone(&rig.journal);
            let signed = Arc::clone(&rig.signer);
            let log = insist(&rig, &mut told, seq % 2 == 0, || {
                assert!(!signed.has_signed(seq + 1), "nothing was signed over what did not read back");
                journal.inner.heal();
            })
            .await;
            assert_eq!(told.unavailable, 1, "record {seq} {fault:?}");
            finish(rig, &told, log).await;
        }
    }
}

#[tokio::test]
async fn every_write_of_the_database_fails() {
    // Two writes a batch, after those of the opening.
    for nth in 1..21 {
        for fault in [ViewFault::Before, ViewFault::Half, ViewFault::After] {
            for lose_views in [false, true] {
                let rig = Rig::new();
                rig.views.fail_write(nth, fault);
                let mut told = Told::default();
                let views = rig.views.clone();
                let log = insist(&rig, &mut told, lose_views, || views.heal()).await;
                assert_eq!(told.unavailable, 1, "write {nth} {fault:?}");
                finish(rig, &told, log).await;
            }
        }
    }
}

#[tokio::test]
async fn the_key_fails() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    rig.signer.broken.store(true, Ordering::SeqCst);
    let error = submit(&log, "post 1 1").await.unwrap_err();
    let SubmitError::Unavailable(failure) = &error else { panic!("{error}") };
    assert_eq!((error.code(), failure.code()), ("unavailable", "key_could_not_sign"));
    assert_eq!(log.published().size, 1, "what is not signed is not published");
    rig.signer.broken.store(false, Ordering::SeqCst);
    let log = rig.open().await;
    assert_eq!(log.published().size, 2);
    assert!(submit(&log, "post 1 1").await.unwrap().repeated);
}

#[tokio::test]
async fn a_law_that_panics_stops_the_writer_and_answers_everyone() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let (panics, after) = tokio::join!(submit(&log, "panic"), submit(&log, "post 1 1"));
    assert_eq!((code(panics), code(after)), ("unavailable", "unavailable"));
    let Health::Failed(failure) = log.health() else { panic!("{:?}", log.health()) };
    assert_eq!(failure.code(), "writer_panicked");
    assert!(log.close().await.is_err());
    let log = rig.open().await;
    submit(&log, "post 1 1").await.unwrap();
    assert_eq!(rig.entries().await.len(), 2);
}

#[tokio::test]
async fn a_stopped_log_is_unavailable_and_not_overloaded() {
    let mut rig = Rig::new();
    rig.options.limits.waiting_bytes = 19;
    let log = Arc::new(rig.open().await);
    rig.journal.hold().await;
    rig.journal.inner.fail_append(0, Fault::Before);
    let mut tasks = Vec::new();
    for token in ["open 1", "open 2", "open 3"] {
        let log = Arc::clone(&log);
        tasks.push(tokio::spawn(async move { submit(&log, token).await }));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(code(submit(&log, "post 1 1").await), "overloaded", "twelve bytes wait");
    rig.journal.let_go();
    for task in tasks {
        assert_eq!(code(task.await.unwrap()), "unavailable");
    }
    assert_eq!(code(submit(&log, "post 1 1").await), "unavailable");
}

/// A database whose flush takes until the test lets it end.
struct SlowFlush {
    views: MemoryViews,
    flushing: std::sync::mpsc::Sender<()>,
    may_end: Mutex<std::sync::mpsc::Receiver<()>>,
}

impl Views for SlowFlush {
    fn marker(&self) -> Result<u64, ViewError> {
        self.views.marker()
    }
    fn get(&self, map: &str, key: &[u8]) -> Result<Option<Bytes>, ViewError> {
        self.views.get(map, key)
    }
    fn scan(&self, map: &str, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Scanned {
        self.views.scan(map, prefix, after, limit)
    }
    fn apply(&self, changes: Changes) -> Result<(), ViewError> {
        self.views.apply(changes)
    }
    fn flush(&self) -> Result<(), ViewError> {
        self.flushing.send(()).unwrap();
        self.may_end.lock().unwrap().recv().unwrap();
        self.views.flush()
    }
    fn cleared(self) -> Result<Self, ViewError> {
        Ok(Self { views: self.views.cleared()?, ..self })
    }
    fn signed(&self) -> Result<Option<Floor>, ViewError> {
        self.views.signed()
    }
    fn set_signed(&self, signed: Floor) -> Result<(), ViewError> {
        self.views.set_signed(signed)
    }
}

type Scanned = Result<Vec<(Bytes, Bytes)>, ViewError>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_keeps_no_commit_waiting_and_a_stopped_writer_waits_for_it() {
    let mut rig = Rig::new();
    rig.options.save_every = 2;
    let (flushing, flushes) = std::sync::mpsc::channel();
    let (end, may_end) = std::sync::mpsc::channel();
    let views = SlowFlush { views: rig.views.clone(), flushing, may_end: Mutex::new(may_end) };
    // That of a new log's record of what was signed.
    end.send(()).unwrap();
    let log = Log::<_, SlowFlush>::open(rig.parts(Arc::clone(&rig.journal), views)).await.unwrap();
    flushes.recv().unwrap();
    submit(&log, "open 1").await.unwrap();
    submit(&log, "open 2").await.unwrap();
    tokio::task::spawn_blocking(move || flushes.recv().unwrap()).await.unwrap();
    for party in 3..9 {
        submit(&log, &format!("open {party}")).await.unwrap();
    }
    rig.signer.broken.store(true, Ordering::SeqCst);
    let submitted = submit(&log, "open 9");
    tokio::pin!(submitted);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(100), &mut submitted).await;
    assert!(waited.is_err() && log.health().is_open(), "an opening now would meet half a save");
    end.send(()).unwrap();
    assert_eq!(code(submitted.await), "unavailable");
}

#[tokio::test]
async fn a_writer_that_finds_another_one_stops_for_good() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    rig.journal.inner.fence(1);
    let error = submit(&log, "post 1 1").await.unwrap_err();
    let SubmitError::Unavailable(failure) = error else { panic!("{error}") };
    assert!(failure.is_fenced(), "{failure}");
    assert!(matches!(&*failure, Failure::Append(AppendError::Taken(1))));
    assert_eq!(log.published().size, 1);
}

/// A journal that reads back another record than was written, in each of the ways that bytes alone do not show.
struct Lying {
    inner: Arc<store::MemoryJournal>,
    lie: fn(&mut Record),
}

impl Journal for Lying {
    async fn append(&self, seq: u64, record: &Record) -> Result<(), AppendError> {
        self.inner.append(seq, record).await
    }
    async fn read(&self, seq: u64) -> Result<Option<Record>, ReadError> {
        let mut record = self.inner.read(seq).await?;
        record.iter_mut().for_each(self.lie);
        Ok(record)
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

#[tokio::test]
async fn nothing_is_signed_over_a_record_that_differs_in_anything() {
    type Lie = fn(&mut Record);
    let lies: [(Lie, &str); 4] = [
        (|record| record.first_index += 1, "first index or tree size"),
        (|record| record.tree_size += 1, "first index or tree size"),
        (|record| record.root[31] ^= 1, "root"),
        (|record| record.entries.push(Bytes::from_static(b"one more")), "an entry"),
    ];
    for (lie, what) in lies {
        let rig = Rig::new();
        let inner = Arc::new(store::MemoryJournal::new());
        let parts = rig.parts(Lying { inner: Arc::clone(&inner), lie }, rig.views.clone());
        let log = Log::<Lying, MemoryViews>::open(parts).await.unwrap();
        let error = submit(&log, "open 1").await.unwrap_err();
        let SubmitError::Unavailable(failure) = error else { panic!("{error}") };
        assert!(matches!(&*failure, Failure::Differs { seq: 0, what: found } if *found == what), "{failure}");
        assert!(!rig.signer.has_signed(1));
        assert_eq!(all_entries(&*inner).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_many_writers_and_random_faults_nothing_acknowledged_is_lost() {
    for round in 0..12_u64 {
        let rig = Arc::new(Rig::new());
        let mut told = Told::default();
        let mut open = BTreeSet::new();
        // Faults at appends that the rounds spread out.
        for step in 0..6 {
            let fault = if (round + step) % 2 == 0 { Fault::Before } else { Fault::After };
            rig.journal.inner.fail_append(1 + step * (2 + round % 5), fault);
        }
        for token in ["open 0", "open 1", "open 2"] {
            open.insert(token.to_owned());
        }
        for offer in 0..120 {
            open.insert(format!("post {} {offer}", offer % 3));
        }
        let mut openings = 0;
        while !open.is_empty() {
            openings += 1;
            assert!(openings < 20);
            if round % 3 == 0 {
                rig.views.lose();
            }
            let log = Arc::new(rig.open().await);
            // Stalls are opened first, so that no offer is refused for want of one.
            for token in ["open 0", "open 1", "open 2"] {
                told.note(token, submit(&log, token).await);
            }
            let mut tasks = Vec::new();
            for token in open.clone() {
                let log = Arc::clone(&log);
                tasks.push(tokio::spawn(async move {
                    let answer = submit(&log, &token).await;
                    (token, answer)
                }));
            }
            for task in tasks {
                let (token, answer) = task.await.unwrap();
                if answer.is_ok() {
                    open.remove(&token);
                }
                if !matches!(answer, Err(SubmitError::Refused(Refusal::Unknown))) {
                    told.note(&token, answer);
                }
            }
            rig.clock.pass(11);
        }
        let log = rig.open().await;
        let entries = rig.entries().await;
        told.check(&rig, &entries);
        assert_eq!(entries.len(), 123);
        rig.check_no_fork(&entries);
        rig.check_replay_equals(log).await;
    }
}
