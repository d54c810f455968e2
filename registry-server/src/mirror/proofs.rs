//! What a source's own tiles prove of its checkpoint: that its tree begins with another, and that a bundle is of it.
//!
//! Proofs are made of tiles that nobody vouches for and verified against the signed root, so that entries can be written as they come: what
//! is once in a journal cannot be taken out.

use std::sync::Arc;

use primitives::Hash;
use sequencer::Floor;
use tlog::{
    Frontier, HashSource, OpenedCheckpoint, ProveError, TILE_WIDTH, Tile, TileHashError, TileHashes, TilePath,
    TileReader, consistency_proof, inclusion_proof, node_hash, verify_consistency, verify_inclusion,
};
use verify::OtherRoot;

use crate::follow_error::FollowError;
use crate::log_source::{LogSource, SourceError};

const WIDTH: u64 = TILE_WIDTH as u64;

/// The tiles of a source.
struct Tiles<'a>(&'a LogSource);

impl TileReader for Tiles<'_> {
    type Error = FollowError;

    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, FollowError> {
        let (bytes, width) = self.0.tile(path)?;
        Tile::decode(&bytes, width).map(Arc::new).map_err(|error| FollowError::Copy {
            source_url: self.0.to_string(),
            what: path.to_string(),
            why: error.to_string(),
        })
    }
}

/// A checkpoint, and the tiles of where it came from.
pub(crate) struct Proofs<'a> {
    source: &'a LogSource,
    tiles: TileHashes<Tiles<'a>>,
    size: u64,
    root: Hash,
}

impl<'a> Proofs<'a> {
    pub(crate) fn new(source: &'a LogSource, checkpoint: &OpenedCheckpoint) -> Self {
        let size = checkpoint.size();
        Self { source, tiles: TileHashes::new(Tiles(source), size), size, root: checkpoint.root() }
    }

    /// Checks that the checkpoint's tree begins with this one.
    ///
    /// # Errors
    /// [`FollowError::Unproved`], which says nothing about who is wrong.
    pub(super) fn begins_with(&self, tree: Floor) -> Result<(), FollowError> {
        let proof = if tree.size == 0 { Vec::new() } else { self.consistency(tree.size)? };
        verify_consistency(tree.size, self.size, &tree.root, &self.root, &proof)
            .map_err(|_| self.unproved(format!("the first {}", tree.size)))
    }

    /// The root that these tiles give for the first `size` leaves, and the proof of it: nothing to believe before it was verified.
    pub(crate) fn other_root(&self, size: u64) -> Result<OtherRoot, FollowError> {
        let root = Frontier::read(size, &self.tiles).map_err(|error| self.unread(error))?.root();
        Ok(OtherRoot { root, proof: self.consistency(size)? })
    }

    /// Checks that a bundle with this root over its leaves stands at this place of the checkpoint's tree.
    ///
    /// A tree over bundles has the shape of the tree over their leaves: the largest power of two below a size beyond 256 is a multiple of 256.
    ///
    /// # Errors
    /// [`FollowError::Unproved`].
    pub(super) fn has_bundle(&self, index: u64, root: Hash) -> Result<(), FollowError> {
        let bundles = self.size.div_ceil(WIDTH);
        let proof = inclusion_proof(index, bundles, &OfBundles(&self.tiles)).map_err(|error| self.not_made(error))?;
        verify_inclusion(&root, index, bundles, &proof, &self.root)
            .map_err(|_| self.unproved(format!("entry bundle {index}")))
    }

    fn consistency(&self, old: u64) -> Result<Vec<Hash>, FollowError> {
        consistency_proof(old, self.size, &self.tiles).map_err(|error| self.not_made(error))
    }

    fn unproved(&self, what: String) -> FollowError {
        FollowError::Unproved { source_url: self.source.to_string(), size: self.size, what }
    }

    fn not_made(&self, error: ProveError<TileHashError<FollowError>>) -> FollowError {
        match error {
            ProveError::Source(error) => self.unread(error),
            ProveError::IndexBeyondSize { .. } | ProveError::OldBeyondNew { .. } => {
                self.unproved("a size that it does not reach".into())
            }
        }
    }

    fn unread(&self, error: TileHashError<FollowError>) -> FollowError {
        match error {
            TileHashError::Reader(error) => error,
            TileHashError::Narrow { path, .. } => SourceError::Missing(format!("{}/{path}", self.source)).into(),
            TileHashError::NoSuchSubtree { .. } => self.unproved("a subtree that it has not".into()),
        }
    }
}

/// The tree of a log as one over its bundles, the last of which need not be full.
struct OfBundles<'a, 't>(&'a TileHashes<Tiles<'t>>);

impl HashSource for OfBundles<'_, '_> {
    type Error = TileHashError<FollowError>;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let size = self.0.size();
        if index < size.checked_shr(u32::from(level) + 8).unwrap_or(0) {
            return self.0.hash(level + 8, index);
        }
        let Some(below) = level.checked_sub(1) else {
            let mut partial = Frontier::new();
            for leaf in index * WIDTH..size {
                partial.push(self.0.hash(0, leaf)?);
            }
            return Ok(partial.root());
        };
        Ok(node_hash(&self.hash(below, 2 * index)?, &self.hash(below, 2 * index + 1)?))
    }
}
