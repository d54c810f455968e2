//! `certifier accredit --rotation`: the accreditation in force, signed anew with the key that a party asks for.
//!
//! 1. The request is opened with the key that the log has for its party: both of its signatures verify, or nothing goes on.
//! 2. The log, up to its newest entry, has to list the old key as that party's, in force, and the party as this accreditor's.
//! 3. The accreditation in force is fetched, proved to be in the log and held against the hash that the fold kept of it.
//! 4. One key is added; with `--retire` the old one is left out. Scope, last day and all else stay as they are.

use std::path::Path;

use client::terminal::clean;
use primitives::{PublicKey, Thumbprint, Timestamp};
use registry::{Accreditor, KeyRecord, Party, State};
use statement::{Accreditation, KeyRotationRequest, Kind, MAX_KEYS, MAX_STATEMENT, Statement, Token};

use super::in_force;
use crate::cli::AccreditOptions;
use crate::desk::Desk;
use crate::failure::{Failure, say};
use crate::{clock, files, ledger, probe};

/// How old a request may be. Who asked half a year ago may have lost the key since.
const MAX_AGE_DAYS: u64 = 31;
/// How far the party's clock may be ahead of this one.
const MAX_AHEAD_MILLIS: u64 = 300_000;
const DAY_MILLIS: u64 = 86_400_000;

/// Reads the request, checks it against the log, and gives the accreditation to be signed.
pub(super) fn accreditation(
    file: &Path,
    options: &AccreditOptions,
    desk: &Desk,
    accreditor: &Accreditor,
) -> Result<(Vec<u8>, Accreditation), Failure> {
    let text = files::read_text(file, MAX_STATEMENT)?;
    let token = Token::parse(text.as_bytes())
        .map_err(|error| Failure::input(format!("{} is no request: {error}", file.display())).hint(ASKED))?;
    if token.kind() != Kind::KeyRotationRequest {
        return Err(Failure::input(format!("{} asks for no key: it is another statement", file.display())).hint(ASKED));
    }
    let state = ledger::state(desk, options.sign.registry.state.as_deref())?;
    let now = clock::now();
    let asked = Asked::of(&state, &token, desk, accreditor, now)?;
    let in_force = in_force::fetch(desk, accreditor, asked.party)?;
    let accreditation = renewed(&in_force, &asked, options.retire, now)?;
    if !options.sign.json {
        asked.show(options.retire)?;
    }
    let payload = accreditation.to_payload();
    probe::statement(&payload, &accreditation.issuer).map_err(Failure::input)?;
    Ok((payload, accreditation))
}

const ASKED: &str = "name the .rotation.jws that `certifier key rotate` wrote for the party";

/// A request that both keys signed, and what the log says of who asks.
struct Asked<'s> {
    request: KeyRotationRequest,
    old: &'s KeyRecord,
    party: &'s Party,
}

impl<'s> Asked<'s> {
    fn of(
        state: &'s State,
        token: &Token<'_>,
        desk: &Desk,
        accreditor: &Accreditor,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let did = token.issuer();
        let party = state.party(did).ok_or_else(|| {
            Failure::refused(format!("{did} was never accredited at {}", desk.origin()))
                .hint("admit it first: certifier accredit FILE")
        })?;
        if party.accreditor != accreditor.did {
            return Err(Failure::refused(format!(
                "{did} is accredited by {}, not by {}",
                party.accreditor, accreditor.did
            ))
            .hint("the request is for that accreditor: give it there"));
        }
        let key = state.issuer_key(token).map_err(|refusal| {
            Failure::refused(format!("the key that signed the request is not one of {did}: {refusal}"))
                .hint("the party has to ask with a key that is accredited: certifier key rotate --key FILE")
        })?;
        let opened = token.open(&key).map_err(|error| {
            Failure::refused(format!("the request is not what both keys signed: {error}"))
                .hint("the party has to ask anew")
        })?;
        let Statement::KeyRotationRequest(request) = opened.into_inner() else {
            return Err(Failure::input("the statement asks for no key").hint(ASKED));
        };
        if request.registry != *desk.origin() {
            return Err(Failure::input(format!(
                "the request is for the registry {}, not {}",
                request.registry,
                desk.origin()
            ))
            .hint("--registry ORIGIN names another registry of the trust file"));
        }
        in_time(&request, now)?;
        let old = state.key(&request.old).ok_or_else(|| Failure::refused("the log does not know the old key"))?;
        still_good(old, party, now)?;
        free(state, &request.new, party)?;
        Ok(Self { request, old, party })
    }

