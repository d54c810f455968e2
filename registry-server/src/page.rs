//! Pages for people: plain HTML, no script, no request to anybody else, under 14 KB.
//!
//! Names in statements came from outside. They are escaped by their type: a template writes a `{{ value }}` only through
//! askama's HTML escaper, and nothing but the style sheet is marked as safe.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use primitives::Hash;
use statement::{Claims, Origin};
use verify::{Finding, Outcome, Verdict};
use zeroize::Zeroizing;

use crate::handlers::reports::Typed;
use crate::http::response::{self, HTML, MINUTES, NO_STORE, With};
use crate::lookup::Found;
use crate::problem::Problem;
use crate::reports::{ReportForm, Sealer, Stage, Taken};

/// The style sheet, written into each page: one request shows the verdict.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

/// Nothing is loaded and nothing runs; the one style sheet is known by its hash, forms go nowhere else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = Hash::of(STYLE.as_bytes()).to_base64();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    detail: &'a str,
    status: u16,
    code: &'a str,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    origin: &'a Origin,
}

#[derive(Template)]
#[template(path = "verdict.html")]
struct VerdictPage<'a> {
    verdict: &'a Verdict,
    word: &'a str,
    headline: &'a str,
    shape: &'static str,
    claims: String,
    is_genuine: bool,
}

#[derive(Template)]
#[template(path = "product.html")]
struct ProductPage<'a> {
    product: &'a str,
    found: &'a [Found],
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    form: &'a ReportForm,
    recipients: String,
    kinds: &'static [(&'static str, &'static str)],
    typed: &'a Typed,
    message: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "report_taken.html")]
struct ReportTakenPage {
    is_by_device: bool,
    receipt: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "report_status.html")]
struct ReportStatusPage {
    answer: Option<&'static str>,
}

/// A failure, for a browser.
pub(crate) fn problem(problem: &Problem) -> Response<Body> {
    let title = problem.status.canonical_reason().unwrap_or("Error");
    let (detail, status, code) = (capital(&problem.detail), problem.status.as_u16(), problem.code);
    render(&ProblemPage { title, detail: &detail, status, code }, NO_STORE).status(problem.status)
}

/// The front page.
pub(crate) fn home(origin: &Origin) -> Response<Body> {
    render(&HomePage { origin }, MINUTES)
}

/// A verdict. Each outcome has its own word, colour and shape, so that none is taken for another by who sees no colours or
/// reads no English.
pub(crate) fn verdict(verdict: &Verdict) -> Result<Bytes, Problem> {
    let (word, headline, shape) = match verdict.outcome {
        Outcome::Verified => ("Genuine", "This label is genuine", TICK),
        Outcome::Caution => ("Look closer", "This label is genuine, but look closer", TRIANGLE),
        Outcome::Refused => ("Not valid", "Do not rely on this label", CROSS),
        Outcome::Undecided => ("Cannot decide", "This label cannot be judged now", QUESTION),
    };
    let is_genuine = matches!(verdict.outcome, Outcome::Verified | Outcome::Caution);
    let claims = verdict.attestation.as_ref().map_or_else(String::new, |facts| claims(&facts.claims));
    let page = VerdictPage { verdict, word, headline, shape, claims, is_genuine };
    page.render().map(Bytes::from).map_err(Problem::internal)
}

/// A rendered verdict as an answer.
pub(crate) fn answer(page: Bytes) -> Response<Body> {
    response::bytes(HTML, NO_STORE, page).header(header::CONTENT_SECURITY_POLICY, POLICY.clone())
}

/// What the registry knows of a product or lot that was asked for without a label.
pub(crate) fn product(product: &str, found: &[Found]) -> Response<Body> {
    render(&ProductPage { product, found }, NO_STORE)
}

/// The form to report a concern, as it was typed so far, with the reason why it was not taken.
pub(crate) fn report_form(form: &ReportForm, typed: &Typed, problem: Option<&Problem>) -> Response<Body> {
    let kinds = &[
        ("child", "A child at work"),
        ("copied", "A copied label"),
        ("wrong", "The wrong product"),
        ("other", "Something else"),
    ];
    let message = problem.map(|problem| match problem.code {
        "report_text_missing" => "Please say what happened.",
        "report_too_long" => "This text is too long.",
        "reports_busy" | "reports_full" => "Too many reports are coming in. Please try again later.",
        code if code.starts_with("form_") => "That was very fast or very late. Please send it once more.",
        _ => "Nothing was kept. Please send it once more.",
    });
    render(&ReportPage { form, recipients: form.recipients.join(" "), kinds, typed, message }, NO_STORE)
}

/// The receipt for a report.
pub(crate) fn report_taken(taken: &Taken) -> Response<Body> {
    let (is_by_device, receipt) = (taken.by == Sealer::Device, Zeroizing::new(taken.receipt.grouped()));
    render(&ReportTakenPage { is_by_device, receipt }, NO_STORE)
}

/// What became of a report; `Some(None)` where none has this receipt code, `None` where none was asked for.
pub(crate) fn report_status(stage: Option<Option<Stage>>) -> Response<Body> {
    let answer = stage.map(|stage| match stage {
        None => "No report has this receipt code.",
        Some(Stage::Received) => "Received. The accreditor has not read it yet.",
        Some(Stage::Read) => "The accreditor has read it.",
        Some(Stage::InProgress) => "The accreditor is looking into it.",
        Some(Stage::Closed) => "The accreditor has finished with it.",
    });
    render(&ReportStatusPage { answer }, NO_STORE)
}

const TICK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11" fill="none" stroke="currentColor" stroke-width="2"/><path d="m6.5 12.5 4 4 7-8" fill="none" stroke="currentColor" stroke-width="3"/></svg>"#;
const TRIANGLE: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2 23 22H1Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M12 9v6m0 2v3" stroke="currentColor" stroke-width="3"/></svg>"#;
const CROSS: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 1h8l7 7v8l-7 7H8l-7-7V8Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="m8 8 8 8m0-8-8 8" stroke="currentColor" stroke-width="3"/></svg>"#;
const QUESTION: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 2h20v20H2Z" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/><path d="M9 9a3 3 0 1 1 4 2.8q-1 .5-1 2.2m0 2v2.5" fill="none" stroke="currentColor" stroke-width="2.5"/></svg>"#;

/// Claims in words: `produced without child labour`.
pub(crate) fn claims(claims: &Claims) -> String {
    let words = |code| match code {
        "no_child_labour" => "without child labour",
        "no_forced_labour" => "without forced labour",
        other => other,
    };
    let words: Vec<&str> = verify::claim_codes(*claims).map(words).collect();
    format!("produced {}", words.join(" and "))
}

/// How a check came out, in a word.
pub(crate) const fn found(finding: &Finding) -> &'static str {
    match finding.outcome {
        verify::Found::Pass => "passed",
        verify::Found::Caution => "look closer",
        verify::Found::Fail => "failed",
        verify::Found::Unknown => "could not be checked",
    }
}

fn render(page: &impl Template, cache: HeaderValue) -> Response<Body> {
    match page.render() {
        Ok(html) => response::bytes(HTML, cache, html).header(header::CONTENT_SECURITY_POLICY, POLICY.clone()),
        // Writing to a String does not fail; if it ever does, say nothing rather than half a verdict.
        Err(_) => Response::new(Body::empty()).status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A sentence as it stands alone.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
