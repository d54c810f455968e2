//! The log as its users see it: submit, read, close.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use primitives::Hash;
use store::Journal;
use tlog::TilePath;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use crate::clock::Timekeeper;
use crate::error::{Failure, OpenError, ReadError, SubmitError};
use crate::follow::{self, Follow, FollowParts, Order};
use crate::open::{self, Opened, Opening, Parts};
use crate::pool::{Limits, Pool, Turned, pool};
use crate::published::{Published, Receipt};
use crate::reader::Reader;
use crate::shared::{Health, Shared};
use crate::stage::{Answer, Submission};
use crate::{ClockFault, ENTRY_HEADER, Floor, Law, Views};

/// An open log: one writer, any number of readers.
///
/// Dropping it lets the writer commit what waits, save and end on its own; [`Sequencer::close`] waits for that.
pub struct Sequencer<J, D, L: Law> {
    shared: Arc<Shared<J, D, L::View>>,
    pool: Pool<Submission<L>>,
    limits: Limits,
    timekeeper: Arc<Timekeeper>,
    opening: Opening,
    /// Where another writer grows the log: the way to the thread that takes over what it wrote.
    follow: Option<Follow>,
}

impl<J, D, L: Law> fmt::Debug for Sequencer<J, D, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequencer").field("opening", &self.opening).finish_non_exhaustive()
    }
}

impl<J: Journal, D: Views, L: Law> Sequencer<J, D, L> {
    /// Opens a log: checks the journal against what was signed, brings the views up to it, and starts the writer.
    ///
    /// Must be called within a Tokio runtime with timers, which outlives the log.
    ///
    /// # Errors
    /// [`OpenError`]. Nothing was signed then, and the journal is as it was.
    ///
    /// # Panics
    /// Where the law, the journal or the database does.
    pub async fn open(parts: Parts<J, D, L>) -> Result<Self, OpenError> {
        let runtime = Handle::current();
        let limits = parts.options.limits;
        let timekeeper = Arc::clone(&parts.timekeeper);
        // Replaying may take minutes of pure work, for which a worker thread of the runtime is not the place.
        let (sender, opened) = oneshot::channel();
        let (pool, intake) = pool(limits);
        let work = move || {
            let opened = runtime.block_on(open::open(parts));
            let Opened { writer, opening } = match opened {
                Ok(opened) => opened,
                Err(error) => return drop(sender.send(Err(error))),
            };
            let shared = Arc::clone(&writer.shared);
            let mut ended = Ended { health: shared.health.clone(), how: Health::Failed(Arc::new(Failure::Panicked)) };
            if sender.send(Ok((shared, opening))).is_err() {
                return; // Whoever wanted it open has gone.
            }
            // Everything that the writer holds is dropped in here, before anyone hears that it ended.
            ended.how = match runtime.block_on(writer.run(intake)) {
                Ok(()) => Health::Closed,
                Err(failure) => Health::Failed(Arc::new(failure)),
            };
        };
        std::thread::Builder::new().name("sequencer".into()).spawn(work).map_err(OpenError::Thread)?;
        let panicked = |_| OpenError::Thread(std::io::Error::other("it panicked while opening"));
        let (shared, opening) = opened.await.map_err(panicked)??;
        Ok(Self { shared, pool, limits, timekeeper, opening, follow: None })
    }

