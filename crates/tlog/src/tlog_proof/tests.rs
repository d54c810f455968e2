use alloc::format;
use alloc::string::String;
use alloc::vec;

use primitives::SecretKey;
use proptest::prelude::*;

use super::*;
use crate::{Checkpoint, MemoryTree, inclusion_proof, leaf_hash, root};

const ORIGIN: &str = "registry.example";

fn secret() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn keys() -> [Vkey; 1] {
    use primitives::Signer;
    [Vkey::log(ORIGIN, secret().public_key()).unwrap()]
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

fn proof_text(index: u64, size: u64, extra: &[u8]) -> String {
    let tree: MemoryTree = (0..size).map(leaf).collect();
    let checkpoint = Checkpoint::new(ORIGIN, size, root(size, &tree).unwrap()).unwrap();
    let hashes = inclusion_proof(index, size, &tree).unwrap();
    encode_proof(index, &hashes, extra, &checkpoint.sign(&secret()).unwrap().to_string())
}

#[test]
fn a_proof_is_read_checked_and_written_alike() {
    for (index, size, extra) in [(0, 1, &b""[..]), (0, 2, b"12345678"), (123, 1000, b"\0"), (999, 1000, b"")] {
        let text = proof_text(index, size, extra);
        let proof = Proof::parse(text.as_bytes()).unwrap();
        assert_eq!((proof.index(), proof.extra()), (index, extra));
        assert_eq!(proof.to_string(), text);
        let included = proof.verify(&leaf(index), &keys()).unwrap();
        assert_eq!((included.leaf(), included.index()), (leaf(index), index));
        assert_eq!((included.checkpoint().origin(), included.checkpoint().size()), (ORIGIN, size));
        assert_eq!(proof.checkpoint(), included.checkpoint().note());
    }
}

#[test]
fn extra_is_left_out_where_there_is_nothing() {
    assert!(proof_text(0, 1, b"").starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nregistry.example\n1\n"));
    assert!(proof_text(0, 1, b"ab").starts_with("c2sp.org/tlog-proof@v1\nextra YWI=\nindex 0\n\n"));
}

#[test]
fn everything_that_is_no_proof_is_refused_with_its_reason() {
    let good = proof_text(2, 5, b"ab");
    assert!(Proof::parse(good.as_bytes()).is_ok());
    let hash = leaf(0).to_base64();
    let replace = |from: &str, to: &str| {
        assert!(good.contains(from));
        good.replacen(from, to, 1)
    };
    for (text, code) in [
        (String::new(), "proof_header"),
        (replace("@v1", "@v2"), "proof_header"),
        (replace("@v1\n", "@v1\r\n"), "proof_header"),
        (format!("\n{good}"), "proof_header"),
        ("c2sp.org/tlog-proof@v1".into(), "proof_header"),
        ("c2sp.org/tlog-proof@v1\n".into(), "proof_index"),
        ("c2sp.org/tlog-proof@v1\nextra YWI=\n".into(), "proof_index"),
        (replace("extra YWI=\n", "extra \n"), "proof_extra"),
        (replace("extra YWI=\n", "extra YWI\n"), "proof_extra"),
        (replace("extra YWI=\n", "extra YWJ=\n"), "proof_extra"),
        (replace("extra YWI=\n", "extra  YWI=\n"), "proof_extra"),
        (replace("extra YWI=\n", "extra YWI= \n"), "proof_extra"),
        (replace("extra YWI=\n", "extra\n"), "proof_index"),
        (replace("extra YWI=\n", "extra YWI=\nextra YWI=\n"), "proof_index"),
        (replace("extra YWI=\n", "other\n"), "proof_index"),
        (replace("index 2", "index 02"), "proof_index"),
        (replace("index 2", "index +2"), "proof_index"),
        (replace("index 2", "index -2"), "proof_index"),
        (replace("index 2", "index 2 "), "proof_index"),
        (replace("index 2", "index"), "proof_index"),
        (replace("index 2", "Index 2"), "proof_index"),
        (replace("index 2", "index 18446744073709551616"), "proof_index"),
        (replace("index 2\n", "index 2\nAAAA\n"), "proof_hash"),
        (replace("index 2\n", &format!("index 2\n{hash} \n")), "proof_hash"),
        (replace("index 2\n", &format!("index 2\n{}\n", &hash[..43])), "proof_hash"),
        (replace("index 2\n", "index 2\nextra YWI=\n"), "proof_hash"),
        (replace("index 2\n", &format!("index 2\n{}", format!("{hash}\n").repeat(65))), "proof_too_many_hashes"),
        (good.lines().take(4).map(|line| format!("{line}\n")).collect(), "proof_no_empty_line"),
        (replace("index 2\n", "index 2\n\n"), "checkpoint_size"), // the hashes become lines of the checkpoint
        (replace("registry.example\n5\n", "registry.example\n05\n"), "checkpoint_size"),
        (good.trim_end().into(), "note_unterminated"),
        (format!("{good}\n"), "note_no_signature"),
        (replace("registry.example", "registry\texample"), "note_control_character"),
    ] {
        let found = Proof::parse(text.as_bytes()).map_err(|error| error.code());
        assert_eq!(found.map(|proof| proof.to_string()), Err(code), "{text:?}");
    }
    assert_eq!(Proof::parse(b"\xff").map_err(|error| error.code()), Err("proof_not_utf8"));
}

#[test]
fn sizes_are_limited() {
    let large = vec![b'x'; MAX_PROOF_SIZE + 1];
    assert_eq!(Proof::parse(&large).map_err(|error| error.code()), Err("proof_too_large"));
    let text = proof_text(0, 1, &vec![7; MAX_EXTRA_SIZE]);
    assert!(Proof::parse(text.as_bytes()).is_ok());
    let text = proof_text(0, 1, &vec![7; MAX_EXTRA_SIZE + 1]);
    let error = Proof::parse(text.as_bytes()).unwrap_err();
    assert_eq!(error, ProofFormatError::ExtraTooLarge { found: MAX_EXTRA_SIZE + 1 });
    assert_eq!(error.code(), "proof_extra_too_large");
}

#[test]
fn a_proof_of_something_else_is_refused_with_its_reason() {
    let good = proof_text(2, 5, b"");
    let refused = |text: &str, index: u64, keys: &[Vkey]| {
        let proof = Proof::parse(text.as_bytes()).unwrap();
        proof.verify(&leaf(index), keys).map(|included| included.index()).map_err(|error| error.code())
    };
    assert_eq!(refused(&good, 2, &keys()), Ok(2));
    assert_eq!(refused(&good, 3, &keys()), Err("root_mismatch"));
    assert_eq!(refused(&good.replace("index 2", "index 3"), 2, &keys()), Err("root_mismatch"));
    assert_eq!(refused(&good.replace("index 2", "index 4"), 2, &keys()), Err("proof_length"));
    assert_eq!(refused(&good.replace("index 2", "index 5"), 2, &keys()), Err("index_beyond_size"));
    assert_eq!(refused(&good, 2, &[]), Err("no_known_signature"));
    assert_eq!(refused(&good.replace("\n5\n", "\n6\n"), 2, &keys()), Err("bad_signature"));

    let hashes: Vec<String> = good.lines().skip(2).take(3).map(ToString::to_string).collect();
    for line in hashes {
        let mut hash = Hash::from_base64(&line).unwrap();
        hash.0[5] ^= 8;
        assert_eq!(refused(&good.replace(&line, &hash.to_base64()), 2, &keys()), Err("root_mismatch"));
        assert_eq!(refused(&good.replace(&format!("{line}\n"), ""), 2, &keys()), Err("proof_length"));
    }
}

#[test]
fn extra_is_not_authenticated() {
    let text = proof_text(2, 5, b"ab").replace("YWI=", "YWM=");
    let proof = Proof::parse(text.as_bytes()).unwrap();
    assert_eq!(proof.extra(), b"ac");
    assert!(proof.verify(&leaf(2), &keys()).is_ok(), "whoever uses it must rebuild the leaf with it");
}

proptest! {
    #[test]
    fn what_is_written_is_read(index: u64, hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..=64), extra: Vec<u8>) {
        let checkpoint = Checkpoint::new(ORIGIN, 7, leaf(0)).unwrap().sign(&secret()).unwrap();
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let text = encode_proof(index, &hashes, &extra, &checkpoint.to_string());
        let proof = Proof::parse(text.as_bytes()).unwrap();
        prop_assert_eq!((proof.index(), proof.hashes(), proof.extra()), (index, &hashes[..], &extra[..]));
        prop_assert_eq!(proof.to_string(), text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut: prop::sample::Index, byte: u8) {
        let _ = Proof::parse(&bytes);
        let mut bytes = proof_text(2, 5, b"ab").into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        if let Ok(proof) = Proof::parse(&bytes) {
            prop_assert_eq!(proof.to_string().into_bytes(), bytes);
        }
    }
}
