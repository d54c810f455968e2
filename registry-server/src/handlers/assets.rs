//! Scripts and the like, under names that their content decides.

use axum::http::Uri;
use axum::response::Response;

use crate::assets;
use crate::http::response::{self, IMMUTABLE};
use crate::problem::{Problem, ProblemBody};

/// A file of the pages. Kept for a year: another content has another name.
#[utoipa::path(get, path = "/assets/{file}", tag = "page",
    params(("file" = String, Path, description = "Name, hash and extension")),
    responses(
        (status = 200, description = "The file", body = str, content_type = "text/javascript"),
        (status = 404, description = "No such file", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn file(uri: Uri) -> Result<Response, Problem> {
    let asset = assets::at(uri.path()).ok_or_else(Problem::not_found)?;
    Ok(response::bytes(asset.media_type.clone(), IMMUTABLE, asset.bytes))
}
