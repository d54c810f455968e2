//! Accreditations that several keys of an accreditor sign (m of n), collected as files.
//!
//! Files that hold the same payload are approvals of one accreditation. Each is opened with a key that the trust file lists for the
//! accreditor; what the log holds already counts too. Short of m nothing is sent, unless it is asked for: an approval in the log is
//! public, and tells who is about to be admitted or reported.

use std::path::Path;

use client::terminal::clean;
use primitives::{Hash, PublicKey, Thumbprint, Timestamp};
use registry::{Accreditor, AccreditorKey, State};
use statement::{Accreditation, Statement, Token};

use super::Signed;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::ledger;

/// How much of two payloads is shown where they begin to differ, in characters.
const SHOWN: usize = 40;

/// An accreditation, and who signed it.
pub(super) struct Group<'s> {
    desk: &'s Desk,
    accreditor: &'s Accreditor,
    accreditation: Accreditation,
    payload: &'s [u8],
    hash: Hash,
    /// The files: where they stand in the command, and the key of each. No key twice.
    files: Vec<(usize, PublicKey)>,
    /// What the log holds of it; known once it was asked.
    log: Logged,
}

#[derive(Debug, Clone, Default)]
struct Logged {
    approvals: Vec<(PublicKey, u64)>,
    /// The entry at which it took effect.
    in_force: Option<u64>,
    size: u64,
}

/// Finds the accreditations among statements, and checks every signature of theirs.
pub(super) fn groups<'s>(signed: &'s [Signed<'_>]) -> Result<Vec<Group<'s>>, Failure> {
    let mut groups: Vec<Group<'s>> = Vec::new();
    for (number, signed_file) in signed.iter().enumerate() {
        let Some(approval) = Approval::of(signed_file)? else { continue };
        let origin = signed_file.desk.origin();
        let same = |group: &&mut Group<'_>| group.payload == signed_file.payload && group.desk.origin() == origin;
        let Some(group) = groups.iter_mut().find(same) else {
            let Approval { accreditor, key, accreditation, hash } = approval;
            let (desk, payload) = (&signed_file.desk, &*signed_file.payload);
            let files = vec![(number, key)];
            groups.push(Group { desk, accreditor, accreditation, payload, hash, files, log: Logged::default() });
            continue;
        };
        if let Some((twice, _)) = group.files.iter().find(|(_, key)| *key == approval.key) {
            let earlier = signed.get(*twice).map(|earlier| earlier.file.display().to_string()).unwrap_or_default();
            return Err(Failure::input(format!(
                "{earlier} and {} are both signed by key {}: a key counts once",
                signed_file.file.display(),
                approval.key.thumbprint()
            ))
            .hint("name one of the two; the other signature has to be of another key"));
        }
        group.files.push((number, approval.key));
    }
    Ok(groups)
}

/// One signature.
struct Approval<'s> {
    accreditor: &'s Accreditor,
    key: PublicKey,
    accreditation: Accreditation,
    hash: Hash,
}

impl<'s> Approval<'s> {
    /// `None` where the statement is no accreditation.
    fn of(signed: &'s Signed<'_>) -> Result<Option<Self>, Failure> {
        let file = signed.file.display();
        let Ok(token) = Token::parse(signed.jws.as_bytes()) else { return Ok(None) };
        if token.kind() != statement::Kind::Accreditation {
            return Ok(None);
        }
        let policy = &signed.desk.trusted().policy;
        let did = token.issuer();
        let accreditor = policy.accreditor(did).ok_or_else(|| {
            Failure::input(format!(
                "{file} accredits in the name of {did}, which the trust file names as no accreditor"
            ))
            .hint("--trust FILE names a trust file that does; no registry of this one takes it")
        })?;
        let name = token.kid_thumbprint();
        let listed = accreditor.keys.iter().find(|listed| Some(listed.key.thumbprint()) == name);
        let listed = listed.ok_or_else(|| {
            let keys: Vec<String> = accreditor.keys.iter().map(|key| key.key.thumbprint().to_string()).collect();
            Failure::input(format!(
                "{file} is signed by key {}, which the trust file does not list for {did}",
                clean(&token.kid().fragment)
            ))
            .hint(format!("it lists: {}", keys.join(", ")))
        })?;
        let opened = token.open(&listed.key).map_err(|error| {
            Failure::input(format!("{file} does not hold: {error}")).hint("have it signed anew, and name that file")
        })?;
        let hash = opened.payload_hash();
        let (Statement::Accreditation(accreditation), Some(hash)) = (opened.into_inner(), hash) else {
            return Ok(None);
        };
        Ok(Some(Self { accreditor, key: listed.key, accreditation, hash }))
    }
}

