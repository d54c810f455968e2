use alloc::string::String;
use alloc::vec::Vec;

use primitives::SecretKey;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::sample::{self, Change, changed, did, instant};
use crate::{Authentic, Error, Statement};

const CHANGE: &str = "/credentialSubject/statusChange";

fn open(payload: &[u8]) -> Result<Authentic<Statement>, Error> {
    sample::open(payload, &did("did:web:certifier.example"), &sample::certifier_key())
}

fn at(member: &'static str) -> &'static str {
    std::format!("{CHANGE}/{member}").leak()
}

#[test]
fn each_defect_has_its_reason() {
    let many: Vec<u64> = (0..=1000).collect();
    let cases: Vec<(Change, &str, &str)> = alloc::vec![
        (("/credentialSubject/id", Some(json!("urn:x:y"))), "unknown_member", "credentialSubject.id"),
        (("/validUntil", Some(json!("2027-01-01T00:00:00Z"))), "unknown_member", "validUntil"),
        (("/validFrom", None), "missing_member", "validFrom"),
        (("/validFrom", Some(json!("2026-03-03T00:00:00.5Z"))), "not_whole_second", "validFrom"),
        (("/validFrom", Some(json!("2026-03-03T00:00:00.0001Z"))), "not_whole_second", "validFrom"),
        (("/validFrom", Some(json!("2026-03-03"))), "bad_time", "validFrom"),
        ((at("note"), Some(json!("x"))), "unknown_member", "credentialSubject.statusChange.note"),
        ((at("action"), Some(json!("revoke"))), "unknown_value", "credentialSubject.statusChange.action"),
        ((at("reason"), Some(json!("because"))), "unknown_value", "credentialSubject.statusChange.reason"),
        ((at("text"), Some(json!(""))), "empty_text", "credentialSubject.statusChange.text"),
        ((at("text"), Some(json!("é".repeat(201)))), "text_too_long", "credentialSubject.statusChange.text"),
        ((at("text"), Some(json!(" padded"))), "padded_text", "credentialSubject.statusChange.text"),
        ((at("after"), None), "missing_member", "credentialSubject.statusChange.after"),
        ((at("after"), Some(json!(-1))), "not_plain_integer", "credentialSubject.statusChange.after"),
        ((at("after"), Some(json!(1.0))), "not_plain_integer", "credentialSubject.statusChange.after"),
        ((at("after"), Some(json!("7"))), "wrong_type", "credentialSubject.statusChange.after"),
        ((at("attestations"), None), "wrong_target", "credentialSubject.statusChange"),
        ((at("party"), Some(json!("did:web:x.example"))), "wrong_target", "credentialSubject.statusChange"),
        ((at("attestations"), Some(json!([]))), "wrong_count", "credentialSubject.statusChange.attestations"),
        ((at("attestations"), Some(json!([2, 1]))), "not_ascending", "credentialSubject.statusChange.attestations[1]"),
        ((at("attestations"), Some(json!([2, 2]))), "not_ascending", "credentialSubject.statusChange.attestations[1]"),
        (
            (at("attestations"), Some(json!([1e3]))),
            "not_plain_integer",
            "credentialSubject.statusChange.attestations[0]"
        ),
        ((at("attestations"), Some(json!(many))), "too_many_items", "credentialSubject.statusChange.attestations"),
    ];
    let payload = sample::status_change().to_payload();
    for (change, code, path) in cases {
        let error = open(&changed(&payload, change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{change:?}: {error}");
        assert!(matches!(&error, Error::Member { path: found, .. } if found == path), "{change:?}: {error}");
    }
}

#[test]
fn a_party_is_a_target_and_needs_no_text() {
    let change = StatusChange {
        target: Target::Party(did("did:web:other.example")),
        text: String::new(),
        after: Some(u64::MAX),
        ..sample::status_change()
    };
    assert_eq!(*open(&change.to_payload()).unwrap(), Statement::StatusChange(change));
}

#[test]
fn the_issuer_may_have_a_name() {
    let issuer = json!({"id": "did:web:certifier.example", "name": "Example Certifier"});
    let payload = changed(&sample::status_change().to_payload(), ("/issuer", Some(issuer)));
    assert_eq!(*open(&payload).unwrap(), Statement::StatusChange(sample::status_change()));
}

#[test]
fn codes_lead_back() {
    for (code, reason) in REASONS {
        assert_eq!((reason.code(), Reason::from_code(code)), (code, Some(reason)));
    }
    assert_eq!(Action::Withdraw.code(), "withdraw");
    assert_eq!(Reason::from_code("Fraud"), None);
}

fn arbitrary() -> impl Strategy<Value = StatusChange> {
    (
        prop::sample::select(ACTIONS.to_vec()),
        prop_oneof![
            prop::collection::btree_set(any::<u64>(), 1..20)
                .prop_map(|set| Target::Attestations(set.into_iter().collect())),
            "did:web:[a-z]{1,9}\\.example".prop_map(|text| Target::Party(did(&text))),
        ],
        prop::sample::select(REASONS.to_vec()),
        "([!-~é日][ -~é日\"\\\\]{0,40}[!-~])?",
        any::<Option<u64>>(),
        0..4_000_000_000_u64,
    )
        .prop_map(|((_, action), target, (_, reason), text, after, seconds)| StatusChange {
            action,
            target,
            reason,
            text,
            after,
            effective_from: Timestamp::from_seconds(seconds),
            ..sample::status_change()
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(change in arbitrary(), seed: [u8; 32]) {
        let key = SecretKey::from_seed(&seed);
        let opened = sample::open(&change.to_payload(), &change.issuer, &key).unwrap();
        prop_assert_eq!(&*opened, &Statement::StatusChange(change));
    }
}

#[test]
fn instants_are_written_in_utc() {
    let payload = String::from_utf8(sample::status_change().to_payload()).unwrap();
    assert!(payload.contains(r#""validFrom":"2026-03-03T00:00:00Z""#));
    let offset = changed(payload.as_bytes(), ("/validFrom", Some(json!("2026-03-03T05:45:00+05:45"))));
    let Statement::StatusChange(change) = open(&offset).unwrap().into_inner() else { panic!("another kind") };
    assert_eq!(change.effective_from, instant("2026-03-03T00:00:00Z"));
}
