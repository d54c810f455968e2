//! Every route of the registry. There is no other list; a test holds the OpenAPI document against this one.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::HeaderValue;
use axum::routing::{MethodFilter, get, on};

use crate::app::App;
use crate::handlers::{
    assets, attestations, certifiers, checkpoints, clearances, code, documents, health, home, label_url, log,
    product_url, receipts, reports, snapshots, statements, status_lists, verify, witness,
};
use crate::http::observed::Observed;
use crate::http::response::{self, NO_STORE};
use crate::metrics::Metrics;

/// The routes, in the order in which a reader looks for them. What a mirror has not are those of `own_…`: whatever takes something in,
/// and what is private.
fn table(table: Table) -> Table {
    table
        // Labels: what phones open.
        .get("/", home::front)
        .get("/{blob}/01/{gtin}/10/{lot}/21/{serial}", label_url::with_gtin)
        .get("/{blob}/10/{lot}/21/{serial}", label_url::without_gtin)
        .get("/v1/verify", verify::one)
        .post("/v1/verify", verify::many)
        // Pages: what people look for.
        .get("/scan", home::scan)
        .get("/code", code::typed)
        .get("/certifiers/{did}", certifiers::certifier)
        .get("/log", home::log)
        .get("/meaning", home::meaning)
        .get("/check", home::check)
        .get("/verify.html", home::offline)
        .get("/assets/{file}", assets::file)
        // Products: GS1 Digital Links without the signed part.
        .get("/01/{gtin}", product_url::product)
        .get("/01/{gtin}/10/{lot}", product_url::lot)
        .get("/01/{gtin}/21/{serial}", product_url::piece)
        .get("/01/{gtin}/10/{lot}/21/{serial}", product_url::piece_of_lot)
        .get("/10/{lot}", product_url::lot_without_gtin)
        .get("/v1/attestations", attestations::lookup)
        .get("/v1/attestations/{index}/evidence", attestations::evidence)
        .get("/v1/status/{key}/{list}", status_lists::list)
        // Statements: what certifiers and accreditors send.
        .own_post("/v1/statements", statements::submit)
        .get("/v1/statements/{index}", statements::by_index)
        .get("/v1/statements/{index}/receipt", receipts::receipt)
        .get("/.well-known/scitt-keys", receipts::keys)
        // Clearances: what customs offices send, and see.
        .own_post("/v1/clearances", clearances::clear)
        .own_post("/v1/clearances/supplement", clearances::supplement)
        // Reports: what anybody sends, and accreditors see.
        .own_get("/report", reports::form)
        .own_post("/report", reports::submit)
        .own_get("/report/status", reports::status_form)
        .own_post("/report/status", reports::status)
        .own_post("/v1/reports", reports::list)
        // The log (c2sp.org/tlog-tiles).
        .get("/checkpoint", log::checkpoint)
        .get("/tile/{*path}", log::tile)
        .get("/v1/checkpoints", checkpoints::hours)
        .get("/v1/checkpoints/{hour}", checkpoints::of_hour)
        // A witness of other logs (c2sp.org/tlog-witness).
        .own_post("/add-checkpoint", witness::add_checkpoint)
        .own_get("/{origin_hash}/checkpoint", witness::last)
        // Snapshots, for verifiers without a network.
        .get("/v1/snapshot", snapshots::head)
        .get("/v1/snapshot/{digest}", snapshots::body)
        // Documents.
        .get("/.well-known/did.json", documents::did)
        .get("/v1/trust", documents::trust)
        .get("/contexts/v1", documents::context)
        .get("/openapi.json", documents::api)
        // Operation. Metrics are on a listener of their own.
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
}

/// The router over all routes.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let table = table(Table::new(Arc::clone(&app.metrics), app.mirrored().is_some()));
    let metrics = |template| Arc::new(app.metrics.route(template));
    table
        .router
        .fallback(Observed::new("(no route)", metrics("(no route)"), home::nothing_here))
        .method_not_allowed_fallback(Observed::new("(other method)", metrics("(other method)"), home::not_this_way))
        .with_state(Arc::clone(app))
}

/// The one route of the metrics listener.
pub(crate) fn metrics_router(app: &Arc<App>) -> Router {
    let metrics = |State(app): State<Arc<App>>| async move {
        const OPEN_METRICS: HeaderValue =
            HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
        response::bytes(OPEN_METRICS, NO_STORE, app.metrics_text())
    };
    Router::new().route("/metrics", get(metrics)).with_state(Arc::clone(app))
}

/// Method and template of each route.
#[cfg(test)]
pub(crate) fn list() -> Vec<(&'static str, &'static str)> {
    table(Table::new(Arc::new(Metrics::new()), false)).routes
}

struct Table {
    is_mirror: bool,
    metrics: Arc<Metrics>,
    router: Router<Arc<App>>,
    /// Method and template of each.
    routes: Vec<(&'static str, &'static str)>,
}

impl Table {
    fn new(metrics: Arc<Metrics>, is_mirror: bool) -> Self {
        Self { is_mirror, metrics, router: Router::new(), routes: Vec::new() }
    }

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

    fn own_get<H, T>(self, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        if self.is_mirror { self.get(template, home::only_the_registry) } else { self.get(template, handler) }
    }

    fn own_post<H, T>(self, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        if self.is_mirror { self.post(template, home::only_the_registry) } else { self.post(template, handler) }
    }

    fn add<H, T>(mut self, filter: MethodFilter, method: &'static str, template: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        H::Future: Unpin,
        T: 'static,
    {
        let metrics = Arc::new(self.metrics.route(template));
        self.router = self.router.route(template, on(filter, Observed::new(template, metrics, handler)));
        self.routes.push((method, template));
        self
    }
}
