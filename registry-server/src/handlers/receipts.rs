//! COSE Receipts, for SCITT's tools.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;

use super::index_in;
use crate::app::App;
use crate::http::response::{self, MINUTES, NO_STORE, With};
use crate::problem::{Problem, ProblemBody};

/// RFC 9943 §10.
const RECEIPT: HeaderValue = HeaderValue::from_static("application/scitt-receipt+cose");
/// RFC 9052 §7: a COSE_KeySet.
const KEY_SET: HeaderValue = HeaderValue::from_static("application/cose-key-set");

/// That an entry is in the log, as a COSE Receipt (RFC 9942, `vds` 1): the registry's word, without witnesses.
///
/// Its leaf is the entry: 8 bytes `received_at`, a claim of the receipt, and the statement.
#[utoipa::path(get, path = "/v1/statements/{index}/receipt", tag = "statements",
    params(("index" = u64, Path, description = "Log index")),
    responses(
        (status = 200, description = "A COSE_Sign1", body = Vec<u8>, content_type = "application/scitt-receipt+cose"),
        (status = 400, description = "Not an index", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "The published log is shorter", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn receipt(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let receipt = app.receipt(index_in(uri.path(), 3)?).await.map_err(Problem::for_any_site)?;
    Ok(response::bytes(RECEIPT, NO_STORE, receipt).for_any_site())
}

/// The keys that receipts are signed with, where SCITT's API has them.
#[utoipa::path(get, path = "/.well-known/scitt-keys", tag = "documents",
    responses((status = 200, description = "A COSE Key Set", body = Vec<u8>, content_type = "application/cose-key-set")))]
pub(crate) async fn keys(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    Ok(response::bytes(KEY_SET, MINUTES, app.receipt_keys()?).for_any_site())
}
