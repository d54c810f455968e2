//! The front page.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use statement::Origin;

use super::{Frame, Script, render};
use crate::http::response::MINUTES;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    frame: &'a Frame,
    registry: String,
}

/// Where a label's text or short code is typed.
pub(crate) fn home(frame: &Frame, origin: &Origin) -> Response<Body> {
    let registry = frame.t.with(T::HomeRegistry, &[("origin", origin.as_str().into())]);
    render(frame, Script::None, MINUTES, &Page { frame, registry })
}
