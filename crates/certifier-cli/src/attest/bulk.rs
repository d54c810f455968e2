//! Every lot of a spreadsheet: checked all, then signed all, then sent.
//!
//! Nothing is signed while a row is wrong, nothing is sent before all is signed and on the disk ([`job`](super::job)), and the same
//! command goes on wherever the one before was cut off.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use client::terminal::clean;
use indicatif::{ProgressBar, ProgressStyle};
use registry::State;
use serde_json::json;

use super::delivery::Delivery;
use super::job::{About, Job};
use super::lots::{self, Lots};
use super::mistake::{self, Mistake};
use super::scope::{self, Slots};
use super::signing::Signing;
use super::{results, table};
use crate::cli::AttestOptions;
use crate::desk::Desk;
use crate::failure::{Failure, say};
use crate::identity::Identity;
use crate::lot_file::{Issue, LotFile};
use crate::public::Told;
use crate::{clock, files, ledger};

pub(super) fn run(options: &AttestOptions) -> Result<(), Failure> {
    let desk = Desk::open(&options.sign.registry)?;
    let identity = Identity::of(&options.sign.secret)?;
    let file = table::File::open(&options.file)?;
    let about = about(&options.file, &file, &desk, &identity);
    let (folder, path) = (options.send.out.as_path(), Job::path(&options.send.out, &options.file));
    let begun = if path.exists() { Some(Job::open(&path, &about)?) } else { None };
    let is_held = |row: u64| begun.as_ref().is_some_and(|job| job.rows().contains_key(&row));

    let from = options.file.parent().unwrap_or(Path::new(""));
    let mut lots = lots::read(&file, from, clock::now().day(), |row| !is_held(row))?;
    lots.mistakes.extend(lots::refuse_unsent(&lots, folder));
    lots.mistakes.extend(scope::probe(&identity, desk.origin(), &lots));
    let asked = ask(options, &desk, &identity, &mut lots);
    for sheet in &lots.table.unread {
        say("note", &format!("{}: the sheet {sheet:?} is not read: lots stand in the first one", lots.table.name));
    }
    if !lots.mistakes.is_empty() {
        return Err(refuse(options, &lots, asked.err()));
    }
    let held = begun.as_ref().map_or(0, |job| job.rows().len());
    if options.sign.dry_run {
        dry_run(options, &desk, &identity, &lots, held)?;
        return asked.map(drop);
    }
    let state = asked?;

    files::folder(folder)?;
    let is_done = lots.lots.is_empty() && begun.as_ref().is_some_and(is_complete);
    let job = match begun {
        Some(job) if is_done => job,
        begun => {
            let secret = identity.unlock(&options.sign.secret)?;
            let slots = Slots::of(state.as_ref(), &identity.public.thumbprint());
            let signing = Signing { identity: &identity, secret, registry: desk.origin(), slots };
            if let (Some(first), false) = (lots.lots.first(), options.sign.json) {
                crate::print(&told(&desk, &identity, &first.lot, lots.lots.len())?)?;
            }
            let mut job = match begun {
                Some(job) => job,
                None => Job::open(&path, &about)?,
            };
            let bar = progress("signed", lots.lots.len());
            let signed = signing.sign(&lots.lots, &mut job, &bar);
            bar.finish_and_clear();
            signed.map_err(|failure| failure.or_hint("nothing was sent; the same command goes on"))?;
            if options.send.no_send {
                return say_signed(options, &job, &path);
            }
            send(options, &desk, &signing, job, held)?
        }
    };
    if is_done && !options.sign.json {
        crate::print(&format!("all {} lots were registered before\n", job.rows().len()))?;
    }
    report(options, &job)
}

fn about(path: &Path, file: &table::File, desk: &Desk, identity: &Identity) -> About {
    let input = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let key = identity.public.thumbprint().to_string();
    About::new(input, file.hash.to_string(), desk.origin().to_string(), identity.did.to_string(), key)
}

/// Asks the registry's log what it will refuse; nothing where nothing will be sent.
fn ask(options: &AttestOptions, desk: &Desk, identity: &Identity, lots: &mut Lots) -> Result<Option<State>, Failure> {
    if options.send.no_send || lots.lots.is_empty() {
        return Ok(None);
    }
    let state = ledger::state(desk, options.sign.registry.state.as_deref())
        .map_err(|failure| failure.within("scope and earlier attestations could not be checked"))?;
    let found = scope::check(&state, identity, lots, clock::now(), options.again)?;
    lots.mistakes.extend(found);
    lots.mistakes.sort_by(Mistake::order);
    Ok(Some(state))
}

