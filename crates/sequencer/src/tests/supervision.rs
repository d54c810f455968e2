//! A log that opens itself again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::Fault;

use super::market::Market;
use super::rig::{Log, Rig, TestJournal, code, submit};
use crate::testing::{MemoryViews, ViewFault};
use crate::{Event, OpenError, Options, Sequencer, Supervised};

type Watched = Supervised<TestJournal, MemoryViews, Market>;

async fn supervised(rig: &Arc<Rig>, events: &Arc<Mutex<Vec<String>>>) -> Watched {
    let (rig, events) = (Arc::clone(rig), Arc::clone(events));
    let open = move |floor| {
        let rig = Arc::clone(&rig);
        async move {
            rig.journal.inner.reopen();
            let mut parts = rig.parts(Arc::clone(&rig.journal), rig.views.clone());
            parts.options = Options { floor, ..parts.options };
            Sequencer::open(parts).await
        }
    };
    let report = move |event| {
        events.lock().unwrap().push(match event {
            Event::Stopped(failure) => format!("stopped {}", failure.code()),
            Event::NotYet { error, .. } => format!("not yet: {error}"),
            Event::Reopened(opening) => format!("reopened {}", opening.loaded + opening.replayed),
            Event::GivenUp(failure) => format!("given up {}", failure.code()),
        });
    };
    Supervised::start::<_, _, OpenError>(open, report).await.unwrap()
}

async fn until(condition: impl Fn() -> bool) {
    let patience = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), patience).await.unwrap();
}

#[tokio::test]
async fn a_stopped_log_is_opened_again_and_keeps_what_it_published() {
    let (rig, events) = (Arc::new(Rig::new()), Arc::default());
    let log = supervised(&rig, &events).await;
    submit(&log.current(), "open 1").await.unwrap();
    for (offer, fault) in [(1, Fault::Before), (2, Fault::After)] {
        rig.journal.inner.fail_append(rig.journal.inner.appends(), fault);
        let stopped = log.current();
        assert_eq!(code(submit(&stopped, &format!("post 1 {offer}")).await), "unavailable");
        until(|| !Arc::ptr_eq(&stopped, &log.current())).await;
        let receipt = submit(&log.current(), &format!("post 1 {offer}")).await.unwrap();
        assert_eq!((receipt.index, receipt.repeated), (offer, fault == Fault::After));
        assert!(stopped.published().size > 0, "the state stays readable");
        assert_eq!(stopped.entry(0).await.unwrap_err().code(), "not_open");
    }
    let events = events.lock().unwrap().clone();
    assert_eq!(events, ["stopped journal_io", "reopened 1", "stopped journal_io", "reopened 3"]);
    log.close().await.unwrap();
    rig.check_no_fork(&rig.entries().await);
}

#[tokio::test]
async fn opening_again_is_tried_until_it_works() {
    let (rig, events) = (Arc::new(Rig::new()), Arc::default());
    let log = supervised(&rig, &events).await;
    submit(&log.current(), "open 1").await.unwrap();
    rig.views.fail_write(rig.views.writes(), ViewFault::Before);
    let stopped = log.current();
    assert_eq!(code(submit(&stopped, "post 1 1").await), "unavailable");
    until(|| events.lock().unwrap().len() >= 3).await;
    rig.views.heal();
    until(|| !Arc::ptr_eq(&stopped, &log.current())).await;
    assert!(submit(&log.current(), "post 1 1").await.unwrap().repeated);
    let events = events.lock().unwrap().clone();
    assert_eq!(events[0], "stopped injected");
    assert_eq!(events[1], "not yet: database: injected: Before");
    assert_eq!(events.last().unwrap(), "reopened 2");
}

#[tokio::test]
async fn a_journal_that_forgets_what_was_published_is_not_opened_again() {
    let (rig, events) = (Arc::new(Rig::new()), Arc::default());
    let other = Arc::new(Rig::new());
    let open = {
        let (rig, other) = (Arc::clone(&rig), Arc::clone(&other));
        let calls = AtomicU64::new(0);
        move |floor| {
            let rig = if calls.fetch_add(1, Ordering::SeqCst) == 0 { Arc::clone(&rig) } else { Arc::clone(&other) };
            async move {
                let mut parts = rig.parts(Arc::clone(&rig.journal), rig.views.clone());
                parts.options = Options { floor, ..parts.options };
                Sequencer::<_, _, Market>::open(parts).await
            }
        }
    };
    let noted: Arc<Mutex<Vec<String>>> = Arc::clone(&events);
    let report = move |event| {
        if let Event::NotYet { error, .. } = event {
            noted.lock().unwrap().push(error);
        }
    };
    let log: Watched = Supervised::start(open, report).await.unwrap();
    submit(&log.current(), "open 1").await.unwrap();
    rig.journal.inner.fail_append(1, Fault::Before);
    assert_eq!(code(submit(&log.current(), "post 1 1").await), "unavailable");
    until(|| !events.lock().unwrap().is_empty()).await;
    let errors: Vec<String> = events.lock().unwrap().clone();
    assert_eq!(errors[0], "the journal has 0 entries, a checkpoint was signed for 1");
}

#[tokio::test]
async fn a_journal_that_another_writer_has_is_given_up() {
    let (rig, events) = (Arc::new(Rig::new()), Arc::default());
    let log = supervised(&rig, &events).await;
    submit(&log.current(), "open 1").await.unwrap();
    rig.journal.inner.fence(1);
    assert_eq!(code(submit(&log.current(), "post 1 1").await), "unavailable");
    until(|| !events.lock().unwrap().is_empty()).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(*events.lock().unwrap(), ["given up journal_taken"]);
    assert_eq!(code(submit(&log.current(), "post 1 1").await), "unavailable");
}

#[tokio::test]
async fn a_closed_log_stays_closed() {
    let (rig, events) = (Arc::new(Rig::new()), Arc::default());
    let log = supervised(&rig, &events).await;
    submit(&log.current(), "open 1").await.unwrap();
    log.close().await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(code(submit(&log.current(), "post 1 1").await), "closing");
    assert!(events.lock().unwrap().is_empty());
    let again: Log = rig.open().await;
    assert_eq!(again.published().size, 1);
}
