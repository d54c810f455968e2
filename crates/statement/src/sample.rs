//! Statements and keys for tests: one of each kind, of which a test changes what matters to it. (Feature `testing`.)
//!
//! ```
//! use statement::{Attestation, sample};
//!
//! let later = Attestation { last_day: sample::day("2028-12-31"), ..sample::attestation() };
//! assert_eq!(later.issuer, sample::did("did:web:certifier.example"));
//! ```

use alloc::vec::Vec;

use primitives::{Country, Day, SecretKey, Signer as _, Timestamp};

use crate::{
    Accreditation, Action, Attestation, Claims, Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods,
    ClearedQuantity, Compromised, Did, Facility, Gtin, Hotline, HsCode, KeyRotationRequest, Lot, Maker, Origin, Reason,
    ReportId, ReportProgress, ReportUpdate, ReportsRequest, Role, Scheme, Scope, SerialRange, StatusChange, StatusSlot,
    SupplementRequest, Target, Unit,
};

#[cfg(test)]
mod payload;
#[cfg(test)]
pub(crate) use payload::{Change, changed, open, shared_data};

/// The certifier's key.
#[must_use]
pub fn certifier_key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

/// The accreditor's key.
#[must_use]
pub fn accreditor_key() -> SecretKey {
    SecretKey::from_seed(&[2; 32])
}

/// The customs office's key.
#[must_use]
pub fn office_key() -> SecretKey {
    SecretKey::from_seed(&[4; 32])
}

/// A DID.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn did(text: &str) -> Did {
    Did::parse(text).expect("a DID")
}

/// A day, as `2026-01-15`.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// A time of RFC 3339.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn instant(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("a time")
}

/// A country, as `NP`.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn country(text: &str) -> Country {
    Country::parse(text).expect("a country")
}

/// Carpets with all that there can be in an attestation, of one claim.
#[must_use]
pub fn attestation() -> Attestation {
    Attestation {
        id: "urn:uuid:9d2c4e0a-7a53-4b7e-8d0e-3c1f5a3c9b11".into(),
        issuer: did("did:web:certifier.example"),
        issuer_name: "Example Certifier".into(),
        registry: Origin::parse("registry.example").expect("an origin"),
        gtin: Some(Gtin::parse("09521234543213").expect("a GTIN")),
        lot: Lot::parse("KTM-2026").expect("a lot"),
        product_name: "Hand-knotted carpet".into(),
        maker: Maker::Named { id: "did:web:maker.example".into(), name: "Example Carpets Ltd".into() },
        facility: Facility {
            id: "https://facilities.example/np/0417".into(),
            country: country("NP"),
            region: "Bagmati".into(),
        },
        country: country("NP"),
        hs_code: HsCode::parse("570110").expect("an HS code"),
        claims: Claims::NO_CHILD_LABOUR,
        labels: 100,
        quantity: 100,
        unit: Unit::Piece,
        scan_days: None,
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
        evidence: Vec::new(),
    }
}

/// A certifier with one key, one compromised key and a hotline.
#[must_use]
pub fn accreditation() -> Accreditation {
    Accreditation {
        id: "urn:uuid:1b9a5b5e-0f60-4b0c-9a57-6c1f0f2b7c01".into(),
        issuer: did("did:web:accreditor.example"),
        issuer_name: "Example Scheme Authority".into(),
        registry: Origin::parse("registry.example").expect("an origin"),
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
#[must_use]
pub fn status_change() -> StatusChange {
    StatusChange {
        id: "urn:uuid:5f0a9b52-93a2-4c8b-8c33-0a2b6f1d4e02".into(),
        issuer: did("did:web:certifier.example"),
        registry: Origin::parse("registry.example").expect("an origin"),
        action: Action::Suspend,
        target: Target::Attestations([94_567, 94_570].into()),
        reason: Reason::ChildFoundAtWork,
        text: "Unannounced visit on 2 March 2026".into(),
        after: None,
        effective_from: instant("2026-03-03T00:00:00Z"),
    }
}

/// A clearance of some labels of one attestation, and of a quantity of another.
#[must_use]
pub fn clearance() -> Clearance {
    let ranges = [SerialRange { first: 1, last: 10 }, SerialRange { first: 17, last: 17 }];
    let quantity = ClearedQuantity { value: 40, unit: Unit::Piece };
    Clearance {
        id: "urn:uuid:77c1d2f0-51f4-4b7f-9a43-0f5c7a1e9b01".into(),
        issuer: did("did:web:office.example"),
        registry: Origin::parse("registry.example").expect("an origin"),
        cleared_at: instant("2026-03-03T00:00:00Z"),
        salt: [7; 32],
        act: ClearanceAct::Cleared(
            [
                ClearedGoods { attestation: 94_567, serials: ranges.into(), quantity: None },
                ClearedGoods { attestation: 94_570, serials: [].into(), quantity: Some(quantity) },
            ]
            .into(),
        ),
    }
}

/// The commitment to [`clearance`], signed with [`office_key`].
///
/// # Panics
/// Never: the sample can be signed.
#[must_use]
pub fn commitment() -> ClearanceCommitment {
    let clearance = clearance();
    let jws = crate::sign(&clearance.to_payload(), &clearance.issuer, &office_key()).expect("a statement");
    ClearanceCommitment::to(&clearance, &jws, "urn:uuid:77c1d2f0-51f4-4b7f-9a43-0f5c7a1e9b02".into())
}

/// A request for the supplement.
#[must_use]
pub fn supplement_request() -> SupplementRequest {
    SupplementRequest {
        id: "urn:uuid:77c1d2f0-51f4-4b7f-9a43-0f5c7a1e9b03".into(),
        issuer: did("did:web:office.example"),
        registry: Origin::parse("registry.example").expect("an origin"),
        asked_at: instant("2026-03-03T00:00:00Z"),
    }
}

/// A request for reports, which closes one and has begun with another.
#[must_use]
pub fn reports_request() -> ReportsRequest {
    ReportsRequest {
        id: "urn:uuid:77c1d2f0-51f4-4b7f-9a43-0f5c7a1e9b04".into(),
        issuer: did("did:web:accreditor.example"),
        registry: Origin::parse("registry.example").expect("an origin"),
        asked_at: instant("2026-03-03T00:00:00Z"),
        updates: [
            ReportUpdate { report: ReportId([0x1d; 16]), progress: ReportProgress::Closed },
            ReportUpdate { report: ReportId([0xa7; 16]), progress: ReportProgress::InProgress },
        ]
        .into(),
    }
}

/// The certifier asks for the key 0x09 × 32 beside its own.
///
/// # Panics
/// Never: a key in memory signs.
#[must_use]
pub fn key_rotation_request() -> KeyRotationRequest {
    let new = SecretKey::from_seed(&[9; 32]);
    let proved = KeyRotationRequest::prove(
        "urn:uuid:2f3b8f0e-6f0f-4c58-8a4e-5b1f6c7d8e90".into(),
        did("did:web:certifier.example"),
        Origin::parse("registry.example").expect("an origin"),
        instant("2026-03-03T00:00:00Z"),
        certifier_key().public_key().thumbprint(),
        &new,
    );
    proved.expect("a key in memory signs")
}
