//! Where a log that is not this process's own is read from: a folder of static files, or any server of c2sp.org/tlog-tiles.
//!
//! Nothing that is read here is believed: whoever asks hashes it and holds it against a signed checkpoint.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use tlog::{Bundle, BundleError, MAX_ENTRY_SIZE, MAX_NOTE_SIZE, TILE_WIDTH, TileKind, TilePath, width_in};

/// Time to connect.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for one request and its answer in all: a bundle can have 16 MiB.
const WHOLE: Duration = Duration::from_secs(60);
/// Largest entry bundle: 256 entries, each after the two bytes of its length.
const BUNDLE_BYTES: u64 = TILE_WIDTH as u64 * (MAX_ENTRY_SIZE as u64 + 2);

/// Bytes of a full hash tile.
const TILE_BYTES: u64 = TILE_WIDTH as u64 * 32;

/// A folder or a URL prefix, with `checkpoint` and `tile/…` below it.
#[derive(Debug, Clone)]
pub(crate) enum LogSource {
    Folder(PathBuf),
    Server { agent: ureq::Agent, url: String },
}

/// Why something could not be had.
#[derive(Debug, Error)]
pub(crate) enum SourceError {
    #[error("{url} cannot be reached: {why}")]
    Network { url: String, why: String },
    #[error("{url} answers {status}")]
    Status { url: String, status: u16 },
    #[error("{file}")]
    Io { file: String, source: io::Error },
    #[error("{0} is not there")]
    Missing(String),
    #[error("{place} has more than {limit} bytes")]
    TooLarge { place: String, limit: u64 },
    #[error("{place} is no entry bundle: {source}")]
    Bundle { place: String, source: BundleError },
}

impl SourceError {
    /// A stable name for programs.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Network { .. } => "network",
            Self::Status { .. } => "other_status",
            Self::Io { .. } => "source_io",
            Self::Missing(_) => "missing",
            Self::TooLarge { .. } => "too_large",
            Self::Bundle { source, .. } => source.code(),
        }
    }
}

impl LogSource {
    /// A URL where the text begins with `http://` or `https://`, else a folder.
    pub(crate) fn parse(text: &str) -> Self {
        if text.starts_with("http://") || text.starts_with("https://") {
            let config = ureq::Agent::config_builder()
                .timeout_connect(Some(CONNECT))
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .user_agent("ethical-label-registry/1")
                .build();
            return Self::Server { agent: config.into(), url: text.trim_end_matches('/').to_owned() };
        }
        Self::Folder(text.into())
    }

    /// The newest checkpoint that is served, as a note nobody has opened.
    pub(crate) fn checkpoint(&self) -> Result<Vec<u8>, SourceError> {
        self.checkpoint_at("checkpoint")
    }

    /// A checkpoint at another path.
    pub(crate) fn checkpoint_at(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.get(path, MAX_NOTE_SIZE as u64)?.ok_or_else(|| SourceError::Missing(self.place(path)))
    }

    /// The bytes of an entry bundle, exactly as wide as a log of `size` entries has it. A partial one that is gone is looked for as
    /// the full one.
    pub(crate) fn bundle(&self, index: u64, size: u64) -> Result<Vec<u8>, SourceError> {
        let width = width_in(0, index, size);
        let path = TilePath::new(TileKind::Entries, index, width);
        let path = path.map_err(|error| SourceError::Missing(format!("entry bundle {index} ({error})")))?;
        let is_bundle = |error| SourceError::Bundle { place: self.place(&path.to_string()), source: error };
        if let Some(bytes) = self.get(&path.to_string(), BUNDLE_BYTES)? {
            Bundle::decode(&bytes, width).map_err(is_bundle)?;
            return Ok(bytes);
        }
        let full = path.to_full().to_string();
        let bytes =
            self.get(&full, BUNDLE_BYTES)?.ok_or_else(|| SourceError::Missing(self.place(&path.to_string())))?;
        Ok(Bundle::prefix(&bytes, width).map_err(is_bundle)?.to_vec())
    }

    /// A hash tile as a log of some size has it, or the full one in its place.
    pub(crate) fn tile(&self, path: &TilePath) -> Result<(Vec<u8>, u16), SourceError> {
        if let Some(bytes) = self.get(&path.to_string(), TILE_BYTES)? {
            return Ok((bytes, path.width()));
        }
        let full = self.get(&path.to_full().to_string(), TILE_BYTES)?;
        full.map(|bytes| (bytes, TILE_WIDTH)).ok_or_else(|| SourceError::Missing(self.place(&path.to_string())))
    }

    /// What is at a path, at most `limit` bytes; `None` where nothing is.
    pub(crate) fn get(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
        self.get_within(path, limit, WHOLE)
    }

    /// The same, where a server has only so long.
    pub(crate) fn get_within(&self, path: &str, limit: u64, time: Duration) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Folder(folder) => read(&folder.join(path), limit),
            Self::Server { agent, url } => fetch(agent, &format!("{url}/{path}"), limit, time),
        }
    }

    fn place(&self, path: &str) -> String {
        format!("{self}/{path}")
    }
}

impl fmt::Display for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Server { url, .. } => f.write_str(url),
        }
    }
}

/// A file of at most `limit` bytes; `None` where there is none.
pub(crate) fn read(file: &Path, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
    let place = || file.display().to_string();
    let mut bytes = Vec::new();
    let done = File::open(file).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match done {
        Ok(_) if bytes.len() as u64 > limit => Err(SourceError::TooLarge { place: place(), limit }),
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SourceError::Io { file: place(), source }),
    }
}

fn fetch(agent: &ureq::Agent, url: &str, limit: u64, time: Duration) -> Result<Option<Vec<u8>>, SourceError> {
    let network = |error: ureq::Error| SourceError::Network { url: url.to_owned(), why: error.to_string() };
    let mut answer = agent.get(url).config().timeout_global(Some(time)).build().call().map_err(network)?;
    match answer.status().as_u16() {
        200 => {}
        404 | 410 => return Ok(None),
        status => return Err(SourceError::Status { url: url.to_owned(), status }),
    }
    // One byte more than the limit tells an answer of exactly that size from an endless one.
    match answer.body_mut().with_config().limit(limit + 1).read_to_vec() {
        Ok(body) if body.len() as u64 <= limit => Ok(Some(body)),
        Ok(_) | Err(ureq::Error::BodyExceedsLimit(_)) => Err(SourceError::TooLarge { place: url.to_owned(), limit }),
        Err(error) => Err(network(error)),
    }
}
