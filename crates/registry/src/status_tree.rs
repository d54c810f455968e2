//! Status tree: an RFC 9162 tree beside the log's, with a leaf for each entry that says which later ones changed its status.
//!
//! Leaves name entries and nothing else: the entries say what they change, and they only grow, so that the tree of any earlier size
//! can be made from any later State.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::convert::Infallible;

use primitives::Hash;
use tlog::{HashSource, leaf_hash, node_hash};

use crate::party::Party;
use crate::state::State;

/// Subtrees of `2^BASE` leaves and larger are kept, half a byte an entry; smaller ones are hashed anew when they are asked for, which
/// takes as long as a signature.
const BASE: u8 = 7;

const ATTESTATION: u8 = 1;
const PARTY: u8 = 2;

/// The kept hashes of a status tree of one size. A clone shares them.
#[derive(Clone, Default)]
pub(crate) struct StatusTree {
    size: u64,
    /// Hashes of complete subtrees, from those of `2^BASE` leaves up.
    levels: Arc<Vec<Vec<Hash>>>,
}

/// A status tree and the State that gives its leaves: its root, and proofs under it. Made by [`State::status_tree`].
#[derive(Clone)]
pub struct StatusProver<'s> {
    state: &'s State,
    tree: StatusTree,
}

impl StatusTree {
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Makes it the tree of `size` entries, not fewer than before. `changed` are leaves below the size before that are others now.
    pub(crate) fn grow(&mut self, state: &State, size: u64, changed: &[u64]) {
        let levels = Arc::make_mut(&mut self.levels);
        let before = kept(self.size >> BASE);
        let mut stale: Vec<usize> = changed.iter().map(|index| kept(index >> BASE)).filter(|at| *at < before).collect();
        stale.sort_unstable();
        stale.dedup();
        stale.extend(before..kept(size >> BASE));
        let mut below: Option<usize> = None;
        for level in 0.. {
            if stale.is_empty() {
                break;
            }
            if levels.len() == level {
                levels.push(Vec::new());
            }
            for at in &stale {
                let hash = match below {
                    None => subtree(state, size, BASE, *at as u64),
                    Some(below) => {
                        levels.get(below).map_or(tlog::EMPTY_ROOT, |children| match children.get(2 * at..) {
                            Some([left, right, ..]) => node_hash(left, right),
                            Some(_) | None => tlog::EMPTY_ROOT,
                        })
                    }
                };
                let Some(hashes) = levels.get_mut(level) else { break };
                match hashes.get_mut(*at) {
                    Some(place) => *place = hash,
                    None => hashes.push(hash),
                }
            }
            let complete = levels.get(level).map_or(0, |hashes| hashes.len() / 2);
            stale.iter_mut().for_each(|at| *at /= 2);
            stale.dedup();
            stale.retain(|at| *at < complete);
            below = Some(level);
        }
        self.size = size;
    }
}

impl StatusTree {
    /// Its root; `state` gives the leaves.
    pub(crate) fn root(&self, state: &State) -> Hash {
        let Ok(root) = tlog::root(self.size, &Leaves { state, tree: self });
        root
    }
}

impl StatusProver<'_> {
    /// Number of entries that it covers.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Its root, as a [`StatusRoot`](crate::StatusRoot) at this index of the log holds it.
    pub fn root(&self) -> Hash {
        self.tree.root(self.state)
    }

    /// The inclusion proof of the leaf with this index: sibling hashes from the leaf up (RFC 9162 §2.1.3). `None` where the tree does
    /// not reach it.
    pub fn prove(&self, index: u64) -> Option<Vec<Hash>> {
        tlog::inclusion_proof(index, self.size(), &Leaves { state: self.state, tree: &self.tree }).ok()
    }
}

/// A tree, and the State that gives what it does not keep.
struct Leaves<'a> {
    state: &'a State,
    tree: &'a StatusTree,
}

impl HashSource for Leaves<'_> {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        let kept = level.checked_sub(BASE).and_then(|level| self.tree.levels.get(usize::from(level))?.get(kept(index)));
        Ok(kept.copied().unwrap_or_else(|| subtree(self.state, self.tree.size, level, index)))
    }
}

