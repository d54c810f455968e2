//! Reading an attestation: a Digital Conformity Credential of UNTP 0.7.0 or 0.6, within our profile.
//!
//! UNTP leaves much open that a label must not: `conformance` is optional, a metric may be any number, a facility may be
//! an address. What the profile does not name is refused, so that nobody signs what nobody reads; a few members that say
//! nothing of persons or places may stand and are read over.

use primitives::{Hash, Thumbprint, base64};

use super::assessment::{self, Assessment};
use super::{Attestation, Maker, Scheme, WITHHELD, WITHHELD_NAME};
use crate::credential::{self, MAX_NAME, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};
use crate::text::excerpt;
use crate::{Did, HsCode, Origin, StatusSlot, Unit};

/// Assessments in one attestation.
const MAX_ASSESSMENTS: usize = 4;

/// How a version of UNTP says the same thing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 0.7.0.
    V0_7,
    /// 0.6.0 and its patch 0.6.1.
    V0_6,
}

/// The contexts of 0.6.0 and of its patch 0.6.1.
const UNTP_0_6: [&str; 2] =
    ["https://test.uncefact.org/vocabulary/untp/dcc/0.6.0/", "https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/"];

impl Version {
    fn of(root: Value<'_>) -> Self {
        let second = root.member("@context").and_then(Value::items).and_then(|mut contexts| contexts.nth(1));
        match second.and_then(Value::string) {
            Some(context) if UNTP_0_6.contains(&context) => Self::V0_6,
            _ => Self::V0_7,
        }
    }
}

impl Attestation {
    /// Reads a verified payload; `key` is the thumbprint of the key that signed it.
    pub(crate) fn read(root: Value<'_>, issuer: &Did, key: &Thumbprint) -> Result<Self, Error> {
        let version = Version::of(root);
        let root = Object::root(root);
        root.only(&[
            "@context",
            "type",
            "id",
            "registry",
            "issuer",
            "iss",
            "validFrom",
            "validUntil",
            "name",
            "credentialStatus",
            "credentialSubject",
            "issuingSoftware",
        ])?;
        let contexts: &[&str] = match version {
            Version::V0_7 => &[UNTP_0_7],
            Version::V0_6 => &UNTP_0_6,
        };
        let head = credential::head(&root, issuer, "DigitalConformityCredential", contexts)?;
        let issuer = root.member("issuer")?;
        let issuer_name = head.issuer_name.ok_or_else(|| issuer.fault(Fault::WrongType("an object with a name")))?;
        let period = credential::period(&root)?;
        if let Some(name) = root.find("name") {
            name.text(MAX_NAME)?;
        }
        let slot = slot(&root.member("credentialStatus")?.object()?, &head.registry, key)?;

        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        let (scheme_name, assessments_name) = match version {
            Version::V0_7 => ("referenceScheme", "conformityAssessment"),
            Version::V0_6 => ("scope", "assessment"),
        };
        subject.only(&[
            "type",
            "id",
            "name",
            "assessorLevel",
            "assessmentLevel",
            "attestationType",
            "issuedToParty",
            scheme_name,
            assessments_name,
            "lot",
            // Read over: who authorised the certifier, and links to the certificate and what supports it.
            "authorisation",
            "conformityCertificate",
            "auditableEvidence",
        ])?;
        subject.member("id")?.uri()?;
        if let Some(name) = subject.find("name") {
            name.text(MAX_NAME)?;
        }
        subject.member("assessorLevel")?.exactly("3rdParty")?;
        subject.member("assessmentLevel")?.text(MAX_NAME)?;
        subject.member("attestationType")?.exactly("certification")?;
        let maker = maker(subject.member("issuedToParty")?)?;
        let scheme = scheme(&subject.member(scheme_name)?.object()?)?;

        let member = subject.member(assessments_name)?;
        let mut whole: Option<Assessment> = None;
        member.items(MAX_ASSESSMENTS, |item| {
            let next = assessment::read(item, version, &head.registry)?;
            match &mut whole {
                Some(whole) => whole.join(next).map_err(|fault| item.fault(fault)),
                None => {
                    whole = Some(next);
                    Ok(())
                }
            }
        })?;
        let assessment = whole.ok_or_else(|| member.fault(Fault::NoClaim))?;

        let lot = subject.member("lot")?.object()?;
        lot.only(&["hsCode", "countryOfOrigin", "labels", "quantity", "unit", "scanDays"])?;
        let hs_code = lot.member("hsCode")?;
        let unit = lot.member("unit")?;
        Ok(Self {
            id: head.id,
            issuer: head.issuer,
            issuer_name,
            gtin: assessment.product.gtin,
            lot: assessment.product.lot,
            product_name: assessment.product.name,
            maker,
            facility: assessment.facility,
            country: lot.member("countryOfOrigin")?.country()?,
            hs_code: HsCode::parse(hs_code.string()?).map_err(|error| hs_code.fault(Fault::HsCode(error)))?,
            claims: assessment.claims,
            labels: lot.member("labels")?.unsigned_32(1, u32::MAX)?,
            quantity: lot.member("quantity")?.unsigned_32(1, u32::MAX)?,
            unit: Unit::from_code(unit.string()?)
                .ok_or_else(|| unit.fault(Fault::Unit(excerpt(unit.string().unwrap_or_default()))))?,
            scan_days: lot.find("scanDays").map(|days| days.unsigned_16(1, u16::MAX)).transpose()?,
            slot,
            first_day: period.first_day,
            last_day: period.last_day,
            valid_from: period.valid_from,
            valid_until: period.valid_until,
            scheme,
            assessment_date: assessment.date,
            evidence: assessment.evidence,
            registry: head.registry,
        })
    }
}

