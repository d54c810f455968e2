//! Rotation: a party asks its accreditor to list another key of its.
//!
//! The request is signed by the key that is accredited, and holds a proof that the new one is the party's too: a signature by it over the
//! same request. Without the first, anybody could ask for a party; without the second, a party could have somebody else's key listed as its
//! own, and a key belongs to one party for ever. UNTP has no credential for it; the type is ours.

mod read;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{PublicKey, SignError, Signature, Signer, Thumbprint, Timestamp};

use crate::{Did, Origin};

/// What the new key's signature begins with: it is good for nothing else, and nothing else that a key signs begins so.
const CONTEXT: &[u8] = b"ethical-label-key-rotation/v1\0";

/// A party asks for a new key. Never logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotationRequest {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// The party.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// When it asks: an accreditor answers no old request. A whole second.
    pub asked_at: Timestamp,
    /// The key that signs the request.
    pub old: Thumbprint,
    /// The key that is to be listed.
    pub new: PublicKey,
    /// The new key's signature over [`KeyRotationRequest::proved_bytes`].
    pub proof: Signature,
}

impl KeyRotationRequest {
    /// A request with the new key's proof; the old key has to [`sign`](crate::sign) it still.
    ///
    /// # Errors
    /// [`SignError`] when the new key's holder cannot answer.
    pub fn prove(
        id: String,
        issuer: Did,
        registry: Origin,
        asked_at: Timestamp,
        old: Thumbprint,
        new: &dyn Signer,
    ) -> Result<Self, SignError> {
        let unproved =
            Self { id, issuer, registry, asked_at, old, new: new.public_key(), proof: Signature::from_bytes([0; 64]) };
        let proof = new.sign(&unproved.proved_bytes())?;
        Ok(Self { proof, ..unproved })
    }

    /// What the new key signs: everything that the request says. Origins, DIDs and URIs have no zero byte, and what follows them is of
    /// fixed length, so that no two requests have the same bytes.
    ///
    /// ```text
    /// "ethical-label-key-rotation/v1" 00 ‖ registry 00 ‖ issuer 00 ‖ id 00 ‖ asked-at (8) ‖ old thumbprint (32) ‖ new key (32)
    /// ```
    ///
    /// Asked-at is in seconds since 1970, big-endian.
    pub fn proved_bytes(&self) -> Vec<u8> {
        let mut bytes = CONTEXT.to_vec();
        for text in [self.registry.as_str(), self.issuer.as_str(), &self.id] {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        bytes.extend_from_slice(&self.asked_at.seconds().to_be_bytes());
        bytes.extend_from_slice(&self.old.0);
        bytes.extend_from_slice(self.new.as_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests;
