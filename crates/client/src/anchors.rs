//! Anchors: the hourly checkpoints that a quorum cosigned, which bound the times in the log.

use primitives::Timestamp;
use serde::Deserialize;
use tlog::OpenedCheckpoint;

use crate::{Error, Registry};

/// More hours than a registry lives.
const MOST: usize = 1_000_000;

/// A checkpoint of one hour, and when a quorum had seen it.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The hour, as the registry names it: `2026-11-30T13`.
    pub hour: String,
    /// What was signed.
    pub checkpoint: OpenedCheckpoint,
    /// When the quorum had seen it.
    pub time: Timestamp,
}

impl PartialEq for Anchor {
    fn eq(&self, other: &Self) -> bool {
        self.hour == other.hour && self.checkpoint.note().to_string() == other.checkpoint.note().to_string()
    }
}

impl Eq for Anchor {}

impl Anchor {
    /// Entries below this were received before [`Anchor::time`], those from it on after.
    pub fn size(&self) -> u64 {
        self.checkpoint.size()
    }
}

#[derive(Deserialize)]
struct Hours {
    hours: Vec<String>,
    more: bool,
}

impl Registry<'_> {
    /// The hourly checkpoints after an hour, all of them where it is empty; ascending by size. None where the trust file asks for no quorum.
    ///
    /// # Errors
    /// [`Error`]; [`Error::NoQuorum`] where the registry keeps one that too few witnesses have seen.
    pub fn anchors(&self, after: &str) -> Result<Vec<Anchor>, Error> {
        let mut anchors: Vec<Anchor> = Vec::new();
        if self.trusted().quorum.threshold() == 0 {
            return Ok(anchors);
        }
        let mut after = after.to_owned();
        loop {
            let page = self.hours(&after)?;
            for hour in page.hours.iter().filter(|hour| **hour > after) {
                anchors.extend(self.anchor(hour)?);
            }
            match page.hours.last().filter(|_| page.more && anchors.len() < MOST) {
                // Hours ascend, or this would never end.
                Some(last) if *last > after => after.clone_from(last),
                Some(_) | None => break,
            }
        }
        anchors.sort_by_key(Anchor::size);
        Ok(anchors)
    }

    /// A page of hours. A copy of the log as static files has them all in a file, where a registry takes a question; a web server says to
    /// that question whatever it says of a folder.
    fn hours(&self, after: &str) -> Result<Hours, Error> {
        match self.http().get_json(&format!("/v1/checkpoints?after={after}")) {
            Err(error @ (Error::Answer { .. } | Error::Refused(_))) => {
                let is_registry = matches!(&error, Error::Refused(refused) if !refused.is_nothing_there());
                let listed = if is_registry { None } else { self.http().get_json("/v1/checkpoints/index.json").ok() };
                listed.ok_or(error)
            }
            page => page,
        }
    }

    fn anchor(&self, hour: &str) -> Result<Option<Anchor>, Error> {
        let is_hour = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'T');
        if !hour.bytes().all(is_hour) {
            return Err(Error::Answer { url: "/v1/checkpoints".into(), why: "an hour of it is none".into() });
        }
        let note = self.http().get(&format!("/v1/checkpoints/{hour}"), "text/plain", tlog::MAX_NOTE_SIZE as u64)?;
        let checkpoint = verify::open_checkpoint(&note, self.trusted())
            .map_err(|error| Error::Evidence { origin: self.origin(), error })?;
        let quorate = self.trusted().quorum.check(&checkpoint);
        let quorate = quorate.map_err(|error| Error::NoQuorum { origin: self.origin(), error })?;
        Ok(quorate.time().map(|time| Anchor { hour: hour.to_owned(), checkpoint, time }))
    }
}
