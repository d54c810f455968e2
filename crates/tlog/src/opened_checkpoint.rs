//! Checkpoints whose signatures were checked.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, Timestamp};
use thiserror::Error;

use crate::{Checkpoint, Note, OpenError, ProofError, SignatureType, Vkey, verify_consistency};

/// A checkpoint that the log signed, with the witnesses that cosigned it. Only [`OpenedCheckpoint::open`] builds it.
///
/// Whether the witnesses are enough is [`crate::Quorum`]'s to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
    log_key: Vkey,
    cosigners: Vec<Cosigner>,
}

/// A known witness that cosigned, and when. Only [`OpenedCheckpoint::open`] builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    key: Vkey,
    time: Timestamp,
}

/// Why one checkpoint does not extend another.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExtendsError {
    /// They are of two logs.
    #[error("checkpoint is of the log {found:?}, expected {expected:?}")]
    OtherLog {
        /// The origin of the newer checkpoint.
        found: String,
        /// The origin of the older one.
        expected: String,
    },
    /// The newer tree was not shown to begin with the older one.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl ExtendsError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherLog { .. } => "other_log",
            Self::Proof(error) => error.code(),
        }
    }
}

impl OpenedCheckpoint {
    /// Reads a signed checkpoint and checks the signatures of the known keys.
    ///
    /// The signature type says what a key is for: 0x01 is a log's, and counts where its name is the checkpoint's
    /// origin; 0x04 is a witness's; 0x06 is the log's own where its name is the origin, and else a witness's. A log key for
    /// another origin never opens this one's checkpoint.
    ///
    /// Where `keys` hold a 0x06 key of the log, one such must have signed beside a 0x01 key: whoever can forge Ed25519 could
    /// leave the other signature out.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(note: &[u8], keys: &[Vkey]) -> Result<Self, OpenError> {
        Self::from_note(Note::parse(note)?, keys)
    }

    /// The same, from a note that was read already.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn from_note(note: Note, keys: &[Vkey]) -> Result<Self, OpenError> {
        let opened = note.open(keys)?;
        let checkpoint = Checkpoint::parse(opened.text())?;
        let origin = || checkpoint.origin().into();
        let is_log_key =
            |key: &Vkey, signature_type| key.signature_type() == signature_type && key.name() == checkpoint.origin();
        let signed = |signature_type| {
            let mut signers = opened.verified().iter().map(|signature| signature.key());
            signers.find(|key| is_log_key(key, signature_type))
        };
        let log_key = signed(SignatureType::Ed25519).ok_or_else(|| OpenError::NoLogSignature { origin: origin() })?;
        let ml_dsa = SignatureType::MlDsa44Cosignature;
        if keys.iter().any(|key| is_log_key(key, ml_dsa)) && signed(ml_dsa).is_none() {
            return Err(if cfg!(feature = "ml-dsa") {
                OpenError::NoMlDsaSignature { origin: origin() }
            } else {
                OpenError::UnsupportedLogKey { origin: origin() }
            });
        }
        let log_key = log_key.clone();
        let cosigners = opened.verified().iter().filter_map(|signature| {
            let (key, time) = (signature.key(), signature.time()?);
            (!is_log_key(key, ml_dsa)).then(|| Cosigner { key: key.clone(), time })
        });
        let cosigners = cosigners.collect();
        Ok(Self { checkpoint, note: opened.into_note(), log_key, cosigners })
    }

    /// The log's Ed25519 key that signed; the first of them where there are several.
    pub const fn log_key(&self) -> &Vkey {
        &self.log_key
    }

    /// The known witnesses that cosigned, each once.
    pub fn cosigners(&self) -> &[Cosigner] {
        &self.cosigners
    }

    /// The note as it was read: to be kept, or shown to others who have other keys.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Checks that this checkpoint's tree begins with that of an older checkpoint of the same log.
    ///
    /// # Errors
    /// [`ExtendsError`]. Where the sizes are equal and the roots are not, [`ProofError::NewRoot`]: the log has shown two
    /// faces, and the two signed checkpoints are the evidence.
    pub fn extends(&self, older: &Self, proof: &[Hash]) -> Result<(), ExtendsError> {
        if self.origin() != older.origin() {
            return Err(ExtendsError::OtherLog { found: self.origin().into(), expected: older.origin().into() });
        }
        Ok(verify_consistency(older.size(), self.size(), &older.root(), &self.root(), proof)?)
    }
}

impl core::ops::Deref for OpenedCheckpoint {
    type Target = Checkpoint;
    fn deref(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl Cosigner {
    /// The witness's name.
    pub fn name(&self) -> &str {
        self.key.name()
    }

    /// The witness's key, as it was known to the one who opened.
    pub const fn key(&self) -> &Vkey {
        &self.key
    }

    /// When the witness says that this was the newest checkpoint it had seen; whole seconds. It may lie in the future.
    pub const fn time(&self) -> Timestamp {
        self.time
    }
}
