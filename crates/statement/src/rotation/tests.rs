use alloc::string::ToString as _;

use primitives::SecretKey;
use serde_json::json;

use super::*;
use crate::sample::{self, Change, changed};
use crate::{Error, Statement};

fn open(payload: &[u8]) -> Result<Statement, Error> {
    let did = sample::did("did:web:certifier.example");
    sample::open(payload, &did, &sample::certifier_key()).map(|opened| opened.into_inner())
}

#[test]
fn what_is_written_is_read_back() {
    let request = sample::key_rotation_request();
    assert_eq!(open(&request.to_payload()).unwrap(), Statement::KeyRotationRequest(request));
}

#[test]
fn the_new_key_signs_these_bytes() {
    let request = sample::key_rotation_request();
    let expected = [
        b"ethical-label-key-rotation/v1\0registry.example\0did:web:certifier.example\0".as_slice(),
        b"urn:uuid:2f3b8f0e-6f0f-4c58-8a4e-5b1f6c7d8e90\0\0\0\0\0\x69\xa6\x24\x80",
        &sample::certifier_key().public_key().thumbprint().0,
        SecretKey::from_seed(&[9; 32]).public_key().as_bytes(),
    ]
    .concat();
    assert_eq!(request.proved_bytes(), expected);
    request.new.verify_strict(&expected, &request.proof).unwrap();
}

#[test]
fn each_defect_has_its_reason() {
    let of = |name: &str| -> &'static str { std::format!("/credentialSubject/keyRotation{name}").leak() };
    let other = SecretKey::from_seed(&[8; 32]).public_key();
    let weak = json!({"kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
    let weak_thumbprint = primitives::PublicKey::from_bytes(&{
        let mut neutral = [0; 32];
        neutral[0] = 1;
        neutral
    });
    let weak_thumbprint = weak_thumbprint.unwrap().thumbprint();
    let path = "credentialSubject.keyRotation";
    let cases: Vec<(Change, &str, &str)> = alloc::vec![
        (("/validUntil", Some(json!("2027-01-01T00:00:00Z"))), "unknown_member", "validUntil"),
        (("/validFrom", Some(json!("2026-03-03T00:00:00.5Z"))), "not_whole_second", "validFrom"),
        (("/credentialSubject/id", Some(json!("urn:x:y"))), "unknown_member", "credentialSubject.id"),
        ((of("/from"), None), "missing_member", ".from"),
        ((of("/from"), Some(json!("x"))), "bad_thumbprint", ".from"),
        // Somebody else's key in place of the one that signed.
        ((of("/from"), Some(json!(other.thumbprint().to_string()))), "not_the_signer", ".from"),
        ((of("/to"), Some(json!(other.thumbprint().to_string()))), "not_the_key", ".to"),
        ((of("/to"), Some(json!(weak_thumbprint.to_string()))), "not_the_key", ".to"),
        ((of("/key"), Some(weak)), "not_the_key", ".to"),
        ((of("/key/d"), Some(json!("AQ"))), "private_key", ".key.d"),
        ((of("/key/crv"), Some(json!("X25519"))), "unexpected_value", ".key.crv"),
        ((of("/proof"), None), "missing_member", ".proof"),
        ((of("/proof"), Some(json!("AAAA"))), "wrong_length", ".proof"),
        ((of("/proof"), Some(json!("A".repeat(86)))), "bad_proof", ".proof"),
        ((of("/note"), Some(json!("x"))), "unknown_member", ".note"),
    ];
    for (change, code, place) in cases {
        let error = open(&changed(&sample::key_rotation_request().to_payload(), change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{}: {error}", change.0);
        let expected = if place.starts_with('.') { std::format!("{path}{place}") } else { place.into() };
        assert!(matches!(&error, Error::Member { path: found, .. } if *found == expected), "{}: {error}", change.0);
    }
}

/// The proof is of this request alone: moved to another party, registry, time, old key or id it is worth nothing.
#[test]
fn a_proof_is_good_for_one_request() {
    let request = sample::key_rotation_request();
    let moved = [
        KeyRotationRequest { registry: Origin::parse("other.example").unwrap(), ..request.clone() },
        KeyRotationRequest { asked_at: sample::instant("2026-03-03T00:00:01Z"), ..request.clone() },
        KeyRotationRequest { id: "urn:uuid:0".into(), ..request.clone() },
    ];
    for moved in moved {
        assert_eq!(open(&moved.to_payload()).unwrap_err().code(), "bad_proof", "{moved:?}");
    }
    let (thief, key) = (sample::did("did:web:thief.example"), SecretKey::from_seed(&[5; 32]));
    let stolen = KeyRotationRequest { issuer: thief.clone(), old: key.public_key().thumbprint(), ..request };
    assert_eq!(sample::open(&stolen.to_payload(), &thief, &key).unwrap_err().code(), "bad_proof");
}

#[test]
fn a_key_is_not_rotated_to_itself_nor_to_a_weak_one() {
    let request = sample::key_rotation_request();
    let key = sample::certifier_key();
    let same = KeyRotationRequest::prove(
        request.id.clone(),
        request.issuer.clone(),
        request.registry.clone(),
        request.asked_at,
        request.old,
        &key,
    );
    assert_eq!(open(&same.unwrap().to_payload()).unwrap_err().code(), "repeated_item");
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = KeyRotationRequest { new: PublicKey::from_bytes(&neutral).unwrap(), ..request };
    assert_eq!(open(&weak.to_payload()).unwrap_err().code(), "bad_key");
}
