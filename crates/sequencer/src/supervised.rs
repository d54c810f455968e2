//! Opens a log again by itself after it has stopped, and keeps one handle to it for everyone.
//!
//! After an I/O error nobody knows what is durable until the journal has been read again. That needs no person: opening
//! verifies everything, and refuses where it must. Two ends stay ends: another writer has the journal, and the log was
//! closed.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use store::Journal;
use tokio::task::JoinHandle;

use crate::error::Failure;
use crate::open::Opening;
use crate::sequencer::Sequencer;
use crate::shared::Health;
use crate::{Floor, Law, Views};

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What became of a log under supervision: for the operator's log.
#[derive(Debug)]
pub enum Event {
    /// The writer stopped.
    Stopped(Arc<Failure>),
    /// It could not be opened again yet; it is tried again after this time.
    NotYet {
        /// Why.
        error: String,
        /// When it is tried again.
        wait: Duration,
    },
    /// It is open again.
    Reopened(Opening),
    /// Another writer has the journal: this process takes nothing any more.
    GivenUp(Arc<Failure>),
}

/// A log that is opened again whenever its writer has stopped.
pub struct Supervised<J: Journal, D: Views, L: Law> {
    current: Arc<RwLock<Arc<Sequencer<J, D, L>>>>,
    watching: JoinHandle<()>,
}

impl<J: Journal, D: Views, L: Law> fmt::Debug for Supervised<J, D, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervised").field("current", &self.current()).finish_non_exhaustive()
    }
}

impl<J: Journal, D: Views, L: Law> Supervised<J, D, L> {
    /// Opens the log with `open`, and again with it whenever the writer has stopped.
    ///
    /// `open` opens the journal, the database and the log; a floor that it is given goes into
    /// [`crate::Options::floor`], so that what this process published is not taken back. When it is called again, the
    /// stopped log has let go of both, but for what readers hold for a moment longer; a lock that is still held then is
    /// an error like any other, and passes.
    ///
    /// # Errors
    /// What `open` says the first time.
    pub async fn start<O, F, E>(open: O, report: impl Fn(Event) + Send + Sync + 'static) -> Result<Self, E>
    where
        O: Fn(Option<Floor>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Sequencer<J, D, L>, E>> + Send,
        E: fmt::Display + Send,
    {
        Self::start_when(open, |_| std::future::ready(()), report).await
    }

    /// The same, where opening waits for `ready`, which is told why the log stopped: as long as it waits the stopped log can be
    /// read, entries and tiles and all, which it cannot while it is opened again. For what is not the storage's fault and may last,
    /// such as a signer that is gone.
    ///
    /// # Errors
    /// What `open` says the first time.
    pub async fn start_when<O, F, E, W>(
        open: O,
        ready: impl Fn(Arc<Failure>) -> W + Send + Sync + 'static,
        report: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, E>
    where
        O: Fn(Option<Floor>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Sequencer<J, D, L>, E>> + Send,
        E: fmt::Display + Send,
        W: Future<Output = ()> + Send,
    {
        let current = Arc::new(RwLock::new(Arc::new(open(None).await?)));
        let watched = Arc::clone(&current);
        let watching = tokio::spawn(async move {
            while let Some(failure) = stopped(&load(&watched)).await {
                if failure.is_fenced() {
                    return report(Event::GivenUp(failure));
                }
                report(Event::Stopped(Arc::clone(&failure)));
                ready(failure).await;
                let log = again(&load(&watched), &open, &report).await;
                let opening = log.opening().clone();
                *watched.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(log);
                report(Event::Reopened(opening));
            }
        });
        Ok(Self { current, watching })
    }

    /// The log, open or stopped. Take it anew for each request: a stopped one is replaced.
    #[must_use]
    pub fn current(&self) -> Arc<Sequencer<J, D, L>> {
        load(&self.current)
    }

    /// Closes the log for good: see [`Sequencer::close`].
    ///
    /// # Errors
    /// The failure that stopped the writer.
    pub async fn close(&self) -> Result<(), Arc<Failure>> {
        self.watching.abort();
        self.current().close().await
    }
}

impl<J: Journal, D: Views, L: Law> Drop for Supervised<J, D, L> {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

fn load<T>(current: &RwLock<Arc<T>>) -> Arc<T> {
    Arc::clone(&current.read().unwrap_or_else(PoisonError::into_inner))
}

/// Waits for the writer to end; `None` where it was closed.
async fn stopped<J: Journal, D: Views, L: Law>(log: &Sequencer<J, D, L>) -> Option<Arc<Failure>> {
    match log.ended().await {
        Health::Failed(failure) => Some(failure),
        Health::Closed | Health::Open => None,
    }
}

async fn again<J, D, L, O, F, E>(stopped: &Sequencer<J, D, L>, open: &O, report: &impl Fn(Event)) -> Sequencer<J, D, L>
where
    J: Journal,
    D: Views,
    L: Law,
    O: Fn(Option<Floor>) -> F,
    F: Future<Output = Result<Sequencer<J, D, L>, E>>,
    E: fmt::Display,
{
    let floor = stopped.floor();
    stopped.release();
    let mut wait = FIRST_WAIT;
    loop {
        match open(Some(floor)).await {
            Ok(log) => return log,
            Err(error) => report(Event::NotYet { error: error.to_string(), wait }),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
