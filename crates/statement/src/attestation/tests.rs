use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{SecretKey, Signer};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::sample::{self, Change, certifier_key, changed, did};
use crate::{Authentic, Error, Statement};

const STATUS: &str = "/credentialStatus";
const SUBJECT: &str = "/credentialSubject";
const ASSESSMENT: &str = "/credentialSubject/conformityAssessment/0";
const PRODUCT: &str = "/credentialSubject/conformityAssessment/0/assessedProduct/0/product";
const FACILITY: &str = "/credentialSubject/conformityAssessment/0/assessedFacility/0/facility";
const LOT: &str = "/credentialSubject/lot";

fn payload() -> Vec<u8> {
    sample::attestation().to_payload(&certifier_key().public_key().thumbprint())
}

fn open(payload: &[u8]) -> Result<Authentic<Statement>, Error> {
    sample::open(payload, &did("did:web:certifier.example"), &certifier_key())
}

fn read(payload: &[u8]) -> Attestation {
    match open(payload).unwrap().into_inner() {
        Statement::Attestation(attestation) => attestation,
        other @ (Statement::Accreditation(_)
        | Statement::StatusChange(_)
        | Statement::ClearanceCommitment(_)
        | Statement::Clearance(_)
        | Statement::SupplementRequest(_)
        | Statement::ReportsRequest(_)
        | Statement::KeyRotationRequest(_)) => panic!("another kind: {other:?}"),
    }
}

fn at(object: &str, member: &str) -> &'static str {
    format!("{object}/{member}").leak()
}

