//! Counters for the operator, in Prometheus' text form. Labelled by route template, status and stable codes: never by
//! anything that a client chose, which could name a person or grow without bound.

use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use verify::{Outcome, Reason};

/// Everything that is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, Buckets>,
    /// Statements posted, by what became of them.
    pub(crate) statements: Family<StatementLabels, Counter>,
    /// Labels judged, by outcome and first reason.
    pub(crate) verdicts: Verdicts,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Requests in work.
    pub(crate) in_work: Gauge,
    /// Entries in the published log.
    pub(crate) log_size: Gauge,
    /// Received-at of the newest published entry, seconds since 1970.
    pub(crate) newest_entry: Gauge,
    /// Whether the registry takes statements.
    pub(crate) ready: Gauge,
    /// Reports that are not closed.
    pub(crate) reports: Gauge,
    /// From when the age of the cosigned checkpoint counts, seconds since 1970; 0 where there is none.
    pub(crate) quorum_time: Gauge,
    cosignatures: Family<CosignatureLabels, Counter>,
    /// When a mirror's source last showed a log that is here, seconds since 1970; 0 on the registry itself.
    pub(crate) source_heard: Gauge,
    rounds: Family<RoundLabels, Counter>,
    /// Label pages asked for under another host than the origin.
    pub(crate) foreign_host: Counter,
}

/// One route's counters, looked up once.
#[derive(Debug)]
pub(crate) struct RouteMetrics {
    route: &'static str,
    /// Answers with 200 and 201: the two that must cost nothing.
    ok: [Counter; 2],
    others: Family<RequestLabels, Counter>,
    duration: Histogram,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
}

/// Labels of [`Metrics::statements`].
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(crate) struct StatementLabels {
    /// `admitted`, `repeated` or the code of the problem.
    pub(crate) outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CosignatureLabels {
    /// `cosigned` or the code of what went wrong.
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RoundLabels {
    /// `followed` or the code of what went wrong.
    outcome: &'static str,
}

/// Labels of [`Metrics::verdicts`].
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct VerdictLabels {
    /// The outcome's name.
    pub(crate) outcome: &'static str,
    /// Code of the first reason; empty where there is none.
    pub(crate) reason: &'static str,
}

#[derive(Clone, Debug)]
struct Buckets;

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new([0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0])
    }
}

impl Metrics {
    /// All at zero.
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("registry");
        let requests = Family::<RequestLabels, Counter>::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let durations = Family::<RouteLabels, Histogram, Buckets>::new_with_constructor(Buckets);
        registry.register("http_request_duration_seconds", "Time from head to answer", durations.clone());
        let statements = Family::<StatementLabels, Counter>::default();
        registry.register("statements", "Statements posted, by what became of them", statements.clone());
        let verdicts = Family::<VerdictLabels, Counter>::default();
        registry.register("verdicts", "Labels judged, by outcome and first reason", verdicts.clone());
        let verdicts = Verdicts::new(&verdicts);
        let (connections, in_work, log_size) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("http_requests_in_work", "Requests in work", in_work.clone());
        registry.register("log_entries", "Entries in the published log", log_size.clone());
        let newest_entry = Gauge::default();
        registry.register(
            "log_newest_entry_timestamp_seconds",
            "Received-at of the newest published entry",
            newest_entry.clone(),
        );
        let (ready, foreign_host) = (Gauge::default(), Counter::default());
        registry.register("ready", "Whether the registry takes statements", ready.clone());
        registry.register("foreign_host", "Label pages asked for under another host", foreign_host.clone());
        let reports = Gauge::default();
        registry.register("reports_open", "Reports that are not closed", reports.clone());
        let (quorum_time, cosignatures) = (Gauge::default(), Family::<CosignatureLabels, Counter>::default());
        registry.register(
            "quorum_timestamp_seconds",
            "When a quorum of witnesses last saw the log",
            quorum_time.clone(),
        );
        registry.register("witness_requests", "Witnesses asked, by what became of it", cosignatures.clone());
        let (source_heard, rounds) = (Gauge::default(), Family::<RoundLabels, Counter>::default());
        let what = "When a mirror's source last showed a log that is here";
        registry.register("mirror_source_timestamp_seconds", what, source_heard.clone());
        registry.register("mirror_rounds", "Looks at a mirror's source, by what became of them", rounds.clone());
        Self {
            registry,
            requests,
            durations,
            statements,
            verdicts,
            connections,
            in_work,
            log_size,
            newest_entry,
            ready,
            reports,
            quorum_time,
            cosignatures,
            source_heard,
            rounds,
            foreign_host,
        }
    }

    /// The counters of one route.
    pub(crate) fn route(&self, route: &'static str) -> RouteMetrics {
        let ok = [200, 201].map(|status| self.requests.get_or_create_owned(&RequestLabels { route, status }));
        let duration = self.durations.get_or_create_owned(&RouteLabels { route });
        RouteMetrics { route, ok, others: self.requests.clone(), duration }
    }

    /// Counts a statement.
    pub(crate) fn statement(&self, outcome: &'static str) {
        self.statements.get_or_create(&StatementLabels { outcome }).inc();
    }

    /// Counts what became of asking a witness.
    pub(crate) fn cosignature(&self, outcome: &'static str) {
        self.cosignatures.get_or_create(&CosignatureLabels { outcome }).inc();
    }

    /// Counts what became of a look at a mirror's source.
    pub(crate) fn round(&self, outcome: &'static str) {
        self.rounds.get_or_create(&RoundLabels { outcome }).inc();
    }

    /// The text that Prometheus reads (OpenMetrics 1.0).
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(16 * 1024);
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A counter for each way in which a verdict can come out, looked up once.
#[derive(Debug)]
pub(crate) struct Verdicts {
    verified: Counter,
    /// In the order of [`Reason::ALL`].
    reasons: Vec<(Reason, Counter)>,
}

impl Verdicts {
    fn new(family: &Family<VerdictLabels, Counter>) -> Self {
        let counter =
            |outcome: Outcome, reason| family.get_or_create_owned(&VerdictLabels { outcome: outcome.code(), reason });
        let of_reason = |reason: &Reason| (*reason, counter(reason.outcome(), reason.code()));
        Self { verified: counter(Outcome::Verified, ""), reasons: Reason::ALL.iter().map(of_reason).collect() }
    }

    /// Counts a verdict by its outcome and first reason.
    pub(crate) fn count(&self, outcome: Outcome, reason: Option<Reason>) {
        let counter = reason.and_then(|reason| self.reasons.iter().find(|(other, _)| *other == reason));
        debug_assert_eq!(
            counter.is_none(),
            outcome == Outcome::Verified,
            "every outcome but the good one has a reason"
        );
        counter.map_or(&self.verified, |(_, counter)| counter).inc();
    }
}

impl RouteMetrics {
    /// Counts an answer.
    pub(crate) fn answered(&self, status: StatusCode, time: Duration) {
        let [ok, created] = &self.ok;
        match status {
            StatusCode::OK => ok.inc(),
            StatusCode::CREATED => created.inc(),
            other => {
                let labels = RequestLabels { route: self.route, status: other.as_u16() };
                self.others.get_or_create(&labels).inc()
            }
        };
        self.duration.observe(time.as_secs_f64());
    }
}
