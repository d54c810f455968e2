//! The public half of a key as a file: a JWK (RFC 7517, RFC 8037 §2) that also says whose key it is.
//!
//! `kid` is the RFC 7638 thumbprint. `controller` (the word of DID Core 1.0 §5.2) is the DID; `name` is optional. Nothing in
//! it is secret and nothing in it is believed: what counts is the accreditation in the log.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use primitives::{PublicKey, Thumbprint, base64};
use serde::Deserialize;
use statement::Did;
use thiserror::Error;

/// Larger than any such file.
const MAX_SIZE: u64 = 16 << 10;

/// A public key and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Jwk {
    pub(crate) key: PublicKey,
    pub(crate) did: Option<Did>,
    pub(crate) name: Option<String>,
}

/// Why a file is no public key.
#[derive(Debug, Error)]
pub(crate) enum JwkError {
    #[error("cannot read {0}: {1}")]
    Read(String, std::io::Error),
    #[error("{0} is no JWK of an Ed25519 public key: {1}")]
    Form(String, String),
    #[error("{0} holds a secret key; a public one belongs here")]
    Secret(String),
    #[error("{0} names the key {1}, but holds {2}")]
    OtherKid(String, String, Thumbprint),
}

#[derive(Deserialize)]
struct Members {
    kty: String,
    crv: String,
    x: String,
    d: Option<serde::de::IgnoredAny>,
    kid: Option<String>,
    controller: Option<String>,
    name: Option<String>,
}

impl Jwk {
    /// The file's text.
    pub(crate) fn to_json(&self) -> String {
        let mut members = serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": base64::url_encode(self.key.as_bytes()),
            "kid": self.key.thumbprint().to_string(),
        });
        if let Some(members) = members.as_object_mut() {
            members.extend(self.did.iter().map(|did| ("controller".to_owned(), did.as_str().into())));
            members.extend(self.name.iter().map(|name| ("name".to_owned(), name.as_str().into())));
        }
        format!("{members:#}\n")
    }

    /// Reads such a file. A key that nobody may be accredited with is refused.
    pub(crate) fn read(path: &Path) -> Result<Self, JwkError> {
        let jwk = Self::read_any(path)?;
        jwk.key.accreditable().map_err(|error| JwkError::Form(path.display().to_string(), error.to_string()))?;
        Ok(jwk)
    }

    /// Reads such a file, whatever the key is good for: to say what it is.
    pub(crate) fn read_any(path: &Path) -> Result<Self, JwkError> {
        let file = path.display().to_string();
        let failed = |error| JwkError::Read(file.clone(), error);
        let mut text = String::new();
        fs::File::open(path).map_err(failed)?.take(MAX_SIZE).read_to_string(&mut text).map_err(failed)?;
        Self::parse(&file, &text)
    }

    fn parse(file: &str, text: &str) -> Result<Self, JwkError> {
        if text.contains("PRIVATE KEY-----") {
            return Err(JwkError::Secret(file.to_owned()));
        }
        let form = |why: String| JwkError::Form(file.to_owned(), why);
        let members: Members = serde_json::from_str(text).map_err(|error| form(error.to_string()))?;
        if members.d.is_some() {
            return Err(JwkError::Secret(file.to_owned()));
        }
        if (members.kty.as_str(), members.crv.as_str()) != ("OKP", "Ed25519") {
            return Err(form(format!("kty is {:?} and crv {:?}, expected OKP and Ed25519", members.kty, members.crv)));
        }
        let bytes = base64::url_decode_array::<32>(&members.x);
        let bytes = bytes.ok_or_else(|| form("x is not 43 characters of base64url".to_owned()))?;
        let key = PublicKey::from_bytes(&bytes).map_err(|error| form(error.to_string()))?;
        if let Some(kid) = members.kid.filter(|kid| *kid != key.thumbprint().to_string()) {
            return Err(JwkError::OtherKid(file.to_owned(), kid, key.thumbprint()));
        }
        let did = members
            .controller
            .map(|did| Did::parse(&did).map_err(|error| form(format!("controller {did:?}: {error}"))));
        Ok(Self { key, did: did.transpose()?, name: members.name })
    }
}

#[cfg(test)]
mod tests {
    use primitives::{SecretKey, Signer as _};

    use super::*;

    fn sample() -> Jwk {
        let did = Did::parse("did:web:himal-audit.example").unwrap();
        Jwk { key: SecretKey::from_seed(&[1; 32]).public_key(), did: Some(did), name: Some("Himal".into()) }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for jwk in [sample(), Jwk { did: None, name: None, ..sample() }] {
            assert_eq!(Jwk::parse("a.jwk", &jwk.to_json()).unwrap(), jwk);
        }
        assert!(Jwk::parse("a.jwk", &sample().key.to_jwk()).is_ok(), "the plain JWK of others");
    }

    #[test]
    fn a_weak_key_can_be_looked_at_and_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weak.jwk");
        let x = base64::url_encode(sample().key.as_bytes());
        std::fs::write(&path, sample().key.to_jwk().replace(&x, &base64::url_encode(&[0; 32]))).unwrap();
        assert!(Jwk::read_any(&path).unwrap().key.accreditable().is_err());
        assert!(Jwk::read(&path).unwrap_err().to_string().contains("weak"));
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let text = sample().to_json();
        let x = base64::url_encode(sample().key.as_bytes());
        for (text, why) in [
            (text.replace("Ed25519", "X25519"), "expected OKP and Ed25519"),
            (text.replace("\"kty\"", "\"d\": \"AAAA\", \"kty\""), "secret key"),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----".to_owned(), "secret key"),
            (text.replace(&x, "AAAA"), "43 characters"),
            (text.replace("did:web:", "did:ion:"), "controller"),
            (text.replace(&sample().key.thumbprint().to_string(), "x"), "names the key x"),
            ("{".to_owned(), "no JWK"),
        ] {
            let error = Jwk::parse("a.jwk", &text).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("a.jwk"), "{error}");
        }
    }
}
