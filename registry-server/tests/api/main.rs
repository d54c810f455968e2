//! The registry over HTTP: every route, every kind of refusal, hostile clients.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics on what it does not expect")]

#[path = "../support/parties.rs"]
mod parties;
#[path = "../support/wire.rs"]
mod wire;
mod world;

mod clearances;
mod cosigning;
mod documents;
mod fake_witness;
mod hostile;
mod labels;
mod log;
mod mirror;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
mod operation;
mod pages;
mod products;
mod receipts;
mod reports;
mod serving_mirror;
mod signer;
mod snapshots;
mod statements;
mod static_files;
mod status_lists;
mod status_roots;
mod verdicts;
mod witness;
