//! Authentic: a value whose signature was verified.

use core::ops::Deref;

use primitives::{Hash, PublicKey};

/// A value read from a token whose signature verified. Only [`Token::open`](crate::Token::open),
/// [`Token::open_credential`](crate::Token::open_credential) and [`Unverified::verify`](crate::Unverified::verify) build one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentic<T> {
    value: T,
    key: PublicKey,
    payload_hash: Option<Hash>,
}

impl<T> Authentic<T> {
    pub(crate) const fn new(value: T, key: PublicKey, payload_hash: Option<Hash>) -> Self {
        Self { value, key, payload_hash }
    }

    /// The key under which the signature verified.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// SHA-256 of an accreditation's payload bytes: equal for those that several keys signed. `None` for any other kind.
    pub fn payload_hash(&self) -> Option<Hash> {
        self.payload_hash
    }

    /// The value without its proof.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Authentic<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
