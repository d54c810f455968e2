//! The load: keep-alive connections that send requests made beforehand and read answers, and do little else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a run gave.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) answers: usize,
    pub(crate) failed: usize,
    pub(crate) first_failure: Option<String>,
    pub(crate) time: Duration,
    /// Microseconds, ascending.
    pub(crate) latencies: Vec<u32>,
    /// Bytes of the last answer's body.
    pub(crate) body: usize,
}

impl Done {
    pub(crate) fn rate(&self) -> f64 {
        self.answers as f64 / self.time.as_secs_f64()
    }

    /// Milliseconds that this part of the answers took at most.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let place = ((self.latencies.len() as f64 - 1.0) * part) as usize;
        f64::from(self.latencies.get(place).copied().unwrap_or_default()) / 1000.0
    }
}

/// As fast as the connections allow: each sends its next request when it has its answer. Each request is sent once; or, with a
/// time, they are sent over and over until it has passed.
pub(crate) fn closed(
    address: SocketAddr,
    connections: usize,
    requests: Arc<Vec<Vec<u8>>>,
    time: Option<Duration>,
) -> Done {
    let next = Arc::new(AtomicUsize::new(0));
    run(connections, move |_, started| {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        async move {
            let mut connection = Connection::open(address).await;
            let mut done = Done::default();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let over = time.map_or(turn >= requests.len(), |time| started.elapsed() >= time);
                if over {
                    return done;
                }
                let begun = Instant::now();
                connection.ask(&requests[turn % requests.len()], begun, &mut done).await;
            }
        }
    })
}

/// At a fixed rate, whether or not answers come in time: a request's time counts from when it was due.
pub(crate) fn open(address: SocketAddr, connections: usize, requests: Arc<Vec<Vec<u8>>>, rate: f64) -> Done {
    run(connections, move |number, started| {
        let requests = Arc::clone(&requests);
        async move {
            let mut connection = Connection::open(address).await;
            let mut done = Done::default();
            for turn in (number..requests.len()).step_by(connections) {
                let due = started + Duration::from_secs_f64(turn as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
                connection.ask(&requests[turn], due, &mut done).await;
            }
            done
        }
    })
}

fn run<F>(connections: usize, task: impl Fn(usize, Instant) -> F) -> Done
where
    F: Future<Output = Done> + Send + 'static,
{
    // One thread: the load must not take more of the cores than it needs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let started = Instant::now() + Duration::from_millis(20);
        let tasks: Vec<_> = (0..connections).map(|number| tokio::spawn(task(number, started))).collect();
        let mut all = Done::default();
        for task in tasks {
            let done = task.await.unwrap();
            all.answers += done.answers;
            all.failed += done.failed;
            all.first_failure = all.first_failure.or(done.first_failure);
            all.latencies.extend(done.latencies);
            all.body = done.body.max(all.body);
        }
        all.time = started.elapsed();
        all.latencies.sort_unstable();
        all
    })
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    async fn ask(&mut self, request: &[u8], due: Instant, done: &mut Done) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (head, body) = loop {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the server hung up");
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.buffer[..end]).unwrap();
                let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
                let length: usize = length.unwrap().parse().unwrap();
                if self.buffer.len() >= end + 4 + length {
                    break (head, length);
                }
            }
        };
        done.answers += 1;
        done.body = body;
        done.latencies.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
        if !head.starts_with("HTTP/1.1 20") {
            done.failed += 1;
            done.first_failure = Some(String::from_utf8_lossy(&self.buffer).into_owned());
        }
    }
}
