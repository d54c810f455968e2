//! A log as static files that any web server can serve (c2sp.org/tlog-tiles), and how it follows another copy of the log.
//!
//! ```text
//! <folder>/checkpoint                        the newest one, as it came: the log's signature, and the witnesses'
//! <folder>/tile/<level>/<index>[.p/<width>]  hashes, 32 bytes each
//! <folder>/tile/entries/<index>[.p/<width>]  entries, each after its length
//! <folder>/v1/checkpoints/<hour>             where the trust file asks for witnesses: one checkpoint an hour, as it came
//! <folder>/v1/checkpoints/index.json         the hours
//! <folder>/contradiction-<digest>            what the log's key signed and cannot both be true (crate `verify`, `misbehaviour`)
//! <folder>/refused-checkpoint                a checkpoint that is not of this log, where the tiles do not prove that: `verifier
//!                                            compare-checkpoints` asks the log
//! ```
//!
//! A static server cannot cut a tile to size, so the partial tiles of every checkpoint that was here stay until the full one is
//! there, as the specification asks. Each round writes:
//!
//! 1. Full bundles and tiles. They lie beyond the checkpoint. *A crash leaves files that nobody is led to; the next round writes
//!    them again.* Where the entries do not add up to the signed root, they are removed.
//! 2. Once all was hashed and adds up: partial bundles and tiles. *As 1.*
//! 3. The checkpoint. *A crash leaves the whole of the old log or the whole of the new.*
//! 4. Partial tiles that have become full are removed. *A crash leaves a few that take room.*

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use primitives::Hash;
use tlog::{
    Bundle, Frontier, MAX_TILE_LEVEL, OpenedCheckpoint, TILE_WIDTH, Tile, TileHashes, TileKind, TilePath, TileReader,
    consistency_proof, leaf_hash, width_in,
};
use verify::{OtherRoot, Trust, TrustedRegistry, TwoNotes};

use crate::bundles;
use crate::follow_error::FollowError;
use crate::hours::{self, Hours, Place};
use crate::log_source::{self, LogSource, SourceError};
use crate::mirror::Proofs;
use crate::progress::Progress;
use crate::whole_file;
use crate::witness::contradiction;

const WIDTH: u64 = TILE_WIDTH as u64;
const TILE_BYTES: u64 = WIDTH * 32;

/// A folder of static files that this value alone writes.
#[derive(Debug)]
pub(crate) struct TileFolder {
    folder: PathBuf,
    newest: Option<OpenedCheckpoint>,
    /// Holds the lock for as long as it is open.
    _lock: fs::File,
}

