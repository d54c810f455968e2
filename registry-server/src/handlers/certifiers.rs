//! Certifiers, as pages.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::HeaderMap;
use axum::response::Response;
use label::percent::{self, Place};
use statement::Did;

use crate::app::App;
use crate::page::{self, Frame};
use crate::problem::{Problem, ProblemBody};

/// A party that the log names: who accredited it, its scope, what it attested.
#[utoipa::path(get, path = "/certifiers/{did}", tag = "page",
    params(("did" = String, Path, description = "The party's DID"),
        ("lang" = Option<String>, Query, description = "Language, instead of `Accept-Language`")),
    responses(
        (status = 200, description = "The page", body = str, content_type = "text/html"),
        (status = 404, description = "The log names no such party", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn certifier(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let text = uri.path().split('/').nth(2).unwrap_or_default();
    let text = percent::decode(text, Place::Path).map_err(|_| Problem::not_found())?;
    let did = std::str::from_utf8(&text).ok().and_then(|text| Did::parse(text).ok()).ok_or_else(Problem::not_found)?;
    let published = app.log().published();
    // Clocks lie apart: what the log has received already has happened.
    let at = app.now().max(published.view.last_received_at());
    let frame = Frame::of(&headers, &uri);
    let tally = app.tally(&published, &did, at).await?;
    let (state, party) = (&published.view, published.view.party(&did).ok_or_else(Problem::not_found)?);
    page::certifier(&frame, state, party, &tally, at).ok_or_else(Problem::not_found)
}