fn refuse(options: &AttestOptions, lots: &Lots, other: Option<Failure>) -> Failure {
    if options.sign.dry_run && options.sign.json {
        let document = json!({
            "format": "ethical-label-certifier/v1",
            "outcome": "mistakes",
            "spreadsheet": lots.table.name,
            "mistakes": lots.mistakes,
        });
        let text = client::terminal::clean_json(&format!("{document:#}"));
        if let Err(failure) = crate::print(&format!("{text}\n")) {
            return failure;
        }
    }
    let failure = if options.sign.dry_run && options.sign.json {
        Failure::input(format!("{} has {} mistakes", lots.table.name, lots.mistakes.len()))
    } else {
        mistake::failure(&lots.table.name, &lots.mistakes, options.sign.dry_run)
    };
    match other {
        Some(other) => other.join_input(failure),
        None => failure,
    }
}

fn dry_run(options: &AttestOptions, desk: &Desk, identity: &Identity, lots: &Lots, held: usize) -> Result<(), Failure> {
    if options.sign.json {
        let document = json!({
            "format": "ethical-label-certifier/v1",
            "outcome": "dry_run",
            "spreadsheet": lots.table.name,
            "lots": lots.lots.len(),
            "held": held,
        });
        return crate::print(&format!("{}\n", client::terminal::clean_json(&format!("{document:#}"))));
    }
    let mut text = match lots.lots.first() {
        Some(first) => told(desk, identity, &first.lot, lots.lots.len())?,
        None => String::new(),
    };
    if held > 0 {
        text.push_str(&format!(
            "{held} lots were signed by an earlier run, which the same command without --dry-run goes on with.\n"
        ));
    }
    text.push_str(&format!(
        "{}: {} lots, no mistakes found.\nDry run: nothing was signed or sent.\n",
        clean(&lots.table.name),
        lots.lots.len()
    ));
    crate::print(&text)
}

/// What the first lot says to everybody; the others are of the same columns.
fn told(desk: &Desk, identity: &Identity, first: &LotFile, count: usize) -> Result<String, Failure> {
    let issue = Issue {
        id: crate::random::urn()?,
        issuer: &identity.did,
        issuer_name: identity.shown_name(),
        registry: desk.origin(),
        slot: super::slot(0)?,
        salt: &[0; 32],
    };
    let mut text = Told::attestation(&first.attestation(&issue)?).lines();
    if count > 1 {
        text.push_str(&format!("and {} lots more, with what their rows say in the same columns\n", count - 1));
    }
    Ok(text)
}

fn is_complete(job: &Job) -> bool {
    job.rows().values().all(|held| held.registered.is_some())
}

/// Sends what is not registered yet; so many statements were held before this run.
fn send(options: &AttestOptions, desk: &Desk, signing: &Signing<'_>, job: Job, held: usize) -> Result<Job, Failure> {
    let queue: VecDeque<u64> =
        job.rows().iter().filter(|(_, held)| held.registered.is_none()).map(|(row, _)| *row).collect();
    let (all, sent) = (job.rows().len(), queue.len());
    let before = all - sent;
    let begun = Instant::now();
    let bar = progress("registered", sent);
    let delivery = Delivery {
        desk,
        folder: &options.send.out,
        signer: signing.signer(),
        job: Mutex::new(job),
        looks_first: held > 0 && !options.again,
        queue: Mutex::new(queue),
        stopped: Mutex::new(None),
    };
    let (job, stopped) = delivery.run(&bar);
    bar.finish_and_clear();
    let registered = job.rows().values().filter(|held| held.registered.is_some()).count();
    if let Some(failure) = stopped {
        say("note", &format!("{registered} of {all} lots are registered; the same command goes on with the others"));
        if let Err(second) = results::write(&job, &options.send.out, &options.file, false) {
            second.print();
        }
        return Err(failure);
    }
    if !options.sign.json {
        let seconds = begun.elapsed().as_secs_f64();
        let rate = f64::from(u32::try_from(sent).unwrap_or(u32::MAX)) / seconds.max(0.001);
        let earlier = if before > 0 { format!(", {before} before") } else { String::new() };
        crate::print(&format!("{sent} lots registered in {seconds:.1} s ({rate:.0}/s){earlier}\n"))?;
    }
    Ok(job)
}

fn report(options: &AttestOptions, job: &Job) -> Result<(), Failure> {
    let result = results::write(job, &options.send.out, &options.file, options.sign.json)?;
    if options.sign.json {
        return Ok(());
    }
    crate::print(&format!(
        "result: {} (index, statement and proof of each row)\n",
        clean(&result.display().to_string())
    ))
}

fn say_signed(options: &AttestOptions, job: &Job, path: &Path) -> Result<(), Failure> {
    if options.sign.json {
        return results::write(job, &options.send.out, &options.file, true).map(drop);
    }
    crate::print(&format!(
        "{} lots signed, not sent: the same command without --no-send sends what {} holds\n",
        job.rows().len(),
        clean(&path.display().to_string())
    ))
}

/// What is done and the time left, on standard error where that is a terminal.
fn progress(what: &str, count: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(count).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template(&format!("{{wide_bar}} {{pos}}/{{len}} lots {what} {{eta}} left")) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
