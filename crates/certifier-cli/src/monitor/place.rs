//! Where following a log stopped: the right edge of its tree, and the entries that are still to be answered for.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use primitives::base64;
use serde::{Deserialize, Serialize};
use statement::Did;
use tlog::Frontier;

use crate::accredit::file_name;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::files;

const FORMAT: &str = "ethical-label-monitor/v1";
/// More than a frontier of 64 hashes and a long list; a larger file is none of ours.
const MAX_SIZE: u64 = 1 << 20;

/// A place in a log.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    edge: Edge,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edge {
    format: String,
    size: u64,
    /// [`Frontier::encode`], base64; empty for nothing read yet.
    frontier: String,
    foreign: BTreeSet<u64>,
}

impl Place {
    pub(super) fn open(desk: &Desk, party: &Did) -> Result<Self, Failure> {
        let name = format!("{}-{}.json", desk.origin().to_file_name(), file_name(party));
        let path = desk.state().join("monitor").join(name);
        let unusable = |why: &dyn std::fmt::Display| {
            Failure::refused(format!("{}: {why}", path.display()))
                .hint("take the file away: the log is then read from its beginning, and all is told again")
        };
        let edge = match fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Edge { format: FORMAT.into(), ..Edge::default() }
            }
            Err(error) => return Err(unusable(&error)),
            Ok(metadata) if metadata.len() > MAX_SIZE => return Err(unusable(&"it is too large")),
            Ok(_) => {
                let text = fs::read_to_string(&path).map_err(|error| unusable(&error))?;
                let edge: Edge = serde_json::from_str(&text).map_err(|error| unusable(&error))?;
                if edge.format != FORMAT {
                    return Err(unusable(&"it is of another format"));
                }
                edge
            }
        };
        let place = Self { path: path.clone(), edge };
        place.tree().map_err(|_| unusable(&"its tree is none"))?;
        Ok(place)
    }

    /// Entries that were read.
    pub(super) fn size(&self) -> u64 {
        self.edge.size
    }

    /// Entries that somebody signed elsewhere, and that were not taken into the own book.
    pub(super) fn foreign(&self) -> &BTreeSet<u64> {
        &self.edge.foreign
    }

    /// The tree of the entries that were read.
    pub(super) fn tree(&self) -> Result<Frontier, Failure> {
        if self.edge.size == 0 && self.edge.frontier.is_empty() {
            return Ok(Frontier::new());
        }
        let bytes = base64::decode(&self.edge.frontier);
        let tree = bytes.and_then(|bytes| Frontier::decode(&bytes).ok()).filter(|tree| tree.size() == self.edge.size);
        tree.ok_or_else(|| Failure::refused("the remembered tree is damaged"))
    }

    /// Everything up to this tree was told.
    pub(super) fn advance(&mut self, tree: &Frontier, foreign: impl Iterator<Item = u64>) -> Result<(), Failure> {
        self.edge.size = tree.size();
        self.edge.frontier = base64::encode(&tree.encode());
        self.edge.foreign.extend(foreign);
        self.write()
    }

    /// An entry was answered for.
    pub(super) fn forget(&mut self, index: u64) -> Result<(), Failure> {
        self.edge.foreign.remove(&index);
        self.write()
    }

    fn write(&self) -> Result<(), Failure> {
        let text = serde_json::to_string(&self.edge).map_err(Failure::refused)?;
        files::replace(&self.path, format!("{text}\n").as_bytes())
    }
}
