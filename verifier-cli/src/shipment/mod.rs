//! `verifier shipment`: judges a whole manifest by the snapshots on this device.
//!
//! | file | what |
//! |---|---|
//! | `registries` | the snapshots, opened when a label names their registry |
//! | `pipeline` | lines read, judged on all cores, and handed on in order |
//! | `ledger` | what they add up to: tallies, the lines to open first |
//! | `document` | the shipment as one JSON document; `summary`, `report` show it to people |
//! | `records` | every line for programs: JSON Lines or CSV |
//! | `signed` | the document as a JWS |

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use key_file::{KeyArguments, KeyPlace, UnlockedKey};
use primitives::{Hash, Timestamp};
use verify::When;

use crate::cli::ShipmentOptions;
use crate::evidence::now;
use crate::failure::{Failure, say};
use crate::kept;
use crate::manifest::Reader;
use crate::options::TRUST_HINT;

pub(crate) mod document;
pub(crate) mod ledger;
pub(crate) mod pipeline;
mod records;
pub(crate) mod registries;
mod report;
pub(crate) mod signed;
mod summary;

use document::Document;
use ledger::Ledger;
use pipeline::{End, Window};
use records::{Digest, Form, Records};
use registries::Registries;

pub(crate) fn run(options: &ShipmentOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let when = when(options)?;
    for path in [options.report.as_ref(), options.signed.as_ref()].into_iter().flatten() {
        if same_file(path, &options.manifest) {
            return Err(Failure::new(format!("{} is the manifest itself", path.display())).hint("name another file"));
        }
    }
    // First: whoever mistypes a passphrase should not have to wait for a million labels.
    let signer = options.sign.as_ref().map(|key| signer(options, key)).transpose()?;
    let registries =
        Registries::new(&trust, options.shelf.shelf(), options.state.memory()).with_clearances(&options.state.folder());
    let columns = options.columns.clone().unwrap_or_default();
    let reader = Reader::open(&options.manifest, columns).map_err(|error| error.failure(&options.manifest))?;
    let mut ledger = Ledger::new(&registries, when);
    let end = judge(options, reader, &registries, when, &mut ledger)?;
    let Some((End { hash, error }, lines)) = end else { return Ok(2) };
    let name = if options.manifest == "-" { "standard input" } else { &options.manifest };
    // Nothing to judge and nothing to say but why.
    let is_empty = ledger.shipment.tally().total() + ledger.faults.count == 0
        && ledger.quantities == ledger::Quantities::default();
    if let (Some(error), true) = (&error, is_empty) {
        return Err(error.failure(name));
    }
    let told = error.as_ref().map(|error| format!("{error} ({})", error.code()));
    let mut document = Document::of(&ledger, name, hash, told);
    document.lines_sha256 = lines.map(|lines| lines.to_string());
    show(options, &document)?;
    if let Some(path) = &options.report {
        report::write(&document, path)?;
    }
    if let Some(signer) = signer {
        sign(options, &document, &signer)?;
    }
    registries.warn();
    for (_, registry, _) in registries.used() {
        kept::warn(&kept::against(registry, &options.state));
    }
    if trust.registries.is_empty() {
        say("hint", TRUST_HINT);
    }
    if let Some(error) = error {
        error.failure(name).print();
    }
    Ok(document.exit_status)
}

/// The time judged: now, or the day asked about.
fn when(options: &ShipmentOptions) -> Result<When, Failure> {
    let now = now();
    match options.as_of {
        None => Ok(now.into()),
        Some(at) if at <= now => Ok(When::as_of(at, now)),
        // The end of today has not come: today is judged as it is.
        Some(at) if at.day() == now.day() => Ok(now.into()),
        Some(at) => Err(Failure::new(format!("--as-of {at} lies in the future: it is {now} by this device's clock"))
            .hint("give the day of the shipment, or check the clock")),
    }
}

