//! One witness, asked by HTTP (c2sp.org/tlog-witness, `add-checkpoint`). Nothing that it says is believed before it was checked.

use std::time::Duration;

use primitives::Timestamp;
use sequencer::ReadError;
use thiserror::Error;
use tlog::{AddCheckpoint, Note, NoteError, NoteSignature, OpenError, OpenedCheckpoint, Vkey, parse_decimal};

use crate::log::LogReader;

/// Largest answer read: a witness has a few keys, and an ML-DSA-44 line is 3.3 KB.
const ANSWER_BYTES: u64 = 32 * 1024;
/// How far two honest clocks lie apart (crate `verify`).
const CLOCKS_APART_MILLIS: u64 = 5 * 60 * 1000;

/// A witness, its address, and what it is known to have cosigned.
#[derive(Debug)]
pub(super) struct Asked {
    vkey: Vkey,
    url: String,
    log_keys: Vec<Vkey>,
    agent: ureq::Agent,
    /// Size of the last checkpoint that it is believed to have cosigned: it says so itself when that is wrong.
    old: u64,
}

/// Why there is no cosignature.
#[derive(Debug, Error)]
pub(super) enum AskError {
    #[error("it cannot be reached: {0}")]
    Network(String),
    #[error("its answer has more than {ANSWER_BYTES} bytes")]
    TooLarge,
    #[error("it answers {0}, which no witness does")]
    Status(u16),
    #[error("it says that it has no time for this now ({0})")]
    Busy(u16),
    #[error("it does not watch this log")]
    UnknownLog,
    #[error("it holds this log's signature for wrong")]
    Forbidden,
    #[error("it says that the request is malformed")]
    Malformed,
    #[error("it holds that this log contradicts the one that it saw")]
    Contradiction,
    #[error("it has cosigned {theirs} entries of this log, which has {ours}")]
    Ahead { theirs: u64, ours: u64 },
    #[error("its answer to another old size is no size, or the one that was sent")]
    NoSize,
    #[error("its answer is no signature lines: {0}")]
    NoLines(#[from] NoteError),
    #[error("its answer has no cosignature of the key that the trust file names")]
    OtherKey,
    #[error("its cosignature does not verify: {0}")]
    BadSignature(#[from] OpenError),
    #[error("it says that it is {0}, which is more than five minutes from this clock")]
    Clock(Timestamp),
    #[error("the proof for it could not be made: {0}")]
    Proof(#[from] ReadError),
}

impl AskError {
    /// A stable name for programs.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Network(_) => "network",
            Self::TooLarge => "answer_too_large",
            Self::Status(_) => "other_status",
            Self::Busy(_) => "busy",
            Self::UnknownLog => "unknown_log",
            Self::Forbidden => "forbidden",
            Self::Malformed => "malformed",
            Self::Contradiction => "contradiction",
            Self::Ahead { .. } => "ahead",
            Self::NoSize => "no_size",
            Self::NoLines(_) => "no_lines",
            Self::OtherKey => "other_key",
            Self::BadSignature(_) => "bad_signature",
            Self::Clock(_) => "clock",
            Self::Proof(_) => "no_proof",
        }
    }

    /// Tells the operator, once for as long as it stays the same.
    pub(super) fn report(&self, witness: &str) {
        let (code, hint) = (self.code(), self.hint());
        match self {
            // The witness may be wrong. If it is not, this registry is.
            Self::Contradiction | Self::Ahead { .. } => tracing::error!(witness, code, hint, "the witness: {self}"),
            Self::Network(_)
            | Self::TooLarge
            | Self::Status(_)
            | Self::Busy(_)
            | Self::UnknownLog
            | Self::Forbidden
            | Self::Malformed
            | Self::NoSize
            | Self::NoLines(_)
            | Self::OtherKey
            | Self::BadSignature(_)
            | Self::Clock(_)
            | Self::Proof(_) => tracing::warn!(witness, code, hint, "the witness: {self}"),
        }
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::UnknownLog | Self::Forbidden => "give its operator this registry's trust file",
            Self::OtherKey | Self::BadSignature(_) => "ask its operator for its key, and put it into the trust file",
            Self::Contradiction => "keep the data folder as it is: two trees under one key are the end of a registry",
            Self::Ahead { .. } => "this log lacks entries that it once had: was an old copy of it restored?",
            Self::Clock(_) => "hold this machine's clock against another",
            Self::Network(_)
            | Self::TooLarge
            | Self::Status(_)
            | Self::Busy(_)
            | Self::Malformed
            | Self::NoSize
            | Self::NoLines(_)
            | Self::Proof(_) => "it is asked again",
        }
    }
}

