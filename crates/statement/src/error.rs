//! Why a token or statement is refused. Every reason has a stable code.

use alloc::string::String;

use thiserror::Error;

/// Why a token or a statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The signature does not verify under the key.
    #[error("signature does not verify")]
    BadSignature,
    /// A credential of none of the kinds that there are.
    #[error("credential type is {0:?}, which is no kind of statement")]
    UnknownKind(String),
}

impl Error {
    /// The reason's stable code, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadSignature => "bad_signature",
            Self::UnknownKind(_) => "unknown_kind",
        }
    }
}
