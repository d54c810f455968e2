//! Where submissions wait for the writer: bounded in number and bytes, and taken out a batch at a time.
//!
//! A batch is what arrived while the last one was being committed. Nobody waits for company: a lone submission is
//! committed at once, and the busier the log, the larger the batches.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use store::MAX_RECORD_BYTES;
use tokio::sync::{mpsc, watch};

/// How much may wait, and how much is taken at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most submissions waiting.
    pub waiting: usize,
    /// Most bytes of statements waiting.
    pub waiting_bytes: usize,
    /// Most submissions in a batch. A batch is one journal record, and a record is what is read to read one entry.
    pub batch: usize,
    /// Bytes of statements after which no more are added to a batch; at most half a journal record is used.
    pub batch_bytes: usize,
    /// Most bytes of one statement; at most 65,527, since an entry bundle has 16 bits for an entry's length.
    pub statement_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { waiting: 4096, waiting_bytes: 64 << 20, batch: 256, batch_bytes: 1 << 20, statement_bytes: 48 << 10 }
    }
}

/// Something that takes up room.
pub(crate) trait Weighed {
    fn bytes(&self) -> usize;
}

/// The submitters' end.
pub(crate) struct Pool<T> {
    sender: mpsc::Sender<T>,
    waiting_bytes: Arc<AtomicUsize>,
    most_bytes: usize,
    closing: watch::Sender<bool>,
}

/// The writer's end.
pub(crate) struct Intake<T> {
    receiver: mpsc::Receiver<T>,
    waiting_bytes: Arc<AtomicUsize>,
    limits: Limits,
    closing: watch::Receiver<bool>,
    carried: Option<T>,
}

/// Why a submission may not wait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    Full,
    Closed,
}

pub(crate) fn pool<T: Weighed>(limits: Limits) -> (Pool<T>, Intake<T>) {
    let limits = Limits { batch_bytes: limits.batch_bytes.min(MAX_RECORD_BYTES / 2), ..limits };
    let (sender, receiver) = mpsc::channel(limits.waiting.max(1));
    let waiting_bytes = Arc::new(AtomicUsize::new(0));
    let (closing, closed) = watch::channel(false);
    let pool = Pool { sender, waiting_bytes: Arc::clone(&waiting_bytes), most_bytes: limits.waiting_bytes, closing };
    (pool, Intake { receiver, waiting_bytes, limits, closing: closed, carried: None })
}

impl<T: Weighed> Pool<T> {
    pub(crate) fn submit(&self, submission: T) -> Result<(), Turned> {
        let bytes = submission.bytes();
        let room = |waiting: usize| waiting.checked_add(bytes).filter(|sum| *sum <= self.most_bytes);
        self.waiting_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).map_err(|_| Turned::Full)?;
        self.sender.try_send(submission).map_err(|error| {
            self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            match error {
                mpsc::error::TrySendError::Full(_) => Turned::Full,
                mpsc::error::TrySendError::Closed(_) => Turned::Closed,
            }
        })
    }

    /// Number of submissions waiting.
    pub(crate) fn waiting(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }

    /// Turns further submissions away; those that wait are still taken.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl<T: Weighed> Intake<T> {
    /// The next batch, never empty; `None` when the pool is closed and nothing waits any more.
    pub(crate) async fn batch(&mut self) -> Option<Vec<T>> {
        let first = match self.carried.take() {
            Some(first) => first,
            None => self.first().await?,
        };
        let mut bytes = first.bytes();
        let mut batch = vec![first];
        while batch.len() < self.limits.batch {
            let Ok(next) = self.receiver.try_recv() else { break };
            if bytes + next.bytes() > self.limits.batch_bytes {
                self.carried = Some(next);
                break;
            }
            bytes += next.bytes();
            batch.push(next);
        }
        self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
        Some(batch)
    }

    async fn first(&mut self) -> Option<T> {
        loop {
            if *self.closing.borrow() {
                self.receiver.close();
                return self.receiver.recv().await;
            }
            tokio::select! {
                biased;
                // An error means that all submitters are gone, which `recv` says too.
                Ok(()) = self.closing.changed() => {}
                first = self.receiver.recv() => return first,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for Vec<u8> {
        fn bytes(&self) -> usize {
            self.len()
        }
    }

    fn limits() -> Limits {
        Limits { waiting: 5, waiting_bytes: 100, batch: 3, batch_bytes: 50, statement_bytes: 40 }
    }

    fn lengths(batch: Option<Vec<Vec<u8>>>) -> Option<Vec<usize>> {
        batch.map(|batch| batch.iter().map(Vec::len).collect())
    }

    #[tokio::test]
    async fn a_batch_is_what_waits_up_to_its_limits_in_order() {
        let (pool, mut intake) = pool(limits());
        for length in [1, 2, 3, 4] {
            pool.submit(vec![0; length]).unwrap();
        }
        assert_eq!(lengths(intake.batch().await), Some(vec![1, 2, 3]));
        assert_eq!(lengths(intake.batch().await), Some(vec![4]));
        for length in [30, 30, 20, 5] {
            pool.submit(vec![0; length]).unwrap();
        }
        assert_eq!(lengths(intake.batch().await), Some(vec![30]));
        assert_eq!(lengths(intake.batch().await), Some(vec![30, 20]));
        assert_eq!(lengths(intake.batch().await), Some(vec![5]));
        pool.submit(vec![0; 99]).unwrap();
        assert_eq!(lengths(intake.batch().await), Some(vec![99]), "one that is larger than a batch goes alone");
    }

    #[tokio::test]
    async fn what_would_exceed_number_or_bytes_is_turned_away_until_there_is_room() {
        let (pool, mut intake) = pool(limits());
        for _ in 0..5 {
            pool.submit(vec![0; 1]).unwrap();
        }
        assert_eq!(pool.waiting(), 5);
        assert_eq!(pool.submit(vec![0; 1]), Err(Turned::Full));
        intake.batch().await;
        pool.submit(vec![0; 98]).unwrap();
        assert_eq!(pool.submit(vec![0; 1]), Err(Turned::Full), "2 + 98 bytes wait");
        assert_eq!(lengths(intake.batch().await), Some(vec![1, 1]));
        assert_eq!(lengths(intake.batch().await), Some(vec![98]));
        pool.submit(vec![0; 100]).unwrap();
    }

    #[tokio::test]
    async fn after_closing_what_waits_is_taken_and_nothing_else() {
        let (pool, mut intake) = pool(limits());
        for _ in 0..4 {
            pool.submit(vec![0; 1]).unwrap();
        }
        pool.close();
        assert_eq!(lengths(intake.batch().await).map(|batch| batch.len()), Some(3));
        assert_eq!(pool.submit(vec![0; 1]), Err(Turned::Closed));
        assert_eq!(lengths(intake.batch().await).map(|batch| batch.len()), Some(1));
        assert_eq!(intake.batch().await, None);
    }

    #[tokio::test]
    async fn an_idle_writer_notices_the_closing() {
        let (pool, mut intake) = pool::<Vec<u8>>(limits());
        let idle = tokio::spawn(async move { intake.batch().await });
        tokio::task::yield_now().await;
        pool.close();
        assert_eq!(idle.await.unwrap(), None);
    }

    #[tokio::test]
    async fn when_all_submitters_are_gone_the_writer_ends() {
        let (pool, mut intake) = pool(limits());
        pool.submit(vec![0; 1]).unwrap();
        drop(pool);
        assert_eq!(lengths(intake.batch().await), Some(vec![1]));
        assert_eq!(intake.batch().await, None);
    }
}
