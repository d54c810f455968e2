//! What the handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use statement::Origin;

use crate::limits::Limits;
use crate::metrics::Metrics;

/// The running registry, as handlers see it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) origin: Origin,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    /// Whether clients reach the registry over TLS: all but loopback do (design §5).
    pub(crate) behind_tls: bool,
    in_work: AtomicUsize,
}

/// One request's place among those in work; given back when dropped, also when the client hangs up.
#[derive(Debug)]
pub(crate) struct InWork(Arc<App>);

impl App {
    pub(crate) fn new(origin: Origin, limits: Limits) -> Self {
        let behind_tls = !origin.is_loopback();
        Self { origin, limits, metrics: Metrics::new(), behind_tls, in_work: AtomicUsize::new(0) }
    }

    /// Takes a place among the requests in work, if there is one.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<InWork> {
        if self.in_work.fetch_add(1, Ordering::Relaxed) < self.limits.requests {
            return Some(InWork(Arc::clone(self)));
        }
        self.in_work.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Requests in work.
    pub(crate) fn in_work(&self) -> usize {
        self.in_work.load(Ordering::Relaxed)
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.0.in_work.fetch_sub(1, Ordering::Relaxed);
    }
}
