#![doc = include_str!("../README.md")]

mod anchors;
mod clearance;
mod entries;
mod error;
mod file_digest;
mod http;
mod memory;
pub mod random;
mod registry;
mod replay;
mod reports;
mod shelf;
mod sync;
pub mod terminal;
mod tiles;
mod trust_file;
mod words;

pub use anchors::Anchor;
pub use clearance::{ClearanceReceipt, ClearedBefore, OverQuantity, Supplement};
pub use entries::LogReader;
pub use error::{Error, Kept, NO_CODE, Refused};
pub use file_digest::file_digest;
pub use memory::{Memory, MemoryError};
pub use registry::{Receipt, Registry, StoredStatement};
pub use replay::{Broken, Replay, ReplayedTree};
pub use reports::{ReportStatus, ReportsPage, SealedBy, SealedReport};
pub use shelf::{Shelf, ShelfError};
pub use sync::{SyncProgress, Synced};
pub use trust_file::{TRUST_VARIABLE, TrustFileError, default_snapshot_folder, default_state_folder, load_trust};
pub use words::counted;
