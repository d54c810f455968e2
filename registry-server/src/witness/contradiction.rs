//! What a log's key signed and cannot both be true, kept in files.
//!
//! ```text
//! contradiction-<SHA-256 of it, hex>    as crate `verify`, `misbehaviour` reads it: the one seen first, a line of --, the other
//! ```
//!
//! A request that is refused for its proof proves nothing: anybody can send a wrong proof.

use std::io;
use std::path::{Path, PathBuf};

use primitives::Hash;

use crate::whole_file;

/// Most that are kept: whoever has a log's key could make any number.
const MOST: usize = 64;

/// Keeps the evidence, durably, and says so in the log; past the most that are kept there it stays. Gives where it is, or would be.
pub(crate) fn keep(folder: &Path, evidence: &str) -> io::Result<PathBuf> {
    let path = folder.join(format!("contradiction-{}", Hash::of(evidence.as_bytes())));
    if path.exists() {
        return Ok(path);
    }
    tracing::error!(file = %path.display(), evidence, "a log's key has signed what cannot both be true");
    let kept = std::fs::read_dir(folder)?.flatten();
    let kept = kept.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"contradiction-")).count();
    if kept < MOST {
        whole_file::replace(&path, evidence.as_bytes())?;
    }
    Ok(path)
}
