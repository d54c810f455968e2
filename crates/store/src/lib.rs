#![doc = include_str!("../README.md")]

#[cfg(any(test, feature = "testing"))]
pub mod contract;
mod database;
#[cfg(any(test, feature = "testing"))]
mod faulty;
mod file;
mod journal;
mod lock;
mod memory;
mod private;
mod puts;
mod record;

pub use bytes::Bytes;
pub use database::{Database, DatabaseError, DatabaseOptions, Doubt};
#[cfg(any(test, feature = "testing"))]
pub use faulty::{Fault, Faulty, ReadFault};
#[cfg(any(test, feature = "testing"))]
pub use file::{Crash, DiskFault, SimDisk, SimFile};
pub use file::{Cut, Disk, DiskFile, FileJournal, Folder, OpenError, Options, Summary};
pub use journal::{AppendError, Damage, DamageKind, Journal, ReadError};
pub use lock::lock_folder;
pub use memory::MemoryJournal;
pub use private::{DeviceSync, Private, PrivateError};
pub use puts::{Change, MAX_KEY_BYTES, MAX_VALUE_BYTES, Puts};
pub use record::{MAX_RECORD_BYTES, Record, RecordError};
