//! What server and signer say to each other over a Unix socket: one request a connection, whose end is the end of what the client
//! writes; then one answer, to its end. Lines end in `\n`; numbers are decimal, hashes, keys and signatures base64 (RFC 4648 §4).
//!
//! ```text
//! request   ethical-label-signer/v1 last
//! answer    ethical-label-signer/v1 ok
//!           <public key, 32 bytes>
//!           <size>                             of the last tree signed; 0 where there is none
//!
//! request   ethical-label-signer/v1 checkpoint
//!           old <size>                         what the proof begins with: the last size signed
//!           <hash>                             the consistency proof (RFC 9162 §2.1.4), at most 63 lines
//!           (an empty line)
//!           <the checkpoint's text>            c2sp.org/tlog-checkpoint, without signatures
//!
//! request   ethical-label-signer/v1 statement
//!           <the text>                         a head of a snapshot or of a supplement, without signatures
//!
//! answer    ethical-label-signer/v1 ok
//!           <signature, 64 bytes>              Ed25519 over exactly the text
//!
//! answer    ethical-label-signer/v1 no <reason>
//!           <why, for people>
//! ```

use std::fmt;

use primitives::{Hash, PublicKey, Signature, base64};

const VERSION: &str = "ethical-label-signer/v1";

/// Most bytes of a request: a proof of 63 hashes, and the largest note (c2sp.org/signed-note) with its own head around it.
pub(super) const MAX_REQUEST: u64 = 63 * 45 + tlog::MAX_NOTE_SIZE as u64 + 4096;

/// Most bytes of an answer.
pub(super) const MAX_ANSWER: u64 = 4096;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    Last,
    Checkpoint { old: u64, proof: Vec<Hash>, text: String },
    Statement { text: String },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Last { key: PublicKey, size: u64 },
    Signed(Signature),
    No { reason: String, why: String },
}

impl Request {
    /// `None` where it is no request of this version, or too long.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() as u64 > MAX_REQUEST {
            return None;
        }
        let (head, rest) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        match head.strip_prefix(VERSION)?.strip_prefix(' ')? {
            "last" if rest.is_empty() => Some(Self::Last),
            "statement" => Some(Self::Statement { text: rest.to_owned() }),
            "checkpoint" => {
                let (lines, text) = rest.split_once("\n\n")?;
                let mut lines = lines.split('\n');
                let old = tlog::parse_decimal(lines.next()?.strip_prefix("old ")?)?;
                let proof: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
                (proof.len() <= tlog::MAX_CONSISTENCY_HASHES).then(|| Self::Checkpoint {
                    old,
                    proof,
                    text: text.to_owned(),
                })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => writeln!(f, "{VERSION} last"),
            Self::Statement { text } => write!(f, "{VERSION} statement\n{text}"),
            Self::Checkpoint { old, proof, text } => {
                let proof: String = proof.iter().map(|hash| hash.to_base64() + "\n").collect();
                write!(f, "{VERSION} checkpoint\nold {old}\n{proof}\n{text}")
            }
        }
    }
}

impl Answer {
    /// `None` where it is no answer of this version.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        let head = head.strip_prefix(VERSION)?.strip_prefix(' ')?;
        if let Some(reason) = head.strip_prefix("no ") {
            let why = rest.strip_suffix('\n')?;
            // It goes into the operator's log.
            let is_plain = |text: &str| !text.chars().any(char::is_control);
            return (is_plain(reason) && is_plain(why))
                .then(|| Self::No { reason: reason.to_owned(), why: why.to_owned() });
        }
        if head != "ok" {
            return None;
        }
        let lines: Vec<&str> = rest.strip_suffix('\n')?.split('\n').collect();
        match lines.as_slice() {
            [signature] => Some(Self::Signed(Signature::from_bytes(base64::decode(signature)?.try_into().ok()?))),
            [key, size] => {
                let key = PublicKey::from_bytes(&base64::decode(key)?.try_into().ok()?).ok()?;
                Some(Self::Last { key, size: tlog::parse_decimal(size)? })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last { key, size } => write!(f, "{VERSION} ok\n{}\n{size}\n", base64::encode(key.as_bytes())),
            Self::Signed(signature) => write!(f, "{VERSION} ok\n{}\n", base64::encode(signature.as_bytes())),
            Self::No { reason, why } => write!(f, "{VERSION} no {reason}\n{}\n", why.replace(char::is_control, " ")),
        }
    }
}
