//! The state of the log: how long it is, when it last grew, who watches it.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use primitives::Timestamp;
use statement::{Origin, Role};

use super::verdict::watched;
use super::{Frame, Script, render};
use crate::app::App;
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
    /// Names, and when they cosigned.
    witnesses: Vec<(String, String)>,
    certifiers: Vec<(String, String)>,
}

/// The page of the log.
pub(crate) fn log(frame: &Frame, app: &App) -> Response<Body> {
    let (t, published) = (frame.t, app.log().published());
    let certifiers = published.view.parties().filter_map(|party| {
        let record = party.accreditation().filter(|record| record.role == Role::Certifier)?;
        Some((party.did.to_string(), record.name.clone()))
    });
    let cosigned = app.cosigned_or(&published);
    let cosigners = cosigned.iter().flat_map(|cosigned| &cosigned.cosigners);
    let witnesses: Vec<_> = cosigners.map(|(name, time)| (name.clone(), t.time(*time))).collect();
    let page = Page {
        frame,
        origin: &app.origin,
        size: t.number(published.size),
        newest: if published.size == 0 { String::new() } else { t.time(Timestamp::from_millis(published.last_millis)) },
        checkpoint: String::from_utf8_lossy(&app.checkpoint()).into_owned(),
        watched: watched(t, witnesses.len()),
        witnesses,
        certifiers: certifiers.take(MOST).collect(),
    };
    render(frame, Script::None, NO_STORE, &page)
}
