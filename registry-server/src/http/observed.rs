//! What every request goes through, whatever its route: the bound on requests in work, the deadline, the problem's
//! form, the security headers, the metrics and the log line.
//!
//! It wraps the handler, inside the router: that way it knows the route's template, which may be logged, and never
//! touches the path, which names a label, or the client's address, which nobody may log (design §10). A tower layer would
//! cost two more boxed futures a request.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::time::{Sleep, sleep_until};

use super::negotiation;
use crate::app::{App, InWork};
use crate::metrics::RouteMetrics;
use crate::page::{self, Frame};
use crate::problem::Problem;

/// A handler, watched.
#[derive(Clone)]
pub(crate) struct Observed<H> {
    handler: H,
    template: &'static str,
    metrics: Arc<RouteMetrics>,
}

impl<H> Observed<H> {
    /// Watches the handler of the route with this template.
    pub(crate) fn new(template: &'static str, metrics: Arc<RouteMetrics>, handler: H) -> Self {
        Self { handler, template, metrics }
    }
}

impl<H, T> Handler<T, Arc<App>> for Observed<H>
where
    H: Handler<T, Arc<App>>,
    H::Future: Unpin,
{
    type Future = Watched<H::Future>;

    fn call(self, request: Request, app: Arc<App>) -> Self::Future {
        let started = Instant::now();
        let method = request.method().clone();
        let asked = negotiation::prefers_html(request.headers())
            .then(|| (request.headers().get(header::ACCEPT_LANGUAGE).cloned(), request.uri().clone()));
        let in_work = app.enter();
        let inner = in_work.is_some().then(|| self.handler.call(request, Arc::clone(&app)));
        let (template, metrics) = (self.template, self.metrics);
        Watched {
            inner,
            deadline: None,
            facts: Facts { app, started, method, asked, template, metrics },
            _in_work: in_work,
        }
    }
}

/// A request in work.
pub(crate) struct Watched<F> {
    /// `None` once done, or when there was no room.
    inner: Option<F>,
    /// Set when the handler first has to wait.
    deadline: Option<Pin<Box<Sleep>>>,
    facts: Facts,
    _in_work: Option<InWork>,
}

/// What is known of a request that may be told.
struct Facts {
    app: Arc<App>,
    started: Instant,
    method: Method,
    /// Where a browser asks: for which language, and what. Looked at when something fails.
    asked: Option<(Option<HeaderValue>, Uri)>,
    template: &'static str,
    metrics: Arc<RouteMetrics>,
}

impl<F: Future<Output = Response> + Unpin> Future for Watched<F> {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = &mut *self;
        let response = match &mut this.inner {
            None => Problem::overloaded().into_response(),
            // A panic in a handler is a defect of ours; it must not take the connection's other requests with it.
            Some(inner) => match catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll(cx))) {
                Ok(Poll::Ready(response)) => response,
                Err(_) => Problem::internal("the handler panicked").into_response(),
                Ok(Poll::Pending) => {
                    let facts = &this.facts;
                    let deadline = this.deadline.get_or_insert_with(|| {
                        Box::pin(sleep_until((facts.started + facts.app.limits.request_time).into()))
                    });
                    if deadline.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    Problem::timeout().into_response()
                }
            },
        };
        this.inner = None;
        Poll::Ready(this.facts.finish(response))
    }
}

impl Facts {
    fn finish(&self, mut response: Response) -> Response {
        let failed = response.status().is_client_error() || response.status().is_server_error();
        let problem = if failed { response.extensions_mut().remove::<Problem>() } else { None };
        if let Some(problem) = &problem {
            let allow = response.headers_mut().remove(header::ALLOW);
            response = match &self.asked {
                Some((language, uri)) => {
                    let language = language.iter().map(|wished| (header::ACCEPT_LANGUAGE, wished.clone()));
                    page::problem(&Frame::of(&language.collect(), uri), problem)
                }
                None => problem_json(problem),
            };
            if let Some(allow) = allow {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            if let Some(seconds) = problem.retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            if problem.for_any_site {
                response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
        }
        secure(&mut response, &self.app);
        let time = self.started.elapsed();
        self.metrics.answered(response.status(), time);
        self.log(response.status(), time, problem.as_ref());
        response
    }

    fn log(&self, status: StatusCode, time: Duration, problem: Option<&Problem>) {
        let (method, route, status) = (self.method.as_str(), self.template, status.as_u16());
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let code = problem.map(|problem| problem.code);
        if let Some(why) = problem.and_then(|problem| problem.logged.as_deref()) {
            tracing::error!(target: "request", method, route, status, micros, code, why, "failed");
        } else {
            tracing::debug!(target: "request", method, route, status, micros, code, "answered");
        }
    }
}

fn problem_json(problem: &Problem) -> Response {
    let body = serde_json::to_vec(&problem.body()).unwrap_or_default();
    let mut response = super::response::bytes(super::response::PROBLEM, super::response::NO_STORE, body);
    *response.status_mut() = problem.status;
    response
}

/// No sniffing of types, no referrer to anybody (the address of a page names a label), nothing loaded, nothing framed.
fn secure(response: &mut Response, app: &App) {
    const CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    const POLICY: HeaderName = header::CONTENT_SECURITY_POLICY;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(POLICY) {
        headers.insert(POLICY, CSP);
    }
    if app.behind_tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}
