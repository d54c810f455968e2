//! Statements and keys for the tests.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Country, Day, SecretKey, Signer, Timestamp};

use crate::{
    Accreditation, Action, Attestation, Authentic, Claims, Compromised, Did, Error, Facility, Gtin, Hotline, HsCode,
    Lot, Maker, Origin, Reason, Role, Scheme, Scope, Statement, StatusChange, StatusSlot, Target, Token, Unit, token,
};

/// The certifier's key.
pub(crate) fn certifier_key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

/// The accreditor's key.
pub(crate) fn accreditor_key() -> SecretKey {
    SecretKey::from_seed(&[2; 32])
}

pub(crate) fn did(text: &str) -> Did {
    Did::parse(text).unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

pub(crate) fn country(text: &str) -> Country {
    Country::parse(text).unwrap()
}

/// Carpets with all that there can be in an attestation, of one claim.
pub(crate) fn attestation() -> Attestation {
    Attestation {
        id: "urn:uuid:9d2c4e0a-7a53-4b7e-8d0e-3c1f5a3c9b11".into(),
        issuer: did("did:web:certifier.example"),
        issuer_name: "Example Certifier".into(),
        registry: Origin::parse("registry.example").unwrap(),
        gtin: Some(Gtin::parse("09521234543213").unwrap()),
        lot: Lot::parse("KTM-2026").unwrap(),
        product_name: "Hand-knotted carpet".into(),
        maker: Maker::Named { id: "did:web:maker.example".into(), name: "Example Carpets Ltd".into() },
        facility: Facility {
            id: "https://facilities.example/np/0417".into(),
            country: country("NP"),
            region: "Bagmati".into(),
        },
        country: country("NP"),
        hs_code: HsCode::parse("570110").unwrap(),
        claims: Claims::NO_CHILD_LABOUR,
        labels: 100,
        quantity: 100,
        unit: Unit::Piece,
        slot: StatusSlot { list: 0, index: 94_567 },
        first_day: day("2026-01-15"),
        last_day: day("2027-12-31"),
        valid_from: instant("2026-01-15T00:00:00Z"),
        valid_until: instant("2028-01-01T00:00:00Z"),
        scheme: Scheme {
            id: "https://scheme.example/child-labour-free".into(),
            name: "Child Labour Free Scheme".into(),
        },
        assessment_date: day("2026-01-10"),
    }
}

/// A certifier with one key, one compromised key and a hotline.
pub(crate) fn accreditation() -> Accreditation {
    Accreditation {
        id: "urn:uuid:1b9a5b5e-0f60-4b0c-9a57-6c1f0f2b7c01".into(),
        issuer: did("did:web:accreditor.example"),
        issuer_name: "Example Scheme Authority".into(),
        registry: Origin::parse("registry.example").unwrap(),
        subject: did("did:web:certifier.example"),
        role: Role::Certifier,
        name: "Example Certifier".into(),
        keys: [certifier_key().public_key()].into(),
        compromised: [Compromised {
            key: SecretKey::from_seed(&[3; 32]).public_key().thumbprint(),
            since: instant("2025-11-03T08:30:00Z"),
        }]
        .into(),
        scope: Scope {
            countries: [country("NP"), country("IN")].into(),
            hs_chapters: [57, 58].into(),
            topics: Claims::ALL,
        },
        first_day: day("2026-01-01"),
        last_day: day("2028-12-31"),
        hotlines: [Hotline { country: country("NP"), language: "ne".into(), contact: "+977 1 5550100".into() }].into(),
        valid_from: instant("2026-01-01T00:00:00Z"),
        valid_until: instant("2029-01-01T00:00:00Z"),
    }
}

/// A suspension of two attestations.
pub(crate) fn status_change() -> StatusChange {
    StatusChange {
        id: "urn:uuid:5f0a9b52-93a2-4c8b-8c33-0a2b6f1d4e02".into(),
        issuer: did("did:web:certifier.example"),
        registry: Origin::parse("registry.example").unwrap(),
        action: Action::Suspend,
        target: Target::Attestations([94_567, 94_570].into()),
        reason: Reason::ChildFoundAtWork,
        text: "Unannounced visit on 2 March 2026".into(),
        after: None,
        effective_from: instant("2026-03-03T00:00:00Z"),
    }
}

/// Signs without looking and opens.
pub(crate) fn open(payload: &[u8], issuer: &Did, key: &SecretKey) -> Result<Authentic<Statement>, Error> {
    let jws = token::envelop(payload, issuer, key).unwrap();
    Token::parse(jws.as_bytes())?.open(&key.public_key())
}

/// What to change in a payload: the member at this JSON pointer is replaced, or taken away.
pub(crate) type Change = (&'static str, Option<serde_json::Value>);

/// The payload with the change made.
pub(crate) fn changed(payload: &[u8], (pointer, value): Change) -> Vec<u8> {
    let mut root: serde_json::Value = serde_json::from_slice(payload).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = root.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match (parent, value) {
        (serde_json::Value::Object(members), Some(value)) => drop(members.insert(name.into(), value)),
        (serde_json::Value::Object(members), None) => drop(members.remove(name).unwrap()),
        (serde_json::Value::Array(items), Some(value)) if name == "-" => items.push(value),
        (serde_json::Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (serde_json::Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
        (other, _) => panic!("{pointer} is in {other}"),
    }
    serde_json::to_vec(&root).unwrap()
}

/// The text of a file under `../shared/data`; `None` where there is no such folder, which in CI is a failure.
pub(crate) fn shared_data(test: &str, path: &str) -> Option<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    match std::fs::read_to_string([root, "/", path].concat()) {
        Ok(text) => Some(text),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{path}: {error}");
            std::println!("left out: {test}: no shared/data");
            None
        }
    }
}
