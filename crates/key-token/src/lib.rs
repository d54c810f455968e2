#![doc = include_str!("../README.md")]

mod error;
mod facts;
#[cfg(feature = "pkcs11")]
mod generate;
#[cfg(feature = "pkcs11")]
mod key;
#[cfg(feature = "pkcs11")]
mod module;
#[cfg(feature = "pkcs11")]
mod point;
#[cfg(feature = "pkcs11")]
mod token;
mod uri;

pub use error::{TokenError, Tries};
pub use facts::{Confinement, PinRequest, PublicHalf};
#[cfg(feature = "pkcs11")]
pub use generate::generate;
#[cfg(feature = "pkcs11")]
pub use key::TokenKey;
pub use uri::{Part, TokenUri, UriError};
