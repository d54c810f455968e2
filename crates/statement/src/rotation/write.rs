//! Writing a request. What readers would refuse is written all the same; [`sign`](crate::sign) does not sign it.

use alloc::vec::Vec;

use primitives::base64;

use super::KeyRotationRequest;
use crate::credential::write_head;
use crate::json::Writer;

impl KeyRotationRequest {
    /// The payload to sign; members always come in the same order.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "KeyRotationRequest", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.asked_at);
            json.object("credentialSubject", |json| {
                json.object("keyRotation", |json| {
                    json.display("from", &self.old);
                    json.display("to", &self.new.thumbprint());
                    json.object("key", |json| {
                        json.string("kty", "OKP");
                        json.string("crv", "Ed25519");
                        json.string("x", &base64::url_encode(self.new.as_bytes()));
                    });
                    json.string("proof", &base64::url_encode(self.proof.as_bytes()));
                });
            });
        })
    }
}
