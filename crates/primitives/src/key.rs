//! Ed25519 (RFC 8032): keys and signatures, verified strictly.

use core::fmt;

use curve25519_dalek::EdwardsPoint;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use crate::{LabelKeyId, Thumbprint, base64};

/// An Ed25519 public key: the canonical encoding of a curve point, kept decoded so that checking a signature
/// does not decode it again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why 32 bytes are not a key, or a key may not be accredited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The bytes do not decode to a curve point (RFC 8032 §5.1.3).
    #[error("public key is not a point of the curve")]
    NotAPoint,
    /// The bytes decode, but are not how the point is written.
    #[error("public key is not in canonical form")]
    NonCanonical,
    /// The point has small order: signatures under it verify for messages that nobody signed.
    #[error("public key is weak (a point of small order)")]
    Weak,
    /// The point has a small-order part: batch and single verification would disagree under it.
    #[error("public key is not torsion-free")]
    Torsion,
}

/// The signature does not verify under this key, strictly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("signature does not verify")]
pub struct BadSignature;

/// The key could not sign: a token was pulled out, a passphrase expired.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("key could not sign: {0}")]
pub struct SignError(pub alloc::string::String);

impl PublicKey {
    /// Reads a 32-byte public key (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] or [`KeyError::NonCanonical`]. A weak key can be read: see [`PublicKey::accreditable`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        // Decoding reduces y modulo p, so a second encoding of the same point would be a second name of one key.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NonCanonical);
        }
        Ok(Self(key))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The curve point, for sums of many.
    pub(crate) fn point(&self) -> EdwardsPoint {
        self.0.to_edwards()
    }

    /// Checks a signature: `S` canonical, neither the key nor `R` of small order, cofactorless equation.
    ///
    /// # Errors
    /// [`BadSignature`]; which of the checks failed is of no use to an honest caller.
    pub fn verify_strict(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).map_err(|_| BadSignature)
    }

    /// Checks that the key may be accredited: of large order and without a small-order part.
    ///
    /// # Errors
    /// [`KeyError::Weak`] or [`KeyError::Torsion`].
    pub fn accreditable(&self) -> Result<AccreditableKey, KeyError> {
        if self.0.is_weak() {
            return Err(KeyError::Weak);
        }
        if !self.0.to_edwards().is_torsion_free() {
            return Err(KeyError::Torsion);
        }
        Ok(AccreditableKey { key: *self, label_key_id: self.label_key_id(), thumbprint: self.thumbprint() })
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", base64::url_encode(self.as_bytes()))
    }
}

/// A public key that may be accredited. Only [`PublicKey::accreditable`] builds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccreditableKey {
    key: PublicKey,
    label_key_id: LabelKeyId,
    thumbprint: Thumbprint,
}

impl AccreditableKey {
    /// [`PublicKey::label_key_id`], worked out once.
    pub const fn label_key_id(&self) -> LabelKeyId {
        self.label_key_id
    }

    /// [`PublicKey::thumbprint`], worked out once.
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }
}

impl core::ops::Deref for AccreditableKey {
    type Target = PublicKey;
    fn deref(&self) -> &PublicKey {
        &self.key
    }
}

/// An Ed25519 signature: `R` (32 bytes) ‖ `S` (32 bytes, little-endian). Unchecked until verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    /// From 64 bytes, as they are.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", base64::url_encode(&self.0))
    }
}

/// Something that holds a secret key and signs with it: memory, a token, another process.
pub trait Signer {
    /// The public half.
    fn public_key(&self) -> PublicKey;

    /// Signs exactly these bytes (PureEdDSA, RFC 8032 §5.1.6).
    ///
    /// # Errors
    /// [`SignError`] when the key's holder cannot answer.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError>;
}

impl<S: Signer + ?Sized> Signer for &S {
    fn public_key(&self) -> PublicKey {
        (**self).public_key()
    }
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        (**self).sign(message)
    }
}

/// A secret key in memory. Wiped when dropped; never printed.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// From the 32-byte seed (RFC 8032 §5.1.5). The caller brings the randomness.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The 32-byte seed, wiped when the returned value is dropped.
    pub fn to_seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }
}

impl Signer for SecretKey {
    fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature(self.0.sign(message).to_bytes()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {:?})", self.public_key())
    }
}

#[cfg(test)]
mod tests;
