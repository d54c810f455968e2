use alloc::string::String;
use alloc::vec::Vec;

use primitives::SecretKey;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::sample::{self, Change, changed};
use crate::{Authentic, Error, Statement, Token};

const GOODS: &str = "/credentialSubject/clearance/goods";

fn open(payload: &[u8]) -> Result<Authentic<Statement>, Error> {
    sample::open(payload, &sample::did("did:web:office.example"), &sample::office_key())
}

fn refused(payload: &[u8], cases: Vec<(Change, &str, &str)>) {
    for (change, code, path) in cases {
        let error = open(&changed(payload, change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{}: {error}", change.0);
        assert!(matches!(&error, Error::Member { path: found, .. } if found == path), "{}: {error}", change.0);
    }
}

#[test]
fn each_defect_of_a_clearance_has_its_reason() {
    let in_goods = |rest: &str| -> &'static str { std::format!("{GOODS}{rest}").leak() };
    let many: Vec<Value> = (0..=500).map(|at| json!({"attestation": at, "quantity": 1, "unit": "C62"})).collect();
    let salt = "/credentialSubject/clearance/salt";
    let goods = "credentialSubject.clearance.goods";
    let at = |rest: &str| -> &'static str { std::format!("{goods}{rest}").leak() };
    refused(
        &sample::clearance().to_payload(),
        alloc::vec![
            (("/validUntil", Some(json!("2027-01-01T00:00:00Z"))), "unknown_member", "validUntil"),
            (("/validFrom", Some(json!("2026-03-03T00:00:00.5Z"))), "not_whole_second", "validFrom"),
            ((salt, None), "missing_member", "credentialSubject.clearance.salt"),
            ((salt, Some(json!("AAAA"))), "wrong_length", "credentialSubject.clearance.salt"),
            ((salt, Some(json!("A".repeat(42) + "B"))), "wrong_length", "credentialSubject.clearance.salt"),
            (("/credentialSubject/clearance/goods", None), "wrong_act", "credentialSubject.clearance"),
            (("/credentialSubject/clearance/undoes", Some(json!(4))), "wrong_act", "credentialSubject.clearance"),
            (("/credentialSubject/clearance/reason", Some(json!("x"))), "wrong_act", "credentialSubject.clearance"),
            ((GOODS, Some(json!([]))), "wrong_count", goods),
            ((GOODS, Some(json!(many))), "too_many_items", goods),
            ((in_goods("/1/attestation"), Some(json!(94567))), "not_ascending", at("[1].attestation")),
            ((in_goods("/0/note"), Some(json!(1))), "unknown_member", at("[0].note")),
            ((in_goods("/0/serials"), None), "nothing_cleared", at("[0]")),
            ((in_goods("/0/serials"), Some(json!([]))), "wrong_count", at("[0].serials")),
            ((in_goods("/0/serials/0"), Some(json!([3]))), "wrong_count", at("[0].serials[0]")),
            ((in_goods("/0/serials/0"), Some(json!([1, 2, 3]))), "too_many_items", at("[0].serials[0]")),
            ((in_goods("/0/serials/0"), Some(json!([0, 2]))), "out_of_range", at("[0].serials[0][0]")),
            ((in_goods("/0/serials/0"), Some(json!([5, 4]))), "not_ascending", at("[0].serials[0]")),
            ((in_goods("/0/serials/1"), Some(json!([10, 12]))), "not_ascending", at("[0].serials[1]")),
            ((in_goods("/1/unit"), None), "missing_member", at("[1].unit")),
            ((in_goods("/1/quantity"), None), "missing_member", at("[1].quantity")),
            ((in_goods("/1/quantity"), Some(json!(0))), "out_of_range", at("[1].quantity")),
            ((in_goods("/1/unit"), Some(json!("kg"))), "unknown_unit", at("[1].unit")),
        ],
    );
}

#[test]
fn an_undoing_has_its_reason_in_words() {
    let undoing = Clearance {
        act: ClearanceAct::Undoes { commitment: 94_600, reason: "Another consignment".into() },
        ..sample::clearance()
    };
    let payload = undoing.to_payload();
    assert_eq!(*open(&payload).unwrap(), Statement::Clearance(undoing));
    let reason = "/credentialSubject/clearance/reason";
    let path = "credentialSubject.clearance.reason";
    refused(
        &payload,
        alloc::vec![
            ((reason, None), "missing_member", path),
            ((reason, Some(json!(""))), "empty_text", path),
            ((reason, Some(json!("é".repeat(201)))), "text_too_long", path),
            (
                ("/credentialSubject/clearance/undoes", Some(json!(-1))),
                "not_plain_integer",
                "credentialSubject.clearance.undoes"
            ),
        ],
    );
}

#[test]
fn each_defect_of_a_commitment_or_request_has_its_reason() {
    let (hash, supplement) = ("/credentialSubject/clearanceHash", "/credentialSubject/supplement");
    refused(
        &sample::commitment().to_payload(),
        alloc::vec![
            ((hash, None), "missing_member", "credentialSubject.clearanceHash"),
            ((hash, Some(json!("AA"))), "wrong_length", "credentialSubject.clearanceHash"),
            (("/credentialSubject/goods", Some(json!([]))), "unknown_member", "credentialSubject.goods"),
        ],
    );
    refused(
        &sample::supplement_request().to_payload(),
        alloc::vec![
            ((supplement, Some(json!("all"))), "unexpected_value", "credentialSubject.supplement"),
            (("/validFrom", None), "missing_member", "validFrom"),
        ],
    );
}

#[test]
fn a_commitment_is_to_the_whole_token() {
    let clearance = sample::clearance();
    let jws = crate::sign(&clearance.to_payload(), &clearance.issuer, &sample::office_key()).unwrap();
    let commitment = ClearanceCommitment::to(&clearance, &jws, "urn:x:1".into());
    assert_eq!(commitment.commitment, Token::parse(jws.as_bytes()).unwrap().jws_hash());
    assert_eq!(*open(&commitment.to_payload()).unwrap(), Statement::ClearanceCommitment(commitment));
}

fn ranges() -> impl Strategy<Value = Vec<SerialRange>> {
    prop::collection::btree_set(1..u32::MAX, 1..12).prop_map(|ends| {
        let ends: Vec<u32> = ends.into_iter().collect();
        ends.chunks(2).map(|two| SerialRange { first: two[0], last: *two.last().unwrap() }).collect()
    })
}

fn arbitrary() -> impl Strategy<Value = Clearance> {
    let unit = prop::sample::select(Unit::all().collect::<Vec<_>>());
    let quantity = (1..u32::MAX, unit).prop_map(|(value, unit)| ClearedQuantity { value, unit });
    let goods = prop_oneof![
        (ranges(), prop::option::of(quantity.clone())),
        quantity.prop_map(|quantity| (Vec::new(), Some(quantity)))
    ];
    let goods = prop::collection::btree_map(any::<u64>(), goods, 1..6).prop_map(|list| {
        let goods = |(attestation, (serials, quantity))| ClearedGoods { attestation, serials, quantity };
        ClearanceAct::Cleared(list.into_iter().map(goods).collect())
    });
    let undoes = (any::<u64>(), "[!-~é日][ -~é日\"\\\\]{0,40}[!-~]")
        .prop_map(|(commitment, reason): (u64, String)| ClearanceAct::Undoes { commitment, reason });
    (any::<[u8; 32]>(), prop_oneof![goods, undoes]).prop_map(|(salt, act)| Clearance {
        salt,
        act,
        ..sample::clearance()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(clearance in arbitrary(), seed: [u8; 32]) {
        let opened = sample::open(&clearance.to_payload(), &clearance.issuer, &SecretKey::from_seed(&seed)).unwrap();
        prop_assert_eq!(&*opened, &Statement::Clearance(clearance));
    }
}
