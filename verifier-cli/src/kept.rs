//! What was kept as evidence against a registry before this command: told until a person has dealt with it, since a proof of misbehaviour
//! does not expire, whatever the registry shows since.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use client::Registry;
use serde::Serialize;
use statement::Origin;
use tlog::OpenedCheckpoint;
use verify::{Trust, TrustedRegistry, TwoNotes, Unconfirmed, Verdict};

use crate::failure::say;
use crate::misbehaviour;
use crate::options::StateOption;

/// Files that are told of one by one.
const MOST_TOLD: usize = 5;

/// A file of evidence.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    registry: String,
    /// None where what is kept cannot be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    weight: Weight,
    /// What is confirmed, or why nothing is.
    said: String,
}

/// What it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Weight {
    /// It speaks against the registry.
    Confirmed,
    /// It cannot be told from the file alone, or not any more.
    Undecided,
    /// Nothing speaks against the registry.
    NoContradiction,
}

/// What is kept against the registries that verdicts are about, told; none of them is asked.
pub(crate) fn warn_of<'v>(
    trust: &Trust,
    state: &StateOption,
    verdicts: impl Iterator<Item = &'v Verdict>,
) -> Vec<Kept> {
    let origins: BTreeSet<&str> =
        verdicts.filter_map(|verdict| Some(verdict.label.as_ref()?.origin.as_str())).collect();
    let named = trust.registries.iter().filter(|registry| origins.contains(registry.policy.origin.as_str()));
    let kept: Vec<_> = named.flat_map(|registry| against(registry, state)).collect();
    warn(&kept);
    kept
}

/// Warns of the first files, of what speaks against a registry before all else; the others are there as well.
pub(crate) fn warn(kept: &[Kept]) {
    let mut kept: Vec<_> = kept.iter().collect();
    kept.sort_by_key(|kept| kept.weight != Weight::Confirmed);
    let (first, more) = kept.split_at(kept.len().min(MOST_TOLD));
    first.iter().for_each(|kept| kept.warn());
    if let Some(next) = more.first() {
        say("warning", &format!("and {} more: {} and others", more.len(), next.place()));
    }
}

/// What is kept against a registry, without asking it.
pub(crate) fn against(trusted: &TrustedRegistry, state: &StateOption) -> Vec<Kept> {
    of(&state.memory().kept_before(&trusted.policy.origin), trusted, None)
}

/// Tells what is kept against a registry, and asks its log about what only that can tell. Gives the exit status: 1 where something speaks
/// against it, else 3 where something cannot be told.
pub(crate) fn told(
    kept: &Result<Vec<PathBuf>, client::MemoryError>,
    trusted: &TrustedRegistry,
    registry: Option<&Registry<'_>>,
) -> u8 {
    let kept = of(kept, trusted, registry);
    warn(&kept);
    exit_status(&kept)
}

fn exit_status(kept: &[Kept]) -> u8 {
    kept.iter().fold(0, |status, kept| crate::sync::worse(status, kept.weight.exit_status()))
}

/// [`told`] of whoever looks again and again: what was settled is not looked at again, and nothing is said twice. `before` is what each
/// file was worth the last time.
pub(crate) fn told_once(
    files: Result<Vec<PathBuf>, client::MemoryError>,
    trusted: &TrustedRegistry,
    registry: &Registry<'_>,
    before: &mut BTreeMap<String, Weight>,
) -> u8 {
    let is_open =
        |file: &PathBuf| before.get(&file.display().to_string()).is_none_or(|weight| *weight == Weight::Undecided);
    let files = files.map(|files| files.into_iter().filter(is_open).collect());
    let kept = of(&files, trusted, Some(registry));
    let status = exit_status(&kept);
    let mut is_new = |kept: &Kept| before.insert(kept.place().to_owned(), kept.weight) != Some(kept.weight);
    let new: Vec<_> = kept.into_iter().filter(|kept| is_new(kept)).collect();
    warn(&new);
    status
}

fn of(
    files: &Result<Vec<PathBuf>, client::MemoryError>,
    trusted: &TrustedRegistry,
    log: Option<&Registry<'_>>,
) -> Vec<Kept> {
    let origin = &trusted.policy.origin;
    match files {
        Ok(files) => files.iter().map(|file| Kept::weigh(file, trusted, log)).collect(),
        Err(error) => vec![Kept::new(origin, None, Weight::Undecided, error.to_string())],
    }
}

