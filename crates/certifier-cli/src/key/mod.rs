//! Secret keys on disk, and the passphrases that open them.
//!
//! A key file is PEM (RFC 7468) "ENCRYPTED PRIVATE KEY": a PKCS#8 **version 1** `PrivateKeyInfo` with an Ed25519 seed
//! (RFC 5208, RFC 8410), encrypted by PBES2 (RFC 8018) with a key from scrypt (RFC 7914) and AES-256-CBC. `openssl pkey`
//! reads it, so a certifier is not tied to this program. Version 2, which carries the public key and which
//! `ed25519-dalek` writes, is refused by OpenSSL 3.0; it is read here.
//!
//! | file | what |
//! |---|---|
//! | `passphrase` | what a passphrase must be, and the three places it may come from: never an argument |
//! | `file` | bytes of a key file, both ways; costs are checked before they are paid |
//! | `disk` | bounded reading; creation that is atomic, private and never overwrites |
//! | `arguments` | the flags by which a command takes a key: `#[command(flatten)]` them |
//! | `public` | the public half as JWK, thumbprint, `did:key`, hexadecimal |
//!
//! ```
//! # fn main() -> Result<(), certifier_cli::key::KeyFileError> {
//! use certifier_cli::key::{self, NewPassphrase};
//! use primitives::Signer as _;
//!
//! let folder = tempfile::tempdir().expect("a temporary folder");
//! let path = folder.path().join("certifier.pem");
//! let passphrase = NewPassphrase::new("correct horse".to_owned())?;
//! let key = key::generate()?;
//! key::save_encrypted(&path, &key, &passphrase)?;
//! assert_eq!(key::load(&path, &passphrase)?.public_key(), key.public_key());
//! assert_eq!(key::save_encrypted(&path, &key, &passphrase).unwrap_err().code(), "key_file_exists");
//! # Ok(())
//! # }
//! ```

mod arguments;
mod disk;
mod error;
mod file;
mod passphrase;
mod public;
#[cfg(test)]
mod tests;

use std::path::Path;

use primitives::SecretKey;
use zeroize::Zeroizing;

pub use arguments::KeyArguments;
pub use disk::MAX_KEY_FILE_BYTES;
pub use error::KeyFileError;
pub use file::{KeyFile, MAX_PBKDF2_ITERATIONS, MAX_SCRYPT_MEMORY_BYTES};
pub use passphrase::{
    MAX_PASSPHRASE_BYTES, MIN_PASSPHRASE_CHARACTERS, NewPassphrase, Passphrase, PassphraseError, PassphraseSource,
};
pub use public::{PublicDescription, did_key};

/// Makes a key from the operating system's randomness.
///
/// # Errors
///
/// [`KeyFileError::Randomness`].
pub fn generate() -> Result<SecretKey, KeyFileError> {
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(KeyFileError::Randomness)?;
    Ok(SecretKey::from_seed(&seed))
}

/// Writes the key to a new file that only its owner can read. The file appears whole or not at all.
///
/// # Errors
///
/// [`KeyFileError::Exists`] where there is a file already, whatever it holds; [`KeyFileError::Write`];
/// [`KeyFileError::Randomness`].
pub fn save_encrypted(path: &Path, key: &SecretKey, passphrase: &NewPassphrase) -> Result<(), KeyFileError> {
    let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
    getrandom::fill(&mut salt).map_err(KeyFileError::Randomness)?;
    getrandom::fill(&mut iv).map_err(KeyFileError::Randomness)?;
    disk::create(path, file::encrypt(key, passphrase, &salt, iv)?.as_bytes())
}

/// Reads an encrypted key file.
///
/// # Errors
///
/// Every [`KeyFileError`] about reading. A file that is not encrypted is [`KeyFileError::NotEncrypted`];
/// [`KeyFile::into_unencrypted`] is for those who mean it.
pub fn load(path: &Path, passphrase: &Passphrase) -> Result<SecretKey, KeyFileError> {
    KeyFile::read(path)?.decrypt(passphrase)
}
