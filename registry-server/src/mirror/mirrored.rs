//! What a mirror knows of its source: when it heard of it last, and what is wrong since.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use primitives::Timestamp;
use statement::Origin;
use tokio::sync::Notify;

use super::copies::Copies;
use crate::log_source::LogSource;
use crate::whole_file;

/// Between two writes of when the source was heard of: what a restart forgets at most.
const NOTED_EVERY_MILLIS: u64 = 60_000;

/// A mirror's knowledge beside the log.
#[derive(Debug)]
pub(crate) struct Mirrored {
    pub(crate) source: LogSource,
    pub(crate) copies: Copies,
    /// Looks at the source at once.
    pub(crate) wake: Notify,
    heard: ArcSwap<Heard>,
    file: PathBuf,
}

/// When the source was heard of.
#[derive(Debug, Clone, Default)]
struct Heard {
    /// When it last showed a checkpoint of this log that is not behind; `None` where it never did.
    last: Option<Timestamp>,
    /// The last time that is in the file.
    noted: u64,
    /// What is wrong, and since when.
    trouble: Option<(&'static str, Timestamp)>,
}

impl Mirrored {
    /// Reads when the source was last heard of.
    pub(super) fn open(source: LogSource, file: PathBuf, copies: Copies) -> std::io::Result<Self> {
        let text = whole_file::read(&file)?.and_then(|bytes| String::from_utf8(bytes).ok());
        let last = text.and_then(|text| Timestamp::parse_rfc3339(text.trim()).ok());
        let heard = Heard { last, noted: last.map_or(0, Timestamp::millis), trouble: None };
        Ok(Self { source, copies, wake: Notify::new(), heard: ArcSwap::from_pointee(heard), file })
    }

    /// Up to when the log here is known to be whole; 1970 where it never was.
    pub(crate) fn as_of(&self) -> Timestamp {
        self.heard.load().last.unwrap_or(Timestamp::from_millis(0))
    }

    /// The source showed its newest checkpoint, and it is here.
    pub(super) fn heard(&self, now: Timestamp) {
        let mut heard = Heard::clone(&self.heard.load());
        heard.trouble = None;
        heard.last = heard.last.max(Some(now));
        if now.millis() >= heard.noted.saturating_add(NOTED_EVERY_MILLIS) {
            match whole_file::replace(&self.file, now.to_string().as_bytes()) {
                Ok(()) => heard.noted = now.millis(),
                Err(error) => tracing::warn!(%error, file = %self.file.display(), "cannot be written"),
            }
        }
        self.heard.store(Arc::new(heard));
    }

    /// It did not. Gives whether that is new.
    pub(super) fn failed(&self, code: &'static str, now: Timestamp) -> bool {
        let mut heard = Heard::clone(&self.heard.load());
        let is_new = heard.trouble.is_none_or(|(before, _)| before != code);
        if is_new {
            heard.trouble = Some((code, heard.trouble.map_or(now, |(_, since)| since)));
            self.heard.store(Arc::new(heard));
        }
        is_new
    }

    /// Whether something is wrong with the source.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.heard.load().trouble.is_some()
    }

    /// A line for whoever looks at a mirror's health.
    pub(crate) fn told(&self, origin: &Origin) -> String {
        let heard = self.heard.load();
        let mut line = format!("mirror of {origin}, as {} had it ", self.source);
        match heard.last {
            Some(last) => {
                let _ = write!(line, "at {last}");
            }
            None => line.push_str("never"),
        }
        if let Some((code, since)) = heard.trouble {
            let _ = write!(line, "; it cannot be followed since {since}: {code}");
        }
        line.push('\n');
        line
    }
}
