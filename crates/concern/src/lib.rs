#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod armor;
mod concern;
mod receipt;
mod sealed;

pub use armor::{ArmorError, dearmor, enarmor};
pub use concern::{Concern, ConcernError, ConcernKind, MAX_CONTACT, MAX_LABEL, MAX_LANGUAGE, MAX_TEXT, PADDING};
pub use receipt::Receipt;
pub use sealed::{MAX_RECIPIENTS, MAX_SEALED, Sealed, SealedError};
