//! Bitstring Status List credentials: the log, as other verifiers read it.

use std::io::Read as _;

use primitives::{PublicKey, Signer as _, base64};
use serde_json::Value;
use statement::{Action, Token};

use crate::parties::{certifier_key, sign_change_with};
use crate::world::{ORIGIN, World};

/// The list that attestations of the certifier name, checked under the key of the DID document: its claims, and its bits.
fn list(world: &World) -> (Value, Vec<u8>) {
    let answer = world.get(&format!("/v1/status/{}/0", certifier_key().public_key().thumbprint()));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/vc+jwt")), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("public, max-age=1"));
    let did = world.get("/.well-known/did.json").json();
    let x = base64::url_decode(did["verificationMethod"][0]["publicKeyJwk"]["x"].as_str().unwrap()).unwrap();
    let key = PublicKey::from_bytes(&x.try_into().unwrap()).unwrap();
    let token = Token::parse_credential(answer.text().as_bytes()).unwrap();
    let credential = token.open_credential(&key).unwrap();
    let claims: Value = serde_json::from_str(&credential.payload).unwrap();
    assert_eq!(claims["type"], serde_json::json!(["VerifiableCredential", "BitstringStatusListCredential"]));
    let text = claims["credentialSubject"]["encodedList"].as_str().unwrap().strip_prefix('u').unwrap();
    let mut bits = Vec::new();
    flate2::read::GzDecoder::new(&*base64::url_decode(text).unwrap()).read_to_end(&mut bits).unwrap();
    (claims, bits)
}

fn is_set(bits: &[u8], index: u32) -> bool {
    bits[index as usize / 8] & (0x80 >> (index % 8)) != 0
}

#[test]
fn a_bit_follows_the_log() {
    let world = World::with_attestation();
    assert_eq!(world.attest(9), 2);
    let (claims, bits) = list(&world);
    assert_eq!((bits.len(), bits.iter().any(|byte| *byte != 0)), (16_384, false));
    let thumbprint = certifier_key().public_key().thumbprint();
    assert_eq!(claims["id"], format!("https://{ORIGIN}/v1/status/{thumbprint}/0"));
    assert_eq!(claims["issuer"], format!("did:web:{ORIGIN}"));
    let suspended = world.change(Action::Suspend, 2, None);
    let (_, bits) = list(&world);
    assert!(is_set(&bits, 9) && bits.iter().map(|byte| byte.count_ones()).sum::<u32>() == 1);
    world.change(Action::Reinstate, 2, Some(suspended));
    assert!(list(&world).1.iter().all(|byte| *byte == 0));
    world.change(Action::Withdraw, 1, None);
    let (_, bits) = list(&world);
    assert!(is_set(&bits, 0) && !is_set(&bits, 9));
}

#[test]
fn a_suspended_certifier_has_no_attestation_that_stands() {
    let world = World::with_attestation();
    let mut change = world.parties.change(Action::Suspend, 1, None);
    let accreditation = world.parties.accreditation();
    change.issuer = accreditation.issuer.clone();
    change.target = statement::Target::Party(accreditation.subject);
    assert_eq!(world.post(&sign_change_with(&change, &crate::parties::accreditor_key())).status, 201);
    assert!(list(&world).1.iter().all(|byte| *byte == 0xff));
}

#[test]
fn lists_that_nobody_names_are_not_there() {
    let world = World::with_attestation();
    let thumbprint = certifier_key().public_key().thumbprint();
    let other = primitives::SecretKey::from_seed(&[99; 32]).public_key().thumbprint();
    for path in [
        format!("{thumbprint}/1"),
        format!("{thumbprint}/00"),
        format!("{thumbprint}/4294967296"),
        format!("{thumbprint}/x"),
        format!("{other}/0"),
        "x/0".to_owned(),
    ] {
        assert_eq!(world.get(&format!("/v1/status/{path}")).status, 404, "{path}");
    }
}
