//! The conformance kit: what `tests/vectors` holds, made from fixed keys and times, so that every run makes the same bytes.
//!
//! Each file says what is given, what is wrong with it, and what a verifier has to answer. The answers are written down here by hand,
//! from the specifications; that our own code gives them is for a test to show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

mod checkpoints;
mod consistency;
mod evidence;
mod forge;
mod labels;
mod proofs;
mod receipts;
mod snapshots;
mod statements;
mod world;

pub use world::World;

/// The folders that are made, below `tests/vectors`.
pub const FOLDERS: [&str; 9] =
    ["world", "labels", "evidence", "statements", "proofs", "receipts", "checkpoints", "consistency", "snapshots"];

/// One file of the kit: one thing to judge, with at most one defect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What is wrong with it, or what is right although it looks wrong.
    pub about: String,
    /// What a verifier gets.
    pub given: BTreeMap<String, Value>,
    /// What it has to answer.
    pub expected: Expected,
}

/// What a verifier has to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `accepted` or `refused`; of labels the outcome of a verdict: `verified`, `caution`, `refused`, `undecided`.
    pub outcome: String,
    /// The reasons of a verdict, worst first. Labels alone have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Vec<String>>,
    /// The exact rule that is broken, where a format or proof is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A part of the kit while it is put together: names in order, each once.
#[derive(Debug, Default)]
struct Part {
    folder: &'static str,
    vectors: BTreeMap<String, Vector>,
}

impl Part {
    fn new(folder: &'static str) -> Self {
        Self { folder, vectors: BTreeMap::new() }
    }

    fn add<const N: usize>(&mut self, name: &str, about: &str, given: [(&str, Value); N], expected: Expected) {
        let given = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let before = self.vectors.insert(name.to_owned(), Vector { about: about.to_owned(), given, expected });
        assert!(before.is_none(), "{name} is there twice in {}", self.folder);
    }
}

impl Expected {
    fn accepted() -> Self {
        Self { outcome: "accepted".into(), reasons: None, code: None }
    }

    fn refused(code: &str) -> Self {
        Self { outcome: "refused".into(), reasons: None, code: Some(code.into()) }
    }

    /// A verdict, with its reasons.
    fn verdict(outcome: &str, reasons: &[&str]) -> Self {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        Self { outcome: outcome.into(), reasons: Some(reasons), code: None }
    }

    fn with_code(self, code: &str) -> Self {
        Self { code: Some(code.into()), ..self }
    }
}

/// Every file of the kit but its README: path below `tests/vectors`, and bytes.
///
/// # Panics
/// When a sample is not what the code around it says: then the kit would say something untrue.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let world = World::new();
    let mut files = world.files();
    let parts = [
        labels::part(),
        evidence::part(&world),
        statements::part(),
        proofs::part(&world),
        receipts::part(&world),
        checkpoints::part(&world),
        consistency::part(),
        snapshots::part(&world),
    ];
    for part in parts {
        for (name, vector) in part.vectors {
            let mut text = serde_json::to_string_pretty(&vector).expect("plain values");
            text.push('\n');
            files.insert(format!("{}/{name}.json", part.folder), text.into_bytes());
        }
    }
    files
}
