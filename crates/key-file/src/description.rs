//! The public half of a key in the forms that people and other programs want.

use std::fmt;

use primitives::PublicKey;

/// The public key as a JWK, its thumbprint, its label key id, `did:key` and hexadecimal.
///
/// ```
/// use key_file::PublicDescription;
/// use primitives::{SecretKey, Signer as _};
///
/// let public = SecretKey::from_seed(&[1; 32]).public_key();
/// let description = PublicDescription::of(&public);
/// assert_eq!(description.hex, "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
/// assert_eq!(description.label_key_id, "34750f98");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDescription {
    /// RFC 8037, the members in RFC 7638's order.
    pub jwk: String,
    /// RFC 7638: what stands after `#` in a statement's `kid`.
    pub thumbprint: String,
    /// The 4 bytes that a label carries, in hexadecimal.
    pub label_key_id: String,
    /// The key as its own DID, for tests and demonstrations.
    pub did_key: String,
    /// The 32 bytes in hexadecimal.
    pub hex: String,
}

impl PublicDescription {
    /// Describes the key.
    pub fn of(key: &PublicKey) -> Self {
        Self {
            jwk: key.to_jwk(),
            thumbprint: key.thumbprint().to_string(),
            label_key_id: key.label_key_id().to_string(),
            did_key: did_key(key),
            hex: hex(key.as_bytes()),
        }
    }
}

impl fmt::Display for PublicDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "thumbprint    {}", self.thumbprint)?;
        writeln!(f, "label key id  {}", self.label_key_id)?;
        writeln!(f, "hexadecimal   {}", self.hex)?;
        write!(f, "JWK           {}", self.jwk)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key as a `did:key` (W3C CCG did:key §3.1: `z` and base58btc of the multicodec ED 01 and the key).
pub fn did_key(key: &PublicKey) -> String {
    let bytes: Vec<u8> = [0xed, 0x01].iter().chain(key.as_bytes()).copied().collect();
    format!("did:key:z{}", base58(&bytes))
}

/// Base58 in Bitcoin's alphabet; the input does not start with a zero byte, so no leading `1` is needed.
fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit * 256;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    digits.iter().rev().filter_map(|digit| ALPHABET.chars().nth(*digit as usize)).collect()
}

#[cfg(test)]
mod tests {
    use primitives::base64;

    use super::*;

    #[test]
    fn did_key_is_that_of_the_specification() {
        // did:key v0.7 §5.1 with its verification method's JWK.
        let x = base64::url_decode("Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY").expect("base64url");
        let key = PublicKey::from_bytes(&x.try_into().expect("32 bytes")).expect("a point");
        assert_eq!(did_key(&key), "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    }

    #[test]
    fn the_description_is_what_rfc_8037_says_of_its_key() {
        let x = base64::url_decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").expect("base64url");
        let key = PublicKey::from_bytes(&x.try_into().expect("32 bytes")).expect("a point");
        let description = PublicDescription::of(&key);
        assert_eq!(description.thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(
            description.jwk,
            r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        );
        assert_eq!(description.to_string().lines().count(), 4);
    }
}
