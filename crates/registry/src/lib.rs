#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod attested;
mod codec;
mod encoding;
mod evidence;
mod fold;
mod opener;
mod parties;
mod party;
mod policy;
mod refusal;
mod roots;
mod row;
mod rows;
mod rules;
mod shared_map;
mod slots;
mod snapshot;
mod standing;
mod state;
mod status;
mod status_root;
mod status_tree;

pub use encoding::{Chunk, DecodeError};
pub use fold::{Folded, Ignored, Opened};
pub use opener::Opener;
pub use party::{AccreditationRecord, Compromise, KeyRecord, Party};
pub use policy::{Accreditor, AccreditorKey, Policy, PolicyError, RULES, STATUS_ROOTS};
pub use refusal::Refusal;
pub use row::{ProductDigest, Row, ScopeFaults};
pub use rules::{Authorised, authorise};
pub use snapshot::{ChunkPlace, SNAPSHOT_VERSION, SnapshotBody, SnapshotError, SnapshotHead, SnapshotIndex};
pub use standing::{Cause, LabelKey, LabelKeyTrust, Standing, Validity};
pub use state::{Counts, Effect, State};
pub use status::{Hold, Holder, StatusEvent};
pub use status_root::{STATUS_ROOT_EVERY_MILLIS, StatusRoot, received_at};
pub use status_tree::StatusProver;
