//! The pulse of a connection: when it last got anywhere, for a watchdog.
//!
//! Two things hold a connection for nothing: a client that does not finish its request's head, and one that does not read
//! its answer. hyper bounds the first with a timer for every request, and the second not at all. Here both are one
//! question, asked by one timer a connection: is a handler at work, or was a byte of an answer taken lately? Bytes that
//! arrive do not count, so a head that drips buys no time.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Read, ReadBufCursor, Write};

/// The process's own epoch: an atomic holds a number, not an instant.
static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);

/// When a connection last got anywhere.
#[derive(Debug)]
pub(super) struct Pulse {
    at_work: AtomicBool,
    last_millis: AtomicU64,
}

impl Pulse {
    /// Of a connection that was just opened.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { at_work: AtomicBool::new(false), last_millis: AtomicU64::new(now_millis()) })
    }

    /// Waits for the handler; while it works, the connection is alive.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        self.at_work.store(true, Ordering::Relaxed);
        let done = work.await;
        self.beat();
        self.at_work.store(false, Ordering::Relaxed);
        done
    }

    fn beat(&self) {
        self.last_millis.store(now_millis(), Ordering::Relaxed);
    }

    /// How long the connection may go on before it has to be looked at again; `None` if it has been idle for `limit`.
    fn left(&self, limit: Duration) -> Option<Duration> {
        if self.at_work.load(Ordering::Relaxed) {
            return Some(limit);
        }
        let idle = now_millis().saturating_sub(self.last_millis.load(Ordering::Relaxed));
        limit.checked_sub(Duration::from_millis(idle)).filter(|left| !left.is_zero())
    }

    /// Ends when the connection has been idle for `limit`.
    pub(super) async fn stops(&self, limit: Duration) {
        while let Some(left) = self.left(limit) {
            tokio::time::sleep(left).await;
        }
    }
}

fn now_millis() -> u64 {
    u64::try_from(EPOCH.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A socket that beats when something is written to it.
pub(super) struct Beating<I> {
    pub(super) io: I,
    pub(super) pulse: Arc<Pulse>,
}

impl<I> Beating<I> {
    fn beat(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(1..)) = written {
            self.pulse.beat();
        }
        written
    }
}

impl<I: Read + Unpin> Read for Beating<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<I: Write + Unpin> Write for Beating<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.beat(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.beat(written)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::{sleep, timeout};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(200);

    async fn stops_within(pulse: &Pulse, time: Duration) -> bool {
        timeout(time, pulse.stops(LIMIT)).await.is_ok()
    }

    #[tokio::test]
    async fn a_connection_that_does_nothing_stops() {
        let started = Instant::now();
        Pulse::new().stops(LIMIT).await;
        assert!(started.elapsed() >= LIMIT);
    }

    #[tokio::test]
    async fn a_handler_at_work_keeps_it_alive_and_so_does_a_client_that_reads() {
        let pulse = Pulse::new();
        let work = pulse.during(sleep(3 * LIMIT));
        assert!(!tokio::join!(stops_within(&pulse, 2 * LIMIT), work).0);
        let (ours, mut theirs) = tokio::io::duplex(1);
        let mut io = Beating { io: TokioIo::new(ours), pulse: Arc::clone(&pulse) };
        let writes = async {
            for byte in b"abcdef" {
                poll_fn(|cx| Pin::new(&mut io).poll_write(cx, &[*byte])).await.unwrap();
            }
        };
        let reads = async {
            for _ in 0..6 {
                sleep(LIMIT / 2).await;
                theirs.read_u8().await.unwrap();
            }
        };
        assert!(!tokio::join!(stops_within(&pulse, 2 * LIMIT), writes, reads).0);
    }

    #[tokio::test]
    async fn bytes_that_arrive_do_not() {
        let pulse = Pulse::new();
        let (ours, mut theirs) = tokio::io::duplex(64);
        let _io = Beating { io: TokioIo::new(ours), pulse: Arc::clone(&pulse) };
        let drip = async {
            for _ in 0..8 {
                theirs.write_u8(b'x').await.unwrap();
                sleep(LIMIT / 4).await;
            }
        };
        assert!(tokio::join!(stops_within(&pulse, 2 * LIMIT), drip).0);
    }
}
