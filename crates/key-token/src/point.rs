//! The public half as a token gives it: `CKA_EC_POINT`.

use primitives::PublicKey;

use crate::TokenError;

/// Reads `CKA_EC_POINT` of an Ed25519 key, and checks it like any other public key.
///
/// PKCS#11 3.0 §2.3.5 has the 32 bytes inside a DER OCTET STRING; others write them bare, or inside the BIT STRING that
/// RFC 8410 has. The lengths differ, so none can be taken for another.
pub(crate) fn public_key(point: &[u8], key: &str) -> Result<PublicKey, TokenError> {
    let bytes = match point {
        [0x04, 0x20, bytes @ ..] if bytes.len() == 32 => bytes,
        [0x03, 0x21, 0x00, bytes @ ..] if bytes.len() == 32 => bytes,
        bytes => bytes,
    };
    let bytes: &[u8; 32] =
        bytes.try_into().map_err(|_| TokenError::Point { key: key.to_owned(), found: point.len() })?;
    let public = PublicKey::from_bytes(bytes).and_then(|public| public.accreditable());
    public.map(|public| *public).map_err(|source| TokenError::PublicKey { key: key.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use primitives::{SecretKey, Signer as _};

    use super::*;

    #[test]
    fn every_spelling_is_read_and_nothing_else() {
        let public = SecretKey::from_seed(&[7; 32]).public_key();
        let bytes = public.as_bytes();
        for prefix in [&[][..], &[0x04, 0x20], &[0x03, 0x21, 0x00]] {
            let point = [prefix, bytes].concat();
            assert_eq!(public_key(&point, "k").expect("a spelling"), public, "{prefix:?}");
            assert_eq!(
                public_key(&point[..point.len() - 1], "k").expect_err("short").code(),
                "token_key_other_algorithm"
            );
            let long = [&point[..], &[0]].concat();
            assert_eq!(public_key(&long, "k").expect_err("long").code(), "token_key_other_algorithm");
        }
        // A bare key may begin like an OCTET STRING.
        let mut bare = [0; 32];
        (bare[0], bare[1]) = (0x04, 0x20);
        assert_ne!(public_key(&bare, "k").err().map(|error| error.code()), Some("token_key_other_algorithm"));
        let ed448 = [&[0x04, 0x39][..], &[9; 57]].concat();
        assert_eq!(public_key(&ed448, "k").expect_err("Ed448").code(), "token_key_other_algorithm");
    }

    #[test]
    fn a_weak_key_is_refused_like_any_other() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert_eq!(public_key(&neutral, "k").expect_err("weak").code(), "token_key_unusable");
        assert_eq!(public_key(&[0xff; 32], "k").expect_err("no point").code(), "token_key_unusable");
    }
}
