//! The registry as an accreditor asks it for reports: each request signed anew, since none is good for long.

use client::ReportsPage;
use primitives::Timestamp;
use statement::{ReportUpdate, ReportsRequest};

use crate::cli::SignOptions;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::identity::Identity;
use crate::{clock, random};

/// An accreditor at a registry.
pub(crate) struct ReportsDesk<'o> {
    desk: Desk,
    identity: Identity,
    options: &'o SignOptions,
}

impl<'o> ReportsDesk<'o> {
    /// Reads trust file and public key; nothing is unlocked or sent yet.
    pub(crate) fn open(options: &'o SignOptions) -> Result<Self, Failure> {
        let (desk, identity) = (Desk::open(&options.registry)?, Identity::of(&options.secret)?);
        if desk.trusted().policy.accreditor(&identity.did).is_none() {
            let accreditors: Vec<String> =
                desk.trusted().policy.accreditors.iter().map(|accreditor| accreditor.did.to_string()).collect();
            return Err(Failure::input(format!("{} is no accreditor of {}", identity.did, desk.origin()))
                .hint(format!("--key FILE names a key of: {}", accreditors.join(", "))));
        }
        Ok(Self { desk, identity, options })
    }

    /// The payload of a request.
    pub(crate) fn payload(&self, updates: &[ReportUpdate]) -> Result<Vec<u8>, Failure> {
        let request = ReportsRequest {
            id: random::urn()?,
            issuer: self.identity.did.clone(),
            registry: self.desk.origin().clone(),
            asked_at: Timestamp::from_seconds(clock::now().seconds()),
            updates: updates.to_vec(),
        };
        Ok(request.to_payload())
    }

    /// Asks for a page, and says what became of some.
    pub(crate) fn ask(
        &self,
        updates: &[ReportUpdate],
        after: Option<&str>,
        limit: usize,
    ) -> Result<ReportsPage, Failure> {
        let secret = self.identity.unlock(&self.options.secret)?;
        let jws = statement::sign(&self.payload(updates)?, &self.identity.did, secret).map_err(Failure::input)?;
        Ok(self.desk.registry().reports(&jws, after, limit)?)
    }
}
