//! Why a text is not a GS1 Digital Link.

use alloc::string::String;

use thiserror::Error;

use super::element::ValueError;
use crate::percent::BadEscape;

/// Why a text is not a GS1 Digital Link that this reader knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigitalLinkError {
    /// Longer than [`super::MAX_URI_LEN`].
    #[error("URI has {length} bytes, limit {limit}")]
    TooLong {
        /// Bytes found.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// A character that no URI has (RFC 3986 §2).
    #[error("URI has the character {character:?} at byte {position}")]
    IllegalCharacter {
        /// The character.
        character: char,
        /// Where, in bytes.
        position: usize,
    },
    /// Not `http` or `https`, all lower or all upper case.
    #[error("scheme is not http:// or https://, all lower or all upper case")]
    Scheme,
    /// No host.
    #[error("there is no host")]
    NoHost,
    /// A character that no host has, such as `@` or `%`.
    #[error("host has the character {0:?}")]
    BadHost(char),
    /// No `/` after the host.
    #[error("there is no path")]
    NoPath,
    /// No primary key in the path: none of `/00/`, `/01/`, `/414/` with only AIs and values after it.
    #[error("path has no primary key (00, 01 or 414)")]
    NoPrimaryKey,
    /// The AIs of the path are not a primary key with its qualifiers in order.
    #[error("AIs of the path are {0}, which is no key with its qualifiers in order")]
    BadSequence(String),
    /// A percent sign that escapes nothing.
    #[error("AI {ai}: {source}")]
    BadEscape {
        /// The AI whose value it is.
        ai: String,
        /// What is wrong.
        source: BadEscape,
    },
    /// A value that does not fit its AI.
    #[error("AI {ai}: {source}")]
    Value {
        /// The AI.
        ai: String,
        /// What is wrong.
        source: ValueError,
    },
    /// An AI that the dictionary lacks, in the query.
    #[error("AI {0} is unknown")]
    UnknownAi(String),
    /// An AI that may not stand in a query.
    #[error("AI {0} may not stand in the query")]
    NotAnAttribute(String),
    /// An AI of the query that qualifies the path's key.
    #[error("AI {0} belongs into the path")]
    BelongsInPath(String),
    /// The same AI twice.
    #[error("AI {0} is there twice")]
    Duplicate(String),
}

impl DigitalLinkError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::IllegalCharacter { .. } => "illegal_character",
            Self::Scheme => "scheme",
            Self::NoHost => "no_host",
            Self::BadHost(_) => "bad_host",
            Self::NoPath => "no_path",
            Self::NoPrimaryKey => "no_primary_key",
            Self::BadSequence(_) => "bad_sequence",
            Self::BadEscape { .. } => "bad_percent_encoding",
            Self::Value { source, .. } => source.code(),
            Self::UnknownAi(_) => "unknown_ai",
            Self::NotAnAttribute(_) => "not_an_attribute",
            Self::BelongsInPath(_) => "belongs_in_path",
            Self::Duplicate(_) => "duplicate_ai",
        }
    }
}
