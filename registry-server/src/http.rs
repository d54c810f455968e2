//! HTTP without the domain: connections and their limits, bodies, negotiation, problems, and what every answer has in
//! common.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod negotiation;
pub(crate) mod observed;
mod pulse;
pub(crate) mod query;
pub(crate) mod response;
