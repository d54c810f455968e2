//! Two checkpoints of one size and two roots, both signed by the log: proof that it has two faces.
//!
//! ```text
//! <checkpoint>--⏎<checkpoint>        as clients keep evidence (crate `client`), the one cosigned first
//! ```
//!
//! A request that is refused for its proof proves nothing: anybody can send a wrong proof.

use std::path::Path;

use primitives::Hash;
use tlog::Note;

use crate::whole_file;

/// Most that are kept: whoever has a log's key could make any number.
const MOST: usize = 64;

/// Keeps the two, and says so in the log. What cannot be written stays in the operator's log at least.
pub(super) fn keep(folder: &Path, cosigned: &Note, other: &Note) {
    let evidence = format!("{cosigned}--\n{other}");
    let path = folder.join(format!("contradiction-{}", Hash::of(evidence.as_bytes())));
    tracing::error!(file = %path.display(), evidence, "a log that this registry watches has signed two trees of one size");
    let kept = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let kept = kept.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"contradiction-")).count();
    if kept < MOST
        && !path.exists()
        && let Err(error) = whole_file::replace(&path, evidence.as_bytes())
    {
        tracing::error!(%error, "the two checkpoints could not be kept");
    }
}
