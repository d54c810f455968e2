//! What a verdict tells about a label and its attestation, ready to show and to serialise.
//!
//! Text here came from outside: it is escaped where it goes, not here.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use label::Label;
use serde::{Serialize, Serializer, ser::SerializeSeq};
use statement::{Attestation, Claims, EvidenceFile, Maker};

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelFacts {
    /// The registry that it names.
    pub origin: String,
    /// Log index of the attestation that it names.
    pub index: u64,
    /// GTIN-14, where the product has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// Lot.
    pub lot: String,
    /// Serial as printed.
    pub serial: String,
    /// What it claims.
    #[serde(serialize_with = "claims")]
    pub claims: Claims,
    /// Its own last day, `YYYY-MM-DD`.
    pub last_day: String,
}

/// What an attestation says, and who stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Its log index.
    pub index: u64,
    /// The product's name.
    pub product: String,
    /// GTIN-14, where the product has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// Lot.
    pub lot: String,
    /// What is attested.
    #[serde(serialize_with = "claims")]
    pub claims: Claims,
    /// The maker's name; none where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Region of the place where it was made.
    pub region: String,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub country: String,
    /// Customs classification.
    pub hs_code: String,
    /// The certifier's DID.
    pub certifier_id: String,
    /// The certifier's name in its accreditation.
    pub certifier: String,
    /// The accreditor's name in the trust file.
    pub accreditor: String,
    /// First day of validity, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day of validity, `YYYY-MM-DD`.
    pub last_day: String,
    /// Number of labels that the lot may carry.
    pub labels: u32,
    /// How much there is of it.
    pub quantity: u32,
    /// In which unit (UN/ECE Recommendation 20).
    pub unit: String,
    /// On how many days one label may be scanned before it is told to look closer; none: on any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_days: Option<u16>,
    /// Files that the attestation rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFact>,
}

/// A file that an attestation rests on, such as an audit report. It is nowhere in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceFact {
    /// What it is.
    pub name: String,
    /// Where it can be asked for, if anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// SHA-256 of its bytes: 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl EvidenceFact {
    fn of(file: &EvidenceFile) -> Self {
        Self { name: file.name.clone(), url: file.url.clone(), sha256: file.digest.to_string() }
    }
}

impl LabelFacts {
    /// What a parsed label says.
    pub fn of(label: &Label) -> Self {
        Self {
            origin: label.origin().to_string(),
            index: label.blob().index,
            gtin: label.gtin().map(ToString::to_string),
            lot: label.lot().to_string(),
            serial: label.serial().to_string(),
            claims: label.blob().claims,
            last_day: label.blob().last_day.to_string(),
        }
    }
}

impl Facts {
    /// What an attestation says, with the names that its accreditation and the trust file give.
    pub fn of(attestation: &Attestation, index: u64, certifier: &str, accreditor: &str) -> Self {
        Self {
            index,
            product: attestation.product_name.clone(),
            gtin: attestation.gtin.as_ref().map(ToString::to_string),
            lot: attestation.lot.to_string(),
            claims: attestation.claims,
            maker: match &attestation.maker {
                Maker::Named { name, .. } => Some(name.clone()),
                Maker::Withheld { .. } => None,
            },
            region: attestation.facility.region.clone(),
            country: attestation.country.to_string(),
            hs_code: attestation.hs_code.to_string(),
            certifier_id: attestation.issuer.to_string(),
            certifier: certifier.into(),
            accreditor: accreditor.into(),
            first_day: attestation.first_day.to_string(),
            last_day: attestation.last_day.to_string(),
            labels: attestation.labels,
            quantity: attestation.quantity,
            unit: attestation.unit.code().into(),
            scan_days: attestation.scan_days,
            evidence: attestation.evidence.iter().map(EvidenceFact::of).collect(),
        }
    }
}

/// Stable names of the claims, most important first.
pub fn claim_codes(claims: Claims) -> impl Iterator<Item = &'static str> {
    [(Claims::NO_CHILD_LABOUR, "no_child_labour"), (Claims::NO_FORCED_LABOUR, "no_forced_labour")]
        .into_iter()
        .filter(move |(claim, _)| claims.contains(*claim))
        .map(|(_, code)| code)
}

fn claims<S: Serializer>(claims: &Claims, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(None)?;
    for code in claim_codes(*claims) {
        sequence.serialize_element(code)?;
    }
    sequence.end()
}
