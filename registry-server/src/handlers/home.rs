//! The front page, the pages that explain, and the answers where there is nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::HeaderMap;
use axum::response::Response;

use crate::app::App;
use crate::page::{self, Frame};
use crate::problem::Problem;

macro_rules! page {
    ($(#[$doc:meta])+ $name:ident, $path:literal, |$app:ident, $frame:ident| $page:expr) => {
        $(#[$doc])+
        #[utoipa::path(get, path = $path, tag = "page",
            params(("lang" = Option<String>, Query, description = "Language, instead of `Accept-Language`")),
            responses((status = 200, description = "The page", body = str, content_type = "text/html")))]
        pub(crate) async fn $name(State($app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Response {
            let $frame = Frame::of(&headers, &uri);
            let _ = &$app;
            $page
        }
    };
}

page!(
    /// A page with a field for a label's text or short code.
    front, "/", |app, frame| page::home(&frame, &app.origin)
);
page!(
    /// Where a code is read with the camera.
    scan, "/scan", |app, frame| page::scan(&frame)
);
page!(
    /// What a label means, and what not.
    meaning, "/meaning", |app, frame| page::meaning(&frame)
);
page!(
    /// How to check the registry without believing it.
    check, "/check", |app, frame| page::check(&frame)
);
page!(
    /// The state of the log.
    log, "/log", |app, frame| page::log(&frame, &app)
);

/// The page to keep: it checks labels without a network.
#[utoipa::path(get, path = "/verify.html", tag = "page",
    params(("lang" = Option<String>, Query, description = "Language, instead of `Accept-Language`")),
    responses((status = 200, description = "The page, one file", body = str, content_type = "text/html")))]
pub(crate) async fn offline(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let registry = app.trust.registry(&app.origin).ok_or_else(Problem::not_found)?;
    Ok(page::offline(&Frame::of(&headers, &uri), registry, app.now()))
}

/// No such address.
pub(crate) async fn nothing_here() -> Problem {
    Problem::not_found()
}

/// What is the registry's alone.
pub(crate) async fn only_the_registry(State(app): State<Arc<App>>) -> Problem {
    Problem::mirror(&app.registry_url())
}

/// The address does not answer this method.
pub(crate) async fn not_this_way() -> Problem {
    Problem::method_not_allowed()
}
