//! Problem details (RFC 9457): the one place where a failure gets its status, its stable code and its public words.
//!
//! `type` is `about:blank`, so `title` is the status's phrase; what a program goes by is `code`. What the operator needs
//! to know beyond the public words is logged and never sent: an I/O error names paths.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use primitives::Timestamp;
use registry::Refusal;
use sequencer::{ClockFault, ReadError, SubmitError};
use serde::Serialize;
use statement::{GtinError, LotError};

use crate::witness::NotCosigned;

/// A failure, on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// Stable, snake_case.
    pub(crate) code: &'static str,
    /// One sentence, for anybody.
    pub(crate) detail: Cow<'static, str>,
    /// For the operator only.
    pub(crate) logged: Option<String>,
    /// Seconds after which trying again makes sense.
    pub(crate) retry_after: Option<u16>,
    /// The log index that stands in the way, where one does.
    pub(crate) index: Option<u64>,
    /// Whether scripts of any site may read it.
    pub(crate) for_any_site: bool,
}

/// The JSON of a problem.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(title = "Problem")]
pub(crate) struct ProblemBody<'a> {
    /// Always `about:blank`; go by `code`.
    r#type: &'static str,
    /// The status's phrase.
    title: &'a str,
    /// The HTTP status again.
    status: u16,
    /// What went wrong, stable and in snake case.
    code: &'a str,
    /// The same in words.
    detail: &'a str,
    /// The log index that stands in the way, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), logged: None, retry_after: None, index: None, for_any_site: false }
    }

    /// Readable by scripts of any site, as the answer would have been.
    pub(crate) fn for_any_site(self) -> Self {
        Self { for_any_site: true, ..self }
    }

    fn retry(mut self, seconds: u16) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn log(mut self, why: impl ToString) -> Self {
        self.logged = Some(why.to_string());
        self
    }

    /// What is sent.
    pub(crate) fn body(&self) -> ProblemBody<'_> {
        ProblemBody {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            index: self.index,
        }
    }
}

/// Carries the problem to [`crate::http::observed`], which writes it in the form that the client asked for.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Problems of HTTP itself.
impl Problem {
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address does not answer this method")
    }

    pub(crate) fn no_such_range() -> Self {
        let detail = "what is at this address is shorter than the range asked for";
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "no_such_range", detail)
    }

    pub(crate) fn not_acceptable() -> Self {
        let detail = "none of the forms that the Accept field allows can be given here";
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", detail)
    }

    pub(crate) fn unsupported_media_type(expected: &'static str) -> Self {
        let detail = format!("the body's media type is not {expected}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    pub(crate) fn slow_body() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow_body", "the body did not arrive in time")
    }

    pub(crate) fn broken_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "broken_body", "the body ended before it was whole")
    }

    pub(crate) fn bad_query(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_query", detail)
    }

    pub(crate) fn bad_batch(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_batch", detail)
    }

    pub(crate) fn too_many_labels(limit: usize) -> Self {
        let detail = format!("a batch holds at most {limit} labels");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_labels", detail)
    }

    pub(crate) fn overloaded() -> Self {
        let detail = "the registry has more requests in work than it can answer in time";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry(1)
    }

    pub(crate) fn timeout() -> Self {
        let detail =
            "the registry could not answer in time; whether a statement was taken is shown by sending it again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).retry(5)
    }

    pub(crate) fn bad_host() -> Self {
        let detail = "the request names no host, or more than one";
        Self::new(StatusCode::BAD_REQUEST, "bad_host", detail)
    }

    pub(crate) fn internal(why: impl ToString) -> Self {
        let detail = "the registry failed; nothing that it acknowledged is lost";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).log(why)
    }

    pub(crate) fn unavailable(why: impl ToString) -> Self {
        let detail = "the registry cannot answer this now";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry(5).log(why)
    }
}

/// Problems of the registry.
impl Problem {
    /// Something that a mirror does not do.
    pub(crate) fn mirror(registry: &str) -> Self {
        let detail = format!(
            "this is a mirror: it takes nothing, and has neither reports, clearances nor counts of scans; the registry is at {registry}"
        );
        Self::new(StatusCode::FORBIDDEN, "mirror", detail)
    }

    /// Something that the registry alone can sign.
    pub(crate) fn source_silent(registry: &str) -> Self {
        let detail = format!(
            "this is a mirror, and what only the registry can sign is not to be had from where it copies; the registry is at {registry}"
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "source_silent", detail).retry(30)
    }

