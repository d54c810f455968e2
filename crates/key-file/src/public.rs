//! Somebody's public key: a JWK (RFC 8037 §2), or PEM as `openssl pkey -pubout` writes it (RFC 8410 §4).
//!
//! Members of a JWK other than the key itself (`kid`, `controller`, `name`) are neither needed nor held against it.

use std::io;
use std::path::{Path, PathBuf};

use primitives::{KeyError, PublicKey, base64};
use thiserror::Error;

use crate::pem;

/// A SubjectPublicKeyInfo of Ed25519 but for its key.
const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why a file gives no public key.
#[derive(Debug, Error)]
pub enum PublicKeyError {
    /// The file cannot be opened or read, or is no text.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Neither form.
    #[error("{path} is neither a JWK with kty OKP and crv Ed25519 nor a public key in PEM")]
    NotPublic {
        /// The file.
        path: PathBuf,
    },
    /// A secret key, which should not travel to where public ones are read.
    #[error("{path} holds a secret key, expected a public one")]
    Secret {
        /// The file.
        path: PathBuf,
    },
    /// Bytes that are no point of the curve, or a weak one.
    #[error("{path}: {source}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with the key.
        source: KeyError,
    },
}

/// Reads a public key that may be trusted with signatures: weak ones are refused.
///
/// # Errors
///
/// Every [`PublicKeyError`].
pub fn read(path: &Path) -> Result<PublicKey, PublicKeyError> {
    let text = pem::read(path).map_err(|source| PublicKeyError::Read { path: path.to_owned(), source })?;
    parse(path, &text)
}

/// Reads the text of such a file; `path` names it in errors.
///
/// ```
/// use std::path::Path;
/// use primitives::{SecretKey, Signer as _};
///
/// let key = SecretKey::from_seed(&[1; 32]).public_key();
/// assert_eq!(key_file::public::parse(Path::new("a.jwk"), &key.to_jwk()).expect("a JWK"), key);
/// ```
///
/// # Errors
///
/// Every [`PublicKeyError`] but the first.
pub fn parse(path: &Path, text: &str) -> Result<PublicKey, PublicKeyError> {
    let not_public = || PublicKeyError::NotPublic { path: path.to_owned() };
    let bytes = if let Some(der) = pem::block(text, "PUBLIC KEY") {
        der.strip_prefix(&PREFIX).map(<[u8]>::to_vec).ok_or_else(not_public)?
    } else {
        if text.contains("PRIVATE KEY-----") {
            return Err(PublicKeyError::Secret { path: path.to_owned() });
        }
        let jwk: serde_json::Value = serde_json::from_str(text).map_err(|_| not_public())?;
        if jwk.get("d").is_some() {
            return Err(PublicKeyError::Secret { path: path.to_owned() });
        }
        let member = |name: &str| jwk.get(name).and_then(serde_json::Value::as_str);
        match (member("kty"), member("crv"), member("x")) {
            (Some("OKP"), Some("Ed25519"), Some(x)) => base64::url_decode(x).ok_or_else(not_public)?,
            _ => return Err(not_public()),
        }
    };
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| not_public())?;
    let key = PublicKey::from_bytes(&bytes).and_then(|key| key.accreditable());
    key.map(|key| *key).map_err(|source| PublicKeyError::Key { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use primitives::{SecretKey, Signer as _};

    use super::*;

    #[test]
    fn both_forms_are_read_from_a_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("k");
        assert!(matches!(read(&path), Err(PublicKeyError::Read { .. })));
        let seven = SecretKey::from_seed(&[7; 32]).public_key();
        let with_more = seven.to_jwk().replace('{', r#"{"kid":"k","controller":"did:web:a.example","name":"A","#);
        for text in [include_str!("tests/public.pem"), &seven.to_jwk(), &with_more] {
            std::fs::write(&path, text).expect("a file");
            assert_eq!(read(&path).expect(text), seven);
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        let public = SecretKey::from_seed(&[1; 32]).public_key().to_jwk();
        let with_d = public.replace('{', r#"{"d":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","#);
        let of_x25519 = public.replace("Ed25519", "X25519");
        let weak = r#"{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
        for (text, expected) in [
            ("", "neither a JWK"),
            ("{}", "neither a JWK"),
            (of_x25519.as_str(), "neither a JWK"),
            (with_d.as_str(), "holds a secret key"),
            ("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----", "holds a secret key"),
            (include_str!("tests/openssl-scrypt.pem"), "holds a secret key"),
            ("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----", "neither a JWK"),
            (weak, "weak"),
        ] {
            let error = parse(Path::new("a.jwk"), text).expect_err(text).to_string();
            assert!(error.starts_with("a.jwk") && error.contains(expected), "{text}: {error}");
        }
    }
}
