//! Misbehaviour: what a registry signed and cannot both be true, or is against its own rules; anybody can confirm it without a network.
//!
//! Two signed notes are kept as text: the older, a line of `--`, the newer, and for checkpoints of two sizes a line of `--` and, a line each in
//! base64, the root that the newer tree gives for the older size and the consistency proof of that (RFC 9162 §2.1.4). Of a snapshot that a
//! replay contradicts, `replayed` and the digest that the replay gave stand in the newer one's place. An entry is kept as JSON with all that its
//! refusal rests on.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::{Hash, Timestamp};
use registry::{Effect, Folded, Ignored, State};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tlog::{Note, OpenedCheckpoint, verify_consistency};

use crate::{BundleEntry, BundleError, Trust, TrustedRegistry, open_checkpoint, open_head};

/// How far two honest clocks may lie apart: a registry's and those of a quorum of witnesses (design §5).
pub const CLOCK_TOLERANCE_MILLIS: u64 = 5 * 60 * 1000;

/// A line between two notes.
const SEPARATOR: &str = "--\n";

/// Two signed notes of one registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwoNotes {
    /// Of the smaller tree.
    pub older: String,
    /// Of the larger one.
    pub newer: String,
    /// What the newer tree has in the older one's place, where the sizes differ.
    pub other_root: Option<OtherRoot>,
}

/// The root of the first leaves of a larger tree, and why it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRoot {
    /// Root of as many leaves as the older tree has.
    pub root: Hash,
    /// The consistency proof from it to the newer tree.
    pub proof: Vec<Hash>,
}

/// An entry that is in the log and should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BadEntry {
    /// [`BadEntry::FORMAT`].
    pub format: String,
    /// The signed checkpoint that proves the entries.
    pub checkpoint: String,
    /// The rule that it breaks: [`Ignored::code`], the law's [`registry::Refusal::code`], `out_of_scope`, `received_at_set_back` or
    /// `received_at_not_anchored`.
    pub rule: String,
    /// For `received_at_not_anchored`: the quorum-cosigned checkpoint that the time is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The entries that the rule looks at, ascending; the last is the bad one.
    pub entries: Vec<BundleEntry>,
}

/// What is confirmed, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed(pub String);

/// Why evidence confirms nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unconfirmed {
    /// It cannot be read.
    #[error("not evidence of a known form: {0}")]
    Form(String),
    /// The trust file does not name the registry.
    #[error("the trust file names no registry {0}")]
    NoRegistry(String),
    /// What should speak against the registry is not signed by it.
    #[error("not signed by the registry, so that it says nothing about it: {0}")]
    NotSigned(String),
    /// Both can be true.
    #[error("no contradiction: {0}")]
    Agrees(String),
    /// More is needed to tell.
    #[error("cannot be told from this alone: {0}")]
    Open(String),
}

impl Unconfirmed {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "not_evidence",
            Self::NoRegistry(_) => "no_trust",
            Self::NotSigned(_) => "not_signed",
            Self::Agrees(_) => "no_contradiction",
            Self::Open(_) => "cannot_tell",
        }
    }
}

impl TwoNotes {
    /// Two checkpoints, and what the newer has in the older one's place. That may be anything: what does not hold is left out.
    pub fn of(older: &OpenedCheckpoint, newer: &OpenedCheckpoint, other: Option<OtherRoot>) -> Self {
        let holds = |other: &OtherRoot| {
            verify_consistency(older.size(), newer.size(), &other.root, &newer.root(), &other.proof).is_ok()
        };
        let (old, new) = (older.note().to_string(), newer.note().to_string());
        Self { older: old, newer: new, other_root: other.filter(holds) }
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`Unconfirmed::Form`].
    pub fn parse(text: &str) -> Result<Self, Unconfirmed> {
        let form = |why: &str| Unconfirmed::Form(why.into());
        let (older, Some(rest)) = first_note(text) else {
            return Err(form("two signed notes are expected, with a line of -- between them"));
        };
        let (newer, proof) = first_note(rest);
        let hash = |line: &str| Hash::from_base64(line).ok_or_else(|| form("a line of the proof is no hash in base64"));
        let other_root = match proof {
            None => None,
            Some(lines) => {
                let mut hashes = lines.lines().map(hash).collect::<Result<Vec<_>, _>>()?.into_iter();
                let root = hashes.next().ok_or_else(|| form("the proof is empty"))?;
                Some(OtherRoot { root, proof: hashes.collect() })
            }
        };
        let newer = if newer.ends_with('\n') { newer.into() } else { format!("{newer}\n") };
        Ok(Self { older: older.into(), newer, other_root })
    }

