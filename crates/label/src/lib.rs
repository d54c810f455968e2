#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod blob;
pub mod digital_link;
mod error;
mod label;
mod leb128;
pub mod percent;
mod punycode;
mod short_code;
mod uri;

pub use blob::Blob;
pub use error::{Error, Malformed, NotGenuine, NotSigned, Unsupported};
pub use label::{Genuine, Label, MAX_LABEL_LEN};
pub use short_code::{ShortCode, ShortCodeError};
