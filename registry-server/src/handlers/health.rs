//! Health and readiness, for whoever restarts and balances.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use sequencer::Health;

use crate::app::App;
use crate::http::response::{self, NO_STORE, TEXT};
use crate::problem::{Problem, ProblemBody};

/// The process answers; a mirror says, too, how it stands with its source.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "It answers", body = str, content_type = "text/plain")))]
pub(crate) async fn alive(State(app): State<Arc<App>>) -> Response {
    response::bytes(TEXT, NO_STORE, format!("alive\n{}", about_source(&app)))
}

/// On a mirror, how it stands with its source.
fn about_source(app: &App) -> String {
    app.mirrored().map(|mirrored| mirrored.told(&app.origin)).unwrap_or_default()
}

/// The registry takes statements and answers from its whole log; a mirror answers from what it has, and says how it stands with its source.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "It is ready", body = str, content_type = "text/plain"),
    (status = 503, description = "It is not", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let log = app.log();
    log.clock().map_err(Problem::clock)?;
    match log.health() {
        Health::Open => Ok(response::bytes(TEXT, NO_STORE, format!("ready\n{}", about_source(&app)))),
        Health::Failed(failure) => Err(Problem::unavailable(failure)),
        Health::Closed => Err(Problem::unavailable("the log is closed")),
    }
}
