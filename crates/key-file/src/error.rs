//! Why a key could not be made, kept or read.

use std::io;
use std::path::PathBuf;

use key_token::TokenError;

use crate::PassphraseError;

/// What went wrong with a key file, each with a stable [`code`](Self::code).
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be opened or read.
    #[error("cannot read key file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// There is a file of that name already: a key is never overwritten.
    #[error("{path} exists already, and a key is never overwritten")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write key file {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// More bytes than any key file has.
    #[error("the file has more than {limit} bytes, a key file has about 300")]
    TooLarge {
        /// The most that is read, [`MAX_KEY_FILE_BYTES`](crate::MAX_KEY_FILE_BYTES).
        limit: usize,
    },
    /// Not a PEM private key.
    #[error("expected a PEM private key, found {found}")]
    NotAPrivateKey {
        /// What it is instead.
        found: String,
    },
    /// A private key that anyone who reads the file can use.
    #[error("the private key is not encrypted")]
    NotEncrypted,
    /// It says that it is a private key, but its bytes do not form one.
    #[error("the key file is malformed: {what}")]
    Malformed {
        /// What is wrong.
        what: String,
    },
    /// A private key of another algorithm than Ed25519.
    #[error("the key is for {found}, expected Ed25519")]
    OtherAlgorithm {
        /// The algorithm's name or object identifier.
        found: String,
    },
    /// An encryption that is not read: PBES1, 3DES, SHA-1.
    #[error("the key file's encryption is not supported: {what}")]
    UnsupportedEncryption {
        /// Which.
        what: String,
    },
    /// The file asks for more work than any honest one: opening it would hang or exhaust the memory.
    #[error("opening the key file would cost too much: {what}")]
    TooCostly {
        /// What it asks, and the limit.
        what: String,
    },
    /// The passphrase does not open the file (or the encrypted bytes are damaged, which looks the same).
    #[error("wrong passphrase, or the key file is damaged")]
    WrongPassphrase,
    /// A version 2 file whose public key is not that of its secret key.
    #[error("the public key in the file is not that of its secret key")]
    PublicKeyDiffers,
    /// The operating system gives no randomness.
    #[error("no randomness from the operating system: {0}")]
    Randomness(getrandom::Error),
    /// The passphrase itself.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The token, or the way to it.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Two places for one PIN.
    #[error("the URI has a pin-source, and a flag names another place for the PIN")]
    TwoPins,
}

impl KeyFileError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "key_file_unreadable",
            Self::Exists { .. } => "key_file_exists",
            Self::Write { .. } => "key_file_unwritable",
            Self::TooLarge { .. } => "key_file_too_large",
            Self::NotAPrivateKey { .. } => "not_a_private_key",
            Self::NotEncrypted => "key_not_encrypted",
            Self::Malformed { .. } => "key_file_malformed",
            Self::OtherAlgorithm { .. } => "key_other_algorithm",
            Self::UnsupportedEncryption { .. } => "key_encryption_unsupported",
            Self::TooCostly { .. } => "key_too_costly",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::PublicKeyDiffers => "key_public_differs",
            Self::Randomness(_) => "no_randomness",
            Self::Passphrase(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::TwoPins => "two_pin_sources",
        }
    }

    /// What the key's owner can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("choose another name, or move the old key away yourself"),
            Self::NotEncrypted => Some(
                "encrypt it: `openssl pkcs8 -topk8 -scrypt -in KEY -out NEW`; or say --allow-unencrypted-key for a test key",
            ),
            Self::OtherAlgorithm { .. } | Self::NotAPrivateKey { .. } => Some("make one with `certifier keygen`"),
            Self::UnsupportedEncryption { .. } => {
                Some("write it anew: `openssl pkey -in KEY | openssl pkcs8 -topk8 -scrypt -out NEW`")
            }
            Self::Passphrase(error) => error.hint(),
            Self::Token(error) => error.hint(),
            Self::TwoPins => Some("leave one of the two out"),
            Self::Read { .. }
            | Self::Write { .. }
            | Self::TooLarge { .. }
            | Self::Malformed { .. }
            | Self::TooCostly { .. }
            | Self::WrongPassphrase
            | Self::PublicKeyDiffers
            | Self::Randomness(_) => None,
        }
    }
}
