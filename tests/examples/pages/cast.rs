//! Who signs: certifiers with keys of their own, and their statements and labels.

use label::Label;
use primitives::{Day, SecretKey, Signer as _, Timestamp, base64};
use statement::sample::{self, country, did};
use statement::{
    Accreditation, Action, Attestation, Claims, Compromised, Did, Lot, Reason, Role, Scope, Serial, StatusChange,
    StatusSlot, Target,
};
use tests::{Parties, today};

use crate::site::Site;

/// A certifier.
pub(crate) struct Certifier<'a> {
    site: &'a Site,
    pub(crate) did: Did,
    pub(crate) name: String,
    key: SecretKey,
}

/// A day so many days from today.
pub(crate) fn in_days(days: i32) -> Day {
    let day = i32::from(today().days()) + days;
    Day::from_days(u16::try_from(day).expect("a day near today"))
}

impl<'a> Certifier<'a> {
    /// One that is not accredited yet; `seed` makes its key.
    pub(crate) fn new(site: &'a Site, host: &str, name: &str, seed: u8) -> Self {
        Self { site, did: did(&format!("did:web:{host}")), name: name.into(), key: SecretKey::from_seed(&[seed; 32]) }
    }

    /// The accreditation with its present key.
    pub(crate) fn accreditation(&self) -> Accreditation {
        Accreditation {
            id: format!("https://accreditor.example/{}", self.did),
            issuer: Parties::accreditor_did(),
            issuer_name: "Fair Rugs Authority".into(),
            registry: self.site.origin.clone(),
            subject: self.did.clone(),
            role: Role::Certifier,
            name: self.name.clone(),
            keys: vec![self.key.public_key()],
            compromised: vec![],
            scope: Scope {
                countries: ["IN", "NP", "PK"].map(country).into(),
                hs_chapters: vec![57, 58, 62],
                topics: Claims::ALL,
            },
            first_day: in_days(-40),
            last_day: in_days(900),
            valid_from: in_days(-40).first_instant(),
            valid_until: in_days(901).first_instant(),
            ..sample::accreditation()
        }
    }

    /// The accreditation, signed, whatever stands in it: the registry shall judge it, not our own checks before signing.
    pub(crate) fn signed_accreditation(&self) -> String {
        sign(&self.accreditation().to_payload(), &Parties::accreditor_did(), &self.site.parties.accreditor)
    }

    pub(crate) fn accredit(&self) {
        self.site.register(&self.signed_accreditation());
    }

    /// Tells that the key is stolen from now on, and takes another one.
    pub(crate) fn lose_key(&self, seed: u8) {
        // The law counts in seconds, and what was attested in the second of the theft counts as the thief's.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is right");
        let since = Timestamp::from_seconds(since.as_secs());
        let later = Accreditation {
            id: format!("https://accreditor.example/{}/2", self.did),
            keys: vec![SecretKey::from_seed(&[seed; 32]).public_key()],
            compromised: vec![Compromised { key: self.key.public_key().thumbprint(), since }],
            first_day: in_days(-1),
            valid_from: in_days(-1).first_instant(),
            ..self.accreditation()
        };
        self.site.register(&sign(&later.to_payload(), &Parties::accreditor_did(), &self.site.parties.accreditor));
    }

    /// An attestation with a lot and a status slot of its own.
    pub(crate) fn attestation(&self, slot: u32, lot: &str) -> Attestation {
        Attestation {
            id: format!("https://{}/a/{slot}", self.did.as_str().trim_start_matches("did:web:")),
            issuer: self.did.clone(),
            issuer_name: self.name.clone(),
            registry: self.site.origin.clone(),
            lot: Lot::parse(lot).expect("a lot"),
            slot: StatusSlot { list: 0, index: slot },
            first_day: in_days(-1),
            last_day: in_days(364),
            valid_from: in_days(-1).first_instant(),
            valid_until: in_days(365).first_instant(),
            assessment_date: in_days(-10),
            ..sample::attestation()
        }
    }

    /// The attestation, signed, whatever stands in it.
    pub(crate) fn sign(&self, attestation: &Attestation) -> String {
        sign(&attestation.to_payload(&self.key.public_key().thumbprint()), &self.did, &self.key)
    }

    /// Registers it; gives its index.
    pub(crate) fn attest(&self, attestation: &Attestation) -> u64 {
        self.site.register(&self.sign(attestation))
    }

    /// Suspends or withdraws an attestation that nobody changed before.
    pub(crate) fn change(&self, action: Action, index: u64, reason: Reason) {
        let change = StatusChange {
            id: format!("https://{}/s/{index}", self.did.as_str().trim_start_matches("did:web:")),
            issuer: self.did.clone(),
            registry: self.site.origin.clone(),
            action,
            target: Target::Attestations(vec![index]),
            reason,
            effective_from: in_days(-1).first_instant(),
            ..sample::status_change()
        };
        self.site.register(&sign(&change.to_payload(), &self.did, &self.key));
    }

    /// A label of an attestation.
    pub(crate) fn label(&self, of: &Attestation, index: u64, number: u32) -> String {
        self.label_until(of, index, number, of.last_day)
    }

    /// A label with a last day of its own.
    pub(crate) fn label_until(&self, of: &Attestation, index: u64, number: u32, last_day: Day) -> String {
        let serial = Serial::new(Some(index), number).expect("a serial");
        let origin = of.registry.clone();
        let label = Label::sign(origin, of.gtin, of.lot.clone(), serial, of.claims, index, last_day, &self.key);
        label.expect("it signs").to_uri()
    }
}

/// Signs without looking: `statement::sign` refuses what a hostile issuer would send.
fn sign(payload: &[u8], issuer: &Did, key: &SecretKey) -> String {
    let kid = format!("{issuer}#{}", key.public_key().thumbprint());
    let header = serde_json::json!({ "alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": kid }).to_string();
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = key.sign(signed.as_bytes()).expect("a key in memory signs");
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}
