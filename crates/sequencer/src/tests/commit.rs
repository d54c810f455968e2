//! What a submission gets, and in which order things happen.

use std::collections::BTreeSet;
use std::sync::Arc;

use primitives::Hash;
use store::Bytes;

use super::market::{Action, Refusal, STALLS, party_tag};
use super::rig::{Rig, code, read_entry, refusal, submit};
use crate::{Health, Limits, Options};

/// Submits all at once; what the writer has not taken yet lands in one batch.
async fn submit_all(
    log: &Arc<super::rig::Log>,
    tokens: &[&str],
) -> Vec<tokio::task::JoinHandle<super::commit::Answer>> {
    let mut tasks = Vec::new();
    for token in tokens {
        let (before, log, token) = (log.waiting(), Arc::clone(log), (*token).to_owned());
        let waiting = Arc::clone(&log);
        tasks.push(tokio::spawn(async move { submit(&log, &token).await }));
        // In this order, one behind the other.
        while waiting.waiting() <= before {
            tokio::task::yield_now().await;
        }
    }
    tasks
}

type Answer = Result<crate::Receipt, crate::SubmitError<Refusal>>;

/// Lets the writer take `first` and stop before its append, so that what follows waits for one batch.
async fn busy(rig: &Rig, log: &Arc<super::rig::Log>, first: &'static str) -> tokio::task::JoinHandle<Answer> {
    rig.journal.hold().await;
    let busy = Arc::clone(log);
    let task = tokio::spawn(async move { submit(&busy, first).await });
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert_eq!(log.waiting(), 0, "the writer has taken it");
    task
}

#[tokio::test]
async fn a_receipt_convinces_a_stranger() {
    let rig = Rig::new();
    let log = rig.open().await;
    for (token, index) in ["open 1", "post 1 10", "post 1 11"].into_iter().zip(0..) {
        rig.clock.pass(5);
        let receipt = submit(&log, token).await.unwrap();
        assert_eq!(
            (receipt.index, receipt.received_at_millis, receipt.repeated),
            (index, START + 5 * (index + 1), false)
        );
        rig.check(token, &receipt);
    }
    assert_eq!(log.published().size, 3);
    assert_eq!(
        rig.entries().await.iter().map(|entry| read_entry(entry).1).collect::<Vec<_>>(),
        ["open 1", "post 1 10", "post 1 11"]
    );
}

use super::rig::START;

#[tokio::test]
async fn what_waits_becomes_one_batch_with_one_time_and_one_checkpoint() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    let first = busy(&rig, &log, "open 1").await;
    let tokens: Vec<String> = (0..50).map(|offer| format!("post 1 {offer}")).collect();
    let tasks = submit_all(&log, &tokens.iter().map(String::as_str).collect::<Vec<_>>()).await;
    rig.clock.pass(77);
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    let mut checkpoints = BTreeSet::new();
    for ((task, token), index) in tasks.into_iter().zip(&tokens).zip(1..) {
        let receipt = task.await.unwrap().unwrap();
        assert_eq!((receipt.index, receipt.received_at_millis), (index, START + 77));
        rig.check(token, &receipt);
        checkpoints.insert(receipt.proof.split("\n\n").nth(1).unwrap().to_owned());
    }
    assert_eq!(checkpoints.len(), 1);
    assert_eq!(rig.journal.inner.appends(), 2);
}

#[tokio::test]
async fn the_same_statement_again_gets_its_first_receipt() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let first = submit(&log, "post 1 10").await.unwrap();
    rig.clock.pass(1000);
    submit(&log, "post 1 11").await.unwrap();
    let again = submit(&log, "post 1 10").await.unwrap();
    assert_eq!((again.index, again.received_at_millis), (first.index, first.received_at_millis));
    assert_eq!((first.repeated, again.repeated), (false, true));
    rig.check("post 1 10", &again);
    assert_eq!(rig.entries().await.len(), 3);
}

#[tokio::test]
async fn two_copies_in_one_batch_or_one_behind_the_other_get_the_same() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    let first = busy(&rig, &log, "open 1").await;
    // One copy of what is being written, and three of what follows.
    let tokens = ["open 1", "post 1 10", "post 1 10", "post 1 11", "post 1 10"];
    let tasks = submit_all(&log, &tokens).await;
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    let mut got = Vec::new();
    for (task, token) in tasks.into_iter().zip(tokens) {
        let receipt = task.await.unwrap().unwrap();
        rig.check(token, &receipt);
        got.push((receipt.index, receipt.repeated));
    }
    assert_eq!(got, [(0, true), (1, false), (1, true), (2, false), (1, true)]);
    assert_eq!(rig.entries().await.len(), 3);
}