    /// Opens a copy of a log that another writer grows: it takes no statements, but what that one wrote ([`Sequencer::take_over`]), and
    /// signs nothing.
    ///
    /// Must be called within a Tokio runtime, which outlives the log.
    ///
    /// # Errors
    /// [`OpenError`]. The journal is then as it was.
    ///
    /// # Panics
    /// Where the law, the journal or the database does.
    pub async fn follow(parts: FollowParts<J, D, L>) -> Result<Self, OpenError> {
        let (runtime, timekeeper, limits) = (Handle::current(), Arc::clone(&parts.timekeeper), Limits::default());
        let (sender, opened) = oneshot::channel();
        let (follow, orders) = Follow::new();
        let work = move || {
            let (follower, opening) = match runtime.block_on(follow::open(parts)) {
                Ok(opened) => opened,
                Err(error) => return drop(sender.send(Err(error))),
            };
            let shared = Arc::clone(&follower.shared);
            let mut ended = Ended { health: shared.health.clone(), how: Health::Failed(Arc::new(Failure::Panicked)) };
            if sender.send(Ok((shared, opening))).is_err() {
                return; // Whoever wanted it open has gone.
            }
            ended.how = match runtime.block_on(follower.run(orders)) {
                Ok(()) => Health::Closed,
                Err(failure) => Health::Failed(Arc::new(failure)),
            };
        };
        std::thread::Builder::new().name("follower".into()).spawn(work).map_err(OpenError::Thread)?;
        let panicked = |_| OpenError::Thread(std::io::Error::other("it panicked while opening"));
        let (shared, opening) = opened.await.map_err(panicked)??;
        let (pool, _) = pool(limits);
        Ok(Self { shared, pool, limits, timekeeper, opening, follow: Some(follow) })
    }

    /// Makes the next entries durable, after those that were taken over before; `Ok` gives how many there are now, and their root. No
    /// reader sees them before [`Sequencer::publish_as`]. With no entries it only tells.
    ///
    /// **They are not held against anything here**: the caller has proved them to be the log's.
    ///
    /// # Errors
    /// The failure that ended the log.
    pub async fn take_over(&self, entries: Vec<Bytes>) -> Result<Floor, Arc<Failure>> {
        self.order(|done| Order::Append { entries, done }).await
    }

    /// Publishes the log as it is at a checkpoint that its own writer signed: all its entries have been taken over, and it is not behind
    /// what is published.
    ///
    /// # Errors
    /// The failure that ended the log.
    pub async fn publish_as(&self, checkpoint: Bytes, of: Floor) -> Result<(), Arc<Failure>> {
        self.order(|done| Order::Publish { checkpoint, of, done }).await
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, Arc<Failure>> {
        let (done, answered) = oneshot::channel();
        if let Some(follow) = &self.follow
            && follow.send(order(done)).await.is_ok()
            && let Ok(answer) = answered.await
        {
            return Ok(answer);
        }
        // One that is no copy has nothing that could be taken over.
        match if self.follow.is_some() { self.ended().await } else { Health::Closed } {
            Health::Failed(failure) => Err(failure),
            Health::Closed | Health::Open => Err(Arc::new(Failure::Read(ReadError::NotOpen))),
        }
    }

    /// Asks for a statement to be logged, and waits until it is, or is not.
    ///
    /// `item` is what the law judges, `token` the bytes that are logged, `hash` their SHA-256 as the signature check
    /// computed it. A token that is in the log already, or in the same batch, or on its way, gets the receipt of its first
    /// copy.
    ///
    /// Dropping the future gives up the answer, and perhaps the entry: what waits and has nobody waiting is passed over.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit(&self, item: L::Item, token: Bytes, hash: Hash) -> Result<Receipt, SubmitError<L::Refusal>> {
        let limit = self.limits.statement_bytes.min(tlog::MAX_ENTRY_SIZE - ENTRY_HEADER);
        if token.len() > limit {
            return Err(SubmitError::TooLarge { found: token.len(), limit });
        }
        if self.follow.is_some() {
            return Err(SubmitError::Copy);
        }
        // Repeats of what is published are the readers' business, even while nothing is accepted. An index that cannot be
        // read is the writer's to meet: it then stops.
        let reader = self.reader();
        if let Ok(Some((index, entry))) = reader.find(&token, &hash).await
            && let Ok(receipt) = reader.receipt(index, &entry, true)
        {
            return Ok(receipt);
        }
        let (answer, answered) = oneshot::channel();
        match self.pool.submit(Submission { item, token, hash, answer }) {
            Ok(()) => {}
            Err(Turned::Full) if self.health().is_open() => return Err(SubmitError::Overloaded),
            Err(Turned::Full | Turned::Closed) => return Err(self.why_ended().await),
        }
        match answered.await {
            Ok(Answer::Logged { index, repeated, batch }) => {
                let hashes = batch.growth.inclusion_proof(index).unwrap_or_default();
                let checkpoint = batch.published.checkpoint_text();
                Ok(Receipt::new(index, batch.received_at_millis, &hashes, checkpoint, repeated))
            }
            Ok(Answer::Known { index }) => self.known(index).await,
            Ok(Answer::Not(error)) => Err(error),
            Err(_) => Err(self.why_ended().await),
        }
    }

