#![doc = include_str!("../README.md")]

mod error;
mod http;
mod memory;
mod registry;
mod tiles;

pub use error::{Error, Refused};
pub use memory::{Memory, MemoryError};
pub use registry::{Receipt, Registry, StoredStatement};
