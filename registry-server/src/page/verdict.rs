//! The page behind a label: the verdict first, then what to compare, then the evidence, folded.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use bytes::Bytes;
use primitives::{Day, Timestamp};
use registry::State;
use sequencer::Published;
use verify::{Attested, Finding, Found, Outcome, Verdict};

use super::{Frame, Script, words};
use crate::cosigned::Cosigned;
use crate::problem::Problem;
use crate::texts::{self, Text as T, Texts};

#[derive(Template)]
#[template(path = "verdict.html")]
struct Page<'a> {
    frame: &'a Frame,
    verdict: &'a Verdict,
    /// The label's text.
    text: &'a str,
    word: T,
    headline: T,
    shape: &'static str,
    is_genuine: bool,
    is_refused: bool,
    /// Whether there is something that the device can check.
    is_provable: bool,
    sentence: Option<String>,
    holds: Vec<String>,
    /// What was checked, by whose word.
    findings: Vec<(String, &'a [Finding])>,
    serial: String,
    period: String,
    quantity: String,
    entry: String,
    report: String,
    log: LogLines,
    judged_at: String,
}

/// What the log is, and who saw it.
struct LogLines {
    size: String,
    witnesses: String,
    names: Vec<String>,
}

/// Renders a verdict about a label by this log. The time judged is written as [`stamp`] gives it, and nowhere else.
pub(crate) fn render(
    frame: &Frame,
    text: &str,
    verdict: &Verdict,
    published: &Published<State>,
    cosigned: Option<&Cosigned>,
) -> Result<Bytes, Problem> {
    let t = frame.t;
    let (word, headline) = words::outcome(verdict.outcome);
    let shape = match verdict.outcome {
        Outcome::Verified => TICK,
        Outcome::Caution => TRIANGLE,
        Outcome::Refused => CROSS,
        Outcome::Undecided => QUESTION,
    };
    let facts = verdict.attestation.as_ref();
    let last_day = verdict.label.as_ref().zip(facts).map(|(label, facts)| earlier(&label.last_day, &facts.last_day));
    let holds = verdict.findings.iter().filter_map(|finding| Some(words::hold(t, finding.check, &finding.hold?)));
    let page = Page {
        frame,
        verdict,
        text,
        word,
        headline,
        shape,
        is_genuine: matches!(verdict.outcome, Outcome::Verified | Outcome::Caution),
        is_refused: verdict.outcome == Outcome::Refused,
        is_provable: facts.is_some(),
        sentence: facts.zip(last_day).map(|(facts, last_day)| sentence(t, facts, last_day)),
        holds: holds.collect(),
        findings: verdict
            .findings
            .chunk_by(|a, b| a.source == b.source)
            .map(|group| (source(t, group), group))
            .collect(),
        serial: serial(t, verdict),
        period: facts.map_or_else(String::new, |facts| {
            t.with(
                T::AttestedPeriod,
                &[("from", t.day(&facts.first_day).into()), ("until", t.day(&facts.last_day).into())],
            )
        }),
        quantity: facts.map_or_else(String::new, |facts| quantity(t, facts)),
        entry: facts
            .map_or_else(String::new, |facts| t.with(T::ProofEntry, &[("index", facts.index.to_string().into())])),
        report: frame.address("/report", &[("label", text)]),
        log: log_lines(t, published, cosigned),
        judged_at: t.with(T::JudgedAt, &[("time", stamp(t, verdict.at).into())]),
    };
    page.render().map(Bytes::from).map_err(Problem::internal)
}

/// The time judged, as the page writes it.
pub(crate) fn stamp(t: &Texts, at: Timestamp) -> String {
    t.time(at)
}

/// A rendered verdict as an answer.
pub(crate) fn answer(frame: &Frame, page: Bytes) -> Response<Body> {
    super::html(frame, Script::Own, crate::http::response::NO_STORE, page)
}

/// Whose word a group of findings is, and of when where that matters.
fn source(t: &Texts, group: &[Finding]) -> String {
    let source = group.first().map_or_else(String::new, |finding| t.plain(words::source(&finding.source)));
    match group.iter().find_map(|finding| finding.as_of) {
        Some(time) => format!("{source}, {}", t.with(T::FindingAsOf, &[("time", stamp(t, time).into())])),
        None => source,
    }
}

