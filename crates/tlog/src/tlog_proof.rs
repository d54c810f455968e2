//! `tlog-proof`: an inclusion proof together with the signed checkpoint it ends in (c2sp.org/tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1⏎
//! extra <base64>⏎                 left out where there is nothing
//! index <decimal>⏎
//! <base64 of 32 bytes>⏎           one for each sibling, the leaf's first
//! ⏎
//! <the signed checkpoint, to the last signature line>
//! ```
//!
//! `extra` is not authenticated. Here it carries the entry's first 8 bytes, and is believed only because the leaf hash
//! rebuilt with it is in the log.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use primitives::{Hash, base64};
use thiserror::Error;

use crate::note::MAX_NOTE_SIZE;
use crate::{
    Checkpoint, CheckpointError, Note, NoteError, OpenError, OpenedCheckpoint, ProofError, Vkey, decimal,
    verify_inclusion,
};

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most sibling hashes that a proof can have: the height of a tree of 2^64 leaves.
pub const MAX_PROOF_HASHES: usize = 64;

/// The longest `extra` read, in bytes. c2sp.org/tlog-proof sets no limit.
pub const MAX_EXTRA_SIZE: usize = 16 * 1024;

/// The largest proof read: its checkpoint, its hashes and its `extra` at their largest, and the short lines.
pub const MAX_PROOF_SIZE: usize = MAX_NOTE_SIZE + MAX_PROOF_HASHES * 45 + MAX_EXTRA_SIZE.div_ceil(3) * 4 + 128;

/// A proof that was read but not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    index: u64,
    hashes: Vec<Hash>,
    extra: Vec<u8>,
    checkpoint: Note,
}

/// A leaf that is in a log at an index, under a checkpoint that the log signed. Only [`Proof::verify`] builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    leaf: Hash,
    index: u64,
    checkpoint: OpenedCheckpoint,
}

/// Why bytes are not a `tlog-proof`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofFormatError {
    /// Longer than this crate reads.
    #[error("proof has {found} bytes, expected at most {MAX_PROOF_SIZE}")]
    TooLarge {
        /// The number of bytes.
        found: usize,
    },
    /// Not UTF-8.
    #[error("proof is not UTF-8")]
    NotUtf8,
    /// Another format, or another version of this one.
    #[error("proof does not begin with the line {HEADER}")]
    Header,
    /// The `extra` line is not base64, or is empty, which is written by leaving it out.
    #[error("extra line is not canonical base64 of at least one byte")]
    Extra,
    /// The `extra` line holds more than this crate reads.
    #[error("extra line holds {found} bytes, expected at most {MAX_EXTRA_SIZE}")]
    ExtraTooLarge {
        /// The number of bytes.
        found: usize,
    },
    /// There is no index, or not in its one spelling.
    #[error("proof has no line: index, a space, a decimal number below 2^64 without leading zeros")]
    Index,
    /// A line between the index and the empty line is not a hash.
    #[error("proof hash {number} is not canonical base64 of 32 bytes")]
    Hash {
        /// Which hash, from 1.
        number: usize,
    },
    /// More hashes than any tree is high.
    #[error("proof has more than {MAX_PROOF_HASHES} hashes")]
    TooManyHashes,
    /// The proof ends before its checkpoint.
    #[error("proof has no empty line before its checkpoint")]
    NoEmptyLine,
    /// What follows is not a signed note.
    #[error("checkpoint of the proof: {0}")]
    Note(#[from] NoteError),
    /// The note's text is not a checkpoint.
    #[error("checkpoint of the proof: {0}")]
    Checkpoint(#[from] CheckpointError),
}

impl ProofFormatError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "proof_too_large",
            Self::NotUtf8 => "proof_not_utf8",
            Self::Header => "proof_header",
            Self::Extra => "proof_extra",
            Self::ExtraTooLarge { .. } => "proof_extra_too_large",
            Self::Index => "proof_index",
            Self::Hash { .. } => "proof_hash",
            Self::TooManyHashes => "proof_too_many_hashes",
            Self::NoEmptyLine => "proof_no_empty_line",
            Self::Note(error) => error.code(),
            Self::Checkpoint(error) => error.code(),
        }
    }
}

/// Why a proof does not prove that a leaf is in a log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotIncluded {
    /// The checkpoint is not one that the known keys vouch for.
    #[error(transparent)]
    Checkpoint(#[from] OpenError),
    /// Leaf and hashes do not lead to the checkpoint's root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl NotIncluded {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Checkpoint(error) => error.code(),
            Self::Proof(error) => error.code(),
        }
    }
}

