//! Pages for people: plain HTML in the reader's language, readable without a script, nothing asked of anybody else.
//!
//! | file | page |
//! |---|---|
//! | `verdict` | behind a label |
//! | `home`, `scan`, `code` | where a label is pasted, scanned or typed |
//! | `product` | a product or lot, without a signed label |
//! | `certifier`, `log` | who attested, and the log that holds it |
//! | `report` | reporting a concern, and what became of it |
//! | `guide`, `offline` | what a label means; how to check the registry oneself; a page to keep |
//! | `problem` | a failure |
//! | `frame`, `words` | what all share; which message says what |
//!
//! Names in statements came from outside. They are escaped by their type: a template writes a value only through askama's HTML
//! escaper, and only texts of ours are escaped beforehand.

mod certifier;
mod code;
mod frame;
mod guide;
mod home;
mod log;
mod offline;
mod problem;
mod product;
mod report;
mod scan;
pub(crate) mod verdict;
pub(crate) mod words;

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use primitives::Hash;

pub(crate) use certifier::{Tally, certifier};
pub(crate) use code::{code, wrong_code};
pub(crate) use frame::Frame;
pub(crate) use guide::{check, meaning};
pub(crate) use home::home;
pub(crate) use log::log;
pub(crate) use offline::offline;
pub(crate) use problem::problem;
pub(crate) use product::product;
pub(crate) use report::{report_form, report_status, report_taken};
pub(crate) use scan::scan;

use crate::http::response::{self, HTML, With};

/// The style sheet of the verdict, written into each page: one request shows it.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");
/// What only the other pages need.
pub(crate) const MORE: &str = include_str!("../templates/more.css");

/// Which scripts a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// None.
    None,
    /// Files of ours.
    Own,
    /// Files of ours, and the camera.
    Camera,
}

/// Nothing is loaded and nothing runs but what is named; style sheets are known by their hashes, forms go nowhere else.
static POLICIES: LazyLock<[HeaderValue; 3]> = LazyLock::new(|| {
    let styles = style_hashes();
    ["", OWN, CAMERA].map(|scripts| {
        let policy = format!(
            "default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'{scripts}"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    })
});
const OWN: &str = "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const CAMERA: &str = "; script-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; \
    require-trusted-types-for 'script'; trusted-types 'none'";
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// The style sheets, as a policy names them.
fn style_hashes() -> String {
    let [style, more] = [STYLE, MORE].map(|text| Hash::of(text.as_bytes()).to_base64());
    format!("'sha256-{style}' 'sha256-{more}'")
}

/// A page as an answer.
fn render(frame: &Frame, script: Script, cache: HeaderValue, page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(page) => html(frame, script, cache, page.into()),
        // Writing to a String does not fail; if it ever does, say nothing rather than half a page.
        Err(_) => Response::new(Body::empty()).status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A rendered page as an answer.
fn html(frame: &Frame, script: Script, cache: HeaderValue, page: Bytes) -> Response<Body> {
    let camera = if script == Script::Camera { "camera=(self)" } else { "camera=()" };
    let [none, own, with_camera] = &*POLICIES;
    let policy = match script {
        Script::None => none,
        Script::Own => own,
        Script::Camera => with_camera,
    };
    response::bytes(HTML, cache, page)
        .header(header::CONTENT_SECURITY_POLICY, policy.clone())
        .header(PERMISSIONS, HeaderValue::from_static(camera))
        .header(header::CONTENT_LANGUAGE, HeaderValue::from_static(frame.t.language.tag()))
        .header(header::VARY, HeaderValue::from_static("accept, accept-language"))
}
