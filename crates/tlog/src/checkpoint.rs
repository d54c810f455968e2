//! Checkpoints: how large a log is and what its root is (c2sp.org/tlog-checkpoint).
//!
//! ```text
//! registry.example⏎                                   origin: which log
//! 20852163⏎                                           size, decimal without leading zeros
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=⏎       root, canonical base64 of 32 bytes
//! extension lines, any number, none of them empty⏎
//! ```

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use primitives::{Hash, Signer};
use thiserror::Error;

use crate::note::control_character;
use crate::{EMPTY_ROOT, Note, SignNoteError, decimal};

/// The text of a checkpoint. Who says so is another question: see [`crate::OpenedCheckpoint`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Every line ends in a newline.
    #[error("checkpoint does not end in a newline")]
    Unterminated,
    /// A control character, which a note may not contain.
    #[error("checkpoint contains the control character {found:#04x}, expected none but newline")]
    ControlCharacter {
        /// The first such character.
        found: u8,
    },
    /// Origin, size and root are required.
    #[error("checkpoint has {found} lines, expected at least 3")]
    TooFewLines {
        /// The number of lines.
        found: usize,
    },
    /// No line is empty, neither the origin nor an extension line.
    #[error("checkpoint line {line} is empty")]
    EmptyLine {
        /// Which line, from 1.
        line: usize,
    },
    /// An origin or an extension that would be more than one line.
    #[error("checkpoint line contains a newline")]
    Newline,
    /// Not a number of 64 bits in its one spelling.
    #[error("tree size is not a decimal number below 2^64 without leading zeros")]
    Size,
    /// Not a hash in its one spelling.
    #[error("root hash is not canonical base64 of 32 bytes")]
    Root,
    /// The tree without leaves has one root only (c2sp.org/tlog-witness, `add-checkpoint`).
    #[error("root of the empty tree is {found}, expected {EMPTY_ROOT}")]
    EmptyTreeRoot {
        /// The root given.
        found: Hash,
    },
}

impl CheckpointError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unterminated => "checkpoint_unterminated",
            Self::ControlCharacter { .. } => "checkpoint_control_character",
            Self::TooFewLines { .. } => "checkpoint_too_few_lines",
            Self::EmptyLine { .. } => "checkpoint_empty_line",
            Self::Newline => "checkpoint_newline",
            Self::Size => "checkpoint_size",
            Self::Root => "checkpoint_root",
            Self::EmptyTreeRoot { .. } => "checkpoint_empty_tree_root",
        }
    }
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    /// [`CheckpointError::EmptyLine`], [`CheckpointError::Newline`], [`CheckpointError::ControlCharacter`] for an origin
    /// that is not one line; [`CheckpointError::EmptyTreeRoot`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        check_line(origin, 1)?;
        if size == 0 && root != EMPTY_ROOT {
            return Err(CheckpointError::EmptyTreeRoot { found: root });
        }
        Ok(Self { origin: origin.to_string(), size, root, extensions: Vec::new() })
    }

    /// Adds an extension line. c2sp.org/tlog-checkpoint advises against them: nobody audits what they say.
    ///
    /// # Errors
    /// [`CheckpointError::EmptyLine`], [`CheckpointError::Newline`] or [`CheckpointError::ControlCharacter`].
    pub fn with_extension(mut self, line: &str) -> Result<Self, CheckpointError> {
        check_line(line, 4 + self.extensions.len())?;
        self.extensions.push(line.to_string());
        Ok(self)
    }

    /// Reads the text of a checkpoint, its last newline included: a note's text, not the whole note.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Unterminated)?;
        let mut lines = lines.split('\n');
        let too_few = |found| CheckpointError::TooFewLines { found };
        let origin = lines.next().ok_or(too_few(0))?;
        let size = lines.next().ok_or(too_few(1))?;
        let root = lines.next().ok_or(too_few(2))?;
        check_line(origin, 1)?;
        let size = decimal::parse(size).ok_or(CheckpointError::Size)?;
        let root = Hash::from_base64(root).ok_or(CheckpointError::Root)?;
        lines.try_fold(Self::new(origin, size, root)?, Self::with_extension)
    }

    /// The origin: the name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of entries.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over them.
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// The extension lines, without newlines. Nobody vouches for them, the log excepted.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.origin.len() + 70);
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64());
        self.extensions.iter().for_each(|line| {
            text.push_str(line);
            text.push('\n');
        });
        text
    }

    /// Signs as the log: Ed25519, the origin as the key name.
    ///
    /// A log never signs two checkpoints of which neither begins with the other; that is for the caller to see to.
    ///
    /// # Errors
    /// [`SignNoteError`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Note, SignNoteError> {
        Note::sign(&self.to_text(), &self.origin, signer)
    }
}

fn check_line(text: &str, line: usize) -> Result<(), CheckpointError> {
    if text.is_empty() {
        return Err(CheckpointError::EmptyLine { line });
    }
    if text.contains('\n') {
        return Err(CheckpointError::Newline);
    }
    match control_character(text) {
        Some(found) => Err(CheckpointError::ControlCharacter { found }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
