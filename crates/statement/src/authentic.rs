//! Authentic: a value whose signature was verified.

use core::ops::Deref;

use primitives::{Hash, PublicKey};

/// A value read from a token whose signature verified. Only [`Token::open`](crate::Token::open) and
/// [`Token::open_credential`](crate::Token::open_credential) build one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentic<T> {
    value: T,
    key: PublicKey,
    payload_hash: Hash,
    jws_hash: Hash,
}

impl<T> Authentic<T> {
    pub(crate) fn new(value: T, key: PublicKey, payload: &[u8], jws: &[u8]) -> Self {
        Self { value, key, payload_hash: Hash::of(payload), jws_hash: Hash::of(jws) }
    }

    /// The key under which the signature verified.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// SHA-256 of the payload bytes: equal for statements that several keys signed.
    pub fn payload_hash(&self) -> Hash {
        self.payload_hash
    }

    /// SHA-256 of the compact JWS.
    pub fn jws_hash(&self) -> Hash {
        self.jws_hash
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
