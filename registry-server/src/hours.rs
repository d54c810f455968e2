//! Hourly checkpoints, as another copy of the log serves them.
//!
//! A registry has a list at `/v1/checkpoints`, which takes a question; a folder of static files has one at
//! `/v1/checkpoints/index.json`, of all hours.

use serde::{Deserialize, Serialize};
use tlog::OpenedCheckpoint;
use verify::TrustedRegistry;

use crate::anchors;
use crate::cosigned::Cosigned;
use crate::follow_error::FollowError;
use crate::log_source::{LogSource, SourceError};

/// Where a folder of static files has its list.
pub(crate) const INDEX: &str = "v1/checkpoints/index.json";
/// Largest list read: a century of hours.
pub(crate) const LIST_BYTES: u64 = 16 << 20;

/// A list of hours, ascending.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Hours {
    pub(crate) hours: Vec<String>,
    /// Whether there are more.
    #[serde(default)]
    pub(crate) more: bool,
}

/// What an hour's checkpoint is to the log here.
pub(crate) enum Place {
    /// Of this log.
    Here,
    /// Of a size that is not here yet.
    Ahead,
}

/// Copies the hours after `after`: `place` says whether a checkpoint is of the log here, `keep` keeps it. Where the trust file asks for no
/// witnesses there are none.
///
/// # Errors
/// [`FollowError`]: the hours before were kept.
pub(crate) fn follow(
    source: &LogSource,
    registry: &TrustedRegistry,
    mut after: String,
    mut place: impl FnMut(&OpenedCheckpoint) -> Result<Place, FollowError>,
    mut keep: impl FnMut(&str, &Cosigned) -> Result<(), FollowError>,
) -> Result<(), FollowError> {
    let copy = |why: &str| FollowError::Copy {
        source_url: source.to_string(),
        what: "v1/checkpoints".into(),
        why: why.into(),
    };
    if registry.quorum.threshold() == 0 {
        return Ok(());
    }
    loop {
        let Hours { hours, more } = list(source, &after)?;
        let known = after.clone();
        for hour in hours.into_iter().filter(|hour| *hour > known) {
            if !anchors::is_hour(&hour) || hour <= after {
                return Err(copy("its hours do not ascend, or are none"));
            }
            let note = source.checkpoint_at(&format!("v1/checkpoints/{hour}"))?;
            let checkpoint = verify::open_checkpoint(&note, registry)?;
            match place(&checkpoint)? {
                Place::Here => {}
                Place::Ahead => return Ok(()),
            }
            let cosigned = Cosigned::new(&checkpoint, &registry.quorum, None)
                .filter(|cosigned| cosigned.time.is_some_and(|time| anchors::hour(time) == hour))
                .ok_or_else(|| copy("one is not of its hour, or too few witnesses signed it"))?;
            keep(&hour, &Cosigned { note: note.into(), ..cosigned })?;
            after = hour;
        }
        if !more || after == known {
            return Ok(());
        }
    }
}

fn list(source: &LogSource, after: &str) -> Result<Hours, SourceError> {
    let asked = format!("v1/checkpoints?after={after}");
    // Static files: a folder has no such name, and a server answers whatever it answers for a folder.
    let lists = [(&*asked, matches!(source, LogSource::Server { .. })), (INDEX, true)];
    for (path, _) in lists.into_iter().filter(|(_, is_there)| *is_there) {
        match source.get(path, LIST_BYTES) {
            Ok(Some(bytes)) => {
                if let Ok(hours) = serde_json::from_slice(&bytes) {
                    return Ok(hours);
                }
            }
            Ok(None) | Err(SourceError::Status { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Hours::default())
}
