//! The log as any C2SP client reads it (c2sp.org/tlog-tiles).

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use tlog::TilePath;

use crate::app::App;
use crate::http::response::{self, IMMUTABLE, NO_STORE, OCTETS, TEXT, With};
use crate::problem::{Problem, ProblemBody};

/// The newest signed checkpoint (c2sp.org/tlog-checkpoint): where the trust file asks for witnesses, the newest that a quorum of them
/// has cosigned, with their cosignatures.
#[utoipa::path(get, path = "/checkpoint", tag = "log", responses((status = 200, description = "A signed note", body = str, content_type = "text/plain")))]
pub(crate) async fn checkpoint(State(app): State<Arc<App>>) -> Response {
    response::bytes(TEXT, NO_STORE, app.checkpoint()).for_any_site()
}

/// A hash tile or an entry bundle. Nothing beyond the published size is served: a partial tile is the prefix of what is
/// there.
#[utoipa::path(get, path = "/tile/{path}", tag = "log",
    params(("path" = String, Path, description = "`<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`, several segments")),
    responses(
        (status = 200, description = "Hashes, 32 bytes each, or entries, each after its length", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "No such tile, or not yet", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn tile(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    // Clients guess widths and fall back on a 404; what is no path of a tile is no tile either.
    let nothing = || Problem::not_found().for_any_site();
    let path: TilePath = path.parse().map_err(|_| nothing())?;
    let bytes = app.log().tile(path).await.map_err(|error| Problem::from(error).for_any_site())?.ok_or_else(nothing)?;
    Ok(response::bytes(OCTETS, IMMUTABLE, bytes).for_any_site())
}
