//! Attested: what the law reads of an attestation; the rest of it is for people.

use primitives::{Country, Day};
use statement::{Attestation, Claims, StatusSlot, Unit};

use crate::row::ProductDigest;

/// What of an attestation the law looks at, or a State keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attested {
    pub(crate) product: ProductDigest,
    pub(crate) slot: StatusSlot,
    pub(crate) labels: u32,
    pub(crate) quantity: u32,
    pub(crate) first_day: Day,
    pub(crate) last_day: Day,
    pub(crate) country: Country,
    pub(crate) claims: Claims,
    pub(crate) hs_chapter: u8,
    pub(crate) unit: Unit,
}

impl From<&Attestation> for Attested {
    fn from(attestation: &Attestation) -> Self {
        Self {
            product: ProductDigest::of(attestation.gtin.as_ref(), &attestation.lot),
            slot: attestation.slot,
            labels: attestation.labels,
            quantity: attestation.quantity,
            first_day: attestation.first_day,
            last_day: attestation.last_day,
            country: attestation.country,
            claims: attestation.claims,
            hs_chapter: attestation.hs_code.chapter(),
            unit: attestation.unit,
        }
    }
}
