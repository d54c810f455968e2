//! Writing a status change.

use alloc::vec::Vec;

use super::{StatusChange, Target};
use crate::credential::write_head;
use crate::json::Writer;

impl StatusChange {
    /// The payload to sign.
    ///
    /// The members always come in the same order, so that equal changes are equal bytes. What readers would refuse is
    /// written all the same; [`sign`](crate::sign) does not sign it.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "LabelStatusChange", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.effective_from);
            json.object("credentialSubject", |json| json.object("statusChange", |json| self.change(json)));
        })
    }

    fn change(&self, json: &mut Writer) {
        json.string("action", self.action.code());
        match &self.target {
            Target::Attestations(indexes) => {
                json.array("attestations", |json| indexes.iter().for_each(|&index| json.integer_item(index)));
            }
            Target::Party(did) => json.string("party", did.as_str()),
        }
        json.string("reason", self.reason.code());
        if !self.text.is_empty() {
            json.string("text", &self.text);
        }
        match self.after {
            Some(index) => json.integer("after", index),
            None => json.literal("after", None),
        }
    }
}
