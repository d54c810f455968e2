//! Verifier keys and key names (c2sp.org/signed-note, "Verifier keys" and "Signatures"; c2sp.org/tlog-cosignature).
//!
//! ```text
//! example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
//! └─ key name ──┘ └─ id ─┘ └─ base64(signature type ‖ public key) ────┘
//!
//! id = first 4 bytes of SHA-256(key name ‖ 0x0A ‖ signature type ‖ public key), lower-case hexadecimal
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use primitives::{Hash, KeyError, PublicKey, base64};
use thiserror::Error;

/// The length of an ML-DSA-44 public key (FIPS 204, table 2).
pub const ML_DSA_44_KEY_SIZE: usize = 1312;

/// The 32-bit key id: with the key name it says which key a signature line is by. Not a cryptographic commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// What a key signs, and how (c2sp.org/signed-note, "Signature types"). The types not named here have no use in this
/// log and are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureType {
    /// 0x01: Ed25519 over the note's text. A log signs its checkpoints so.
    Ed25519,
    /// 0x04: `cosignature/v1`, Ed25519 over a time and a checkpoint. A witness signs so.
    CosignatureV1,
    /// 0x06: ML-DSA-44 over a time and a tree. A witness signs so, and a log that is to outlive Ed25519. Checked with the
    /// feature `ml-dsa`.
    MlDsa44Cosignature,
}

impl SignatureType {
    /// The byte assigned by c2sp.org/signed-note.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
            Self::MlDsa44Cosignature => 0x06,
        }
    }
}

/// A key that signatures are checked with: who it is, what kind of signatures it makes, and the public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vkey {
    name: String,
    id: KeyId,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Ed25519(PublicKey),
    CosignatureV1(PublicKey),
    MlDsa44Cosignature(Vec<u8>),
}

/// Why a text is not a verifier key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VkeyError {
    /// It does not have three parts.
    #[error("verifier key is not of the form <name>+<id>+<base64>")]
    Form,
    /// The name could not stand in a signature line.
    #[error(transparent)]
    Name(#[from] KeyNameError),
    /// The id is not written as it must be.
    #[error("key id is not eight lower-case hexadecimal digits")]
    IdForm,
    /// The last part is not base64, or holds nothing.
    #[error("key is not canonical base64 of a signature type and a public key")]
    Base64,
    /// A signature type that this crate does not know.
    #[error("signature type is {found:#04x}, expected 0x01, 0x04 or 0x06")]
    UnsupportedType {
        /// The first byte of the decoded key.
        found: u8,
    },
    /// The public key is not as long as its type asks.
    #[error("public key has {found} bytes, expected {expected}")]
    KeyLength {
        /// The number of bytes.
        found: usize,
        /// What the signature type asks for.
        expected: usize,
    },
    /// The bytes are no Ed25519 public key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The id is not that of this name and key: one of the three was changed.
    #[error("key id is {found}, but name and key give {expected}")]
    IdMismatch {
        /// The id as written.
        found: KeyId,
        /// The id computed.
        expected: KeyId,
    },
}

impl VkeyError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form => "vkey_form",
            Self::Name(_) => "key_name",
            Self::IdForm => "key_id_form",
            Self::Base64 => "vkey_base64",
            Self::UnsupportedType { .. } => "unsupported_signature_type",
            Self::KeyLength { .. } => "vkey_length",
            Self::Key(_) => "vkey_invalid_key",
            Self::IdMismatch { .. } => "key_id_mismatch",
        }
    }
}

/// Why a text cannot be a key name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyNameError {
    /// Names are not empty.
    #[error("key name is empty")]
    Empty,
    /// A space or a plus would split the line or the key elsewhere; a control character may not be in a note.
    #[error("key name contains {found:?}, expected no space, plus sign or control character")]
    Character {
        /// The first such character.
        found: char,
    },
}

/// Checks a key name (c2sp.org/signed-note, "Format"): not empty, no Unicode space, no plus, nothing below U+0020.
///
/// # Errors
/// [`KeyNameError`].
pub fn check_key_name(name: &str) -> Result<(), KeyNameError> {
    if name.is_empty() {
        return Err(KeyNameError::Empty);
    }
    match name.chars().find(|&c| c.is_whitespace() || c == '+' || c < ' ') {
        Some(found) => Err(KeyNameError::Character { found }),
        None => Ok(()),
    }
}

/// The key id that c2sp.org/signed-note recommends, and that this log and its witnesses use.
pub fn key_id(name: &str, signature_type: SignatureType, public_key: &[u8]) -> KeyId {
    let [a, b, c, d, ..] = Hash::of_parts(&[name.as_bytes(), b"\n", &[signature_type.byte()], public_key]).0;
    KeyId([a, b, c, d])
}

impl Vkey {
    /// The key of a log: Ed25519 over its checkpoints. The name is the log's origin.
    ///
    /// # Errors
    /// [`KeyNameError`].
    pub fn log(origin: &str, key: PublicKey) -> Result<Self, KeyNameError> {
        Self::new(origin, Key::Ed25519(key))
    }

