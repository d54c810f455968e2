//! Attestation: a certifier says how one lot was made.
//!
//! Written as a UNTP Digital Conformity Credential 0.7.0; read as one of 0.7.0 or 0.6 (`read`), with our terms for what
//! UNTP has no place for: how many labels, how much, HS code, country of origin.

mod assessment;
mod claim;
mod evidence;
mod read;
mod write;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Country, Day, Hash, Timestamp};

pub use evidence::{EvidenceFile, MAX_EVIDENCE};

use crate::{Claims, Did, Gtin, HsCode, Lot, Origin, StatusSlot, Unit};

/// Longest name of a region, in characters.
pub const MAX_REGION: usize = 64;

/// An attestation of one lot, as signed. Whether its issuer may say so is for the law to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The statement's URI, chosen by the certifier.
    pub id: String,
    /// The certifier.
    pub issuer: Did,
    /// The certifier's name.
    pub issuer_name: String,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// The product's GTIN, where it has one.
    pub gtin: Option<Gtin>,
    /// The lot.
    pub lot: Lot,
    /// The product's name.
    pub product_name: String,
    /// Who made it.
    pub maker: Maker,
    /// Where it was made, no finer than a region.
    pub facility: Facility,
    /// Country of origin.
    pub country: Country,
    /// Customs classification.
    pub hs_code: HsCode,
    /// What is claimed; never empty.
    pub claims: Claims,
    /// How many labels the lot may carry, from 1.
    pub labels: u32,
    /// How much there is of it, from 1.
    pub quantity: u32,
    /// In which unit.
    pub unit: Unit,
    /// On how many days one label may be scanned before whoever scans it is told to look closer; from 1. `None`: on any number.
    pub scan_days: Option<u16>,
    /// The attestation's bit in its issuer's status lists.
    pub slot: StatusSlot,
    /// UTC day of `valid_from`.
    pub first_day: Day,
    /// UTC day of the last second before `valid_until`.
    pub last_day: Day,
    /// Valid from this instant.
    pub valid_from: Timestamp,
    /// Valid until just before this instant.
    pub valid_until: Timestamp,
    /// The scheme whose rules were applied.
    pub scheme: Scheme,
    /// When it was assessed.
    pub assessment_date: Day,
    /// Files that it rests on.
    pub evidence: Vec<EvidenceFile>,
}

/// Who made the lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Maker {
    /// By name.
    Named {
        /// The maker's URI.
        id: String,
        /// The maker's name.
        name: String,
    },
    /// Withheld: whoever is told the salt and the name can check it. See [`Maker::withheld`].
    Withheld {
        /// SHA-256 of salt ‖ name.
        salted_hash: Hash,
    },
}

/// What the identifier of a withheld maker begins with: a named information URI (RFC 6920 §3).
const WITHHELD: &str = "ni:///sha-256;";
/// The name of a withheld maker.
const WITHHELD_NAME: &str = "Withheld";

/// The product's identifier: a GS1 Digital Link of the lot, or what stands for it where there is no GTIN.
fn product_id(registry: &Origin, gtin: Option<&Gtin>, lot: &Lot) -> String {
    let (prefix, lot) = (registry.url_prefix(), lot.to_path_segment());
    match gtin {
        Some(gtin) => format!("{prefix}/01/{gtin}/10/{lot}"),
        None => format!("{prefix}/10/{lot}"),
    }
}

impl Maker {
    /// A maker whose name is withheld: only SHA-256 of the salt and the name in UTF-8 is said. The salt has to be random
    /// and as long as this, or names could be tried.
    pub fn withheld(salt: &[u8; 32], name: &str) -> Self {
        Self::Withheld { salted_hash: Hash::of_parts(&[salt, name.as_bytes()]) }
    }
}

/// Where the lot was made: a home loom is somebody's address, so nothing finer than a region is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    /// The facility's URI in some register.
    pub id: String,
    /// Its country.
    pub country: Country,
    /// Its region: a province or district.
    pub region: String,
}

/// A certification scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// The scheme's URI.
    pub id: String,
    /// The scheme's name.
    pub name: String,
}

#[cfg(test)]
mod tests;
