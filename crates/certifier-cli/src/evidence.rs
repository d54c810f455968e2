//! `certifier evidence`: whether a file is one that an attestation rests on.

use client::terminal::clean;
use serde_json::json;

use crate::cli::{EvidenceCheckOptions, EvidenceCommand, EvidenceOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::report;

pub(crate) fn run(options: &EvidenceOptions) -> Result<(), Failure> {
    match &options.command {
        EvidenceCommand::Check(options) => check(options),
    }
}

fn check(options: &EvidenceCheckOptions) -> Result<(), Failure> {
    let (path, index) = (options.file.display(), options.attestation);
    let digest = client::file_digest(&options.file)
        .map_err(|error| Failure::input(format!("cannot read {path}: {error}")))?
        .to_string();
    let desk = Desk::open(&options.registry)?;
    let bundle = desk.registry().evidence(index)?;
    let facts = bundle.attestation().ok_or_else(|| {
        Failure::input(format!("entry {index} is no attestation that took effect"))
            .hint("name the index that `certifier attest` printed")
    })?;
    let found = facts.evidence.iter().find(|file| file.sha256 == digest);
    if options.json {
        let document = json!({
            "format": "ethical-label-certifier/v1",
            "outcome": if found.is_some() { "named" } else { "not_named" },
            "attestation": index,
            "file": path.to_string(),
            "sha256": digest,
            "evidence": facts.evidence,
        });
        report::print_json(vec![document])?;
    } else if let Some(found) = found {
        crate::print(&clean(&format!("{path} is the file that attestation {index} rests on: {}", found.name)))?;
        crate::print("\n")?;
    }
    if found.is_some() {
        return Ok(());
    }
    let named: Vec<_> = facts.evidence.iter().map(|file| format!("{} ({})", file.name, file.sha256)).collect();
    Err(if named.is_empty() {
        Failure::refused(format!("attestation {index} names no file that it rests on"))
    } else {
        Failure::refused(format!("{path} (SHA-256 {digest}) is not what attestation {index} rests on"))
            .hint(format!("it names {}; a file that was saved anew is another file", named.join(", ")))
    })
}
