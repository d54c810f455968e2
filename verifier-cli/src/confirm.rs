//! Whether a file is one that an attestation rests on: an audit report that somebody shows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use client::terminal::clean;
use primitives::Hash;
use serde::Serialize;
use verify::{EvidenceFact, Outcome, Verdict};

use crate::failure::Failure;
use crate::screen;

/// A file that is shown, and its digest.
pub(crate) struct Shown {
    path: PathBuf,
    digest: Hash,
}

/// What an attestation says of a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Confirmed {
    file: String,
    sha256: String,
    origin: String,
    attestation: u64,
    outcome: Match,
    /// What the attestation calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What the attestation names instead.
    #[serde(skip)]
    others: Vec<String>,
}

/// Whether an attestation names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Match {
    #[serde(rename = "named")]
    Same,
    #[serde(rename = "not_named")]
    Other,
    /// The attestation itself is not at hand.
    Unknown,
}

impl Shown {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let digest = client::file_digest(path)
            .map_err(|error| Failure::new(format!("cannot read the evidence {}: {error}", path.display())))?;
        Ok(Self { path: path.to_owned(), digest })
    }
}

/// Holds each file against each attestation that the verdicts are about.
pub(crate) fn confirm<'v>(files: &[Shown], verdicts: impl Iterator<Item = &'v Verdict>) -> Vec<Confirmed> {
    let mut attestations: BTreeMap<(&str, u64), Option<&[EvidenceFact]>> = BTreeMap::new();
    for verdict in verdicts {
        let Some(label) = &verdict.label else { continue };
        let named = verdict.attestation.as_ref().map(|facts| facts.evidence.as_slice());
        let known = attestations.entry((&label.origin, label.index)).or_default();
        *known = known.or(named);
    }
    let pairs = attestations.iter().flat_map(|attestation| files.iter().map(move |file| (attestation, file)));
    pairs.map(|((&(origin, index), named), file)| hold(file, origin, index, *named)).collect()
}

fn hold(file: &Shown, origin: &str, attestation: u64, named: Option<&[EvidenceFact]>) -> Confirmed {
    let sha256 = file.digest.to_string();
    let found = named.into_iter().flatten().find(|fact| fact.sha256 == sha256);
    let outcome = match (named, found) {
        (None, _) => Match::Unknown,
        (Some(_), None) => Match::Other,
        (Some(_), Some(_)) => Match::Same,
    };
    Confirmed {
        file: file.path.display().to_string(),
        sha256,
        origin: origin.into(),
        attestation,
        outcome,
        name: found.map(|fact| fact.name.clone()),
        others: named.into_iter().flatten().map(|fact| format!("{} ({})", fact.name, fact.sha256)).collect(),
    }
}

/// What each file says about the goods: one that is not named is as bad as a label that needs eyes.
pub(crate) fn outcomes(confirmed: &[Confirmed]) -> impl Iterator<Item = Outcome> {
    confirmed.iter().map(|confirmed| confirmed.outcome.of_label())
}

impl Match {
    const fn of_label(self) -> Outcome {
        match self {
            Self::Same => Outcome::Verified,
            Self::Other => Outcome::Caution,
            Self::Unknown => Outcome::Undecided,
        }
    }
}

/// A line for each, for people.
pub(crate) fn lines(confirmed: &[Confirmed]) -> String {
    let mut out = String::new();
    for confirmed in confirmed {
        let outcome = confirmed.outcome.of_label();
        let (style, reset) = (screen::style(outcome), anstyle::Style::new());
        let _ = writeln!(out, "{style}{}{reset:#} {}", screen::mark(outcome), clean(&confirmed.sentence()));
    }
    out
}

impl Confirmed {
    fn sentence(&self) -> String {
        let Self { file, sha256, origin, attestation, name, others, .. } = self;
        let of = format!("attestation {attestation} of {origin}");
        match (self.outcome, name) {
            (Match::Same, name) => {
                format!("{file} is the file that {of} rests on: {}", name.as_deref().unwrap_or_default())
            }
            (Match::Other, _) if others.is_empty() => format!("{file}: {of} names no file that it rests on"),
            (Match::Other, _) => {
                format!("{file} (SHA-256 {sha256}) is not what {of} rests on; it names {}", others.join(", "))
            }
            (Match::Unknown, _) => {
                format!("{file}: {of} is not at hand; only the registry has it: check without --offline")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_or_not_or_it_cannot_be_told() {
        let shown = Shown { path: "report.pdf".into(), digest: Hash::of(b"report") };
        let fact = |content: &[u8]| EvidenceFact {
            name: "Audit\u{202e} report".into(),
            url: None,
            sha256: Hash::of(content).to_string(),
        };
        let (right, wrong) = ([fact(b"another"), fact(b"report")], [fact(b"another")]);
        for (named, outcome, told) in [
            (Some(&right[..]), Outcome::Verified, r"rests on: Audit\u{202e} report"),
            (Some(&wrong[..]), Outcome::Caution, "is not what attestation 17 of registry.example rests on; it names"),
            (Some(&[][..]), Outcome::Caution, "names no file"),
            (None, Outcome::Undecided, "is not at hand"),
        ] {
            let confirmed = [hold(&shown, "registry.example", 17, named)];
            assert_eq!(outcomes(&confirmed).collect::<Vec<_>>(), [outcome]);
            assert!(lines(&confirmed).contains(told), "{}", lines(&confirmed));
        }
    }
}
