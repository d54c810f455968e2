//! Writing an attestation: a Digital Conformity Credential 0.7.0, as short as its schema lets it be.
//!
//! `type` stands only where UNTP's context gives terms a meaning by it; the members that the schema calls for and that say
//! nothing new repeat in few words.

use alloc::format;
use alloc::vec::Vec;

use primitives::{Thumbprint, base64};

use super::{Attestation, Maker, claim, evidence};
use crate::credential::write_head;
use crate::json::Writer;

impl Attestation {
    /// The payload to sign with the key of this thumbprint: its status list is part of the statement.
    ///
    /// The members always come in the same order, so that equal attestations are equal bytes. What readers would refuse
    /// is written all the same; [`sign`](crate::sign) does not sign it.
    pub fn to_payload(&self, key: &Thumbprint) -> Vec<u8> {
        Writer::document(|json| {
            let (id, registry) = (&self.id, &self.registry);
            write_head(json, "DigitalConformityCredential", id, registry, &self.issuer, Some(&self.issuer_name));
            json.display("validFrom", &self.valid_from);
            json.display("validUntil", &self.valid_until);
            json.string("name", claim::title(self.claims));
            json.object("credentialStatus", |json| {
                json.string("type", "BitstringStatusListEntry");
                json.string("statusPurpose", "suspension");
                json.integer("statusListIndex", self.slot.index.into());
                json.string("statusListCredential", &self.slot.list_url(registry, key));
            });
            json.object("credentialSubject", |json| self.subject(json));
        })
    }

    fn subject(&self, json: &mut Writer) {
        json.array("type", |json| json.string_item("ConformityAttestation"));
        json.string("id", &format!("{}#lot", self.id));
        json.string("name", self.lot.as_str());
        json.string("assessorLevel", "3rdParty");
        json.string("assessmentLevel", "scheme-cab");
        json.string("attestationType", "certification");
        match &self.maker {
            Maker::Named { id, name } => named(json, "issuedToParty", id, name),
            Maker::Withheld { salted_hash } => {
                let id = format!("{}{}", super::WITHHELD, base64::url_encode(salted_hash.as_bytes()));
                named(json, "issuedToParty", &id, super::WITHHELD_NAME);
            }
        }
        named(json, "referenceScheme", &self.scheme.id, &self.scheme.name);
        json.array("conformityAssessment", |json| json.object_item(|json| self.assessment(json)));
        json.object("lot", |json| {
            json.string("hsCode", self.hs_code.as_str());
            json.string("countryOfOrigin", self.country.as_str());
            json.integer("labels", self.labels.into());
            json.integer("quantity", self.quantity.into());
            json.string("unit", self.unit.code());
            if let Some(days) = self.scan_days {
                json.integer("scanDays", days.into());
            }
        });
    }

    /// One assessment carries all claims: they are of the same lot, day and facility.
    fn assessment(&self, json: &mut Writer) {
        json.array("type", |json| json.string_item("ConformityAssessment"));
        json.string("id", &format!("{}#assessment", self.id));
        json.string("name", "Assessment");
        json.array("assessmentCriteria", |json| {
            for convention in claim::each(self.claims).flat_map(|claim| &claim.conventions) {
                concept(json, convention.id, convention.name);
            }
        });
        json.display("assessmentDate", &self.assessment_date);
        json.array("assessedPerformance", |json| {
            for claim in claim::each(self.claims) {
                json.object_item(|json| {
                    named(json, "metric", claim.metric.id, claim.metric.name);
                    json.object("measure", |json| {
                        json.integer("value", 0);
                        json.string("unit", "C62");
                    });
                });
            }
        });
        json.array("assessedProduct", |json| {
            json.object_item(|json| {
                json.object("product", |json| {
                    json.string("id", &super::product_id(&self.registry, self.gtin.as_ref(), &self.lot));
                    json.string("name", &self.product_name);
                    json.string("batchNumber", self.lot.as_str());
                });
            });
        });
        json.array("assessedFacility", |json| {
            json.object_item(|json| {
                let name = format!("{}, {}", self.facility.region, self.facility.country);
                named(json, "facility", &self.facility.id, &name);
            });
        });
        json.array("conformityTopic", |json| {
            for claim in claim::each(self.claims) {
                concept(json, claim.topic.id, claim.topic.name);
            }
        });
        json.literal("conformance", Some(true));
        evidence::write(json, &self.evidence);
    }
}

fn named(json: &mut Writer, member: &str, id: &str, name: &str) {
    json.object(member, |json| {
        json.string("id", id);
        json.string("name", name);
    });
}

fn concept(json: &mut Writer, id: &str, name: &str) {
    json.object_item(|json| {
        json.string("id", id);
        json.string("name", name);
    });
}
