//! Reports of concerns: the form, what became of one, and the list for accreditors.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HeaderMap;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use bytes::Bytes;
use concern::{Concern, ConcernKind};
use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

use crate::app::App;
use crate::http::query::parameters;
use crate::http::response::{self, With};
use crate::http::{body, negotiation};
use crate::language::Language;
use crate::limits::{BODY_BYTES, REPORTS_PAGE};
use crate::page::{self, Frame};
use crate::problem::{Problem, ProblemBody};
use crate::reports::{Listed, Submission};

const FORM: &str = "application/x-www-form-urlencoded";
const VC_JWT: &str = "application/vc+jwt";

/// What was typed, so that a form that is not taken comes back as it was; wiped when dropped.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    pub(crate) kind: Zeroizing<String>,
    pub(crate) text: Zeroizing<String>,
    pub(crate) label: Zeroizing<String>,
    pub(crate) contact: Zeroizing<String>,
}

impl Typed {
    /// Whether this kind was chosen.
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.as_str() == kind
    }
}

/// A page of reports.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ReportsBody {
    reports: Vec<ReportBody>,
    /// `after` of the next page; null on the last.
    next: Option<String>,
}

/// A report.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ReportBody {
    /// 32 hexadecimal digits.
    id: String,
    /// The day it came; the time of day is not kept.
    #[schema(format = Date)]
    received: String,
    /// How far the asking accreditor was with it before: `received`, `read` or `in-progress`. From now on it is `read` at least.
    status: &'static str,
    /// Where it was encrypted: `device` or `server`.
    by: &'static str,
    /// An age file in ASCII armor, to the keys that the trust file names.
    sealed: String,
}

