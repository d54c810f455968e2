//! `certifier labels`: signs and prints the labels of an attestation that stands.
//!
//! | file | what |
//! |---|---|
//! | `choice` | which labels |
//! | `book` | what was printed before |
//! | `replacement` | `certifier relabel`: the same labels under another key |
//! | `job` | a run: planned, held against the book, printed, reported |
//! | `render` | how labels look, and their files |

mod book;
mod choice;
mod job;
mod replacement;

pub(crate) use choice::Serials;
pub(crate) use replacement::run as relabel;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use label::{Label, ShortCode};
use primitives::{PublicKey, SecretKey, Signer, Thumbprint, Timestamp};
use registry::{Cause, LabelKeyTrust};
use statement::{Gtin, Lot, MAX_NAME, Origin, Serial};
use verify::{Facts, OpenedBundle, Reason};

use crate::cli::{LabelsOptions, PrintOptions, SignOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::identity::Identity;
use crate::render::{Face, FontFile, Fonts, Layout};
use crate::{clock, probe};
use book::{Again, Book};
use job::Job;

/// From asking for an attestation that witnesses have not seen to asking again.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Largest font file that is read: all of Noto's Chinese is 20 MB.
const MAX_FONT: u64 = 64 << 20;

pub(crate) fn run(options: &LabelsOptions) -> Result<(), Failure> {
    let bench = Bench::open(&options.print, &options.sign, options.reason.as_deref())?;
    let (_, lot, _) = bench.witnessed(options.attestation)?;
    let serials = options.serials.clone().unwrap_or_else(|| Serials::all(lot.facts.labels));
    let again = match (&options.reason, options.print.resume) {
        (Some(reason), _) => Again::Reprint(reason),
        (None, true) => Again::Resume,
        (None, false) => Again::No,
    };
    bench.print(&lot, &serials, again)
}

/// The labels that were printed here under a key, by attestation. A book that is not there names none.
pub(crate) fn printed_under(key: Thumbprint, desk: &Desk) -> Result<BTreeMap<u64, Serials>, Failure> {
    Ok(Book::open(desk.state(), desk.origin(), true)?.under(&key.to_string()))
}

/// What is there before the registry is asked: how to print, fonts, and who signs.
struct Bench<'o> {
    options: &'o PrintOptions,
    sign: &'o SignOptions,
    fonts: Vec<FontFile>,
    desk: Desk,
    identity: Identity,
}

impl<'o> Bench<'o> {
    fn open(options: &'o PrintOptions, sign: &'o SignOptions, reason: Option<&str>) -> Result<Self, Failure> {
        for (flag, text) in [("--product", options.product.as_deref()), ("--reason", reason)] {
            if let Some(why) = text.and_then(|text| probe::text(text, MAX_NAME)) {
                return Err(Failure::input(format!("{flag} {why}")));
            }
        }
        let fonts = options.font.iter().map(|path| font(path)).collect::<Result<Vec<_>, _>>()?;
        Fonts::with(&fonts)?;
        let desk = Desk::open(&sign.registry)?;
        let identity = Identity::of(&sign.secret)?;
        Ok(Self { options, sign, fonts, desk, identity })
    }

    /// The attestation, once as many witnesses have seen it as the trust file asks for: a label is for years, and what nobody has seen yet
    /// a registry could still deny.
    fn witnessed(&self, index: u64) -> Result<(OpenedBundle, Attested, Timestamp), Failure> {
        let until = Instant::now() + Duration::from_secs(self.options.wait.into());
        let trusted = self.desk.trusted();
        loop {
            let (evidence, now) = (self.desk.registry().evidence(index)?, clock::now());
            let lot = Attested::of(&evidence, index, &self.identity, now)?;
            match evidence.knowledge(now).decides(trusted, now) {
                Err(Reason::NoQuorum | Reason::StaleSnapshot) if Instant::now() < until => thread::sleep(LOOK_AGAIN),
                Err(Reason::NoQuorum | Reason::StaleSnapshot) => return Err(unseen(index, trusted.quorum.threshold())),
                Ok(()) | Err(_) => return Ok((evidence, lot, now)),
            }
        }
    }

