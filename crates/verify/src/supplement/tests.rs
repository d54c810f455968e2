use alloc::vec;

use primitives::SecretKey;
use registry::{Accreditor, AccreditorKey, Policy};
use statement::{Origin, sample};
use tlog::{Checkpoint, Quorum};

use super::*;

const ORIGIN: &str = "registry.example";

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

fn trusted(origin: &str, key: &SecretKey) -> TrustedRegistry {
    let accreditor = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
    let did = sample::did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did, name: "Accreditor".into(), threshold: 1, keys: vec![accreditor] }];
    TrustedRegistry {
        policy: Policy { origin: Origin::parse(origin).unwrap(), accreditors, rules: vec![(0, 1)] },
        url: "https://registry.example".into(),
        log_keys: vec![Vkey::log(origin, key.public_key()).unwrap()],
        quorum: Quorum::none(),
        witness_urls: Vec::new(),
        snapshot_max_age_days: 7,
        reports: Default::default(),
    }
}

fn supplement() -> (ClearanceBook, Vec<u8>) {
    let mut book = ClearanceBook::default();
    book.add(41, sample::clearance());
    let at = sample::instant("2026-06-01T00:00:00Z");
    let bytes = sign_supplement(ORIGIN, 42, &book, at, &log_key()).unwrap();
    (book, bytes)
}

#[test]
fn a_supplement_opens_to_what_was_signed() {
    let (book, bytes) = supplement();
    let opened = OpenedSupplement::open(&bytes, &trusted(ORIGIN, &log_key())).unwrap();
    assert_eq!(opened.cleared(), book.cleared());
    assert_eq!((opened.size(), opened.clearances()), (42, 1));
    assert_eq!(opened.produced_at(), sample::instant("2026-06-01T00:00:00Z"));
    assert!(opened.cleared().lot(94_567).unwrap().has(17));
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let (_, bytes) = supplement();
    let registry = trusted(ORIGIN, &log_key());
    for bit in 0..8 * bytes.len() {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = OpenedSupplement::open(&flipped, &registry).unwrap_err();
        assert_ne!(error.code(), "", "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(OpenedSupplement::open(&bytes[..length], &registry).is_err(), "{length}");
    }
    let longer = [bytes.as_slice(), b"\n"].concat();
    let error = OpenedSupplement::open(&longer, &registry).unwrap_err();
    assert_eq!(error.code(), "other_size");
}

#[test]
fn another_key_another_registry_and_another_note_are_refused() {
    let (_, bytes) = supplement();
    let other_key = trusted(ORIGIN, &SecretKey::from_seed(&[8; 32]));
    assert_eq!(OpenedSupplement::open(&bytes, &other_key).unwrap_err().code(), "no_known_signature");
    let elsewhere = trusted("other.example", &log_key());
    assert_eq!(OpenedSupplement::open(&bytes, &elsewhere).unwrap_err().code(), "other_log");
    // The log's key signs checkpoints, too: neither passes for the other.
    let registry = trusted(ORIGIN, &log_key());
    let note = Checkpoint::new(ORIGIN, 0, Hash::of(b"")).unwrap().sign(&log_key()).unwrap().to_string();
    let dressed = format!("{}\n{note}", note.len());
    assert_eq!(OpenedSupplement::open(dressed.as_bytes(), &registry).unwrap_err().code(), "unknown_version");
    let (head, _) = parts(&bytes).unwrap();
    assert!(crate::open_checkpoint(head, &registry).is_err());
    assert!(crate::open_head(head, &registry).is_err());
}

#[test]
fn what_is_signed_and_wrong_is_refused_all_the_same() {
    let registry = trusted(ORIGIN, &log_key());
    let digest = Hash::of(b"x").to_base64();
    for (lines, code) in [
        (format!("42\n1\n{digest}\n0\n2026-06-01T00:00:00Z\n"), "unknown_version"),
        (format!("42\n2\n{digest}\n0\n2026-06-01T00:00:00Z\n"), "other_size"),
        (format!("042\n1\n{digest}\n0\n2026-06-01T00:00:00Z\n"), "supplement_head"),
        (format!("42\n1\n{digest}\n0\n2026-06-01\n"), "supplement_head"),
        (format!("42\n1\n{digest}\n0\n2026-06-01T00:00:00Z\nmore\n"), "supplement_head"),
        ("42\n1\nAAAA\n0\n2026-06-01T00:00:00Z\n".into(), "supplement_head"),
    ] {
        let text = format!("{SUPPLEMENT_VERSION}\n{ORIGIN}\n{lines}");
        let head = Note::sign(&text, ORIGIN, &log_key()).unwrap().to_string();
        let bytes = format!("{}\n{head}x", head.len());
        assert_eq!(OpenedSupplement::open(bytes.as_bytes(), &registry).unwrap_err().code(), code, "{lines}");
    }
}
