//! `registry-server restore`: the journal of a lost machine, made again from a mirror.
//!
//! Private data and what this registry cosigned of others are in no mirror: see `log`. Hourly checkpoints are in mirrors that copied them.
//!
//! 1. What is known to have been signed is gathered: from files, from what is left of the data folder, from the witnesses.
//! 2. All entries are read into `journal.restoring`, hashed, and held against the mirror's signed checkpoint and against all that
//!    is known. *A crash leaves that folder, which the next call removes.* Where the log is behind or another, what is known is written
//!    to `signed`: from then on `serve` signs nothing that lacks it, on an empty journal neither.
//! 3. `signed` is written, an empty `journal` removed, then the folder is renamed to `journal`. *A crash between leaves a folder that `serve` refuses, and
//!    that can be restored.*
//! 4. The hourly checkpoints, which 2 held against the entries. *A crash leaves some; without the others `serve` goes on.*
//!
//! sled is made again by the first `serve`, as whenever it is lost.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use primitives::Hash;
use sequencer::{Floor, SledViews, Views};
use store::{Bytes, DatabaseOptions, FileJournal, Journal, Record};
use thiserror::Error;
use tlog::{Bundle, Frontier, OpenedCheckpoint, TILE_WIDTH, leaf_hash, width_in};
use tokio::runtime::Runtime;
use verify::TrustedRegistry;

use crate::anchors::Anchors;
use crate::bundles;
use crate::cli::Restore;
use crate::cosigned::Cosigned;
use crate::counted;
use crate::hours::{self, Place};
use crate::init::listen;
use crate::last_seen::{self, Seen, floor};
use crate::log::Data;
use crate::log_source::{self, LogSource, SourceError};
use crate::progress::Progress;
use crate::serve::{read_trust, which};
use crate::whole_file;

/// What is known to have been signed.
#[derive(Debug, Default)]
struct Known {
    seen: Vec<Seen>,
    /// Witnesses that gave no word, and why.
    silent: Vec<String>,
    /// Whether nothing newer can have been cosigned, or the machine's own record was left.
    is_bound: bool,
    /// How many more witnesses would have to answer for that.
    lacks: usize,
}

/// Why nothing is restored.
#[derive(Debug, Error)]
pub(crate) enum RestoreError {
    #[error("{0} is there already: a journal is never replaced")]
    JournalThere(String),
    #[error("{0} is no copy of a log: {1}")]
    NoSource(String, &'static str),
    #[error("nothing says what was signed last{}{silent}", Least(*.least), silent = List(.silent))]
    Unbound { least: Option<u64>, silent: Vec<String>, lacks: usize },
    #[error(
        "{from} has {}, and {by} has seen {seen}: {}",
        counted::entries(*.found), counted::missing(*.found, *.seen)
    )]
    Behind { from: String, found: u64, seen: u64, by: String },
    #[error("{from} has another log than {by} has seen at {size} entries; nothing is signed here without that one")]
    Forked { from: String, size: u64, by: String },
    #[error("the entries of {from} do not add up to its checkpoint of {size} entries: root {}, expected {}", .found.to_base64(), .expected.to_base64())]
    OtherRoot { from: String, size: u64, found: Hash, expected: Hash },
}

impl RestoreError {
    /// What a person can do about it.
    pub(crate) fn hint(&self) -> Cow<'static, str> {
        let hint = match self {
            Self::JournalThere(_) => "move it aside; keep it, until the restored one is seen to have more",
            Self::NoSource(..) => {
                "give the folder of mirror --tiles, or the URL at which a mirror or any server of the log answers"
            }
            Self::Unbound { lacks, .. } => {
                let try_again = match lacks {
                    0 => String::new(),
                    1 => "try again when one more witness answers; or ".to_owned(),
                    more => format!("try again when {more} more witnesses answer; or "),
                };
                return Cow::Owned(format!(
                    "{try_again}look for the newest copy that anybody has, and say that this is it with --newest-ok; each --seen FILE \
                     beside it is a checkpoint that must be in it"
                ));
            }
            Self::Behind { .. } => "restore from a mirror that has them",
            Self::Forked { .. } => "keep both: one key has signed two logs, which no restore can mend",
            Self::OtherRoot { .. } => "restore from another mirror: this one is damaged",
        };
        Cow::Borrowed(hint)
    }
}

