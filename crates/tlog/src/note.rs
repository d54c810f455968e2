//! Signed notes (c2sp.org/signed-note).
//!
//! ```text
//! text, any number of lines, empty ones among them ⏎
//! ⏎                                                        the last empty line ends the text
//! — <key name> <base64(key id, 4 bytes ‖ signature)>⏎      one or more
//! ```
//!
//! Reading is strict enough that a note has one spelling: what [`Note::parse`] accepts, it prints again byte for byte.
//! A parsed note proves nothing; [`Note::open`] checks the signatures.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use primitives::{SignError, Signer, base64};
use thiserror::Error;

use crate::{KeyId, KeyNameError, SignatureType, check_key_name, key_id};

/// The largest note read. c2sp.org/signed-note, "Format": verifiers "SHOULD apply a maximum limit", and must accept 16
/// signatures of "nearly 5kB"; the 32 witnesses of c2sp.org/tlog-policy need less than half of this.
pub const MAX_NOTE_SIZE: usize = 256 * 1024;

/// The most signature lines read. c2sp.org/signed-note, "Format": at least 16; c2sp.org/tlog-policy, "Implementation
/// limits": at least 32 witnesses, beside the log's own keys.
pub const MAX_SIGNATURES: usize = 64;

/// The beginning of a signature line: em dash and space.
const SIGNATURE_MARK: &str = "— ";

/// A text and signature lines under it, of which none has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    /// Never empty.
    signatures: Vec<NoteSignature>,
}

/// A signature line: who is said to have signed, and the signature's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

/// Why bytes are not a signed note.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Longer than this crate reads.
    #[error("note has {found} bytes, expected at most {MAX_NOTE_SIZE}")]
    TooLarge {
        /// The number of bytes.
        found: usize,
    },
    /// Not UTF-8.
    #[error("note is not UTF-8")]
    NotUtf8,
    /// Control characters are not allowed, tabs and carriage returns among them.
    #[error("note contains the control character {found:#04x}, expected none but newline")]
    ControlCharacter {
        /// The first such character.
        found: u8,
    },
    /// There is no empty line, so nothing says where the text ends.
    #[error("note has no empty line between text and signatures")]
    NoEmptyLine,
    /// The text does not end in a newline.
    #[error("note text does not end in a newline")]
    TextUnterminated,
    /// Nothing follows the empty line.
    #[error("note has no signature line")]
    NoSignature,
    /// The last signature line is cut off.
    #[error("note does not end in a newline")]
    Unterminated,
    /// A line under the empty line is not a signature line.
    #[error("signature line {line} is not of the form — <key name> <base64>")]
    SignatureLine {
        /// Which signature line, from 1.
        line: usize,
    },
    /// The key name could not be one.
    #[error("signature line {line}: {error}")]
    KeyName {
        /// Which signature line, from 1.
        line: usize,
        /// What is wrong with the name.
        error: KeyNameError,
    },
    /// The signature is not base64 of a key id and at least one byte more.
    #[error("signature line {line} is not canonical base64 of a key id and a signature")]
    SignatureBase64 {
        /// Which signature line, from 1.
        line: usize,
    },
    /// More signature lines than this crate reads.
    #[error("note has more than {MAX_SIGNATURES} signature lines")]
    TooManySignatures,
}

impl NoteError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "note_too_large",
            Self::NotUtf8 => "note_not_utf8",
            Self::ControlCharacter { .. } => "note_control_character",
            Self::NoEmptyLine => "note_no_empty_line",
            Self::TextUnterminated => "note_text_unterminated",
            Self::NoSignature => "note_no_signature",
            Self::Unterminated => "note_unterminated",
            Self::SignatureLine { .. } => "signature_line",
            Self::KeyName { .. } => "key_name",
            Self::SignatureBase64 { .. } => "signature_base64",
            Self::TooManySignatures => "too_many_signatures",
        }
    }
}

/// Why a text could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignNoteError {
    /// The text, or the note with one more signature, would not be read again.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signer's name could not stand in a signature line.
    #[error(transparent)]
    Name(#[from] KeyNameError),
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] SignError),
}

impl SignNoteError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Note(error) => error.code(),
            Self::Name(_) => "key_name",
            Self::Key(_) => "key_could_not_sign",
        }
    }
}

impl Note {
    /// Signs a text with an Ed25519 key (signature type 0x01) under a key name.
    ///
    /// # Errors
    /// [`SignNoteError`].
    pub fn sign(text: &str, name: &str, signer: &dyn Signer) -> Result<Self, SignNoteError> {
        check_text(text)?;
        Ok(Self::with_signature(text, NoteSignature::ed25519(text, name, signer)?)?)
    }

