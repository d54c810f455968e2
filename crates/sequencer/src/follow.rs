//! A copy of a log that another writer grows: its entries are taken over, and published under its checkpoints. Nothing is signed.
//!
//! Journal, views and readers are those of a log of one's own, so that a copy answers all that can be read. Entries that were taken over
//! may be ahead of what is published, by as much as a checkpoint is ahead of the one before; a crash between leaves them there, and the next
//! opening goes on after them.
//!
//! 1. Entries are appended to the journal, a record for each time. *A crash leaves whole records.*
//! 2. Once all of a checkpoint's entries are there, the records are read back, hashed, held against their roots and against the
//!    checkpoint's, and applied by the code that a replay uses. *A crash leaves views that are behind, or ahead of what is published: no
//!    reader looks past that.*
//! 3. What is published is remembered, and the pointer is swapped.
//!
//! The state is saved at published sizes only: one that is ahead of the checkpoint could not be taken back to it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use store::{Journal, Record};
use tlog::{Frontier, leaf_hash};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Timekeeper;
use crate::column::MAX_ENTRIES;
use crate::error::{Failure, OpenError};
use crate::ledger::{ChainFault, Ledger};
use crate::open::{self, Opening, Progress, catch_up};
use crate::published::Published;
use crate::saved::Doubt;
use crate::shared::{Shared, Stores};
use crate::writer::Saver;
use crate::{Floor, Law, Views};

/// Orders that wait: whoever gives them waits for each.
const WAITING: usize = 4;

/// What a copy is opened with.
pub struct FollowParts<J, D, L: Law> {
    /// The entries.
    pub journal: J,
    /// Where the views lie.
    pub views: D,
    /// What the law begins with.
    pub rules: Arc<L::Rules>,
    /// The clock.
    pub timekeeper: Arc<Timekeeper>,
    /// The checkpoint that was published last, as its writer signed it; empty where there was none.
    pub checkpoint: Bytes,
    /// Its tree.
    pub of: Floor,
    /// The state is saved when so many entries have been published since the last time.
    pub save_every: u64,
    /// Called now and then while entries are applied.
    pub progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
}

/// What a copy is told to do.
pub(crate) enum Order {
    Append { entries: Vec<Bytes>, done: oneshot::Sender<Floor> },
    Publish { checkpoint: Bytes, of: Floor, done: oneshot::Sender<()> },
    Close,
}

/// The way to the thread that takes over.
pub(crate) struct Follow(mpsc::Sender<Order>);

impl Follow {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Order>) {
        let (sender, orders) = mpsc::channel(WAITING);
        (Self(sender), orders)
    }

    pub(crate) async fn send(&self, order: Order) -> Result<(), mpsc::error::SendError<Order>> {
        self.0.send(order).await
    }

    /// A thread that has ended needs no telling.
    pub(crate) async fn close(&self) {
        drop(self.0.send(Order::Close).await);
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow").finish_non_exhaustive()
    }
}

/// The thread's own.
pub(crate) struct Follower<J, D, L: Law> {
    pub(crate) shared: Arc<Shared<J, D, L::View>>,
    stores: Arc<Stores<J, D>>,
    /// At the published size between two orders.
    ledger: Ledger<L>,
    /// Of all that was taken over.
    ahead: Frontier,
    seq: u64,
    saver: Saver<D, L>,
    progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
}

