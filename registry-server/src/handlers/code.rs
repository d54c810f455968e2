//! What was typed: a label's text, or the short code printed under it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use label::ShortCode;

use crate::app::App;
use crate::http::query::parameters;
use crate::http::response::With;
use crate::page::{self, Frame};
use crate::problem::{Problem, ProblemBody};

/// The record that a short code names. A label's text is sent on to its verdict.
#[utoipa::path(get, path = "/code", tag = "page",
    params(("code" = String, Query, description = "Short code, or the text of a label's code"),
        ("lang" = Option<String>, Query, description = "Language, instead of `Accept-Language`")),
    responses(
        (status = 200, description = "What the log says of it; that a typed code proves nothing", body = str, content_type = "text/html"),
        (status = 303, description = "The text of a label: on to `/v1/verify`"),
        (status = 400, description = "Neither", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn typed(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let [code] = parameters(uri.query(), ["code"])?;
    let code = code.ok_or_else(|| Problem::bad_query("there is no parameter code"))?;
    let (code, frame) = (code.trim(), Frame::of(&headers, &uri));
    if code.contains("://") {
        let address = frame.address("/v1/verify", &[("label", code)]);
        let address = HeaderValue::from_str(&address).map_err(Problem::internal)?;
        return Ok(StatusCode::SEE_OTHER.into_response().header(header::LOCATION, address));
    }
    let frame = frame.keeping(&[("code", code)]);
    let code = match ShortCode::parse(code) {
        Ok(code) => code,
        Err(_) => return Ok(page::wrong_code(&frame)),
    };
    let found = app.attestation_at(code.index).await?;
    let issued =
        |found: &&crate::lookup::Found| found.attestation.as_ref().is_some_and(|facts| code.number <= facts.labels);
    Ok(page::code(&frame, code, found.as_ref().filter(issued)))
}
