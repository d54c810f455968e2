//! Short names of keys: the JWK thumbprint (RFC 7638) and the label's 4-byte key id.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::{Hash, PublicKey, base64};

/// JWK thumbprint of an Ed25519 key: SHA-256 over `{"crv":"Ed25519","kty":"OKP","x":"<base64url>"}`
/// (RFC 7638 §3, RFC 8037 §2). Prints as 43 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint(pub [u8; 32]);

impl Thumbprint {
    /// Reads 43 characters of canonical base64url; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        base64::url_decode_array(text).map(Self)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::url_encode(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

/// The key id in a label: the first 4 bytes of SHA-256 of the 32-byte public key.
///
/// Four bytes cannot name a key among all keys, so it is only looked up among the keys of one attestation's issuer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKeyId(pub [u8; 4]);

impl fmt::Display for LabelKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LabelKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LabelKeyId({self})")
    }
}

impl PublicKey {
    /// The key as a JWK (RFC 8037 §2), members in RFC 7638's order, no white space: the thumbprint's input.
    pub fn to_jwk(&self) -> String {
        format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, base64::url_encode(self.as_bytes()))
    }

    /// The key's RFC 7638 thumbprint.
    pub fn thumbprint(&self) -> Thumbprint {
        Thumbprint(Hash::of(self.to_jwk().as_bytes()).0)
    }

    /// The key's 4-byte id in a label.
    pub fn label_key_id(&self) -> LabelKeyId {
        let [a, b, c, d, ..] = Hash::of(self.as_bytes()).0;
        LabelKeyId([a, b, c, d])
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn thumbprint_is_that_of_rfc_8037_appendix_a_3() {
        let x = base64::url_decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = PublicKey::from_bytes(&x.try_into().unwrap()).unwrap();
        assert_eq!(key.thumbprint().to_string(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(Thumbprint::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), Some(key.thumbprint()));
        assert_eq!(Thumbprint::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4l"), None, "pad bits");
    }
}