impl Asked {
    pub(super) fn new(vkey: Vkey, url: &str, log_keys: Vec<Vkey>, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("ethical-label-registry/1")
            .build();
        Self { vkey, url: format!("{url}/add-checkpoint"), log_keys, agent: config.into(), old: 0 }
    }

    pub(super) fn name(&self) -> &str {
        self.vkey.name()
    }

    pub(super) const fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    /// Asks for a cosignature of `note`, the checkpoint of what `log` reads. Blocks until there is one, or none.
    pub(super) fn ask(&mut self, log: &LogReader, note: &Note, now: Timestamp) -> Result<NoteSignature, AskError> {
        let ours = log.published().size;
        // The first answer may be the size from where it wants the proof.
        for _ in 0..2 {
            let proof = if self.old == 0 { Some(Vec::new()) } else { log.consistency(self.old)? };
            let Some(proof) = proof else { return Err(AskError::Ahead { theirs: self.old, ours }) };
            let request = AddCheckpoint { old: self.old, proof, checkpoint: note.clone() };
            let (status, body) = self.post(&request.to_string())?;
            match status {
                200 => {
                    let line = self.check(note, &body, now)?;
                    self.old = ours;
                    return Ok(line);
                }
                409 => {
                    let size = str::from_utf8(&body).ok().and_then(|body| parse_decimal(body.strip_suffix('\n')?));
                    let theirs = size.filter(|size| *size != self.old).ok_or(AskError::NoSize)?;
                    self.old = theirs;
                    if theirs > ours {
                        return Err(AskError::Ahead { theirs, ours });
                    }
                }
                400 => return Err(AskError::Malformed),
                403 => return Err(AskError::Forbidden),
                404 => return Err(AskError::UnknownLog),
                422 => return Err(AskError::Contradiction),
                429 | 503 => return Err(AskError::Busy(status)),
                other => return Err(AskError::Status(other)),
            }
        }
        Err(AskError::NoSize)
    }

    /// The cosignature among the lines of an answer, verified.
    fn check(&self, note: &Note, lines: &[u8], now: Timestamp) -> Result<NoteSignature, AskError> {
        let is_its = |line: &NoteSignature| line.id() == self.vkey.id() && line.name() == self.vkey.name();
        // Lines of keys that nobody named are ignored, as the specification has it.
        let line = NoteSignature::parse_lines(lines)?.into_iter().find(is_its).ok_or(AskError::OtherKey)?;
        let with = note.signatures().iter().cloned().chain([line.clone()]);
        let with = Note::from_parts(note.text(), with)?;
        let keys: Vec<Vkey> = self.log_keys.iter().chain([&self.vkey]).cloned().collect();
        let opened = OpenedCheckpoint::from_note(with, &keys)?;
        let time = opened.cosigners().first().ok_or(AskError::OtherKey)?.time();
        // From it counts how old the log's state is, and what the log dated is held against it.
        if time.millis().abs_diff(now.millis()) > CLOCKS_APART_MILLIS {
            return Err(AskError::Clock(time));
        }
        Ok(line)
    }

    fn post(&self, body: &str) -> Result<(u16, Vec<u8>), AskError> {
        let network = |error: ureq::Error| AskError::Network(error.to_string());
        let request = self.agent.post(&self.url).header("Content-Type", "text/plain; charset=utf-8");
        let mut answer = request.send(body.as_bytes()).map_err(network)?;
        let status = answer.status().as_u16();
        // One byte more than the limit tells an answer of exactly that size from an endless one.
        match answer.body_mut().with_config().limit(ANSWER_BYTES + 1).read_to_vec() {
            Ok(body) if body.len() as u64 <= ANSWER_BYTES => Ok((status, body)),
            Ok(_) | Err(ureq::Error::BodyExceedsLimit(_)) => Err(AskError::TooLarge),
            Err(error) => Err(network(error)),
        }
    }
}
