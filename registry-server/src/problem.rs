//! Problem details (RFC 9457): the one place where a failure gets its status, its stable code and its public words.
//!
//! `type` is `about:blank`, so `title` is the status's phrase; what a program goes by is `code`. What the operator needs
//! to know beyond the public words is logged and never sent: an I/O error names paths.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

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
        Self { status, code, detail: detail.into(), logged: None, retry_after: None, index: None }
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
        let detail = "the registry could not answer in time; whether a statement was taken is shown by sending it again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).retry(5)
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
