#![doc = include_str!("../README.md")]

#[cfg(feature = "encrypted")]
mod arguments;
mod description;
#[cfg(feature = "encrypted")]
mod disk;
#[cfg(feature = "encrypted")]
mod error;
#[cfg(feature = "encrypted")]
mod file;
mod generate;
#[cfg(feature = "encrypted")]
mod passphrase;
mod pem;
#[cfg(feature = "encrypted")]
mod place;
pub mod plain;
pub mod public;
#[cfg(test)]
mod tests;
#[cfg(feature = "encrypted")]
pub mod token;
#[cfg(feature = "encrypted")]
mod unlocked;

#[cfg(feature = "encrypted")]
pub use arguments::KeyArguments;
pub use description::{PublicDescription, did_key};
#[cfg(feature = "encrypted")]
pub use disk::MAX_KEY_FILE_BYTES;
#[cfg(feature = "encrypted")]
pub use error::KeyFileError;
#[cfg(feature = "encrypted")]
pub use file::{KeyFile, MAX_PBKDF2_ITERATIONS, MAX_SCRYPT_MEMORY_BYTES, load, replace_encrypted, save_encrypted};
pub use generate::generate;
#[cfg(feature = "encrypted")]
pub use key_token::{Confinement, PublicHalf, TokenError, TokenUri};
#[cfg(feature = "encrypted")]
pub use passphrase::{
    MAX_PASSPHRASE_BYTES, MIN_PASSPHRASE_CHARACTERS, NewPassphrase, Passphrase, PassphraseError, PassphraseSource,
};
#[cfg(feature = "encrypted")]
pub use place::KeyPlace;
#[cfg(feature = "encrypted")]
pub use unlocked::UnlockedKey;
