use alloc::format;
use alloc::vec::Vec;

use primitives::{SecretKey, Signer, base64};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::sample::{self, Change, changed, did};
use crate::{Authentic, Error, Statement};

const SUBJECT: &str = "/credentialSubject";
const TERMS: &str = "/credentialSubject/accreditedAs";

fn open(payload: &[u8]) -> Result<Authentic<Statement>, Error> {
    sample::open(payload, &did("did:web:accreditor.example"), &sample::accreditor_key())
}

fn at(object: &str, member: &str) -> &'static str {
    format!("{object}/{member}").leak()
}

fn jwk(x: &str) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": x})
}

#[test]
fn each_defect_has_its_reason() {
    let x = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w";
    let keys: Vec<Value> =
        (0..=32).map(|n| jwk(&base64::url_encode(SecretKey::from_seed(&[n; 32]).public_key().as_bytes()))).collect();
    let letters = || (b'A'..=b'Z').map(char::from);
    let countries: Vec<_> = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))).take(301).collect();
    let hotline = json!({"country": "NP", "language": "ne", "contact": "x"});
    let compromised = |since: &str| json!([{"key": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "since": since}]);
    let cases: Vec<(Change, &str)> = alloc::vec![
        (("/credentialStatus", Some(json!({}))), "unknown_member"),
        (("/name", None), "missing_member"),
        (("/validUntil", None), "missing_member"),
        (("/validUntil", Some(json!("2026-01-01T00:00:00Z"))), "empty_period"),
        (("/validUntil", Some(json!("2026-01-01T00:00:00.999Z"))), "empty_period"),
        (("/issuer", Some(json!("did:web:accreditor.example"))), "wrong_type"),
        (("/issuer/name", None), "wrong_type"),
        (("/issuer/url", Some(json!("https://a.example"))), "unknown_member"),
        ((at(SUBJECT, "id"), Some(json!("https://certifier.example"))), "bad_did"),
        ((at(SUBJECT, "id"), Some(json!("did:web:Certifier.example"))), "bad_did"),
        ((at(SUBJECT, "registeredName"), Some(json!("x".repeat(201)))), "text_too_long"),
        ((at(SUBJECT, "registeredName"), Some(json!("Example Certifier\u{a0}"))), "padded_text"),
        ((at(SUBJECT, "registeredDate"), Some(json!("1 January 2026"))), "bad_time"),
        ((at(SUBJECT, "registerType"), Some(json!("business"))), "unexpected_value"),
        ((at(SUBJECT, "registrationScope"), Some(json!([]))), "unknown_member"),
        ((at(SUBJECT, "accreditedAs"), None), "missing_member"),
        ((at(TERMS, "role"), Some(json!("Certifier"))), "unknown_value"),
        ((at(TERMS, "keys"), None), "missing_member"),
        ((at(TERMS, "keys"), Some(json!([jwk(x), jwk(x)]))), "repeated_item"),
        ((at(TERMS, "keys"), Some(json!(keys))), "too_many_items"),
        ((at(TERMS, "keys"), Some(json!([{"kty": "OKP", "crv": "Ed25519", "x": x, "d": x}]))), "private_key"),
        ((at(TERMS, "keys"), Some(json!([{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "1"}]))), "unknown_member"),
        ((at(TERMS, "keys"), Some(json!([{"kty": "OKP", "crv": "X25519", "x": x}]))), "unexpected_value"),
        ((at(TERMS, "keys"), Some(json!([{"kty": "EC", "crv": "Ed25519", "x": x}]))), "unexpected_value"),
        ((at(TERMS, "keys"), Some(json!([jwk("AA")]))), "bad_jwk"),
        ((at(TERMS, "keys"), Some(json!([jwk("iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1x")]))), "bad_jwk"),
        ((at(TERMS, "keys"), Some(json!([jwk("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]))), "bad_key"),
        ((at(TERMS, "compromised"), Some(json!([]))), "wrong_count"),
        ((at(TERMS, "compromised"), Some(compromised("2025-11-03T08:30:00.000Z"))), "not_whole_second"),
        ((at(TERMS, "compromised"), Some(compromised("2025-11-03"))), "bad_time"),
        ((at(TERMS, "compromised"), Some(json!([{"key": "x", "since": "2025-11-03T08:30:00Z"}]))), "bad_thumbprint"),
        ((at(TERMS, "countries"), None), "missing_member"),
        ((at(TERMS, "countries"), Some(json!("NP"))), "wrong_type"),
        ((at(TERMS, "countries"), Some(json!(["NP", "NP"]))), "repeated_item"),
        ((at(TERMS, "countries"), Some(json!(["*"]))), "bad_country"),
        ((at(TERMS, "countries"), Some(json!(countries))), "too_many_items"),
        ((at(TERMS, "hsChapters"), Some(json!([0]))), "out_of_range"),
        ((at(TERMS, "hsChapters"), Some(json!([100]))), "out_of_range"),
        ((at(TERMS, "hsChapters"), Some(json!(["57"]))), "wrong_type"),
        ((at(TERMS, "hsChapters"), Some(json!([57, 57]))), "repeated_item"),
        ((at(TERMS, "topics"), Some(json!(["fair-wages"]))), "unknown_value"),
        ((at(TERMS, "topics"), Some(json!(["youth-protection", "youth-protection"]))), "repeated_item"),
        ((at(TERMS, "hotlines"), Some(json!(alloc::vec![hotline; 65]))), "too_many_items"),
        ((at(TERMS, "hotlines/0/contact"), Some(json!(""))), "empty_text"),
        ((at(TERMS, "hotlines/0/language"), Some(json!("Nepali!"))), "bad_language"),
        ((at(TERMS, "hotlines/0/language"), Some(json!("NE"))), "bad_language"),
        ((at(TERMS, "hotlines/0/name"), Some(json!("x"))), "unknown_member"),
    ];
    let payload = sample::accreditation().to_payload();
    for (change, code) in cases {
        let error = open(&changed(&payload, change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{change:?}: {error}");
    }
}

#[test]
fn a_repeated_compromise_is_refused() {
    let one = json!({"key": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "since": "2025-11-03T08:30:00Z"});
    let two = json!({"key": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "since": "2025-11-04T08:30:00Z"});
    let payload = changed(&sample::accreditation().to_payload(), (at(TERMS, "compromised"), Some(json!([one, two]))));
    let error = open(&payload).unwrap_err();
    assert_eq!(error.code(), "repeated_item");
    assert!(std::format!("{error}").starts_with("credentialSubject.accreditedAs.compromised[1].key "));
}

#[test]
fn weak_keys_are_read_for_the_law_to_refuse() {
    // y = 0, a point of order 4. Whether a key may be accredited depends on more than its form.
    let payload =
        changed(&sample::accreditation().to_payload(), (at(TERMS, "keys"), Some(json!([jwk(&"A".repeat(43))]))));
    let Statement::Accreditation(accreditation) = open(&payload).unwrap().into_inner() else { panic!("another kind") };
    assert!(accreditation.keys[0].accreditable().is_err());
}

#[test]
fn a_party_may_be_left_without_anything() {
    let bare = Accreditation {
        role: Role::CustomsOffice,
        keys: Vec::new(),
        compromised: Vec::new(),
        scope: Scope { countries: Vec::new(), hs_chapters: Vec::new(), topics: Claims::NONE },
        hotlines: Vec::new(),
        ..sample::accreditation()
    };
    assert_eq!(*open(&bare.to_payload()).unwrap(), Statement::Accreditation(bare));
}

#[test]
fn the_payload_is_a_digital_identity_anchor() {
    let Some(schema) = sample::shared_data("the_payload_is_a_digital_identity_anchor", "untp/schema/dia.json") else {
        return;
    };
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let payload = sample::accreditation().to_payload();
    let value: Value = serde_json::from_slice(&payload).unwrap();
    let errors: Vec<_> = schema.iter_errors(&value).map(|error| format!("{error}")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let broken: Value = serde_json::from_slice(&changed(&payload, ("/credentialSubject/registeredId", None))).unwrap();
    assert!(!schema.is_valid(&broken), "the schema checks something");
}

fn arbitrary() -> impl Strategy<Value = Accreditation> {
    let scope = (prop::collection::btree_set("[A-Z]{2}", 0..6), prop::collection::btree_set(1..=99_u8, 0..6), 0..=3_u8)
        .prop_map(|(countries, chapters, topics)| Scope {
            countries: countries.iter().map(|text| Country::parse(text).unwrap()).collect(),
            hs_chapters: chapters.into_iter().collect(),
            topics: Claims::from_bits(topics).unwrap(),
        });
    let hotline =
        ("[A-Z]{2}", "[a-z]{2,3}(-[A-Z]{2})?", "[!-~][ -~]{0,30}[!-~]").prop_map(|(country, language, contact)| {
            Hotline { country: Country::parse(&country).unwrap(), language, contact }
        });
    (
        prop::sample::select(ROLES.to_vec()),
        "[!-~é日][ -~é日\"\\\\]{0,40}[!-~]",
        prop::collection::btree_set(any::<[u8; 32]>(), 0..5),
        prop::collection::vec((any::<[u8; 32]>(), 0..4_000_000_000_u64), 0..4),
        scope,
        prop::collection::vec(hotline, 0..4),
        (0..4_000_000_000_000_u64, 2_000..1_000_000_000_000_u64),
    )
        .prop_map(|((_, role), name, seeds, compromised, scope, hotlines, (from, length))| {
            let (valid_from, valid_until) = (Timestamp::from_millis(from), Timestamp::from_millis(from + length));
            let (first_day, last_day) = crate::days(valid_from, valid_until).unwrap();
            Accreditation {
                role,
                name,
                keys: seeds.iter().map(|seed| SecretKey::from_seed(seed).public_key()).collect(),
                compromised: compromised
                    .into_iter()
                    .map(|(key, since)| Compromised { key: Thumbprint(key), since: Timestamp::from_seconds(since) })
                    .collect(),
                scope,
                hotlines,
                valid_from,
                valid_until,
                first_day,
                last_day,
                ..sample::accreditation()
            }
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(accreditation in arbitrary()) {
        let opened = open(&accreditation.to_payload()).unwrap();
        prop_assert_eq!(&*opened, &Statement::Accreditation(accreditation));
    }
}
