//! What the world may see: the log up to its last signed checkpoint.

use bytes::Bytes;
use primitives::{Hash, Signer};
use tlog::{Checkpoint, SignNoteError};

use crate::edge::Edge;
use crate::error::SignError;
use crate::ledger::Ledger;
use crate::{AlsoSign, Law, entry};

/// The log at one size: state, checkpoint and tree belong together. Replaced whole with every batch.
#[derive(Debug)]
pub struct Published<V> {
    /// The law's state after the last entry.
    pub view: V,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// The signed checkpoint, as served.
    pub checkpoint: Bytes,
    /// When the last entry was received, milliseconds since 1970; 0 in the empty log.
    pub last_millis: u64,
    pub(crate) edge: Edge,
}

impl<V> Published<V> {
    pub(crate) fn new<L: Law<View = V>>(ledger: &Ledger<L>, root: Hash, checkpoint: Bytes) -> Self {
        Self {
            view: ledger.law.view(),
            size: ledger.size(),
            root,
            checkpoint,
            last_millis: ledger.last_millis,
            edge: ledger.edge.clone(),
        }
    }

    /// The checkpoint as text.
    #[must_use]
    pub fn checkpoint_text(&self) -> &str {
        std::str::from_utf8(&self.checkpoint).unwrap_or_default() // It was made from a string.
    }
}

/// The note that says how large the log is. Both signatures are deterministic: a tree that is signed again gives the same bytes.
pub(crate) fn sign(
    origin: &str,
    size: u64,
    root: Hash,
    signer: &dyn Signer,
    also: Option<&AlsoSign>,
) -> Result<Bytes, SignError> {
    let checkpoint = Checkpoint::new(origin, size, root)?;
    let mut note = checkpoint.sign(signer)?;
    if let Some(also) = also {
        note.add(also(&checkpoint)?).map_err(SignNoteError::from)?;
    }
    Ok(note.to_string().into())
}

/// What a submitter gets for an entry that is in the log for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Index of the entry.
    pub index: u64,
    /// When it was received, milliseconds since 1970: the entry's first 8 bytes.
    pub received_at_millis: u64,
    /// The `tlog-proof` (c2sp.org/tlog-proof): inclusion under a signed checkpoint; its `extra` is the entry's first 8
    /// bytes, so that proof and statement rebuild the leaf.
    pub proof: String,
    /// Whether the statement was in the log already, or another copy of it came first.
    pub repeated: bool,
}

impl Receipt {
    pub(crate) fn new(index: u64, received_at_millis: u64, hashes: &[Hash], checkpoint: &str, repeated: bool) -> Self {
        let extra = received_at_millis.to_be_bytes();
        debug_assert_eq!(extra.len(), entry::ENTRY_HEADER);
        let proof = tlog::encode_proof(index, hashes, &extra, checkpoint);
        Self { index, received_at_millis, proof, repeated }
    }
}
