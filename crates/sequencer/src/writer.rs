//! The one writer: takes a batch, commits it, answers. The order of the writes is the safety argument.
//!
//! It runs on a thread of its own. Hashing and database work come in bursts of milliseconds, which on a worker thread of
//! the async runtime would stand in the way of every connection that the worker serves. `commit_bench` took 13,600
//! entries/s so and 9,500 as a task of the runtime, for the same 17 µs of CPU each (two busy cores, mean of three).

use std::sync::Arc;
use std::time::Duration;

use primitives::{Hash, Signer};
use store::{Journal, Record};
use tlog::{Growth, leaf_hash};
use tokio::task::JoinHandle;

use crate::clock::Timekeeper;
use crate::error::{Failure, SubmitError};
use crate::extension::{self, BeforeSigning};
use crate::ledger::Ledger;
use crate::pool::Intake;
use crate::published::{Published, sign};
use crate::saved::{Save, Snapshot};
use crate::shared::{Shared, Stores};
use crate::stage::{Answer, Batch, Staged, Submission, stage};
use crate::{AlsoSign, Changes, Floor, Law, ViewError, Views};

/// How long nothing is submitted before the law is asked for an entry of its own.
const IDLE: Duration = Duration::from_secs(1);

pub(crate) struct Writer<J, D, L: Law> {
    pub(crate) shared: Arc<Shared<J, D, L::View>>,
    pub(crate) stores: Arc<Stores<J, D>>,
    pub(crate) ledger: Ledger<L>,
    /// Number that the next record takes.
    pub(crate) seq: u64,
    pub(crate) timekeeper: Arc<Timekeeper>,
    pub(crate) origin: String,
    pub(crate) signer: Arc<dyn Signer + Send + Sync>,
    pub(crate) also_sign: Option<AlsoSign>,
    pub(crate) before_signing: Option<BeforeSigning>,
    pub(crate) saver: Saver<D, L>,
}

impl<J: Journal, D: Views, L: Law> Writer<J, D, L> {
    /// Commits batch after batch until the pool is closed and empty. After a failure nothing more is taken: the state has
    /// run ahead of what is durable, and only opening the log again says how far.
    pub(crate) async fn run(mut self, intake: Intake<Submission<L>>) -> Result<(), Failure> {
        let ended = self.work(intake).await;
        // A save that is on its way is of durable entries and may end; an opening must not meet it half way.
        if let Some(running) = self.saver.running.take() {
            let _ = running.await;
        }
        ended
    }

    async fn work(&mut self, mut intake: Intake<Submission<L>>) -> Result<(), Failure> {
        loop {
            // Dropping the future loses nothing: a batch is taken out in one step.
            let batch = match tokio::time::timeout(IDLE, intake.batch()).await {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(_) => Vec::new(),
            };
            self.commit(batch).await?;
            self.saver.save_if_due(&self.ledger, &self.stores).await?;
        }
        self.saver.finish(&self.ledger, &self.stores).await
    }

    /// What a crash leaves is said after each step. Opening begins from the journal and goes through 4 to 7 again.
    async fn commit(&mut self, batch: Vec<Submission<L>>) -> Result<(), Failure> {
        // 1. Stage: drop repeats, date the batch, let the law judge each statement over the state that the ones before it
        //    leave. Refusals that rest on durable entries only are answered here.
        //    A crash after this leaves nothing: no byte was written, nobody was told of an entry.
        let staged = stage(batch, &mut self.ledger, &self.timekeeper, &self.stores, &self.shared).await?;
        let Staged { received_at_millis, entries, leaves, gathered, waiting, refused } = staged;
        if entries.is_empty() {
            debug_assert!(waiting.is_empty() && refused.is_empty(), "they wait for entries");
            return Ok(());
        }
        let tree = Growth::new(&self.ledger.frontier, leaves);
        let record = Record { first_index: tree.old_size(), entries, tree_size: tree.new_size(), root: tree.root().0 };

        // 2. Append the record. The one durable point: before it the batch does not exist, after it the batch is in the
        //    log for good, whatever happens to this process.
        //    A crash within it leaves the whole record or none. A crash after it leaves entries that nobody was told of;
        //    opening publishes them, and whoever submits one again gets its receipt.
        self.stores.journal.append(self.seq, &record).await?;

        // 3. Read the record back, and hash it again from those bytes. A signature over a tree that the journal does not
        //    hold could never be taken back, so a flipped bit or a lying backend must show before the signature.
        //    A crash after this leaves what 2 left.
        let (record, growth) = self.read_back(&record).await?;

        // 4. Sign the checkpoint. The same tree gives the same bytes whenever it is signed, so signing it again is no fork.
        //    A crash after this leaves what 2 left: a checkpoint that nobody has seen.
        let root = growth.root();
        if let Some(told) = &self.before_signing {
            extension::tell(told, &self.ledger, Some(&growth), &self.stores.views);
        }
        let checkpoint = sign(&self.origin, growth.new_size(), root, &*self.signer, self.also_sign.as_ref())?;

        // 5. Bring the views up to date, in one batch: tiles, tags, the law's values. Before anyone sees the checkpoint, so
        //    that all it covers can be served.
        //    A crash within or after this leaves views that are behind the journal; opening repeats what they lack.
        let mut changes = Changes::default();
        self.ledger.absorb(&growth, gathered, received_at_millis, &mut changes);
        self.stores.views.apply(changes)?;

        // 6. Remember what was signed, beside the views and not among them: an opening that finds a shorter or another
        //    journal refuses. Before anyone sees the checkpoint, for the same reason.
        //    A crash after this leaves a checkpoint that nobody has seen, of a record that is durable.
        self.stores.views.set_signed(Floor { size: growth.new_size(), root })?;

        // 7. Publish: one pointer is swapped, readers see the batch whole. A crash after this leaves a checkpoint that the
        //    world may have; its record is durable, so every later log begins with it.
        let published = Arc::new(Published::new(&self.ledger, root, checkpoint));
        self.shared.records.insert(self.seq, Arc::new(record));
        self.shared.publish(Arc::clone(&published));
        self.seq += 1;

        // 8. Answer. A crash before somebody's answer leaves an entry that is logged and unacknowledged: submitting it
        //    again gives the receipt.
        let batch = Arc::new(Batch { growth, received_at_millis, published });
        for (answer, index, repeated) in waiting {
            let _ = answer.send(Answer::Logged { index, repeated, batch: Arc::clone(&batch) });
        }
        for (answer, refusal) in refused {
            let _ = answer.send(Answer::Not(SubmitError::Refused(refusal)));
        }
        Ok(())
    }

