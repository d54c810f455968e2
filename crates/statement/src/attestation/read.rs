//! Reading an attestation: a Digital Conformity Credential of UNTP 0.7.0 or 0.6, within our profile.
//!
//! UNTP leaves much open that a label must not: `conformance` is optional, a metric may be any number, a facility may be
//! an address. What the profile does not name is refused, so that nobody signs what nobody reads; a few members that say
//! nothing of persons or places may stand and are read over.

use alloc::string::String;

use primitives::{Country, Day, Hash, Thumbprint, base64};

use super::claim::{self, CLAIMS};
use super::{Attestation, Facility, MAX_REGION, Maker, Scheme, WITHHELD, WITHHELD_NAME};
use crate::credential::{self, MAX_NAME, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};
use crate::text::excerpt;
use crate::{Claims, Gtin, HsCode, Lot, Origin, StatusSlot, Unit};

/// Assessments in one attestation.
const MAX_ASSESSMENTS: usize = 4;
/// Criteria, metrics or topics in one assessment.
const MAX_CRITERIA: usize = 32;

/// How a version of UNTP says the same thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V0_7,
    V0_6,
}

/// The contexts of 0.6; 0.6.1 changed nothing that is read here.
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
    pub(crate) fn read(root: Value<'_>, key: &Thumbprint) -> Result<Self, Error> {
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
        let head = credential::head(&root, "DigitalConformityCredential", contexts)?;
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
            let next = assessment(item, version, &head.registry)?;
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
        lot.only(&["hsCode", "countryOfOrigin", "labels", "quantity", "unit"])?;
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
            slot,
            first_day: period.first_day,
            last_day: period.last_day,
            valid_from: period.valid_from,
            valid_until: period.valid_until,
            scheme,
            assessment_date: assessment.date,
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
    // The number is read from the end and the whole compared, so that there is one spelling.
    let number = url.rsplit('/').next().and_then(|number| number.parse().ok());
    let slot = StatusSlot { list: number.ok_or_else(|| list.fault(Fault::StatusList))?, index };
    if slot.list_url(registry, key) != url {
        return Err(list.fault(Fault::StatusList));
    }
    if let Some(id) = status.find("id") {
        id.exactly(&alloc::format!("{url}#{index}"))?;
    }
    Ok(slot)
}

/// The maker: a name, or a hash in the form of a named information URI (RFC 6920).
fn maker(member: Member<'_, '_>) -> Result<Maker, Error> {
    let object = member.object()?;
    let id = object.member("id")?;
    if let Some(hash) = id.string()?.strip_prefix(WITHHELD) {
        object.only(&["type", "id", "name"])?;
        object.member("name")?.exactly(WITHHELD_NAME)?;
        let hash = base64::url_decode(hash).and_then(|bytes| bytes.try_into().ok());
        return hash.map(|hash| Maker::Withheld { salted_hash: Hash(hash) }).ok_or_else(|| id.fault(Fault::Uri));
    }
    let (id, name) = credential::named(member)?;
    Ok(Maker::Named { id, name })
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
    Ok(Scheme { id: object.member("id")?.uri()?, name: object.member("name")?.text(MAX_NAME)? })
}

/// What one assessment says.
struct Assessment {
    claims: Claims,
    product: Product,
    facility: Facility,
    date: Day,
}

#[derive(PartialEq, Eq)]
struct Product {
    gtin: Option<Gtin>,
    lot: Lot,
    name: String,
}

impl Assessment {
    /// Another assessment of the same lot in the same facility: its claims are added, the earliest date stands.
    fn join(&mut self, other: Self) -> Result<(), Fault> {
        if self.product != other.product || self.facility != other.facility {
            return Err(Fault::Differs);
        }
        self.claims = self.claims.union(other.claims);
        self.date = self.date.min(other.date);
        Ok(())
    }
}

fn assessment(member: Member<'_, '_>, version: Version, registry: &Origin) -> Result<Assessment, Error> {
    let object = member.object()?;
    let performance = match version {
        Version::V0_7 => "assessedPerformance",
        Version::V0_6 => "declaredValue",
    };
    object.only(&[
        "type",
        "id",
        "name",
        "assessmentCriteria",
        "assessmentDate",
        performance,
        "assessedProduct",
        "assessedFacility",
        "conformityTopic",
        "conformance",
        // Read over: the texts that the criteria are from, and links to what supports the finding.
        "referenceStandard",
        "referenceRegulation",
        "evidence",
    ])?;
    object.member("id")?.uri()?;
    if let Some(name) = object.find("name") {
        name.text(MAX_NAME)?;
    }
    let conformance = object.member("conformance")?;
    if !conformance.boolean()? {
        return Err(conformance.fault(Fault::NotConformant));
    }
    let performance = object.member(performance)?;
    let mut measured = Claims::NONE;
    performance.items(MAX_CRITERIA, |item| {
        measured = measured.union(incidents(item.object()?, version)?);
        Ok(())
    })?;
    match version {
        Version::V0_7 => {
            let mut claimed = Claims::NONE;
            object.member("conformityTopic")?.items(MAX_CRITERIA, |item| {
                claimed = claimed.union(topic(item.object()?)?);
                Ok(())
            })?;
            if claimed != measured {
                return Err(performance.fault(Fault::MetricsDiffer));
            }
        }
        // 0.6 has one topic for all of labour, so that only metric and criteria say which claim is meant.
        Version::V0_6 => object.member("conformityTopic")?.one_of(&[("social.labour", ()), ("social.rights", ())])?,
    }
    if measured.is_empty() {
        return Err(member.fault(Fault::NoClaim));
    }
    criteria(object.member("assessmentCriteria")?, measured)?;
    Ok(Assessment {
        claims: measured,
        product: object.member("assessedProduct")?.single(|item| product(item.object()?, registry))?,
        facility: object.member("assessedFacility")?.single(|item| facility(item.object()?))?,
        date: object.member("assessmentDate")?.day()?,
    })
}

