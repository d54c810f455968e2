//! Attestations: found by product, and the evidence for one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;
use statement::{Gtin, Lot};

use super::index_in;
use crate::app::App;
use crate::http::query::parameters;
use crate::http::response::{self, With};
use crate::lookup::{Found, MOST_FOUND};
use crate::problem::{Problem, ProblemBody};

/// What a lookup finds.
#[derive(Serialize)]
pub(crate) struct FoundBody<'a> {
    /// The newest first.
    attestations: &'a [Found],
    /// Whether there may be older ones.
    truncated: bool,
}

impl<'a> FoundBody<'a> {
    pub(crate) const fn new(attestations: &'a [Found]) -> Self {
        Self { attestations, truncated: attestations.len() == MOST_FOUND }
    }
}

/// Attestations of a lot, the newest first, at most 50.
#[utoipa::path(get, path = "/v1/attestations", tag = "attestations",
    params(
        ("gtin" = Option<String>, Query, description = "GTIN-14; left out for a product that has none"),
        ("lot" = Option<String>, Query, description = "Lot; left out for all lots of a GTIN"),
    ),
    responses(
        (status = 200, description = "What is in the log, in force or not", body = ref("#/components/schemas/Found"), content_type = "application/json"),
        (status = 400, description = "Neither a GTIN nor a lot", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn lookup(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let [gtin, lot] = parameters(uri.query(), ["gtin", "lot"])?;
    let gtin = gtin.map(|gtin| Gtin::parse(&gtin).map_err(Problem::bad_gtin)).transpose()?;
    let lot = lot.map(|lot| Lot::parse(&lot).map_err(Problem::bad_lot)).transpose()?;
    let found = match (gtin, lot) {
        (gtin, Some(lot)) => app.attestations_of_lot(gtin.as_ref(), &lot).await?,
        (Some(gtin), None) => app.attestations_of_product(&gtin).await?,
        (None, None) => return Err(Problem::bad_query("there is neither a parameter gtin nor a parameter lot")),
    };
    response::json(&FoundBody::new(&found))
}

/// The log entries that decide about an attestation, each proved under one signed checkpoint.
///
/// Who has the registry's log key needs no more to judge a label, and need not believe the registry, except that it
/// left nothing out. An index that is no attestation is answered by the entry that is there, or by a checkpoint that ends before it.
#[utoipa::path(get, path = "/v1/attestations/{index}/evidence", tag = "attestations",
    params(("index" = u64, Path, description = "Log index of the attestation")),
    responses(
        (status = 200, description = "Checkpoint, entries and proofs", body = ref("#/components/schemas/Bundle"), content_type = "application/json"),
        (status = 400, description = "Not an index", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn evidence(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let bundle = app.evidence(index_in(uri.path(), 3)?).await?;
    Ok(response::json(&bundle)?.for_any_site())
}