    /// A text under signatures made elsewhere, such as some of another note's.
    ///
    /// # Errors
    /// [`NoteError`]: what would not be read again is not made.
    pub fn from_parts(text: &str, signatures: impl IntoIterator<Item = NoteSignature>) -> Result<Self, NoteError> {
        check_text(text)?;
        let mut note = Self { text: text.to_string(), signatures: Vec::new() };
        signatures.into_iter().try_for_each(|signature| note.add(signature))?;
        if note.signatures.is_empty() { Err(NoteError::NoSignature) } else { Ok(note) }
    }

    /// A text under a signature made elsewhere.
    fn with_signature(text: &str, signature: NoteSignature) -> Result<Self, NoteError> {
        let mut note = Self { text: text.to_string(), signatures: Vec::new() };
        note.add(signature)?;
        Ok(note)
    }

    /// Adds a signature line, such as a witness's cosignature, after the others.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`] or [`NoteError::TooLarge`]: what would not be read again is not written.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        let size = self.to_string().len();
        if size > MAX_NOTE_SIZE {
            self.signatures.pop();
            return Err(NoteError::TooLarge { found: size });
        }
        Ok(())
    }

    /// Reads a note. Nothing is known to be signed until it is opened.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_SIZE {
            return Err(NoteError::TooLarge { found: bytes.len() });
        }
        let note = str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_characters(note)?;
        let last_empty_line = note.rfind("\n\n").ok_or(NoteError::NoEmptyLine)?;
        let (text, signatures) = note.split_at(last_empty_line + 1);
        let signatures = signature_lines(signatures.strip_prefix('\n').unwrap_or(signatures))?;
        Ok(Self { text: text.to_string(), signatures })
    }

    /// The text, its last newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| write!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Signs a text with an Ed25519 key (signature type 0x01) under a key name.
    ///
    /// # Errors
    /// [`SignNoteError::Name`] or [`SignNoteError::Key`].
    pub fn ed25519(text: &str, name: &str, signer: &dyn Signer) -> Result<Self, SignNoteError> {
        let signature = signer.sign(text.as_bytes())?;
        Self::new(name, SignatureType::Ed25519, signer, signature.as_bytes().to_vec())
    }

    pub(crate) fn new(
        name: &str,
        signature_type: SignatureType,
        signer: &dyn Signer,
        bytes: Vec<u8>,
    ) -> Result<Self, SignNoteError> {
        Ok(Self::of_key(name, signature_type, signer.public_key().as_bytes(), bytes)?)
    }

    pub(crate) fn of_key(
        name: &str,
        signature_type: SignatureType,
        public_key: &[u8],
        bytes: Vec<u8>,
    ) -> Result<Self, KeyNameError> {
        check_key_name(name)?;
        Ok(Self { name: name.to_string(), id: key_id(name, signature_type, public_key), bytes })
    }

    /// Reads signature lines on their own, such as a witness's answer to `add-checkpoint` (c2sp.org/tlog-witness).
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse_lines(bytes: &[u8]) -> Result<Vec<Self>, NoteError> {
        if bytes.len() > MAX_NOTE_SIZE {
            return Err(NoteError::TooLarge { found: bytes.len() });
        }
        let lines = str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_characters(lines)?;
        signature_lines(lines)
    }

    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of that key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What the key's signature type makes a signature of, after the key id.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The line with its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = base64::encode(&[&self.id.0, &self.bytes[..]].concat());
        writeln!(f, "{SIGNATURE_MARK}{} {signature}", self.name)
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    check_characters(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::TextUnterminated) }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    match control_character(text) {
        Some(found) => Err(NoteError::ControlCharacter { found }),
        None => Ok(()),
    }
}

/// The first character that a note may not contain (c2sp.org/signed-note, "Format": those below U+0020, newline apart).
pub(crate) fn control_character(text: &str) -> Option<u8> {
    text.bytes().find(|&byte| byte < b' ' && byte != b'\n')
}

fn signature_lines(lines: &str) -> Result<Vec<NoteSignature>, NoteError> {
    if lines.is_empty() {
        return Err(NoteError::NoSignature);
    }
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Unterminated)?;
    let mut signatures = Vec::new();
    for (line, number) in lines.split('\n').zip(1..) {
        if number > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        signatures.push(signature_line(line, number)?);
    }
    Ok(signatures)
}

fn signature_line(text: &str, line: usize) -> Result<NoteSignature, NoteError> {
    let fields = text.strip_prefix(SIGNATURE_MARK).and_then(|fields| fields.split_once(' '));
    let (name, signature) = fields.ok_or(NoteError::SignatureLine { line })?;
    check_key_name(name).map_err(|error| NoteError::KeyName { line, error })?;
    let bytes = base64::decode(signature).ok_or(NoteError::SignatureBase64 { line })?;
    match bytes.split_first_chunk() {
        Some((id, signature)) if !signature.is_empty() => {
            Ok(NoteSignature { name: name.to_string(), id: KeyId(*id), bytes: signature.to_vec() })
        }
        Some(_) | None => Err(NoteError::SignatureBase64 { line }),
    }
}

#[cfg(test)]
mod tests;
