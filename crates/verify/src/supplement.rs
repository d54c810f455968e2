//! The supplement to a snapshot: what customs offices cleared, signed by the registry, for accredited offices only (README, "The supplement").

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::{Hash, Signer, Timestamp};
use thiserror::Error;
use tlog::{Note, NoteError, OpenError, SignNoteError, SignatureType, Vkey};

use crate::{ClearanceBook, Cleared, ClearedError, TrustedRegistry};

/// First line of a head.
pub const SUPPLEMENT_VERSION: &str = "ethical-label-supplement/v1";

/// Largest supplement: room for 2 billion labels cleared one by one.
pub const MAX_SUPPLEMENT: usize = 256 << 20;

/// A registry's supplement whose signature, size and every bit were checked. Only [`OpenedSupplement::open`] builds one.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedSupplement {
    size: u64,
    clearances: u64,
    produced_at: Timestamp,
    cleared: Cleared,
}

/// Why bytes are not a registry's supplement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SupplementError {
    /// The line before the head.
    #[error("supplement does not begin with the length of its head")]
    NoHead,
    /// Not a signed note.
    #[error("head: {0}")]
    Note(#[from] NoteError),
    /// Not signed by a log key of that origin.
    #[error("head: {0}")]
    Signature(OpenError),
    /// Of another version.
    #[error("head begins with {0:?}, expected {SUPPLEMENT_VERSION:?}")]
    UnknownVersion(String),
    /// A line is not what it should be.
    #[error("head: {line} is {found:?}, expected {expected}")]
    Line {
        /// Which line.
        line: &'static str,
        /// What stands there, cut to 80 characters.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The supplement is another registry's.
    #[error("supplement is of {found:?}, expected {expected}")]
    OtherLog {
        /// The origin in the head.
        found: String,
        /// The registry's origin.
        expected: String,
    },
    /// The body has another length than its head says.
    #[error("body has {found} bytes, its head says {expected}")]
    OtherLength {
        /// Bytes found.
        found: u64,
        /// Bytes expected.
        expected: u64,
    },
    /// The body is not the one that was signed.
    #[error("body does not have the digest that its head is signed for")]
    WrongDigest,
    /// The body was signed and is not as written.
    #[error("body: {0}")]
    Body(#[from] ClearedError),
}

impl SupplementError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoHead | Self::Line { .. } => "supplement_head",
            Self::Note(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::UnknownVersion(_) => "unknown_version",
            Self::OtherLog { .. } => "other_log",
            Self::OtherLength { .. } => "other_size",
            Self::WrongDigest => "wrong_digest",
            Self::Body(error) => error.code(),
        }
    }
}

/// Makes and signs the supplement of a log of `size` entries, of all of which the book has the clearances.
///
/// # Errors
/// [`SignNoteError`].
pub fn sign_supplement(
    origin: &str,
    size: u64,
    book: &ClearanceBook,
    produced_at: Timestamp,
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignNoteError> {
    let body = book.cleared().encode();
    let text = format!(
        "{SUPPLEMENT_VERSION}\n{origin}\n{size}\n{}\n{}\n{}\n{}\n",
        body.len(),
        Hash::of(&body).to_base64(),
        book.counting(),
        Timestamp::from_seconds(produced_at.seconds()),
    );
    let head = Note::sign(&text, origin, signer)?.to_string();
    let mut out = format!("{}\n{head}", head.len()).into_bytes();
    out.extend_from_slice(&body);
    Ok(out)
}

impl OpenedSupplement {
    /// Checks the signature by a log key of the registry, the body's length and digest, and that every bit of it means something.
    ///
    /// # Errors
    /// [`SupplementError`].
    pub fn open(bytes: &[u8], registry: &TrustedRegistry) -> Result<Self, SupplementError> {
        let (head, body) = parts(bytes).ok_or(SupplementError::NoHead)?;
        let note = Note::parse(head)?;
        let (version, rest) = note.text().split_once('\n').unwrap_or((note.text(), ""));
        if version != SUPPLEMENT_VERSION {
            return Err(SupplementError::UnknownVersion(cut(version)));
        }
        let origin = registry.policy.origin.as_str();
        let mut lines = rest.splitn(7, '\n');
        let mut line = || lines.next().unwrap_or_default().to_owned();
        let (found, size, length, digest, clearances, produced, end) =
            (line(), line(), line(), line(), line(), line(), line());
        if found != origin {
            return Err(SupplementError::OtherLog { found: cut(&found), expected: origin.to_owned() });
        }
        let is_log_key = |key: &&Vkey| key.signature_type() == SignatureType::Ed25519 && key.name() == origin;
        let keys: Vec<Vkey> = registry.log_keys.iter().filter(is_log_key).cloned().collect();
        note.open(&keys).map_err(SupplementError::Signature)?;
        let bad = |line, found: &str, expected| SupplementError::Line { line, found: cut(found), expected };
        let number = |line, text: &str| tlog::parse_decimal(text).ok_or_else(|| bad(line, text, "a decimal number"));
        let size = number("size of the log", &size)?;
        let expected = number("length of the body", &length)?;
        let digest = Hash::from_base64(&digest).ok_or_else(|| bad("digest", &digest, "base64 of 32 bytes"))?;
        let clearances = number("number of clearances", &clearances)?;
        let produced_at = Timestamp::parse_second(&produced)
            .ok_or_else(|| bad("produced at", &produced, "an RFC 3339 time in whole seconds"))?;
        if !end.is_empty() {
            return Err(bad("line after the last", &end, "nothing"));
        }
        if body.len() as u64 != expected {
            return Err(SupplementError::OtherLength { found: body.len() as u64, expected });
        }
        if Hash::of(body) != digest {
            return Err(SupplementError::WrongDigest);
        }
        Ok(Self { size, clearances, produced_at, cleared: Cleared::decode(body)? })
    }

    /// What was cleared.
    pub const fn cleared(&self) -> &Cleared {
        &self.cleared
    }

    /// Entries of the log that it is of: it knows the clearances committed to below this index.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// How many clearances it adds up.
    pub const fn clearances(&self) -> u64 {
        self.clearances
    }

    /// When the registry made it, by its own word.
    pub const fn produced_at(&self) -> Timestamp {
        self.produced_at
    }
}

/// Head and body.
fn parts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().take(20).position(|byte| *byte == b'\n')?;
    let length = tlog::parse_decimal(core::str::from_utf8(bytes.get(..end)?).ok()?)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= tlog::MAX_NOTE_SIZE)?;
    bytes.get(end + 1..)?.split_at_checked(length)
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