/// A form to report a concern.
#[utoipa::path(get, path = "/report", tag = "reports",
    params(("label" = Option<String>, Query, description = "Text or serial number of the label that it is about")),
    responses(
        (status = 200, description = "The form", body = str, content_type = "text/html"),
        (status = 503, description = "`reports_closed`: no accreditor takes reports", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn form(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let [label] = parameters(request.uri().query(), ["label"])?;
    let typed = Typed { label: label.unwrap_or_default().into(), ..Typed::default() };
    let frame = Frame::of(request.headers(), request.uri()).keeping(&[("label", &typed.label)]);
    Ok(page::report_form(&frame, &app.report_form(Some(&typed.label))?, &typed, None))
}

/// Report a concern.
///
/// Either `sealed`, an armored age file to the form's recipients, or the fields in the clear, which are sealed before they are stored. A
/// browser gets its form back where it is not taken.
#[utoipa::path(post, path = "/report", tag = "reports",
    request_body(content = str, content_type = "application/x-www-form-urlencoded", description = "`token` of the form, and `sealed`, or `kind`, `text`, `label`, `contact`"),
    responses(
        (status = 200, description = "It is kept; the receipt code", body = str, content_type = "text/html"),
        (status = 400, description = "`bad_form`, `bad_query`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "`form_too_fast`, `form_too_old`, `form_unknown`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`form_used`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "`report_text_missing`, `report_too_long`, `bad_sealed_report`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "`reports_busy`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "`reports_closed`, `reports_full`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn submit(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let is_browser = negotiation::prefers_html(request.headers());
    let frame = Frame::of(request.headers(), request.uri());
    let [kind, text, label, contact, sealed, token] =
        fields(&app, request, ["kind", "text", "label", "contact", "sealed", "token"]).await?;
    let typed = Typed { kind, text, label, contact };
    let taken = match submission(&typed, &sealed, frame.t.language) {
        Ok(submission) => app.take_report(submission, &token).await,
        Err(problem) => Err(problem),
    };
    match taken {
        Ok(taken) => Ok(page::report_taken(&frame, &taken)),
        // A new token, so that it can be sent again; with the text, so that it need not be written again.
        Err(problem) if is_browser => match app.report_form(Some(&typed.label)) {
            Ok(form) => Ok(page::report_form(&frame, &form, &typed, Some(&problem)).status(problem.status)),
            Err(_) => Err(problem),
        },
        Err(problem) => Err(problem),
    }
}

/// A form for a receipt code.
#[utoipa::path(get, path = "/report/status", tag = "reports", responses((status = 200, description = "The form", body = str, content_type = "text/html")))]
pub(crate) async fn status_form(headers: HeaderMap, uri: Uri) -> Response {
    page::report_status(&Frame::of(&headers, &uri), None)
}

/// See what became of a report.
///
/// Posted, so that the receipt code stands in no address and no history.
#[utoipa::path(post, path = "/report/status", tag = "reports",
    request_body(content = str, content_type = "application/x-www-form-urlencoded", description = "`receipt`: the code"),
    responses(
        (status = 200, description = "How far it is", body = str, content_type = "text/html"),
        (status = 404, description = "No report has this receipt code", body = str, content_type = "text/html"),
        (status = 400, description = "`bad_query`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn status(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let frame = Frame::of(request.headers(), request.uri());
    let [receipt] = fields(&app, request, ["receipt"]).await?;
    let stage = app.report_status(&receipt).await;
    let status = if stage.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(page::report_status(&frame, Some(stage)).status(status))
}

/// The reports to an accreditor.
///
/// The request is signed by a key of the accreditor within five minutes. What it says became of earlier reports is noted first, all of it or
/// nothing; what all addressees have closed is erased. The reports on the page count as read.
#[utoipa::path(post, path = "/v1/reports", tag = "reports",
    params(
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "Reports on the page, 0 to 100; 100 where left out"),
    ),
    request_body(content = str, content_type = "application/vc+jwt", description = "`ReportsRequest`, a compact JWS"),
    responses(
        (status = 200, description = "Those it has not closed, by day", body = ReportsBody, content_type = "application/json"),
        (status = 400, description = "No statement, `bad_cursor`, `bad_query`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not an accreditor, or not a fresh request", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_report`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`report_closed`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Not authentic, or another statement", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `clock`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn list(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let [after, limit] = parameters(request.uri().query(), ["after", "limit"])?;
    let most = limit.map_or(Some(REPORTS_PAGE), |limit| limit.parse().ok().filter(|limit| *limit <= REPORTS_PAGE));
    let most = most.ok_or_else(|| Problem::bad_query("`limit` is not a number from 0 to 100"))?;
    let body = of_type(&app, request, VC_JWT).await?;
    let page = app.reports(&body, after.as_deref(), most).await?;
    let report = |Listed { id, day, stage, by, sealed }| ReportBody {
        id: id.to_string(),
        received: day.to_string(),
        status: stage.code(),
        by: by.code(),
        sealed,
    };
    response::json(&ReportsBody { reports: page.reports.into_iter().map(report).collect(), next: page.next })
}

fn submission(typed: &Typed, sealed: &str, language: Language) -> Result<Submission, Problem> {
    let is_typed = [&typed.kind, &typed.text, &typed.label, &typed.contact].iter().any(|field| !field.is_empty());
    match (sealed.is_empty(), is_typed) {
        (false, true) => Err(Problem::bad_form("a sealed report came with fields in the clear")),
        (false, false) => Ok(Submission::Sealed(sealed.to_owned())),
        (true, _) => {
            let kind = ConcernKind::from_code(&typed.kind).map_err(Problem::bad_concern)?;
            let concern = Concern::typed(kind, &typed.text, &typed.label, &typed.contact, language.code());
            concern.map(Submission::Plain).map_err(Problem::bad_concern)
        }
    }
}

/// The fields of a form; empty where they are left out. The body is wiped, as far as it is this request's alone.
async fn fields<const N: usize>(
    app: &App,
    request: Request,
    names: [&str; N],
) -> Result<[Zeroizing<String>; N], Problem> {
    let body = of_type(app, request, FORM).await?;
    let fields = std::str::from_utf8(&body)
        .map_err(|_| Problem::bad_query("the form is not percent-encoded UTF-8"))
        .and_then(|text| parameters(Some(text), names));
    if let Ok(mut body) = body.try_into_mut() {
        body.as_mut().zeroize();
    }
    Ok(fields?.map(|field| Zeroizing::new(field.unwrap_or_default())))
}

async fn of_type(app: &App, request: Request, media_type: &'static str) -> Result<Bytes, Problem> {
    let (head, body) = request.into_parts();
    if !body::media_type(&head.headers).eq_ignore_ascii_case(media_type) {
        return Err(Problem::unsupported_media_type(media_type));
    }
    body::read(&head.headers, body, BODY_BYTES, app.limits.body_time).await
}