#[tokio::test]
async fn bytes_decide_what_is_a_repeat_and_not_the_hash() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let hash = Hash::of(b"post 1 10");
    let post =
        |text: &'static str| log.submit(Action::parse(text.as_bytes()), Bytes::from_static(text.as_bytes()), hash);
    let (one, other) = tokio::join!(post("post 1 10"), post("post 1 11"));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_ne!(one.index, other.index);
    rig.check("post 1 10", &one);
    rig.check("post 1 11", &other);
    let third = post("post 1 12").await.unwrap();
    assert_eq!((third.index, third.repeated), (3, false));
    assert_eq!(post("post 1 10").await.unwrap().index, one.index);
}

#[tokio::test]
async fn what_the_law_refuses_is_never_written() {
    let rig = Rig::new();
    let log = rig.open().await;
    assert_eq!(refusal(submit(&log, "post 1 10").await), Refusal::Unknown);
    assert_eq!(refusal(submit(&log, "nonsense").await), Refusal::Unreadable);
    submit(&log, "open 1").await.unwrap();
    submit(&log, "post 1 10").await.unwrap();
    assert_eq!(refusal(submit(&log, "post 1 10 other bytes").await), Refusal::Taken(1));
    submit(&log, "suspend 1").await.unwrap();
    assert_eq!(refusal(submit(&log, "post 1 11").await), Refusal::Suspended);
    let entries = rig.entries().await;
    assert_eq!(
        entries.iter().map(|entry| read_entry(entry).1).collect::<Vec<_>>(),
        ["open 1", "post 1 10", "suspend 1"]
    );
}

#[tokio::test]
async fn within_a_batch_each_statement_meets_those_before_it() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    let first = busy(&rig, &log, "open 1").await;
    let tokens = ["post 1 10", "post 1 10 twice", "suspend 1", "post 1 11", "open 2", "post 2 11"];
    let tasks = submit_all(&log, &tokens).await;
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(match task.await.unwrap() {
            Ok(receipt) => Ok(receipt.index),
            other => Err(refusal(other)),
        });
    }
    let expected = [Ok(1), Err(Refusal::Taken(1)), Ok(2), Err(Refusal::Suspended), Ok(3), Ok(4)];
    assert_eq!(answers, expected);
    let reader = log.reader();
    assert_eq!(reader.value(STALLS, b"attempt").unwrap(), None, "what a refused statement noted is forgotten");
    assert!(reader.tagged(0, party_tag(0), 9).is_empty());
}

#[tokio::test]
async fn a_refusal_that_rests_on_an_entry_is_told_only_once_that_entry_is_durable() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    submit(&log, "open 1").await.unwrap();
    let first = busy(&rig, &log, "post 1 10").await;
    let tasks = submit_all(&log, &["nonsense", "suspend 1", "post 1 11"]).await;
    // The append of the second batch fails before anything is written.
    rig.journal.inner.fail_append(2, store::Fault::Before);
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(code(task.await.unwrap()));
    }
    assert_eq!(answers, ["refused", "unavailable", "unavailable"], "the suspension never was");
    let log = rig.open().await;
    submit(&log, "post 1 11").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_slips_in_beside_a_suspension() {
    for round in 0..20 {
        let rig = Rig::new();
        let log = Arc::new(rig.open().await);
        submit(&log, "open 1").await.unwrap();
        let start = Arc::new(tokio::sync::Barrier::new(33));
        let mut tasks = Vec::new();
        for task in 0..33_u64 {
            let (log, start) = (Arc::clone(&log), Arc::clone(&start));
            tasks.push(tokio::spawn(async move {
                start.wait().await;
                let mut got = Vec::new();
                for offer in 0..20 {
                    let token = if task == 32 { "suspend 1".into() } else { format!("post 1 {}", task * 100 + offer) };
                    got.push((token.clone(), submit(&log, &token).await));
                }
                got
            }));
        }
        let mut accepted = BTreeSet::new();
        let mut refused = BTreeSet::new();
        for task in tasks {
            for (token, answer) in task.await.unwrap() {
                match answer {
                    Ok(receipt) => {
                        rig.check(&token, &receipt);
                        accepted.insert((receipt.index, token));
                    }
                    other => {
                        assert_eq!(refusal(other), Refusal::Suspended);
                        refused.insert(token);
                    }
                }
            }
        }
        let logged: BTreeSet<(u64, String)> =
            (0..).zip(rig.entries().await).map(|(index, entry)| (index, read_entry(&entry).1)).skip(1).collect();
        assert_eq!(logged, accepted, "round {round}");
        let suspended = logged.iter().find(|(_, token)| token == "suspend 1").unwrap().0;
        assert!(logged.iter().all(|(index, _)| *index <= suspended), "round {round}: something follows the suspension");
        assert!(logged.iter().all(|(_, token)| !refused.contains(token)));
    }
}

