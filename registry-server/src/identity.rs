//! Who the registry is to others: its DID document.
//!
//! It names the key of the status lists and receipts and no other. The log's key is not in it on purpose: it signs checkpoints and
//! nothing else, and whoever trusts it has it from the trust file.

use primitives::PublicKey;
use serde_json::json;
use statement::Origin;

/// The registry's DID (did:web, with the colon of a port percent-encoded).
pub(crate) fn did(origin: &Origin) -> String {
    format!("did:web:{}", origin.as_str().replace(':', "%3a"))
}

/// The DID document (DID Core 1.0 §4.2, JWK verification methods).
pub(crate) fn document(origin: &Origin, status_key: &PublicKey) -> String {
    let did = did(origin);
    let method = format!("{did}#{}", status_key.thumbprint());
    let jwk: serde_json::Value = serde_json::from_str(&status_key.to_jwk()).unwrap_or_default();
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [
            { "id": method, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk },
        ],
        "assertionMethod": [method],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use primitives::{SecretKey, Signer};

    use super::*;

    #[test]
    fn the_did_is_one_that_statements_may_name() {
        for (origin, expected) in
            [("registry.example", "did:web:registry.example"), ("localhost:8080", "did:web:localhost%3a8080")]
        {
            let did = did(&Origin::parse(origin).unwrap());
            assert_eq!(did, expected);
            assert!(statement::Did::parse(&did).is_ok());
        }
    }

    #[test]
    fn the_document_names_the_status_key_by_its_thumbprint() {
        let key = SecretKey::from_seed(&[1; 32]).public_key();
        let origin = Origin::parse("registry.example").unwrap();
        let document: serde_json::Value = serde_json::from_str(&document(&origin, &key)).unwrap();
        let method = format!("did:web:registry.example#{}", key.thumbprint());
        assert_eq!(document["assertionMethod"], json!([method]));
        assert_eq!(document["verificationMethod"][0]["id"], json!(method));
        assert_eq!(document["verificationMethod"][0]["publicKeyJwk"]["crv"], "Ed25519");
    }
}
