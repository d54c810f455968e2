//! An accreditor, a certifier and a customs office with fixed keys, and what they sign.

use std::time::SystemTime;

use label::Label;
use primitives::{Day, SecretKey, Signer as _, Timestamp};
use statement::sample::{self, country, did};
use statement::{
    Accreditation, Attestation, Claims, Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, ClearedQuantity,
    Did, Lot, Origin, Role, Scope, Serial, StatusSlot, SupplementRequest, Unit,
};

/// Who signs.
pub struct Parties {
    origin: Origin,
    /// The accreditor's key.
    pub accreditor: SecretKey,
    certifier: SecretKey,
    /// A customs office's key.
    pub office: SecretKey,
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
            office: SecretKey::from_seed(&[3; 32]),
        }
    }

    /// The accreditor's DID.
    ///
    /// # Panics
    /// Never.
    pub fn accreditor_did() -> Did {
        did("did:web:accreditor.example")
    }

    /// The certifier's accreditation, signed.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn accreditation(&self) -> String {
        self.accredit("did:web:certifier.example", Role::Certifier, &self.certifier)
    }

    /// The customs office's accreditation, signed.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn office_accreditation(&self) -> String {
        self.accredit("did:web:office.example", Role::CustomsOffice, &self.office)
    }

    fn accredit(&self, subject: &str, role: Role, key: &SecretKey) -> String {
        let (first_day, last_day) = (today(), days_later(today(), 1000));
        let accreditation = Accreditation {
            issuer: Self::accreditor_did(),
            registry: self.origin.clone(),
            subject: did(subject),
            role,
            keys: vec![key.public_key()],
            compromised: vec![],
            scope: Scope { countries: vec![country("NP")], hs_chapters: vec![57], topics: Claims::NO_CHILD_LABOUR },
            first_day,
            last_day,
            hotlines: vec![],
            valid_from: first_day.first_instant(),
            valid_until: days_later(last_day, 1).first_instant(),
            ..sample::accreditation()
        };
        statement::sign(&accreditation.to_payload(), &accreditation.issuer, &self.accreditor).expect("it signs")
    }

    /// The attestation number `n` of a run, signed: its lot and its status slot are its own.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn attestation(&self, n: u32) -> String {
        let (first_day, last_day) = (today(), days_later(today(), 364));
        let attestation = Attestation {
            id: format!("https://certifier.example/a/{n}"),
            issuer: did("did:web:certifier.example"),
            registry: self.origin.clone(),
            lot: Lot::parse(&format!("L{n}")).expect("a lot"),
            labels: 10,
            quantity: 10,
            slot: StatusSlot { list: n / StatusSlot::LIST_LENGTH, index: n % StatusSlot::LIST_LENGTH },
            first_day,
            last_day,
            valid_from: first_day.first_instant(),
            valid_until: days_later(last_day, 1).first_instant(),
            assessment_date: today(),
            ..sample::attestation()
        };
        let payload = attestation.to_payload(&self.certifier.public_key().thumbprint());
        statement::sign(&payload, &attestation.issuer, &self.certifier).expect("it signs")
    }

    /// A label of the attestation number `n`, whose log index is `index`.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn label(&self, n: u32, index: u64, number: u32) -> String {
        let (gtin, lot) = (sample::attestation().gtin, Lot::parse(&format!("L{n}")).expect("a lot"));
        let serial = Serial::new(Some(index), number).expect("a serial");
        let last_day = days_later(today(), 364);
        let claims = Claims::NO_CHILD_LABOUR;
        let label = Label::sign(self.origin.clone(), gtin, lot, serial, claims, index, last_day, &self.certifier);
        label.expect("it signs").to_uri()
    }

    /// The clearance number `n` of a run, of one piece of an attestation, and the commitment to it; both signed.
    ///
    /// # Panics
    /// When they cannot be signed.
    pub fn clearance(&self, n: u32, attestation: u64) -> (String, String) {
        let mut salt = [0; 32];
        salt[..4].copy_from_slice(&n.to_be_bytes());
        let quantity = Some(ClearedQuantity { value: 1, unit: Unit::Piece });
        let clearance = Clearance {
            id: format!("https://office.example/c/{n}"),
            registry: self.origin.clone(),
            salt,
            act: ClearanceAct::Cleared(vec![ClearedGoods { attestation, serials: vec![], quantity }]),
            ..sample::clearance()
        };
        let jws = statement::sign(&clearance.to_payload(), &clearance.issuer, &self.office).expect("it signs");
        let commitment = ClearanceCommitment::to(&clearance, &jws, format!("https://office.example/m/{n}"));
        let signed = statement::sign(&commitment.to_payload(), &commitment.issuer, &self.office);
        (jws, signed.expect("it signs"))
    }

    /// The office's request for the supplement, signed now.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn supplement_request(&self) -> String {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the clock is right");
        let asked_at = Timestamp::from_seconds(since.as_secs());
        let request = SupplementRequest { registry: self.origin.clone(), asked_at, ..sample::supplement_request() };
        statement::sign(&request.to_payload(), &request.issuer, &self.office).expect("it signs")
    }
}
