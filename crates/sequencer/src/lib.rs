#![doc = include_str!("../README.md")]

// What a user brings.
mod clock;
mod law;
mod signed_file;
mod sled_views;
mod views;

pub use clock::{
    Clock, ClockFault, JUMP_MILLIS, MAX_AHEAD_AT_START_MILLIS, MAX_BEHIND_MILLIS, SystemClock, Timekeeper,
};
pub use law::{Chunk, Law, MAX_COLUMNS, Notes, tag_of};
pub use signed_file::last_signed;
pub use sled_views::SledViews;
pub use views::{Changes, Floor, ViewError, Views};

// The log.
mod error;
mod follow;
mod open;
mod pool;
mod published;
mod reader;
mod sequencer;
mod shared;
mod supervised;

pub use column::MAX_ENTRIES;
pub use entry::{ENTRY_HEADER, received_at_millis, token};
pub use error::{Failure, OpenError, ReadError, SignError, SubmitError};
pub use extension::BeforeSigning;
pub use follow::FollowParts;
pub use ledger::ChainFault;
pub use open::{AlsoSign, Opening, Options, Parts, Progress};
pub use pool::Limits;
pub use published::{Published, Receipt};
pub use reader::Reader;
pub use sequencer::Sequencer;
pub use shared::Health;
pub use supervised::{Event, Supervised};

// How a batch gets in.
mod column;
mod edge;
mod entry;
mod extension;
mod ledger;
mod replay;
mod saved;
mod stage;
mod writer;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
