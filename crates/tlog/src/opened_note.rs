//! Checking a note's signatures (c2sp.org/signed-note, "Signatures").
//!
//! Signatures of unknown keys are ignored, so that a log may change keys and witnesses may come and go. A signature of
//! a known key that does not verify voids the whole note: somebody tampered with it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::{Signature, Timestamp};
use thiserror::Error;

use crate::{CheckpointError, KeyId, Note, NoteError, NoteSignature, SignatureType, Vkey, cosignature};

/// A note with at least one verified signature. Only [`Note::open`] builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedNote {
    note: Note,
    verified: Vec<VerifiedSignature>,
}

/// A known key that signed, and when it says so. Only [`Note::open`] builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    key: Vkey,
    time: Option<Timestamp>,
}

/// Why a note or a checkpoint could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The bytes are not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Two of the known keys have the same name and id but are not the same, so a signature line names neither.
    #[error("two known keys are both named {name:?} with id {id}")]
    AmbiguousKey {
        /// The name.
        name: String,
        /// The id.
        id: KeyId,
    },
    /// The signature of a known key is false.
    #[error("signature of {name:?} (key id {id}) does not verify")]
    BadSignature {
        /// The name of the key.
        name: String,
        /// The id of the key.
        id: KeyId,
    },
    /// No known key signed.
    #[error("note is not signed by a known key")]
    NoKnownSignature,
    /// The signed text is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Known keys signed, but none of them is a log key with the checkpoint's origin as its name.
    #[error("checkpoint of {origin:?} is not signed by a known key of that log")]
    NoLogSignature {
        /// The origin that the checkpoint names.
        origin: String,
    },
    /// An ML-DSA-44 key of that log is known, so that Ed25519 alone is not believed, and it has not signed.
    #[error("checkpoint of {origin:?} lacks the ML-DSA-44 signature of that log, whose key is known")]
    NoMlDsaSignature {
        /// The origin that the checkpoint names.
        origin: String,
    },
    /// The same, in a build that cannot check such a signature: nothing is known of the checkpoint.
    #[error("checkpoint of {origin:?} has to be signed with ML-DSA-44, which this program cannot check")]
    UnsupportedLogKey {
        /// The origin that the checkpoint names.
        origin: String,
    },
}

impl OpenError {
    /// Whether it is this program that falls short, and nothing is known of what was to be opened.
    pub const fn is_unsupported(&self) -> bool {
        matches!(self, Self::UnsupportedLogKey { .. })
    }

    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Note(error) => error.code(),
            Self::AmbiguousKey { .. } => "ambiguous_key",
            Self::BadSignature { .. } => "bad_signature",
            Self::NoKnownSignature => "no_known_signature",
            Self::Checkpoint(error) => error.code(),
            Self::NoLogSignature { .. } => "no_log_signature",
            Self::NoMlDsaSignature { .. } => "no_ml_dsa_signature",
            Self::UnsupportedLogKey { .. } => "unsupported_log_key",
        }
    }
}

impl Note {
    /// Checks every signature of a known key.
    ///
    /// Keys that cannot be checked here (ML-DSA-44 without the feature `ml-dsa`) count as unknown; so do those of ML-DSA-44
    /// where the text is no checkpoint, since they sign nothing else. A key that signed twice is listed once,
    /// with its latest time.
    ///
    /// # Errors
    /// [`OpenError::AmbiguousKey`], [`OpenError::BadSignature`] or [`OpenError::NoKnownSignature`].
    pub fn open(self, keys: &[Vkey]) -> Result<OpenedNote, OpenError> {
        let mut verified: Vec<VerifiedSignature> = Vec::new();
        for signature in self.signatures() {
            let Some(key) = known_key(signature, keys)? else { continue };
            let time = match check(key, self.text(), signature) {
                Check::Good { time } => time,
                Check::Uncheckable => continue,
                Check::Bad => {
                    return Err(OpenError::BadSignature { name: key.name().to_string(), id: key.id() });
                }
            };
            match verified.iter_mut().find(|known| known.key == *key) {
                Some(known) => known.time = known.time.max(time),
                None => verified.push(VerifiedSignature { key: key.clone(), time }),
            }
        }
        if verified.is_empty() { Err(OpenError::NoKnownSignature) } else { Ok(OpenedNote { note: self, verified }) }
    }
}

impl OpenedNote {
    /// The signed text, its last newline included.
    pub fn text(&self) -> &str {
        self.note.text()
    }

    /// The note as it was read, unverified signature lines included.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The note as it was read.
    pub fn into_note(self) -> Note {
        self.note
    }

    /// The known keys that signed, each once.
    pub fn verified(&self) -> &[VerifiedSignature] {
        &self.verified
    }
}

impl VerifiedSignature {
    /// The key that signed.
    pub const fn key(&self) -> &Vkey {
        &self.key
    }

    /// The time that a cosignature carries, in whole seconds; `None` for a signature without one.
    pub const fn time(&self) -> Option<Timestamp> {
        self.time
    }
}

/// The known key that a signature line names, if there is one.
fn known_key<'k>(signature: &NoteSignature, keys: &'k [Vkey]) -> Result<Option<&'k Vkey>, OpenError> {
    let mut named = keys.iter().filter(|key| key.id() == signature.id() && key.name() == signature.name());
    let Some(key) = named.next() else { return Ok(None) };
    if named.any(|other| other != key) {
        return Err(OpenError::AmbiguousKey { name: key.name().to_string(), id: key.id() });
    }
    Ok(Some(key))
}

enum Check {
    Good { time: Option<Timestamp> },
    Bad,
    Uncheckable,
}

fn check(key: &Vkey, text: &str, signature: &NoteSignature) -> Check {
    match (key.signature_type(), key.public_key()) {
        (SignatureType::Ed25519, Some(public_key)) => {
            let verified = <&[u8; 64]>::try_from(signature.bytes())
                .is_ok_and(|bytes| public_key.verify_strict(text.as_bytes(), &Signature::from_bytes(*bytes)).is_ok());
            if verified { Check::Good { time: None } } else { Check::Bad }
        }
        (SignatureType::CosignatureV1, Some(public_key)) => {
            cosignature::verify(public_key, text, signature.bytes()).into()
        }
        #[cfg(feature = "ml-dsa")]
        (SignatureType::MlDsa44Cosignature, _) => match crate::Checkpoint::parse(text) {
            Ok(checkpoint) => crate::ml_dsa_44::verify(key, &checkpoint, signature.bytes()).into(),
            Err(_) => Check::Uncheckable,
        },
        _ => Check::Uncheckable,
    }
}

/// A cosignature that verified has a time.
impl From<Option<Timestamp>> for Check {
    fn from(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Bad, |time| Self::Good { time: Some(time) })
    }
}
