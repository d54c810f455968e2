//! What a registry offers to customs offices: it keeps what they cleared, and tells them what offices cleared.

use serde::{Deserialize, Serialize};
use statement::Unit;
use verify::{MAX_SUPPLEMENT, OpenedSupplement};

use crate::{Error, Receipt, Registry};

/// Bytes of a supplement's first line and head.
const HEAD: u64 = 1 << 20;

/// What the registry answers to a clearance that it keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearanceReceipt {
    /// The receipt of the commitment; its proof was checked.
    pub receipt: Receipt,
    /// What of it was cleared before. The registry's word, not proved.
    pub overlaps: Vec<ClearedBefore>,
    /// Of what more was cleared than attested. The registry's word, not proved.
    pub over_quantity: Vec<OverQuantity>,
    /// Whether there may be more overlaps than are listed.
    pub truncated: bool,
}

/// What an earlier clearance has in common with this one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClearedBefore {
    /// Log index of the attestation.
    pub attestation: u64,
    /// Log index of the earlier commitment.
    pub earlier: u64,
    /// First and last of each range of serial numbers.
    pub serials: Vec<(u32, u32)>,
}

/// More cleared than attested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverQuantity {
    /// Log index of the attestation.
    pub attestation: u64,
    /// With this clearance and those before it, rounded up.
    pub cleared: u64,
    /// What was attested.
    pub attested: u64,
    /// The unit of both.
    pub unit: Unit,
}

/// A supplement as it came, opened.
#[derive(Debug, Clone)]
pub struct Supplement {
    bytes: Vec<u8>,
    opened: OpenedSupplement,
}

impl Supplement {
    /// What it says.
    pub const fn opened(&self) -> &OpenedSupplement {
        &self.opened
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[derive(Serialize)]
struct Pair<'a> {
    clearance: &'a str,
    commitment: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(flatten)]
    receipt: Receipt,
    overlaps: Vec<ClearedBefore>,
    over_quantity: Vec<Excess>,
    truncated: bool,
}

#[derive(Deserialize)]
struct Excess {
    attestation: u64,
    cleared: u64,
    attested: u64,
    unit: String,
}

impl Registry<'_> {
    /// Sends a clearance with its commitment, and checks the receipt's proof against the commitment that was sent. The same pair may
    /// be sent again after any error, and gets the same answer.
    ///
    /// # Errors
    /// [`Error::Refused`] with the registry's reason.
    pub fn clear(&self, clearance_jws: &str, commitment_jws: &str) -> Result<ClearanceReceipt, Error> {
        const PATH: &str = "/v1/clearances";
        let unreadable = |why: String| Error::Answer { url: self.http().url(PATH), why };
        let seen = self.newest()?;
        let pair = Pair { clearance: clearance_jws, commitment: commitment_jws };
        let body = serde_json::to_vec(&pair).map_err(|error| unreadable(error.to_string()))?;
        let (status, answer): (u16, Answer) = self.http().post(PATH, "application/json", &body)?;
        let Answer { mut receipt, overlaps, over_quantity, truncated } = answer;
        receipt.repeated = status == 200;
        self.check_receipt(seen.as_ref(), commitment_jws, &receipt)?;
        let read = |Excess { attestation, cleared, attested, unit }| {
            let unit = Unit::from_code(&unit).ok_or_else(|| unreadable("an unknown unit".into()))?;
            Ok(OverQuantity { attestation, cleared, attested, unit })
        };
        let over_quantity = over_quantity.into_iter().map(read).collect::<Result<_, Error>>()?;
        Ok(ClearanceReceipt { receipt, overlaps, over_quantity, truncated })
    }

    /// What all offices cleared. `request_jws` is a [`statement::SupplementRequest`], signed within five minutes by a key of an accredited office.
    ///
    /// # Errors
    /// [`Error::Refused`] with the registry's reason; [`Error::Supplement`] for one that its registry did not sign so.
    pub fn supplement(&self, request_jws: &str) -> Result<Supplement, Error> {
        let limit = MAX_SUPPLEMENT as u64 + HEAD;
        let (path, media_type) = ("/v1/clearances/supplement", "application/vc+jwt");
        let bytes = self.http().post_for_bytes(path, media_type, request_jws.as_bytes(), limit)?;
        let opened = OpenedSupplement::open(&bytes, self.trusted());
        let opened = opened.map_err(|error| Error::Supplement { origin: self.origin(), error })?;
        Ok(Supplement { bytes, opened })
    }
}

#[cfg(test)]
mod tests;
