use std::net::SocketAddr;
use std::time::Instant;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

struct Server {
    address: SocketAddr,
    open: Gauge,
    stop: oneshot::Sender<()>,
    served: JoinHandle<usize>,
}

fn brief() -> Limits {
    Limits { idle_time: Duration::from_millis(300), drain_time: Duration::from_secs(5), ..Limits::default() }
}

async fn start(limits: Limits) -> Server {
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_millis(400)).await;
                "done"
            }),
        )
        .route("/never", get(|| async { sleep(Duration::from_secs(3600)).await }))
        .route("/large", get(|| async { vec![b'x'; 64 << 20] }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let open = Gauge::default();
    let gauge = open.clone();
    let served =
        tokio::spawn(async move { serve(listener, router, &limits, gauge, async { drop(stopped.await) }).await });
    Server { address, open, stop, served }
}

async fn all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end, too.
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8(answer).unwrap()
}

async fn ask(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_client_that_drips_its_header_loses_the_connection() {
    let server = start(brief()).await;
    let mut stream = ask(server.address, "GET / HTTP/1.1\r\nhost: a\r\n").await;
    let started = Instant::now();
    let (mut read, mut write) = stream.split();
    let drip = async {
        // Bytes do not buy time: the limit is for the whole head.
        while write.write_all(b"x: y\r\n").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
        std::future::pending::<()>().await
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = drip => {}
        end = read.read_to_end(&mut answer) => drop(end),
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let server = start(brief()).await;
    let mut stream = ask(server.address, "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let started = Instant::now();
    let answer = all(&mut stream).await;
    assert!(answer.ends_with("done"), "{answer}");
    assert!(started.elapsed() >= Duration::from_millis(600), "closed only after a whole idle time");
}

#[tokio::test]
async fn a_head_over_the_bounds_is_refused() {
    let server = start(brief()).await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(HEAD_BYTES));
    let long_target = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "y".repeat(HEAD_BYTES));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(HEADER_FIELDS));
    for request in [long, long_target, many] {
        let answer = all(&mut ask(server.address, &request).await).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn a_client_that_never_reads_loses_the_connection() {
    let server = start(brief()).await;
    let stream = ask(server.address, "GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let started = Instant::now();
    while server.open.get() != 1 {
        sleep(Duration::from_millis(5)).await;
    }
    while server.open.get() != 0 {
        assert!(started.elapsed() < Duration::from_secs(5), "still open");
        sleep(Duration::from_millis(20)).await;
    }
    drop(stream);
}

#[tokio::test]
async fn connections_past_the_bound_wait_for_room() {
    let server = start(Limits { connections: 1, ..brief() }).await;
    let mut first = ask(server.address, "GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    sleep(Duration::from_millis(50)).await;
    let mut second = ask(server.address, "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    let early = timeout(Duration::from_millis(150), second.read_u8()).await;
    assert!(early.is_err(), "answered beside the first");
    assert!(all(&mut first).await.ends_with("done"));
    assert!(all(&mut second).await.ends_with("here"));
}

#[tokio::test]
async fn stopping_answers_the_requests_in_work_and_closes_the_rest() {
    let server = start(Limits { idle_time: Duration::from_secs(60), ..brief() }).await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    let mut busy = ask(server.address, "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    assert!(all(&mut busy).await.ends_with("done"));
    assert_eq!(all(&mut idle).await, "");
    assert_eq!(server.served.await.unwrap(), 0);
    assert!(TcpStream::connect(server.address).await.is_err(), "nothing listens any more");
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let server = start(Limits { drain_time: Duration::from_millis(200), ..brief() }).await;
    let _busy = ask(server.address, "GET /never HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    server.stop.send(()).unwrap();
    assert_eq!(server.served.await.unwrap(), 1);
    assert!(started.elapsed() < Duration::from_secs(3));
}
