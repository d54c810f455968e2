//! A socket whose writes cannot be held open: a client that does not read its answer loses the connection.
//!
//! hyper bounds the time of a request's head and has nothing for writes: without this, a client that asks for tiles and
//! never reads holds its connection and the answer's memory for ever.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::{Sleep, sleep};

pub(super) struct TimedIo<I> {
    io: I,
    limit: Duration,
    /// Set only while a write waits for the client, so that a client that reads costs no timer.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<I> TimedIo<I> {
    pub(super) const fn new(io: I, limit: Duration) -> Self {
        Self { io, limit, stalled: None }
    }

    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I: Read + Unpin> Read for TimedIo<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<I: Write + Unpin> Write for TimedIo<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, buf);
        self.bounded(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.bounded(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.io).poll_shutdown(cx);
        self.bounded(cx, shut)
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
        self.bounded(cx, written)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use hyper_util::rt::TokioIo;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_loses_the_connection() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let mut io = TimedIo::new(TokioIo::new(ours), Duration::from_secs(15));
        assert_eq!(poll_fn(|cx| Pin::new(&mut io).poll_write(cx, b"abcd")).await.unwrap(), 4);
        let error = poll_fn(|cx| Pin::new(&mut io).poll_write(cx, b"e")).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_that_reads_keeps_it() {
        use tokio::io::AsyncReadExt;
        let (ours, mut theirs) = tokio::io::duplex(1);
        let mut io = TimedIo::new(TokioIo::new(ours), Duration::from_secs(15));
        let reader = tokio::spawn(async move {
            for _ in 0..4 {
                sleep(Duration::from_secs(10)).await;
                theirs.read_u8().await.unwrap();
            }
        });
        for byte in b"abcd" {
            poll_fn(|cx| Pin::new(&mut io).poll_write(cx, &[*byte])).await.unwrap();
        }
        reader.await.unwrap();
    }
}