#[tokio::test]
async fn bounds_hold_and_are_told() {
    let mut rig = Rig::new();
    let limits = Limits { waiting: 2, waiting_bytes: 24, batch: 2, batch_bytes: 100, statement_bytes: 20 };
    rig.options = Options { limits, ..rig.options };
    let log = Arc::new(rig.open().await);
    assert_eq!(code(submit(&log, "post 1 100000000000000").await), "statement_too_large");
    let first = busy(&rig, &log, "open 1").await;
    let tasks = submit_all(&log, &["open 2", "open 3"]).await;
    assert_eq!(code(submit(&log, "open 4").await), "overloaded");
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    submit(&log, "open 4").await.unwrap();
    let first = busy(&rig, &log, "open 5").await;
    let tasks = submit_all(&log, &["open 61"]).await;
    assert_eq!(code(submit(&log, "open 7                ").await), "statement_too_large");
    assert_eq!(
        code(submit(&log, "open 7            ").await),
        "overloaded",
        "7 bytes wait, and 18 are too many beside them"
    );
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_passed_over() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    let first = busy(&rig, &log, "open 1").await;
    let tasks = submit_all(&log, &["post 1 10", "post 1 11"]).await;
    tasks[0].abort();
    tokio::task::yield_now().await;
    rig.journal.let_go();
    first.await.unwrap().unwrap();
    for task in tasks.into_iter().skip(1) {
        assert_eq!(task.await.unwrap().unwrap().index, 1);
    }
    assert_eq!(rig.entries().await.len(), 2);
}

#[tokio::test]
async fn closing_commits_what_waits_and_takes_nothing_more() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    let first = busy(&rig, &log, "open 1").await;
    let tokens: Vec<String> = (0..30).map(|offer| format!("post 1 {offer}")).collect();
    let tasks = submit_all(&log, &tokens.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let closing = tokio::spawn({
        let log = Arc::clone(&log);
        async move { log.close().await }
    });
    tokio::task::yield_now().await;
    rig.journal.let_go();
    closing.await.unwrap().unwrap();
    first.await.unwrap().unwrap();
    for (task, token) in tasks.into_iter().zip(&tokens) {
        rig.check(token, &task.await.unwrap().unwrap());
    }
    assert!(matches!(log.health(), Health::Closed));
    assert_eq!(code(submit(&log, "post 1 99").await), "closing");
    assert_eq!(log.published().size, 31);
    assert_eq!(log.entry(3).await.unwrap_err().code(), "not_open");
    let again = rig.open().await;
    assert_eq!(again.opening().replayed, 0, "the state was saved");
    assert_eq!(again.published().view.posts().len(), 30);
}

#[tokio::test]
async fn a_log_that_is_dropped_ends_in_good_order() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let sizes = log.sizes();
    drop(log);
    while Arc::strong_count(&rig.journal) > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    assert_eq!(*sizes.borrow(), 1);
    assert_eq!(rig.open().await.opening().replayed, 0);
}

#[tokio::test]
async fn replay_equals_live_byte_for_byte() {
    let rig = Rig::new();
    let log = Arc::new(rig.open().await);
    for party in 0..9 {
        rig.clock.pass(3);
        submit(&log, &format!("open {party}")).await.unwrap();
        let posts: Vec<String> = (0..600).map(|offer| format!("post {party} {offer}")).collect();
        for posts in posts.chunks(100) {
            let mut tasks = Vec::new();
            for post in posts {
                let (log, post) = (Arc::clone(&log), post.clone());
                tasks.push(tokio::spawn(async move { submit(&log, &post).await }));
            }
            for task in tasks {
                task.await.unwrap().unwrap();
            }
        }
        if party % 2 == 0 {
            submit(&log, &format!("suspend {party}")).await.unwrap();
        }
    }
    rig.check_no_fork(&rig.entries().await);
    rig.check_replay_equals(Arc::into_inner(log).unwrap()).await;
}