    async fn known(&self, index: u64) -> Result<Receipt, SubmitError<L::Refusal>> {
        let reader = self.reader();
        let receipt = match reader.entry(index).await {
            Ok(Some(entry)) => reader.receipt(index, &entry, true),
            Ok(None) => Err(ReadError::EntryMissing { index }),
            Err(error) => Err(error),
        };
        receipt.map_err(|error| SubmitError::Unavailable(Arc::new(error.into())))
    }

    /// The writer drops answers only on its way to an end; how it ended is known a moment later.
    async fn why_ended(&self) -> SubmitError<L::Refusal> {
        let mut health = self.shared.health.subscribe();
        let ended = match health.wait_for(|health| !health.is_open()).await {
            Ok(health) => health.clone(),
            Err(_) => Health::Closed,
        };
        match ended {
            Health::Failed(failure) => SubmitError::Unavailable(failure),
            Health::Closed | Health::Open => SubmitError::Closing,
        }
    }

    /// The log as it stands now, to read from.
    #[must_use]
    pub fn reader(&self) -> Reader<J, D, L::View> {
        Reader { shared: Arc::clone(&self.shared), published: self.published() }
    }

    /// The state, the size and the checkpoint that the world may see now.
    #[must_use]
    pub fn published(&self) -> Arc<Published<L::View>> {
        self.shared.published.load_full()
    }

    /// Tells of every published size.
    #[must_use]
    pub fn sizes(&self) -> watch::Receiver<u64> {
        self.shared.size.subscribe()
    }

    /// [`Reader::entry`] of the log as it stands now.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn entry(&self, index: u64) -> Result<Option<Bytes>, ReadError> {
        self.reader().entry(index).await
    }

    /// [`Reader::tile`] of the log as it stands now.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn tile(&self, path: TilePath) -> Result<Option<Bytes>, ReadError> {
        self.reader().tile(path).await
    }

    /// [`Reader::proof`] of the log as it stands now.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn proof(&self, index: u64) -> Result<Option<String>, ReadError> {
        self.reader().proof(index).await
    }

    /// How the writer is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.health.borrow().clone()
    }

    /// Waits until the writer has ended, and says how.
    pub async fn ended(&self) -> Health {
        let mut health = self.shared.health.subscribe();
        health.wait_for(|health| !health.is_open()).await.map_or(Health::Closed, |health| health.clone())
    }

    /// Whether an entry could be dated now.
    ///
    /// # Errors
    /// [`ClockFault`], which every submission would get.
    pub fn clock(&self) -> Result<(), ClockFault> {
        self.timekeeper.received_at(self.published().last_millis).map(drop)
    }

    /// Number of submissions that wait for the writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// What opening found.
    #[must_use]
    pub const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// What a log that is opened next in this process must begin with.
    #[must_use]
    pub fn floor(&self) -> Floor {
        let published = self.published();
        Floor { size: published.size, root: published.root }
    }

    /// Takes nothing more, commits what waits, saves the state, hands the views to the device, and lets go of journal and
    /// database. What is published stays readable in memory; entries and full tiles do not.
    ///
    /// # Errors
    /// The failure that stopped the writer, now or before.
    pub async fn close(&self) -> Result<(), Arc<Failure>> {
        self.pool.close();
        if let Some(follow) = &self.follow {
            follow.close().await;
        }
        let ended = self.ended().await;
        self.release();
        match ended {
            Health::Failed(failure) => Err(failure),
            Health::Closed | Health::Open => Ok(()),
        }
    }

    pub(crate) fn release(&self) {
        self.shared.release();
    }
}

/// Says how the writer ended, even if it panicked.
struct Ended {
    health: watch::Sender<Health>,
    how: Health,
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.health.send_replace(self.how.clone());
    }
}
