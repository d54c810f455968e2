//! ML-DSA-44 cosignatures, by witnesses and by the log itself (c2sp.org/tlog-cosignature, ML-DSA-44; FIPS 204).
//!
//! ```text
//! signed:     "subtree/v1" ‖ 0x0A ‖ 0x00                          12 bytes
//!             length (1) ‖ cosigner's name                       1–255 bytes
//!             time, seconds since 1970 (8, big-endian)
//!             length (1) ‖ origin of the log                     1–255 bytes
//!             start (8) = 0 ‖ end (8) = size of the tree         big-endian
//!             root (32)
//! in the line: time (8, big-endian) ‖ ML-DSA-44 signature (2420)
//! ```
//!
//! "Pure" ML-DSA with an empty context. The extension lines of a checkpoint are not signed.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use ml_dsa::{Keypair, MlDsa44, Signature, Signer, SigningKey, Verifier, VerifyingKey};
use primitives::{SignError, Timestamp};

use crate::cosignature::MAX_TIME_SECONDS;
use crate::vkey::ML_DSA_44_KEY_SIZE;
use crate::{Checkpoint, KeyNameError, NoteSignature, SignNoteError, SignatureType, Vkey};

/// A secret ML-DSA-44 key. Wiped when it is dropped.
#[derive(Clone)]
pub struct MlDsa44Key(SigningKey<MlDsa44>);

impl MlDsa44Key {
    /// The key of a seed (FIPS 204, algorithm 6: ξ), which is all that has to be kept of it.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_seed(&(*seed).into()))
    }

    /// The verifier key under a name: a log's is its origin.
    ///
    /// # Errors
    /// [`KeyNameError`].
    pub fn vkey(&self, name: &str) -> Result<Vkey, KeyNameError> {
        Vkey::ml_dsa_44(name, &self.public_key())
    }

    /// Signs a checkpoint as its log. The time is 0, by which the specification means that nothing is said of the time, and
    /// the signature is deterministic: a tree that is signed again gives the same bytes.
    ///
    /// # Errors
    /// As [`MlDsa44Key::cosign`].
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<NoteSignature, SignNoteError> {
        self.cosign(checkpoint, checkpoint.origin(), Timestamp::from_seconds(0))
    }

    /// Cosigns a checkpoint as of `time`, whose fraction of a second is dropped. To do so honestly, a witness has first
    /// checked that the checkpoint extends the last one it cosigned.
    ///
    /// # Errors
    /// [`SignNoteError::Name`]; [`SignNoteError::Key`] where a name is longer than 255 bytes.
    pub fn cosign(&self, checkpoint: &Checkpoint, name: &str, time: Timestamp) -> Result<NoteSignature, SignNoteError> {
        let seconds = time.seconds();
        let message = message(name, seconds, checkpoint)
            .ok_or_else(|| SignError(format!("{name:?} or the origin is longer than 255 bytes")))?;
        let signature = self.0.try_sign(&message).map_err(|error| SignError(error.to_string()))?;
        let bytes = [&seconds.to_be_bytes()[..], &signature.encode()].concat();
        Ok(NoteSignature::of_key(name, SignatureType::MlDsa44Cosignature, &self.public_key(), bytes)?)
    }

    fn public_key(&self) -> [u8; ML_DSA_44_KEY_SIZE] {
        self.0.verifying_key().encode().into()
    }
}

/// The public key alone.
impl core::fmt::Debug for MlDsa44Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MlDsa44Key(of {:02x?})", self.public_key().first_chunk::<4>().unwrap_or(&[0; 4]))
    }
}

/// Checks a cosignature over a checkpoint and gives its time; `None` where it does not verify.
pub(crate) fn verify(key: &Vkey, checkpoint: &Checkpoint, bytes: &[u8]) -> Option<Timestamp> {
    let (time, signature) = bytes.split_first_chunk()?;
    let seconds = u64::from_be_bytes(*time);
    if seconds > MAX_TIME_SECONDS {
        return None;
    }
    let message = message(key.name(), seconds, checkpoint)?;
    let signature = Signature::<MlDsa44>::try_from(signature).ok()?;
    VerifyingKey::<MlDsa44>::decode(&key.key_bytes().try_into().ok()?).verify(&message, &signature).ok()?;
    Some(Timestamp::from_seconds(seconds))
}

/// The `cosigned_message`; `None` where a name is too long for it.
fn message(name: &str, seconds: u64, checkpoint: &Checkpoint) -> Option<Vec<u8>> {
    let length = |text: &str| u8::try_from(text.len()).ok().map(|length| [length]);
    let origin = checkpoint.origin();
    Some(
        [
            &b"subtree/v1\n\0"[..],
            &length(name)?[..],
            name.as_bytes(),
            &seconds.to_be_bytes(),
            &length(origin)?[..],
            origin.as_bytes(),
            &0_u64.to_be_bytes(),
            &checkpoint.size().to_be_bytes(),
            &checkpoint.root().0,
        ]
        .concat(),
    )
}

#[cfg(test)]
mod tests;
