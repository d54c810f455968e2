//! Signatures that a lax verifier takes and a strict one refuses, and signing of what our own tools would not sign.

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use curve25519_dalek::traits::Identity as _;
use primitives::{SecretKey, Signature, Signer as _, base64};
use sha2::{Digest as _, Sha512};
use statement::Did;

/// The group's order L (RFC 8032 §5.1), little-endian.
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The same signature with L added to its `S`: the equation holds all the same, so that one message would have two signatures.
pub(super) fn with_s_plus_l(signature: &Signature) -> Signature {
    let mut bytes = *signature.as_bytes();
    let mut carry = 0u16;
    for (byte, add) in bytes.iter_mut().skip(32).zip(L) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = u8::try_from(sum & 0xff).expect("masked");
        carry = sum >> 8;
    }
    assert_eq!(carry, 0, "S + L fits 32 bytes");
    Signature::from_bytes(bytes)
}

/// A signature by this key whose `R` is the neutral element: the equation holds, and nobody honest makes one.
pub(super) fn with_small_r(key: &SecretKey, message: &[u8]) -> Signature {
    let expanded: [u8; 64] = Sha512::digest(*key.to_seed()).into();
    let (half, _) = expanded.split_first_chunk().expect("64 bytes");
    let secret = Scalar::from_bytes_mod_order(clamp_integer(*half));
    let r = EdwardsPoint::identity().compress().to_bytes();
    let challenge = Sha512::new().chain_update(r).chain_update(key.public_key().as_bytes()).chain_update(message);
    let s = Scalar::from_bytes_mod_order_wide(&challenge.finalize().into()) * secret;
    Signature::from_bytes([r, s.to_bytes()].concat().try_into().expect("64 bytes"))
}

/// A public key of small order, the neutral element.
pub(super) const WEAK_KEY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// A signature that holds for any message under [`WEAK_KEY`]: `R` = B, `S` = 1.
pub(super) fn under_weak_key() -> Signature {
    let r = curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED.to_bytes();
    Signature::from_bytes([r, Scalar::ONE.to_bytes()].concat().try_into().expect("64 bytes"))
}

/// The header that our own tools write.
pub(super) fn header(issuer: &Did, key: &SecretKey) -> String {
    let kid = format!("{issuer}#{}", key.public_key().thumbprint());
    format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{kid}"}}"#)
}

/// Signs whatever it is given as a compact JWS.
pub(super) fn jws(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, key: &SecretKey) -> String {
    let signed = format!("{}.{}", base64::url_encode(header.as_ref()), base64::url_encode(payload.as_ref()));
    let signature = key.sign(signed.as_bytes()).expect("a key in memory signs");
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}

/// The text with one thing in another's place, which has to be there.
pub(super) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} in {text}");
    text.replacen(from, to, 1)
}
