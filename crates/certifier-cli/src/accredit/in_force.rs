//! The accreditation in force, to be signed anew with something changed.

use primitives::Timestamp;
use registry::{Accreditor, Party};
use statement::{Accreditation, Statement, Token};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::random;

/// The accreditation in force, as it was signed: fetched, proved to be in the log and held against the hash that the fold kept of it.
pub(super) fn fetch(desk: &Desk, accreditor: &Accreditor, party: &Party) -> Result<Accreditation, Failure> {
    let missing = || Failure::refused(format!("{} has no accreditation in force", party.did));
    let record = party.accreditation().ok_or_else(missing)?;
    let stored = desk.registry().statement(record.index())?;
    let unreadable = |why: String| Failure::refused(format!("entry {} cannot be read: {why}", record.index()));
    let token = Token::parse(stored.statement.as_bytes()).map_err(|error| unreadable(error.to_string()))?;
    let opened = accreditor.keys.iter().find_map(|listed| token.open(&listed.key).ok());
    let opened = opened.ok_or_else(|| unreadable("no key of the accreditor signed it".to_owned()))?;
    if opened.payload_hash() != Some(record.payload_hash) {
        return Err(unreadable("it is not the accreditation that the snapshot says".to_owned()));
    }
    let Statement::Accreditation(accreditation) = opened.into_inner() else {
        return Err(unreadable("it is no accreditation".to_owned()));
    };
    Ok(accreditation)
}

/// The same once more, valid from now. `validFrom` has to grow; where the one in force begins later still, so does this.
/// `None` where the one in force has run out.
pub(super) fn renewed(in_force: &Accreditation, now: Timestamp) -> Result<Option<Accreditation>, Failure> {
    let start = now.seconds().max(in_force.valid_from.seconds() + 1);
    from(in_force, Timestamp::from_seconds(start))
}

/// The same once more, with no day more or less: for a party whose accreditation has run out, and of whom something is to be said still.
pub(super) fn repeated(in_force: &Accreditation) -> Result<Option<Accreditation>, Failure> {
    from(in_force, Timestamp::from_seconds(in_force.valid_from.seconds() + 1))
}

fn from(in_force: &Accreditation, start: Timestamp) -> Result<Option<Accreditation>, Failure> {
    let Some((first_day, last_day)) = statement::days(start, in_force.valid_until) else { return Ok(None) };
    let id = random::urn()?;
    Ok(Some(Accreditation { id, valid_from: start, first_day, last_day, ..in_force.clone() }))
}
