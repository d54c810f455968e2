//! `certifier submit`: sends statements that were signed earlier, here or on a machine without a network.
//!
//! Accreditations that several keys have to sign are sent together, once all signatures are there (`approvals`).

mod approvals;

use std::path::Path;

use client::terminal::clean;
use primitives::PublicKey;
use serde_json::{Value, json};
use statement::{MAX_STATEMENT, Origin, Token};

use crate::book::Book;
use crate::cli::{RegistryOptions, SubmitOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::outbox::Outbox;
use crate::report::{self, Progress};
use crate::{files, refusal};
use approvals::Group;

/// A statement from a file, well formed and not yet sent.
struct Signed<'a> {
    file: &'a Path,
    jws: String,
    signer: String,
    payload: Vec<u8>,
    desk: Desk,
}

pub(crate) fn run(options: &SubmitOptions) -> Result<(), Failure> {
    let signed = options.files.iter().map(|file| read(file, &options.registry)).collect::<Result<Vec<_>, _>>()?;
    let mut groups = approvals::groups(&signed)?;
    if options.dry_run {
        return dry_run(&signed, &groups, options.json);
    }
    approvals::ask(&mut groups, options.registry.state.as_deref())?;
    if !options.json {
        groups.iter().try_for_each(|group| crate::print(&group.lines(&signed, true)))?;
    }
    approvals::check(&groups, &signed, options.partial)?;
    let mut documents = Vec::new();
    let sent = send(options, &signed, &groups, &mut documents);
    if options.json && (sent.is_ok() || !documents.is_empty()) {
        report::print_json(documents)?;
    }
    sent
}

/// Sends one after the other. What is registered when one fails has its receipt, and is said.
fn send(
    options: &SubmitOptions,
    signed: &[Signed<'_>],
    groups: &[Group<'_>],
    documents: &mut Vec<Value>,
) -> Result<(), Failure> {
    let mut logged: Vec<Vec<PublicKey>> = groups.iter().map(Group::logged_keys).collect();
    for (number, Signed { file, jws, payload, desk, .. }) in in_order(signed, groups) {
        let of_group = groups.iter().zip(&mut logged).find_map(|(group, logged)| {
            let key = group.key_of(number)?;
            Some((group, logged, key))
        });
        let outbox = Outbox::of_unsent(file);
        let unneeded = |effect: &str| {
            if options.json {
                let file = file.display().to_string();
                return Ok(Some(json!({
                    "format": "ethical-label-certifier/v1", "outcome": "not_needed", "files": [file],
                })));
            }
            let file = clean(&file.display().to_string());
            crate::print(&format!("{file} is not needed: {effect}\n")).map(|()| None)
        };
        if let Some((group, logged, key)) = &of_group
            && group.in_force().is_none()
            && logged.len() >= group.needed()
            && !logged.contains(key)
        {
            documents.extend(unneeded("enough other keys have signed")?);
            continue;
        }
        Book::of(desk).note(jws)?;
        let delivered = match outbox.send(&desk.registry(), jws) {
            Ok(delivered) => delivered,
            Err(error) => match of_group.and_then(|(group, ..)| group.in_force()).filter(|_| refusal::is_final(&error))
            {
                // It took effect without this signature, so that the law takes it no more.
                Some(entry) => {
                    documents.extend(unneeded(&format!("the accreditation took effect at entry {entry}"))?);
                    continue;
                }
                None => return Err(outbox.failure(error)),
            },
        };
        if let Some((_, logged, key)) = of_group
            && !logged.contains(&key)
        {
            logged.push(key);
        }
        if options.json {
            documents.push(report::json(payload, &Progress::Registered(&delivered), &[]));
        } else {
            crate::print(&report::registered(&delivered))?;
        }
    }
    Ok(())
}

/// As they were named, but accreditations among themselves by their `validFrom`, which has to grow.
fn in_order<'s, 'f>(signed: &'s [Signed<'f>], groups: &[Group<'_>]) -> Vec<(usize, &'s Signed<'f>)> {
    let valid_from =
        |number: usize| groups.iter().find(|group| group.key_of(number).is_some()).map(|group| group.valid_from());
    let mut accreditations: Vec<usize> = (0..signed.len()).filter(|number| valid_from(*number).is_some()).collect();
    accreditations.sort_by_key(|number| valid_from(*number));
    let mut next = accreditations.into_iter();
    let numbers = (0..signed.len()).map(|number| valid_from(number).and_then(|_| next.next()).unwrap_or(number));
    numbers.filter_map(|number| Some((number, signed.get(number)?))).collect()
}

/// Whether the law takes a statement is the registry's to say, and its key is not known here: the files are well formed, and shown.
fn dry_run(signed: &[Signed<'_>], groups: &[Group<'_>], json: bool) -> Result<(), Failure> {
    if json {
        return report::print_json(
            signed.iter().map(|signed| report::json(&signed.payload, &Progress::DryRun, &[])).collect(),
        );
    }
    signed.iter().try_for_each(|Signed { file, payload, signer, desk, .. }| {
        let head = clean(&format!("{}, signed by {signer}, for {}", file.display(), desk.origin()));
        crate::print(&format!("{head}\n{}\n\n", report::payload(payload)))
    })?;
    groups.iter().try_for_each(|group| crate::print(&group.lines(signed, false)))?;
    crate::print("Dry run: nothing was sent.\n")
}

fn read<'a>(file: &'a Path, options: &RegistryOptions) -> Result<Signed<'a>, Failure> {
    let name = file.display();
    let jws = files::read_text(file, MAX_STATEMENT)?;
    let token = Token::parse(jws.as_bytes()).map_err(|error| {
        Failure::input(format!("{name} is no statement: {error}")).hint("name a .jws that this program signed")
    })?;
    let payload = token.payload().to_vec();
    let signer = format!("{}#{}", token.kid().did, token.kid().fragment);
    let member: Value = serde_json::from_slice(&payload).unwrap_or_default();
    let registry = member.get("registry").and_then(Value::as_str).and_then(|text| Origin::parse(text).ok());
    let registry = registry.ok_or_else(|| Failure::input(format!("{name} names no registry")))?;
    if let Some(wanted) = options.registry.as_ref().filter(|wanted| **wanted != registry) {
        return Err(Failure::input(format!("{name} is for the registry {registry}, not {wanted}"))
            .hint("every other registry refuses it; leave --registry out"));
    }
    let options =
        RegistryOptions { trust: options.trust.clone(), registry: Some(registry), state: options.state.clone() };
    Ok(Signed { file, jws, signer, payload, desk: Desk::open(&options)? })
}
