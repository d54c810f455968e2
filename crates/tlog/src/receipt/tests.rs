use alloc::format;
use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use minicbor::Encoder;
use minicbor::data::Tag;
use primitives::{Hash, SecretKey, Signer as _};

use super::{Receipt, ReceiptClaims, ReceiptError, cose_key_thumbprint};
use crate::{MemoryTree, ProofError, leaf_hash};

fn key() -> SecretKey {
    SecretKey::from_seed(&[5; 32])
}

fn tree(size: u8) -> MemoryTree {
    (0..size).map(|leaf| leaf_hash(&[leaf])).collect()
}

fn claims(index: u64) -> ReceiptClaims {
    ReceiptClaims {
        issuer: "https://registry.example".into(),
        subject: format!("https://registry.example/v1/statements/{index}"),
        received_at: 1_768_435_200_123,
    }
}

fn receipt(index: u64, size: u8) -> Receipt {
    let tree = tree(size);
    let root = crate::root(size.into(), &tree).unwrap();
    let hashes = crate::inclusion_proof(index, size.into(), &tree).unwrap();
    Receipt::sign(claims(index), (size.into(), root), (index, hashes), &key()).unwrap()
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&[u8::try_from(index).unwrap()])
}

#[test]
fn every_leaf_of_every_small_tree_has_a_receipt() {
    for size in 1..=17 {
        for index in 0..u64::from(size) {
            let bytes = receipt(index, size).encode();
            let verified = Receipt::parse(&bytes).unwrap().verify(&leaf(index), &key().public_key()).unwrap();
            assert_eq!(verified.root(), crate::root(size.into(), &tree(size)).unwrap());
            assert_eq!((verified.index(), verified.size(), verified.claims()), (index, size.into(), &claims(index)));
        }
    }
}

/// The bytes of RFC 8949's diagnostic notation in the module's documentation, written by hand.
#[test]
fn the_bytes_are_those_of_the_specification() {
    let bytes = receipt(0, 1).encode();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<alloc::string::String>();
    let kid = hex(&cose_key_thumbprint(&key().public_key()).0);
    let text = |text: &str| hex(text.as_bytes());
    let protected = format!(
        "a401270458 20{kid} 0fa4 017818{} 02782a{} 061a6968 2e00 6b{} 1b0000019bbef3b07b 19018b01",
        text("https://registry.example"),
        text("https://registry.example/v1/statements/0"),
        text("received_at")
    );
    let protected = protected.replace(' ', "").replace("02782a", "027828");
    let length = protected.len() / 2;
    let expected = format!("d28458{length:02x}{protected}a119018ca12081 44 83010080 f65840").replace(' ', "");
    assert_eq!(hex(&bytes[..bytes.len() - 64]), expected);
}

#[test]
fn a_receipt_is_for_one_leaf_and_by_one_key() {
    let receipt = receipt(3, 7);
    let (right, public) = (leaf(3), key().public_key());
    assert_eq!(receipt.clone().verify(&leaf(4), &public), Err(ReceiptError::BadSignature));
    let stranger = SecretKey::from_seed(&[6; 32]).public_key();
    assert_eq!(receipt.clone().verify(&right, &stranger), Err(ReceiptError::OtherKey));
    let renamed = Receipt { key: cose_key_thumbprint(&stranger), ..receipt.clone() };
    assert_eq!(renamed.verify(&right, &stranger), Err(ReceiptError::BadSignature));
    let beyond = Receipt { index: 7, ..receipt.clone() };
    assert!(matches!(beyond.verify(&right, &public), Err(ReceiptError::Proof(ProofError::IndexBeyondSize { .. }))));
    let mut cut = receipt.clone();
    cut.hashes.pop();
    assert!(matches!(cut.verify(&right, &public), Err(ReceiptError::Proof(ProofError::Length { .. }))));
    // What is signed beside the root.
    let mut claims = receipt.claims.clone();
    claims.received_at += 1;
    assert_eq!(Receipt { claims, ..receipt }.verify(&right, &public), Err(ReceiptError::BadSignature));
}

#[test]
fn no_bit_can_be_changed() {
    let bytes = receipt(3, 7).encode();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            let opened = Receipt::parse(&flipped).and_then(|receipt| receipt.verify(&leaf(3), &key().public_key()));
            // Size and hashes are not signed, the root that they give is; no other size gives it with as many hashes in a tree of 7
            // but those that walk the same way.
            if let Ok(opened) = opened {
                assert_eq!(opened.index(), 3, "byte {place}, bit {bit}");
                assert_eq!(opened.root(), crate::root(7, &tree(7)).unwrap(), "byte {place}, bit {bit}");
            }
        }
        assert!(Receipt::parse(&bytes[..place]).is_err(), "cut to {place}");
    }
}

