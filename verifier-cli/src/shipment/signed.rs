//! The verdicts about a shipment, signed by whoever judged it: a compact JWS (RFC 7515) over the JSON document.
//!
//! Header, exactly these members: `alg` "EdDSA", `typ` "ethical-label-shipment+jwt", `kid` the key's RFC 7638 thumbprint. Nothing in it
//! supplies a key: who has the officer's key from elsewhere can check, the others can read.

use primitives::{PublicKey, Signature, Signer, Thumbprint, base64};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::document::Document;
use crate::failure::Failure;

const TYPE: &str = "ethical-label-shipment+jwt";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// A signed document, read; whether the signature holds is another question.
pub(crate) struct Signed<'a> {
    /// The thumbprint of the key that is said to have signed.
    pub(crate) kid: String,
    pub(crate) document: serde_json::Value,
    signed: &'a str,
    signature: Signature,
}

/// Why a signature under a key does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum NotSigned {
    #[error("signed by key {found}, expected {expected}")]
    OtherKey { found: String, expected: Thumbprint },
    #[error("the signature does not verify")]
    Bad,
}

/// Signs a document.
pub(crate) fn sign(document: &Document, signer: &dyn Signer) -> Result<String, Failure> {
    let kid = signer.public_key().thumbprint().to_string();
    let header = Header { alg: "EdDSA".into(), typ: TYPE.into(), kid };
    let encode = |value: Result<Vec<u8>, serde_json::Error>| {
        value
            .map(|bytes| base64::url_encode(&bytes))
            .map_err(|error| Failure::new(format!("cannot be signed: {error}")))
    };
    let (header, payload) = (encode(serde_json::to_vec(&header))?, encode(serde_json::to_vec(document))?);
    let signed = format!("{header}.{payload}");
    let signature = signer.sign(signed.as_bytes()).map_err(Failure::new)?;
    Ok(format!("{signed}.{}", base64::url_encode(signature.as_bytes())))
}

/// Reads a signed document; nothing for any other text.
pub(crate) fn read(text: &str) -> Option<Signed<'_>> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&base64::url_decode(header)?).ok()?;
    if header.alg != "EdDSA" || header.typ != TYPE {
        return None;
    }
    let signature = <[u8; 64]>::try_from(base64::url_decode(signature)?).ok()?;
    let document = serde_json::from_slice(&base64::url_decode(payload)?).ok()?;
    Some(Signed { kid: header.kid, document, signed, signature: Signature::from_bytes(signature) })
}

impl Signed<'_> {
    /// Checks the signature, strictly.
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), NotSigned> {
        let expected = key.thumbprint();
        if self.kid != expected.to_string() {
            return Err(NotSigned::OtherKey { found: self.kid.clone(), expected });
        }
        key.verify_strict(self.signed.as_bytes(), &self.signature).map_err(|_| NotSigned::Bad)
    }
}
