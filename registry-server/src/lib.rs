//! One binary that runs a registry: the HTTP API, the C2SP log, and the page behind a label.

mod app;
mod handlers;
mod http;
mod limits;
mod logging;
mod metrics;
mod page;
mod problem;
mod routes;
