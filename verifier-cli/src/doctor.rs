//! `verifier doctor`: what is missing to decide, and the command that mends it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use client::terminal::clean;
use client::{ShelfError, counted};
use primitives::Timestamp;
use verify::{OpenedSnapshot, Trust, TrustedRegistry};

use crate::cli::DoctorOptions;
use crate::evidence::now;
use crate::failure::Failure;
use crate::kept::{self, Weight};
use crate::shipment::registries::age_days;

/// Two honest clocks may lie so far apart (design §5).
const TOLERANCE_MILLIS: u64 = 5 * 60 * 1000;
const MILLIS_PER_DAY: u64 = 86_400_000;
/// A clock so far past everything known is more likely wrong than a year without news.
const YEAR: u64 = 366;

/// One thing that was looked at.
struct Finding {
    what: String,
    found: String,
    /// What is wrong, and what mends it.
    mend: Option<String>,
    /// Evidence that was kept: nothing is missing, something is there.
    kept: Option<Weight>,
}

impl Finding {
    fn good(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { what: what.into(), found: found.into(), mend: None, kept: None }
    }

    fn bad(what: impl Into<String>, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), found: found.into(), mend: Some(mend.into()), kept: None }
    }
}

/// Exit status 0 where labels can be decided, 3 where something is missing or not settled, 1 where evidence against a registry is kept.
pub(crate) fn run(options: &DoctorOptions) -> Result<u8, Failure> {
    let findings = examine(options, now());
    let mut out = String::new();
    for Finding { what, found, mend, kept } in &findings {
        let (mark, colour) = match (mend, kept) {
            (None, _) => ('✔', AnsiColor::Green),
            (Some(_), Some(Weight::Confirmed)) => ('✘', AnsiColor::Red),
            (Some(_), _) => ('?', AnsiColor::Yellow),
        };
        let (style, reset) = (colour.on_default().bold(), Style::new());
        let _ = writeln!(out, "{style}{mark} {what:<9}{reset:#} {}", clean(found));
        if let Some(mend) = mend {
            let _ = writeln!(out, "            mend: {}", clean(mend));
        }
    }
    let (missing, kept): (Vec<_>, Vec<_>) =
        findings.iter().filter(|finding| finding.mend.is_some()).partition(|finding| finding.kept.is_none());
    let weights = kept.iter().filter_map(|finding| finding.kept);
    let status = weights.fold(if missing.is_empty() { 0 } else { 3 }, |status, weight| {
        crate::sync::worse(status, weight.exit_status())
    });
    let _ = match missing.len() {
        0 if status == 0 => writeln!(out, "Nothing is missing: labels can be decided without a network."),
        0 => Ok(()),
        1 => writeln!(out, "One thing is missing: labels it bears on are undecided."),
        more => writeln!(out, "{more} things are missing: labels they bear on are undecided."),
    };
    if kept.iter().any(|finding| finding.kept == Some(Weight::Confirmed)) {
        let _ = writeln!(out, "A registry has contradicted itself: use nothing that it says until that is settled.");
    } else if kept.iter().any(|finding| finding.kept == Some(Weight::Undecided)) {
        let _ = writeln!(out, "What was kept against a registry is not settled.");
    }
    crate::print(out.as_bytes())?;
    Ok(status)
}

fn examine(options: &DoctorOptions, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    let trust = match client::load_trust(options.trust.trust.as_deref()) {
        Err(error) => {
            findings.push(Finding::bad("trust", error.to_string(), "ask the scheme's authority for its trust file"));
            return findings;
        }
        Ok(trust) if trust.registries.is_empty() => {
            let mend =
                format!("put the authority's trust file in place: --trust FILE, or {}=FILE", client::TRUST_VARIABLE);
            findings.push(Finding::bad("trust", "no registry is trusted", mend));
            return findings;
        }
        Ok(trust) => trust,
    };
    findings.push(Finding::good("trust", names(&trust)));
    let shelf = options.shelf.shelf();
    let opened: Vec<_> = trust.registries.iter().map(|registry| (registry, shelf.open(registry))).collect();
    let snapshots = opened.iter().filter_map(|(_, opened)| opened.as_ref().ok());
    findings.push(clock(snapshots, now));
    for (registry, opened) in &opened {
        findings.push(match opened {
            Ok(snapshot) => snapshot_finding(registry, snapshot, now),
            Err(error) => shelf_finding(registry, error),
        });
        match shelf.supplement(registry) {
            Ok(None) => {}
            Ok(Some(supplement)) => {
                let (count, at) = (supplement.clearances(), supplement.produced_at());
                findings
                    .push(Finding::good("cleared", format!("{} of offices, as of {at}", counted(count, "clearance"))));
            }
            Err(error) => findings.push(shelf_finding(registry, &error)),
        }
        for kept in kept::against(registry, &options.state) {
            let weight = Some(kept.weight());
            findings.push(Finding { kept: weight, ..Finding::bad("evidence", kept.sentence(), kept.mend()) });
        }
    }
    findings
}