/// Asks the registry what its log holds of each accreditation that several keys have to sign. One key needs no asking.
pub(super) fn ask(groups: &mut [Group<'_>], folder: Option<&Path>) -> Result<(), Failure> {
    let mut states: Vec<State> = Vec::new();
    for group in groups.iter_mut().filter(|group| group.needed() > 1) {
        let origin = group.desk.origin();
        let known = states.iter().position(|state| state.policy().origin == *origin);
        if known.is_none() {
            states.push(ledger::state(group.desk, folder)?);
        }
        let state = known.map_or(states.last(), |known| states.get(known));
        if let Some(state) = state {
            group.log = group.logged(state);
        }
    }
    Ok(())
}

impl Group<'_> {
    fn logged(&self, state: &State) -> Logged {
        let party = state.party(&self.accreditation.subject);
        let in_force = party.and_then(|party| {
            let same = party.accreditations.iter().find(|accreditation| accreditation.payload_hash == self.hash);
            same.map(registry::AccreditationRecord::index)
        });
        Logged { approvals: state.approvals(&self.hash).collect(), in_force, size: state.size() }
    }

    pub(super) fn needed(&self) -> usize {
        usize::from(self.accreditor.threshold.max(1))
    }

    pub(super) fn valid_from(&self) -> Timestamp {
        self.accreditation.valid_from
    }

    /// The entry at which the log says that it took effect.
    pub(super) fn in_force(&self) -> Option<u64> {
        self.log.in_force
    }

    /// The key of a file, where the file approves this accreditation.
    pub(super) fn key_of(&self, number: usize) -> Option<PublicKey> {
        self.files.iter().find(|(file, _)| *file == number).map(|(_, key)| *key)
    }

    /// The keys in the log.
    pub(super) fn logged_keys(&self) -> Vec<PublicKey> {
        self.log.approvals.iter().map(|(key, _)| *key).collect()
    }

    fn is_logged(&self, key: &PublicKey) -> bool {
        self.log.approvals.iter().any(|(logged, _)| logged == key)
    }

    /// How many keys have signed, in files or in the log.
    pub(super) fn given(&self) -> usize {
        self.log.approvals.len() + self.files.iter().filter(|(_, key)| !self.is_logged(key)).count()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.in_force().is_some() || self.given() >= self.needed()
    }

    /// The accreditor's other keys, that may sign today.
    fn others(&self) -> impl Iterator<Item = Thumbprint> + '_ {
        let signed = |listed: &&AccreditorKey| {
            self.is_logged(&listed.key) || self.files.iter().any(|(_, key)| *key == listed.key)
        };
        let keys = self.accreditor.keys.iter().filter(|listed| listed.is_valid_at(self.log.size));
        keys.filter(move |listed| !signed(listed)).map(|listed| listed.key.thumbprint())
    }

    /// Who signed, for people: nothing where one key is enough.
    pub(super) fn lines(&self, signed: &[Signed<'_>], asked: bool) -> String {
        if self.needed() < 2 {
            return String::new();
        }
        let subject = &self.accreditation.subject;
        let mut lines = match self.in_force() {
            Some(entry) => format!("accreditation of {subject}: took effect at entry {entry}\n"),
            None => format!("accreditation of {subject}: {} of {} signatures\n", self.given(), self.needed()),
        };
        for (key, entry) in &self.log.approvals {
            lines.push_str(&format!("  {}  in the log, entry {entry}\n", key.thumbprint()));
        }
        for (number, key) in self.files.iter().filter(|(_, key)| !self.is_logged(key)) {
            let file = signed.get(*number).map(|signed| clean(&signed.file.display().to_string())).unwrap_or_default();
            lines.push_str(&format!("  {}  {file}\n", key.thumbprint()));
        }
        if !asked {
            lines.push_str("  what the log holds of it was not asked\n");
        }
        lines
    }

    fn incomplete(&self) -> Failure {
        let others: Vec<String> = self.others().map(|key| key.to_string()).collect();
        let (given, needed) = (self.given(), self.needed());
        Failure::refused(format!(
            "the accreditation of {} has {given} of the {needed} signatures that it needs: nothing was sent",
            self.accreditation.subject
        ))
        .hint(format!(
            "certifier accredit --approve PAYLOAD --no-send --key FILE adds one, by {}; --partial sends what is there",
            others.join(" or ")
        ))
    }

    fn first_file<'f>(&self, signed: &'f [Signed<'_>]) -> Option<&'f Path> {
        self.files.first().and_then(|(number, _)| signed.get(*number)).map(|signed| signed.file)
    }
}

/// Refuses what must not be sent: keys that have ended, and, unless `partial`, accreditations that lack signatures.
pub(super) fn check(groups: &[Group<'_>], signed: &[Signed<'_>], partial: bool) -> Result<(), Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for group in groups.iter().filter(|group| group.needed() > 1 && group.in_force().is_none()) {
        for (number, key) in &group.files {
            let ended = group.accreditor.keys.iter().find(|listed| listed.key == *key);
            let ended = ended.filter(|listed| !listed.is_valid_at(group.log.size) && !group.is_logged(key));
            if let (Some(listed), Some(file)) = (ended, signed.get(*number)) {
                failures.push(not_valid(file.file, listed, group.log.size));
            }
        }
        if !group.is_complete() && !partial {
            failures.extend(groups.iter().filter_map(|other| otherwise(group, other, signed)));
            failures.push(group.incomplete());
        }
    }
    match failures.into_iter().reduce(Failure::join) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn not_valid(file: &Path, listed: &AccreditorKey, size: u64) -> Failure {
    let last = listed.last_index.map(|last| format!(" to {last}")).unwrap_or_default();
    Failure::refused(format!(
        "{} is signed by key {}, which signs entries {}{last}; the next one is {size}: nothing was sent",
        file.display(),
        listed.key.thumbprint(),
        listed.first_index
    ))
    .hint("have another key of the accreditor sign the payload")
}

/// Another payload for the same party: most likely somebody signed the wrong file.
fn otherwise(group: &Group<'_>, other: &Group<'_>, signed: &[Signed<'_>]) -> Option<Failure> {
    let same_party = group.accreditation.subject == other.accreditation.subject
        && group.accreditor.did == other.accreditor.did
        && group.desk.origin() == other.desk.origin();
    if !same_party || group.payload == other.payload {
        return None;
    }
    let (file, than) = (group.first_file(signed)?, other.first_file(signed)?);
    let at = difference(group.payload, other.payload);
    Some(
        Failure::refused(format!(
            "{} approves another payload than {}: they differ from byte {at} on, {:?} and {:?}",
            file.display(),
            than.display(),
            excerpt(group.payload, at),
            excerpt(other.payload, at),
        ))
        .hint("every key has to sign the very same .payload.json"),
    )
}

/// The first byte in which two payloads differ.
fn difference(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    same.min(one.len()).min(other.len())
}

/// The text from a byte on, in the middle of a character from its beginning.
fn excerpt(payload: &[u8], at: usize) -> String {
    let text = String::from_utf8_lossy(payload);
    let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.get(start..).unwrap_or_default().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_differ_where_they_do() {
        for (one, other, at, shown) in [
            ("{\"a\":1}", "{\"a\":2}", 5, "1}"),
            ("{\"name\":\"Käse\"}", "{\"name\":\"Köse\"}", 11, "äse\"}"),
            ("{}", "{} ", 2, ""),
            ("", "{}", 0, ""),
        ] {
            assert_eq!(difference(one.as_bytes(), other.as_bytes()), at, "{one} {other}");
            assert_eq!(excerpt(one.as_bytes(), at), shown);
        }
        assert_eq!(excerpt("x".repeat(100).as_bytes(), 0).len(), SHOWN);
    }
}