/// For one witness, and its answer.
const WITNESS: Duration = Duration::from_secs(60);

/// Before what was seen is known.
const NOTHING: Floor = Floor { size: 0, root: tlog::EMPTY_ROOT };

/// What `--seen` is worth: never that it is the last.
struct Least(Option<u64>);

impl fmt::Display for Least {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(size) => write!(f, ": what was seen says that there were {size} entries, not that there were no more"),
            None => Ok(()),
        }
    }
}

struct List<'a>(&'a [String]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|reason| write!(f, "; {reason}"))
    }
}

/// Restores the journal into the data folder.
pub(crate) fn restore(arguments: &Restore, out: &mut impl Write) -> anyhow::Result<()> {
    // First what was asked for: who mistypes it should not look for another mistake.
    let source = LogSource::parse(&arguments.from);
    let note = read_newest(&source)?;
    let data = Data::new(&arguments.data);
    let trust = read_trust(&arguments.trust.clone().unwrap_or_else(|| data.trust()))?;
    let registry = which(&trust, arguments.origin.as_deref())?;
    let there = || RestoreError::JournalThere(data.journal().display().to_string());
    let begun = FileJournal::is_begun(data.journal()).with_context(|| data.journal().display().to_string())?;
    if begun.is_some() && !is_bare(&data.journal())? {
        return Err(there().into());
    }
    // 1.
    let known = known(arguments, &data, registry)?;
    if !known.is_bound && !arguments.newest_ok {
        let least = known.seen.iter().map(|seen| seen.floor.size).max();
        return Err(RestoreError::Unbound { least, silent: known.silent, lacks: known.lacks }.into());
    }
    for silent in &known.silent {
        writeln!(out, "not known: {silent}")?;
    }

    // 2.
    let checkpoint = verify::open_checkpoint(&note, registry).with_context(|| source.to_string())?;
    registry.quorum.check(&checkpoint).with_context(|| source.to_string())?;
    let hours = Hourly::read(&source, registry, checkpoint.size(), out)?;
    let seen: Vec<&Seen> = known.seen.iter().chain(&hours.seen).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    if arguments.dry_run {
        known.hold(&source, &checkpoint)?;
        copy(None, &source, &checkpoint, seen)?;
        writeln!(out, "would restore {} entries of {} from {source}", checkpoint.size(), registry.policy.origin)?;
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data.folder())?;
    // An empty one is in nobody's way: `init` makes it. Its lock is held until it is replaced, so that no server begins to write it.
    let empty = begun.map(|_| FileJournal::open(data.journal())).transpose()?;
    if empty.as_ref().is_some_and(|empty| !empty.is_empty()) {
        return Err(there().into());
    }
    let restoring = data.folder().join("journal.restoring");
    let read = known.hold(&source, &checkpoint).map_err(anyhow::Error::from).and_then(|()| {
        remove(&restoring)?;
        let journal = FileJournal::open(&restoring).with_context(|| restoring.display().to_string())?;
        copy(Some((&journal, &runtime)), &source, &checkpoint, seen)
    });
    let views = SledViews::open(data.database(), data.signed(), DatabaseOptions::default())
        .with_context(|| format!("database {}", data.database().display()))?;
    if let Err(error) = read {
        remove(&restoring)?;
        if let Some(RestoreError::Behind { .. } | RestoreError::Forked { .. }) = error.downcast_ref() {
            known.remember(&views)?;
        }
        return Err(error);
    }

    // 3.
    views.set_signed(Floor { size: checkpoint.size(), root: checkpoint.root() })?;
    views.flush()?;
    if registry.quorum.threshold() > 0 {
        whole_file::replace(&data.cosigned(), &note)?;
    }
    remove(&data.journal())?;
    fs::rename(&restoring, data.journal())?;
    drop(empty);
    fs::File::open(data.folder())?.sync_all()?;

    // 4.
    let anchors = Anchors::open(data.checkpoints()).with_context(|| data.checkpoints().display().to_string())?;
    hours.kept.iter().try_for_each(|cosigned| anchors.keep(cosigned))?;

    let (size, folder) = (checkpoint.size(), data.folder().display());
    writeln!(out, "restored {size} entries of {} from {source}", registry.policy.origin)?;
    if registry.quorum.threshold() > 0 {
        writeln!(out, "restored {} hourly checkpoints", hours.kept.len())?;
    }
    for Seen { floor, by } in &known.seen {
        writeln!(out, "nothing that {by} has seen is missing: {} entries", floor.size)?;
    }
    writeln!(
        out,
        "an entry that was taken after these, if any was, is lost: its index will be another's; submit it again"
    )?;
    // What the operator gave here, and what cannot be known here, `serve` has to be told.
    let mut more = String::new();
    if let Some(trust) = &arguments.trust {
        more.push_str(&format!(" --trust {}", trust.display()));
    }
    if let Some(origin) = &arguments.origin {
        more.push_str(&format!(" --origin {origin}"));
    }
    let is_elsewhere = !data.log_key().exists();
    if is_elsewhere {
        more.push_str(" --log-key KEY");
    }
    writeln!(out, "next: registry-server serve --data {folder}{more}{}", listen(&registry.policy.origin))?;
    if is_elsewhere {
        writeln!(
            out,
            "      KEY is where the log key is, as serve was told before: unix:PATH of its signer, the pkcs11: URI of its token, a file; \
             there is no {}",
            data.log_key().display()
        )?;
    }
    Ok(())
}

