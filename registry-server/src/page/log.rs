//! The state of the log: how long it is, when it last grew, who watches it.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use primitives::Timestamp;
use registry::State;
use sequencer::Published;
use statement::{Origin, Role};

use super::verdict::{watched, witnesses};
use super::{Frame, Script, render};
use crate::http::response::NO_STORE;
use crate::texts::Text as T;

/// Certifiers that are listed, the first ones.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "log.html")]
struct Page<'a> {
    frame: &'a Frame,
    origin: &'a Origin,
    size: String,
    newest: String,
    checkpoint: String,
    watched: String,
    witnesses: Vec<String>,
    certifiers: Vec<(String, String)>,
}

/// The page of the log.
pub(crate) fn log(frame: &Frame, origin: &Origin, published: &Published<State>) -> Response<Body> {
    let t = frame.t;
    let certifiers = published.view.parties().filter_map(|party| {
        let record = party.accreditation().filter(|record| record.role == Role::Certifier)?;
        Some((party.did.to_string(), record.name.clone()))
    });
    let witnesses = witnesses(published.checkpoint_text());
    let page = Page {
        frame,
        origin,
        size: t.number(published.size),
        newest: if published.size == 0 { String::new() } else { t.time(Timestamp::from_millis(published.last_millis)) },
        checkpoint: published.checkpoint_text().to_owned(),
        watched: watched(t, witnesses.len()),
        witnesses,
        certifiers: certifiers.take(MOST).collect(),
    };
    render(frame, Script::None, NO_STORE, &page)
}
