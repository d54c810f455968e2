//! What a signer is told before it signs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use primitives::{Hash, SignError};
use tlog::{MemoryTree, leaf_hash, root, verify_consistency};

use super::rig::{Rig, submit};
use crate::error::SignError as NoCheckpoint;
use crate::{Event, Failure, Options, Sequencer, Supervised};

/// For each size signed, the proof from each earlier size.
type Told = Arc<Mutex<BTreeMap<u64, Vec<Vec<Hash>>>>>;

fn listening(rig: Rig) -> (Rig, Told) {
    let told = Told::default();
    let noted = Arc::clone(&told);
    let before_signing = move |size: u64, prove: &dyn Fn(u64) -> Option<Vec<Hash>>| {
        assert_eq!(prove(size + 1), None, "no tree shrinks");
        noted.lock().unwrap().insert(size, (0..=size).map(|old| prove(old).unwrap()).collect());
    };
    let options = Options { before_signing: Some(Arc::new(before_signing)), ..rig.options.clone() };
    (Rig { options, ..rig }, told)
}

#[tokio::test]
async fn each_tree_is_proved_to_extend_every_earlier_one_before_it_is_signed() {
    let (rig, told) = listening(Rig::new());
    let log = Arc::new(rig.open().await);
    submit(&log, "open 0").await.unwrap();
    // Batches of all sizes, over the end of the first tile and of the second.
    for (from, to) in [(0, 1), (1, 40), (40, 250), (250, 254), (254, 256), (256, 530)] {
        let tasks: Vec<_> = (from..to)
            .map(|offer| {
                let log = Arc::clone(&log);
                tokio::spawn(async move { submit(&log, &format!("post 0 {offer}")).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }
    Arc::into_inner(log).unwrap().close().await.unwrap();
    // And at opening, where the database has all.
    let live = std::mem::take(&mut *told.lock().unwrap());
    rig.open().await.close().await.unwrap();
    let opened = std::mem::take(&mut *told.lock().unwrap());
    assert_eq!(opened.keys().copied().collect::<Vec<_>>(), [531]);

    let tree: MemoryTree = rig.entries().await.iter().map(|entry| leaf_hash(entry)).collect();
    let roots: Vec<Hash> = (0..=531).map(|size| root(size, &tree).unwrap()).collect();
    assert!(live.len() > 5 && live.contains_key(&0) && live.contains_key(&531), "{:?}", live.keys());
    for (size, proofs) in live.iter().chain(&opened) {
        assert!(rig.signer.has_signed(*size));
        let new = &roots[usize::try_from(*size).unwrap()];
        for ((old, root), proof) in (0..).zip(&roots).zip(proofs) {
            verify_consistency(old, *size, root, new, proof).unwrap_or_else(|error| panic!("{old}, {size}: {error}"));
        }
    }
}

#[tokio::test]
async fn while_the_signer_is_gone_the_stopped_log_can_be_read() {
    let rig = Arc::new(Rig::new());
    let (opened_by, journal) = (Arc::clone(&rig), Arc::clone(&rig.journal));
    let open = move |floor| {
        let (rig, journal) = (Arc::clone(&opened_by), Arc::clone(&journal));
        async move {
            journal.inner.reopen();
            let mut parts = rig.parts(journal, rig.views.clone());
            parts.options = Options { floor, ..parts.options };
            Sequencer::open(parts).await
        }
    };
    let back = Arc::new(tokio::sync::Notify::new());
    let waited = Arc::clone(&back);
    let ready = move |failure: Arc<Failure>| {
        let why = matches!(&*failure, Failure::Sign(NoCheckpoint::Note(tlog::SignNoteError::Key(SignError(_)))));
        assert!(why, "{failure}");
        let waited = Arc::clone(&waited);
        async move { waited.notified().await }
    };
    let reopened = Arc::new(tokio::sync::Notify::new());
    let noticed = Arc::clone(&reopened);
    let report = move |event| {
        if let Event::Reopened(_) = event {
            noticed.notify_one();
        }
    };
    let log = Supervised::start_when(open, ready, report).await.unwrap();
    submit(&log.current(), "open 0").await.unwrap();
    rig.signer.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    submit(&log.current(), "post 0 1").await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(50)).await;
    rig.check_proof(&log.current().reader(), 0).await;
    assert_eq!(log.current().published().size, 1, "what is not signed is not published");

    rig.signer.broken.store(false, std::sync::atomic::Ordering::SeqCst);
    back.notify_one();
    tokio::time::timeout(Duration::from_secs(30), reopened.notified()).await.unwrap();
    assert_eq!(log.current().published().size, 2, "it was in the journal");
    assert!(submit(&log.current(), "post 0 1").await.unwrap().repeated);
    log.close().await.unwrap();
}
