//! A copy: what is taken over from another writer, published under its checkpoints, and never signed.

use std::sync::Arc;

use store::{Bytes, Faulty, MemoryJournal};
use tlog::{EMPTY_ROOT, TilePath};

use super::market::Market;
use super::rig::{Rig, all_entries, code, submit};
use crate::testing::MemoryViews;
use crate::{Floor, FollowParts, OpenError, ReadError, Sequencer};

type Copy = Sequencer<Arc<Faulty<MemoryJournal>>, MemoryViews, Market>;

const NOTHING: Floor = Floor { size: 0, root: EMPTY_ROOT };

/// Where a copy lies, which outlives it.
struct Place {
    journal: Arc<Faulty<MemoryJournal>>,
    views: MemoryViews,
}

impl Place {
    fn new() -> Self {
        Self { journal: Arc::new(Faulty::new(MemoryJournal::new())), views: MemoryViews::default() }
    }

    async fn open(&self, rig: &Rig, checkpoint: &Bytes, of: Floor) -> Result<Copy, OpenError> {
        self.journal.reopen();
        Copy::follow(FollowParts {
            journal: Arc::clone(&self.journal),
            views: self.views.clone(),
            rules: Arc::clone(&rig.rules),
            timekeeper: Arc::clone(&rig.timekeeper),
            checkpoint: checkpoint.clone(),
            of,
            save_every: 64,
            progress: None,
        })
        .await
    }
}

/// A log, and its checkpoints at two sizes.
async fn source(rig: &Rig) -> (Vec<Bytes>, [(Bytes, Floor); 2]) {
    let log = rig.open().await;
    submit(&log, "open 1").await.unwrap();
    let mut at = Vec::new();
    for (from, to) in [(0, 299), (299, 700)] {
        for offer in from..to {
            submit(&log, &format!("post 1 {offer}")).await.unwrap();
        }
        at.push((log.published().checkpoint.clone(), log.floor()));
    }
    (all_entries(&*rig.journal).await, at.try_into().unwrap())
}

async fn take_over(copy: &Copy, entries: &[Bytes]) {
    for some in entries.chunks(100) {
        copy.take_over(some.to_vec()).await.unwrap();
    }
}

#[tokio::test]
async fn a_copy_reads_as_the_log_does_and_takes_no_statement() {
    let rig = Rig::new();
    let (entries, [(early, small), (late, large)]) = source(&rig).await;
    let place = Place::new();
    let copy = place.open(&rig, &Bytes::new(), NOTHING).await.unwrap();
    take_over(&copy, &entries[..300]).await;
    assert_eq!(copy.published().size, 0, "nothing is seen before it is published");
    assert_eq!(copy.entry(0).await.unwrap(), None);
    copy.publish_as(early.clone(), small).await.unwrap();
    assert_eq!((copy.published().size, &copy.published().checkpoint), (300, &early));
    take_over(&copy, &entries[300..]).await;
    assert_eq!(copy.published().size, 300);
    let path: TilePath = "tile/0/001.p/44".parse().unwrap();
    assert!(copy.tile(path).await.unwrap().is_some());
    copy.publish_as(late.clone(), large).await.unwrap();

    let log = rig.open().await;
    assert_eq!(copy.published().view, log.published().view);
    assert_eq!(copy.published().checkpoint, late);
    for index in [0, 255, 256, 700] {
        assert_eq!(copy.entry(index).await.unwrap(), log.entry(index).await.unwrap());
        assert_eq!(copy.proof(index).await.unwrap(), log.proof(index).await.unwrap());
    }
    for path in ["tile/0/000", "tile/0/002.p/189", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/189"] {
        let path: TilePath = path.parse().unwrap();
        assert_eq!(copy.tile(path).await.unwrap(), log.tile(path).await.unwrap(), "{path}");
    }
    assert_eq!(code(submit_to(&copy, "post 1 1000").await), "copy");
    assert_eq!(code(submit_to(&copy, "post 1 0").await), "copy", "nor one that is in the log");
    let told = log.take_over(vec![]).await.unwrap_err();
    assert!(matches!(&*told, crate::Failure::Read(ReadError::NotOpen)), "a log of one's own takes nothing over");
    copy.close().await.unwrap();
    log.close().await.unwrap();
    assert_eq!(place.views.contents(), rig.views.contents(), "the views are those of the log");
}

async fn submit_to(copy: &Copy, token: &str) -> Result<crate::Receipt, crate::SubmitError<super::market::Refusal>> {
    submit(copy, token).await
}

#[tokio::test]
async fn what_was_taken_over_ahead_of_a_checkpoint_outlives_the_process_unseen() {
    let rig = Rig::new();
    let (entries, [(early, small), (late, large)]) = source(&rig).await;
    let place = Place::new();
    let copy = place.open(&rig, &Bytes::new(), NOTHING).await.unwrap();
    take_over(&copy, &entries[..300]).await;
    copy.publish_as(early.clone(), small).await.unwrap();
    take_over(&copy, &entries[300..450]).await;
    copy.close().await.unwrap();
    drop(copy);
    // A kill takes the views along, whole or in part.
    place.views.crash();
    let copy = place.open(&rig, &early, small).await.unwrap();
    assert_eq!((copy.published().size, &copy.published().checkpoint), (300, &early));
    assert_eq!(copy.take_over(vec![]).await.unwrap().size, 450, "the next one goes on from there");
    take_over(&copy, &entries[450..]).await;
    copy.publish_as(late.clone(), large).await.unwrap();
    copy.close().await.unwrap();
    drop(copy);

    // A checkpoint that is older than the saved state: the views are made again, as of that one.
    let copy = place.open(&rig, &early, small).await.unwrap();
    assert!(
        copy.opening().doubt.as_deref().is_some_and(|doubt| doubt.contains("saved at 701")),
        "{:?}",
        copy.opening()
    );
    assert_eq!((copy.published().size, copy.take_over(vec![]).await.unwrap()), (300, large));
    copy.publish_as(late, large).await.unwrap();
    assert_eq!(copy.published().size, 701);
}

#[tokio::test]
async fn a_checkpoint_of_another_tree_is_not_published_and_a_journal_without_it_not_opened() {
    let rig = Rig::new();
    let (entries, [(early, small), (late, large)]) = source(&rig).await;
    let place = Place::new();
    let copy = place.open(&rig, &Bytes::new(), NOTHING).await.unwrap();
    take_over(&copy, &entries[..300]).await;
    copy.publish_as(early.clone(), small).await.unwrap();
    let mut other = entries[300..].to_vec();
    other[7] = entries[0].clone();
    take_over(&copy, &other).await;
    let failure = copy.publish_as(late.clone(), large).await.unwrap_err();
    assert_eq!(failure.code(), "forked");
    assert_eq!((copy.published().size, &copy.published().checkpoint), (300, &early), "what was good is there");
    assert_eq!(copy.take_over(vec![]).await.unwrap_err().code(), "forked", "and it ends");
    drop(copy);
    let refused = place.open(&rig, &late, large).await.unwrap_err();
    assert_eq!(refused.code(), "forked");
    let refused = Place::new().open(&rig, &early, small).await.unwrap_err();
    assert_eq!(refused.code(), "behind_signed");
}
