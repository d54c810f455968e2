//! `cosignature/v1`: a witness says when a checkpoint was the newest it had seen (c2sp.org/tlog-cosignature, Ed25519).
//!
//! ```text
//! signed:     cosignature/v1⏎
//!             time <seconds since 1970, decimal>⏎
//!             <the checkpoint's text, extension lines included>
//! in the line: time (8 bytes, big-endian) ‖ Ed25519 signature (64 bytes)
//! ```
//!
//! The message does not name the witness, so one Ed25519 key under two names is one witness: [`crate::Quorum`] counts
//! public keys.

use alloc::format;
use alloc::string::String;

use primitives::{PublicKey, Signature, Signer, Timestamp};

use crate::{Checkpoint, NoteSignature, SignNoteError, SignatureType};

/// The latest time that a cosignature may carry (c2sp.org/tlog-cosignature, "Format": "MUST NOT exceed 2^63 - 1").
pub(crate) const MAX_TIME_SECONDS: u64 = (1 << 63) - 1;

impl NoteSignature {
    /// Cosigns a checkpoint as of `time`, whose fraction of a second is dropped. To do so honestly, a witness has first
    /// checked that the checkpoint extends the last one it cosigned.
    ///
    /// # Errors
    /// [`SignNoteError::Name`] or [`SignNoteError::Key`].
    pub fn cosignature_v1(
        checkpoint: &Checkpoint,
        name: &str,
        signer: &dyn Signer,
        time: Timestamp,
    ) -> Result<Self, SignNoteError> {
        let seconds = time.seconds();
        let signature = signer.sign(message(seconds, &checkpoint.to_text()).as_bytes())?;
        let bytes = [&seconds.to_be_bytes()[..], signature.as_bytes()].concat();
        Self::new(name, SignatureType::CosignatureV1, signer, bytes)
    }
}

/// Checks a `cosignature/v1` over a checkpoint's text and gives its time; `None` where it does not verify.
pub(crate) fn verify(key: &PublicKey, text: &str, bytes: &[u8]) -> Option<Timestamp> {
    let (time, signature) = bytes.split_first_chunk()?;
    let seconds = u64::from_be_bytes(*time);
    if seconds > MAX_TIME_SECONDS {
        return None;
    }
    let signature = Signature::from_bytes(signature.try_into().ok()?);
    key.verify_strict(message(seconds, text).as_bytes(), &signature).ok()?;
    Some(Timestamp::from_seconds(seconds))
}

fn message(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}