/// The one status entry: a bit of a suspension list of the signing key at this registry.
fn slot(status: &Object<'_, '_>, registry: &Origin, key: &Thumbprint) -> Result<StatusSlot, Error> {
    status.only(&["type", "id", "statusPurpose", "statusListIndex", "statusListCredential"])?;
    status.member("type")?.exactly("BitstringStatusListEntry")?;
    let purpose = status.member("statusPurpose")?;
    if purpose.string()? != "suspension" {
        return Err(purpose.fault(Fault::StatusPurpose));
    }
    let index = status.member("statusListIndex")?.integer_or_string(0, StatusSlot::LIST_LENGTH - 1)?;
    let list = status.member("statusListCredential")?;
    let url = list.string()?;
    let number = StatusSlot::list_of(url, registry, key).ok_or_else(|| list.fault(Fault::StatusList))?;
    if let Some(id) = status.find("id") {
        id.exactly(&alloc::format!("{url}#{index}"))?;
    }
    Ok(StatusSlot { list: number, index })
}

/// The maker: a name, or a hash in the form of a named information URI (RFC 6920).
fn maker(member: Member<'_, '_>) -> Result<Maker, Error> {
    let object = member.object()?;
    let id = object.member("id")?;
    if let Some(hash) = id.string()?.strip_prefix(WITHHELD) {
        object.only(&["type", "id", "name"])?;
        object.member("name")?.exactly(WITHHELD_NAME)?;
        let hash = base64::url_decode_array(hash);
        return hash.map(|hash| Maker::Withheld { salted_hash: Hash(hash) }).ok_or_else(|| id.fault(Fault::Uri));
    }
    let (id, name) = credential::named(member)?;
    Ok(Maker::Named { id: id.into(), name: name.into() })
}

fn scheme(object: &Object<'_, '_>) -> Result<Scheme, Error> {
    // 0.6 calls for more about the scheme than its name; it is read over.
    object.only(&[
        "type",
        "id",
        "name",
        "description",
        "version",
        "validFrom",
        "owner",
        "issuingParty",
        "issueDate",
    ])?;
    Ok(Scheme { id: object.member("id")?.uri()?.into(), name: object.member("name")?.text(MAX_NAME)?.into() })
}
