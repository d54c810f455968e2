//! Attestation: a certifier says how one lot was made (design §4).

use alloc::string::String;

use primitives::{Country, Day, Hash, Timestamp};

use crate::{Claims, Did, Gtin, HsCode, Lot, Origin, StatusSlot, Unit};

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
    /// Withheld: whoever is told the salt and the name can check it.
    Withheld {
        /// SHA-256 of salt ‖ name.
        salted_hash: Hash,
    },
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
