//! Every line for programs, as it comes: JSON Lines or CSV.

use std::io::{self, Write};

use client::terminal::clean_json;
use primitives::Hasher;
use serde::Serialize;
use verify::{Finding, Outcome};

use super::ledger::{Ledger, ReasonCode, Told};
use crate::manifest::Item;

/// In which form every line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Jsonl,
    Csv,
}

const HEADER: &str = "place,outcome,reasons,registry,attestation,gtin,lot,serial,remarks,text\r\n";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    place: String,
    /// `label`, `quantity` or `unread`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attestation: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gtin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    text: String,
}

/// A sink that keeps the digest of what was written.
#[derive(Default)]
pub(crate) struct Digest(pub(crate) Hasher);

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where every line goes.
pub(crate) struct Records<W> {
    out: W,
    form: Form,
}

impl<W: Write> Records<W> {
    pub(crate) fn new(mut out: W, form: Form) -> io::Result<Self> {
        if form == Form::Csv {
            out.write_all(HEADER.as_bytes())?;
        }
        Ok(Self { out, form })
    }

    pub(crate) fn write(&mut self, ledger: &Ledger<'_>, told: &Told<'_>) -> io::Result<()> {
        let record = record(ledger, told, self.form);
        match self.form {
            Form::Jsonl => {
                let text = serde_json::to_string(&record).map_err(io::Error::other)?;
                self.out.write_all(clean_json(&text).as_bytes())?;
                self.out.write_all(b"\n")
            }
            Form::Csv => self.csv(&record),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(crate) fn into_inner(self) -> W {
        self.out
    }

    fn csv(&mut self, record: &Record<'_>) -> io::Result<()> {
        let reasons: Vec<_> = record.reasons.iter().map(|reason| reason.0.code()).collect();
        let outcome = record.outcome.map_or(record.kind, Outcome::code);
        let attestation = record.attestation.map(|index| index.to_string()).unwrap_or_default();
        let text = |member: &Option<String>| member.clone().unwrap_or_default();
        let reasons = record.code.map_or_else(|| reasons.join(" "), ToOwned::to_owned);
        let cells = [
            record.place.clone(),
            outcome.to_owned(),
            reasons,
            text(&record.registry),
            attestation,
            text(&record.gtin),
            text(&record.lot),
            text(&record.serial),
            record.remarks.join("; "),
            record.text.clone(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell)).collect();
        write!(self.out, "{}\r\n", cells.join(","))
    }
}

fn record<'a>(ledger: &Ledger<'_>, told: &Told<'a>, form: Form) -> Record<'a> {
    let label = told.judged.and_then(|judged| judged.label.as_ref());
    let (kind, text, code) = match &told.line.item {
        Item::Label(label) => ("label", label.text.clone(), None),
        Item::Quantity(lot) => ("quantity", format!("{} {} of lot {}", lot.quantity, lot.unit.symbol(), lot.lot), None),
        Item::Fault(fault) => ("unread", fault.to_string(), Some(fault.reason.code())),
    };
    let mut reasons: Vec<ReasonCode> =
        told.judged.iter().flat_map(|judged| &judged.reasons).copied().map(ReasonCode).collect();
    if told.judged.is_none() {
        reasons.extend(told.remarks.iter().map(|remark| ReasonCode(remark.reason)));
    }
    // As of a past day, what became of it since is told of good lines, too.
    let is_past = !ledger.when().is_now();
    let needs_findings =
        form == Form::Jsonl && told.judged.is_some_and(|judged| is_past || judged.outcome != Outcome::Verified);
    Record {
        place: told.line.place.to_string(),
        kind,
        outcome: told.judged.map(|judged| judged.outcome),
        reasons,
        code,
        registry: label.map(|label| label.origin().to_string()),
        attestation: label.map(label::Label::index),
        gtin: label.and_then(|label| label.gtin().map(ToString::to_string)),
        lot: label.map(|label| label.lot().to_string()),
        serial: label.map(|label| label.serial().to_string()),
        remarks: told.remarks.iter().map(|remark| remark.detail.as_ref()).collect(),
        findings: if needs_findings { ledger.findings(&text) } else { Vec::new() },
        text,
    }
}

/// A cell that no spreadsheet takes for a formula and no terminal for a command (RFC 4180; OWASP, "CSV injection").
fn cell_text(text: &str) -> String {
    let text = client::terminal::clean(text);
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(cell_text("KTM-2026"), "KTM-2026");
        assert_eq!(cell_text("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell_text("-1+1"), "'-1+1");
        assert_eq!(cell_text("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert!(!cell_text("\u{1b}[2J").contains('\u{1b}'));
    }
}
