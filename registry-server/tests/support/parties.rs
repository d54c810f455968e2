//! An accreditor and a certifier with their keys, and what they sign.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use label::Label;
use primitives::{SecretKey, Signer, Timestamp};
use statement::sample::{self, country, did};
use statement::{
    Accreditation, Action, Attestation, Claims, Gtin, Lot, Origin, Scope, Serial, StatusChange, StatusSlot, Target,
};

pub(crate) const ACCREDITOR: &str = "did:web:accreditor.example";
pub(crate) const CERTIFIER: &str = "did:web:certifier.example";
pub(crate) const GTIN: &str = "09521234543213";
pub(crate) const LOT: &str = "KTM-2026";

const DAY_MILLIS: u64 = 86_400_000;

pub(crate) fn accreditor_key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

pub(crate) fn certifier_key() -> SecretKey {
    SecretKey::from_seed(&[2; 32])
}

pub(crate) fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Timestamp::from_millis(u64::try_from(now).unwrap())
}

/// Midnight, some days from today.
pub(crate) fn midnight(days: i64) -> Timestamp {
    let today = i64::from(now().day().days());
    Timestamp::from_millis(u64::try_from(today + days).unwrap() * DAY_MILLIS)
}

/// The statements of one registry's parties.
#[derive(Clone)]
pub(crate) struct Parties {
    pub(crate) origin: Origin,
}

impl Parties {
    pub(crate) fn new(origin: &str) -> Self {
        Self { origin: Origin::parse(origin).unwrap() }
    }

    /// The arguments of `init` for this registry; the accreditor's public key is written beside the data.
    pub(crate) fn init_arguments(&self, folder: &Path) -> (PathBuf, Vec<String>) {
        let (data, key) = (folder.join("data"), folder.join("accreditor.jwk"));
        std::fs::write(&key, accreditor_key().public_key().to_jwk()).unwrap();
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let arguments = [
            "registry-server",
            "init",
            "--data",
            &text(&data),
            "--origin",
            self.origin.as_str(),
            "--accreditor-did",
            ACCREDITOR,
            "--accreditor-name",
            "Example Scheme Authority",
            "--accreditor-key",
            &text(&key),
        ];
        (data, arguments.into_iter().map(str::to_owned).collect())
    }

    /// The certifier's accreditation.
    pub(crate) fn accreditation(&self) -> Accreditation {
        let (valid_from, valid_until) = (midnight(-2), midnight(900));
        let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
        Accreditation {
            issuer: did(ACCREDITOR),
            issuer_name: "Example Scheme Authority".into(),
            registry: self.origin.clone(),
            subject: did(CERTIFIER),
            name: "Example Certifier".into(),
            keys: vec![certifier_key().public_key()],
            compromised: vec![],
            scope: Scope { countries: vec![country("NP")], hs_chapters: vec![57], topics: Claims::NO_CHILD_LABOUR },
            first_day,
            last_day,
            hotlines: vec![],
            valid_from,
            valid_until,
            ..sample::accreditation()
        }
    }

    /// A lot of a hundred carpets in this status slot.
    pub(crate) fn attestation(&self, slot: u32) -> Attestation {
        let (valid_from, valid_until) = (midnight(-1), midnight(300));
        let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
        Attestation {
            id: format!("urn:uuid:3f0ba5b2-26d0-4a3a-9d61-{slot:012}"),
            issuer: did(CERTIFIER),
            registry: self.origin.clone(),
            gtin: Some(Gtin::parse(GTIN).unwrap()),
            lot: Lot::parse(LOT).unwrap(),
            product_name: "Hand-knotted carpet".into(),
            slot: StatusSlot { list: slot / StatusSlot::LIST_LENGTH, index: slot % StatusSlot::LIST_LENGTH },
            first_day,
            last_day,
            valid_from,
            valid_until,
            assessment_date: first_day,
            ..sample::attestation()
        }
    }

    /// A change of the status of one attestation by its certifier, at once.
    pub(crate) fn change(&self, action: Action, index: u64, after: Option<u64>) -> StatusChange {
        StatusChange {
            issuer: did(CERTIFIER),
            registry: self.origin.clone(),
            action,
            target: Target::Attestations(vec![index]),
            after,
            effective_from: midnight(-1),
            ..sample::status_change()
        }
    }

    /// A label of an attestation of [`Parties::attestation`].
    pub(crate) fn label(&self, index: u64, number: u32) -> Label {
        self.label_of(&self.attestation(0), index, number, &certifier_key())
    }

    pub(crate) fn label_of(&self, of: &Attestation, index: u64, number: u32, key: &SecretKey) -> Label {
        let (gtin, lot, serial) = (of.gtin, of.lot.clone(), Serial::new(Some(index), number).unwrap());
        Label::sign(self.origin.clone(), gtin, lot, serial, of.claims, index, of.last_day, key).unwrap()
    }
}

pub(crate) fn sign_accreditation(accreditation: &Accreditation) -> String {
    statement::sign(&accreditation.to_payload(), &accreditation.issuer, &accreditor_key()).unwrap()
}

pub(crate) fn sign_attestation(attestation: &Attestation, key: &SecretKey) -> String {
    let payload = attestation.to_payload(&key.public_key().thumbprint());
    statement::sign(&payload, &attestation.issuer, key).unwrap()
}

pub(crate) fn sign_change(change: &StatusChange) -> String {
    sign_change_with(change, &certifier_key())
}

pub(crate) fn sign_change_with(change: &StatusChange, key: &SecretKey) -> String {
    statement::sign(&change.to_payload(), &change.issuer, key).unwrap()
}
