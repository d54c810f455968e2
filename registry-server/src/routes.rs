//! Every route of the registry. There is no other list; a test holds the OpenAPI document against this one.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use crate::app::App;
use crate::handlers::{health, home};
use crate::http::observed::Observed;

/// The routes, in the order in which a reader looks for them.
fn table(table: Table) -> Table {
    table
        .get("/", home::front)
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
}

/// The router over all routes.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let table = table(Table { app: Arc::clone(app), router: Router::new(), routes: Vec::new() });
    let metrics = |template| Arc::new(app.metrics.route(template));
    table
        .router
        .fallback(Observed::new("(no route)", metrics("(no route)"), home::nothing_here))
        .method_not_allowed_fallback(Observed::new("(other method)", metrics("(other method)"), home::not_this_way))
        .with_state(Arc::clone(app))
}

struct Table {
    app: Arc<App>,
    router: Router<Arc<App>>,
    /// Method and template of each, for the test.
    routes: Vec<(&'static str, &'static str)>,
}

impl Table {
    fn get<H, T>(self, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        self.add(MethodFilter::GET, "get", template, handler)
    }

    fn post<H, T>(self, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        self.add(MethodFilter::POST, "post", template, handler)
    }

    fn add<H, T>(mut self, filter: MethodFilter, method: &'static str, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        let metrics = Arc::new(self.app.metrics.route(template));
        self.router = self.router.route(template, on(filter, Observed::new(template, metrics, handler)));
        self.routes.push((method, template));
        self
    }
}
