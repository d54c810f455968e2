//! `verifier sync`: brings the snapshots of the trusted registries to a folder.

use client::{Memory, Registry, Shelf, SyncProgress, counted};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use verify::TrustedRegistry;

use crate::clear::office::Office;
use crate::cli::SyncOptions;
use crate::failure::{Failure, say};
use crate::kept;

/// Exit status: 0 where all are up to date, 1 where a registry contradicts itself, or did so before, else 3 where one could not be had.
pub(crate) fn run(options: &SyncOptions) -> Result<u8, Failure> {
    let trust = options.trust.load_some()?;
    let (shelf, memory, office) = (options.shelf.shelf(), options.state.memory(), options.office.unlock()?);
    let mut status = 0;
    for registry in &trust.registries {
        status = worse(status, sync(registry, &shelf, &memory)?);
        if let Some(office) = &office {
            status = worse(status, supplement(registry, &shelf, &memory, office)?);
        }
        let log = Registry::new(registry, memory.clone());
        status = worse(status, kept::told(&memory.kept_before(&registry.policy.origin), registry, Some(&log)));
    }
    Ok(status)
}

/// Fetches what offices cleared, for an office only.
fn supplement(registry: &TrustedRegistry, shelf: &Shelf, memory: &Memory, office: &Office) -> Result<u8, Failure> {
    let origin = &registry.policy.origin;
    let request = office.request(origin)?;
    let kept = Registry::new(registry, memory.clone()).supplement(&request).and_then(|supplement| {
        shelf.keep_supplement(registry, &supplement)?;
        Ok(supplement)
    });
    match kept {
        Ok(supplement) => {
            let (count, size) = (supplement.opened().clearances(), supplement.opened().size());
            crate::print(
                format!("{origin}: {}, as of {}\n", counted(count, "clearance"), counted(size, "entry")).as_bytes(),
            )?;
            Ok(0)
        }
        Err(error) => Ok(told(origin.as_str(), &error)),
    }
}

/// The exit status of two registries: 1 where one contradicts itself, else 3 where one could not be had.
pub(crate) const fn worse(one: u8, other: u8) -> u8 {
    match (one, other) {
        (1, _) | (_, 1) => 1,
        (3, _) | (_, 3) => 3,
        _ => 0,
    }
}

/// What went wrong with a registry, which is named once.
pub(crate) fn about(origin: &str, error: &client::Error) -> String {
    let text = error.to_string();
    if text.contains(origin) { text } else { format!("{origin}: {text}") }
}

/// Says what went wrong with a registry; gives the exit status.
pub(crate) fn told(origin: &str, error: &client::Error) -> u8 {
    use client::Error as E;
    say("error", &about(origin, error));
    if let Some(hint) = error.hint() {
        say("hint", &hint);
    }
    if matches!(
        error,
        E::RolledBack { .. }
            | E::Inconsistent { .. }
            | E::OtherRoot { .. }
            | E::TwoSnapshots { .. }
            | E::NotBound { .. }
    ) {
        1
    } else {
        3
    }
}

fn sync(registry: &TrustedRegistry, shelf: &Shelf, memory: &Memory) -> Result<u8, Failure> {
    let origin = &registry.policy.origin;
    let bar = bar(origin.as_str());
    let progress = |SyncProgress { done, of }: SyncProgress| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let synced = Registry::new(registry, memory.clone()).sync(shelf, &progress);
    bar.finish_and_clear();
    match synced {
        Ok(synced) => {
            let entries = counted(synced.entries, "entry");
            let told = match synced.before {
                Some(before) if before == synced.entries && synced.fetched == 0 => format!("up to date, {entries}"),
                Some(before) => format!("{entries}, {before} before"),
                None => entries,
            };
            let (fetched, length) = (HumanBytes(synced.fetched), HumanBytes(synced.length));
            crate::print(format!("{origin}: {told}; {fetched} fetched of {length}\n").as_bytes())?;
            Ok(0)
        }
        Err(error) => Ok(told(origin.as_str(), &error)),
    }
}

/// Shown on standard error, where that is a terminal.
fn bar(origin: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left");
    let bar = ProgressBar::no_length().with_prefix(origin.to_owned());
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}
