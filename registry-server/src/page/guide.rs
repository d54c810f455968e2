//! What a label means and what not, and how to check the registry without believing it.

use askama::Template;
use axum::body::Body;
use axum::http::Response;

use super::{Frame, Script, render};
use crate::http::response::MINUTES;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "meaning.html")]
struct Meaning<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check<'a> {
    frame: &'a Frame,
}

/// What a label means.
pub(crate) fn meaning(frame: &Frame) -> Response<Body> {
    render(frame, Script::None, MINUTES, &Meaning { frame })
}

/// How to check the registry.
pub(crate) fn check(frame: &Frame) -> Response<Body> {
    render(frame, Script::None, MINUTES, &Check { frame })
}