/// What is attested, for which product and lot, by whom, accredited by whom, until when.
fn sentence(t: &Texts, facts: &Attested, last_day: &str) -> String {
    t.with(
        T::AttestedSentence,
        &[
            ("claims", texts::claims(facts.claims).into()),
            ("certifier", facts.certifier.as_str().into()),
            ("product", facts.product.as_str().into()),
            ("lot", facts.lot.as_str().into()),
            ("accreditor", facts.accreditor.as_str().into()),
            ("until", t.day(last_day).into()),
        ],
    )
}

fn serial(t: &Texts, verdict: &Verdict) -> String {
    let Some(label) = &verdict.label else { return String::new() };
    let Some(facts) = &verdict.attestation else { return label.serial.clone() };
    t.with(T::CompareSerialOf, &[("serial", label.serial.as_str().into()), ("labels", t.number(facts.labels).into())])
}

fn quantity(t: &Texts, facts: &Attested) -> String {
    let unit = statement::Unit::from_code(&facts.unit).map_or("", statement::Unit::symbol);
    t.with(
        T::AttestedQuantityLabels,
        &[
            ("quantity", format!("{} {unit}", t.number(facts.quantity)).into()),
            ("labels", facts.labels.into()),
            ("count", t.number(facts.labels).into()),
        ],
    )
}

fn log_lines(t: &Texts, published: &Published<State>, cosigned: Option<&Cosigned>) -> LogLines {
    let newest = t.time(Timestamp::from_millis(published.last_millis));
    let size = [("count", published.size.into()), ("size", t.number(published.size).into()), ("time", newest.into())];
    let names: Vec<_> = cosigned.iter().flat_map(|it| &it.cosigners).map(|(name, _)| name.clone()).collect();
    LogLines { size: t.with(T::ProofLog, &size), witnesses: watched(t, names.len()), names }
}

/// How many witnesses watch the log, in words.
pub(super) fn watched(t: &Texts, witnesses: usize) -> String {
    match witnesses as u64 {
        0 => t.plain(T::WitnessesNone),
        count => t.with(T::WitnessesSome, &[("count", count.into()), ("number", t.number(count).into())]),
    }
}

/// The earlier of two days, both `YYYY-MM-DD`.
fn earlier<'a>(a: &'a str, b: &'a str) -> &'a str {
    match (Day::parse(a), Day::parse(b)) {
        (Ok(first), Ok(second)) if second < first => b,
        (_, _) => a,
    }
}

// Each outcome has a shape of its own, so that none is taken for another by who sees no colours or cannot read. A tick and a cross in
// rings alike are one shape at arm's length, on grounds that are equally dark: the cross stands in a plate, the tick in nothing.
const TICK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m3 12.5 6.5 6.5 12-14" fill="none" stroke="currentColor" stroke-width="4"/></svg>"#;
const TRIANGLE: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2 23 22H1Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M12 9v6m0 2v3" stroke="currentColor" stroke-width="3"/></svg>"#;
const CROSS: &str = r##"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 1h8l7 7v8l-7 7H8l-7-7V8Z" fill="currentColor"/><path d="m7.5 7.5 9 9m0-9-9 9" stroke="#a3161a" stroke-width="3.5"/></svg>"##;
const QUESTION: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 8a3.5 3.5 0 1 1 5 3.2q-2 .8-2 3.3m0 3v3" fill="none" stroke="currentColor" stroke-width="3"/></svg>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn witnesses_are_counted_in_words() {
        let t = Texts::of(crate::language::Language::English);
        assert!(
            watched(t, 0).contains("No independent witness") && watched(t, 2).ends_with("witnesses watch this log:")
        );
    }

    #[test]
    fn the_earlier_day_ends_it() {
        assert_eq!(earlier("2027-12-31", "2027-10-31"), "2027-10-31");
        assert_eq!(earlier("2027-10-31", "2027-12-31"), "2027-10-31");
    }
}