fn expect(cases: Vec<(Change, &str)>) {
    for (change, code) in cases {
        let error = open(&changed(&payload(), change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{change:?}: {error}");
    }
}

#[test]
fn each_defect_of_the_credential_has_its_reason() {
    let list = |text: &str| Some(json!(text.replace("KEY", &format!("{}", certifier_key().public_key().thumbprint()))));
    let other_key =
        format!("https://registry.example/v1/status/{}/0", sample::accreditor_key().public_key().thumbprint());
    expect(alloc::vec![
        (("/registry", None), "missing_member"),
        (("/registry", Some(json!("Registry.example"))), "bad_origin"),
        (("/registry", Some(json!("other.example"))), "unexpected_value"),
        (("/@context/2", None), "unexpected_value"),
        (("/@context/-", Some(json!("https://more.example/"))), "too_many_items"),
        (("/@context/2", Some(json!({"labels": "urn:x:y"}))), "wrong_type"),
        (("/@context/2", Some(json!("https://other.example/contexts/v1"))), "unexpected_value"),
        (("/@context/1", Some(json!("https://vocabulary.uncefact.org/untp/0.8.0/context/"))), "unexpected_value"),
        (("/@context/0", Some(json!("https://www.w3.org/2018/credentials/v1"))), "unexpected_value"),
        (("/type/-", Some(json!("Other"))), "too_many_items"),
        (("/type/1", None), "unexpected_value"),
        (("/id", Some(json!("9d2c4e0a"))), "bad_uri"),
        (("/id", Some(json!("javascript:alert(1)"))), "bad_uri"),
        (("/evidence", Some(json!([]))), "unknown_member"),
        (("/renderMethod", Some(json!([]))), "unknown_member"),
        (("/issuer/name", None), "wrong_type"),
        (("/validFrom", Some(json!("2026-01-15"))), "bad_time"),
        (("/validUntil", Some(json!("2026-01-15T00:00:00Z"))), "empty_period"),
        (("/validUntil", Some(json!("2150-01-01T00:00:00Z"))), "bad_time"),
        (("/credentialStatus", None), "missing_member"),
        (("/credentialStatus", Some(json!([]))), "wrong_type"),
        ((at(STATUS, "type"), Some(json!("StatusList2021Entry"))), "unexpected_value"),
        ((at(STATUS, "statusPurpose"), Some(json!("revocation"))), "wrong_status_purpose"),
        ((at(STATUS, "statusSize"), Some(json!(1))), "unknown_member"),
        ((at(STATUS, "statusListIndex"), Some(json!(131_072))), "out_of_range"),
        ((at(STATUS, "statusListIndex"), Some(json!("131072"))), "out_of_range"),
        ((at(STATUS, "statusListIndex"), Some(json!(-1))), "not_plain_integer"),
        ((at(STATUS, "statusListIndex"), Some(json!(1.0))), "not_plain_integer"),
        ((at(STATUS, "statusListIndex"), Some(json!("01"))), "not_plain_integer"),
        ((at(STATUS, "statusListIndex"), Some(json!(""))), "not_plain_integer"),
        ((at(STATUS, "statusListIndex"), Some(json!(null))), "wrong_type"),
        ((at(STATUS, "statusListCredential"), list("https://other.example/v1/status/KEY/0")), "foreign_status_list"),
        ((at(STATUS, "statusListCredential"), list("http://registry.example/v1/status/KEY/0")), "foreign_status_list"),
        (
            (at(STATUS, "statusListCredential"), list("https://registry.example/v1/status/KEY/00")),
            "foreign_status_list"
        ),
        (
            (at(STATUS, "statusListCredential"), list("https://registry.example/v1/status/KEY/+0")),
            "foreign_status_list"
        ),
        (
            (at(STATUS, "statusListCredential"), list("https://registry.example/v1/status/KEY/4294967296")),
            "foreign_status_list"
        ),
        ((at(STATUS, "statusListCredential"), list("https://registry.example/v1/status/KEY")), "foreign_status_list"),
        ((at(STATUS, "statusListCredential"), Some(json!(other_key))), "foreign_status_list"),
        ((at(STATUS, "id"), list("https://registry.example/v1/status/KEY/0#1")), "unexpected_value"),
    ]);
}

#[test]
fn each_defect_of_the_subject_has_its_reason() {
    let withheld = |hash: &str, name: &str| Some(json!({"id": format!("ni:///sha-256;{hash}"), "name": name}));
    expect(alloc::vec![
        ((at(SUBJECT, "trustmark"), Some(json!({}))), "unknown_member"),
        ((at(SUBJECT, "id"), None), "missing_member"),
        ((at(SUBJECT, "assessorLevel"), Some(json!("self"))), "unexpected_value"),
        ((at(SUBJECT, "attestationType"), Some(json!("declaration"))), "unexpected_value"),
        ((at(SUBJECT, "issuedToParty/id"), Some(json!("Example Carpets"))), "bad_uri"),
        ((at(SUBJECT, "issuedToParty/name"), Some(json!(""))), "empty_text"),
        ((at(SUBJECT, "issuedToParty/partyAddress"), Some(json!({}))), "unknown_member"),
        ((at(SUBJECT, "issuedToParty"), withheld(&"A".repeat(43), "Example Carpets Ltd")), "unexpected_value"),
        ((at(SUBJECT, "issuedToParty"), withheld(&"A".repeat(42), "Withheld")), "bad_uri"),
        ((at(SUBJECT, "issuedToParty"), withheld(&"B".repeat(43), "Withheld")), "bad_uri"),
        ((at(SUBJECT, "referenceScheme"), None), "missing_member"),
        ((at(SUBJECT, "conformityAssessment"), Some(json!([]))), "no_claim"),
        ((at(SUBJECT, "conformityAssessment"), Some(json!({}))), "wrong_type"),
        ((at(SUBJECT, "conformityAssessment"), Some(json!([{}, {}, {}, {}, {}]))), "missing_member"),
        ((at(SUBJECT, "lot"), None), "missing_member"),
        ((at(LOT, "labels"), Some(json!(0))), "out_of_range"),
        ((at(LOT, "labels"), Some(json!(4_294_967_296_u64))), "out_of_range"),
        ((at(LOT, "labels"), Some(json!(1e2))), "not_plain_integer"),
        ((at(LOT, "labels"), Some(json!("100"))), "wrong_type"),
        ((at(LOT, "quantity"), Some(json!(0))), "out_of_range"),
        ((at(LOT, "quantity"), Some(json!(0.5))), "not_plain_integer"),
        ((at(LOT, "unit"), Some(json!("KG"))), "unknown_unit"),
        ((at(LOT, "scanDays"), Some(json!(0))), "out_of_range"),
        ((at(LOT, "scanDays"), Some(json!(65_536))), "out_of_range"),
        ((at(LOT, "scanDays"), Some(json!(null))), "wrong_type"),
        ((at(LOT, "hsCode"), Some(json!("5701.10"))), "bad_hs_code"),
        ((at(LOT, "countryOfOrigin"), Some(json!("np"))), "bad_country"),
        ((at(LOT, "price"), Some(json!(1))), "unknown_member"),
    ]);
}

#[test]
fn each_defect_of_the_assessment_has_its_reason() {
    let topic =
        |name: &str| json!({"id": format!("https://vocabulary.uncefact.org/conformity-topic/{name}"), "name": "x"});
    expect(alloc::vec![
        ((at(ASSESSMENT, "conformance"), None), "missing_member"),
        ((at(ASSESSMENT, "conformance"), Some(json!(false))), "not_conformant"),
        ((at(ASSESSMENT, "conformance"), Some(json!("true"))), "wrong_type"),
        ((at(ASSESSMENT, "specifiedCondition"), Some(json!(["if"]))), "unknown_member"),
        ((at(ASSESSMENT, "assessedOrganisation"), Some(json!({}))), "unknown_member"),
        ((at(ASSESSMENT, "assessmentDate"), Some(json!("2026-02-30"))), "bad_time"),
        ((at(ASSESSMENT, "conformityTopic"), Some(json!([]))), "metrics_differ"),
        ((at(ASSESSMENT, "conformityTopic/0"), Some(topic("fair-wages"))), "unknown_topic"),
        ((at(ASSESSMENT, "conformityTopic/-"), Some(topic("forced-labor-elimination"))), "metrics_differ"),
        ((at(ASSESSMENT, "assessedPerformance"), Some(json!([]))), "metrics_differ"),
        ((at(ASSESSMENT, "assessedPerformance/0/measure/value"), Some(json!(1))), "incidents"),
        ((at(ASSESSMENT, "assessedPerformance/0/measure/value"), Some(json!(0.0))), "not_plain_integer"),
        ((at(ASSESSMENT, "assessedPerformance/0/measure/value"), Some(json!("0"))), "wrong_type"),
        ((at(ASSESSMENT, "assessedPerformance/0/measure/unit"), Some(json!("P1"))), "unexpected_value"),
        ((at(ASSESSMENT, "assessedPerformance/0/measure/upperTolerance"), Some(json!(5))), "unknown_member"),
        ((at(ASSESSMENT, "assessedPerformance/0/score"), Some(json!({"code": "B"}))), "unknown_member"),
        ((at(ASSESSMENT, "assessedPerformance/0/metric/id"), Some(json!("https://m.example/x"))), "unknown_metric"),
        ((at(ASSESSMENT, "assessmentCriteria"), Some(json!([]))), "criteria_missing"),
        ((at(ASSESSMENT, "assessmentCriteria/1"), None), "criteria_missing"),
        ((at(ASSESSMENT, "assessmentCriteria/0"), None), "criteria_missing"),
        ((at(ASSESSMENT, "assessedProduct"), Some(json!([]))), "wrong_count"),
        ((at(ASSESSMENT, "assessedProduct/-"), Some(json!({}))), "wrong_count"),
        ((at(ASSESSMENT, "assessedProduct/0/idVerifiedByCAB"), Some(json!(false))), "not_verified"),
        ((at(ASSESSMENT, "assessedFacility/0/idVerifiedByCAB"), Some(json!(false))), "not_verified"),
        ((at(PRODUCT, "batchNumber"), Some(json!("OTHER"))), "bad_product_id"),
        ((at(PRODUCT, "batchNumber"), Some(json!("KTM 2026"))), "bad_lot"),
        ((at(PRODUCT, "itemNumber"), Some(json!("1"))), "unknown_member"),
        ((at(PRODUCT, "id"), Some(json!("https://registry.example/01/09521234543214/10/KTM-2026"))), "bad_gtin"),
        (
            (at(PRODUCT, "id"), Some(json!("https://registry.example/01/09521234543213/10/KTM%2D2026"))),
            "bad_product_id"
        ),
        ((at(PRODUCT, "id"), Some(json!("https://registry.example/01/09521234543213"))), "bad_product_id"),
        ((at(PRODUCT, "id"), Some(json!("https://id.gs1.org/10/KTM-2026"))), "bad_product_id"),
        ((at(PRODUCT, "id"), Some(json!("https://registry.example.evil.example/10/KTM-2026"))), "bad_product_id"),
        ((at(PRODUCT, "id"), Some(json!("http://registry.example/10/KTM-2026"))), "bad_product_id"),
        ((at(FACILITY, "name"), Some(json!("Bagmati"))), "bad_facility_name"),
        ((at(FACILITY, "name"), Some(json!("Bagmati, Nepal"))), "bad_facility_name"),
        ((at(FACILITY, "name"), Some(json!(", NP"))), "empty_text"),
        ((at(FACILITY, "name"), Some(json!(format!("{}, NP", "x".repeat(65))))), "text_too_long"),
        ((at(FACILITY, "address"), Some(json!({}))), "unknown_member"),
        ((at(FACILITY, "locationInformation"), Some(json!({}))), "unknown_member"),
    ]);
}

#[test]
fn an_error_says_where() {
    let change = (at(ASSESSMENT, "assessedPerformance/0/measure/value"), Some(json!(3)));
    let error = open(&changed(&payload(), change)).unwrap_err();
    assert_eq!(
        format!("{error}"),
        "credentialSubject.conformityAssessment[0].assessedPerformance[0].measure.value is not 0"
    );
}

#[test]
fn what_may_vary_is_read_alike() {
    let attestation = sample::attestation();
    let normlex = |code: &str| json!({"id": format!("https://www.ilo.org/dyn/normlex/en/f?p=NORMLEXPUB:12100:0::NO::P12100_INSTRUMENT_ID:{code}"), "name": "x"});
    for change in [
        (at(STATUS, "statusListIndex"), Some(json!("94567"))),
        ("/iss", Some(json!("did:web:certifier.example"))),
        ("/type", Some(json!(["VerifiableCredential", "DigitalConformityCredential"]))),
        (at(PRODUCT, "id"), Some(json!("https://id.gs1.org/01/09521234543213/10/KTM-2026"))),
        (at(PRODUCT, "type"), Some(json!(["Product"]))),
        (at(ASSESSMENT, "assessedProduct/0/idVerifiedByCAB"), Some(json!(true))),
        (at(ASSESSMENT, "assessmentCriteria/0"), Some(normlex("312283"))),
        (
            at(ASSESSMENT, "assessmentCriteria/-"),
            Some(json!({"id": "https://scheme.example/rule/1", "name": "Rule 1"})),
        ),
        (at(ASSESSMENT, "evidence"), Some(json!([{"linkURL": "https://e.example", "linkName": "x"}]))),
        (
            at(ASSESSMENT, "conformityTopic/0/id"),
            Some(json!("https://vocabulary.uncefact.org/conformity-topics/youth-protection")),
        ),
        (
            at(ASSESSMENT, "assessedPerformance/0/metric/id"),
            Some(json!("https://vocabulary.uncefact.org/performance-metrics/child-labor-incidents")),
        ),
        (at(SUBJECT, "authorisation"), Some(json!([]))),
        (at(SUBJECT, "assessmentLevel"), Some(json!("authority-peer"))),
        ("/issuingSoftware", Some(json!({}))),
        ("/validFrom", Some(json!("2026-01-15T05:45:00+05:45"))),
    ] {
        assert_eq!(read(&changed(&payload(), change.clone())), attestation, "{change:?}");
    }
}

#[test]
fn the_last_day_is_that_of_the_last_second() {
    for (until, last) in [
        ("2028-01-01T00:00:00Z", "2027-12-31"),
        ("2028-01-01T00:00:00.5Z", "2027-12-31"),
        ("2028-01-01T00:00:01Z", "2028-01-01"),
        ("2027-12-31T23:59:59Z", "2027-12-31"),
        ("2028-01-01T05:45:00+05:45", "2027-12-31"),
    ] {
        let attestation = read(&changed(&payload(), ("/validUntil", Some(json!(until)))));
        assert_eq!(attestation.last_day, sample::day(last), "{until}");
    }
}

#[test]
fn how_often_a_label_is_usually_scanned_may_be_said() {
    for scan_days in [Some(1), Some(60), Some(u16::MAX), None] {
        let attestation = Attestation { scan_days, ..sample::attestation() };
        assert_eq!(read(&attestation.to_payload(&certifier_key().public_key().thumbprint())), attestation);
    }
}

#[test]
fn both_claims_stand_in_one_assessment_or_in_two() {
    let attestation = Attestation { claims: Claims::ALL, ..sample::attestation() };
    let one = attestation.to_payload(&certifier_key().public_key().thumbprint());
    assert_eq!(read(&one), attestation);

    let second = |date: &str, change: Option<Change>| {
        let forced = Attestation {
            claims: Claims::NO_FORCED_LABOUR,
            assessment_date: sample::day(date),
            ..sample::attestation()
        };
        let mut payload = forced.to_payload(&certifier_key().public_key().thumbprint());
        if let Some(change) = change {
            payload = changed(&payload, change);
        }
        let value: Value = serde_json::from_slice(&payload).unwrap();
        value.pointer(ASSESSMENT).cloned()
    };
    let with = |second| changed(&payload(), (at(SUBJECT, "conformityAssessment/-"), second));
    assert_eq!(read(&with(second("2026-01-12", None))), attestation, "the earliest date stands");
    let earlier = Attestation { assessment_date: sample::day("2025-12-24"), ..attestation };
    assert_eq!(read(&with(second("2025-12-24", None))), earlier);
    for change in
        [(at(PRODUCT, "name"), Some(json!("Flat-woven carpet"))), (at(FACILITY, "name"), Some(json!("Gandaki, NP")))]
    {
        let error = open(&with(second("2026-01-10", Some(change)))).unwrap_err();
        assert_eq!(error.code(), "assessments_differ", "{error}");
    }
}

#[test]
fn a_product_needs_no_gtin_and_a_maker_no_name() {
    let attestation = Attestation {
        gtin: None,
        lot: Lot::parse("A/1%").unwrap(),
        maker: Maker::withheld(&[7; 32], "Example Carpets Ltd"),
        registry: Origin::parse("localhost:3000").unwrap(),
        ..sample::attestation()
    };
    let payload = attestation.to_payload(&certifier_key().public_key().thumbprint());
    let text = String::from_utf8(payload.clone()).unwrap();
    assert!(text.contains(r#""id":"http://localhost:3000/10/A%2F1%25""#), "{text}");
    assert!(!text.contains("Example Carpets"));
    assert_eq!(read(&payload), attestation);
}

#[test]
fn the_payload_is_a_digital_conformity_credential() {
    let test = "the_payload_is_a_digital_conformity_credential";
    let Some(schema) = sample::shared_data(test, "untp/schema/dcc.json") else { return };
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let both = Attestation {
        claims: Claims::ALL,
        gtin: None,
        maker: Maker::withheld(&[7; 32], "Example Carpets Ltd"),
        evidence: [EvidenceFile { name: "Audit report".into(), url: None, digest: Hash::of(b"report") }].into(),
        ..sample::attestation()
    };
    for payload in [payload(), both.to_payload(&certifier_key().public_key().thumbprint())] {
        let value: Value = serde_json::from_slice(&payload).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| format!("{error}")).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let broken = changed(&payload, (at(ASSESSMENT, "assessmentDate"), None));
        assert!(!schema.is_valid(&serde_json::from_slice(&broken).unwrap()), "the schema checks something");
    }
}

/// The same attestation as UNTP 0.6 says it, with all that its schema calls for.
fn payload_0_6() -> Vec<u8> {
    let key = certifier_key().public_key().thumbprint();
    let criterion = |code: &str| {
        json!({
            "type": ["Criterion"],
            "id": format!("https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:12100:0::NO::P12100_ILO_CODE:{code}"),
            "name": format!("ILO {code}"), "description": "x", "conformityTopic": "social.labour", "status": "active",
        })
    };
    serde_json::to_vec(&json!({
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://test.uncefact.org/vocabulary/untp/dcc/0.6.0/",
            "https://registry.example/contexts/v1",
        ],
        "id": "urn:uuid:9d2c4e0a-7a53-4b7e-8d0e-3c1f5a3c9b11",
        "registry": "registry.example",
        "issuer": {"type": ["CredentialIssuer"], "id": "did:web:certifier.example", "name": "Example Certifier"},
        "validFrom": "2026-01-15T00:00:00Z",
        "validUntil": "2028-01-01T00:00:00Z",
        "credentialStatus": {
            "type": "BitstringStatusListEntry", "statusPurpose": "suspension", "statusListIndex": "94567",
            "statusListCredential": format!("https://registry.example/v1/status/{key}/0"),
        },
        "credentialSubject": {
            "type": ["ConformityAttestation", "Attestation"],
            "id": "https://certifier.example/attestations/12345",
            "assessorLevel": "3rdParty",
            "assessmentLevel": "Accredited",
            "attestationType": "certification",
            "issuedToParty": {"id": "did:web:maker.example", "name": "Example Carpets Ltd"},
            "scope": {
                "type": ["ConformityScheme"], "id": "https://scheme.example/child-labour-free",
                "name": "Child Labour Free Scheme", "description": "x", "version": "1.0.0", "validFrom": "2020-01-01",
                "owner": {"id": "https://scheme.example", "name": "Scheme"},
            },
            "assessment": [{
                "type": ["ConformityAssessment", "Declaration"],
                "id": "https://certifier.example/attestations/12345/1",
                "assessmentDate": "2026-01-10",
                "assessmentCriteria": [criterion("C138"), criterion("C182")],
                "declaredValue": [{"metricName": "Child Labor Incidents", "metricValue": {"value": 0, "unit": "C62"}}],
                "conformance": true,
                "conformityTopic": "social.labour",
                "assessedProduct": [{
                    "product": {
                        "id": "https://id.gs1.org/01/09521234543213/10/KTM-2026", "name": "Hand-knotted carpet",
                        "batchNumber": "KTM-2026",
                    },
                    "IDverifiedByCAB": true,
                }],
                "assessedFacility": [{
                    "facility": {"id": "https://facilities.example/np/0417", "name": "Bagmati, NP"},
                    "IDverifiedByCAB": true,
                }],
            }],
            "lot": {"hsCode": "570110", "countryOfOrigin": "NP", "labels": 100, "quantity": 100, "unit": "C62"},
        },
    }))
    .unwrap()
}

#[test]
fn the_words_of_0_6_say_the_same() {
    assert_eq!(read(&payload_0_6()), sample::attestation());
    let context = ("/@context/1", Some(json!("https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/")));
    assert_eq!(read(&changed(&payload_0_6(), context)), sample::attestation());
}

#[test]
fn the_words_of_0_6_are_held_to_the_same_rules() {
    let old = "/credentialSubject/assessment/0";
    let cases: Vec<(Change, &str)> = alloc::vec![
        ((at(old, "conformance"), None), "missing_member"),
        ((at(old, "conformance"), Some(json!(false))), "not_conformant"),
        ((at(old, "conformityTopic"), Some(json!("environment.water"))), "unknown_value"),
        ((at(old, "declaredValue"), Some(json!([]))), "no_claim"),
        ((at(old, "declaredValue/0/metricName"), Some(json!("Children"))), "unknown_metric"),
        ((at(old, "declaredValue/0/metricValue/value"), Some(json!(2))), "incidents"),
        ((at(old, "declaredValue/0/accuracy"), Some(json!(0.05))), "unknown_member"),
        ((at(old, "assessmentCriteria/1"), None), "criteria_missing"),
        ((at(old, "assessedProduct/0/IDverifiedByCAB"), Some(json!(false))), "not_verified"),
        ((at(old, "auditor"), Some(json!({"id": "did:web:a.example", "name": "A Person"}))), "unknown_member"),
        ((at(old, "assessmentDate"), None), "missing_member"),
        ((at(SUBJECT, "assessorLevel"), Some(json!("Self"))), "unexpected_value"),
        ((at(SUBJECT, "conformityAssessment"), Some(json!([]))), "unknown_member"),
        (("/@context/1", Some(json!("https://vocabulary.uncefact.org/untp/0.7.0/context/"))), "unknown_member"),
    ];
    for (change, code) in cases {
        let error = open(&changed(&payload_0_6(), change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{change:?}: {error}");
    }
}

#[test]
fn the_sample_of_the_shared_data_lacks_our_terms() {
    let test = "the_sample_of_the_shared_data_lacks_our_terms";
    let Some(sample) = sample::shared_data(test, "untp/samples/minimal-dcc.json") else { return };
    assert_eq!(open(sample.as_bytes()).unwrap_err().code(), "missing_member", "it is for no registry");
}

fn arbitrary() -> impl Strategy<Value = Attestation> {
    let name = "[!-~é日][ -~é日\"\\\\]{0,40}[!-~]";
    let maker = prop_oneof![
        (name, "[a-z]{1,9}").prop_map(|(name, host)| Maker::Named { id: format!("https://{host}.example/"), name }),
        any::<[u8; 32]>().prop_map(|hash| Maker::Withheld { salted_hash: Hash(hash) }),
    ];
    let facility = ("[A-Z]{2}", "[A-Za-z'-]{1,64}").prop_map(|(country, region)| Facility {
        id: "urn:x:y".into(),
        country: sample::country(&country),
        region,
    });
    let lot = "[-A-Za-z0-9!\"%&'()*+,./:;<=>?_]{3,20}".prop_map(|text| Lot::parse(&text).unwrap());
    (
        (name, prop::option::of(0..10_u64.pow(13)), lot, maker, facility),
        ("[A-Z]{2}", "(0[1-9]|[1-9][0-9])[0-9]{0,8}", 1..=3_u8, 1..=u32::MAX, 1..=u32::MAX),
        (prop::sample::select(Unit::all().collect::<Vec<_>>()), any::<u32>(), 0..131_072_u32),
        (0..4_000_000_000_000_u64, 2_000..1_000_000_000_000_u64, any::<u16>()),
        prop::sample::select(alloc::vec!["registry.example", "localhost:3000", "127.0.0.1", "r.example:8443"]),
    )
        .prop_map(|(product, goods, status, (from, length, assessed), origin)| {
            let (valid_from, valid_until) = (Timestamp::from_millis(from), Timestamp::from_millis(from + length));
            let (first_day, last_day) = crate::days(valid_from, valid_until).unwrap();
            Attestation {
                product_name: product.0,
                gtin: product.1.map(|body| {
                    let check = (0..10).find_map(|digit| Gtin::parse(&format!("{body:013}{digit}")).ok());
                    check.unwrap()
                }),
                lot: product.2,
                maker: product.3,
                facility: product.4,
                country: sample::country(&goods.0),
                hs_code: HsCode::parse(&goods.1).unwrap(),
                claims: Claims::from_bits(goods.2).unwrap(),
                labels: goods.3,
                quantity: goods.4,
                unit: status.0,
                slot: StatusSlot { list: status.1, index: status.2 },
                valid_from,
                valid_until,
                first_day,
                last_day,
                assessment_date: Day::from_days(assessed),
                registry: Origin::parse(origin).unwrap(),
                ..sample::attestation()
            }
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(attestation in arbitrary(), seed: [u8; 32]) {
        let key = SecretKey::from_seed(&seed);
        let payload = attestation.to_payload(&key.public_key().thumbprint());
        let opened = sample::open(&payload, &attestation.issuer, &key).unwrap();
        prop_assert_eq!(&*opened, &Statement::Attestation(attestation));
    }
}
