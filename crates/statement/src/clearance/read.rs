//! Reading clearances, commitments and requests: credentials of our own types.

use alloc::vec::Vec;

use primitives::base64;

use super::{
    Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, ClearedQuantity, MAX_GOODS, MAX_RANGES,
    MAX_UNDO_REASON, SerialRange, SupplementRequest,
};
use crate::credential::{self, Head, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};
use crate::text::excerpt;
use crate::{Did, Unit};

const MEMBERS: [&str; 8] = ["@context", "type", "id", "registry", "issuer", "iss", "validFrom", "credentialSubject"];

impl Clearance {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        let Head { id, issuer, registry, .. } = head(&root, issuer, "LabelClearance")?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["clearance"])?;
        let clearance_member = subject.member("clearance")?;
        let clearance = clearance_member.object()?;
        clearance.only(&["salt", "goods", "undoes", "reason"])?;
        let act = match (clearance.find("goods"), clearance.find("undoes")) {
            (Some(list), None) => {
                if clearance.find("reason").is_some() {
                    return Err(clearance.fault(Fault::Act));
                }
                ClearanceAct::Cleared(goods(list)?)
            }
            (None, Some(index)) => ClearanceAct::Undoes {
                commitment: index.integer(0, u64::MAX)?,
                reason: clearance.member("reason")?.text(MAX_UNDO_REASON)?.into(),
            },
            (Some(_), Some(_)) | (None, None) => return Err(clearance.fault(Fault::Act)),
        };
        let salt = bytes_32(clearance.member("salt")?)?;
        Ok(Self { id, issuer, registry, cleared_at: root.member("validFrom")?.whole_second()?, salt, act })
    }
}

impl ClearanceCommitment {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        let Head { id, issuer, registry, .. } = head(&root, issuer, "ClearanceCommitment")?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["clearanceHash"])?;
        let commitment = primitives::Hash(bytes_32(subject.member("clearanceHash")?)?);
        Ok(Self { id, issuer, registry, signed_at: root.member("validFrom")?.whole_second()?, commitment })
    }
}

impl SupplementRequest {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        let Head { id, issuer, registry, .. } = head(&root, issuer, "SupplementRequest")?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["supplement"])?;
        subject.member("supplement")?.exactly("clearances")?;
        Ok(Self { id, issuer, registry, asked_at: root.member("validFrom")?.whole_second()? })
    }
}

fn head(root: &Object<'_, '_>, issuer: &Did, type_name: &str) -> Result<Head, Error> {
    root.only(&MEMBERS)?;
    credential::head(root, issuer, type_name, &[UNTP_0_7])
}

/// 32 bytes in base64url.
fn bytes_32(member: Member<'_, '_>) -> Result<[u8; 32], Error> {
    let bytes = base64::url_decode_array(member.string()?);
    bytes.ok_or_else(|| member.fault(Fault::NotBytes(32)))
}

/// Attestations, ascending, so that none is there twice.
fn goods(member: Member<'_, '_>) -> Result<Vec<ClearedGoods>, Error> {
    let mut last = None;
    let goods = member.items(MAX_GOODS, |item| {
        let goods = item.object()?;
        goods.only(&["attestation", "serials", "quantity", "unit"])?;
        let index = goods.member("attestation")?;
        let attestation = index.integer(0, u64::MAX)?;
        if last >= Some(attestation) {
            return Err(index.fault(Fault::NotAscending));
        }
        last = Some(attestation);
        let serials = goods.find("serials").map(serials).transpose()?.unwrap_or_default();
        let quantity = match (goods.find("quantity"), goods.find("unit")) {
            (Some(quantity), Some(unit)) => {
                let value = quantity.unsigned_32(1, u32::MAX)?;
                let code = unit.string()?;
                let known = Unit::from_code(code).ok_or_else(|| unit.fault(Fault::Unit(excerpt(code))))?;
                Some(ClearedQuantity { value, unit: known })
            }
            (Some(_), None) => return Err(goods.member("unit").err().unwrap_or_else(|| item.fault(Fault::Missing))),
            (None, Some(_)) => {
                return Err(goods.member("quantity").err().unwrap_or_else(|| item.fault(Fault::Missing)));
            }
            (None, None) => None,
        };
        if serials.is_empty() && quantity.is_none() {
            return Err(item.fault(Fault::NothingCleared));
        }
        Ok(ClearedGoods { attestation, serials, quantity })
    })?;
    if goods.is_empty() { Err(member.fault(Fault::WrongCount("one item or more"))) } else { Ok(goods) }
}

/// Ranges, ascending and apart, so that no number is there twice.
fn serials(member: Member<'_, '_>) -> Result<Vec<SerialRange>, Error> {
    let mut last = 0;
    let ranges = member.items(MAX_RANGES, |item| {
        let ends = item.items(2, |end| end.unsigned_32(1, u32::MAX))?;
        let &[first, end] = ends.as_slice() else { return Err(item.fault(Fault::WrongCount("two items"))) };
        if first <= last || end < first {
            return Err(item.fault(Fault::NotAscending));
        }
        last = end;
        Ok(SerialRange { first, last: end })
    })?;
    if ranges.is_empty() { Err(member.fault(Fault::WrongCount("one item or more"))) } else { Ok(ranges) }
}
