//! Writing clearances, commitments and requests. What readers would refuse is written all the same;
//! [`sign`](crate::sign) does not sign it.

use alloc::vec::Vec;

use primitives::base64;

use super::{Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, SupplementRequest};
use crate::credential::write_head;
use crate::json::Writer;

impl Clearance {
    /// The payload to sign; members always come in the same order.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "LabelClearance", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.cleared_at);
            json.object("credentialSubject", |json| {
                json.object("clearance", |json| {
                    json.string("salt", &base64::url_encode(&self.salt));
                    match &self.act {
                        ClearanceAct::Cleared(list) => {
                            json.array("goods", |json| {
                                list.iter().for_each(|of| json.object_item(|json| goods(of, json)));
                            });
                        }
                        ClearanceAct::Undoes { commitment, reason } => {
                            json.integer("undoes", *commitment);
                            json.string("reason", reason);
                        }
                    }
                });
            });
        })
    }
}

impl ClearanceCommitment {
    /// The payload to sign; members always come in the same order.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "ClearanceCommitment", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.signed_at);
            json.object("credentialSubject", |json| {
                json.string("clearanceHash", &base64::url_encode(&self.commitment.0));
            });
        })
    }
}

impl SupplementRequest {
    /// The payload to sign; members always come in the same order.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "SupplementRequest", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.asked_at);
            json.object("credentialSubject", |json| json.string("supplement", "clearances"));
        })
    }
}

fn goods(of: &ClearedGoods, json: &mut Writer) {
    json.integer("attestation", of.attestation);
    if !of.serials.is_empty() {
        json.array("serials", |json| {
            for range in &of.serials {
                json.array_item(|json| {
                    json.integer_item(range.first.into());
                    json.integer_item(range.last.into());
                });
            }
        });
    }
    if let Some(quantity) = of.quantity {
        json.integer("quantity", quantity.value.into());
        json.string("unit", quantity.unit.code());
    }
}
