//! `certifier submit`: sends statements that were signed earlier, here or on a machine without a network.

use std::path::Path;

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
    payload: Vec<u8>,
    desk: Desk,
}

pub(crate) fn run(options: &SubmitOptions) -> Result<(), Failure> {
    let signed = options.files.iter().map(|file| read(file, &options.registry)).collect::<Result<Vec<_>, _>>()?;
    let mut documents = Vec::new();
    for Signed { file, jws, payload, desk } in &signed {
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
    let member: Value = serde_json::from_slice(&payload).unwrap_or_default();
    let registry = member.get("registry").and_then(Value::as_str).and_then(|text| Origin::parse(text).ok());
    let registry = registry.ok_or_else(|| Failure::input(format!("{name} names no registry")))?;
    if let Some(wanted) = options.registry.as_ref().filter(|wanted| **wanted != registry) {
        return Err(Failure::input(format!("{name} is for the registry {registry}, not {wanted}"))
            .hint("every other registry refuses it; leave --registry out"));
    }
    let options =
        RegistryOptions { trust: options.trust.clone(), registry: Some(registry), state: options.state.clone() };
    Ok(Signed { file, jws, payload, desk: Desk::open(&options)? })
}
