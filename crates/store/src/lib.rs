//! Durable bytes: the append-only journal and its backends, and the sled database.

#[cfg(any(test, feature = "testing"))]
mod faulty;
mod journal;
mod memory;
mod record;

pub use bytes::Bytes;
#[cfg(any(test, feature = "testing"))]
pub use faulty::{Fault, Faulty, ReadFault};
pub use journal::{AppendError, Damage, DamageKind, Journal, ReadError};
pub use memory::MemoryJournal;
pub use record::{MAX_RECORD_BYTES, Record, RecordError};