/// The newest checkpoint of the source.
fn read_newest(source: &LogSource) -> anyhow::Result<Vec<u8>> {
    let no_source = |why| RestoreError::NoSource(source.to_string(), why);
    match (source.checkpoint(), source) {
        (Err(SourceError::Missing(_)), LogSource::Folder(folder)) if !folder.exists() => {
            Err(no_source("there is no such folder").into())
        }
        (Err(SourceError::Missing(_)), LogSource::Folder(folder)) if Data::new(folder).mirrored().exists() => {
            Err(no_source("it is the data folder of mirror --data, which serves it at its URL").into())
        }
        (Err(SourceError::Missing(_)), _) => Err(no_source("it has no checkpoint").into()),
        (note, _) => Ok(note?),
    }
}

/// Gathers what is known to have been signed.
fn known(arguments: &Restore, data: &Data, registry: &TrustedRegistry) -> anyhow::Result<Known> {
    let mut known = Known::default();
    let signed = data.signed();
    if let Some(floor) = sequencer::last_signed(&signed).with_context(|| signed.display().to_string())? {
        known.seen.push(Seen { floor, by: signed.display().to_string() });
        known.is_bound = true;
    }
    let cosigned = data.cosigned();
    let left = cosigned.exists().then_some(&cosigned);
    for file in arguments.seen.iter().chain(left) {
        let place = || file.display().to_string();
        let note = log_source::read(file, tlog::MAX_NOTE_SIZE as u64)?.ok_or_else(|| SourceError::Missing(place()))?;
        let checkpoint = verify::open_checkpoint(&note, registry).with_context(place)?;
        known.seen.push(Seen { floor: floor(&checkpoint), by: place() });
    }
    let words = last_seen::by_witnesses(registry, WITNESS);
    known.seen.extend(words.seen);
    known.silent = words.silent;
    // So many have one among them that cosigned the newest checkpoint, whichever quorum it was.
    let threshold = registry.quorum.threshold();
    let enough = registry.quorum.witnesses().len() - threshold + 1;
    known.is_bound |= threshold > 0 && words.answered >= enough;
    known.lacks = if threshold > 0 { enough.saturating_sub(words.answered) } else { 0 };
    Ok(known)
}

