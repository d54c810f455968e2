//! `certifier submit`: sends statements that were signed earlier, here or on a machine without a network.

use std::path::Path;

use client::terminal::clean;
use serde_json::Value;
use statement::{MAX_STATEMENT, Origin, Token};

use crate::cli::{RegistryOptions, SubmitOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::outbox::Outbox;
use crate::report::{self, Progress};

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
    if options.dry_run {
        return dry_run(&signed, options.json);
    }
    let mut documents = Vec::new();
    for Signed { file, jws, payload, desk, .. } in &signed {
        let outbox = Outbox::of_unsent(file);
        let delivered = outbox.send(&desk.registry(), jws).map_err(|error| outbox.failure(error))?;
        if options.json {
            documents.push(report::json(payload, &Progress::Registered(&delivered), &[]));
        } else {
            crate::print(&report::registered(&delivered))?;
        }
    }
    if options.json { report::print_json(documents) } else { Ok(()) }
}

/// Whether the law takes a statement is the registry's to say, and its key is not known here: the files are well formed, and shown.
fn dry_run(signed: &[Signed<'_>], json: bool) -> Result<(), Failure> {
    if json {
        return report::print_json(
            signed.iter().map(|signed| report::json(&signed.payload, &Progress::DryRun, &[])).collect(),
        );
    }
    signed.iter().try_for_each(|Signed { file, payload, signer, desk, .. }| {
        let head = clean(&format!("{}, signed by {signer}, for {}", file.display(), desk.origin()));
        crate::print(&format!("{head}\n{}\n\n", report::payload(payload)))
    })?;
    crate::print("Dry run: nothing was sent.\n")
}

fn read<'a>(file: &'a Path, options: &RegistryOptions) -> Result<Signed<'a>, Failure> {
    let name = file.display();
    let jws = std::fs::read_to_string(file).map_err(|error| Failure::input(format!("cannot read {name}: {error}")))?;
    let jws = jws.trim_end().to_owned();
    if jws.len() > MAX_STATEMENT {
        return Err(Failure::input(format!("{name} has {} bytes, expected at most {MAX_STATEMENT}", jws.len())));
    }
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
