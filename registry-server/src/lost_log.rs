//! A data folder that has lost its log must not begin a second one: `serve` looks before it makes anything.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use store::FileJournal;
use thiserror::Error;
use verify::TrustedRegistry;

use crate::last_seen::{self, Seen};
use crate::log::Data;

/// Why there is no log to serve.
#[derive(Debug, Error)]
pub(crate) enum LostLog {
    #[error(
        "the journal is missing: {journal} is not there, and an empty log in its place would be a second one under the same key"
    )]
    NoJournal { journal: String, data: String },
    #[error(
        "the journal is empty, and {by} has seen {size} entries of this log; an empty log in its place would be a second one"
    )]
    SeenBefore { size: u64, by: String, data: String },
}

impl LostLog {
    /// What a person can do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::NoJournal { journal, data } => format!(
                "a lost machine's log is made again from a mirror: registry-server restore --from DIR|URL --data {data}; only a registry \
                 that never took a statement begins with an empty one: mkdir {journal}"
            ),
            Self::SeenBefore { data, .. } => {
                format!("make the log again from a mirror: registry-server restore --from DIR|URL --data {data}")
            }
        }
    }
}

/// Refuses a folder whose journal is missing, or is empty although a witness saw more. Reads only.
///
/// Witnesses that give no word keep nobody from starting: one that has never seen a new registry cannot say so.
pub(crate) fn check(data: &Data, registry: &TrustedRegistry, time: Duration) -> anyhow::Result<()> {
    let text = |path: &Path| path.display().to_string();
    let (journal, folder) = (data.journal(), text(data.folder()));
    match FileJournal::is_begun(&journal).with_context(|| text(&journal))? {
        None => return Err(LostLog::NoJournal { journal: text(&journal), data: folder }.into()),
        Some(true) => return Ok(()),
        Some(false) if registry.quorum.witnesses().is_empty() => return Ok(()),
        Some(false) => {}
    }
    let words = last_seen::by_witnesses(registry, time);
    let newest = words.seen.into_iter().max_by_key(|seen| seen.floor.size);
    if let Some(Seen { floor, by }) = newest.filter(|seen| seen.floor.size > 0) {
        return Err(LostLog::SeenBefore { size: floor.size, by, data: folder }.into());
    }
    if !words.silent.is_empty() {
        let silent = words.silent.join("; ");
        tracing::warn!(
            silent,
            "the journal is empty, and not every witness says what it saw: taken for a new registry"
        );
    }
    Ok(())
}
