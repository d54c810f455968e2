//! Verdicts for programs: one JSON document.

use client::terminal::clean_json;
use serde::Serialize;
use verify::{Outcome, Verdict};

use crate::confirm::Confirmed;
use crate::input::Input;
use crate::kept::Kept;

/// JSON Schema (2020-12) of the document.
pub(crate) const SCHEMA: &str = include_str!("../schema/check.schema.json");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    format: &'static str,
    exit_status: u8,
    summary: Summary,
    labels: Vec<Judged<'a>>,
    /// Files that were shown with `--evidence`.
    #[serde(skip_serializing_if = "<[Confirmed]>::is_empty")]
    evidence: &'a [Confirmed],
    /// What was kept as evidence against the labels' registries.
    #[serde(skip_serializing_if = "<[Kept]>::is_empty")]
    kept: &'a [Kept],
}

#[derive(Serialize, Default)]
struct Summary {
    verified: usize,
    caution: usize,
    refused: usize,
    undecided: usize,
}

#[derive(Serialize)]
struct Judged<'a> {
    /// File and line, where the label is not an argument.
    #[serde(skip_serializing_if = "str::is_empty")]
    place: &'a str,
    text: &'a str,
    verdict: &'a Verdict,
}

/// The document, harmless on a terminal and with a newline at its end.
pub(crate) fn document(judged: &[(Input, Verdict)], evidence: &[Confirmed], kept: &[Kept], exit_status: u8) -> String {
    let mut summary = Summary::default();
    for (_, verdict) in judged {
        *match verdict.outcome {
            Outcome::Verified => &mut summary.verified,
            Outcome::Caution => &mut summary.caution,
            Outcome::Refused => &mut summary.refused,
            Outcome::Undecided => &mut summary.undecided,
        } += 1;
    }
    let labels = judged.iter().map(|(input, verdict)| Judged { place: &input.place, text: &input.text, verdict });
    let labels = labels.collect();
    let document = Document { format: "ethical-label-check/v1", exit_status, summary, labels, evidence, kept };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{}\n", clean_json(&text))
}

#[cfg(test)]
mod tests {
    use primitives::Timestamp;
    use verify::{Evidence, Known, Reason, Strict, Trust};

    use super::*;

    #[test]
    fn the_document_is_what_the_schema_says() {
        let trust = Trust { registries: Vec::new() };
        let label = include_str!("../tests/data/label.txt").trim();
        let judged: Vec<_> = ["non\u{202e}sense\u{9b}", label]
            .map(|text| {
                let known = |_: &label::Label| Known::Missing(Reason::NoStatus);
                let evidence = Evidence { label: text, known: &known, signatures: &Strict };
                let verdict = verify::verify(&evidence, &trust, Timestamp::from_seconds(1_800_000_000));
                (Input { place: "list:1".into(), text: text.into() }, verdict)
            })
            .into();
        let text = document(&judged, &[], &[], 1);
        assert!(text.contains(r#""text": "non\u202esense\u009b""#), "{text}");
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        jsonschema::validate(&schema, &document).unwrap();
        assert_eq!(document["labels"][0]["text"], "non\u{202e}sense\u{9b}");
        assert_eq!(document["exitStatus"], 1);
        assert_eq!(document["summary"], serde_json::json!({"verified": 0, "caution": 0, "refused": 1, "undecided": 1}));
    }

    #[test]
    fn the_published_schema_holds_the_verdict_schema_unchanged() {
        let own: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let mut verdict: serde_json::Value = serde_json::from_str(verify::VERDICT_SCHEMA).unwrap();
        let definitions = verdict.as_object_mut().unwrap().remove("$defs").unwrap();
        verdict.as_object_mut().unwrap().remove("$schema");
        assert_eq!(own["$defs"]["verdict"], verdict);
        for (name, definition) in definitions.as_object().unwrap() {
            assert_eq!(own["$defs"][name], *definition, "{name}");
        }
    }
}
