//! Finding the trust file, the same for every command.

use std::path::{Path, PathBuf};

use thiserror::Error;
use verify::{Trust, TrustError};

/// The variable that names the trust file where the command line does not.
pub const TRUST_VARIABLE: &str = "ETHICAL_LABEL_TRUST";
/// Larger than any list of registries; smaller than what would exhaust a device.
const MAX_SIZE: u64 = 4 << 20;

/// The trust file cannot be used.
#[derive(Debug, Error)]
pub enum TrustFileError {
    /// It cannot be read.
    #[error("cannot read the trust file {path}: {source}")]
    Read {
        /// Which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is larger than a trust file can be.
    #[error("the trust file {0} is larger than {MAX_SIZE} bytes")]
    TooLarge(String),
    /// It says something that a trust file does not say.
    #[error("{path}: {}", in_one_line(error))]
    Content {
        /// Which file.
        path: String,
        /// What is wrong.
        error: TrustError,
    },
}

/// Reads the trust file: the one named, else that of [`TRUST_VARIABLE`], else `ethical-label/trust.toml` in the
/// configuration folder. Where none is named and none is there, nothing is trusted.
///
/// # Errors
/// [`TrustFileError`]. A file that was named and is not there is an error.
pub fn load_trust(named: Option<&Path>) -> Result<Trust, TrustFileError> {
    let named = named.map(Path::to_path_buf).or_else(|| std::env::var_os(TRUST_VARIABLE).map(PathBuf::from));
    match named {
        Some(path) => read(&path),
        None => match base_folder("XDG_CONFIG_HOME", ".config").map(|folder| folder.join("trust.toml")) {
            Some(path) if path.exists() => read(&path),
            Some(_) | None => Ok(Trust { registries: Vec::new() }),
        },
    }
}

/// Where what this device has seen is remembered by default: `ethical-label` in the state folder (XDG Base Directory
/// Specification); in the current folder where there is no home.
pub fn default_state_folder() -> PathBuf {
    base_folder("XDG_STATE_HOME", ".local/state").unwrap_or_else(|| PathBuf::from(".ethical-label"))
}

/// Where snapshots lie by default: `snapshots` in the state folder.
pub fn default_snapshot_folder() -> PathBuf {
    default_state_folder().join("snapshots")
}

fn base_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("ethical-label"))
}

fn read(path: &Path) -> Result<Trust, TrustFileError> {
    let name = path.display().to_string();
    let failed = |source| TrustFileError::Read { path: name.clone(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_SIZE {
        return Err(TrustFileError::TooLarge(name));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    Trust::from_toml(&text).map_err(|error| TrustFileError::Content { path: name, error })
}

/// The parser draws the line and points at the place; a message has one line, and names them.
fn in_one_line(error: &TrustError) -> String {
    let text = error.to_string();
    let is_drawing = |line: &str| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|');
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !is_drawing(line));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix("trust file: ").unwrap_or(line)).collect();
    let place = lines.first().and_then(|first| first.strip_prefix("TOML parse error at "));
    match (place, lines.get(1..)) {
        (Some(place), Some(rest)) => format!("{place}: {}", rest.join("; ")),
        _ => lines.join("; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_has_to_be_there_and_to_be_a_trust_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        assert!(matches!(load_trust(Some(&path)), Err(TrustFileError::Read { .. })));
        std::fs::write(&path, "version = 7").unwrap();
        assert!(matches!(load_trust(Some(&path)), Err(TrustFileError::Content { .. })));
        std::fs::write(&path, "version = 1").unwrap();
        assert!(load_trust(Some(&path)).unwrap().registries.is_empty());
        for (text, told) in [
            ("", "line 1, column 1: missing field `version`"),
            ("version = 1\nregistries = 7\n", "line 2, column 14: invalid type: integer `7`, expected a sequence"),
            ("version = 7", "trust file has version 7, expected 1"),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(load_trust(Some(&path)).unwrap_err().to_string(), format!("{}: {told}", path.display()));
        }
        std::fs::write(&path, vec![b' '; 5 << 20]).unwrap();
        assert!(matches!(load_trust(Some(&path)), Err(TrustFileError::TooLarge(_))));
    }
}
