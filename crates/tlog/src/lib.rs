#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod decimal;
#[doc(hidden)]
pub mod invariants;

// The tree.
mod frontier;
mod growth;
mod hashing;
mod memory_tree;
mod proof;
mod tree;

pub use frontier::{Frontier, FrontierError, MAX_FRONTIER_SIZE};
pub use growth::Growth;
pub use hashing::{EMPTY_ROOT, leaf_hash, node_hash};
pub use memory_tree::{MemoryTree, NoSuchSubtree};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use tree::{HashSource, ProveError, consistency_proof, inclusion_proof, root};

// How it is served.
mod bundle;
mod tile;
mod tile_hashes;
mod tile_path;

pub use bundle::{Bundle, BundleError, MAX_ENTRY_SIZE};
pub use tile::{Tile, TileError, tile_prefix};
pub use tile_hashes::{TileHashError, TileHashes, TileReader, consistency_tiles, inclusion_tiles};
pub use tile_path::{
    MAX_TILE_INDEX, MAX_TILE_LEVEL, PathError, TILE_WIDTH, TileKind, TilePath, grown_bundles, grown_tiles, width_in,
};

// How it is signed.
mod add_checkpoint;
mod checkpoint;
mod cosignature;
#[cfg(feature = "ml-dsa")]
mod ml_dsa_44;
mod note;
mod opened_checkpoint;
mod opened_note;
mod quorum;
mod receipt;
mod tlog_proof;
mod vkey;

pub use decimal::parse as parse_decimal;

pub use add_checkpoint::{AddCheckpoint, AddCheckpointError, MAX_CONSISTENCY_HASHES};
pub use checkpoint::{Checkpoint, CheckpointError};
#[cfg(feature = "ml-dsa")]
pub use ml_dsa_44::MlDsa44Key;
pub use note::{MAX_NOTE_SIZE, MAX_SIGNATURES, Note, NoteError, NoteSignature, SignNoteError};
pub use opened_checkpoint::{Cosigner, ExtendsError, OpenedCheckpoint};
pub use opened_note::{OpenError, OpenedNote, VerifiedSignature};
pub use quorum::{NoQuorum, Quorate, Quorum, QuorumError};
pub use receipt::{
    MAX_RECEIPT_SIZE, Receipt, ReceiptClaims, ReceiptError, VerifiedReceipt, cose_key_set, cose_key_thumbprint,
};
pub use tlog_proof::{
    Included, MAX_EXTRA_SIZE, MAX_PROOF_HASHES, MAX_PROOF_SIZE, NotIncluded, Proof, ProofFormatError, encode_proof,
};
pub use vkey::{KeyId, KeyNameError, ML_DSA_44_KEY_SIZE, SignatureType, Vkey, VkeyError, check_key_name, key_id};
