//! A report as it is shown. Everything in it came from a stranger: a text for a terminal is cleaned line by line.

use std::fmt::Write as _;

use client::terminal::clean;
use client::{ReportStatus, SealedBy, SealedReport};
use concern::{Concern, ConcernKind};
use serde_json::{Value, json};

use super::identity::Unread;

/// What the registry says of a report, as lines.
pub(crate) fn head(report: &SealedReport) -> String {
    let by = match report.by {
        SealedBy::Device => "encrypted on the sender's device",
        SealedBy::Server => "encrypted by the registry, which could have read it before",
    };
    format!("report {}, received {}, {}\n  {by}\n", report.id, report.received, status(report.status))
}

/// How far the accreditor is with it.
const fn status(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Received => "new",
        ReportStatus::Read => "read",
        ReportStatus::InProgress => "in-progress",
    }
}

/// What was reported, as lines.
pub(crate) fn concern(concern: &Concern) -> String {
    let seen = match concern.kind {
        ConcernKind::Child => "a child at work",
        ConcernKind::Copied => "a copied label",
        ConcernKind::Wrong => "the wrong product",
        ConcernKind::Other => "something else",
    };
    let mut out = String::new();
    for (name, value) in
        [("seen", seen), ("label", &concern.label), ("contact", &concern.contact), ("language", &concern.language)]
    {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name:<9} {}", clean(value));
        }
    }
    for line in concern.text.lines() {
        let _ = writeln!(out, "  | {}", clean(line));
    }
    out
}

/// A report as JSON: what the registry says of it, what was reported, or why that is not read.
pub(crate) fn document(report: Option<&SealedReport>, file: Option<String>, read: &Result<Concern, Unread>) -> Value {
    let mut members = serde_json::Map::new();
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    if let Some(report) = report {
        put("id", report.id.to_string().into());
        put("received", report.received.to_string().into());
        put("status", status(report.status).into());
        put("by", if report.by == SealedBy::Device { "device" } else { "server" }.into());
    }
    if let Some(file) = file {
        put("file", file.into());
    }
    match read {
        Ok(concern) => put(
            "concern",
            json!({
                "kind": concern.kind.code(),
                "text": concern.text,
                "label": concern.label,
                "contact": concern.contact,
                "language": concern.language,
            }),
        ),
        Err(why) => put("unread", why.to_string().into()),
    }
    members.into()
}

/// The document of several reports.
pub(crate) fn documents(reports: Vec<Value>) -> Value {
    json!({ "format": "ethical-label-reports/v1", "reports": reports })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_wrote_does_nothing_to_a_terminal() {
        let text = "first\n\u{1b}[2J\u{202e}second\n  - third";
        let json = format!(r#"{{"version":1,"kind":"child","text":{},"label":"a\u001b[1m"}}"#, json!(text));
        let shown = concern(&Concern::read(json.as_bytes()).unwrap());
        let expected = "  seen      a child at work\n  label     a\\u{1b}[1m\n  | first\n  | \\u{1b}[2J\\u{202e}second\n  |   - third\n";
        assert_eq!(shown, expected);
    }
}
