//! `verifier inspect`: what something says, without a word on whether it is true.

use std::fmt::Write as _;

use label::Label;
use statement::Token;
use tlog::{Checkpoint, Note, Proof};

use crate::cli::InspectOptions;
use crate::failure::Failure;
use crate::input::{self, Content};
use crate::photo;
use crate::shipment::signed::{self, Signed};
use client::terminal::clean;

pub(crate) fn run(options: &InspectOptions) -> Result<u8, Failure> {
    let mut out = String::new();
    match input::content(&options.input)? {
        Content::Argument(text) => label(&mut out, &text)?,
        Content::Picture(bytes) => {
            let texts = photo::read(&bytes).map_err(|error| input::picture_failure(&options.input, &error))?;
            for text in texts {
                // A code may hold anything; one that is no label is shown as it is.
                if label(&mut out, &text).is_err() {
                    row(&mut out, "text", &text);
                }
            }
        }
        Content::Bytes(bytes) => {
            let bytes = input::without_mark(&bytes);
            if let Some(signed) = std::str::from_utf8(bytes).ok().and_then(|text| signed::read(text.trim())) {
                return verdicts(&signed, options);
            }
            text(&mut out, &options.input, bytes)?;
        }
    }
    if options.key.is_some() {
        return Err(Failure::new("--key is for signed verdicts, and this is something else"));
    }
    out.push_str("Nothing here was verified.\n");
    crate::print(out.as_bytes())
}

/// The verdicts about a shipment, as somebody signed them: exit status 1 where the signature does not hold.
fn verdicts(signed: &Signed<'_>, options: &InspectOptions) -> Result<u8, Failure> {
    let mut out = String::new();
    heading(&mut out, "Verdicts about a shipment (compact JWS)");
    row(&mut out, "signed by", &format!("key {}", signed.kid));
    let pretty = serde_json::to_string_pretty(&signed.document).unwrap_or_default();
    pretty.lines().for_each(|line| {
        let _ = writeln!(out, "  {}", clean(line));
    });
    let Some(key) = &options.key else {
        out.push_str("The signature was not checked: --key FILE names the signer's public key.\n");
        return crate::print(out.as_bytes());
    };
    let key = key_file::public::read(key).map_err(Failure::new)?;
    match signed.verify(&key) {
        Ok(()) => {
            out.push_str("The signature is that of this key.\n");
            crate::print(out.as_bytes())
        }
        Err(error) => {
            crate::print(out.as_bytes())?;
            Failure::new(format!("the signature does not hold: {error}")).print();
            Ok(1)
        }
    }
}

/// A file: a proof, a checkpoint, a statement, or a label.
fn text(out: &mut String, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    if let Ok(proof) = Proof::parse(bytes) {
        heading(out, "Inclusion proof (c2sp.org/tlog-proof)");
        row(out, "entry", &proof.index().to_string());
        row(out, "hashes", &proof.hashes().len().to_string());
        if let Ok(millis) = <[u8; 8]>::try_from(proof.extra()) {
            let received_at = primitives::Timestamp::from_millis(u64::from_be_bytes(millis));
            row(out, "received", &received_at.to_string());
        }
        return note(out, proof.checkpoint());
    }
    if let Ok(parsed) = Note::parse(bytes) {
        return note(out, &parsed);
    }
    let trimmed = bytes.trim_ascii();
    match Token::parse_credential(trimmed) {
        Ok(token) => {
            heading(out, "Statement (compact JWS)");
            row(out, "signed by", &format!("{}#{}", token.kid().did, token.kid().fragment));
            row(out, "kind", &format!("{:?}", token.kind()));
            let payload: Option<serde_json::Value> = serde_json::from_slice(token.payload()).ok();
            let pretty = payload.and_then(|payload| serde_json::to_string_pretty(&payload).ok()).unwrap_or_default();
            pretty.lines().for_each(|line| {
                let _ = writeln!(out, "  {}", clean(line));
            });
            Ok(())
        }
        Err(error) if looks_like_jws(trimmed) => {
            Err(Failure::new(format!("not a statement: {error} ({})", error.code())))
        }
        Err(_) if input::is_utf_16(bytes) => {
            Err(Failure::new(format!("{name} is UTF-16, expected UTF-8")).hint("save it as UTF-8"))
        }
        Err(_) => only_label(out, name, &String::from_utf8_lossy(trimmed)),
    }
}

/// The one label of a list.
fn only_label(out: &mut String, name: &str, text: &str) -> Result<(), Failure> {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    if lines > 1 {
        return Err(Failure::new(format!("{name} has {lines} lines, and inspect shows one label"))
            .hint("inspect the label of each line; check judges them all"));
    }
    label(out, text)
}

fn looks_like_jws(bytes: &[u8]) -> bool {
    bytes.starts_with(b"eyJ")
}

fn note(out: &mut String, note: &Note) -> Result<(), Failure> {
    match Checkpoint::parse(note.text()) {
        Ok(checkpoint) => {
            heading(out, "Checkpoint (c2sp.org/tlog-checkpoint)");
            row(out, "origin", checkpoint.origin());
            row(out, "entries", &checkpoint.size().to_string());
            row(out, "root", &checkpoint.root().to_base64());
        }
        Err(error) => {
            heading(out, "Signed note (c2sp.org/signed-note)");
            row(out, "no checkpoint", &error.to_string());
        }
    }
    for signature in note.signatures() {
        row(out, "signed by", signature.name());
    }
    Ok(())
}

fn label(out: &mut String, text: &str) -> Result<(), Failure> {
    let label = Label::parse(text).map_err(|error| {
        Failure::new(format!("{error} ({})", error.code()))
            .hint("inspect shows labels, pictures of labels, statements, proofs and checkpoints")
    })?;
    heading(out, "Label");
    row(out, "text", &label.to_uri());
    row(out, "registry", label.origin().as_str());
    row(out, "GTIN", label.gtin().map_or("none", |gtin| gtin.as_str()));
    row(out, "lot", label.lot().as_str());
    row(out, "serial", &label.serial().to_string());
    row(out, "claims", &verify::claim_codes(label.claims()).collect::<Vec<_>>().join(", "));
    row(out, "attestation", &format!("entry {} of the log", label.index()));
    row(out, "last day", &label.last_day().to_string());
    row(out, "key id", &label.key_id().to_string());
    Ok(())
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

fn row(out: &mut String, name: &str, value: &str) {
    let _ = writeln!(out, "  {name:<12} {}", clean(value));
}