    /// The key of a witness: `cosignature/v1`.
    ///
    /// # Errors
    /// [`KeyNameError`].
    pub fn witness(name: &str, key: PublicKey) -> Result<Self, KeyNameError> {
        Self::new(name, Key::CosignatureV1(key))
    }

    /// The ML-DSA-44 key of a log, whose name is its origin, or of a witness.
    ///
    /// # Errors
    /// [`KeyNameError`].
    pub fn ml_dsa_44(name: &str, key: &[u8; ML_DSA_44_KEY_SIZE]) -> Result<Self, KeyNameError> {
        Self::new(name, Key::MlDsa44Cosignature(key.to_vec()))
    }

    fn new(name: &str, key: Key) -> Result<Self, KeyNameError> {
        check_key_name(name)?;
        let id = key_id(name, key.signature_type(), key.material());
        Ok(Self { name: name.to_string(), id, key })
    }

    /// Reads a verifier key. It is split at the first two plus signs only: base64 has plus signs of its own.
    ///
    /// # Errors
    /// [`VkeyError`].
    pub fn parse(text: &str) -> Result<Self, VkeyError> {
        let (name, rest) = text.split_once('+').ok_or(VkeyError::Form)?;
        let (id, key) = rest.split_once('+').ok_or(VkeyError::Form)?;
        check_key_name(name)?;
        let found = key_id_from(id).ok_or(VkeyError::IdForm)?;
        let key = base64::decode(key).ok_or(VkeyError::Base64)?;
        let (&signature_type, material) = key.split_first().ok_or(VkeyError::Base64)?;
        let vkey = Self::new(name, Key::decode(signature_type, material)?)?;
        if vkey.id == found { Ok(vkey) } else { Err(VkeyError::IdMismatch { found, expected: vkey.id }) }
    }

    /// With an id that is not the key's: finding a true collision takes some 2^32 tries.
    #[cfg(test)]
    pub(crate) fn with_id_for_tests(self, id: KeyId) -> Self {
        Self { id, ..self }
    }

    /// The key name: the origin of a log, the name of a witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What kind of signatures the key makes.
    pub const fn signature_type(&self) -> SignatureType {
        self.key.signature_type()
    }

    /// The Ed25519 public key; `None` for another algorithm.
    pub const fn public_key(&self) -> Option<&PublicKey> {
        match &self.key {
            Key::Ed25519(key) | Key::CosignatureV1(key) => Some(key),
            Key::MlDsa44Cosignature(_) => None,
        }
    }

    /// Whether this build checks signatures of this key: those of ML-DSA-44 only with the feature `ml-dsa`.
    pub const fn is_checkable(&self) -> bool {
        match &self.key {
            Key::Ed25519(_) | Key::CosignatureV1(_) => true,
            Key::MlDsa44Cosignature(_) => cfg!(feature = "ml-dsa"),
        }
    }

    /// The public key's bytes, whatever the algorithm: two vkeys with the same are one key under two names.
    pub fn key_bytes(&self) -> &[u8] {
        self.key.material()
    }
}

impl Key {
    const fn signature_type(&self) -> SignatureType {
        match self {
            Self::Ed25519(_) => SignatureType::Ed25519,
            Self::CosignatureV1(_) => SignatureType::CosignatureV1,
            Self::MlDsa44Cosignature(_) => SignatureType::MlDsa44Cosignature,
        }
    }

    fn material(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) | Self::CosignatureV1(key) => key.as_bytes(),
            Self::MlDsa44Cosignature(key) => key,
        }
    }

    fn decode(signature_type: u8, material: &[u8]) -> Result<Self, VkeyError> {
        let length = |expected| VkeyError::KeyLength { found: material.len(), expected };
        let ed25519 = || -> Result<PublicKey, VkeyError> {
            Ok(PublicKey::from_bytes(material.try_into().map_err(|_| length(32))?)?)
        };
        match signature_type {
            0x01 => Ok(Self::Ed25519(ed25519()?)),
            0x04 => Ok(Self::CosignatureV1(ed25519()?)),
            0x06 if material.len() == ML_DSA_44_KEY_SIZE => Ok(Self::MlDsa44Cosignature(material.to_vec())),
            0x06 => Err(length(ML_DSA_44_KEY_SIZE)),
            found => Err(VkeyError::UnsupportedType { found }),
        }
    }
}

impl core::str::FromStr for Vkey {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<Self, VkeyError> {
        Self::parse(text)
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.signature_type().byte()], self.key_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, self.id, base64::encode(&key))
    }
}

/// Eight lower-case hexadecimal digits.
fn key_id_from(text: &str) -> Option<KeyId> {
    let canonical = text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !canonical {
        return None;
    }
    u32::from_str_radix(text, 16).ok().map(|id| KeyId(id.to_be_bytes()))
}

/// A key of the right length and id, of which nobody has the secret; ML-DSA-44 keys have no form beyond that.
#[cfg(test)]
pub(crate) fn ml_dsa_44_for_tests(name: &str) -> Vkey {
    Vkey::new(name, Key::MlDsa44Cosignature(alloc::vec![7; ML_DSA_44_KEY_SIZE])).expect("name is a key name")
}

#[cfg(test)]
mod tests;