impl Proof {
    /// Reads a proof and nothing but its one spelling.
    ///
    /// # Errors
    /// [`ProofFormatError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofFormatError> {
        if bytes.len() > MAX_PROOF_SIZE {
            return Err(ProofFormatError::TooLarge { found: bytes.len() });
        }
        let proof = str::from_utf8(bytes).map_err(|_| ProofFormatError::NotUtf8)?;
        let rest = proof.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n'));
        let (line, rest) = rest.ok_or(ProofFormatError::Header)?.split_once('\n').ok_or(ProofFormatError::Index)?;
        let (extra, line, rest) = match line.strip_prefix("extra ") {
            Some(extra) => {
                let (line, rest) = rest.split_once('\n').ok_or(ProofFormatError::Index)?;
                (extra_from(extra)?, line, rest)
            }
            None => (Vec::new(), line, rest),
        };
        let index = line.strip_prefix("index ").and_then(decimal::parse).ok_or(ProofFormatError::Index)?;
        let (hashes, checkpoint) = hashes_from(rest)?;
        let checkpoint = Note::parse(checkpoint.as_bytes())?;
        Checkpoint::parse(checkpoint.text())?;
        Ok(Self { index, hashes, extra, checkpoint })
    }

    /// The index of the entry that the proof is for.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The sibling hashes, the leaf's first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The `extra` data, empty where there is none. Not authenticated.
    pub fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// The checkpoint, its signatures unchecked.
    pub const fn checkpoint(&self) -> &Note {
        &self.checkpoint
    }

    /// Checks that `leaf` (a leaf hash, made by the caller from what it believes was logged) is in the log: that the
    /// checkpoint is signed by a known key of the log it names, and that the proof leads from the leaf to its root.
    ///
    /// The caller decides whether [`Included::checkpoint`] is of the log it meant, and, with a [`crate::Quorum`],
    /// whether enough witnesses saw it.
    ///
    /// # Errors
    /// [`NotIncluded`].
    pub fn verify(&self, leaf: &Hash, keys: &[Vkey]) -> Result<Included, NotIncluded> {
        let checkpoint = OpenedCheckpoint::from_note(self.checkpoint.clone(), keys)?;
        verify_inclusion(leaf, self.index, checkpoint.size(), &self.hashes, &checkpoint.root())?;
        Ok(Included { leaf: *leaf, index: self.index, checkpoint })
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_proof(self.index, &self.hashes, &self.extra, &self.checkpoint.to_string()))
    }
}

impl Included {
    /// The leaf hash that is in the log.
    pub const fn leaf(&self) -> Hash {
        self.leaf
    }

    /// The index of the entry.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The checkpoint whose tree the entry is in.
    pub const fn checkpoint(&self) -> &OpenedCheckpoint {
        &self.checkpoint
    }
}

/// Writes a proof from its parts: a writer has one checkpoint for a whole batch of entries. `checkpoint` is a signed
/// note; an empty `extra` is left out.
pub fn encode_proof(index: u64, hashes: &[Hash], extra: &[u8], checkpoint: &str) -> String {
    let mut text = String::with_capacity(HEADER.len() + 64 + extra.len() * 2 + hashes.len() * 45 + checkpoint.len());
    let mut line = |parts: [&str; 2]| {
        parts.iter().for_each(|part| text.push_str(part));
        text.push('\n');
    };
    line([HEADER, ""]);
    if !extra.is_empty() {
        line(["extra ", &base64::encode(extra)]);
    }
    line(["index ", &index.to_string()]);
    hashes.iter().for_each(|hash| line([&hash.to_base64(), ""]));
    line(["", ""]);
    text.push_str(checkpoint);
    text
}

fn extra_from(text: &str) -> Result<Vec<u8>, ProofFormatError> {
    let extra = base64::decode(text).filter(|extra| !extra.is_empty()).ok_or(ProofFormatError::Extra)?;
    if extra.len() > MAX_EXTRA_SIZE {
        return Err(ProofFormatError::ExtraTooLarge { found: extra.len() });
    }
    Ok(extra)
}

/// The hashes up to the first empty line, and what follows it.
fn hashes_from(text: &str) -> Result<(Vec<Hash>, &str), ProofFormatError> {
    let mut hashes = Vec::new();
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').ok_or(ProofFormatError::NoEmptyLine)?;
        if line.is_empty() {
            return Ok((hashes, after));
        }
        if hashes.len() == MAX_PROOF_HASHES {
            return Err(ProofFormatError::TooManyHashes);
        }
        hashes.push(Hash::from_base64(line).ok_or(ProofFormatError::Hash { number: hashes.len() + 1 })?);
        rest = after;
    }
}

#[cfg(test)]
mod tests;