/// A topic of 0.7: which claim it is of.
fn topic(object: Object<'_, '_>) -> Result<Claims, Error> {
    object.only(&["type", "id", "name", "definition"])?;
    let id = object.member("id")?;
    let text = id.string()?;
    let claim = CLAIMS.iter().find(|claim| claim.topic.is(text));
    claim.map(|claim| claim.bit).ok_or_else(|| id.fault(Fault::Topic(excerpt(text))))
}

/// A metric that counts incidents, and the count 0: which claim it is of.
fn incidents(object: Object<'_, '_>, version: Version) -> Result<Claims, Error> {
    let (metric, measure) = match version {
        Version::V0_7 => ("metric", "measure"),
        Version::V0_6 => ("metricName", "metricValue"),
    };
    object.only(&["type", metric, measure])?;
    let member = object.member(metric)?;
    let (text, claim) = match version {
        Version::V0_7 => {
            let (id, _name) = credential::named(member)?;
            let claim = CLAIMS.iter().find(|claim| claim.metric.is(&id));
            (id, claim)
        }
        Version::V0_6 => {
            let name = member.text(MAX_NAME)?;
            let claim = CLAIMS.iter().find(|claim| claim.metric.name == name);
            (name, claim)
        }
    };
    let claim = claim.ok_or_else(|| member.fault(Fault::Metric(excerpt(&text))))?;
    let measure = object.member(measure)?.object()?;
    measure.only(&["type", "value", "unit"])?;
    let value = measure.member("value")?;
    if value.integer(0, u64::MAX)? != 0 {
        return Err(value.fault(Fault::Incidents));
    }
    measure.member("unit")?.exactly("C62")?;
    Ok(claim.bit)
}

/// The criteria name both conventions of every claim; they may name more.
fn criteria(member: Member<'_, '_>, claims: Claims) -> Result<(), Error> {
    let ids = member.items(MAX_CRITERIA, |item| {
        let object = item.object()?;
        object.only(&["type", "id", "name", "description", "conformityTopic", "status"])?;
        object.member("name")?.text(MAX_NAME)?;
        object.member("id")?.uri()
    })?;
    for convention in claim::each(claims).flat_map(|claim| &claim.conventions) {
        if !ids.iter().any(|id| convention.is_named_by(id)) {
            return Err(member.fault(Fault::Criteria(convention.name)));
        }
    }
    Ok(())
}

/// What the assessor saw is what it names, unless it says that it did not look.
fn verified(object: &Object<'_, '_>) -> Result<(), Error> {
    for name in ["idVerifiedByCAB", "IDverifiedByCAB"] {
        if let Some(member) = object.find(name)
            && !member.boolean()?
        {
            return Err(member.fault(Fault::NotVerified));
        }
    }
    Ok(())
}

fn product(object: Object<'_, '_>, registry: &Origin) -> Result<Product, Error> {
    object.only(&["type", "product", "idVerifiedByCAB", "IDverifiedByCAB"])?;
    verified(&object)?;
    let product_member = object.member("product")?;
    let product = product_member.object()?;
    product.only(&["type", "id", "name", "batchNumber"])?;
    let batch = product.member("batchNumber")?;
    let lot = Lot::parse(batch.string()?).map_err(|error| batch.fault(Fault::Lot(error)))?;
    let id = product.member("id")?;
    let gtin = id.check(gtin(id.string()?, registry, &lot))?;
    Ok(Product { gtin, lot, name: product.member("name")?.text(MAX_NAME)? })
}

/// The GTIN in a product's identifier, which has to be a GS1 Digital Link of this lot, at this registry or at GS1's own
/// resolver; or what stands for it where a product has no GTIN.
fn gtin(id: &str, registry: &Origin, lot: &Lot) -> Result<Option<Gtin>, Fault> {
    let lot_path = alloc::format!("10/{}", lot.to_path_segment());
    let ours = id.strip_prefix(registry.url_prefix().as_str()).and_then(|path| path.strip_prefix('/'));
    if ours == Some(lot_path.as_str()) {
        return Ok(None);
    }
    let path = ours.or_else(|| id.strip_prefix("https://id.gs1.org/")).ok_or(Fault::ProductId)?;
    let (gtin, rest) = path.strip_prefix("01/").and_then(|path| path.split_once('/')).ok_or(Fault::ProductId)?;
    if rest != lot_path {
        return Err(Fault::ProductId);
    }
    Gtin::parse(gtin).map(Some).map_err(Fault::Gtin)
}

fn facility(object: Object<'_, '_>) -> Result<Facility, Error> {
    object.only(&["type", "facility", "idVerifiedByCAB", "IDverifiedByCAB"])?;
    verified(&object)?;
    let member = object.member("facility")?;
    let facility = member.object()?;
    facility.only(&["type", "id", "name"])?;
    let name = facility.member("name")?;
    let (region, country) = name.string()?.rsplit_once(", ").ok_or_else(|| name.fault(Fault::FacilityName))?;
    name.check(crate::member::check_text(region, MAX_REGION))?;
    let country = Country::parse(country).map_err(|_| name.fault(Fault::FacilityName))?;
    Ok(Facility { id: facility.member("id")?.uri()?, country, region: region.into() })
}
