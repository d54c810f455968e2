//! The law, rule by rule, through the crate's public face: every statement is really signed, logged and replayed.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod accreditation;
mod attestation;
mod clearance;
mod compromise;
mod fold;
mod policy;
mod random;
mod snapshot;
mod standing;
mod stored;

mod status_change;
mod status_root;
mod world;
