//! The log: structured lines on standard error, JSON unless it is a terminal.
//!
//! No line holds an address, a cookie, a user agent, a query or a label's path: only route templates, statuses, times and
//! stable codes (design §10). Requests that succeed are logged at `debug`: counters tell the same for less.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. Does nothing when a log is already set up.
///
/// # Errors
/// When `filter` is not a filter of `tracing-subscriber`, such as `info` or `info,request=debug`.
pub(crate) fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = if io::stderr().is_terminal() { builder.try_init() } else { builder.json().try_init() };
    // Only tests start twice in one process.
    drop(started);
    Ok(())
}