impl TileFolder {
    /// Opens the folder, making it where there is none, and checks that what lies there is the tree of its checkpoint.
    ///
    /// # Errors
    /// [`FollowError::Locked`], [`FollowError::Damaged`], [`FollowError::Io`].
    pub(crate) fn open(folder: &Path, registry: &TrustedRegistry) -> Result<Self, FollowError> {
        let failed = |source| FollowError::Io { file: folder.display().to_string(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = folder.join(".lock");
        let lock_file = fs::File::create(&lock).map_err(failed)?;
        match lock_file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(FollowError::Locked(lock.display().to_string())),
            Err(fs::TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut this = Self { folder: folder.to_owned(), newest: None, _lock: lock_file };
        let file = this.folder.join("checkpoint");
        let Some(note) = this.read(&file, tlog::MAX_NOTE_SIZE as u64)? else { return Ok(this) };
        let newest = verify::open_checkpoint(&note, registry).map_err(|error| this.damaged(&error))?;
        let root = this.frontier(newest.size(), newest.size()).map(|frontier| frontier.root())?;
        if root != newest.root() {
            return Err(this.damaged(&"its tiles do not add up to its checkpoint"));
        }
        this.newest = Some(newest);
        Ok(this)
    }

    /// Entries that are here.
    pub(crate) fn size(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.size())
    }

    /// Takes over what another copy of the log has beyond this one, all of it hashed and held against its checkpoint.
    /// Gives whether anything was new.
    ///
    /// # Errors
    /// [`FollowError`]; the folder is then as it was, [`FollowError::Contradiction`] has left the evidence in it, and [`FollowError::Forked`]
    /// the other checkpoint.
    pub(crate) fn follow(&mut self, source: &LogSource, registry: &TrustedRegistry) -> Result<bool, FollowError> {
        let note = source.checkpoint()?;
        let checkpoint = verify::open_checkpoint(&note, registry)?;
        if let Some(newest) = &self.newest
            && checkpoint.size() <= newest.size()
        {
            if self.frontier(checkpoint.size(), newest.size())?.root() != checkpoint.root() {
                return Err(self.forked(&checkpoint, &note, source, registry));
            }
            if checkpoint.size() < newest.size() {
                return Err(FollowError::Behind { found: checkpoint.size(), here: newest.size() });
            }
        }
        registry.quorum.check(&checkpoint)?;
        let mut written = Vec::new();
        if let Err(error) = self.grow(source, &checkpoint, &mut written) {
            // No one was led to them, and what a liar served must not lie where a later tile will.
            for path in written {
                drop(fs::remove_file(self.folder.join(path)));
            }
            if let FollowError::Forked { .. } = error {
                return Err(self.forked(&checkpoint, &note, source, registry));
            }
            // The log may part from ours ahead of what was read anew.
            if let FollowError::OtherRoot { .. } = error
                && self.size() >= WIDTH
                && adds_up(source, &checkpoint)?
            {
                return Err(self.forked(&checkpoint, &note, source, registry));
            }
            return Err(error);
        }
        // As it came: the bytes of the note are what others compare.
        let is_new = self.newest.as_ref().is_none_or(|newest| newest.note().to_string().as_bytes() != note);
        if is_new {
            self.write("checkpoint", &note)?;
            self.newest = Some(checkpoint);
        }
        for full in written {
            // A narrower one serves nobody any more: who asks for it falls back to the full one.
            drop(fs::remove_dir_all(self.folder.join(format!("{full}.p"))));
        }
        Ok(is_new)
    }

    /// Copies the hourly checkpoints that are of the log here, each held against its tiles. A round of its own: the log does not wait. Gives the last hour.
    ///
    /// # Errors
    /// [`FollowError`]: the hours before were kept.
    pub(crate) fn follow_hours(&self, source: &LogSource, registry: &TrustedRegistry) -> Result<String, FollowError> {
        let kept = self.read(&self.folder.join(hours::INDEX), hours::LIST_BYTES)?;
        // A list that is damaged is made again.
        let kept = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let Hours { hours: mut kept, .. } = kept;
        let (known, after) = (kept.len(), kept.last().cloned().unwrap_or_default());
        let mut last = after.clone();
        let place = |checkpoint: &OpenedCheckpoint| {
            if checkpoint.size() > self.size() {
                return Ok(Place::Ahead);
            }
            if self.frontier(checkpoint.size(), self.size())?.root() == checkpoint.root() {
                return Ok(Place::Here);
            }
            Err(self.forked(checkpoint, checkpoint.note().to_string().as_bytes(), source, registry))
        };
        let followed = hours::follow(source, registry, after, place, |hour, cosigned| {
            self.write(&format!("v1/checkpoints/{hour}"), &cosigned.note)?;
            kept.push(hour.to_owned());
            hour.clone_into(&mut last);
            Ok(())
        });
        // The list last: it leads nobody to what is not there.
        let is_asked_for = registry.quorum.threshold() > 0;
        if kept.len() > known || (is_asked_for && !self.folder.join(hours::INDEX).exists()) {
            let list = serde_json::to_vec(&Hours { hours: kept, more: false }).expect("it is a list of strings");
            self.write(hours::INDEX, &list)?;
        }
        followed.map(|()| last)
    }

    /// Writes the bundles and tiles between the newest checkpoint here and `to`; `written` names the full ones.
    fn grow(&self, source: &LogSource, to: &OpenedCheckpoint, written: &mut Vec<String>) -> Result<(), FollowError> {
        let (old, new) = (self.size(), to.size());
        if old == new && self.newest.is_some() {
            return Ok(());
        }
        let base = old / WIDTH * WIDTH;
        let (mut tree, mut edge) = (self.frontier(base, old)?, self.edge(base, old)?);
        let mut begins_with_ours = true;
        let mut last = None;
        let mut progress = Progress::new("mirroring");
        bundles::in_order(source, new, base / WIDTH..new.div_ceil(WIDTH), |index, bytes| {
            let path = path(TileKind::Entries, index, width_in(0, index, new));
            let bundle = Bundle::decode(&bytes, path.width());
            let bundle = bundle.map_err(|source| SourceError::Bundle { place: path.to_string(), source })?;
            for leaf in bundle.entries().iter().map(|entry| leaf_hash(entry)) {
                tree.push(leaf);
                if tree.size() == old {
                    begins_with_ours = self.newest.as_ref().is_none_or(|ours| ours.root() == tree.root());
                }
                self.push(&mut edge, tree.size() - 1, leaf, written)?;
            }
            progress.at(tree.size(), new);
            if path.is_full() {
                written.push(path.to_string());
                self.write(&path.to_string(), &bytes)?;
            } else {
                last = Some((path, bytes));
            }
            Ok::<_, FollowError>(())
        })?;
        drop(progress);
        if tree.size() != new || tree.root() != to.root() {
            return Err(FollowError::OtherRoot { size: new, found: tree.root(), expected: to.root() });
        }
        if !begins_with_ours {
            return Err(FollowError::Forked { found: new, here: old, folder: String::new() });
        }
        if let Some((path, bytes)) = last {
            self.write(&path.to_string(), &bytes)?;
        }
        for (level, hashes) in (0_u8..).zip(&edge).filter(|(_, hashes)| !hashes.is_empty()) {
            let index = (new >> (u32::from(level) * 8)) / WIDTH;
            let path = path(TileKind::Hashes { level }, index, width_in(level, index, new));
            self.write(&path.to_string(), &tile_bytes(hashes))?;
        }
        Ok(())
    }

    /// Adds a leaf to the tiles at the edge of the tree, and writes those that it fills.
    fn push(
        &self,
        edge: &mut [Vec<Hash>],
        index: u64,
        leaf: Hash,
        written: &mut Vec<String>,
    ) -> Result<(), FollowError> {
        let (mut hash, mut index) = (leaf, index);
        for (level, hashes) in (0_u8..).zip(edge) {
            hashes.push(hash);
            if hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            index /= WIDTH;
            let path = path(TileKind::Hashes { level }, index, TILE_WIDTH).to_string();
            written.push(path.clone());
            self.write(&path, &tile_bytes(hashes))?;
            let tile = Tile::new(hashes.drain(..)).ok();
            // A full tile has a hash over all of it.
            let Some(above) = tile.and_then(|tile| tile.subtree(8, 0)) else { break };
            hash = above;
        }
        Ok(())
    }

    /// The compact range of the first `size` entries, from the tiles of the tree of `of` entries that is here.
    fn frontier(&self, size: u64, of: u64) -> Result<Frontier, FollowError> {
        Frontier::read(size, &TileHashes::new(Here(self), of)).map_err(|error| self.damaged(&error))
    }

    /// The hashes of each level's tile that is not full at `base` entries, a multiple of 256: level 0 has none.
    fn edge(&self, base: u64, of: u64) -> Result<Vec<Vec<Hash>>, FollowError> {
        let level = |level: u8| {
            let hashes = base.checked_shr(u32::from(level) * 8).unwrap_or(0);
            let (index, count) = (hashes / WIDTH, usize::try_from(hashes % WIDTH).unwrap_or(0));
            if count == 0 {
                return Ok(Vec::new());
            }
            let tile = Here(self).read(&path(TileKind::Hashes { level }, index, width_in(level, index, of)))?;
            Ok(tile.hashes().get(..count).unwrap_or_default().to_vec())
        };
        (0..=MAX_TILE_LEVEL).map(level).collect()
    }

    fn read(&self, file: &Path, limit: u64) -> Result<Option<Vec<u8>>, FollowError> {
        log_source::read(file, limit).map_err(|error| {
            if let SourceError::Io { file, source } = error {
                return FollowError::Io { file, source };
            }
            self.damaged(&error)
        })
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), FollowError> {
        let file = self.folder.join(path);
        self.write_file(&file, bytes).map_err(|source| FollowError::Io { file: file.display().to_string(), source })
    }

    fn write_file(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Some(parent) = file.parent()
            && !parent.exists()
        {
            fs::create_dir_all(parent)?;
            // A new folder's name has to outlive a crash, too.
            for above in parent.ancestors().skip(1).take_while(|above| above.starts_with(&self.folder)) {
                fs::File::open(above)?.sync_all()?;
            }
        }
        whole_file::replace(file, bytes)
    }

    /// Another checkpoint than of the log here: what proves it is kept, or else the checkpoint.
    fn forked(
        &self,
        other: &OpenedCheckpoint,
        note: &[u8],
        source: &LogSource,
        registry: &TrustedRegistry,
    ) -> FollowError {
        let trust = Trust { registries: vec![registry.clone()] };
        let notes = self.newest.as_ref().and_then(|ours| self.two_notes(ours, other, source));
        if let Some((notes, confirmed)) = notes.and_then(|notes| Some((notes.to_string(), notes.confirm(&trust).ok()?)))
        {
            return match contradiction::keep(&self.folder, &notes) {
                Ok(file) => FollowError::Contradiction { said: confirmed.0, file: file.display().to_string() },
                Err(source) => FollowError::Io { file: self.folder.display().to_string(), source },
            };
        }
        match self.write("refused-checkpoint", note) {
            Ok(()) => FollowError::Forked {
                found: other.size(),
                here: self.size(),
                folder: self.folder.display().to_string(),
            },
            Err(error) => error,
        }
    }

    /// The two checkpoints with what the larger tree has in the smaller one's place, by the tiles here or by the source's; `None` where they
    /// are of no use.
    fn two_notes(&self, ours: &OpenedCheckpoint, other: &OpenedCheckpoint, source: &LogSource) -> Option<TwoNotes> {
        let (size, here) = (other.size(), ours.size());
        if size == here {
            return Some(TwoNotes::of(ours, other, None));
        }
        if size > here {
            let other_root = Proofs::new(source, other).other_root(here).ok()?;
            return Some(TwoNotes::of(ours, other, Some(other_root)));
        }
        let root = self.frontier(size, here).ok()?.root();
        let proof = consistency_proof(size, here, &TileHashes::new(Here(self), here)).ok()?;
        Some(TwoNotes::of(other, ours, Some(OtherRoot { root, proof })))
    }

    fn damaged(&self, why: &dyn ToString) -> FollowError {
        FollowError::Damaged { folder: self.folder.display().to_string(), why: why.to_string() }
    }
}

/// Whether all entries that a source serves are those of its checkpoint.
fn adds_up(source: &LogSource, checkpoint: &OpenedCheckpoint) -> Result<bool, SourceError> {
    let (mut tree, size) = (Frontier::new(), checkpoint.size());
    bundles::in_order(source, size, 0..size.div_ceil(WIDTH), |index, bytes| {
        let bundle = Bundle::decode(&bytes, width_in(0, index, size));
        let bundle = bundle.map_err(|error| SourceError::Bundle { place: source.to_string(), source: error })?;
        bundle.leaf_hashes().for_each(|leaf| tree.push(leaf));
        Ok::<_, SourceError>(())
    })?;
    Ok(tree.root() == checkpoint.root())
}

/// The tiles that are here.
struct Here<'a>(&'a TileFolder);

impl TileReader for Here<'_> {
    type Error = FollowError;

    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, FollowError> {
        let at = |path: &TilePath| self.0.read(&self.0.folder.join(path.to_string()), TILE_BYTES);
        let (bytes, width) = match at(path)? {
            Some(bytes) => (bytes, path.width()),
            None => match at(&path.to_full())? {
                Some(bytes) => (bytes, TILE_WIDTH),
                None => return Err(self.0.damaged(&format!("{path} is missing"))),
            },
        };
        Tile::decode(&bytes, width).map(Arc::new).map_err(|error| self.0.damaged(&format!("{path}: {error}")))
    }
}

fn path(kind: TileKind, index: u64, width: u16) -> TilePath {
    TilePath::new(kind, index, width).expect("indexes and widths are those of a tree")
}

fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
