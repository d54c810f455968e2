//! Reading a request: a credential of our own type.

use alloc::vec::Vec;

use super::{MAX_UPDATES, PROGRESS, ReportId, ReportUpdate, ReportsRequest};
use crate::Did;
use crate::credential::{self, Head, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};

impl ReportsRequest {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        root.only(&["@context", "type", "id", "registry", "issuer", "iss", "validFrom", "credentialSubject"])?;
        let Head { id, issuer, registry, .. } = credential::head(&root, issuer, "ReportsRequest", &[UNTP_0_7])?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["reports"])?;
        let reports_member = subject.member("reports")?;
        let reports = reports_member.object()?;
        reports.only(&["updates"])?;
        let updates = updates(reports.member("updates")?)?;
        Ok(Self { id, issuer, registry, asked_at: root.member("validFrom")?.whole_second()?, updates })
    }
}

/// Each report once: two statements about one would leave open which holds.
fn updates(member: Member<'_, '_>) -> Result<Vec<ReportUpdate>, Error> {
    let mut seen = Vec::new();
    member.items(MAX_UPDATES, |item| {
        let update = item.object()?;
        update.only(&["report", "status"])?;
        let id_member = update.member("report")?;
        let report = ReportId::parse(id_member.string()?).map_err(|_| id_member.fault(Fault::ReportId))?;
        if seen.contains(&report) {
            return Err(id_member.fault(Fault::RepeatedItem));
        }
        seen.push(report);
        Ok(ReportUpdate { report, progress: update.member("status")?.one_of(&PROGRESS)? })
    })
}