    /// Confirms that the two cannot both be true.
    ///
    /// # Errors
    /// [`Unconfirmed`].
    pub fn confirm(&self, trust: &Trust) -> Result<Confirmed, Unconfirmed> {
        if self.older.starts_with(registry::SNAPSHOT_VERSION) {
            return self.confirm_snapshots(trust);
        }
        let registry = registry_of(trust, self.older.lines().next().unwrap_or_default())?;
        let [older, newer] = [&self.older, &self.newer].map(|note| open(note, registry));
        let (older, newer) = (older?, newer?);
        let (old, new) = (older.size(), newer.size());
        if old == new {
            return if older.root() == newer.root() {
                Err(Unconfirmed::Agrees(format!("both are of {old} entries and the same root")))
            } else {
                Ok(Confirmed(format!(
                    "{} signed two trees of {old} entries: roots {} and {}",
                    newer.origin(),
                    older.root().to_base64(),
                    newer.root().to_base64()
                )))
            };
        }
        let Some(other) = &self.other_root else {
            return Err(Unconfirmed::Open(format!(
                "trees of {old} and {new} entries: only the log shows whether one begins with the other; verifier compare-checkpoints asks it"
            )));
        };
        verify_consistency(old, new, &other.root, &newer.root(), &other.proof)
            .map_err(|error| Unconfirmed::Open(format!("the proof in it does not hold: {error}")))?;
        if other.root == older.root() {
            return Err(Unconfirmed::Agrees(format!("the tree of {new} entries begins with that of {old}")));
        }
        Ok(Confirmed(format!(
            "{} signed a tree of {old} entries with the root {}, and then one of {new} whose first {old} have the root {}",
            newer.origin(),
            older.root().to_base64(),
            other.root.to_base64()
        )))
    }

    fn confirm_snapshots(&self, trust: &Trust) -> Result<Confirmed, Unconfirmed> {
        let registry = registry_of(trust, self.older.lines().nth(1).unwrap_or_default())?;
        let head = |note: &str| open_head(note.as_bytes(), registry).map_err(|error| not_signed(&error));
        let older = head(&self.older)?;
        if let Some(replayed) = self.newer.strip_prefix("replayed ") {
            let (size, digest) = (older.checkpoint().size(), Hash::from_base64(replayed.trim_end()));
            let digest = digest.ok_or_else(|| Unconfirmed::Form("what was replayed is no hash in base64".into()))?;
            return Err(Unconfirmed::Open(format!(
                "{} signed a snapshot of {size} entries with the digest {}, and a replay gave {digest}: verifier audit replays the log",
                older.checkpoint().origin(),
                older.index_digest()
            )));
        }
        let newer = head(&self.newer)?;
        let (one, other) = (older.checkpoint(), newer.checkpoint());
        if one.size() != other.size() {
            return Err(Unconfirmed::Agrees(format!("snapshots of {} and {} entries", one.size(), other.size())));
        }
        if older.index_digest() == newer.index_digest() {
            return Err(Unconfirmed::Agrees(format!("both are the same snapshot of {} entries", one.size())));
        }
        Ok(Confirmed(format!(
            "{} signed two snapshots of its log of {} entries: {} and {}",
            one.origin(),
            one.size(),
            older.index_digest(),
            newer.index_digest()
        )))
    }
}

/// The text form.
impl core::fmt::Display for TwoNotes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}{SEPARATOR}{}", self.older, self.newer)?;
        let Some(OtherRoot { root, proof }) = &self.other_root else { return Ok(()) };
        writeln!(f, "{SEPARATOR}{}", root.to_base64())?;
        proof.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))
    }
}

impl BadEntry {
    /// What the file says that it is.
    pub const FORMAT: &str = "ethical-label-bad-entry/v1";

