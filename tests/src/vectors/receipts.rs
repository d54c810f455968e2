//! COSE Receipts (RFC 9942), each for one statement and by one key.

use primitives::{Hash, Signer as _, base64};
use serde_json::json;
use tlog::{Receipt, ReceiptClaims};

use super::world::{World, inclusion, index, key, received_at};
use super::{Expected, Part};

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("receipts");
    let (statement, signer) = (world.statement(index::GOOD), key::registry());
    let mut add = |name: &str, about: &str, receipt: &[u8], expected: Expected| {
        let given = [
            ("receipt", json!(base64::encode(receipt))),
            ("statement", json!(statement)),
            ("key", json!(base64::url_encode(signer.public_key().as_bytes()))),
        ];
        part.add(name, about, given, expected);
    };
    let (tree, size) = (world.tree(), world.state.size());
    let root = tlog::root(size, &tree).expect("a tree in memory");
    let claims = ReceiptClaims {
        issuer: "https://registry.example".into(),
        subject: format!("https://registry.example/v1/statements/{}", index::GOOD),
        received_at: received_at(index::GOOD).millis(),
    };
    let made = |claims: &ReceiptClaims, root: Hash, of: u64, hashes: Vec<Hash>, signer: &primitives::SecretKey| {
        Receipt::sign(claims.clone(), (size, root), (of, hashes), signer).expect("a key in memory signs").encode()
    };
    let hashes = || inclusion(&tree, index::GOOD);
    let good = made(&claims, root, index::GOOD, hashes(), &signer);
    add("good", "Nothing is wrong.", &good, Expected::accepted());

    let mut add = |code: &str, name: &str, about: &str, receipt: &[u8]| {
        add(name, about, receipt, Expected::refused(code));
    };
    let swap = |from: &[u8], to: &[u8]| {
        let at = good.windows(from.len()).position(|window| window == from).expect("it is there");
        let (before, after) = good.split_at(at);
        [before, to, after.get(from.len()..).expect("it is there")].concat()
    };
    let stranger = made(&claims, root, index::GOOD, hashes(), &key::stranger());
    add("other_key", "key-of-another", "Signed by another key, which its key id says.", &stranger);
    let other_root = made(&claims, Hash([7; 32]), index::GOOD, hashes(), &signer);
    add("bad_signature", "signature-of-another-root", "Another root was signed.", &other_root);
    let moved = made(&claims, root, 3, inclusion(&tree, 3), &signer);
    add("bad_signature", "proof-of-another-entry", "The proof of another entry.", &moved);
    let earlier = ReceiptClaims { received_at: claims.received_at - 60_000, ..claims.clone() };
    let earlier = made(&earlier, root, index::GOOD, hashes(), &signer);
    add("bad_signature", "claims-backdated", "An earlier time of receipt: the leaf is another one.", &earlier);
    let iat =
        |millis: u64| [&[0x06, 0x1a][..], &u32::try_from(millis / 1000).expect("in 32 bits").to_be_bytes()].concat();
    let differ = swap(&iat(claims.received_at), &iat(claims.received_at + 1000));
    add("times_differ", "claims-two-times", "iat is another second than received_at.", &differ);
    let cut = made(&claims, root, index::GOOD, hashes().into_iter().skip(1).collect(), &signer);
    add("proof_length", "proof-cut", "A hash too few.", &cut);
    let beyond = made(&claims, root, size, hashes(), &signer);
    add("index_beyond_size", "proof-beyond-the-log", "An index that the tree does not reach.", &beyond);
    add("wrong_algorithm", "header-es256", "Another algorithm.", &swap(&[0x01, 0x27, 0x04], &[0x01, 0x26, 0x04]));
    let ccf = swap(&[0x19, 0x01, 0x8b, 0x01], &[0x19, 0x01, 0x8b, 0x02]);
    add("wrong_data_structure", "header-ccf", "Another kind of tree.", &ccf);
    // nil before the signature gives way to a byte string.
    let attached = swap(&[0xf6, 0x58, 0x40], &[&[0x58, 0x20][..], &root.0, &[0x58, 0x40]].concat());
    add("attached_payload", "payload-attached", "The root is in it: nothing ties it to the leaf.", &attached);
    add("not_deterministic", "cbor-trailing", "A byte after the end.", &[good.as_slice(), &[0]].concat());
    let long = swap(&[0xd2, 0x84], &[0xd2, 0x98, 0x04]);
    add("not_deterministic", "cbor-long-form", "A length in two bytes where one would do.", &long);
    let tag = swap(&[0xd2, 0x84], &[0xd1, 0x84]);
    add("receipt_form", "cbor-other-tag", "COSE_Mac0's tag.", &tag);
    add("receipt_form", "cbor-no-tag", "No tag.", good.get(1..).expect("bytes"));
    add("receipt_form", "cbor-cut", "The last byte is missing.", good.get(..good.len() - 1).expect("bytes"));
    add("receipt_form", "cbor-empty", "Nothing.", &[]);
    add("receipt_too_large", "cbor-too-large", "4,097 bytes.", &[0xd2; 4097]);
    part
}
