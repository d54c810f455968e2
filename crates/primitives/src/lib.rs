#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod base32;
pub mod base64;
pub mod batch;
mod country;
pub mod crockford;
mod hash;
mod key;
mod key_id;
mod time;
#[cfg(test)]
mod vectors;

pub use country::{Country, CountryError};
pub use hash::{Hash, Hasher};
pub use key::{AccreditableKey, BadSignature, KeyError, PublicKey, SecretKey, SignError, Signature, Signer};
pub use key_id::{LabelKeyId, Thumbprint};
pub use time::{Day, TimeError, Timestamp};
