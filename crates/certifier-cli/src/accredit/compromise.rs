//! `certifier accredit --compromised KEY --compromised-since TIME`: the accreditation in force, signed anew with a key that others may
//! have used in `compromised`, and out of `keys`.
//!
//! 1. The log, up to its newest entry, has to know the key, as one of a party of this accreditor.
//! 2. The accreditation in force is fetched, proved to be in the log and held against the hash that the fold kept of it.
//! 3. What it will mean is counted, shown and asked about: a compromise is never taken back, and the earliest time said wins.
//! 4. The key moves from `keys` to `compromised`. Scope, last day and all else stay as they are.

use client::terminal::clean;
use primitives::Timestamp;
use registry::{Accreditor, KeyRecord, Party, State};
use statement::{Accreditation, Compromised, MAX_COMPROMISED};

use super::in_force;
use crate::cli::AccreditOptions;
use crate::desk::Desk;
use crate::exposure::{Exposure, counted};
use crate::failure::{Failure, say};
use crate::{clock, ledger, probe, question, which_key};

/// How far another clock may be ahead of this one.
const MAX_AHEAD_MILLIS: u64 = 300_000;

/// Refuses at once where a question would have to be asked and nobody could answer it.
pub(super) fn check_terminal(options: &AccreditOptions) -> Result<(), Failure> {
    if options.compromised.is_empty() || options.sign.dry_run || options.yes || question::is_somebody_there() {
        return Ok(());
    }
    Err(Failure::input("a compromise is for ever, and there is no terminal to ask on: nothing was signed")
        .hint("--yes signs without a question; --dry-run shows what it would mean"))
}

/// Finds the keys in the log, shows what it means that they are compromised, and gives the accreditation to be signed.
pub(super) fn accreditation(
    since: Timestamp,
    options: &AccreditOptions,
    desk: &Desk,
    accreditor: &Accreditor,
) -> Result<(Vec<u8>, Accreditation), Failure> {
    let now = clock::now();
    if since.millis() > now.millis().saturating_add(MAX_AHEAD_MILLIS) {
        return Err(Failure::input(format!("--compromised-since {since} is still to come"))
            .hint("say since when others may have used the key: from the accreditation on it signs nothing anyway"));
    }
    let names = options.compromised.iter().map(which_key::thumbprint).collect::<Result<Vec<_>, _>>()?;
    let state = ledger::state(desk, options.sign.registry.state.as_deref())?;
    let mut reported: Vec<Reported<'_>> = Vec::new();
    for name in names {
        if reported.iter().any(|other| other.key.thumbprint == name) {
            return Err(Failure::input(format!("--compromised names key {name} twice")));
        }
        reported.push(Reported::of(&state, name, since, accreditor)?);
    }
    let Some(party) = reported.first().map(|first| first.party) else {
        return Err(Failure::input("--compromised names no key"));
    };
    if let Some(other) = reported.iter().find(|other| other.party.number != party.number) {
        return Err(Failure::input(format!(
            "key {} is of {}, not of {}",
            other.key.thumbprint, other.party.did, party.did
        ))
        .hint("an accreditation is of one party: report the keys of each in a command of its own"));
    }
    let in_force = in_force::fetch(desk, accreditor, party)?;
    let accreditation = changed(&in_force, &reported, since, now)?;
    let meaning = meaning(&state, party, &reported, &accreditation, since);
    if options.sign.dry_run || options.yes {
        // Documents go to standard output; this is for who watches.
        if !options.sign.json {
            crate::print(&format!("{meaning}\n"))?;
        }
    } else {
        question::confirm(&meaning)?;
    }
    warn_of_none_left(&accreditation, party);
    let payload = accreditation.to_payload();
    probe::statement(&payload, &accreditation.issuer).map_err(Failure::input)?;
    Ok((payload, accreditation))
}

/// A key that is to be declared compromised, as the log knows it.
struct Reported<'s> {
    key: &'s KeyRecord,
    party: &'s Party,
}

