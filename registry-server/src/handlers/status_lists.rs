//! Status lists.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use primitives::Thumbprint;

use crate::app::App;
use crate::http::response::{self, With};
use crate::problem::{Problem, ProblemBody};

const VC_JWT: HeaderValue = HeaderValue::from_static("application/vc+jwt");
/// As long as the list itself says that it may be kept.
const A_SECOND: HeaderValue = HeaderValue::from_static("public, max-age=1");

/// A Bitstring Status List credential: the bit of each attestation of this key that names this list, set while it is suspended or
/// withdrawn.
#[utoipa::path(get, path = "/v1/status/{key}/{list}", tag = "attestations",
    params(("key" = String, Path, description = "RFC 7638 thumbprint of the key that signed the attestation"),
        ("list" = u32, Path, description = "Number of the list, from 0")),
    responses(
        (status = 200, description = "The credential, a compact JWS", body = str, content_type = "application/vc+jwt"),
        (status = 404, description = "No attestation names it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `clock`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn list(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let nothing = || Problem::not_found().for_any_site();
    let mut segments = uri.path().split('/').skip(3);
    let key = segments.next().and_then(Thumbprint::parse).ok_or_else(nothing)?;
    let list = super::index_in(uri.path(), 4).ok().and_then(|list| u32::try_from(list).ok()).ok_or_else(nothing)?;
    let jws = app.status_list(&key, list).await.map_err(Problem::for_any_site)?;
    Ok(response::bytes(VC_JWT, A_SECOND, jws).for_any_site())
}