    /// Confirms that the entry is in the log, and breaks the rule.
    ///
    /// # Errors
    /// [`Unconfirmed`].
    pub fn confirm(&self, trust: &Trust) -> Result<Confirmed, Unconfirmed> {
        if self.format != Self::FORMAT {
            return Err(Unconfirmed::Form(format!("format is not {}", Self::FORMAT)));
        }
        let registry = registry_of(trust, self.checkpoint.lines().next().unwrap_or_default())?;
        let checkpoint = open(&self.checkpoint, registry)?;
        let entries = self.included(&checkpoint)?;
        let Some((index, bad)) = entries.last() else {
            return Err(Unconfirmed::Form("it holds no entry".into()));
        };
        let origin = checkpoint.origin();
        let said = match self.rule.as_str() {
            "received_at_set_back" => set_back(&entries)?,
            "received_at_not_anchored" => self.not_anchored(*index, bad, registry)?,
            rule => against_rule(&entries, rule, registry)?,
        };
        Ok(Confirmed(format!("entry {index} of {origin} {said}")))
    }

    /// The entries, each of them in the log.
    fn included(&self, checkpoint: &OpenedCheckpoint) -> Result<Vec<(u64, Vec<u8>)>, Unconfirmed> {
        if !self.entries.is_sorted_by(|a, b| a.index < b.index) {
            return Err(Unconfirmed::Form("its entries are not in ascending order".into()));
        }
        let entry = |bundled: &BundleEntry| {
            let entry = bundled.included(checkpoint).map_err(|error| {
                let is_form = matches!(error, BundleError::Base64(_));
                if is_form { Unconfirmed::Form(error.to_string()) } else { not_signed(&error) }
            })?;
            Ok((bundled.index, entry))
        };
        self.entries.iter().map(entry).collect()
    }

    fn not_anchored(&self, index: u64, entry: &[u8], registry: &TrustedRegistry) -> Result<String, Unconfirmed> {
        let anchor = self.anchor.as_deref().ok_or_else(|| Unconfirmed::Form("it names no anchor".into()))?;
        let anchor = open(anchor, registry)?;
        let quorate = registry.quorum.check(&anchor).map_err(|error| not_signed(&error))?;
        let time = quorate.time().ok_or_else(|| Unconfirmed::Open("no witness says when".into()))?;
        let received = received_at(entry)?;
        match misplaced(index, received, anchor.size(), time) {
            Some(why) => Ok(why),
            None => Err(Unconfirmed::Agrees(format!("received {received}, witnessed {time}"))),
        }
    }
}

/// Why a time of receipt cannot be true, by a checkpoint of `size` entries that a quorum had seen at `time`; `None` where it can.
pub fn misplaced(index: u64, received: Timestamp, size: u64, time: Timestamp) -> Option<String> {
    let (received_ms, time_ms) = (received.millis(), time.millis());
    if index < size && received_ms > time_ms.saturating_add(CLOCK_TOLERANCE_MILLIS) {
        return Some(format!("says it was received {received}, and witnesses had seen it by {time}"));
    }
    if index >= size && received_ms.saturating_add(CLOCK_TOLERANCE_MILLIS) < time_ms {
        return Some(format!("says it was received {received}, and witnesses had not seen it at {time}"));
    }
    None
}

fn set_back(entries: &[(u64, Vec<u8>)]) -> Result<String, Unconfirmed> {
    let [(first, before), (second, after)] = entries else {
        return Err(Unconfirmed::Form("two entries are expected".into()));
    };
    let (before, after) = (received_at(before)?, received_at(after)?);
    if second.checked_sub(*first).is_some() && after < before {
        Ok(format!("says it was received {after}, and entry {first} ahead of it {before}"))
    } else {
        Err(Unconfirmed::Agrees(format!("received {before}, then {after}")))
    }
}

fn received_at(entry: &[u8]) -> Result<Timestamp, Unconfirmed> {
    registry::received_at(entry).ok_or_else(|| Unconfirmed::Form("an entry is of no known format".into()))
}