    /// Both keys, before anything is signed: who accredits compares the new one with what the party says of it elsewhere.
    fn show(&self, retire: bool) -> Result<(), Failure> {
        let name = self.party.accreditation().map(|accreditation| clean(&accreditation.name)).unwrap_or_default();
        let old = if retire { "is retired: left out" } else { "stays" };
        crate::print(&format!(
            "{name}, {}, asked on {} for another key:\n  \
             old key     {}, accredited since entry {}; {old}\n  \
             new key     {}, label key id {}\n\
             Both keys signed the request. Compare the new one with what the party tells you on another way.\n\n",
            self.party.did,
            self.request.asked_at,
            self.request.old,
            self.old.added_at,
            self.request.new.thumbprint(),
            self.request.new.label_key_id(),
        ))
    }
}

fn in_time(request: &KeyRotationRequest, now: Timestamp) -> Result<(), Failure> {
    let asked = request.asked_at;
    if asked.millis() > now.millis().saturating_add(MAX_AHEAD_MILLIS) {
        return Err(Failure::refused(format!("the request is of {asked}, which is still to come"))
            .hint("one of the two clocks is wrong: see which"));
    }
    if now.millis().saturating_sub(asked.millis()) > MAX_AGE_DAYS * DAY_MILLIS {
        return Err(Failure::refused(format!("the request is of {asked}, more than {MAX_AGE_DAYS} days ago"))
            .hint("the party has to ask anew: certifier key rotate"));
    }
    Ok(())
}

/// Who has a key that is retired or compromised may be anybody.
fn still_good(old: &KeyRecord, party: &Party, now: Timestamp) -> Result<(), Failure> {
    const ANEW: &str = "see who asks, on another way; then list a new key with certifier accredit FILE; report a stolen one with --compromised";
    if let Some(compromise) = old.compromised {
        let why = format!("the key that signed the request is compromised since {}", compromise.since);
        return Err(Failure::refused(why).hint(ANEW));
    }
    if let Some(entry) = old.retired_at {
        return Err(
            Failure::refused(format!("the key that signed the request is retired since entry {entry}")).hint(ANEW)
        );
    }
    if let Some(hold) = party.hold_at(now) {
        let how = if hold.is_final { "withdrawn" } else { "suspended" };
        let failure = Failure::refused(format!("{} is {how} since {}", party.did, hold.since));
        return Err(if hold.is_final {
            failure.hint("a withdrawal is final")
        } else {
            failure.hint("reinstate the party first, if it is to go on: certifier reinstate --party DID --reason CODE")
        });
    }
    Ok(())
}

/// A key belongs to one party for ever, and is listed once.
fn free(state: &State, new: &PublicKey, party: &Party) -> Result<(), Failure> {
    let name = new.thumbprint();
    let owner = state.policy().accreditors.iter().find(|owner| owner.keys.iter().any(|listed| listed.key == *new));
    if let Some(owner) = owner {
        return Err(Failure::refused(format!("key {name} is the accreditor's, {}", owner.did)));
    }
    match state.key(&name) {
        None => Ok(()),
        Some(record) if record.party != party.number => {
            let owner = state.party_numbered(record.party).map(|owner| owner.did.to_string()).unwrap_or_default();
            Err(Failure::refused(format!("key {name} belongs to {owner}, for ever")))
        }
        Some(record) => Err(match record.retired_at {
            Some(entry) => Failure::refused(format!("key {name} was retired at entry {entry}, and does not come back"))
                .hint("the party has to make a new one: certifier keygen"),
            None => Failure::refused(format!("key {name} is accredited already, since entry {}", record.added_at))
                .hint("there is nothing to do"),
        }),
    }
}

/// The same once more, with the new key.
fn renewed(
    in_force: &Accreditation,
    asked: &Asked<'_>,
    retire: bool,
    now: Timestamp,
) -> Result<Accreditation, Failure> {
    let Some(renewed) = in_force::renewed(in_force, now)? else {
        return Err(Failure::refused(format!("the accreditation in force ended on {}", in_force.last_day))
            .hint("accredit the party anew: certifier accredit FILE"));
    };
    let is_old = |key: &PublicKey| key.thumbprint() == asked.request.old;
    let mut keys: Vec<PublicKey> = in_force.keys.iter().filter(|key| !(retire && is_old(key))).copied().collect();
    keys.push(asked.request.new);
    if keys.len() > MAX_KEYS {
        return Err(Failure::refused(format!(
            "{} would have {} keys, at most {MAX_KEYS}",
            asked.party.did,
            keys.len()
        ))
        .hint("--retire leaves the old key out"));
    }
    warn_of_exposed(in_force, retire, asked.request.old);
    Ok(Accreditation { keys, ..renewed })
}

/// Retiring is no report: who stole the key has what it signed before.
fn warn_of_exposed(in_force: &Accreditation, retire: bool, old: Thumbprint) {
    if retire && !in_force.compromised.iter().any(|known| known.key == old) {
        say(
            "note",
            "the old key is retired, not reported: if others may have it, certifier accredit --compromised KEY --compromised-since TIME",
        );
    }
}
