//! `certifier attest`: one lot from a file, here; every lot of a spreadsheet, below.
//!
//! | file | what |
//! |---|---|
//! | `bulk` | the order of things: check all, sign all, send all |
//! | `table`, `csv` | rows of cells from CSV and .xlsx |
//! | `columns`, `cell` | which column is which; what a cell says, and what a spreadsheet has done to it |
//! | `lots`, `mistake` | rows as lots; every mistake, with its row and column |
//! | `scope` | what the registry would refuse, asked of its log with the law's rules |
//! | `job` | what was signed, held against any interruption |
//! | `signing`, `delivery`, `results` | statements, their way to the registry, and what became of each row |
//! | `template` | `certifier template` |

use std::path::{Path, PathBuf};

use primitives::Signer as _;
use statement::{Did, Gtin, Lot, StatusSlot, Token};

use crate::book::Book;
use crate::cli::AttestOptions;
use crate::desk::Desk;
use crate::document::Source;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::identity::Identity;
use crate::lot_file::{Issue, LotFile, MakerPart};
use crate::outbox::{Delivered, Outbox};
use crate::public::Told;
use crate::report::{self, Progress};
use crate::sending::{Draft, show};
use crate::{clock, probe, random, refusal};

mod bulk;
mod cell;
mod columns;
mod csv;
mod delivery;
mod job;
mod lots;
mod mistake;
mod results;
mod scope;
mod signing;
mod table;
mod template;

/// Slots that are tried in one status list before the next list is.
const TRIES_A_LIST: u32 = 8;
/// Lists that are tried.
const LISTS: u32 = 4;
/// Earlier attestations of a lot that are looked at.
const MAX_EARLIER: usize = 20;

/// Writes an empty spreadsheet.
pub(crate) fn template(file: Option<&Path>) -> Result<(), Failure> {
    template::run(file)
}

pub(crate) fn run(options: &AttestOptions) -> Result<(), Failure> {
    if table::is_spreadsheet(&options.file) { bulk::run(options) } else { one(options) }
}

fn one(options: &AttestOptions) -> Result<(), Failure> {
    let desk = Desk::open(&options.sign.registry)?;
    let folder = options.file.parent().unwrap_or(Path::new(""));
    let lot = LotFile::read(&Source::open(&options.file)?, folder, clock::now().day())?;
    let identity = Identity::of(&options.sign.secret)?;
    let salt: [u8; 32] = random::bytes()?;
    let mut issue = Issue {
        id: random::urn()?,
        issuer: &identity.did,
        issuer_name: identity.shown_name(),
        registry: desk.origin(),
        slot: slot(0)?,
        salt: &salt,
    };
    let first = lot.attestation(&issue)?;
    probe::attestation(&first).map_err(Failure::input)?;
    let told = Told::attestation(&first);
    let name = file_name(&lot.lot);
    if options.sign.dry_run {
        let payload = first.to_payload(&identity.public.thumbprint());
        show(&[Draft { payload, told, name }], options.sign.json)?;
        return if options.sign.json { Ok(()) } else { say_random(&lot) };
    }
    let outbox = Outbox::open(&options.send.out, name.clone())?;
    if !options.again && !options.send.no_send {
        refuse_second(&desk, &lot, &identity)?;
    }
    let secret = identity.unlock(&options.sign.secret)?;
    let mut files: Vec<PathBuf> = Vec::new();
    if let MakerPart::Withheld { .. } = lot.maker {
        files.push(keep_salt(&outbox.path(&format!("{name}.salt")), &salt)?);
    }
    if !options.sign.json {
        crate::print(&told.lines())?;
        files.iter().try_for_each(|salt| say_salt(salt))?;
    }
    for tried in 0.. {
        issue.slot = slot(tried / TRIES_A_LIST)?;
        let payload = lot.attestation(&issue)?.to_payload(&secret.public_key().thumbprint());
        let jws = statement::sign(&payload, &identity.did, secret).map_err(|error| {
            // A token that was pulled out: nothing was signed, so nobody will ever have the hash that this salt belongs to.
            files.iter().for_each(|salt| drop(std::fs::remove_file(salt)));
            Failure::input(error).hint("nothing was signed or sent")
        })?;
        let held = outbox.hold(&jws, &Book::of(&desk))?;
        if options.send.no_send {
            return signed(options, &payload, &held, &files);
        }
        match outbox.send(&desk.registry(), &jws) {
            Ok(delivered) => return registered(options, &payload, &delivered, &files),
            Err(client::Error::Refused(refused))
                if refused.code == "status_index_taken" && tried + 1 < TRIES_A_LIST * LISTS => {}
            Err(error) => {
                if refusal::is_final(&error) {
                    // Nobody has the hash that this salt belongs to.
                    files.iter().for_each(|salt| drop(std::fs::remove_file(salt)));
                }
                return Err(outbox.failure(error));
            }
        }
    }
    Err(Failure::refused("no status index is free"))
}

