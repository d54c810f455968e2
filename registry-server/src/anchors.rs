//! One cosigned checkpoint an hour, kept for ever: what bounds the times in the log.
//!
//! ```text
//! <data>/checkpoints/2026-11-30T13    the first checkpoint that a quorum cosigned in that hour (UTC), with its cosignatures
//! ```
//!
//! An entry below the size of such a checkpoint was received before the quorum's time, and one at or past it after, give or take what two
//! honest clocks lie apart: whoever reads the whole log holds received-at against them. A log that is quiet is cosigned anew, so
//! that nothing can be slipped into its silence. They can not be made again: no witness cosigns for a time that is over.

use std::collections::BTreeSet;
use std::io;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use primitives::Timestamp;

use crate::cosigned::Cosigned;
use crate::whole_file;

/// Characters of an hour: `2026-11-30T13`.
const HOUR: usize = 13;

/// The hours of which there is a checkpoint.
#[derive(Debug)]
pub(crate) struct Anchors {
    folder: PathBuf,
    hours: RwLock<BTreeSet<String>>,
}

impl Anchors {
    /// What is kept in this folder.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let mut hours = BTreeSet::new();
        for entry in std::fs::read_dir(&folder)? {
            if let Ok(name) = entry?.file_name().into_string()
                && is_hour(&name)
            {
                hours.insert(name);
            }
        }
        Ok(Self { folder, hours: RwLock::new(hours) })
    }

    /// Keeps it, if it is the first of its hour, durably. One without a quorum's time bounds nothing.
    pub(crate) fn keep(&self, cosigned: &Cosigned) -> io::Result<()> {
        let Some(hour) = cosigned.time.map(hour) else { return Ok(()) };
        let has =
            |hours: &RwLock<BTreeSet<String>>| hours.read().unwrap_or_else(PoisonError::into_inner).contains(&hour);
        // An hour that is there is never written over: it may have been read, and is cached for ever.
        if has(&self.hours) {
            return Ok(());
        }
        whole_file::replace(&self.folder.join(&hour), &cosigned.note)?;
        self.hours.write().unwrap_or_else(PoisonError::into_inner).insert(hour);
        Ok(())
    }

    /// The last hour; `None` where there is none.
    pub(crate) fn last(&self) -> Option<String> {
        self.hours.read().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    /// Hours after this one, ascending, at most `most`.
    pub(crate) fn after(&self, hour: &str, most: usize) -> Vec<String> {
        let hours = self.hours.read().unwrap_or_else(PoisonError::into_inner);
        hours.range::<str, _>((Bound::Excluded(hour), Bound::Unbounded)).take(most).cloned().collect()
    }

    /// The checkpoint of an hour.
    pub(crate) fn of(&self, hour: &str) -> io::Result<Option<Vec<u8>>> {
        let is_kept = self.hours.read().unwrap_or_else(PoisonError::into_inner).contains(hour);
        if is_kept { whole_file::read(&self.folder.join(hour)) } else { Ok(None) }
    }
}

/// The hour of a time.
pub(crate) fn hour(time: Timestamp) -> String {
    time.to_string().chars().take(HOUR).collect()
}

/// Whether a name is an hour's.
pub(crate) fn is_hour(name: &str) -> bool {
    name.len() == HOUR && Timestamp::parse_rfc3339(&format!("{name}:00:00Z")).is_ok_and(|time| hour(time) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosigned(note: &'static str, time: &str) -> Cosigned {
        let time = Some(Timestamp::parse_rfc3339(time).unwrap());
        Cosigned { note: note.into(), size: 1, time, cosigners: vec![], published: None }
    }

    #[test]
    fn the_first_of_an_hour_is_kept_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let anchors = Anchors::open(folder.path().join("checkpoints")).unwrap();
        for (note, time) in [
            ("one", "2026-11-30T13:00:01Z"),
            ("two", "2026-11-30T13:59:59Z"),
            ("three", "2026-11-30T14:00:00Z"),
            ("four", "2026-12-01T00:00:00Z"),
        ] {
            anchors.keep(&cosigned(note, time)).unwrap();
        }
        anchors.keep(&Cosigned { time: None, ..cosigned("no quorum", "2026-12-02T00:00:00Z") }).unwrap();
        std::fs::write(folder.path().join("checkpoints/2026-11-30T15.new"), "torn").unwrap();
        let again = Anchors::open(folder.path().join("checkpoints")).unwrap();
        for anchors in [anchors, again] {
            assert_eq!(anchors.after("", 10), ["2026-11-30T13", "2026-11-30T14", "2026-12-01T00"]);
            assert_eq!(anchors.after("2026-11-30T13", 1), ["2026-11-30T14"]);
            assert_eq!(anchors.of("2026-11-30T13").unwrap().unwrap(), b"one");
            for other in ["2026-11-30T15", "2026-11-30T15.new", "../cosigned", ""] {
                assert_eq!(anchors.of(other).unwrap(), None, "{other}");
            }
        }
    }

    #[test]
    fn an_hour_has_one_spelling() {
        assert!(is_hour("2026-11-30T13"));
        for other in
            ["2026-11-30T24", "2026-11-31T00", "2026-11-30t13", "2026-11-30 13", "2026-11-30T1", "é026-11-30T1"]
        {
            assert!(!is_hour(other), "{other}");
        }
    }
}
