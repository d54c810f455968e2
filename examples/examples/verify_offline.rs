//! Judges a label from three files, without a network: the trust file, an evidence bundle, and the label's text.
//!
//! `curl http://localhost:8080/v1/attestations/1/evidence > evidence.json`
//! `cargo run -p examples --example verify_offline -- trust.toml evidence.json label.txt`

use std::fs;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use label::Label;
use primitives::Timestamp;
use verify::{Bundle, Evidence, Known, Reason, Strict, Trust};

fn main() -> Result<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [trust, evidence, label] = files.as_slice() else { anyhow::bail!("expected TRUST EVIDENCE LABEL") };
    let trust = Trust::from_toml(&fs::read_to_string(trust)?)?;
    let bundle: Bundle = serde_json::from_slice(&fs::read(evidence)?)?;
    let text = fs::read_to_string(label)?;
    let label = Label::parse(text.trim())?;

    // Opening checks the log's signature and every entry's inclusion, and folds the entries under the law.
    let registry = trust.registry(label.origin()).context("the trust file does not name the label's registry")?;
    let opened = bundle.open(registry)?;

    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = Timestamp::from_seconds(now.as_secs());
    let known = |label: &Label| match label.index() == opened.index() {
        true => Known::State(opened.knowledge(now)),
        false => Known::Missing(Reason::NoStatus), // a bundle speaks of one attestation
    };
    let verdict = verify::verify(&Evidence { label: text.trim(), known: &known, signatures: &Strict }, &trust, now);
    println!("{}", serde_json::to_string_pretty(&verdict)?);
    std::process::exit(verdict.outcome.exit_code().into())
}