    /// The source of a mirror signed something that the log does not give.
    pub(crate) fn bad_copy(registry: &str, why: impl ToString) -> Self {
        let detail = format!(
            "this is a mirror, and what its source signs does not agree with the log here; the registry is at {registry}"
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "bad_copy", detail).retry(30).log(why)
    }

    pub(crate) fn unknown_index(index: u64) -> Self {
        let detail = format!("the published log has no entry {index}");
        Self::new(StatusCode::NOT_FOUND, "unknown_index", detail)
    }

    /// An entry of the registry's own.
    pub(crate) fn no_statement(index: u64) -> Self {
        let detail = format!("entry {index} is a status root, which nobody signs; /tile/entries has its bytes");
        Self::new(StatusCode::NOT_FOUND, "no_statement", detail)
    }

    pub(crate) fn bad_index() -> Self {
        let detail = "a log index is a decimal number without leading zeros";
        Self::new(StatusCode::BAD_REQUEST, "bad_index", detail)
    }

    pub(crate) fn bad_gtin(error: GtinError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_gtin", error.to_string())
    }

    pub(crate) fn bad_lot(error: LotError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_lot", error.to_string())
    }

    pub(crate) fn no_snapshot() -> Self {
        let detail = "no snapshot has been made since the registry started";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_snapshot", detail).retry(2)
    }

    pub(crate) fn bad_pair() -> Self {
        let detail = "the body is no JSON object with the strings `clearance` and `commitment`";
        Self::new(StatusCode::BAD_REQUEST, "bad_clearance", detail)
    }

    pub(crate) fn another_kind(detail: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "another_kind", detail)
    }

    pub(crate) fn another_signer() -> Self {
        let detail = "clearance and commitment are not signed by one key of one issuer";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "another_signer", detail)
    }

    pub(crate) fn commitment_mismatch() -> Self {
        let detail = "the commitment is not the SHA-256 of the clearance";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "commitment_mismatch", detail)
    }

    pub(crate) fn clearance_known() -> Self {
        let detail = "this clearance was sent before, with another commitment: send that one again";
        Self::new(StatusCode::CONFLICT, "clearance_known", detail)
    }

    pub(crate) fn stale_request(now: Timestamp) -> Self {
        let detail = format!("the request was not signed within five minutes of {now}");
        Self::new(StatusCode::FORBIDDEN, "stale_request", detail)
    }

    pub(crate) fn clock(fault: ClockFault) -> Self {
        let detail = "the registry's clock is in doubt, and a wrong time would stay in the log for ever";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "clock", detail).retry(60).log(fault)
    }
}

/// A token that is no statement, or not one of its issuer.
impl From<statement::Error> for Problem {
    fn from(error: statement::Error) -> Self {
        use statement::Error as E;
        let status = match &error {
            E::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            // Well formed, and not to be processed.
            E::Member { .. } | E::UnknownKind(_) | E::BadSignature | E::KidOfAnotherKey => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            E::NotThreeParts(_)
            | E::NotBase64url(_)
            | E::Json { .. }
            | E::NotAnObject(_)
            | E::HeaderMember(_)
            | E::HeaderMissing(_)
            | E::HeaderType(_)
            | E::Algorithm(_)
            | E::Typ(_)
            | E::Cty(_)
            | E::Kid
            | E::KidDid(_)
            | E::SignatureLength(_)
            | E::JwtClaim(_)
            | E::IssNotIssuer
            | E::KidNotIssuer { .. }
            | E::KidNotThumbprint => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.code(), bounded(error.to_string()))
    }
}

