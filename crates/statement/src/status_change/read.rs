//! Reading a status change: a credential of our own type.

use super::{ACTIONS, Action, MAX_TARGETS, MAX_TEXT, REASONS, Reason, StatusChange, Target};
use crate::Did;
use crate::credential::{self, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};

impl StatusChange {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        root.only(&["@context", "type", "id", "registry", "issuer", "iss", "validFrom", "credentialSubject"])?;
        let head = credential::head(&root, issuer, "LabelStatusChange", &[UNTP_0_7])?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["statusChange"])?;
        let change_member = subject.member("statusChange")?;
        let change = change_member.object()?;
        change.only(&["action", "attestations", "party", "reason", "text", "after"])?;
        let target = match (change.find("attestations"), change.find("party")) {
            (Some(list), None) => Target::Attestations(indexes(list)?),
            (None, Some(party)) => Target::Party(party.did()?),
            (Some(_), Some(_)) | (None, None) => return Err(change.fault(Fault::Target)),
        };
        let after = change.member("after")?;
        Ok(Self {
            id: head.id,
            issuer: head.issuer,
            registry: head.registry,
            action: change.member("action")?.one_of::<Action>(&ACTIONS)?,
            target,
            reason: change.member("reason")?.one_of::<Reason>(&REASONS)?,
            text: change.find("text").map(|text| text.text(MAX_TEXT)).transpose()?.unwrap_or_default().into(),
            after: if after.is_null() { None } else { Some(after.integer(0, u64::MAX)?) },
            effective_from: root.member("validFrom")?.whole_second()?,
        })
    }
}

/// Log indexes, ascending, so that none is there twice.
fn indexes(member: Member<'_, '_>) -> Result<alloc::vec::Vec<u64>, Error> {
    let mut last = None;
    let indexes = member.items(MAX_TARGETS, |item| {
        let index = item.integer(0, u64::MAX)?;
        if last >= Some(index) {
            return Err(item.fault(Fault::NotAscending));
        }
        last = Some(index);
        Ok(index)
    })?;
    if indexes.is_empty() { Err(member.fault(Fault::WrongCount("one item or more"))) } else { Ok(indexes) }
}
