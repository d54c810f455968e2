//! What customs offices cleared: taken in, and given to offices. Nobody else sees it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use primitives::Timestamp;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clearances::{Entered, Excess, MOST_RANGES, Pair};
use crate::http::body;
use crate::http::response::{self, NO_STORE, OCTETS, With};
use crate::limits::BODY_BYTES;
use crate::problem::{Problem, ProblemBody};

const JSON: &str = "application/json";
const VC_JWT: &str = "application/vc+jwt";

/// A clearance and the commitment to it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClearanceBody {
    /// `LabelClearance`, a compact JWS: kept, and never logged.
    clearance: String,
    /// `ClearanceCommitment` to it, a compact JWS by the same key: logged.
    commitment: String,
}

/// A clearance is kept, and its commitment is in the log.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClearedBody<'a> {
    /// Log index of the commitment.
    index: u64,
    /// When the log received it.
    #[schema(format = DateTime)]
    received_at: String,
    /// That it is in the log (c2sp.org/tlog-proof); `extra` is the entry's first 8 bytes.
    proof: &'a str,
    /// What of it was cleared before. All of it counts all the same.
    overlaps: Vec<OverlapBody>,
    /// Of what more was cleared than attested.
    over_quantity: Vec<ExcessBody>,
    /// Whether there may be more overlaps than are listed.
    truncated: bool,
}

/// What an earlier clearance has in common with this one.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OverlapBody {
    /// Log index of the attestation.
    attestation: u64,
    /// Log index of the earlier commitment.
    earlier: u64,
    /// First and last of each range of serial numbers.
    serials: Vec<[u32; 2]>,
}

/// More cleared than attested.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ExcessBody {
    /// Log index of the attestation.
    attestation: u64,
    /// With this clearance and those before it, rounded up.
    cleared: u64,
    /// What was attested.
    attested: u32,
    /// Code of the unit of both.
    unit: &'static str,
}

/// Record what a customs office cleared.
///
/// The answer comes once the clearance is kept and the commitment is in the log. Sent again, it gets the same answer.
#[utoipa::path(post, path = "/v1/clearances", tag = "clearances",
    request_body(content = ClearanceBody, content_type = "application/json"),
    responses(
        (status = 201, description = "It is kept", body = ClearedBody, content_type = "application/json"),
        (status = 200, description = "It was kept before", body = ClearedBody, content_type = "application/json"),
        (status = 400, description = "No pair of statements", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Its issuer may not clear, or not undo this", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Committed to before, or undone before", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Not authentic, not a pair, or not to be cleared", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `overloaded`, `clock`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn clear(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let body = read(&app, request, JSON).await?;
    let ClearanceBody { clearance, commitment } = serde_json::from_slice(&body).map_err(|_| Problem::bad_pair())?;
    let pair = Pair::open(&app.log().published().view, clearance.into(), commitment.into())?;
    let Entered { receipt, overlaps, excesses } = app.clear(pair).await?;
    let overlaps: Vec<OverlapBody> = overlaps
        .into_iter()
        .map(|overlap| OverlapBody {
            attestation: overlap.attestation,
            earlier: overlap.earlier,
            serials: overlap.serials.iter().map(|range| [range.first, range.last]).collect(),
        })
        .collect();
    let excess = |Excess { attestation, cleared, attested, unit }| ExcessBody { attestation, cleared, attested, unit };
    let answer = response::json(&ClearedBody {
        index: receipt.index,
        received_at: Timestamp::from_millis(receipt.received_at_millis).to_string(),
        proof: &receipt.proof,
        truncated: overlaps.iter().map(|overlap| overlap.serials.len()).sum::<usize>() >= MOST_RANGES,
        overlaps,
        over_quantity: excesses.into_iter().map(excess).collect(),
    })?;
    Ok(if receipt.repeated { answer } else { answer.status(StatusCode::CREATED) })
}

/// What all offices cleared, for a customs office.
///
/// The request is signed by a key of an accredited office, which neither is suspended nor withdrawn, within five minutes.
#[utoipa::path(post, path = "/v1/clearances/supplement", tag = "clearances",
    request_body(content = str, content_type = "application/vc+jwt", description = "`SupplementRequest`, a compact JWS"),
    responses(
        (status = 200, description = "Length of the head, head and body", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 400, description = "No statement", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a customs office, or not a fresh request", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Not authentic, or another statement", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Not now: `clock`, `unavailable`", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn supplement(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let body = read(&app, request, VC_JWT).await?;
    Ok(response::bytes(OCTETS, NO_STORE, app.supplement(&body).await?))
}

async fn read(app: &App, request: Request, media_type: &'static str) -> Result<bytes::Bytes, Problem> {
    let (head, body) = request.into_parts();
    if !body::media_type(&head.headers).eq_ignore_ascii_case(media_type) {
        return Err(Problem::unsupported_media_type(media_type));
    }
    body::read(&head.headers, body, BODY_BYTES, app.limits.body_time).await
}