/// What the law refuses.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        use Refusal as R;
        let status = match &refusal {
            // Who it is from: nothing in the statement would change that.
            R::UnknownIssuer(_)
            | R::UnknownKey { .. }
            | R::AccreditorKeyNotValid { .. }
            | R::KeyRetired { .. }
            | R::KeyCompromised { .. }
            | R::NotAnAccreditor(_)
            | R::AnotherAccreditor { .. }
            | R::NotACertifier { .. }
            | R::CertifierSuspended { .. }
            | R::NotACustomsOffice { .. }
            | R::OfficeSuspended { .. }
            | R::AccreditationNotInForce { .. }
            | R::OutOfScope(_)
            | R::NotYourAttestation(_)
            | R::NotYourParty { .. }
            | R::OnlyTheAccreditor(_) => StatusCode::FORBIDDEN,
            // What is in the log already.
            R::StaleAccreditation { .. }
            | R::AlreadyApproved { .. }
            | R::KeyOfAnother { .. }
            | R::RetiredKeyListed { .. }
            | R::StatusIndexTaken { .. }
            | R::StaleStatus { .. }
            | R::AlreadyWithdrawn { .. }
            | R::NothingToLift { .. }
            | R::TooManyChanges { .. } => StatusCode::CONFLICT,
            // What the statement says.
            R::WrongRegistry { .. }
            | R::KidWithoutThumbprint(_)
            | R::AccreditationTooEarly { .. }
            | R::SubjectIsAccreditor(_)
            | R::KeyNotAccreditable { .. }
            | R::UnknownCompromisedKey(_)
            | R::NeverLogged(_)
            | R::SerialNotIssued { .. }
            | R::OtherUnit { .. }
            | R::UnknownTarget(_)
            | R::UnknownParty(_) => StatusCode::UNPROCESSABLE_ENTITY,
            // What the registry cannot do.
            R::UnsupportedRules(_)
            | R::LogFull
            | R::TimeOutOfRange(_)
            | R::ReceivedOutOfOrder { .. }
            | R::OtherStatusRoot { .. }
            | R::StatusRootDue(_)
            | R::TooManyKeys(_)
            | R::TooManyParties(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        // The others name no entry that stands in the way.
        let index = if let R::StatusIndexTaken { holder, .. } = &refusal {
            *holder
        } else if let R::StaleStatus { expected, .. } = &refusal {
            *expected
        } else if let R::StaleAccreditation { entry, .. }
        | R::AlreadyApproved { entry, .. }
        | R::AlreadyWithdrawn { entry, .. } = &refusal
        {
            Some(*entry)
        } else {
            None
        };
        Self { index, ..Self::new(status, refusal.code(), bounded(refusal.to_string())) }
    }
}

/// Why a statement has no receipt.
impl From<SubmitError<Refusal>> for Problem {
    fn from(error: SubmitError<Refusal>) -> Self {
        match error {
            SubmitError::Refused(refusal) => refusal.into(),
            SubmitError::Overloaded => Self::overloaded(),
            SubmitError::Clock(fault) => Self::clock(fault),
            SubmitError::Unavailable(failure) => Self::unavailable(failure),
            SubmitError::Closing => Self::unavailable("the log is closing"),
            SubmitError::TooLarge { limit, .. } => Self::body_too_large(limit),
            SubmitError::Full => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "log_full", "the log has as many entries as it can have")
            }
            // A mirror's routes for statements say more, and first.
            SubmitError::Copy => Self::unavailable("this log is a copy of another"),
        }
    }
}

/// Why a witness does not cosign (c2sp.org/tlog-witness gives the statuses). 409 is no problem: its body is a size.
impl From<NotCosigned> for Problem {
    fn from(error: NotCosigned) -> Self {
        use NotCosigned as N;
        let (status, code) = match &error {
            N::Request(error) => (StatusCode::BAD_REQUEST, error.code()),
            N::Checkpoint(error) => (StatusCode::BAD_REQUEST, error.code()),
            N::OldBeyondNew { .. } => (StatusCode::BAD_REQUEST, "old_beyond_new"),
            N::UnknownLog => (StatusCode::NOT_FOUND, "unknown_log"),
            N::Signature(error) => (StatusCode::FORBIDDEN, error.code()),
            N::OldSize { .. } => (StatusCode::CONFLICT, "old_size"),
            N::EmptyTree(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.code()),
            N::Inconsistent(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.code()),
            N::TooMany => {
                return Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_checkpoints", error.to_string()).retry(1);
            }
            N::Record(_) | N::Signing(_) => return Self::unavailable(error),
        };
        Self::new(status, code, bounded(error.to_string()))
    }
}

/// The log could not be read.
impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self::unavailable(error)
    }
}

/// A sentence that quotes a statement, cut where it gets long.
fn bounded(mut sentence: String) -> String {
    const MOST: usize = 600;
    if sentence.len() > MOST {
        sentence.truncate(sentence.floor_char_boundary(MOST));
        sentence.push('…');
    }
    sentence
}