/// Judges every line; `None` where whoever read the lines has gone away.
fn judge(
    options: &ShipmentOptions,
    reader: Reader,
    registries: &Registries<'_>,
    when: When,
    ledger: &mut Ledger<'_>,
) -> Result<Option<(End, Option<Hash>)>, Failure> {
    let seed = crate::random::bytes()?;
    let unwritten = |error: std::io::Error| Failure::new(format!("cannot write to standard output: {error}"));
    let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    let form = if options.jsonl { Some(Form::Jsonl) } else { options.csv.then_some(Form::Csv) };
    let out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    let mut records = match form.map(|form| Records::new(out, form)).transpose() {
        Err(error) if is_gone(&error) => return Ok(None),
        records => records.map_err(unwritten)?,
    };
    let mut digest = if options.sign.is_some() { Records::new(Digest::default(), Form::Jsonl).ok() } else { None };
    let bar = Bar::new();
    let end = pipeline::run(reader, registries, when, &seed, |Window { lines, judged, progress }| {
        ledger.take_window(&lines, judged, |ledger, told| {
            digest.as_mut().map_or(Ok(()), |digest| digest.write(ledger, told))?;
            records.as_mut().map_or(Ok(()), |records| records.write(ledger, told))
        })?;
        bar.show(progress, ledger);
        // What a person or a program scans one by one is answered one by one.
        records.as_mut().map_or(Ok(()), Records::flush)?;
        Ok(true)
    });
    bar.clear();
    match end {
        Ok(end) => Ok(Some((end, digest.map(|digest| digest.into_inner().0.finish())))),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(unwritten(error)),
    }
}

fn same_file(path: &Path, manifest: &str) -> bool {
    let paths = std::fs::canonicalize(path).ok().zip(std::fs::canonicalize(manifest).ok());
    paths.is_some_and(|(path, manifest)| path == manifest)
}

/// The officer's key.
fn signer(options: &ShipmentOptions, key: &KeyPlace) -> Result<UnlockedKey, Failure> {
    let arguments = KeyArguments {
        key: key.clone(),
        jwk: None,
        passphrase: options.passphrase.clone(),
        allow_unencrypted_key: options.allow_unencrypted_key,
    };
    crate::keys::unlock(&arguments)
}

/// Writes the signed verdicts beside the report, or beside nothing under the manifest's name.
fn sign(options: &ShipmentOptions, document: &Document, signer: &UnlockedKey) -> Result<(), Failure> {
    let beside = options.report.clone().unwrap_or_else(|| {
        let name = Path::new(&options.manifest).file_name().filter(|_| options.manifest != "-");
        PathBuf::from(name.unwrap_or_else(|| "shipment".as_ref()))
    });
    let path = options.signed.clone().unwrap_or_else(|| {
        let mut name = beside.into_os_string();
        name.push(".jws");
        name.into()
    });
    let jws = signed::sign(document, signer)?;
    std::fs::write(&path, jws).map_err(|error| {
        Failure::new(format!("cannot write {}: {error}", path.display())).hint("--signed FILE names where it goes")
    })
}

fn show(options: &ShipmentOptions, document: &Document) -> Result<(), Failure> {
    if options.json {
        let text = serde_json::to_string_pretty(document).unwrap_or_default();
        crate::print(format!("{}\n", client::terminal::clean_json(&text)).as_bytes())?;
    } else if options.jsonl || options.csv {
        // Standard output belongs to the lines.
        let text = summary::summary(document, 0);
        let _ = anstream::stderr().write_all(text.as_bytes());
    } else {
        crate::print(summary::summary(document, options.open).as_bytes())?;
    }
    Ok(())
}

/// Progress, what was found so far and the time left, on standard error where that is a terminal.
struct Bar {
    bar: ProgressBar,
    started: Instant,
}

impl Bar {
    fn new() -> Self {
        Self { bar: ProgressBar::no_length(), started: Instant::now() }
    }

    fn show(&self, (read, of): (u64, Option<u64>), ledger: &Ledger<'_>) {
        const BEFORE: Duration = Duration::from_millis(150);
        if self.started.elapsed() < BEFORE {
            return;
        }
        let template = if of.is_some() { "{msg} {wide_bar} {percent} % {eta} left" } else { "{msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if let Some(of) = of {
            self.bar.set_length(of);
        }
        self.bar.set_position(read);
        let tally = ledger.shipment.tally();
        let worst = tally.outcomes().into_iter().find(|(_, count)| *count > 0);
        let worst = worst.map(|(outcome, count)| format!(", {count} {outcome}")).unwrap_or_default();
        self.bar.set_message(format!("{} labels{worst}", tally.total()));
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// A day (its end) or an instant of RFC 3339.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(day) = primitives::Day::parse(text) {
        return Ok(day.last_instant());
    }
    if text.get(..4).and_then(|year| year.parse::<u16>().ok()).is_some_and(|year| year < 1970) {
        return Err("nothing was attested before 1970".into());
    }
    Timestamp::parse_rfc3339(text).map_err(|error| format!("{error}; expected 2026-11-24 or 2026-11-24T12:00:00Z"))
}
