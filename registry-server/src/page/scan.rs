//! Where a code is read with the device's camera.

use askama::Template;
use axum::body::Body;
use axum::http::Response;

use super::{Frame, Script, render};
use crate::assets::{QR, SCAN};
use crate::http::response::MINUTES;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "scan.html")]
struct Page<'a> {
    frame: &'a Frame,
    script: &'static str,
    decoder: &'static str,
}

/// The page that scans.
pub(crate) fn scan(frame: &Frame) -> Response<Body> {
    render(frame, Script::Camera, MINUTES, &Page { frame, script: SCAN.path(), decoder: QR.path() })
}
