//! Writing an accreditation: a Digital Identity Anchor 0.7.0 with our terms.

use alloc::vec::Vec;

use primitives::base64;

use super::{Accreditation, TOPICS};
use crate::credential::write_head;
use crate::json::Writer;

impl Accreditation {
    /// The payload to sign; where m of n keys have to sign, they all sign these bytes.
    ///
    /// The members always come in the same order, so that equal accreditations are equal bytes. What readers would refuse
    /// is written all the same; [`sign`](crate::sign) does not sign it.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            let (id, registry) = (&self.id, &self.registry);
            write_head(json, "DigitalIdentityAnchor", id, registry, &self.issuer, Some(&self.issuer_name));
            json.display("validFrom", &self.valid_from);
            json.display("validUntil", &self.valid_until);
            json.string("name", "Accreditation");
            json.object("credentialSubject", |json| {
                json.array("type", |json| json.string_item("RegisteredIdentity"));
                json.string("id", self.subject.as_str());
                json.string("registeredName", &self.name);
                // The party is registered under its DID, in the register that this registry is.
                json.string("registeredId", self.subject.as_str());
                json.display("registeredDate", &self.first_day);
                json.object("idScheme", |json| {
                    json.string("id", &registry.url_prefix());
                    json.string("name", registry.as_str());
                });
                json.string("registerType", "accreditation");
                json.object("accreditedAs", |json| self.terms(json));
            });
        })
    }

    fn terms(&self, json: &mut Writer) {
        json.string("role", self.role.code());
        json.array("keys", |json| {
            for key in &self.keys {
                json.object_item(|json| {
                    json.string("kty", "OKP");
                    json.string("crv", "Ed25519");
                    json.string("x", &base64::url_encode(key.as_bytes()));
                });
            }
        });
        if !self.compromised.is_empty() {
            json.array("compromised", |json| {
                for compromised in &self.compromised {
                    json.object_item(|json| {
                        json.display("key", &compromised.key);
                        json.display("since", &compromised.since);
                    });
                }
            });
        }
        json.array("countries", |json| {
            self.scope.countries.iter().for_each(|country| json.string_item(country.as_str()))
        });
        json.array("hsChapters", |json| {
            self.scope.hs_chapters.iter().for_each(|&chapter| json.integer_item(chapter.into()))
        });
        json.array("topics", |json| {
            for (name, _) in TOPICS.iter().filter(|(_, topic)| self.scope.topics.contains(*topic)) {
                json.string_item(name);
            }
        });
        if !self.hotlines.is_empty() {
            json.array("hotlines", |json| {
                for hotline in &self.hotlines {
                    json.object_item(|json| {
                        json.string("country", hotline.country.as_str());
                        json.string("language", &hotline.language);
                        json.string("contact", &hotline.contact);
                    });
                }
            });
        }
    }
}
