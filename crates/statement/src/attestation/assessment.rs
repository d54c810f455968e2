//! Assessment: what was looked at, when, and what was found; the part of an attestation that makes its claims.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Country, Day};

use super::claim::{self, CLAIMS};
use super::evidence::{self, EvidenceFile};
use super::read::Version;
use super::{Facility, MAX_REGION};
use crate::credential::{self, MAX_NAME};
use crate::error::Error;
use crate::fault::Fault;
use crate::member::{Member, Object};
use crate::text::excerpt;
use crate::{Claims, Gtin, Lot, Origin};

/// Criteria, metrics or topics in one assessment.
const MAX_CRITERIA: usize = 32;

/// What one assessment says.
pub(super) struct Assessment {
    pub(super) claims: Claims,
    pub(super) product: Product,
    pub(super) facility: Facility,
    pub(super) date: Day,
    pub(super) evidence: Vec<EvidenceFile>,
}

/// The product that was assessed.
#[derive(PartialEq, Eq)]
pub(super) struct Product {
    pub(super) gtin: Option<Gtin>,
    pub(super) lot: Lot,
    pub(super) name: String,
}

impl Assessment {
    /// Another assessment of the same lot in the same facility: its claims are added, the earliest date stands.
    pub(super) fn join(&mut self, other: Self) -> Result<(), Fault> {
        if self.product != other.product || self.facility != other.facility {
            return Err(Fault::Differs);
        }
        self.claims = self.claims.union(other.claims);
        self.date = self.date.min(other.date);
        self.evidence.extend(other.evidence);
        Ok(())
    }
}

/// Reads one assessment in the words of a version.
pub(super) fn read(member: Member<'_, '_>, version: Version, registry: &Origin) -> Result<Assessment, Error> {
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
        "evidence",
        // Read over: the texts that the criteria are from.
        "referenceStandard",
        "referenceRegulation",
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
        evidence: object.find("evidence").map(|member| evidence::read(&member)).unwrap_or_default(),
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
            (id, CLAIMS.iter().find(|claim| claim.metric.is(id)))
        }
        Version::V0_6 => {
            let name = member.text(MAX_NAME)?;
            (name, CLAIMS.iter().find(|claim| claim.metric.name == name))
        }
    };
    let claim = claim.ok_or_else(|| member.fault(Fault::Metric(excerpt(text))))?;
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
    Ok(Product { gtin, lot, name: product.member("name")?.text(MAX_NAME)?.into() })
}

/// The GTIN in a product's identifier, which has to be a GS1 Digital Link of this lot, at this registry or at GS1's own
/// resolver; or what stands for it where a product has no GTIN.
fn gtin(id: &str, registry: &Origin, lot: &Lot) -> Result<Option<Gtin>, Fault> {
    let is_lot = |path: &str| path.strip_prefix("10/").is_some_and(|segment| lot.is_path_segment(segment));
    let ours = registry.path_in(id).and_then(|path| path.strip_prefix('/'));
    if ours.is_some_and(is_lot) {
        return Ok(None);
    }
    let path = ours.or_else(|| id.strip_prefix("https://id.gs1.org/")).ok_or(Fault::ProductId)?;
    let (gtin, rest) = path.strip_prefix("01/").and_then(|path| path.split_once('/')).ok_or(Fault::ProductId)?;
    if !is_lot(rest) {
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
    Ok(Facility { id: facility.member("id")?.uri()?.into(), country, region: region.into() })
}