    async fn read_back(&self, written: &Record) -> Result<(Record, Growth), Failure> {
        let seq = self.seq;
        let differs = |what| Failure::Differs { seq, what };
        let read = self.stores.journal.read(seq).await.map_err(|source| Failure::ReadBack { seq, source })?;
        let read = read.ok_or_else(|| differs("it is not there"))?;
        if (read.first_index, read.tree_size) != (written.first_index, written.tree_size) {
            return Err(differs("first index or tree size"));
        }
        if read.root != written.root {
            return Err(differs("root"));
        }
        if read.entries != written.entries {
            return Err(differs("an entry"));
        }
        let leaves: Vec<Hash> = read.entries.iter().map(|entry| leaf_hash(entry)).collect();
        let growth = Growth::new(&self.ledger.frontier, leaves);
        if growth.root().0 != written.root {
            return Err(differs("the root over its entries"));
        }
        Ok((read, growth))
    }
}

/// Saves the state every so many entries, beside the commits, so that nobody waits for it.
pub(crate) struct Saver<D, L: Law> {
    pub(crate) fingerprint: [u8; 32],
    pub(crate) every: u64,
    /// The save that the database holds.
    pub(crate) last: Option<Arc<Save<L>>>,
    pub(crate) running: Option<JoinHandle<Result<Save<L>, ViewError>>>,
    pub(crate) database: std::marker::PhantomData<fn() -> D>,
}

impl<D: Views, L: Law> Saver<D, L> {
    fn is_due(&self, size: u64) -> bool {
        let saved = self.last.as_ref().map_or(0, |save| save.manifest.size);
        size - saved >= self.every.max(1)
    }

    pub(crate) async fn save_if_due<J: Journal>(
        &mut self,
        ledger: &Ledger<L>,
        stores: &Arc<Stores<J, D>>,
    ) -> Result<(), Failure> {
        if self.running.as_ref().is_some_and(JoinHandle::is_finished) {
            self.join().await?;
        }
        if self.running.is_none() && self.is_due(ledger.size()) {
            let (snapshot, last, stores) =
                (Snapshot::of(ledger, self.fingerprint), self.last.clone(), Arc::clone(stores));
            self.running = Some(tokio::task::spawn_blocking(move || snapshot.write(last.as_deref(), &stores.views)));
        }
        Ok(())
    }

    /// Saves now, where there is anything to save that the last one lacks, and hands all views to the device.
    pub(crate) async fn finish<J: Journal>(
        &mut self,
        ledger: &Ledger<L>,
        stores: &Stores<J, D>,
    ) -> Result<(), Failure> {
        self.join().await?;
        if ledger.size() > self.last.as_ref().map_or(0, |save| save.manifest.size) {
            self.save_now(ledger, &stores.views)?;
        }
        stores.views.flush()?;
        Ok(())
    }

    pub(crate) fn save_if_due_now(&mut self, ledger: &Ledger<L>, views: &D) -> Result<(), ViewError> {
        if self.is_due(ledger.size()) { self.save_now(ledger, views) } else { Ok(()) }
    }

    fn save_now(&mut self, ledger: &Ledger<L>, views: &D) -> Result<(), ViewError> {
        let save = Snapshot::of(ledger, self.fingerprint).write(self.last.as_deref(), views)?;
        self.last = Some(Arc::new(save));
        Ok(())
    }

    async fn join(&mut self) -> Result<(), Failure> {
        if let Some(running) = self.running.take() {
            let saved = running.await.map_err(|_| Failure::Panicked)?;
            self.last = Some(Arc::new(saved?));
        }
        Ok(())
    }
}
