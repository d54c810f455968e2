//! Documents that change only with the program or its keys.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::{App, Role};
use crate::http::response::{self, IMMUTABLE, JSON, MINUTES, With};
use crate::problem::Problem;
use crate::{openapi, trust};

/// The registry's DID document: the key of its status lists.
#[utoipa::path(get, path = "/.well-known/did.json", tag = "documents", responses((status = 200, description = "A DID document (did:web)", content_type = "application/json", body = Object)))]
pub(crate) async fn did(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let document = match &app.role {
        Role::Registry(own) => own.did_document.clone(),
        Role::Mirror(mirrored) => {
            let copied = mirrored.copies.did().ok_or_else(|| Problem::source_silent(&app.registry_url()))?;
            copied.bytes.clone()
        }
    };
    Ok(response::bytes(JSON, MINUTES, document).for_any_site())
}

/// The JSON-LD context of the registry's terms, frozen.
#[utoipa::path(get, path = "/contexts/v1", tag = "documents", responses((status = 200, description = "A JSON-LD context", content_type = "application/ld+json", body = Object)))]
pub(crate) async fn context() -> Response {
    const LD: axum::http::HeaderValue = axum::http::HeaderValue::from_static("application/ld+json");
    response::bytes(LD, IMMUTABLE, statement::CONTEXT_V1).for_any_site()
}

/// Keys of this registry, its witnesses and its accreditors, for scripts that check it. From here they are the registry's own word;
/// a trust file travels out of band.
#[utoipa::path(get, path = "/v1/trust", tag = "documents", responses((status = 200, description = "Keys", content_type = "application/json", body = Object)))]
pub(crate) async fn trust(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let registry = app.trust.registry(&app.origin).ok_or_else(Problem::not_found)?;
    Ok(response::bytes(JSON, MINUTES, response::json_bytes(&trust::document(registry))?).for_any_site())
}

/// This description of the API.
#[utoipa::path(get, path = "/openapi.json", tag = "documents", responses((status = 200, description = "OpenAPI", content_type = "application/json", body = Object)))]
pub(crate) async fn api() -> Response {
    response::bytes(JSON, MINUTES, openapi::json()).for_any_site()
}
