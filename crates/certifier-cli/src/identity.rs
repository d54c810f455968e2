//! Who signs: the party and public key from the `.jwk` beside the key file, and the secret half once it is unlocked.
//!
//! What needs no signature needs no passphrase: a dry run reads the public half alone.

use std::cell::OnceCell;
use std::path::Path;

use key_file::{KeyArguments, KeyFileError};
use primitives::{PublicKey, SecretKey, Signer as _};
use statement::Did;

use crate::failure::Failure;
use crate::jwk::{self, Jwk, JwkError};

/// A party and one of its keys, still locked.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) did: Did,
    /// The party's name, if the key file has one.
    pub(crate) name: Option<String>,
    pub(crate) public: PublicKey,
    /// The secret half, once it was needed.
    secret: OnceCell<SecretKey>,
}

impl Identity {
    /// Reads the public half of a key file.
    pub(crate) fn of(file: &Path) -> Result<Self, Failure> {
        let name = file.display();
        let beside = jwk::path_beside(file);
        let restore = format!("certifier public --did DID --key {name} writes it again");
        if !file.exists() {
            return Err(Failure::input(format!("cannot read {name}: there is no such file"))
                .hint(format!("certifier keygen --did DID --out {name} makes a new key")));
        }
        let jwk = Jwk::read(&beside).map_err(|error| match error {
            JwkError::Read(..) | JwkError::Form(..) | JwkError::Secret(_) | JwkError::OtherKid(..) => {
                Failure::input(error).hint(restore.clone())
            }
        })?;
        let did = jwk.did.ok_or_else(|| {
            Failure::input(format!("{} does not say whose key it is: controller is missing", beside.display()))
                .hint(restore)
        })?;
        Ok(Self { did, name: jwk.name, public: jwk.key, secret: OnceCell::new() })
    }

    /// Unlocks the secret half, asking for its passphrase once. It is wiped from memory when the identity is dropped.
    pub(crate) fn unlock(&self, secret: &KeyArguments) -> Result<&SecretKey, Failure> {
        if let Some(unlocked) = self.secret.get() {
            return Ok(unlocked);
        }
        let unlocked = unlock(secret)?;
        if unlocked.public_key() == self.public {
            return Ok(self.secret.get_or_init(|| unlocked));
        }
        let beside = jwk::path_beside(&secret.key);
        Err(Failure::input(format!("{} is not the public half of {}", beside.display(), secret.key.display()))
            .hint("keep each .jwk beside the key that it was made with"))
    }

    /// What people call the party where nothing better is known.
    pub(crate) fn shown_name(&self) -> &str {
        let host = self.did.as_str().strip_prefix("did:web:").and_then(|rest| rest.split([':', '%']).next());
        self.name.as_deref().or(host).unwrap_or(self.did.as_str())
    }
}

/// Asks for the passphrase, where there is one, and reads a key file.
pub(crate) fn unlock(secret: &KeyArguments) -> Result<SecretKey, Failure> {
    secret.load().map_err(|error| {
        let file = secret.key.display();
        match &error {
            KeyFileError::WrongPassphrase => Failure::input(format!("{file}: {error}"))
                .hint("type the passphrase that `certifier keygen` was given for this file"),
            KeyFileError::NotEncrypted
            | KeyFileError::NotAPrivateKey { .. }
            | KeyFileError::Malformed { .. }
            | KeyFileError::OtherAlgorithm { .. }
            | KeyFileError::UnsupportedEncryption { .. }
            | KeyFileError::TooCostly { .. }
            | KeyFileError::TooLarge { .. }
            | KeyFileError::PublicKeyDiffers => {
                let failure = Failure::input(format!("{file}: {error}"));
                match error.hint() {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
            KeyFileError::Read { .. }
            | KeyFileError::Exists { .. }
            | KeyFileError::Write { .. }
            | KeyFileError::Randomness(_)
            | KeyFileError::Passphrase(_) => error.into(),
        }
    })
}
