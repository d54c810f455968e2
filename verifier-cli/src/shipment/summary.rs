//! A shipment for people: what it comes to, what to open first, then lots, certifiers and snapshots.

use std::fmt::Write as _;

use anstyle::Style;
use client::terminal::clean;
use verify::Outcome;

use super::document::{Counts, Document, Lot};
use super::ledger::Opened;
use crate::screen::{mark, style};

/// Lots and places shown; the report and the JSON have more.
const SHOWN: usize = 10;

pub(crate) fn summary(document: &Document, open: usize) -> String {
    let mut out = String::new();
    headline(&mut out, document);
    opened(&mut out, document, open);
    faults(&mut out, document);
    lots(&mut out, document);
    certifiers(&mut out, document);
    snapshots(&mut out, document);
    out
}

fn headline(out: &mut String, document: &Document) {
    let counts = &document.summary;
    let outcome = document.outcome();
    let (style, reset) = (style(outcome), Style::new());
    let word = outcome.code().to_uppercase();
    let _ = writeln!(out, "{style}{} {word:<10}{reset:#} {}", mark(outcome), clean(&document.manifest.name));
    let labels = if counts.labels == 1 { "label" } else { "labels" };
    let _ = writeln!(out, "             {} {labels}: {}", counts.labels, parts(counts));
    if let Some(as_of) = &document.as_of {
        let _ = writeln!(out, "             judged as of {as_of}");
    }
    let quantities = document.quantities;
    if quantities.covered + quantities.questioned + quantities.undecided > 0 {
        let (covered, questioned, undecided) = (quantities.covered, quantities.questioned, quantities.undecided);
        let _ = writeln!(
            out,
            "             quantities without labels: {covered} covered, {questioned} questioned, {undecided} undecided"
        );
    }
    if document.logistic_units > 0 {
        let _ = writeln!(
            out,
            "             {} logistic units (pallets) have no label and were passed over",
            document.logistic_units
        );
    }
    if let Some(sha256) = &document.manifest.sha256 {
        let _ = writeln!(out, "             manifest SHA-256 {sha256}");
    }
    for (code, count) in &document.reasons {
        let sentence = verify::Reason::ALL.iter().find(|reason| reason.code() == *code).map(|reason| reason.sentence());
        let _ = writeln!(out, "             {count:>7} × {} [{code}]", sentence.unwrap_or_default());
    }
}

/// `3 refused, 1 caution`: the gravest first, none that is nil.
fn parts(counts: &Counts) -> String {
    let all = [
        (Outcome::Refused, counts.refused),
        (Outcome::Caution, counts.caution),
        (Outcome::Undecided, counts.undecided),
        (Outcome::Verified, counts.verified),
    ];
    let parts = all.iter().filter(|(_, count)| *count > 0).map(|(outcome, count)| {
        let (style, reset) = (style(*outcome), Style::new());
        format!("{style}{} {count} {outcome}{reset:#}", mark(*outcome))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn opened(out: &mut String, document: &Document, open: usize) {
    if document.lines.is_empty() || open == 0 {
        return;
    }
    let _ = writeln!(out, "\nOpen first:");
    for line in document.lines.iter().take(open) {
        one(out, line);
    }
    let all = document.summary.labels - document.summary.verified + document.quantities.questioned;
    let shown = document.lines.len().min(open) as u64;
    if all > shown {
        let _ = writeln!(out, "  … and {} more: --open N, --report FILE, --jsonl or --csv", all - shown);
    }
}

fn one(out: &mut String, line: &Opened) {
    let (style, reset) = (style(line.outcome), Style::new());
    let reasons: Vec<&str> = line.reasons.iter().map(|reason| reason.0.code()).collect();
    let (place, mark) = (clean(&line.place), mark(line.outcome));
    let _ = writeln!(out, "  {style}{mark} {}{reset:#} {place}: {}", line.outcome, reasons.join(", "));
    for detail in line.findings.iter().map(|finding| &*finding.detail).chain(line.remarks.iter().map(String::as_str)) {
        let _ = writeln!(out, "      {}", clean(detail));
    }
}

fn faults(out: &mut String, document: &Document) {
    if document.unread == 0 {
        return;
    }
    let _ = writeln!(out, "\nNot read ({}):", document.unread);
    for fault in document.faults.iter().take(SHOWN) {
        let (place, detail, code) = (clean(&fault.place), clean(&fault.detail), fault.code);
        let _ = writeln!(out, "  {place}: {detail} [{code}]");
        let _ = writeln!(out, "      {}", clean(&fault.hint));
    }
}

fn lots(out: &mut String, document: &Document) {
    if document.lots.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nLots:");
    for lot in document.lots.iter().take(SHOWN) {
        let _ = writeln!(out, "  {}", clean(&described(lot)));
        let _ = writeln!(out, "      {}", parts(&lot.summary));
    }
    let more = document.lots.len().saturating_sub(SHOWN) + document.more_lots;
    if more > 0 {
        let _ = writeln!(out, "  … and {more} more: --report FILE or --json");
    }
}

fn described(lot: &Lot) -> String {
    let name = lot.lot.as_ref().map_or_else(|| "lot of".to_owned(), |lot| format!("lot {lot},"));
    let gtin = lot.gtin.as_ref().map(|gtin| format!(", GTIN {gtin}")).unwrap_or_default();
    let today = lot.today.map(|cause| format!("; today: {cause}")).unwrap_or_default();
    format!(
        "{name} attestation {} of {}{gtin}: {}, HS {}, by {}; {} of {} labels, valid {} to {}{today}",
        lot.attestation,
        lot.registry,
        lot.country,
        lot.hs_chapter,
        lot.certifier,
        lot.labels,
        lot.labels_attested,
        lot.first_day,
        lot.last_day
    )
}

fn certifiers(out: &mut String, document: &Document) {
    if document.certifiers.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nCertifiers:");
    for certifier in document.certifiers.iter().take(SHOWN) {
        let (name, accreditor) = (clean(&certifier.name), clean(&certifier.accreditor));
        let _ = writeln!(out, "  {name} (accredited by {accreditor}): {}", parts(&certifier.summary));
    }
}

fn snapshots(out: &mut String, document: &Document) {
    if document.snapshots.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nJudged by:");
    for snapshot in &document.snapshots {
        let age = snapshot
            .age_days
            .map_or_else(|| "from the future".to_owned(), |days| format!("{} old", client::counted(days, "day")));
        let (registry, entries, as_of) = (clean(&snapshot.registry), snapshot.entries, &snapshot.as_of);
        let _ = writeln!(out, "  snapshot of {registry}: {}, as of {as_of} ({age})", client::counted(entries, "entry"));
        if let Some(as_of) = &snapshot.clearances_as_of {
            let _ = writeln!(out, "      clearances of offices as of {as_of}");
        }
    }
}
