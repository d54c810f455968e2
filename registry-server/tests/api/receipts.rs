//! COSE Receipts: under the key that the registry publishes, for the entry as the log holds it.

use primitives::{PublicKey, Timestamp, base64};
use statement::Entry;
use tlog::{Receipt, ReceiptError, cose_key_set, leaf_hash};

use crate::world::World;

/// The key of the DID document, which has to be the one of the COSE Key Set too.
fn key(world: &World) -> PublicKey {
    let did = world.get("/.well-known/did.json").json();
    let x = base64::url_decode(did["verificationMethod"][0]["publicKeyJwk"]["x"].as_str().unwrap()).unwrap();
    let key = PublicKey::from_bytes(&x.try_into().unwrap()).unwrap();
    let keys = world.get("/.well-known/scitt-keys");
    assert_eq!((keys.status, keys.header("content-type")), (200, Some("application/cose-key-set")));
    assert_eq!(keys.body, cose_key_set(&[key]));
    key
}

#[test]
fn a_receipt_proves_an_entry_under_the_published_key() {
    let world = World::with_attestation();
    let key = key(&world);
    for index in 0..2 {
        let answer = world.get(&format!("/v1/statements/{index}/receipt"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/scitt-receipt+cose")));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let receipt = Receipt::parse(&answer.body).unwrap();
        assert_eq!(receipt.claims().issuer, "https://registry.example");
        assert_eq!(receipt.claims().subject, format!("https://registry.example/v1/statements/{index}"));
        let stored = world.get(&format!("/v1/statements/{index}")).json();
        let received_at = Timestamp::from_millis(receipt.claims().received_at);
        assert_eq!(stored["receivedAt"], received_at.to_string());
        let entry = Entry::encode(received_at, stored["statement"].as_str().unwrap().as_bytes());
        let verified = receipt.clone().verify(&leaf_hash(&entry), &key).unwrap();
        let checkpoint = world.get("/checkpoint").text().to_owned();
        assert_eq!(checkpoint.lines().nth(2), Some(verified.root().to_base64().as_str()));
        assert_eq!(receipt.verify(&leaf_hash(b"another entry"), &key), Err(ReceiptError::BadSignature));
    }
    for (target, status, code) in [
        ("/v1/statements/2/receipt", 404, "unknown_index"),
        ("/v1/statements/18446744073709551615/receipt", 404, "unknown_index"),
        ("/v1/statements/01/receipt", 400, "bad_index"),
    ] {
        let answer = world.get(target);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{target}");
    }
}
