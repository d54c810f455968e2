//! Checkpoints that are kept: one an hour, cosigned by a quorum.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;

use crate::anchors::is_hour;
use crate::app::App;
use crate::http::query::parameters;
use crate::http::response::{self, IMMUTABLE, NO_STORE, TEXT, With};
use crate::limits::HOURS_PAGE;
use crate::problem::{Problem, ProblemBody};

/// Hours of which a checkpoint is kept.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(title = "Hours")]
pub(crate) struct HoursBody {
    /// Hours of UTC, ascending: each names a checkpoint at `/v1/checkpoints/{hour}`.
    #[schema(example = json!(["2026-11-30T13"]))]
    hours: Vec<String>,
    /// Whether there are more: ask again with `after` and the last of these.
    more: bool,
}

/// The hours of which a quorum-cosigned checkpoint is kept, the earliest first, at most 2,000. None where the trust file asks for no quorum.
#[utoipa::path(get, path = "/v1/checkpoints", tag = "log",
    params(("after" = Option<String>, Query, description = "An hour, `2026-11-30T13`: only later ones")),
    responses(
        (status = 200, description = "Hours", body = HoursBody, content_type = "application/json"),
        (status = 400, description = "Not an hour", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn hours(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let [after] = parameters(uri.query(), ["after"]).map_err(Problem::for_any_site)?;
    let after = after.unwrap_or_default();
    if !after.is_empty() && !is_hour(&after) {
        return Err(Problem::bad_query("parameter after is not an hour such as 2026-11-30T13").for_any_site());
    }
    let mut hours = app.anchors.after(&after, HOURS_PAGE + 1);
    let more = hours.len() > HOURS_PAGE;
    hours.truncate(HOURS_PAGE);
    let body = response::json_bytes(&HoursBody { hours, more })?;
    Ok(response::bytes(response::JSON, NO_STORE, body).for_any_site())
}

/// The first checkpoint of an hour that a quorum cosigned, with the cosignatures. It never changes.
#[utoipa::path(get, path = "/v1/checkpoints/{hour}", tag = "log",
    params(("hour" = String, Path, description = "An hour of UTC, `2026-11-30T13`")),
    responses(
        (status = 200, description = "A signed note", body = str, content_type = "text/plain"),
        (status = 404, description = "None is kept of this hour", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn of_hour(State(app): State<Arc<App>>, Path(hour): Path<String>) -> Result<Response, Problem> {
    let kept = tokio::task::spawn_blocking(move || app.anchors.of(&hour)).await.map_err(Problem::unavailable)?;
    let note = kept.map_err(Problem::unavailable)?.ok_or_else(|| Problem::not_found().for_any_site())?;
    Ok(response::bytes(TEXT, IMMUTABLE, note).for_any_site())
}
