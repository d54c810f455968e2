//! What the handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use primitives::Timestamp;
use sequencer::Timekeeper;
use statement::Origin;
use tokio::sync::Semaphore;
use verify::Trust;

use crate::anchors::Anchors;
use crate::answers::Answers;
use crate::attested::Attested;
use crate::clearances::Clearances;
use crate::cosigned::CosignedLog;
use crate::cosigning::Cosigning;
use crate::limits::Limits;
use crate::log::{Log, OpenLog};
use crate::metrics::Metrics;
use crate::mirror::Mirrored;
use crate::problem::Problem;
use crate::receipts::Receipts;
use crate::reports::Reports;
use crate::scans::Scans;
use crate::signatures::Remembered;
use crate::snapshots::Snapshots;
use crate::status_lists::StatusLists;
use crate::tallies::Tallies;
use crate::witness::Witness;

/// The running registry, as handlers see it.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) origin: Origin,
    pub(crate) trust: Trust,
    /// Whether clients reach the registry over TLS: all but loopback do (design §5).
    pub(crate) behind_tls: bool,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) signatures: Remembered,
    pub(crate) attested: Attested,
    pub(crate) answers: Answers,
    pub(crate) tallies: Tallies,
    pub(crate) snapshots: Snapshots,
    /// How cosignatures are gathered.
    pub(crate) cosigning: Cosigning,
    pub(crate) cosigned: CosignedLog,
    pub(crate) anchors: Anchors,
    pub(crate) status_lists: StatusLists,
    pub(crate) role: Role,
    /// Room for batches of labels.
    pub(crate) batches: Semaphore,
    timekeeper: Arc<Timekeeper>,
    log: Log,
    in_work: AtomicUsize,
}

/// One request's place among those in work; given back when dropped, also when the client hangs up.
#[derive(Debug)]
pub(crate) struct InWork(Arc<App>);

/// What an [`App`] is made of.
pub(crate) struct Parts {
    pub(crate) origin: Origin,
    pub(crate) trust: Trust,
    pub(crate) limits: Limits,
    pub(crate) timekeeper: Arc<Timekeeper>,
    pub(crate) log: Log,
    pub(crate) snapshots: Snapshots,
    pub(crate) cosigning: Cosigning,
    pub(crate) cosigned: CosignedLog,
    pub(crate) anchors: Anchors,
    pub(crate) status_lists: StatusLists,
    pub(crate) role: Role,
}

/// What a server is to the log that it serves.
#[derive(Debug)]
pub(crate) enum Role {
    /// The log is its own.
    Registry(Box<Own>),
    /// It has a copy.
    Mirror(Box<Mirrored>),
}

/// What the registry alone has: its keys but the log's, and what is private.
#[derive(Debug)]
pub(crate) struct Own {
    /// The registry's DID document.
    pub(crate) did_document: Bytes,
    pub(crate) witness: Witness,
    pub(crate) clearances: Clearances,
    pub(crate) reports: Reports,
    pub(crate) scans: Arc<Scans>,
    pub(crate) receipts: Receipts,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            origin,
            trust,
            limits,
            timekeeper,
            log,
            snapshots,
            cosigning,
            cosigned,
            anchors,
            status_lists,
            role,
        } = parts;
        Self {
            behind_tls: !origin.is_loopback(),
            batches: Semaphore::new(limits.batches),
            metrics: Arc::new(Metrics::new()),
            signatures: Remembered::new(),
            attested: Attested::new(),
            answers: Answers::new(),
            tallies: Tallies::default(),
            snapshots,
            cosigning,
            cosigned,
            anchors,
            status_lists,
            role,
            in_work: AtomicUsize::new(0),
            origin,
            trust,
            limits,
            timekeeper,
            log,
        }
    }

    /// What the registry alone has.
    ///
    /// # Errors
    /// `mirror` where this is one.
    pub(crate) fn own(&self) -> Result<&Own, Problem> {
        match &self.role {
            Role::Registry(own) => Ok(own),
            Role::Mirror(_) => Err(Problem::mirror(&self.registry_url())),
        }
    }

    /// What a mirror knows of its source; `None` on the registry itself.
    pub(crate) fn mirrored(&self) -> Option<&Mirrored> {
        match &self.role {
            Role::Registry(_) => None,
            Role::Mirror(mirrored) => Some(mirrored),
        }
    }

    /// Where the registry itself is.
    pub(crate) fn registry_url(&self) -> String {
        self.trust.registry(&self.origin).map_or_else(|| self.origin.url_prefix(), |registry| registry.url.clone())
    }

    /// The log as it is open now. Taken anew for each request: one that stopped is replaced.
    pub(crate) fn log(&self) -> Arc<OpenLog> {
        self.log.current()
    }

    /// Closes the log: what waits is committed first.
    pub(crate) async fn close(&self) -> Result<(), Arc<sequencer::Failure>> {
        self.log.close().await
    }

    /// The time, in whole seconds: nothing that is judged changes within one.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.timekeeper.now_millis() / 1000)
    }

    /// Takes a place among the requests in work, if there is one.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<InWork> {
        if self.in_work.fetch_add(1, Ordering::Relaxed) < self.limits.requests {
            return Some(InWork(Arc::clone(self)));
        }
        self.in_work.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// The metrics, brought up to date.
    pub(crate) fn metrics_text(&self) -> String {
        let published = self.log().published();
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.metrics.in_work.set(number(self.in_work.load(Ordering::Relaxed) as u64));
        self.metrics.log_size.set(number(published.size));
        self.metrics.newest_entry.set(number(published.last_millis / 1000));
        let seen = self.cosigned.newest().and_then(|newest| newest.time);
        self.metrics.quorum_time.set(seen.map_or(0, |seen| number(seen.seconds())));
        self.metrics.reports.set(number(self.own().map_or(0, |own| own.reports.count())));
        let heard = self.mirrored().map_or(0, |mirrored| mirrored.as_of().seconds());
        self.metrics.source_heard.set(number(heard));
        self.metrics.ready.set(i64::from(self.log().health().is_open()));
        self.metrics.text()
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        self.0.in_work.fetch_sub(1, Ordering::Relaxed);
    }
}
