//! Statements: taken in, and given back with their proof.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use primitives::Timestamp;
use registry::StatusRoot;
use serde::Serialize;

use super::index_in;
use crate::app::App;
use crate::http::body;
use crate::http::response::{self, NO_STORE, With};
use crate::limits::BODY_BYTES;
use crate::problem::{Problem, ProblemBody};

/// What a statement is sent as (VC-JOSE-COSE §6.1).
const VC_JWT: &str = "application/vc+jwt";

/// A statement is in the log.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptBody<'a> {
    /// Log index.
    index: u64,
    /// When the log received it.
    #[schema(format = DateTime)]
    received_at: String,
    /// That it is in the log (c2sp.org/tlog-proof); `extra` is the entry's first 8 bytes.
    proof: &'a str,
}

/// A statement as the log holds it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatementBody<'a> {
    /// Log index.
    index: u64,
    /// When the log received it.
    #[schema(format = DateTime)]
    received_at: String,
    /// The compact JWS.
    statement: &'a str,
    /// That it is in the log (c2sp.org/tlog-proof); `extra` is the entry's first 8 bytes.
    proof: &'a str,
}

/// Submit a signed statement.
///
/// The answer comes once the statement is durable and its proof holds; it does not wait for witnesses. Sent again, it gets its first
/// index, and the cosignatures that have come together since.
#[utoipa::path(post, path = "/v1/statements", tag = "statements",
    request_body(content = str, content_type = "application/vc+jwt", description = "A compact JWS, at most 48 KiB"),
    responses(
        (status = 201, description = "It is in the log", body = ReceiptBody, content_type = "application/json",
            headers(("location" = String, description = "The statement"))),
        (status = 200, description = "It was in the log", body = ReceiptBody, content_type = "application/json"),
        (status = 400, description = "No statement", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Its issuer may not say this", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The log says otherwise", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Not authentic, or not meant for this registry", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `overloaded`, `clock`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn submit(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let submitted = take(&app, request).await;
    app.metrics.statement(match &submitted {
        Ok(receipt) if receipt.repeated => "repeated",
        Ok(_) => "admitted",
        Err(problem) => problem.code,
    });
    let receipt = submitted?;
    let received_at = Timestamp::from_millis(receipt.received_at_millis).to_string();
    let answer = response::json(&ReceiptBody { index: receipt.index, received_at, proof: &receipt.proof })?;
    if receipt.repeated {
        return Ok(answer);
    }
    let location = format!("/v1/statements/{}", receipt.index);
    let location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    Ok(answer.status(StatusCode::CREATED).header(header::LOCATION, location))
}

async fn take(app: &App, request: Request) -> Result<sequencer::Receipt, Problem> {
    let (head, body) = request.into_parts();
    if !body::media_type(&head.headers).eq_ignore_ascii_case(VC_JWT) {
        return Err(Problem::unsupported_media_type(VC_JWT));
    }
    let jws = body::read(&head.headers, body, BODY_BYTES, app.limits.body_time).await?;
    app.submit(jws).await
}

/// A statement by its log index.
#[utoipa::path(get, path = "/v1/statements/{index}", tag = "statements",
    params(("index" = u64, Path, description = "Log index")),
    responses(
        (status = 200, description = "The statement and its proof", body = StatementBody, content_type = "application/json"),
        (status = 400, description = "Not an index", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The published log is shorter, or has the registry's own status root there", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn by_index(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let index = index_in(uri.path(), 3)?;
    let reader = app.log().reader();
    let (Some(entry), Some(proof)) = (reader.entry(index).await?, app.proof(&reader, index).await?) else {
        return Err(Problem::unknown_index(index).for_any_site());
    };
    let received_at = Timestamp::from_millis(sequencer::received_at_millis(&entry).unwrap_or_default()).to_string();
    if StatusRoot::decode(&entry).is_some() {
        return Err(Problem::no_statement(index).for_any_site());
    }
    let statement = std::str::from_utf8(sequencer::token(&entry)).map_err(Problem::internal)?;
    let body = response::json_bytes(&StatementBody { index, received_at, statement, proof: &proof })?;
    Ok(response::bytes(response::JSON, NO_STORE, body).for_any_site())
}
