//! Writing a request.

use alloc::vec::Vec;

use super::ReportsRequest;
use crate::credential::write_head;
use crate::json::Writer;

impl ReportsRequest {
    /// The payload to sign; members always come in the same order.
    pub fn to_payload(&self) -> Vec<u8> {
        Writer::document(|json| {
            write_head(json, "ReportsRequest", &self.id, &self.registry, &self.issuer, None);
            json.display("validFrom", &self.asked_at);
            json.object("credentialSubject", |json| {
                json.object("reports", |json| {
                    json.array("updates", |json| {
                        for update in &self.updates {
                            json.object_item(|json| {
                                json.display("report", &update.report);
                                json.string("status", update.progress.code());
                            });
                        }
                    });
                });
            });
        })
    }
}
