//! `verifier evidence check` and `verifier compare-checkpoints`: what speaks against a registry, confirmed by anybody.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use client::{Kept, Registry, counted};
use tlog::OpenedCheckpoint;
use verify::{BadEntry, Trust, TrustedRegistry, TwoNotes, Unconfirmed};

use crate::cli::{CompareOptions, EvidenceCheckOptions};
use crate::failure::{Failure, say};
use crate::sync;

/// A refused entry with all that its refusal rests on; a larger file is none of ours.
const MAX_EVIDENCE: u64 = 64 << 20;

/// Exit status: 1 where the file speaks against the registry, 0 where all that it holds can be true, 3 where it cannot be told; 2 where it
/// is no evidence at all, which what the registry has not signed is not.
pub(crate) fn check(options: &EvidenceCheckOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let text = read(&options.file)?;
    let name = options.file.display();
    match confirm(&text, &trust) {
        Ok(confirmed) => {
            crate::print(format!("confirmed: {}\n", client::terminal::clean(&confirmed.0)).as_bytes())?;
            Ok(1)
        }
        Err(Unconfirmed::Form(why)) => Err(Failure::new(format!("{name} is no evidence: {why}"))
            .hint("name a file that check, sync, audit or compare-checkpoints kept")),
        Err(error @ Unconfirmed::NoRegistry(_)) => {
            Err(Failure::new(error.to_string()).hint("--trust FILE names a trust file that has the registry's key"))
        }
        Err(error @ Unconfirmed::NotSigned(_)) => Err(Failure::new(format!("{name} confirms nothing: {error}"))
            .hint("it is damaged, cut short or made up: ask whoever kept it for the whole file")),
        Err(error @ Unconfirmed::Agrees(_)) => {
            crate::print(format!("not confirmed: {}\n", client::terminal::clean(&error.to_string())).as_bytes())?;
            Ok(0)
        }
        Err(error @ Unconfirmed::Open(_)) => {
            crate::print(format!("undecided: {}\n", client::terminal::clean(&error.to_string())).as_bytes())?;
            Ok(3)
        }
    }
}

pub(crate) fn confirm(text: &str, trust: &Trust) -> Result<verify::Confirmed, Unconfirmed> {
    if text.trim_start().starts_with('{') {
        let bad: BadEntry = serde_json::from_str(text).map_err(|error| Unconfirmed::Form(error.to_string()))?;
        return bad.confirm(trust);
    }
    TwoNotes::parse(text)?.confirm(trust)
}

/// Exit status: 0 where one tree begins with the other, 1 where the two cannot both be true, 3 where the log cannot be asked.
pub(crate) fn compare(options: &CompareOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let (one, other) = (read(&options.one)?, read(&options.other)?);
    let origin = one.lines().next().unwrap_or_default().to_owned();
    let trusted = trust.registries.iter().find(|registry| registry.policy.origin.as_str() == origin);
    let trusted = trusted.ok_or_else(|| {
        let origin: String = client::terminal::clean(&origin).chars().take(64).collect();
        Failure::new(format!("{}: the trust file names no registry {origin:?}", options.one.display()))
            .hint("name two signed checkpoints, as GET /checkpoint gives them, and the trust file with the log's key")
    })?;
    let (one, other) = (open(&options.one, &one, trusted)?, open(&options.other, &other, trusted)?);
    let (older, newer) = if other.size() < one.size() { (other, one) } else { (one, other) };
    if older.size() == newer.size() && older.root() == newer.root() {
        return told(&format!(
            "the same tree of {}, root {}",
            counted(older.size(), "entry"),
            older.root().to_base64()
        ));
    }
    // Two of one size contradict each other without anybody being asked.
    match Registry::new(trusted, options.state.memory()).agree(&older, &newer) {
        Ok(()) => told(&format!(
            "consistent: the tree of {} begins with that of {}, by the log's own tiles",
            counted(newer.size(), "entry"),
            older.size()
        )),
        Err(error @ client::Error::Inconsistent { .. }) => {
            say("error", &sync::about(&origin, &error));
            if let client::Error::Inconsistent { evidence: Kept::In(file), .. } = &error {
                say("hint", &format!("verifier evidence check {file} confirms it to anybody, without a network"));
            }
            Ok(1)
        }
        Err(error) => Ok(sync::told(&origin, &error)),
    }
}

fn told(text: &str) -> Result<u8, Failure> {
    crate::print(format!("{text}\n").as_bytes())?;
    Ok(0)
}

fn open(file: &Path, note: &str, trusted: &TrustedRegistry) -> Result<OpenedCheckpoint, Failure> {
    verify::open_checkpoint(note.as_bytes(), trusted)
        .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read {name}: {error}"));
    let mut text = String::new();
    File::open(path).map_err(cannot)?.take(MAX_EVIDENCE + 1).read_to_string(&mut text).map_err(cannot)?;
    if text.len() as u64 > MAX_EVIDENCE {
        return Err(Failure::new(format!("{name} is larger than {MAX_EVIDENCE} bytes")));
    }
    Ok(text)
}
