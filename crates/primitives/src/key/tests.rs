use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ed25519_dalek::hazmat::ExpandedSecretKey;
use serde_json::Value;

use super::*;
use crate::vectors::{hex, vectors};

/// The verdict on one vector; wrong lengths are refused before there is a key or a signature.
fn strictly_valid(key: &Value, message: &[u8], signature: &Value) -> bool {
    let (Ok(key), Ok(signature)) = (<[u8; 32]>::try_from(hex(key)), <[u8; 64]>::try_from(hex(signature))) else {
        return false;
    };
    PublicKey::from_bytes(&key).is_ok_and(|key| key.verify_strict(message, &Signature(signature)).is_ok())
}

#[test]
fn wycheproof_verdicts_are_the_strict_ones() {
    let Some(file) = vectors("wycheproof-ed25519.json") else { return };
    let mut run = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            let valid = strictly_valid(&group["publicKey"]["pk"], &hex(&test["msg"]), &test["sig"]);
            assert_eq!(valid, test["result"] == "valid", "{test}");
            run += 1;
        }
    }
    assert_eq!(run, 151);
}

#[test]
fn cctv_verdicts_are_the_strict_ones() {
    let Some(file) = vectors("cctv-ed25519vectors.json") else { return };
    let (mut run, mut accepted) = (0, 0);
    for test in file.as_array().unwrap() {
        let flags: Vec<&str> = test["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // A small-order part alone is not refused by the cofactorless equation; every other flag is.
        let expected = flags.iter().all(|flag| matches!(*flag, "low_order_component_A" | "low_order_component_R"));
        let message: String = test["msg"].as_str().unwrap().to_string();
        assert_eq!(strictly_valid(&test["key"], message.as_bytes(), &test["sig"]), expected, "{test}");
        run += 1;
        accepted += usize::from(expected);
    }
    assert_eq!(run, 914);
    assert!((1..914).contains(&accepted), "both verdicts occur: {accepted}");
}

#[test]
fn weak_and_torsioned_keys_are_not_accredited() {
    for (key, error) in [
        // The eight points of small order (canonical encodings): y = 1, -1, 0 twice, and the four of order 8.
        ("0100000000000000000000000000000000000000000000000000000000000000", KeyError::Weak),
        ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", KeyError::Weak),
        ("0000000000000000000000000000000000000000000000000000000000000000", KeyError::Weak),
        ("0000000000000000000000000000000000000000000000000000000000000080", KeyError::Weak),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", KeyError::Weak),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", KeyError::Weak),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", KeyError::Weak),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", KeyError::Weak),
    ] {
        let bytes = data_encoding::HEXLOWER.decode(key.as_bytes()).unwrap().try_into().unwrap();
        assert_eq!(PublicKey::from_bytes(&bytes).unwrap().accreditable(), Err(error), "{key}");
    }
    // An honest key plus a point of order 8 has large order, yet carries torsion.
    let small = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let small =
        VerifyingKey::from_bytes(&data_encoding::HEXLOWER.decode(small.as_bytes()).unwrap().try_into().unwrap());
    let honest = SecretKey::from_seed(&[1; 32]).public_key();
    let mixed = (honest.0.to_edwards() + small.unwrap().to_edwards()).compress().to_bytes();
    assert_eq!(PublicKey::from_bytes(&mixed).unwrap().accreditable(), Err(KeyError::Torsion));
    assert!(honest.accreditable().is_ok());
}

#[test]
fn a_second_encoding_of_a_point_is_no_key() {
    // y = p + 1 decodes to the same point as y = 1.
    let mut bytes = [0xff; 32];
    bytes[0] = 0xee;
    bytes[31] = 0x7f;
    assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NonCanonical));
    bytes = [0; 32];
    bytes[0] = 2;
    assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NotAPoint));
}

#[test]
fn what_a_secret_key_signs_its_public_key_verifies_and_nothing_else() {
    let key = SecretKey::from_seed(&[7; 32]);
    let signature = key.sign(b"message").unwrap();
    assert_eq!(key.public_key().verify_strict(b"message", &signature), Ok(()));
    assert_eq!(key.public_key().verify_strict(b"massage", &signature), Err(BadSignature));
    let other = SecretKey::from_seed(&[8; 32]);
    assert_eq!(other.public_key().verify_strict(b"message", &signature), Err(BadSignature));
    assert!(!alloc::format!("{key:?}").contains("0707"), "a secret is never printed");
    // The seed's expansion is what is used, so that other implementations agree on the public key.
    let expanded = ExpandedSecretKey::from(&*key.to_seed());
    assert_eq!(VerifyingKey::from(&expanded).as_bytes(), key.public_key().as_bytes());
}
