use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use primitives::{SecretKey, Signer as _, Timestamp};
use registry::{Accreditor, AccreditorKey, Policy};
use statement::{Entry, Origin, sample};
use tlog::{Checkpoint, Quorum, Vkey};
use verify::{ClearanceBook, TrustedRegistry};

use super::*;
use crate::{Memory, Shelf, ShelfError};

const ORIGIN: &str = "registry.example";

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

/// A registry that gives one answer to everything, and remembers what it was asked.
struct Fake {
    registry: TrustedRegistry,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    fn answering(status: u16, body: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    reader.read_line(&mut head).unwrap();
                }
                let lower = head.to_lowercase();
                let length = lower.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
                let mut sent = vec![0; length.parse().unwrap()];
                reader.read_exact(&mut sent).unwrap();
                log.lock().unwrap().push(format!("{head}{}", String::from_utf8(sent).unwrap()));
                let head =
                    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
            }
        });
        let key = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
        let did = sample::did("did:web:accreditor.example");
        let accreditors = vec![Accreditor { did, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
        let registry = TrustedRegistry {
            policy: Policy { origin: Origin::parse(ORIGIN).unwrap(), accreditors, rules: vec![(0, 1)] },
            url,
            log_keys: vec![Vkey::log(ORIGIN, log_key().public_key()).unwrap()],
            quorum: Quorum::none(),
            witness_urls: Vec::new(),
            snapshot_max_age_days: 7,
            reports: Default::default(),
        };
        Self { registry, asked }
    }
}

/// A proof that this statement is the first entry of the log.
fn proof(jws: &str) -> String {
    let received = sample::instant("2026-06-01T00:00:00Z");
    let leaf = tlog::leaf_hash(&Entry::encode(received, jws.as_bytes()));
    let checkpoint = Checkpoint::new(ORIGIN, 1, leaf).unwrap().sign(&log_key()).unwrap().to_string();
    tlog::encode_proof(0, &[], &received.millis().to_be_bytes(), &checkpoint)
}

fn signed() -> (String, String) {
    let clearance = sample::clearance();
    let jws = statement::sign(&clearance.to_payload(), &clearance.issuer, &sample::office_key()).unwrap();
    let commitment = sample::commitment();
    (jws, statement::sign(&commitment.to_payload(), &commitment.issuer, &sample::office_key()).unwrap())
}

fn answer(commitment: &str, unit: &str) -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!({
        "index": 0, "receivedAt": "2026-06-01T00:00:00Z", "proof": proof(commitment), "truncated": false,
        "overlaps": [{"attestation": 7, "earlier": 5, "serials": [[1, 3], [9, 9]]}],
        "overQuantity": [{"attestation": 7, "cleared": 120, "attested": 100, "unit": unit}],
    }))
    .unwrap()
}

#[test]
fn a_clearance_is_sent_with_its_commitment_and_the_receipt_is_checked() {
    let (clearance, commitment) = signed();
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::answering(201, answer(&commitment, "C62"));
    let told = Registry::new(&fake.registry, Memory::new(folder.path())).clear(&clearance, &commitment).unwrap();
    assert_eq!((told.receipt.index, told.receipt.repeated, told.truncated), (0, false, false));
    let before = ClearedBefore { attestation: 7, earlier: 5, serials: vec![(1, 3), (9, 9)] };
    let over = OverQuantity { attestation: 7, cleared: 120, attested: 100, unit: Unit::Piece };
    assert_eq!((told.overlaps, told.over_quantity), (vec![before], vec![over]));
    let asked = fake.asked.lock().unwrap().remove(0);
    assert!(asked.starts_with("POST /v1/clearances HTTP/1.1\r\n") && asked.contains(&clearance), "{asked}");
    let fake = Fake::answering(200, answer(&commitment, "C62"));
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    assert!(registry.clear(&clearance, &commitment).unwrap().receipt.repeated);
}

#[test]
fn a_receipt_for_something_else_and_an_answer_of_another_kind_are_refused() {
    let (clearance, commitment) = signed();
    for (body, evidence) in [
        (answer(&clearance, "C62"), true),
        (answer(&commitment, "kilos"), false),
        (b"{}".to_vec(), false),
        (b"[".to_vec(), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let fake = Fake::answering(201, body);
        let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
        let error = registry.clear(&clearance, &commitment).unwrap_err();
        assert_eq!(matches!(error, Error::Evidence { .. }), evidence, "{error}");
        assert_eq!(matches!(error, Error::Answer { .. }), !evidence, "{error}");
    }
}

fn bytes(size: u64, minute: u64) -> Vec<u8> {
    let mut book = ClearanceBook::default();
    book.add(0, sample::clearance());
    let at = Timestamp::from_seconds(1_800_000_000 + 60 * minute);
    verify::sign_supplement(ORIGIN, size, &book, at, &log_key()).unwrap()
}

fn fetch(bytes: Vec<u8>) -> (TrustedRegistry, Result<Supplement, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::answering(200, bytes);
    let fetched = Registry::new(&fake.registry, Memory::new(folder.path())).supplement("a.b.c");
    (fake.registry, fetched)
}

#[test]
fn a_supplement_is_kept_beside_the_snapshot_and_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path());
    let (registry, first) = fetch(bytes(20, 5));
    assert_eq!(shelf.supplement(&registry).unwrap(), None);
    shelf.keep_supplement(&registry, &first.unwrap()).unwrap();
    assert!(shelf.supplement(&registry).unwrap().unwrap().cleared().lot(94_567).unwrap().has(17));
    for (size, minute) in [(19, 9), (20, 4)] {
        let older = fetch(bytes(size, minute)).1.unwrap();
        let error = shelf.keep_supplement(&registry, &older).unwrap_err();
        assert!(matches!(error, ShelfError::OlderSupplement { kept: 20, .. }), "{error}");
    }
    for (size, minute) in [(20, 5), (20, 6), (21, 6)] {
        shelf.keep_supplement(&registry, &fetch(bytes(size, minute)).1.unwrap()).unwrap();
        assert_eq!(shelf.supplement(&registry).unwrap().unwrap().size(), size);
    }
}

#[test]
fn a_damaged_supplement_is_told_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path());
    let (registry, fetched) = fetch(bytes(20, 5));
    let supplement = fetched.unwrap();
    shelf.keep_supplement(&registry, &supplement).unwrap();
    let file = folder.path().join(ORIGIN).join("supplement");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "nobody else's business");
    }
    let mut damaged = std::fs::read(&file).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(&file, damaged).unwrap();
    let error = shelf.supplement(&registry).unwrap_err();
    assert!(
        matches!(&error, ShelfError::UnusableSupplement { error, .. } if error.code() == "wrong_digest"),
        "{error}"
    );
    shelf.keep_supplement(&registry, &supplement).unwrap();
    assert_eq!(shelf.supplement(&registry).unwrap().as_ref(), Some(supplement.opened()));
}

#[test]
fn a_supplement_that_its_registry_did_not_sign_is_refused() {
    let mut forged = bytes(20, 5);
    let last = forged.len() - 1;
    forged[last] ^= 1;
    for bytes in [forged, b"not found".to_vec(), vec![]] {
        let error = fetch(bytes).1.unwrap_err();
        assert!(matches!(error, Error::Supplement { .. }), "{error}");
        assert_eq!(error.reason(), verify::Reason::NoStatus);
    }
}