impl Known {
    /// Holds the checkpoint's size against all that is known, before anything is read.
    fn hold(&self, source: &LogSource, checkpoint: &OpenedCheckpoint) -> Result<(), RestoreError> {
        let newest = self.seen.iter().max_by_key(|seen| seen.floor.size);
        match newest.filter(|seen| seen.floor.size > checkpoint.size()) {
            Some(Seen { floor, by }) => Err(RestoreError::Behind {
                from: source.to_string(),
                found: checkpoint.size(),
                seen: floor.size,
                by: by.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Makes the newest of it what a journal here must have.
    fn remember(&self, views: &SledViews) -> anyhow::Result<()> {
        if let Some(seen) = self.seen.iter().max_by_key(|seen| seen.floor.size) {
            views.set_signed(seen.floor)?;
            views.flush()?;
        }
        Ok(())
    }
}

/// The hourly checkpoints that a mirror has.
#[derive(Default)]
struct Hourly {
    kept: Vec<Cosigned>,
    seen: Vec<Seen>,
}

impl Hourly {
    /// Reads those of at most `size` entries. What cannot be had of them is told, and keeps nothing else from being restored.
    fn read(source: &LogSource, registry: &TrustedRegistry, size: u64, out: &mut impl Write) -> anyhow::Result<Self> {
        let (mut this, mut floors) = (Self::default(), Vec::new());
        let place = |checkpoint: &OpenedCheckpoint| {
            if checkpoint.size() > size {
                return Ok(Place::Ahead);
            }
            floors.push(floor(checkpoint));
            Ok(Place::Here)
        };
        let followed = hours::follow(source, registry, String::new(), place, |hour, cosigned| {
            this.kept.push(cosigned.clone());
            this.seen.push(Seen { floor: NOTHING, by: format!("the checkpoint of {hour}") });
            Ok(())
        });
        // One is kept for each that was placed, but for the last where it was refused.
        this.seen.iter_mut().zip(floors).for_each(|(seen, floor)| seen.floor = floor);
        if let Err(error) = followed {
            writeln!(out, "not restored: hourly checkpoints after the first {}: {error}", this.kept.len())?;
        }
        Ok(this)
    }
}

/// Reads the log and writes it, where there is a journal: a record a bundle, so that none is larger than what a bundle may be.
fn copy(
    journal: Option<(&FileJournal, &Runtime)>,
    source: &LogSource,
    checkpoint: &OpenedCheckpoint,
    mut seen: Vec<&Seen>,
) -> anyhow::Result<()> {
    let (mut tree, size) = (Frontier::new(), checkpoint.size());
    seen.sort_by_key(|seen| seen.floor.size);
    let mut seen = seen.into_iter().peekable();
    let mut other = None;
    let mut progress = Progress::new("restoring");
    bundles::in_order(source, size, 0..size.div_ceil(u64::from(TILE_WIDTH)), |index, bytes| {
        let bytes = Bytes::from(bytes);
        let bundle = Bundle::decode(&bytes, width_in(0, index, size))?;
        let entries: Vec<Bytes> = bundle.entries().iter().map(|entry| bytes.slice_ref(entry)).collect();
        let first_index = tree.size();
        for entry in &entries {
            tree.push(leaf_hash(entry));
            while let Some(due) = seen.next_if(|seen| seen.floor.size <= tree.size()) {
                let is_other = due.floor.size == tree.size() && due.floor.root != tree.root();
                other = other.or(is_other.then_some(due));
            }
        }
        let record = Record { first_index, entries, tree_size: tree.size(), root: tree.root().0 };
        if let Some((journal, runtime)) = journal {
            runtime.block_on(journal.append(index, &record))?;
        }
        progress.at(tree.size(), size);
        anyhow::Ok(())
    })?;
    drop(progress);
    if tree.root() != checkpoint.root() {
        let (from, found, expected) = (source.to_string(), tree.root(), checkpoint.root());
        return Err(RestoreError::OtherRoot { from, size, found, expected }.into());
    }
    // Only now: entries that are not what was signed say nothing about the log's key.
    if let Some(Seen { floor, by }) = other {
        return Err(RestoreError::Forked { from: source.to_string(), size: floor.size, by: by.clone() }.into());
    }
    Ok(())
}

/// Whether a journal's folder holds nothing but what an empty journal has: segments that somebody put into a folder in it, or gave
/// another name, are nobody's to remove.
fn is_bare(journal: &Path) -> std::io::Result<bool> {
    fs::read_dir(journal)?.try_fold(true, |is_bare, entry| {
        let name = entry?.file_name();
        Ok(is_bare && (name == "lock" || name == "spare"))
    })
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
