//! The tree of a log that was replayed, kept to hold other checkpoints against it.
//!
//! Whoever shows a tree smaller than one that was seen proves nothing about the larger one: a server that has put a second history in
//! place of the first has not got its tiles. Whoever has read the first one can say without it whether the smaller tree is how that
//! began, or another, and prove that to everybody.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use primitives::Hash;
use tlog::{ExtendsError, Frontier, MemoryTree, OpenedCheckpoint};
use verify::{OtherRoot, TwoNotes};

/// Leaf hashes of a log, as far as it was replayed; clones share them.
#[derive(Debug, Clone, Default)]
pub struct ReplayedTree(Arc<Mutex<Leaves>>);

#[derive(Debug, Default)]
struct Leaves {
    /// Those beyond the checkpoint are not proved.
    hashes: Vec<Hash>,
    proved: Option<OpenedCheckpoint>,
    /// A smaller tree that this one was found to begin with: the same snapshot is shown for a while.
    agreed: Option<(u64, Hash)>,
}

impl ReplayedTree {
    pub(super) fn extend(&self, leaves: &[Hash]) {
        self.lock().hashes.extend_from_slice(leaves);
    }

    /// All leaves so far add up to this checkpoint.
    pub(super) fn proved(&self, checkpoint: &OpenedCheckpoint) {
        self.lock().proved = Some(checkpoint.clone());
    }

    /// What proves that a checkpoint is not of this log; `None` where this log begins with its tree, or is shorter.
    pub(crate) fn contradicts(&self, other: &OpenedCheckpoint) -> Option<(ExtendsError, TwoNotes)> {
        let Leaves { hashes, proved, agreed } = &mut *self.lock();
        let (ours, size) = (proved.as_ref()?, other.size());
        if size == ours.size() {
            return Some((ours.extends(other, &[]).err()?, TwoNotes::of(other, ours, None)));
        }
        if size == 0 || ours.size() < size || *agreed == Some((size, other.root())) {
            return None;
        }
        let mut begin = Frontier::new();
        hashes.iter().take(usize::try_from(size).ok()?).for_each(|leaf| begin.push(*leaf));
        let root = begin.root();
        if root == other.root() {
            *agreed = Some((size, root));
            return None;
        }
        let tree: MemoryTree = hashes.get(..usize::try_from(ours.size()).ok()?)?.iter().copied().collect();
        let proof = tlog::consistency_proof(size, ours.size(), &tree).ok()?;
        let error = ours.extends(other, &proof).err()?;
        Some((error, TwoNotes::of(other, ours, Some(OtherRoot { root, proof }))))
    }

    fn lock(&self) -> MutexGuard<'_, Leaves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