    /// Plans the labels, holds the plan against the book, signs and prints.
    fn print(&self, lot: &Attested, serials: &Serials, again: Again<'_>) -> Result<(), Failure> {
        let Self { options, sign, desk, identity, .. } = self;
        let fonts = Fonts::with(&self.fonts)?;
        let (index, now) = (lot.facts.index, clock::now());
        let numbers = serials.numbers(lot.facts.labels)?;
        let serial = |number: u32| {
            Serial::new((!options.short_serials).then_some(index), number)
                .map_err(|error| Failure::input(error).hint("--short-serials leaves the index out of the serial"))
        };
        let (first, last) = (numbers.first().copied().unwrap_or(1), numbers.last().copied().unwrap_or(1));
        let (first, last) = (serial(first)?, serial(last)?);
        let product = options.product.as_deref().unwrap_or(&lot.facts.product);
        // No secret: what it signs is thrown away. The longest number is the last one.
        let stand_in = SecretKey::from_seed(&[7; 32]);
        let longest = lot.face(desk.origin(), last, product, &stand_in)?;
        let texts = numbers.iter().filter_map(|number| {
            let short_code = ShortCode { index, number: *number };
            Some((serial(*number).ok()?.to_string(), short_code.to_string()))
        });
        let longest = longest.longest(texts, &fonts);
        let layout = Layout::new(options.stock, options.dpi, options.level, &longest, &fonts)?;
        let job = Job::plan(options, identity.public.thumbprint(), again, serials, &numbers, &layout, now)?;
        let book = Book::open(desk.state(), desk.origin(), sign.dry_run)?;
        job.allowed(&book, &lot.facts)?;
        if sign.dry_run {
            return job.show(&lot.facts, (first.to_string(), last.to_string()), sign.json);
        }
        let secret = identity.unlock(&sign.secret)?;
        let signed = |number: u32| lot.face(desk.origin(), serial(number)?, product, secret);
        job.print(book, &lot.facts, sign.json, signed)
    }
}

fn unseen(index: u64, needed: usize) -> Failure {
    Failure::refused(format!(
        "the log with attestation {index} was not lately seen by {needed} of the trust file's witnesses: no labels are printed of it"
    ))
    .hint("witnesses answer within seconds: --wait SECONDS waits longer; if that does not help, ask the registry's operator why they are silent")
}

