//! Who signs: the party and public key from the `.jwk` beside the key file, and the secret half once it is unlocked.
//!
//! What needs no signature needs no passphrase and no token: a dry run reads the public half alone.

use std::cell::OnceCell;
use std::path::PathBuf;

use key_file::{KeyArguments, KeyFileError, KeyPlace, UnlockedKey};
use primitives::{PublicKey, Signer as _};
use statement::Did;

use crate::failure::Failure;
use crate::jwk::{Jwk, JwkError};

/// A party and one of its keys, still locked.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) did: Did,
    /// The party's name, if the key file has one.
    pub(crate) name: Option<String>,
    pub(crate) public: PublicKey,
    /// The secret half, once it was needed.
    secret: OnceCell<UnlockedKey>,
}

impl Identity {
    /// Reads the public half of a key.
    pub(crate) fn of(secret: &KeyArguments) -> Result<Self, Failure> {
        let name = &secret.key;
        let beside = public_path(secret)?;
        let restore = format!("certifier public --did DID --key {} writes it again", quoted(name));
        if secret.key.file().is_some_and(|file| !file.exists()) {
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

    /// Unlocks the secret half, asking for its passphrase or PIN once. It is wiped from memory when the identity is dropped.
    pub(crate) fn unlock(&self, secret: &KeyArguments) -> Result<&UnlockedKey, Failure> {
        if let Some(unlocked) = self.secret.get() {
            return Ok(unlocked);
        }
        let unlocked = unlock(secret)?;
        if unlocked.public_key() == self.public {
            return Ok(self.secret.get_or_init(|| unlocked));
        }
        let beside = public_path(secret)?;
        Err(Failure::input(format!("{} is not the public half of {}", beside.display(), secret.key))
            .hint("keep each .jwk beside the key that it was made with, or name it with --jwk FILE"))
    }

    /// What people call the party where nothing better is known.
    pub(crate) fn shown_name(&self) -> &str {
        let host = self.did.as_str().strip_prefix("did:web:").and_then(|rest| rest.split([':', '%']).next());
        self.name.as_deref().or(host).unwrap_or(self.did.as_str())
    }
}

/// Where the public half lies, or is to lie.
pub(crate) fn public_path(secret: &KeyArguments) -> Result<PathBuf, Failure> {
    secret.public_path().ok_or_else(|| {
        Failure::input("the key in the token has no label that could be a file's name")
            .hint("--jwk FILE names the file with its public half")
    })
}

/// A key's place as a shell takes it: a URI has characters that a shell would act on.
pub(crate) fn quoted(place: &KeyPlace) -> String {
    match place {
        KeyPlace::File(path) => path.display().to_string(),
        KeyPlace::Token(uri) => format!("'{}'", uri.to_string().replace('\'', "%27")),
    }
}

/// Asks for the passphrase or PIN, where there is one, and reads a key file or opens a token.
pub(crate) fn unlock(secret: &KeyArguments) -> Result<UnlockedKey, Failure> {
    secret.load().map_err(|error| failure(&secret.key, error))
}

/// What is wrong with a key, with its place where the error does not name it.
pub(crate) fn failure(place: &KeyPlace, error: KeyFileError) -> Failure {
    match &error {
        KeyFileError::WrongPassphrase => Failure::input(format!("{place}: {error}"))
            .hint("type the passphrase that `certifier keygen` was given for this file"),
        KeyFileError::NotEncrypted
        | KeyFileError::NotAPrivateKey { .. }
        | KeyFileError::Malformed { .. }
        | KeyFileError::OtherAlgorithm { .. }
        | KeyFileError::UnsupportedEncryption { .. }
        | KeyFileError::TooCostly { .. }
        | KeyFileError::TooLarge { .. }
        | KeyFileError::PublicKeyDiffers => {
            let failure = Failure::input(format!("{place}: {error}"));
            match error.hint() {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }
        KeyFileError::Read { .. }
        | KeyFileError::Exists { .. }
        | KeyFileError::Write { .. }
        | KeyFileError::Randomness(_)
        | KeyFileError::Passphrase(_)
        | KeyFileError::Token(_)
        | KeyFileError::TwoPins => error.into(),
    }
}
