//! Why the database refuses.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why the views cannot be relied on. They are views: [recreate](crate::Database::recreate) them, and apply the journal again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Doubt {
    /// sled refuses.
    #[error("sled says: {0}")]
    Sled(String),
    /// sled panicked.
    #[error("sled panicked: {0}")]
    Panicked(String),
    /// sled does not answer.
    #[error("sled did not open within {0:?}")]
    Hangs(Duration),
    /// A run's entry is missing or not what was written.
    #[error("the entry of the run at place {place} is not as written")]
    Run {
        /// Place of the run.
        place: u32,
    },
    /// A block of a run is missing or not what was written.
    #[error("the blocks of run {run} are not as written")]
    Block {
        /// Number of the run.
        run: u32,
    },
}

/// Why the database refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The views cannot be relied on.
    #[error("the views in {} are in doubt: {why}", folder.display())]
    Doubtful {
        /// Their folder.
        folder: PathBuf,
        /// What is wrong.
        why: Doubt,
    },
    /// Another process has the database open.
    #[error("{} is locked: another process has this database open", file.display())]
    Locked {
        /// The lock file.
        file: PathBuf,
    },
    /// The device failed.
    #[error("{}", file.display())]
    Io {
        /// File or folder.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A change is larger than what the database takes; nothing was applied.
    #[error("{what} takes {bytes} bytes, expected at most {most}")]
    TooLarge {
        /// Key or value, with its map.
        what: String,
        /// Its size.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// A map's name holds a zero byte.
    #[error("the name of map {map:?} holds a zero byte")]
    MapName {
        /// The name.
        map: &'static str,
    },
    /// The marker would go back.
    #[error("the marker is {marker}, expected {current} or more")]
    MarkerBack {
        /// Marker asked for.
        marker: u64,
        /// Marker reached.
        current: u64,
    },
}

impl DatabaseError {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Doubtful { .. } => "database_doubtful",
            Self::Locked { .. } => "database_locked",
            Self::Io { .. } => "database_io",
            Self::TooLarge { .. } => "database_too_large",
            Self::MapName { .. } => "database_map_name",
            Self::MarkerBack { .. } => "database_marker_back",
        }
    }
}