pub(crate) async fn open<J: Journal, D: Views, L: Law>(
    parts: FollowParts<J, D, L>,
) -> Result<(Follower<J, D, L>, Opening), OpenError> {
    let FollowParts { journal, views, rules, timekeeper: _, checkpoint, of, save_every, progress } = parts;
    let published_before = views.signed()?;
    for floor in published_before.into_iter().chain([of]) {
        open::check_floor(&journal, floor).await?;
    }

    let rules: &L::Rules = &rules;
    let fingerprint = L::fingerprint(rules);
    let loaded = match open::load(&journal, &views, rules, fingerprint).await? {
        Ok((ledger, _)) if ledger.size() > of.size => {
            Err(Doubt(format!("the state was saved at {}, the checkpoint is of {}", ledger.size(), of.size)))
        }
        loaded => loaded,
    };
    let (views, mut ledger, last, doubt) = match loaded {
        Ok((ledger, save)) => (views, ledger, Some(Arc::new(save)), None),
        Err(doubt) => (views.cleared()?, Ledger::<L>::new(rules), None, (of.size > 0).then_some(doubt.0)),
    };
    let loaded = ledger.size();
    let mut saver = Saver { fingerprint, every: save_every, last, running: None, database: std::marker::PhantomData };
    let told = report(progress.as_deref(), of.size);
    catch_up(&journal, &views, &mut ledger, of.size, Some(&mut saver), &told).await?;
    drop(told);
    saver.save_if_due_now(&ledger, &views)?;

    // Entries that a checkpoint was being followed to when the process ended.
    let mut ahead = ledger.frontier.clone();
    let first = journal.locate(of.size).unwrap_or_else(|| journal.len());
    for seq in first..journal.len() {
        let record = open::read(&journal, seq).await?;
        record.entries.iter().for_each(|entry| ahead.push(leaf_hash(entry)));
        if ahead.root().0 != record.root {
            let (found, expected) = (ahead.root(), primitives::Hash(record.root));
            return Err(OpenError::Chain { seq, source: ChainFault::Root { found, expected } });
        }
    }

    views.set_signed(of)?;
    if published_before.is_none() {
        views.flush()?;
    }
    let opening = Opening { loaded, replayed: ledger.size() - loaded, doubt };
    let seq = journal.len();
    let stores = Arc::new(Stores { journal, views });
    let published = Arc::new(Published::new(&ledger, of.root, checkpoint));
    let shared = Arc::new(Shared::new(Arc::clone(&stores), published, Arc::clone(&ledger.columns)));
    Ok((Follower { shared, stores, ledger, ahead, seq, saver, progress }, opening))
}

fn report(progress: Option<&(dyn Fn(Progress) + Send + Sync)>, of: u64) -> impl Fn(u64) + Sync {
    move |entries| {
        if let Some(progress) = progress {
            progress(Progress { entries, of });
        }
    }
}

impl<J: Journal, D: Views, L: Law> Follower<J, D, L> {
    /// Does as it is told until it is told to close, or nobody is left to tell.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
        let ended = self.work(&mut orders).await;
        if let Some(running) = self.saver.running.take() {
            let _ = running.await;
        }
        ended
    }

    async fn work(&mut self, orders: &mut mpsc::Receiver<Order>) -> Result<(), Failure> {
        while let Some(order) = orders.recv().await {
            match order {
                Order::Append { entries, done } => {
                    let _ = done.send(self.append(entries).await?);
                }
                Order::Publish { checkpoint, of, done } => {
                    self.publish(checkpoint, of).await?;
                    let _ = done.send(());
                    self.saver.save_if_due(&self.ledger, &self.stores).await?;
                }
                Order::Close => break,
            }
        }
        self.saver.finish(&self.ledger, &self.stores).await
    }

    async fn append(&mut self, entries: Vec<Bytes>) -> Result<Floor, Failure> {
        if !entries.is_empty() {
            let first_index = self.ahead.size();
            if first_index + entries.len() as u64 > MAX_ENTRIES {
                return Err(Failure::Full);
            }
            entries.iter().for_each(|entry| self.ahead.push(leaf_hash(entry)));
            let (tree_size, root) = (self.ahead.size(), self.ahead.root().0);
            self.stores.journal.append(self.seq, &Record { first_index, entries, tree_size, root }).await?;
            self.seq += 1;
        }
        Ok(Floor { size: self.ahead.size(), root: self.ahead.root() })
    }

    async fn publish(&mut self, checkpoint: Bytes, of: Floor) -> Result<(), Failure> {
        let Stores { journal, views } = &*self.stores;
        if of.size > self.ledger.size() {
            // Checked before anything is applied: what is applied cannot be taken back.
            open::check_floor(journal, of).await?;
            let report = report(self.progress.as_deref(), of.size);
            catch_up(journal, views, &mut self.ledger, of.size, None, &report).await?;
        }
        let (size, found) = (self.ledger.size(), self.ledger.frontier.root());
        if (size, found) != (of.size, of.root) {
            return Err(Failure::OtherTree { size: of.size, found, expected: of.root });
        }
        views.set_signed(of)?;
        self.shared.publish(Arc::new(Published::new(&self.ledger, of.root, checkpoint)));
        Ok(())
    }
}