impl Kept {
    fn new(origin: &Origin, file: Option<&Path>, weight: Weight, said: String) -> Self {
        Self { registry: origin.to_string(), file: file.map(|file| file.display().to_string()), weight, said }
    }

    fn place(&self) -> &str {
        self.file.as_deref().unwrap_or("the folder of --state")
    }

    fn weigh(file: &Path, trusted: &TrustedRegistry, log: Option<&Registry<'_>>) -> Self {
        let kept = |weight, said| Self::new(&trusted.policy.origin, Some(file), weight, said);
        let text = match misbehaviour::read(file) {
            Ok(text) => text,
            Err(failure) => return kept(Weight::Undecided, failure.to_string()),
        };
        let trust = Trust { registries: vec![trusted.clone()] };
        match misbehaviour::confirm(&text, &trust) {
            Ok(confirmed) => kept(Weight::Confirmed, confirmed.0),
            Err(error @ Unconfirmed::Agrees(_)) => kept(Weight::NoContradiction, error.to_string()),
            Err(error @ Unconfirmed::Open(_)) => match log.and_then(|log| settle(&text, trusted, log)) {
                Some((weight, said)) => kept(weight, said),
                None => kept(Weight::Undecided, error.to_string()),
            },
            Err(error) => kept(Weight::Undecided, error.to_string()),
        }
    }

    pub(crate) const fn weight(&self) -> Weight {
        self.weight
    }

    /// What is kept, in a sentence.
    pub(crate) fn sentence(&self) -> String {
        let Self { registry, weight, said, .. } = self;
        let file = self.place();
        match weight {
            Weight::Confirmed => format!("evidence against {registry} is kept in {file}: {said}"),
            Weight::Undecided => format!("what was kept against {registry} in {file} is not settled: {said}"),
            Weight::NoContradiction => format!("what was kept against {registry} in {file} proves nothing: {said}"),
        }
    }

    /// What a person can do about it.
    pub(crate) fn mend(&self) -> String {
        let Some(file) = &self.file else { return "--state DIR names the folder where evidence is kept".into() };
        match self.weight {
            Weight::Confirmed => format!(
                "verifier evidence check {file} confirms it to anybody: give it to the accreditor and the press; once that is settled, move it out \
                 of its folder"
            ),
            Weight::Undecided => format!(
                "verifier evidence check {file} says what is missing; verifier audit asks the log; once it is settled, move it out of its folder"
            ),
            Weight::NoContradiction => format!("move {file} out of its folder, and it is told no more"),
        }
    }

    fn warn(&self) {
        say("warning", &self.sentence());
        say("hint", &self.mend());
    }
}

impl Weight {
    pub(crate) const fn exit_status(self) -> u8 {
        match self {
            Self::Confirmed => 1,
            Self::Undecided => 3,
            Self::NoContradiction => 0,
        }
    }
}

/// Two checkpoints of which only the log tells whether one begins with the other: it is asked. Where neither does, a file that proves it is
/// kept beside this one.
fn settle(text: &str, trusted: &TrustedRegistry, log: &Registry<'_>) -> Option<(Weight, String)> {
    let notes = TwoNotes::parse(text).ok()?;
    let open = |note: &str| verify::open_checkpoint(note.as_bytes(), trusted).ok();
    let (older, newer): (OpenedCheckpoint, OpenedCheckpoint) = (open(&notes.older)?, open(&notes.newer)?);
    match log.agree(&older, &newer) {
        Ok(()) => {
            let (old, new) = (older.size(), newer.size());
            Some((
                Weight::NoContradiction,
                format!("the log of {} begins with that of {old}, which was shown late", client::counted(new, "entry")),
            ))
        }
        Err(error @ client::Error::Inconsistent { .. }) => Some((Weight::Confirmed, error.to_string())),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_weighs_what_it_confirms_and_says_the_way_out() {
        let trust = Trust::from_toml(include_str!("../../tests/vectors/world/trust.toml")).unwrap();
        let trusted = trust.registries.first().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let state = StateOption { state: Some(folder.path().join("state")) };
        assert!(against(trusted, &state).is_empty(), "no folder is nothing kept");
        let file = state.memory().keep_evidence(&trusted.policy.origin, "no evidence").unwrap();
        let kept = against(trusted, &state);
        let [damaged] = &kept[..] else { panic!("{kept:?}") };
        assert_eq!((damaged.weight(), damaged.weight().exit_status()), (Weight::Undecided, 3));
        assert!(damaged.sentence().contains("is not settled") && damaged.mend().contains(&file.display().to_string()));
    }
}
