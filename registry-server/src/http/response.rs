//! Answers, built from bytes that are ready.

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use serde::Serialize;

use crate::problem::Problem;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(crate) const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
pub(crate) const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
pub(crate) const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
pub(crate) const LINKSET: HeaderValue = HeaderValue::from_static("application/linkset+json");

/// Never kept by anybody: a verdict is true when it is given.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Kept for a few minutes: what changes only when the registry is set up anew.
pub(crate) const MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// Never changes.
pub(crate) const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// 200 with these bytes.
pub(crate) fn bytes(media_type: HeaderValue, cache: HeaderValue, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from(body.into()));
    // Room for these and for what `observed` adds: growing it means hashing all again.
    *response.headers_mut() = HeaderMap::with_capacity(12);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}

/// 200 with this value as JSON, kept by nobody.
pub(crate) fn json(value: &impl Serialize) -> Result<Response<Body>, Problem> {
    Ok(bytes(JSON, NO_STORE, json_bytes(value)?))
}

/// The value as JSON.
pub(crate) fn json_bytes(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::with_capacity(4096);
    serde_json::to_writer(&mut body, value).map_err(Problem::internal)?;
    Ok(body)
}

/// Chained changes to an answer.
pub(crate) trait With: Sized {
    /// With another status.
    fn status(self, status: StatusCode) -> Self;
    /// With a header field.
    fn header(self, name: HeaderName, value: HeaderValue) -> Self;
    /// Readable by scripts of any site: what is public anyway.
    fn for_any_site(self) -> Self {
        self.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))
    }
    /// A cache has to keep the forms of a resource apart.
    fn varies_by_accept(self) -> Self {
        self.header(header::VARY, HeaderValue::from_static("accept"))
    }
}

impl With for Response<Body> {
    fn status(mut self, status: StatusCode) -> Self {
        *self.status_mut() = status;
        self
    }

    fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers_mut().insert(name, value);
        self
    }
}
