//! The server's side of the signer: a [`Signer`] that asks the process which has the key.
//!
//! A signer that is gone is an error like that of a token which was pulled out: the log takes nothing more, reading goes on, and
//! the log is opened again when it answers.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use primitives::{Hash, PublicKey, SignError, Signature, Signer};
use registry::SNAPSHOT_VERSION;
use thiserror::Error;
use verify::SUPPLEMENT_VERSION;

use super::wire::{Answer, MAX_ANSWER, Request};

/// A signer that says nothing for so long is taken for gone. It waits for its disk, and a token may take a second.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct RemoteSigner {
    path: PathBuf,
    public_key: PublicKey,
    /// What proves the tree that is signed next.
    extension: Mutex<Extension>,
}

/// Why there is no signer to begin with.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct NoSigner(pub(crate) String);

#[derive(Debug, Default)]
struct Extension {
    old: u64,
    proof: Vec<Hash>,
}

impl RemoteSigner {
    /// Asks the signer behind this socket for its key.
    ///
    /// # Errors
    /// When nobody answers there, or not as a signer does.
    pub(crate) fn connect(path: &Path) -> Result<Self, NoSigner> {
        match ask(path, &Request::Last).map_err(|SignError(why)| NoSigner(why))? {
            Answer::Last { key, .. } => {
                Ok(Self { path: path.to_owned(), public_key: key, extension: Mutex::default() })
            }
            other @ (Answer::Signed(_) | Answer::No { .. }) => Err(NoSigner(unexpected(path, &other).0)),
        }
    }

    /// Whether it answers.
    pub(crate) fn answers(&self) -> bool {
        ask(&self.path, &Request::Last).is_ok()
    }

    /// To be called before a tree is signed: finds out what the signer has, and keeps the proof that the tree extends it. What goes wrong
    /// here shows when it is asked to sign.
    pub(crate) fn prepare(&self, prove: &dyn Fn(u64) -> Option<Vec<Hash>>) {
        let old = match ask(&self.path, &Request::Last) {
            Ok(Answer::Last { size, .. }) => size,
            Ok(_) | Err(_) => 0,
        };
        // Where there is none, the tree is smaller than what is signed: the signer says so.
        let proof = prove(old).unwrap_or_default();
        *self.extension.lock().unwrap_or_else(PoisonError::into_inner) = Extension { old, proof };
    }
}

impl Signer for RemoteSigner {
    fn public_key(&self) -> PublicKey {
        self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let text = str::from_utf8(message).map_err(|_| SignError("the signer signs text only".into()))?.to_owned();
        let kind = text.split('\n').next().unwrap_or_default();
        let request = if kind == SNAPSHOT_VERSION || kind == SUPPLEMENT_VERSION {
            Request::Statement { text }
        } else {
            let Extension { old, proof } =
                std::mem::take(&mut *self.extension.lock().unwrap_or_else(PoisonError::into_inner));
            Request::Checkpoint { old, proof, text }
        };
        match ask(&self.path, &request)? {
            // Not believed, as no token is: another key may have taken the socket's place.
            Answer::Signed(signature) if self.public_key.verify_strict(message, &signature).is_ok() => Ok(signature),
            Answer::Signed(_) => {
                Err(SignError(format!("the signer on {} signed with another key", self.path.display())))
            }
            other @ (Answer::Last { .. } | Answer::No { .. }) => Err(unexpected(&self.path, &other)),
        }
    }
}

fn unexpected(path: &Path, answer: &Answer) -> SignError {
    let path = path.display();
    SignError(match answer {
        Answer::No { reason, why } => format!("the signer on {path} refuses: {why} [{reason}]"),
        Answer::Last { .. } | Answer::Signed(_) => format!("the signer on {path} answers what it was not asked"),
    })
}

fn ask(path: &Path, request: &Request) -> Result<Answer, SignError> {
    let gone = |error: io::Error| SignError(format!("the signer on {} does not answer: {error}", path.display()));
    let answer = exchange(path, request.to_string().as_bytes()).map_err(gone)?;
    Answer::parse(&answer)
        .ok_or_else(|| SignError(format!("what answers on {} is no signer of this version", path.display())))
}

fn exchange(path: &Path, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    Ok(answer)
}
