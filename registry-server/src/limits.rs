//! What one client may take from the others: every bound that the server puts on a request, in one place.

use std::time::Duration;

/// Bounds on connections and requests. The defaults are what the program runs with; tests shorten the times.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections. Past it no further one is accepted: they wait in the kernel's queue.
    pub connections: usize,
    /// Requests in work at once. Past it the answer is 503 `overloaded`.
    pub requests: usize,
    /// Batches of labels in work at once: each may cost a thousand signature checks.
    pub batches: usize,
    /// How long a connection may be idle: no handler at work, and no byte of an answer taken. Bounds a client that drips its
    /// request's head, one that does not read its answer, and one that is silent between requests.
    pub idle_time: Duration,
    /// From the head to the last byte of the body.
    pub body_time: Duration,
    /// From the head to the answer.
    pub request_time: Duration,
    /// How long a stopping server waits for the requests in work.
    pub drain_time: Duration,
    /// Reports of concerns.
    pub reports: ReportLimits,
}

/// Bounds on reports. Nobody is asked who they are, so all senders share them.
#[derive(Debug, Clone)]
pub struct ReportLimits {
    /// From the form's page to its post: nobody writes faster.
    pub form_shortest: Duration,
    /// And nobody slower.
    pub form_longest: Duration,
    /// Reports taken in a minute.
    pub a_minute: u32,
    /// Reports taken at once, after a quiet time.
    pub burst: u32,
    /// Reports kept that are not closed.
    pub kept: usize,
    /// Bytes of these.
    pub kept_bytes: u64,
}

/// Bytes of a request's head: start line and header fields.
pub(crate) const HEAD_BYTES: usize = 16 * 1024;
/// Header fields of a request.
pub(crate) const HEADER_FIELDS: usize = 64;
/// Bytes of a request's body, where the route names no other bound. A statement may have 48 KiB (design §4).
pub(crate) const BODY_BYTES: usize = 64 * 1024;
/// Bytes of a batch of labels: 1,000 of them, each longer than any that can be printed.
pub(crate) const BATCH_BYTES: usize = 512 * 1024;
/// Reports on one page of the list for an accreditor. How long a report may be is part of its format: crate `concern`.
pub(crate) const REPORTS_PAGE: usize = 100;
/// Hours on one page of the list of checkpoints: those of 83 days.
pub(crate) const HOURS_PAGE: usize = 2000;
/// Labels in one batch.
pub(crate) const BATCH_LABELS: usize = 1000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            requests: 4096,
            batches: 4,
            idle_time: Duration::from_secs(15),
            body_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            drain_time: Duration::from_secs(20),
            reports: ReportLimits::default(),
        }
    }
}

impl Default for ReportLimits {
    fn default() -> Self {
        Self {
            form_shortest: Duration::from_secs(3),
            form_longest: Duration::from_secs(6 * 60 * 60),
            a_minute: 30,
            burst: 60,
            kept: 50_000,
            kept_bytes: 512 << 20,
        }
    }
}
