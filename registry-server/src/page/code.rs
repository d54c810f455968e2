//! What a typed short code leads to: the record, and that typing proves nothing.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use label::ShortCode;

use super::{Frame, Script, render};
use crate::http::response::{NO_STORE, With as _};
use crate::lookup::Found;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "code.html")]
struct Page<'a> {
    frame: &'a Frame,
    title: String,
    found: Option<&'a Found>,
    serial: String,
}

/// The page of a short code; `found` is the attestation that it names, if the log has it and it issued that serial.
pub(crate) fn code(frame: &Frame, code: ShortCode, found: Option<&Found>) -> Response<Body> {
    let t = frame.t;
    let title = t.with(T::CodeTitle, &[("code", code.to_string().into())]);
    let labels = found.and_then(|found| found.attestation.as_ref()).map_or(0, |facts| facts.labels);
    let serial = [("serial", code.number.to_string().into()), ("labels", t.number(labels).into())];
    let serial = t.with(T::CompareSerialOf, &serial);
    render(frame, Script::None, NO_STORE, &Page { frame, title, found, serial })
}

#[derive(Template)]
#[template(path = "wrong_code.html")]
struct Wrong<'a> {
    frame: &'a Frame,
}

/// What was typed is neither a label nor a short code.
pub(crate) fn wrong_code(frame: &Frame) -> Response<Body> {
    render(frame, Script::None, NO_STORE, &Wrong { frame }).status(StatusCode::BAD_REQUEST)
}
