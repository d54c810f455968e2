//! What a command says at its end: lines for people, or one JSON document.

use std::path::PathBuf;

use client::Receipt;
use client::terminal::{clean, clean_json};
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;
use crate::json_text;
use crate::outbox::Delivered;
use crate::public::Told;

/// The document of `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    format: &'static str,
    /// `dry_run`, `signed` or `registered`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<bool>,
    files: Vec<String>,
    payload: Value,
}

/// How far a statement came.
#[derive(Debug)]
pub(crate) enum Progress<'a> {
    DryRun,
    Signed(&'a PathBuf),
    Registered(&'a Delivered),
}

/// The JSON document of one statement.
pub(crate) fn json(payload: &[u8], progress: &Progress<'_>, further: &[PathBuf]) -> Value {
    let (outcome, receipt, files): (_, Option<&Receipt>, &[PathBuf]) = match progress {
        Progress::DryRun => ("dry_run", None, &[]),
        Progress::Signed(path) => ("signed", None, std::slice::from_ref(*path)),
        Progress::Registered(delivered) => ("registered", Some(&delivered.receipt), &delivered.files),
    };
    let document = Document {
        format: "ethical-label-certifier/v1",
        outcome,
        index: receipt.map(|receipt| receipt.index),
        received_at: receipt.map(|receipt| receipt.received_at.as_str()),
        repeated: receipt.map(|receipt| receipt.repeated),
        files: files.iter().chain(further).map(|path| path.display().to_string()).collect(),
        payload: serde_json::from_slice(payload).unwrap_or_default(),
    };
    serde_json::to_value(document).unwrap_or_default()
}

/// Prints one document, or a list of several.
pub(crate) fn print_json(mut documents: Vec<Value>) -> Result<(), Failure> {
    let document = if documents.len() == 1 { documents.remove(0) } else { Value::Array(documents) };
    crate::print(&format!("{}\n", clean_json(&format!("{document:#}"))))
}

/// What a dry run shows: the payload as it would be signed, and what it tells everybody.
pub(crate) fn dry_run(payload: &[u8], told: &Told) -> String {
    format!("{}\n\n{}\nDry run: nothing was signed or sent.\n", self::payload(payload), told.lines())
}

/// A payload for people to read.
pub(crate) fn payload(payload: &[u8]) -> String {
    clean_lines(&json_text::indent(&String::from_utf8_lossy(payload)))
}

/// What a registered statement has to show for it.
pub(crate) fn registered(delivered: &Delivered) -> String {
    let receipt = &delivered.receipt;
    let again = if receipt.repeated { "was registered before" } else { "registered" };
    let mut out = format!("{again} at index {}, received {}\n", receipt.index, clean(&receipt.received_at));
    let files: Vec<_> = delivered.files.iter().map(|path| path.display().to_string()).collect();
    if !files.is_empty() {
        out.push_str(&format!("receipt: {}\n", clean(&files.join(", "))));
    }
    out
}

/// Text of several lines, each made harmless.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
