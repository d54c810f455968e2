//! Snapshots for verifiers without a network (format: crate `registry`).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::http::response::{self, IMMUTABLE, NO_STORE, OCTETS, TEXT, With};
use crate::problem::{Problem, ProblemBody};

/// The newest snapshot's head, a signed note: what the body hashes to, and the checkpoint that it belongs to.
#[utoipa::path(get, path = "/v1/snapshot", tag = "snapshot",
    responses(
        (status = 200, description = "A signed note", body = str, content_type = "text/plain"),
        (status = 503, description = "Not made yet since the server started", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn head(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let head = app.snapshots.head().ok_or_else(|| Problem::no_snapshot().for_any_site())?;
    Ok(response::bytes(TEXT, NO_STORE, head).for_any_site())
}

/// The body with this digest, or a range of it (RFC 9110 §14).
#[utoipa::path(get, path = "/v1/snapshot/{digest}", tag = "snapshot",
    params(("digest" = String, Path, description = "SHA-256 of the body's index, 64 lower-case hexadecimal digits")),
    responses(
        (status = 200, description = "The body", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "A range of it", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "No such body, or not any more", body = ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The body has no such range", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn body(
    State(app): State<Arc<App>>,
    Path(digest): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let nothing = || Problem::not_found().for_any_site();
    let path = app.snapshots.body(&digest).ok_or_else(nothing)?;
    let answer = match ServeFile::new(path).oneshot(request).await {
        Ok(answer) => answer.map(Body::new),
        Err(never) => match never {},
    };
    let status = StatusCode::as_u16(&Response::status(&answer));
    match status {
        200 | 206 => {
            Ok(answer.header(header::CONTENT_TYPE, OCTETS).header(header::CACHE_CONTROL, IMMUTABLE).for_any_site())
        }
        304 => Ok(answer.for_any_site()),
        416 => Err(Problem::no_such_range().for_any_site()),
        _ => Err(nothing()),
    }
}
