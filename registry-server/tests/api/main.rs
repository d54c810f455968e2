//! The registry over HTTP: every route, every kind of refusal, hostile clients.
#![expect(missing_docs, reason = "tests name what they show")]

#[path = "../support/parties.rs"]
mod parties;
#[path = "../support/wire.rs"]
mod wire;
mod world;

mod documents;
mod hostile;
mod labels;
mod log;
mod operation;
mod products;
mod statements;
mod verdicts;
