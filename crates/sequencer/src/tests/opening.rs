//! Opening: what is taken over, what is made again, and what is refused.

use std::sync::{Arc, Mutex};

use primitives::{Hash, SecretKey, SignError, Signer as _, Timestamp};
use store::{Journal, ReadFault, Record};
use tlog::{NoteSignature, OpenedCheckpoint, SignNoteError, Vkey};

use super::market::Rules;
use super::rig::{Log, Rig, submit};
use crate::testing::MemoryViews;
use crate::{Floor, OpenError, Options, Progress, Views};

/// A log of about `posts` entries in batches of various sizes, closed.
async fn filled(rig: &Rig, posts: u64) -> Log {
    let log = Arc::new(rig.open().await);
    submit(&log, "open 1").await.unwrap();
    let mut tasks = Vec::new();
    for offer in 0..posts {
        let log = Arc::clone(&log);
        tasks.push(tokio::spawn(async move { submit(&log, &format!("post 1 {offer}")).await }));
        if tasks.len() == 37 {
            for task in tasks.drain(..) {
                task.await.unwrap().unwrap();
            }
        }
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    log.close().await.unwrap();
    Arc::into_inner(log).unwrap()
}

async fn refused(rig: &Rig) -> OpenError {
    let before = rig.journal.len();
    let error = rig.try_open().await.unwrap_err();
    assert_eq!(rig.journal.len(), before, "the journal is as it was");
    error
}

#[tokio::test]
async fn an_empty_log_has_a_signed_checkpoint_and_no_entry() {
    let rig = Rig::new();
    let log = rig.open().await;
    let published = log.published();
    assert_eq!((published.size, published.root), (0, tlog::EMPTY_ROOT));
    let opened = super::rig::open_checkpoint(&rig, &published.checkpoint);
    assert_eq!((opened.size(), opened.origin()), (0, super::rig::ORIGIN));
    assert_eq!(log.entry(0).await.unwrap(), None);
    assert_eq!(log.opening().doubt, None);
}

#[tokio::test]
async fn after_a_good_end_nothing_is_replayed_and_after_a_crash_the_tail_is() {
    let rig = Rig::new();
    let live = filled(&rig, 700).await.published();
    let log = rig.open().await;
    assert_eq!((log.opening().loaded, log.opening().replayed), (701, 0));
    assert_eq!(log.published().view, live.view);
    // What a kill leaves: the views of some moment before.
    let old = rig.views.contents();
    for offer in 700..720 {
        submit(&log, &format!("post 1 {offer}")).await.unwrap();
    }
    let live = log.published();
    drop(log);
    while Arc::strong_count(&rig.journal) > 1 {
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
    rig.views.replace(old);
    let log = rig.open().await;
    assert_eq!((log.opening().loaded, log.opening().replayed), (701, 20));
    assert_eq!((&log.published().view, log.published().root), (&live.view, live.root));
    rig.check_replay_equals(log).await;
}

#[tokio::test]
async fn the_state_is_saved_while_the_log_goes_on() {
    let rig = Rig::new();
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let mut posted = 0;
    while posted < 300 || rig.views.get("log.meta", b"saved").unwrap().is_none() {
        submit(&log, &format!("post 1 {posted}")).await.unwrap();
        posted += 1;
        assert!(posted < 20_000, "nothing is ever saved");
    }
    let live = log.published();
    rig.journal.inner.fail_append(rig.journal.inner.appends(), store::Fault::Before);
    submit(&log, "suspend 1").await.unwrap_err();
    log.close().await.unwrap_err();
    rig.views.crash();
    let log = rig.open().await;
    assert!(log.opening().loaded >= 64, "a save outlives the process: {:?}", log.opening());
    assert_eq!((&log.published().view, log.published().root), (&live.view, live.root));
    rig.check_replay_equals(log).await;
}

#[tokio::test]
async fn a_killed_process_leaves_the_last_save_and_the_rest_is_replayed() {
    let rig = Rig::new();
    filled(&rig, 100).await;
    let log = rig.open().await;
    for offer in 100..120 {
        submit(&log, &format!("post 1 {offer}")).await.unwrap();
    }
    let live = log.published();
    rig.journal.inner.fail_append(rig.journal.inner.appends(), store::Fault::After);
    submit(&log, "suspend 1").await.unwrap_err();
    log.close().await.unwrap_err();
    rig.views.crash();
    let log = rig.open().await;
    assert_eq!((log.opening().loaded, log.opening().replayed), (101, 21));
    assert_eq!(log.published().size, live.size + 1);
    rig.check_replay_equals(log).await;
}

#[tokio::test]
async fn lost_views_are_made_again_and_are_the_same() {
    let rig = Rig::new();
    let live = filled(&rig, 1500).await.published();
    let kept = rig.views.contents();
    rig.views.lose();
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let options = Options { progress: Some(Arc::new(move |at| noted.lock().unwrap().push(at))), ..rig.options.clone() };
    let rig = Rig { options, ..rig };
    let log = rig.open().await;
    assert_eq!((log.opening().loaded, log.opening().replayed), (0, 1501));
    assert_eq!(log.opening().doubt.as_deref(), Some("no state is saved"));
    assert_eq!(log.published().view, live.view);
    log.close().await.unwrap();
    assert_eq!(rig.views.contents(), kept);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.last(), Some(&Progress { entries: 1501, of: 1501 }));
    assert!(seen.is_sorted_by_key(|at| at.entries));
}

#[tokio::test]
async fn views_in_doubt_are_made_again() {
    let rig = Rig::new();
    let live = filled(&rig, 300).await.published();
    let (maps, marker) = rig.views.contents();
    let mut less = maps.clone();
    less.get_mut("log.state").unwrap().pop_last();
    let mut other = maps.clone();
    other.get_mut("log.meta").unwrap().insert("saved".into(), "\u{1}nonsense".into());
    let cases = [
        ((less, marker), "of the saved state is missing or damaged"),
        ((other, marker), "of another version"),
        ((maps.clone(), marker + 1), "the views say 302 entries, saved at 301, the journal has 301"),
        ((maps, marker - 1), "the views say 300 entries, saved at 301, the journal has 301"),
    ];
    for (contents, doubt) in cases {
        rig.views.replace(contents);
        let log = rig.open().await;
        assert!(log.opening().doubt.as_ref().unwrap().contains(doubt), "{:?}", log.opening().doubt);
        assert_eq!((log.opening().loaded, log.opening().replayed), (0, 301));
        assert_eq!((&log.published().view, log.published().root), (&live.view, live.root));
        log.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_state_saved_under_other_rules_is_not_taken_over() {
    let mut rig = Rig::new();
    filled(&rig, 100).await;
    rig.rules = Arc::new(Rules { version: 2 });
    let log = rig.open().await;
    assert_eq!(log.opening().doubt.as_deref(), Some("the saved state was made under other rules"));
    assert_eq!(log.opening().replayed, 101);
}

#[tokio::test]
async fn views_of_another_log_are_not_taken_over() {
    let (rig, other) = (Rig::new(), Rig::new());
    filled(&rig, 100).await;
    other.clock.pass(1);
    filled(&other, 100).await;
    rig.views.replace(other.views.contents());
    let log = rig.open().await;
    assert_eq!(log.opening().doubt.as_deref(), Some("the saved state is of another journal"));
    rig.check_replay_equals(log).await;
}

/// The first records of a journal, as an old copy of it would hold them.
async fn cut(rig: &Rig, records: u64) -> Rig {
    let short = Rig::new();
    for seq in 0..records {
        let record = rig.journal.read(seq).await.unwrap().unwrap();
        short.journal.append(seq, &record).await.unwrap();
    }
    short
}

#[tokio::test]
async fn a_journal_that_is_shorter_than_what_was_signed_is_refused_unless_the_database_is_gone() {
    let rig = Rig::new();
    filled(&rig, 100).await;
    let records = rig.journal.len();
    let short = Rig { views: rig.views.clone(), ..cut(&rig, records - 1).await };
    let error = refused(&short).await;
    assert_eq!(error.code(), "behind_signed");
    let OpenError::BehindSigned { journal, signed } = error else { panic!("{error}") };
    assert_eq!((journal, signed), (short.journal.entries(), 101));
    // Views that are gone do not help: what was signed lies beside them.
    short.views.replace(Default::default());
    assert_eq!(refused(&short).await.code(), "behind_signed");
    short.views.lose();
    short.open().await;
}

#[tokio::test]
async fn a_journal_with_other_entries_than_were_signed_is_refused() {
    let (rig, other) = (Rig::new(), Rig::new());
    filled(&rig, 100).await;
    other.clock.pass(1);
    filled(&other, 150).await;
    let other = Rig { views: rig.views.clone(), ..other };
    let error = refused(&other).await;
    assert_eq!(error.code(), "forked");
    let OpenError::Forked { size, signed, journal } = error else { panic!("{error}") };
    assert_eq!((size, signed), (101, rig.views.signed().unwrap().unwrap().root));
    assert_ne!(journal, signed);
}

#[tokio::test]
async fn what_this_process_published_is_a_floor_even_without_a_database() {
    let mut rig = Rig::new();
    filled(&rig, 10).await;
    rig.views.lose();
    let entries = rig.journal.entries();
    rig.options.floor = Some(Floor { size: entries + 1, root: Hash([1; 32]) });
    assert_eq!(refused(&rig).await.code(), "behind_signed");
    rig.options.floor = Some(Floor { size: entries, root: Hash([1; 32]) });
    assert_eq!(refused(&rig).await.code(), "forked");
}

#[tokio::test]
async fn a_journal_whose_entries_do_not_give_its_roots_is_refused() {
    let rig = Rig::new();
    filled(&rig, 10).await;
    let last = rig.journal.len() - 1;
    for (fault, code) in [
        (ReadFault::Altered, "journal_root"),
        (ReadFault::Absent, "journal_missing"),
        (ReadFault::Damaged, "journal_checksum"),
        (ReadFault::Io, "journal_io"),
    ] {
        rig.views.lose();
        rig.journal.inner.fail_read(last, fault);
        assert_eq!(refused(&rig).await.code(), code);
        rig.journal.inner.heal();
    }
    rig.open().await;
}

/// A journal that accepts records which leave a gap in the log.
#[tokio::test]
async fn a_journal_with_a_gap_in_the_log_is_refused() {
    struct Gap(super::rig::TestJournal);
    impl Journal for Gap {
        async fn append(&self, seq: u64, record: &Record) -> Result<(), store::AppendError> {
            self.0.append(seq, record).await
        }
        async fn read(&self, seq: u64) -> Result<Option<Record>, store::ReadError> {
            let record = self.0.read(seq + 1).await?;
            Ok(record)
        }
        fn len(&self) -> u64 {
            self.0.len() - 1
        }
        fn entries(&self) -> u64 {
            self.0.entries()
        }
        fn locate(&self, index: u64) -> Option<u64> {
            self.0.locate(index).map(|seq| seq.saturating_sub(1))
        }
    }
    let rig = Rig::new();
    filled(&rig, 10).await;
    let views = MemoryViews::default();
    let gap = Gap(Arc::clone(&rig.journal));
    let error = Log::<Gap, _>::open(rig.parts(gap, views)).await.unwrap_err();
    assert_eq!(error.code(), "journal_first_index");
}

#[tokio::test]
async fn a_log_that_cannot_sign_does_not_open() {
    let rig = Rig::new();
    filled(&rig, 10).await;
    rig.signer.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(refused(&rig).await.code(), "key_could_not_sign");
}

#[tokio::test]
async fn another_signature_stands_under_every_checkpoint() {
    let mut rig = Rig::new();
    let second = SecretKey::from_seed(&[8; 32]);
    let vkey = Vkey::witness("second.example", second.public_key()).unwrap();
    rig.options.also_sign = Some(Arc::new(move |checkpoint| {
        NoteSignature::cosignature_v1(checkpoint, "second.example", &second, Timestamp::from_seconds(0))
    }));
    let log = rig.open().await;
    let opened = |note: &[u8]| OpenedCheckpoint::open(note, &[rig.vkey(), vkey.clone()]).unwrap();
    let first = log.published().checkpoint.clone();
    assert_eq!((opened(&first).size(), opened(&first).cosigners().len()), (0, 1), "as it was opened");
    submit(&log, "open 1").await.unwrap();
    let second = log.published().checkpoint.clone();
    assert_eq!((opened(&second).size(), opened(&second).cosigners().len()), (1, 1), "as it was written to");
}

#[tokio::test]
async fn a_second_key_that_does_not_sign_stops_the_opening() {
    let mut rig = Rig::new();
    rig.options.also_sign = Some(Arc::new(|_| Err(SignNoteError::from(SignError("no".into())))));
    assert_eq!(refused(&rig).await.code(), "key_could_not_sign");
}
