//! The report for the case file: one HTML page that loads nothing, runs nothing and prints on A4.

use std::path::Path;

use askama::Template;

use super::document::{Counts, Document};
use crate::failure::Failure;

/// Lines whose details are in the report: the rest is counted, and written out by `--jsonl` and `--csv`.
const MOST_LINES: usize = 200;
const MOST_LOTS: usize = 200;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    document: &'a Document,
    lines: &'a [super::ledger::Opened],
    lots: &'a [super::document::Lot],
    more_lines: u64,
    more_lots: usize,
    /// All parts of the bar.
    width: u64,
    word: &'static str,
    /// Sentence, code and count.
    reasons: Vec<(&'static str, &'static str, u64)>,
    /// Widths of the parts of the bar, of 1000: refused, caution, undecided, verified.
    bar: Vec<Part>,
}

/// A part of the bar.
struct Part {
    outcome: &'static str,
    mark: char,
    count: u64,
    left: u64,
    width: u64,
}

pub(crate) fn write(document: &Document, path: &Path) -> Result<(), Failure> {
    let page = harmless(&render(document)?);
    std::fs::write(path, page).map_err(|error| {
        Failure::new(format!("cannot write {}: {error}", path.display())).hint("--report FILE names where it goes")
    })
}

/// The page without characters that command a terminal or turn text around: names come from the manifest.
fn harmless(page: &str) -> String {
    let is_harmful = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    page.chars().map(|c| if is_harmful(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn render(document: &Document) -> Result<String, Failure> {
    let lines = document.lines.get(..MOST_LINES).unwrap_or(&document.lines);
    let lots = document.lots.get(..MOST_LOTS).unwrap_or(&document.lots);
    let counts = &document.summary;
    let to_open = counts.labels - counts.verified + document.quantities.questioned + document.quantities.undecided;
    let bar = bar(counts);
    let page = Page {
        document,
        width: bar.iter().map(|part| part.width).sum::<u64>().max(1),
        lines,
        lots,
        more_lines: to_open.saturating_sub(lines.len() as u64),
        more_lots: document.lots.len() - lots.len() + document.more_lots,
        word: document.outcome().code(),
        reasons: document.reasons.iter().map(|(code, count)| (sentence(code), *code, *count)).collect(),
        bar,
    };
    page.render().map_err(|error| Failure::new(format!("the report cannot be made: {error}")))
}

/// Each outcome's share of a thousand; what there is at all is seen.
fn bar(counts: &Counts) -> Vec<Part> {
    let all = [
        ("refused", '✘', counts.refused),
        ("caution", '!', counts.caution),
        ("undecided", '?', counts.undecided),
        ("verified", '✔', counts.verified),
    ];
    let mut left = 0;
    let parts = all.into_iter().filter(|(.., count)| *count > 0).map(|(outcome, mark, count)| {
        let width = (count * 1000 / counts.labels.max(1)).max(8);
        let part = Part { outcome, mark, count, left, width };
        left += width;
        part
    });
    parts.collect()
}

fn sentence(code: &str) -> &'static str {
    let reason = verify::Reason::ALL.iter().find(|reason| reason.code() == code);
    reason.map_or("", |reason| reason.sentence())
}