impl State {
    /// The leaf with this index in the status tree over the log's first `size` entries: what its RFC 9162 leaf hash is taken of.
    ///
    /// | the entry is | bytes |
    /// |---|---|
    /// | an attestation | 01, then the index of each change of its status, 8 bytes big-endian, ascending |
    /// | the first accreditation of a party to take effect | 02, then likewise the index of each accreditation of the party that took effect with all its approvals, and of each change of the party's own status |
    /// | anything else | none |
    ///
    /// Only entries below `size` count, and an accreditation once it took effect below it. A State that was folded from some entries
    /// gives the leaf as those entries make it: where it is the log's own leaf, none was left out.
    pub fn status_leaf(&self, index: u64, size: u64) -> Vec<u8> {
        let (kind, mut entries) = if self.row(index).is_some() {
            (ATTESTATION, self.status_events(index).iter().map(|event| event.entry).collect())
        } else if let Some(party) = self.parties.first_accredited_at(index) {
            (PARTY, party_entries(party, size))
        } else {
            return Vec::new();
        };
        entries.retain(|entry| *entry < size);
        let mut out = Vec::with_capacity(1 + entries.len() * 8);
        out.push(kind);
        out.extend(entries.iter().flat_map(|entry| entry.to_be_bytes()));
        out
    }

    /// The status tree over the log's first `size` entries; `None` where the State has not reached it, or was folded from only
    /// some entries. Costs two hashes an entry.
    pub fn status_tree(&self, size: u64) -> Option<StatusProver<'_>> {
        let mut tree = StatusTree::default();
        if size > self.size() || self.has_gaps {
            return None;
        }
        tree.grow(self, size, &[]);
        Some(StatusProver { state: self, tree })
    }

    /// The status tree of the last status root, where it is at hand: always where the State was folded, or is
    /// [`State::with_status_tree`], unless a later root was refused. Costs nothing.
    pub fn bound_status_tree(&self) -> Option<StatusProver<'_>> {
        let (size, _) = self.last_status_root()?;
        let tree = self.roots.tree.clone();
        (tree.size() == size).then_some(StatusProver { state: self, tree })
    }

    /// The root of the status tree over the log's first `size` entries, without the tree: at most as many hashes as there are
    /// attestations and parties, times the depth of the tree, however large a size is claimed. `None` as for [`State::status_tree`].
    pub fn status_root(&self, size: u64) -> Option<Hash> {
        if size > self.size() || self.has_gaps {
            return None;
        }
        let mut empty = Vec::from([leaf_hash(b"")]);
        for _ in 0..64 {
            empty.extend(empty.last().map(|below| node_hash(below, below)));
        }
        let Ok(root) = tlog::root(size, &Sparse { state: self, size, empty: &empty });
        Some(root)
    }
}

/// A status tree of which only the subtrees with a status in them are hashed.
struct Sparse<'a> {
    state: &'a State,
    size: u64,
    /// Hashes of the complete subtrees without any status, by level.
    empty: &'a [Hash],
}

impl HashSource for Sparse<'_> {
    type Error = Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        let first = index << level;
        let empty = self.empty.get(usize::from(level)).filter(|_| !self.state.has_status_within(first, level));
        if let Some(empty) = empty {
            return Ok(*empty);
        }
        let Some(below) = level.checked_sub(1) else {
            return Ok(leaf_hash(&self.state.status_leaf(index, self.size)));
        };
        Ok(node_hash(&self.hash(below, 2 * index)?, &self.hash(below, 2 * index + 1)?))
    }
}

impl State {
    /// Whether any of the `2^level` entries from `first` on is an attestation or a party's first accreditation.
    fn has_status_within(&self, first: u64, level: u8) -> bool {
        let within = |index: u64| index >= first && index - first < 1 << level;
        self.rows.first_from(first).is_some_and(within) || self.parties.first_accredited_from(first).is_some_and(within)
    }
}

fn party_entries(party: &Party, size: u64) -> Vec<u64> {
    let in_effect = party.accreditations.iter().filter(|accreditation| accreditation.index() < size);
    let mut entries: Vec<u64> = in_effect.flat_map(|accreditation| accreditation.entries.iter().copied()).collect();
    entries.extend(party.events.iter().map(|event| event.entry));
    entries.sort_unstable();
    entries
}

/// The hash of the complete subtree at (`level`, `index`) of the status tree over `size` entries.
fn subtree(state: &State, size: u64, level: u8, index: u64) -> Hash {
    match level.checked_sub(1) {
        None => leaf_hash(&state.status_leaf(index, size)),
        Some(below) => node_hash(&subtree(state, size, below, 2 * index), &subtree(state, size, below, 2 * index + 1)),
    }
}

fn kept(index: u64) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}