fn signed(options: &AttestOptions, payload: &[u8], held: &PathBuf, files: &[PathBuf]) -> Result<(), Failure> {
    if options.sign.json {
        return report::print_json(vec![report::json(payload, &Progress::Signed(held), files)]);
    }
    crate::print(&format!("signed, not sent: certifier submit {} sends it\n", held.display()))
}

fn registered(
    options: &AttestOptions,
    payload: &[u8],
    delivered: &Delivered,
    files: &[PathBuf],
) -> Result<(), Failure> {
    if options.sign.json {
        return report::print_json(vec![report::json(payload, &Progress::Registered(delivered), files)]);
    }
    crate::print(&report::registered(delivered))
}

/// Said before anything is sent: whatever comes, the file is there.
fn say_salt(salt: &Path) -> Result<(), Failure> {
    crate::print(&format!(
        "salt: {} (with it the maker's name can be proved, or found out by trying names: keep it, and keep it secret)\n",
        salt.display()
    ))
}

fn say_random(lot: &LotFile) -> Result<(), Failure> {
    let hash = if matches!(lot.maker, MakerPart::Withheld { .. }) {
        ", status index and salted hash"
    } else {
        " and status index"
    };
    crate::print(&format!("The id{hash} are random and will be others when it is signed.\n"))
}

/// A random slot of a list. This program keeps no book of the slots that are taken: the registry does.
fn slot(list: u32) -> Result<StatusSlot, Failure> {
    // The length is a power of two, so that every index is as likely as every other.
    let index = u32::from_be_bytes(random::bytes()?) % StatusSlot::LIST_LENGTH;
    Ok(StatusSlot { list, index })
}

fn keep_salt(path: &Path, salt: &[u8; 32]) -> Result<PathBuf, Failure> {
    let hex: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    files::create(path, format!("{hex}\n").as_bytes(), Readers::Owner).map_err(|failure| {
        failure.hint("it may be the salt of an earlier attestation: keep it, and choose another --out DIR")
    })?;
    Ok(path.to_owned())
}

/// A lot that was attested before, most likely by this same command, is not attested a second time unasked: its labels could be
/// printed twice.
fn refuse_second(desk: &Desk, lot: &LotFile, identity: &Identity) -> Result<(), Failure> {
    match earlier(&desk.registry(), lot.gtin.as_ref(), &lot.lot, &identity.did, None)? {
        Some(index) => Err(Failure::refused(format!("lot {} is attested already, at index {index}", lot.lot)).hint(
            format!("certifier labels --attestation {index} prints its labels; --again attests the lot a second time"),
        )),
        None => Ok(()),
    }
}

/// An attestation of a lot by this certifier, other than `own`, if the registry shows one.
fn earlier(
    registry: &client::Registry<'_>,
    gtin: Option<&Gtin>,
    lot: &Lot,
    issuer: &Did,
    own: Option<&str>,
) -> Result<Option<u64>, Failure> {
    for index in registry.attestations(gtin, lot)?.into_iter().take(MAX_EARLIER) {
        let stored = registry.statement(index)?;
        let is_ours = Token::parse(stored.statement.as_bytes()).is_ok_and(|token| token.issuer() == issuer);
        if is_ours && own != Some(stored.statement.as_str()) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// A lot as a file's name.
fn file_name(lot: &Lot) -> String {
    lot.to_path_segment()
}

/// The same, of a lot that was read before.
fn segment(lot: &str) -> String {
    Lot::parse(lot).map_or_else(|_| "lot".to_owned(), |lot| file_name(&lot))
}