/// A receipt put together from the parts that a test changes.
fn assembled(protected: &[u8], proof: &[u8], attached: Option<&[u8]>) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    out.tag(Tag::new(18)).unwrap().array(4).unwrap().bytes(protected).unwrap();
    out.map(1).unwrap().i64(396).unwrap().map(1).unwrap().i64(-1).unwrap().array(1).unwrap().bytes(proof).unwrap();
    match attached {
        Some(payload) => out.bytes(payload).unwrap(),
        None => out.null().unwrap(),
    };
    out.bytes(&[0; 64]).unwrap();
    out.into_writer()
}

#[test]
fn each_defect_has_its_reason() {
    let good = receipt(0, 1);
    let (protected, proof) = (good.protected(), vec![0x83, 1, 0, 0x80]);
    let reason = |bytes: &[u8]| Receipt::parse(bytes).unwrap_err();
    assert!(Receipt::parse(&assembled(&protected, &proof, None)).is_ok());

    let replaced = |from: &[u8], to: &[u8]| {
        let at = protected.windows(from.len()).position(|window| window == from).unwrap();
        [&protected[..at], to, &protected[at + from.len()..]].concat()
    };
    let es256 = replaced(&[0x01, 0x27, 0x04], &[0x01, 0x26, 0x04]);
    assert_eq!(reason(&assembled(&es256, &proof, None)), ReceiptError::Algorithm(-7));
    let ccf = replaced(&[0x19, 0x01, 0x8b, 0x01], &[0x19, 0x01, 0x8b, 0x02]);
    assert_eq!(reason(&assembled(&ccf, &proof, None)), ReceiptError::DataStructure(2));
    assert_eq!(reason(&assembled(&protected, &proof, Some(&[0; 32]))), ReceiptError::Attached);
    let later = replaced(&[0x06, 0x1a, 0x69, 0x68, 0x2e, 0x00], &[0x06, 0x1a, 0x69, 0x68, 0x2e, 0x01]);
    assert_eq!(reason(&assembled(&later, &proof, None)), ReceiptError::TimesDiffer);

    // Other spellings of the same: longer integers, indefinite lengths, something after it.
    let long_index = [0x83, 0x01, 0x18, 0x00, 0x80];
    assert_eq!(reason(&assembled(&protected, &long_index, None)), ReceiptError::NotDeterministic);
    let trailing = [proof.as_slice(), &[0]].concat();
    assert_eq!(reason(&assembled(&protected, &trailing, None)), ReceiptError::NotDeterministic);
    let bytes = good.encode();
    assert_eq!(reason(&[bytes.as_slice(), &[0xf6]].concat()), ReceiptError::NotDeterministic);
    let mut indefinite = [0x83, 1, 0].to_vec();
    indefinite.extend([0x9f, 0xff]);
    assert!(matches!(reason(&assembled(&protected, &indefinite, None)), ReceiptError::Form(_)));

    let many = [&[0x83, 1, 0, 0x98, 65][..], &[0x40; 65]].concat();
    assert!(matches!(reason(&assembled(&protected, &many, None)), ReceiptError::Form(_)));
    let huge = [0x83, 1, 0, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(matches!(reason(&assembled(&protected, &huge, None)), ReceiptError::Form(_)));
    let short = [0x83, 1, 0, 0x81, 0x41, 0];
    assert!(matches!(reason(&assembled(&protected, &short, None)), ReceiptError::Form(_)));
    assert_eq!(reason(&vec![0xd2; 4097]), ReceiptError::TooLarge(4097));
    assert!(matches!(reason(b""), ReceiptError::Form(_)));
    // A COSE_Sign1 without its tag, and one with another.
    assert!(matches!(reason(&bytes[1..]), ReceiptError::Form(_)));
    let other_tag = [&[0xd1], &bytes[1..]].concat();
    assert!(matches!(reason(&other_tag), ReceiptError::Form(_)));
    // A subject that would act on a terminal.
    let escape = replaced(b"statements/0", b"statements/\x1b");
    assert!(matches!(reason(&assembled(&escape, &proof, None)), ReceiptError::Form(_)));
    assert_eq!(reason(&other_tag).code(), "receipt_form");
    assert!(reason(&other_tag).to_string().contains("RFC 9942"));
}
