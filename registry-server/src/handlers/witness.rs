//! This registry as a witness of other logs (c2sp.org/tlog-witness).

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::body;
use crate::http::response::{self, NO_STORE, TEXT, With};
use crate::limits::BODY_BYTES;
use crate::problem::{Problem, ProblemBody};
use crate::witness::NotCosigned;

/// The media type in which a witness tells the size that it has cosigned.
const SIZE: HeaderValue = HeaderValue::from_static("text/x.tlog.size");

/// Cosign a checkpoint of a log that this registry watches.
///
/// The answer comes once it is durable that the checkpoint was cosigned.
#[utoipa::path(post, path = "/add-checkpoint", tag = "witness",
    request_body(content = str, content_type = "text/plain", description = "`old` and a size, consistency proof, an empty line, the signed checkpoint; at most 64 KiB"),
    responses(
        (status = 200, description = "A signature line: a `cosignature/v1`", body = str, content_type = "text/plain"),
        (status = 400, description = "No such request, or its old size is beyond the checkpoint's", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not signed by the log", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "This log is not watched", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The size of the last checkpoint cosigned, which is not the old size", body = str, content_type = "text/x.tlog.size"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The tree does not extend the last one cosigned", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too fast", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `clock`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn add_checkpoint(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let body = body::read(&head.headers, body, BODY_BYTES, app.limits.body_time).await?;
    match cosign(app, &body).await? {
        Ok(line) => Ok(response::bytes(TEXT, NO_STORE, line)),
        Err(NotCosigned::OldSize { size }) => {
            Ok(response::bytes(SIZE, NO_STORE, format!("{size}\n")).status(StatusCode::CONFLICT))
        }
        Err(error) => Ok(Problem::from(error).into_response()),
    }
}

async fn cosign(app: Arc<App>, body: &[u8]) -> Result<Result<String, NotCosigned>, Problem> {
    // A witness says when it saw a checkpoint; one whose clock is in doubt says nothing.
    app.log().clock().map_err(Problem::clock)?;
    let signed = match app.own()?.witness.open_request(body) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(error)),
    };
    // A task of its own, which goes on when the client hangs up: dropped between the write and the record in memory, the next
    // request would be judged by what no longer holds.
    let cosigning = tokio::spawn(async move { Ok(app.own()?.witness.cosign(signed, app.now()).await) });
    cosigning.await.map_err(Problem::unavailable)?
}

/// The last checkpoint of a log that this registry cosigned, with the cosignature.
#[utoipa::path(get, path = "/{origin_hash}/checkpoint", tag = "witness",
    params(("origin_hash" = String, Path, description = "SHA-256 of the log's origin, 64 lower-case hexadecimal digits")),
    responses(
        (status = 200, description = "A signed note", body = str, content_type = "text/plain"),
        (status = 404, description = "No such log, or never cosigned", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn last(State(app): State<Arc<App>>, Path(origin_hash): Path<String>) -> Result<Response, Problem> {
    let note = app.own()?.witness.last(&origin_hash).await.ok_or_else(|| Problem::not_found().for_any_site())?;
    Ok(response::bytes(TEXT, NO_STORE, note).for_any_site())
}
