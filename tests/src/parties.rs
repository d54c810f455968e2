//! An accreditor and a certifier with fixed keys, and what they sign.

use std::time::SystemTime;

use primitives::{Country, Day, SecretKey, Signer as _, Timestamp};
use statement::{
    Accreditation, Attestation, Claims, Did, Facility, Gtin, HsCode, Lot, Maker, Origin, Role, Scheme, Scope,
    StatusSlot, Unit,
};

/// Who signs.
pub struct Parties {
    origin: Origin,
    /// The accreditor's key.
    pub accreditor: SecretKey,
    certifier: SecretKey,
}

/// Today, by this machine's clock.
///
/// # Panics
/// When the clock is before 1970.
pub fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the clock is right");
    Timestamp::from_seconds(since.as_secs()).day()
}

fn days_later(day: Day, days: u16) -> Day {
    Day::from_days(day.days() + days)
}

impl Parties {
    /// For a registry of this origin.
    ///
    /// # Panics
    /// When the origin is none.
    pub fn new(origin: &str) -> Self {
        Self {
            origin: Origin::parse(origin).expect("an origin"),
            accreditor: SecretKey::from_seed(&[1; 32]),
            certifier: SecretKey::from_seed(&[2; 32]),
        }
    }

    /// The accreditor's DID.
    ///
    /// # Panics
    /// Never.
    pub fn accreditor_did() -> Did {
        Did::parse("did:web:accreditor.example").expect("a DID")
    }

    /// The certifier's accreditation, signed.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn accreditation(&self) -> String {
        let (first_day, last_day) = (today(), days_later(today(), 1000));
        let accreditation = Accreditation {
            id: "https://accreditor.example/accreditations/1".into(),
            issuer: Self::accreditor_did(),
            issuer_name: "Accreditor".into(),
            registry: self.origin.clone(),
            subject: Did::parse("did:web:certifier.example").expect("a DID"),
            role: Role::Certifier,
            name: "Certifier".into(),
            keys: vec![self.certifier.public_key()],
            compromised: vec![],
            scope: Scope {
                countries: vec![Country::parse("NP").expect("a country")],
                hs_chapters: vec![57],
                topics: Claims::NO_CHILD_LABOUR,
            },
            first_day,
            last_day,
            hotlines: vec![],
            valid_from: first_day.first_instant(),
            valid_until: days_later(last_day, 1).first_instant(),
        };
        statement::sign(&accreditation.to_payload(), &accreditation.issuer, &self.accreditor).expect("it signs")
    }

    /// The attestation number `n` of a run, signed: its lot and its status slot are its own.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn attestation(&self, n: u32) -> String {
        let (first_day, last_day) = (today(), days_later(today(), 364));
        let country = Country::parse("NP").expect("a country");
        let attestation = Attestation {
            id: format!("https://certifier.example/a/{n}"),
            issuer: Did::parse("did:web:certifier.example").expect("a DID"),
            issuer_name: "Certifier".into(),
            registry: self.origin.clone(),
            gtin: Some(Gtin::parse("09521234543213").expect("a GTIN")),
            lot: Lot::parse(&format!("L{n}")).expect("a lot"),
            product_name: "Carpet".into(),
            maker: Maker::Named { id: "https://maker.example".into(), name: "Maker".into() },
            facility: Facility { id: "https://maker.example/1".into(), country, region: "Bagmati".into() },
            country,
            hs_code: HsCode::parse("570110").expect("an HS code"),
            claims: Claims::NO_CHILD_LABOUR,
            labels: 10,
            quantity: 10,
            unit: Unit::Piece,
            slot: StatusSlot { list: n / StatusSlot::LIST_LENGTH, index: n % StatusSlot::LIST_LENGTH },
            first_day,
            last_day,
            valid_from: first_day.first_instant(),
            valid_until: days_later(last_day, 1).first_instant(),
            scheme: Scheme { id: "https://scheme.example".into(), name: "Scheme".into() },
            assessment_date: today(),
        };
        let payload = attestation.to_payload(&self.certifier.public_key().thumbprint());
        statement::sign(&payload, &attestation.issuer, &self.certifier).expect("it signs")
    }
}
