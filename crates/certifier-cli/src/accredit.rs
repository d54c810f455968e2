//! `certifier accredit`.

mod rotation;

use std::path::Path;

use statement::{Accreditation, Did, Statement};

use crate::accreditation_file::AccreditationFile;
use crate::cli::AccreditOptions;
use crate::desk::Desk;
use crate::document::Source;
use crate::failure::{Failure, say};
use crate::files::{self, Readers};
use crate::identity::Identity;
use crate::public::Told;
use crate::sending::{Draft, Outcome, conclude};
use crate::{clock, probe, random};

pub(crate) fn run(options: &AccreditOptions) -> Result<(), Failure> {
    let desk = Desk::open(&options.sign.registry)?;
    let policy = &desk.trusted().policy;
    let identity = Identity::of(&options.sign.secret)?;
    let accreditor = policy.accreditor(&identity.did).ok_or_else(|| {
        let names: Vec<_> = policy.accreditors.iter().map(|accreditor| accreditor.did.to_string()).collect();
        Failure::input(format!("{} is no accreditor of {}", identity.did, desk.origin()))
            .hint(format!("--key FILE names a key of: {}", names.join(", ")))
    })?;
    if !accreditor.keys.iter().any(|listed| listed.key == identity.public) {
        return Err(Failure::input(format!(
            "key {} is not one that the trust file lists for {}",
            identity.public.thumbprint(),
            identity.did
        ))
        .hint("--key FILE names another key, or --trust FILE a newer trust file"));
    }
    let (payload, accreditation) = match (&options.file, &options.approve, &options.rotation) {
        (Some(file), _, _) => draft(file, &desk, &identity, &accreditor.name)?,
        (None, Some(file), _) => approve(file, &desk, &identity.did)?,
        (None, None, Some(file)) => rotation::accreditation(file, options, &desk, accreditor)?,
        (None, None, None) => return Err(Failure::input("no FILE is named")),
    };
    let name = file_name(&accreditation.subject);
    let draft = Draft { payload, told: Told::accreditation(&accreditation), name: name.clone() };
    let drafts = [draft];
    let outcomes = conclude(&desk, &identity, &drafts, &options.sign, &options.send)?;
    if accreditor.threshold == 1 || options.approve.is_some() {
        return Ok(());
    }
    for (draft, outcome) in drafts.iter().zip(&outcomes) {
        let index = match outcome {
            Outcome::Registered(delivered) => format!("-{}", delivered.receipt.index),
            Outcome::Signed(_) => String::new(),
        };
        let path = options.send.out.join(format!("{name}{index}.payload.json"));
        files::create(&path, &draft.payload, Readers::Anyone)?;
        say_who_else(&path, accreditor.threshold, options.sign.json)?;
    }
    Ok(())
}

fn say_who_else(path: &Path, threshold: u8, json: bool) -> Result<(), Failure> {
    if json {
        return Ok(());
    }
    crate::print(&format!(
        "It takes effect once {threshold} keys of the accreditor have signed the same payload; the others run\n  \
         certifier accredit --approve {} --key FILE\n",
        path.display()
    ))
}

fn draft(file: &Path, desk: &Desk, identity: &Identity, accreditor: &str) -> Result<(Vec<u8>, Accreditation), Failure> {
    let now = clock::now();
    let source = Source::open(file)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let read = AccreditationFile::read(&source, folder, now.day())?;
    if !read.unsigned.is_empty() {
        say("note", &format!("statements have no place for {}: not signed", read.unsigned.join(" and ")));
    }
    let accreditation = read.accreditation(random::urn()?, &identity.did, accreditor, desk.origin(), now)?;
    let payload = accreditation.to_payload();
    probe::statement(&payload, &identity.did).map_err(Failure::input)?;
    Ok((payload, accreditation))
}

/// The very bytes that another key signed: every approval is of the same payload.
fn approve(file: &Path, desk: &Desk, issuer: &Did) -> Result<(Vec<u8>, Accreditation), Failure> {
    let name = file.display();
    let payload = std::fs::read(file).map_err(|error| Failure::input(format!("cannot read {name}: {error}")))?;
    match probe::statement(&payload, issuer) {
        Ok(Statement::Accreditation(accreditation)) if accreditation.registry == *desk.origin() => {
            Ok((payload, accreditation))
        }
        Ok(Statement::Accreditation(other)) => {
            Err(Failure::input(format!("{name} is for the registry {}, expected {}", other.registry, desk.origin())))
        }
        Ok(
            Statement::Attestation(_)
            | Statement::StatusChange(_)
            | Statement::ClearanceCommitment(_)
            | Statement::Clearance(_)
            | Statement::SupplementRequest(_)
            | Statement::ReportsRequest(_)
            | Statement::KeyRotationRequest(_),
        ) => Err(Failure::input(format!("{name} is no accreditation"))),
        Err(why) => Err(Failure::input(format!("{name} is no payload of an accreditation by {issuer}: {why}"))
            .hint("name the .payload.json that the first signer's `certifier accredit` wrote")),
    }
}

/// A file's name for a party: its DID without the method.
pub(crate) fn file_name(did: &Did) -> String {
    let name = did.as_str().strip_prefix("did:web:").unwrap_or(did.as_str());
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~') { c } else { '_' })
        .collect()
}
