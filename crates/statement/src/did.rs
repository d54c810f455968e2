//! Decentralized identifiers: how parties are named (W3C DID Core 1.0 §3.1).
//!
//! Two methods are read: `did:web` for organisations, `did:key` for tests. A DID is compared as bytes, so whatever has
//! two spellings is refused: `did:web` in upper case, percent-encodings other than the `%3a` before a port.

use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;

use crate::Origin;

/// A DID: `did:web:<host>[%3a<port>][:<path>…]` in lower case, or `did:key:z6Mk…` (an Ed25519 key).
///
/// A party stands in everything that it signs: clones share the text.
///
/// ```
/// assert!(statement::Did::parse("did:web:certifier.example").is_ok());
/// assert!(statement::Did::parse("did:web:Certifier.example").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(Arc<str>);

/// Why a text is no DID that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DidError {
    /// Longer than [`Did::MAX`].
    #[error("DID is longer than 255 characters")]
    TooLong,
    /// Neither `did:web:` nor `did:key:`.
    #[error("DID method is not one of: web, key")]
    Method,
    /// Upper case in `did:web`.
    #[error("DID has upper case, expected lower case")]
    UpperCase,
    /// The host of `did:web` is no host name in lower case, or its port is no port.
    #[error("DID of method web does not name a host")]
    Host,
    /// A path segment of `did:web` is empty, `.`, `..`, or has other characters than `a-z 0-9 . - _ ~`.
    #[error("DID of method web has a path segment with other characters than a-z 0-9 . - _ ~")]
    Path,
    /// `did:key` that is not an Ed25519 key in base58btc.
    #[error("DID of method key is not an Ed25519 key (z6Mk…, 48 characters)")]
    Key,
}

impl Did {
    /// Longest DID, in bytes.
    pub const MAX: usize = 255;

    /// Reads a DID; nothing is folded.
    ///
    /// # Errors
    /// [`DidError`].
    pub fn parse(text: &str) -> Result<Self, DidError> {
        if text.len() > Self::MAX {
            return Err(DidError::TooLong);
        }
        if let Some(name) = text.strip_prefix("did:web:") {
            check_web(name)?;
        } else if let Some(name) = text.strip_prefix("did:key:") {
            check_key(name)?;
        } else {
            return Err(DidError::Method);
        }
        Ok(Self(text.into()))
    }

    /// The DID as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_web(name: &str) -> Result<(), DidError> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(DidError::UpperCase);
    }
    let mut segments = name.split(':');
    let authority = segments.next().unwrap_or_default();
    let host = match authority.split_once("%3a") {
        Some((host, port)) => {
            let digits = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || port.parse::<u16>().is_err() {
                return Err(DidError::Host);
            }
            host
        }
        None => authority,
    };
    Origin::check(host).map_err(|_| DidError::Host)?;
    for segment in segments {
        let plain = segment.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~'));
        if !plain || matches!(segment, "" | "." | "..") {
            return Err(DidError::Path);
        }
    }
    Ok(())
}

fn check_key(name: &str) -> Result<(), DidError> {
    let base58 = |byte: u8| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l');
    if name.len() == 48 && name.starts_with("z6Mk") && name.bytes().all(base58) { Ok(()) } else { Err(DidError::Key) }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Did({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn both_methods_are_read() {
        for text in [
            "did:web:certifier.example",
            "did:web:localhost%3a8080",
            "did:web:uncefact.github.io:project-vckit:test-and-development",
            "did:key:z6MknjB7dKeKciUSdJAiUUxZYoZ5kkJHZWtaPDX3uXvCZagV",
        ] {
            assert_eq!(Did::parse(text).map(|did| did.0), Ok(text.into()));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use DidError::{Host, Key, Method, Path, TooLong, UpperCase};
        let long = format!("did:web:a.example:{}", "a".repeat(255));
        for (text, error) in [
            ("", Method),
            ("did:ion:abc", Method),
            ("DID:web:a.example", Method),
            (" did:web:a.example", Method),
            (long.as_str(), TooLong),
            ("did:web:A.example", UpperCase),
            ("did:web:localhost%3A8080", UpperCase),
            ("did:web:", Host),
            ("did:web:a.example.", Host),
            ("did:web:a.example%3a", Host),
            ("did:web:a.example%3a08", Host),
            ("did:web:a.example%3a99999", Host),
            ("did:web:a.example%2f", Host),
            ("did:web:а.example", Host),
            ("did:web:a.example/x", Host),
            ("did:web:a.example#k", Host),
            ("did:web:a.example:", Path),
            ("did:web:a.example:..", Path),
            ("did:web:a.example:x%20y", Path),
            ("did:web:a.example:x#k", Path),
            ("did:web:a.example:x?y", Path),
            ("did:key:z6Mk", Key),
            ("did:key:z6Mk0jB7dKeKciUSdJAiUUxZYoZ5kkJHZWtaPDX3uXvCZagV", Key),
            ("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv", Key),
        ] {
            assert_eq!(Did::parse(text), Err(error), "{text:?}");
        }
    }
}
