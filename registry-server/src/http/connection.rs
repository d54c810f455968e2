//! Connections: accepted up to a bound, served with hyper's limits and ours, drained at the end.
//!
//! `axum::serve` is not used: it sets no time limit on a request's head or on the reading of an answer, so that a byte a
//! minute would hold a connection for ever.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::Service;

use super::pulse::{Beating, Pulse};
use crate::limits::{HEAD_BYTES, HEADER_FIELDS, Limits};

/// Serves the router on the listener until `stop` ends, then lets the requests in work end.
///
/// Returns the number of connections that were still busy when the time to drain was over.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    open: Gauge,
    stop: impl Future<Output = ()>,
) -> usize {
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let builder = builder();
    tokio::pin!(stop);
    loop {
        let next = async {
            // Room first: a connection that nobody can serve stays in the kernel's queue.
            let place = Arc::clone(&room).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, stream) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let pulse = Pulse::new();
        let service = {
            let (router, pulse) = (router.clone(), Arc::clone(&pulse));
            service_fn(move |request: Request<Incoming>| {
                let (mut router, pulse) = (router.clone(), Arc::clone(&pulse));
                async move { pulse.during(router.call(request)).await }
            })
        };
        let io = Beating { io: TokioIo::new(stream), pulse: Arc::clone(&pulse) };
        let connection = graceful.watch(builder.serve_connection(io, service));
        let (open, idle_time) = (open.clone(), limits.idle_time);
        open.inc();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                // Errors here are the client's: it hung up, or spoke something else than HTTP.
                _ = connection => {}
                () = pulse.stops(idle_time) => {}
            }
            open.dec();
            drop(place);
        });
    }
    drop(listener);
    let busy = room.clone();
    drop(timeout(limits.drain_time, graceful.shutdown()).await);
    limits.connections.saturating_sub(busy.available_permits())
}

fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        // The pulse bounds that time without a timer for every request.
        .header_read_timeout(None)
        .max_headers(HEADER_FIELDS)
        .max_buf_size(HEAD_BYTES)
        .half_close(false)
        .keep_alive(true);
    builder
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written whole; waiting for more to send only delays them.
                drop(stream.set_nodelay(true));
                return stream;
            }
            Err(error) => {
                // The client left before it was accepted, or there are no file descriptors: those come back with time.
                tracing::warn!(%error, "could not accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
