//! Pages for people: plain HTML, no script, no request to anybody else, under 14 KB.
//!
//! Names in statements came from outside. They are escaped by their type: a template writes a `{{ value }}` only through
//! askama's HTML escaper, and nothing but the style sheet is marked as safe.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::{Response, StatusCode};
use primitives::Hash;
use statement::Origin;

use crate::http::response::{self, HTML, MINUTES, NO_STORE, With};
use crate::problem::Problem;

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
