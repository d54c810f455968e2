#![doc = include_str!("../README.md")]

mod error;
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
#[cfg(feature = "pkcs11")]
pub use generate::generate;
#[cfg(feature = "pkcs11")]
pub use key::{Confinement, PublicHalf, TokenKey};
#[cfg(feature = "pkcs11")]
pub use token::PinRequest;
pub use uri::{Part, TokenUri, UriError};