impl<'s> Reported<'s> {
    fn of(
        state: &'s State,
        name: primitives::Thumbprint,
        since: Timestamp,
        accreditor: &Accreditor,
    ) -> Result<Self, Failure> {
        let owner = state
            .policy()
            .accreditors
            .iter()
            .find(|owner| owner.keys.iter().any(|listed| listed.key.thumbprint() == name));
        if let Some(owner) = owner {
            return Err(Failure::refused(format!(
                "key {name} is the accreditor's, {}: no accreditation ends it",
                owner.did
            ))
            .hint("it is ended in the trust file, by last_index: tell the registry's operator and all who verify"));
        }
        let unknown = || {
            Failure::refused(format!("the log knows no key {name}: it was never accredited, and signs nothing"))
                .hint("certifier key inspect KEY --trust FILE says what the log knows of a key")
        };
        let key = state.key(&name).ok_or_else(unknown)?;
        let party = state.party_numbered(key.party).ok_or_else(unknown)?;
        if party.accreditor != accreditor.did {
            return Err(Failure::refused(format!(
                "key {name} is of {}, which {} accredited, not {}",
                party.did, party.accreditor, accreditor.did
            ))
            .hint("only that accreditor declares it compromised: tell it"));
        }
        if let Some(known) = key.compromised.filter(|known| known.since <= since) {
            return Err(Failure::refused(format!(
                "key {name} is compromised since {} already, reported at entry {}: the earliest time wins",
                known.since, known.entry
            ))
            .hint("there is nothing to do; only an earlier time changes something"));
        }
        Ok(Self { key, party })
    }
}

/// The same once more, with the keys reported.
fn changed(
    in_force: &Accreditation,
    reported: &[Reported<'_>],
    since: Timestamp,
    now: Timestamp,
) -> Result<Accreditation, Failure> {
    // What a party attested while it was accredited outlives the accreditation, and so does what a thief signs of it.
    let renewed = match in_force::renewed(in_force, now)? {
        Some(renewed) => Some(renewed),
        None => in_force::repeated(in_force)?,
    };
    let Some(renewed) = renewed else {
        return Err(Failure::refused(format!("the accreditation in force ended on {}", in_force.last_day))
            .hint("accredit the party anew, with the key under compromised: certifier accredit FILE"));
    };
    let is_reported = |name| reported.iter().any(|reported| reported.key.thumbprint == name);
    let keys = in_force.keys.iter().filter(|key| !is_reported(key.thumbprint())).copied().collect();
    let mut compromised: Vec<Compromised> =
        in_force.compromised.iter().filter(|known| !is_reported(known.key)).copied().collect();
    compromised.extend(reported.iter().map(|reported| Compromised { key: reported.key.thumbprint, since }));
    // The log remembers what the oldest of them said: a compromise never clears.
    let too_many = compromised.len().saturating_sub(MAX_COMPROMISED);
    compromised.drain(..too_many);
    Ok(Accreditation { keys, compromised, ..renewed })
}

/// What it will mean, for people.
fn meaning(
    state: &State,
    party: &Party,
    reported: &[Reported<'_>],
    accreditation: &Accreditation,
    since: Timestamp,
) -> String {
    let mut told = format!("{}, {}:\n", clean(&accreditation.name), party.did);
    for Reported { key, .. } in reported {
        told.push_str(&format!(
            "key {} is compromised since {since}, for ever; it signs nothing more\n",
            key.thumbprint
        ));
        if let Some(known) = key.compromised {
            told.push_str(&format!("  so far: since {}, reported at entry {}\n", known.since, known.entry));
        }
        told.push_str(&Exposure::of(state, key, since).lines());
    }
    told.push_str(&match accreditation.keys.len() {
        0 => {
            "The party is left WITHOUT A KEY: it attests, suspends and withdraws nothing until another one is listed.\n"
                .to_owned()
        }
        left => format!("The party keeps {}.\n", counted(u64::try_from(left).unwrap_or(u64::MAX), "key")),
    });
    told
}

/// Said beside the output too: a document for a program does not hold it.
fn warn_of_none_left(accreditation: &Accreditation, party: &Party) {
    if accreditation.keys.is_empty() {
        say(
            "warning",
            &format!(
                "{} is left without a key: it can attest, suspend and withdraw nothing, and print no labels",
                party.did
            ),
        );
        say("hint", "have the party make one (certifier keygen), and list it: certifier accredit FILE");
    }
}
