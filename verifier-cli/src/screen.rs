//! Verdicts for people: one word, one mark, one sentence, then what to compare with the goods.
//!
//! Words carry the meaning and colours only repeat it: they are left out where the output is no terminal or `NO_COLOR` is
//! set (`crate::print`).

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use verify::{Check, Finding, Found, Outcome, Source, Verdict};

use crate::input::Input;
use client::terminal::clean;

/// Width of the first column.
const INDENT: &str = "             ";

/// One verdict, an empty line after it.
pub(crate) fn verdict(input: &Input, verdict: &Verdict, verbose: bool) -> String {
    let (style, reset) = (style(verdict.outcome), Style::new());
    let word = verdict.outcome.code().to_uppercase();
    let mut out = format!("{style}{} {word:<10}{reset:#} {}\n", mark(verdict.outcome), headline(verdict));
    if !input.place.is_empty() {
        line(&mut out, &format!("from {}", clean(&input.place)));
    }
    for reason in &verdict.reasons {
        line(&mut out, &format!("{} [{reason}]", reason.sentence()));
    }
    about(&mut out, verdict);
    for finding in &verdict.findings {
        if verbose || finding.outcome != Found::Pass {
            line(&mut out, &format!("{} {}", found_mark(finding.outcome), told(finding)));
        }
    }
    if verdict.outcome == Outcome::Verified {
        line(&mut out, &format!("checked here: {}", passed(verdict)));
        if verdict.findings.iter().any(|finding| finding.source == Source::Entries) {
            let is_complete = |finding: &Finding| finding.check == Check::Complete && finding.outcome == Found::Pass;
            let since =
                if verdict.findings.iter().any(is_complete) { "of the last ten minutes" } else { "that is newer" };
            line(&mut out, &format!("taken on the registry's word: that it kept no status entry {since} back"));
        }
        line(&mut out, "compare with what you hold: product, lot and serial; a copied label is still a copy");
    }
    out.push('\n');
    out
}

/// How many labels came out how.
pub(crate) fn summary(outcomes: impl Iterator<Item = Outcome>) -> String {
    let mut counts = [0_usize; 4];
    let order = [Outcome::Refused, Outcome::Caution, Outcome::Undecided, Outcome::Verified];
    for outcome in outcomes {
        order.iter().zip(&mut counts).filter(|(known, _)| **known == outcome).for_each(|(_, count)| *count += 1);
    }
    let all: usize = counts.iter().sum();
    let parts = order.iter().zip(counts).filter(|(_, count)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(outcome, count)| {
            let (style, reset) = (style(*outcome), Style::new());
            format!("{style}{} {count} {outcome}{reset:#}", mark(*outcome))
        })
        .collect();
    format!("{all} labels: {}\n", parts.join(", "))
}

fn headline(verdict: &Verdict) -> String {
    match (&verdict.attestation, &verdict.label) {
        (Some(attestation), _) => clean(&attestation.product),
        (None, Some(label)) => clean(&format!("lot {}, serial {}", label.lot, label.serial)),
        (None, None) => "no label of a known form".to_owned(),
    }
}

/// What the label and its attestation say.
fn about(out: &mut String, verdict: &Verdict) {
    if let Some(label) = &verdict.label {
        let of =
            verdict.attestation.as_ref().map(|attestation| format!(" of {}", attestation.labels)).unwrap_or_default();
        let gtin = label.gtin.as_ref().map(|gtin| format!(", GTIN {gtin}")).unwrap_or_default();
        line(out, &clean(&format!("lot {}, serial {}{of}{gtin}", label.lot, label.serial)));
        line(out, &clean(&format!("registry {}, attestation {}", label.origin, label.index)));
    }
    if let Some(attestation) = &verdict.attestation {
        let claims: Vec<_> = verify::claim_codes(attestation.claims).map(claim).collect();
        let maker = attestation.maker.as_deref().unwrap_or("a maker whose name is withheld");
        line(
            out,
            &clean(&format!(
                "attested: {}; made by {maker}, {}, {}",
                claims.join(", "),
                attestation.region,
                attestation.country
            )),
        );
        line(out, &clean(&format!("by {}, accredited by {}", attestation.certifier, attestation.accreditor)));
        line(out, &clean(&format!("valid {} to {}", attestation.first_day, attestation.last_day)));
    }
}

fn claim(code: &'static str) -> &'static str {
    match code {
        "no_child_labour" => "produced without child labour",
        "no_forced_labour" => "produced without forced labour",
        other => other,
    }
}

fn told(finding: &Finding) -> String {
    let as_of = finding.as_of.map(|at| format!(", as of {at}")).unwrap_or_default();
    clean(&format!("{}: {} ({}{as_of})", finding.check.code(), finding.detail, finding.source.phrase()))
}

fn passed(verdict: &Verdict) -> String {
    let passed = verdict.findings.iter().filter(|finding| finding.outcome == Found::Pass);
    passed.map(|finding| finding.check.code()).collect::<Vec<_>>().join(", ")
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{INDENT}{text}");
}

pub(crate) const fn mark(outcome: Outcome) -> char {
    match outcome {
        Outcome::Verified => '✔',
        Outcome::Caution => '!',
        Outcome::Refused => '✘',
        Outcome::Undecided => '?',
    }
}

const fn found_mark(found: Found) -> char {
    match found {
        Found::Pass => '✔',
        Found::Caution => '!',
        Found::Fail => '✘',
        Found::Unknown => '?',
    }
}

pub(crate) fn style(outcome: Outcome) -> Style {
    let colour = match outcome {
        Outcome::Verified => AnsiColor::Green,
        Outcome::Caution => AnsiColor::Yellow,
        Outcome::Refused => AnsiColor::Red,
        // Never one of the others' colours: undecided is neither fake nor fine.
        Outcome::Undecided => AnsiColor::BrightBlack,
    };
    colour.on_default().bold()
}
