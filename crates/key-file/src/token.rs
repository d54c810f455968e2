//! Keys in tokens, with the PIN from where a command line takes its passphrases. Without the feature `pkcs11` each of these says so.

use key_token::{Confinement, PublicHalf, TokenUri};

use crate::{KeyFileError, PassphraseSource, UnlockedKey};

/// Opens the key that a URI names. Its PIN comes from the URI's `pin-source`, from a flag or from the terminal, and is asked for only
/// where the token needs one.
///
/// # Errors
///
/// [`KeyFileError::Token`], [`KeyFileError::TwoPins`], [`KeyFileError::Passphrase`].
pub fn open(uri: &TokenUri, pin: &PassphraseSource) -> Result<UnlockedKey, KeyFileError> {
    built_in::open(uri, pin)
}

/// Makes a key in a token, that never leaves it. Gives the URI with the id that it got.
///
/// # Errors
///
/// Those of [`open`]; [`KeyFileError::Randomness`].
pub fn generate(uri: &TokenUri, pin: &PassphraseSource) -> Result<(UnlockedKey, TokenUri), KeyFileError> {
    let mut id = [0u8; 16];
    getrandom::fill(&mut id).map_err(KeyFileError::Randomness)?;
    let key = built_in::generate(uri, id, pin)?;
    let uri = if uri.id().is_some() { uri.clone() } else { uri.clone().with_id(id.to_vec()) };
    Ok((key, uri))
}

/// The public half, which tokens show without a PIN.
///
/// # Errors
///
/// [`KeyFileError::Token`].
pub fn public_half(uri: &TokenUri) -> Result<PublicHalf, KeyFileError> {
    built_in::public_half(uri)
}

/// The public half, and how the secret one is kept: this needs the PIN.
///
/// # Errors
///
/// Those of [`open`].
pub fn look_inside(uri: &TokenUri, pin: &PassphraseSource) -> Result<(PublicHalf, Confinement), KeyFileError> {
    built_in::look_inside(uri, pin)
}

#[cfg(feature = "pkcs11")]
mod built_in {
    use key_token::TokenKey;

    use super::*;

    pub(super) fn open(uri: &TokenUri, pin: &PassphraseSource) -> Result<UnlockedKey, KeyFileError> {
        let key = TokenKey::open(uri, |request| pin.pin(uri, request))?;
        Ok(UnlockedKey::Token(Box::new(key)))
    }

    pub(super) fn generate(uri: &TokenUri, id: [u8; 16], pin: &PassphraseSource) -> Result<UnlockedKey, KeyFileError> {
        let key = key_token::generate(uri, id, |request| pin.pin(uri, request))?;
        Ok(UnlockedKey::Token(Box::new(key)))
    }

    pub(super) fn public_half(uri: &TokenUri) -> Result<PublicHalf, KeyFileError> {
        Ok(PublicHalf::read(uri)?)
    }

    pub(super) fn look_inside(
        uri: &TokenUri,
        pin: &PassphraseSource,
    ) -> Result<(PublicHalf, Confinement), KeyFileError> {
        let key = TokenKey::open(uri, |request| pin.pin(uri, request))?;
        Ok((key.public_half(), key.confinement()?))
    }
}

#[cfg(not(feature = "pkcs11"))]
mod built_in {
    use key_token::TokenError;

    use super::*;

    const NONE: KeyFileError = KeyFileError::Token(TokenError::NotBuiltIn);

    pub(super) fn open(_: &TokenUri, _: &PassphraseSource) -> Result<UnlockedKey, KeyFileError> {
        Err(NONE)
    }

    pub(super) fn generate(_: &TokenUri, _: [u8; 16], _: &PassphraseSource) -> Result<UnlockedKey, KeyFileError> {
        Err(NONE)
    }

    pub(super) fn public_half(_: &TokenUri) -> Result<PublicHalf, KeyFileError> {
        Err(NONE)
    }

    pub(super) fn look_inside(_: &TokenUri, _: &PassphraseSource) -> Result<(PublicHalf, Confinement), KeyFileError> {
        Err(NONE)
    }
}