/// Folds the entries, and sees whether the last is refused for this rule.
fn against_rule(entries: &[(u64, Vec<u8>)], rule: &str, registry: &TrustedRegistry) -> Result<String, Unconfirmed> {
    let mut state = State::new(registry.policy.clone());
    let mut last = None;
    for (index, entry) in entries {
        let folded = state.fold_at(*index, entry);
        last = broken(&state, *index, &folded);
    }
    match last {
        Some((code, _)) if ABSENCE.contains(&code) => Err(Unconfirmed::Open(format!(
            "{code}: that nobody ever listed the issuer or its key shows in the whole log alone; verifier audit"
        ))),
        Some((code, why)) if code == rule => Ok(format!("is one that the rules refuse ({code}): {why}")),
        Some((code, _)) => Err(Unconfirmed::Agrees(format!("it is refused as {code}, not as {rule}"))),
        None if ELSEWHERE.contains(&rule) => {
            Err(Unconfirmed::Open(format!("{rule}: what it is held against is the whole log; verifier audit")))
        }
        None => Err(Unconfirmed::Agrees("the rules take the entry".into())),
    }
}

/// Codes that say that something is not in the log: no part of a log shows that.
const ABSENCE: [&str; 4] = ["unknown_issuer", "unknown_key", "unknown_target", "unknown_party"];

/// Codes whose reason lies in entries that the law does not name.
const ELSEWHERE: [&str; 4] = ["status_index_taken", "key_of_another", "other_status_root", STATUS_ROOT_OVERDUE];

/// The registry let more than 5 minutes pass without binding the status of everything into its log.
const STATUS_ROOT_OVERDUE: &str = "status_root_overdue";

/// The rule that an entry breaks, by what became of it: its code, and why. `state` is that after the entry.
pub fn broken(state: &State, index: u64, folded: &Folded) -> Option<(&'static str, String)> {
    if state.first_status_root_overdue() == Some(index) {
        return Some((STATUS_ROOT_OVERDUE, "received more than 5 minutes after the status root before it".into()));
    }
    match folded {
        Folded::Applied(Effect::Attested { faults }) if !faults.is_empty() => {
            let names: Vec<_> = faults.names().collect();
            Some(("out_of_scope", format!("beyond the certifier's {}", names.join(", "))))
        }
        Folded::Ignored(Ignored::Refused(refusal) | Ignored::UnknownIssuer(refusal)) => {
            Some((refusal.code(), refusal.to_string()))
        }
        Folded::Ignored(Ignored::Malformed(error)) => Some(("malformed", error.to_string())),
        Folded::Ignored(Ignored::BadSignature) => Some(("bad_signature", "its signature does not verify".into())),
        Folded::Ignored(Ignored::UnknownFormat) => Some(("unknown_format", "it is no entry of a known format".into())),
        Folded::Ignored(Ignored::UnknownKind) => Some(("unknown_kind", "it is a statement of no known kind".into())),
        // That this program is older than the log is not the log's fault.
        Folded::Applied(_) | Folded::Rooted(_) | Folded::Ignored(Ignored::UnsupportedRules | Ignored::OutOfOrder) => {
            None
        }
    }
}

/// The note that a text begins with, and what follows the line of -- after it. A log decides what stands in its notes: a line of --
/// within one ends none.
fn first_note(text: &str) -> (&str, Option<&str>) {
    let ends = text.match_indices("\n--\n").map(|(at, separator)| (at + 1, at + separator.len()));
    let mut parts = ends.filter_map(|(end, next)| Some((text.get(..end)?, text.get(next..)?)));
    let first = parts.find(|(note, _)| Note::parse(note.as_bytes()).is_ok());
    first.map_or((text, None), |(note, rest)| (note, Some(rest)))
}

fn registry_of<'t>(trust: &'t Trust, origin: &str) -> Result<&'t TrustedRegistry, Unconfirmed> {
    let named = trust.registries.iter().find(|registry| registry.policy.origin.as_str() == origin);
    named.ok_or_else(|| Unconfirmed::NoRegistry(origin.chars().take(64).collect()))
}

fn open(note: &str, registry: &TrustedRegistry) -> Result<OpenedCheckpoint, Unconfirmed> {
    open_checkpoint(note.as_bytes(), registry).map_err(|error| not_signed(&error))
}

fn not_signed(error: &dyn core::fmt::Display) -> Unconfirmed {
    Unconfirmed::NotSigned(error.to_string())
}
