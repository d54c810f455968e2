//! `certifier accredit`.
//!
//! | file | what |
//! |---|---|
//! | `in_force` | the accreditation in force, to be signed anew |
//! | `rotation` | … with the key that its party asks for |
//! | `compromise` | … with a key that others may have used |

mod compromise;
mod in_force;
mod rotation;

use std::path::{Path, PathBuf};

use primitives::Timestamp;
use registry::Accreditor;
use statement::{Accreditation, Did, MAX_STATEMENT, Statement};

use crate::accreditation_file::AccreditationFile;
use crate::cli::AccreditOptions;
use crate::desk::Desk;
use crate::document::Source;
use crate::failure::{Failure, say};
use crate::files::{self, Readers};
use crate::identity::Identity;
use crate::public::Told;
use crate::sending::{Draft, conclude};
use crate::{clock, probe, random};

pub(crate) fn run(options: &AccreditOptions) -> Result<(), Failure> {
    compromise::check_terminal(options)?;
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
    let (payload, accreditation) = match (&options.file, &options.approve, &options.rotation, options.compromised_since)
    {
        (Some(file), _, _, _) => draft(file, &desk, &identity, &accreditor.name)?,
        (None, Some(file), _, _) => approve(file, &desk, &identity.did)?,
        (None, None, Some(file), _) => rotation::accreditation(file, options, &desk, accreditor)?,
        (None, None, None, Some(since)) => compromise::accreditation(since, options, &desk, accreditor)?,
        (None, None, None, None) => return Err(Failure::input("no FILE is named")),
    };
    let name = name(&accreditation, accreditor, &identity);
    let draft = Draft { payload, told: Told::accreditation(&accreditation), name };
    if accreditor.threshold <= 1 || options.approve.is_some() || options.sign.dry_run {
        return conclude(&desk, &identity, &[draft], &options.sign, &options.send).map(drop);
    }
    let payload = Payload::write(options, &accreditation, &draft.payload)?;
    match conclude(&desk, &identity, std::slice::from_ref(&draft), &options.sign, &options.send) {
        Ok(_) => say_who_else(&payload.0, accreditor.threshold, options),
        Err(failure) => {
            // What is signed is kept, and the others need its payload; what is not signed leaves nothing.
            if !options.send.out.join(format!("{}.unsent.jws", draft.name)).exists() {
                payload.remove();
            }
            Err(failure)
        }
    }
}

/// What its files are called. Where several keys sign, each has a file of its own, and any number of them fit in one folder.
fn name(accreditation: &Accreditation, accreditor: &Accreditor, identity: &Identity) -> String {
    let party = file_name(&accreditation.subject);
    if accreditor.threshold <= 1 {
        return party;
    }
    let key: String = identity.public.thumbprint().to_string().chars().take(8).collect();
    format!("{party}-{}.by-{key}", stamp(accreditation.valid_from))
}

/// `20261130T124732Z`: the time without what some systems have in no file's name. `validFrom` grows from one accreditation of a party
/// to the next.
fn stamp(time: Timestamp) -> String {
    time.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

/// The bytes that the others sign, in a file of their own. It is there before the first signature: one that nobody can add to is of no use.
struct Payload(PathBuf);

impl Payload {
    fn write(options: &AccreditOptions, accreditation: &Accreditation, payload: &[u8]) -> Result<Self, Failure> {
        files::folder(&options.send.out)?;
        let name = format!("{}-{}.payload.json", file_name(&accreditation.subject), stamp(accreditation.valid_from));
        // `.` is what people leave out.
        let folder = if options.send.out == Path::new(".") { Path::new("") } else { &*options.send.out };
        let path = folder.join(name);
        files::create(&path, payload, Readers::Anyone).map_err(|failure| {
            failure.or_hint("nothing was signed; see what that file is, or choose another --out DIR")
        })?;
        Ok(Self(path))
    }

    fn remove(self) {
        // A payload that stays behind is signed by nobody.
        let _ = std::fs::remove_file(self.0);
    }
}

fn say_who_else(path: &Path, threshold: u8, options: &AccreditOptions) -> Result<(), Failure> {
    if options.sign.json {
        return Ok(());
    }
    let (no_send, then) = if options.send.no_send {
        (" --no-send", "\nWhen all are there, certifier submit sends them together: certifier submit *.unsent.jws")
    } else {
        ("", "")
    };
    crate::print(&format!(
        "It takes effect once {threshold} keys of the accreditor have signed the same payload; the others run\n  \
         certifier accredit --approve {}{no_send} --key FILE{then}\n",
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
    let payload = files::read(file, MAX_STATEMENT)?;
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