fn font(path: &Path) -> Result<FontFile, Failure> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::input(format!("cannot read the font {}: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| cannot(&error))?.len();
    if size > MAX_FONT {
        return Err(cannot(&format!("it has {size} bytes, expected at most {MAX_FONT}")));
    }
    let bytes = std::fs::read(path).map_err(|error| cannot(&error))?;
    Ok(FontFile::new(path.display().to_string(), bytes))
}

/// An attestation that labels may be printed of.
struct Attested {
    facts: std::sync::Arc<Facts>,
    row: registry::Row,
    /// The key that signed the attestation.
    signer: PublicKey,
    gtin: Option<Gtin>,
    lot: Lot,
}

impl Attested {
    /// Checks that the attestation is this party's own, that this key may sign its labels, and that it stands.
    fn of(evidence: &OpenedBundle, index: u64, identity: &Identity, now: Timestamp) -> Result<Self, Failure> {
        let knowledge = evidence.knowledge(now);
        let state = knowledge.state;
        let (Some(facts), Some(row)) = (evidence.attestation(), state.row(index)) else {
            return Err(Failure::refused(format!("entry {index} is no attestation that took effect"))
                .hint("name the index that `certifier attest` printed"));
        };
        if facts.certifier_id != identity.did.as_str() {
            return Err(Failure::input(format!(
                "attestation {index} is of {}, the key is of {}",
                facts.certifier_id, identity.did
            ))
            .hint("--key FILE names a key of the certifier that attested"));
        }
        let mut keys = state.label_keys(index, identity.public.label_key_id());
        match keys.find(|key| key.record.key == identity.public).map(|key| key.trust) {
            Some(LabelKeyTrust::Sound) => {}
            Some(LabelKeyTrust::Exposed(compromise) | LabelKeyTrust::Compromised(compromise)) => {
                return Err(Failure::refused(format!("the key is compromised since {}", compromise.since))
                    .hint("sign with another key that the accreditor has listed: --key FILE"));
            }
            None => {
                return Err(Failure::refused(format!(
                    "key {} may not sign labels of attestation {index}: it is not accredited, or retired",
                    identity.public.thumbprint()
                ))
                .hint("the accreditor has to list the key first: give it the .jwk beside the key file"));
            }
        }
        if let Some(cause) = state.standing(index, now).and_then(|standing| standing.causes().find(bars_printing)) {
            return Err(no_labels(index, &cause));
        }
        let unreadable = || Failure::refused(format!("attestation {index} has a product that labels cannot name"));
        let gtin = facts.gtin.as_deref().map(Gtin::parse).transpose().map_err(|_| unreadable())?;
        let lot = Lot::parse(&facts.lot).map_err(|_| unreadable())?;
        let signer = state.key_numbered(row.key_number()).map(|record| record.key).ok_or_else(unreadable)?;
        Ok(Self { facts: std::sync::Arc::clone(facts), row: *row, signer, gtin, lot })
    }

    /// Signs a label; gives its face.
    fn face(&self, origin: &Origin, serial: Serial, product: &str, key: &impl Signer) -> Result<Face, Failure> {
        let (gtin, claims, row) = (self.gtin, self.row.claims(), &self.row);
        Label::sign(origin.clone(), gtin, self.lot.clone(), serial, claims, self.facts.index, row.last_day(), key)
            .map(|label| Face::of(&label, product))
            .map_err(|error| Failure::refused(format!("cannot sign the label with serial {serial}: {error}")))
    }
}

/// Labels are printed ahead of the first day; a registry's clock may be a little ahead of this one.
const fn bars_printing(cause: &Cause) -> bool {
    !matches!(cause, Cause::NotYetValid(_) | Cause::NotYetLogged(_))
}

fn no_labels(index: u64, cause: &Cause) -> Failure {
    let told = |what: &str| Failure::refused(format!("attestation {index} {what}: no labels are printed of it"));
    match cause {
        Cause::Withdrawn(hold) => {
            told(&format!("is withdrawn since {}", hold.since)).hint("a withdrawal is final: attest the lot anew")
        }
        Cause::Suspended(hold) => told(&format!("is suspended since {} by its {}", hold.since, hold.by.name()))
            .hint(format!("whoever suspended it can lift it: certifier reinstate {index} --reason CODE")),
        Cause::CertifierSuspended(hold) => told(&format!("is of a certifier suspended since {}", hold.since))
            .hint("the accreditor has to reinstate the certifier first"),
        Cause::KeyCompromised(compromise) => {
            told(&format!("was signed with a key compromised since {}", compromise.since))
                .hint("attest the lot anew with another key")
        }
        Cause::OutOfScope(faults) => {
            told(&format!("is out of the certifier's scope ({})", faults.names().collect::<Vec<_>>().join(", ")))
                .hint("ask the accreditor to widen the scope, then attest the lot anew")
        }
        Cause::Expired(day) => told(&format!("expired on {day}")).hint("assess the lot and attest it anew"),
        Cause::NotYetValid(day) => told(&format!("is not valid before {day}")),
        Cause::NotYetLogged(at) => told(&format!("was logged at {at}, after this device's time")),
    }
}
