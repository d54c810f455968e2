//! The front page, and the answers where there is nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::page;
use crate::problem::Problem;

/// A page with a field for a label's text.
#[utoipa::path(get, path = "/", tag = "label", responses((status = 200, description = "The page", body = str, content_type = "text/html")))]
pub(crate) async fn front(State(app): State<Arc<App>>) -> Response {
    page::home(&app.origin)
}

/// No such address.
pub(crate) async fn nothing_here() -> Problem {
    Problem::not_found()
}

/// The address does not answer this method.
pub(crate) async fn not_this_way() -> Problem {
    Problem::method_not_allowed()
}