fn names(trust: &Trust) -> String {
    let names: Vec<&str> = trust.registries.iter().map(|registry| registry.policy.origin.as_str()).collect();
    format!("{} is trusted", names.join(", "))
}

/// This device's clock, held against the newest thing known.
fn clock<'a>(snapshots: impl Iterator<Item = &'a OpenedSnapshot> + Clone, now: Timestamp) -> Finding {
    let made = |snapshot: &OpenedSnapshot| snapshot.head().produced_at().max(snapshot.state().last_received_at());
    let as_of = snapshots.clone().map(OpenedSnapshot::as_of).max();
    let (Some(newest), Some(as_of)) = (snapshots.map(made).max(), as_of) else {
        return Finding::good("clock", format!("{now}; nothing is at hand to hold it against"));
    };
    let mend = "set the clock: timedatectl set-ntp true, or date --set";
    if now.millis() + TOLERANCE_MILLIS < newest.millis() {
        return Finding::bad("clock", format!("says {now}, but a snapshot was made at {newest}"), mend);
    }
    if now.millis() > as_of.millis() + YEAR * MILLIS_PER_DAY {
        let found = format!("says {now}, more than a year after the newest snapshot, of {as_of}");
        return Finding::bad("clock", found, format!("if it is wrong, {mend}; if it is right, verifier sync"));
    }
    Finding::good("clock", now.to_string())
}

fn snapshot_finding(registry: &TrustedRegistry, snapshot: &OpenedSnapshot, now: Timestamp) -> Finding {
    let (origin, entries, as_of) = (&registry.policy.origin, snapshot.state().size(), snapshot.as_of());
    let age = age_days(as_of, now);
    let described = format!("of {origin}: {}, as of {as_of}", counted(entries, "entry"));
    let limit = registry.snapshot_max_age_days;
    if let Some(index) = snapshot.state().policy().unsupported_from(entries) {
        let found = format!("{described}, with rules unknown to this program from entry {index} on");
        return Finding::bad("snapshot", found, "install a newer verifier");
    }
    if !snapshot.quorum_met() {
        let (found, needed) = (snapshot.head().checkpoint().cosigners().len(), registry.quorum.threshold());
        let found = format!("{described}, seen by {found} of {needed} witnesses");
        return Finding::bad("snapshot", found, "verifier sync; if it stays so, ask the registry's operator");
    }
    let expires = snapshot.head().expires_at();
    match age {
        Some(days) if now > expires || snapshot.knowledge().decides(registry, now).is_err() => {
            let found = format!("{described}, {} old, {limit} allowed, good until {expires}", counted(days, "day"));
            Finding::bad(
                "snapshot",
                found,
                "verifier sync, where there is a network; or bring a stick with --snapshots DIR",
            )
        }
        Some(days) => Finding::good("snapshot", format!("{described}, {} old, {limit} allowed", counted(days, "day"))),
        // Told by the clock's own finding.
        None => Finding::good("snapshot", described),
    }
}

fn shelf_finding(registry: &TrustedRegistry, error: &ShelfError) -> Finding {
    let mend = match error {
        ShelfError::None(_) => {
            "verifier sync, where there is a network; or bring a stick with --snapshots DIR".to_owned()
        }
        ShelfError::File { .. } => "--snapshots DIR names the folder of snapshots".to_owned(),
        ShelfError::UnusableSupplement { .. } | ShelfError::OlderSupplement { .. } => {
            "verifier sync --key KEY, where there is a network".to_owned()
        }
        ShelfError::Unusable { .. } => format!(
            "verifier sync; if it stays so, the trust file may be older than {}: ask the authority for the newest",
            registry.policy.origin
        ),
    };
    Finding::bad("snapshot", error.to_string(), mend)
}
