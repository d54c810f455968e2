//! Where the log key is: in a file, in a PKCS#11 token, or in a signer's process.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use key_file::{KeyFile, KeyPlace, PassphraseSource, token};
use primitives::{PublicKey, SignError, Signature, Signer};
use sequencer::BeforeSigning;

use crate::keys::{self, KeyFileError};
use crate::signer::RemoteSigner;

/// Where the log key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogKeyPlace {
    /// In a file or a token, which this process opens.
    Key(KeyPlace),
    /// In another process, `registry-server signer`, which listens on this Unix socket.
    Signer(PathBuf),
}

impl LogKeyPlace {
    /// `unix:PATH` is a signer, `pkcs11:…` a token's key, all else a file.
    ///
    /// # Errors
    /// A socket without its `unix:`; what is wrong with a token's URI, which is not repeated: there may be a PIN in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with("unix:") {
            return socket(text).map(Self::Signer);
        }
        if std::fs::metadata(text).is_ok_and(|there| there.file_type().is_socket()) {
            return Err(format!("is a socket: a signer that listens there is unix:{text}"));
        }
        KeyPlace::parse(OsStr::new(text)).map(Self::Key).map_err(|error| error.to_string())
    }
}

/// As [`LogKeyPlace::parse`] reads it.
impl fmt::Display for LogKeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(place) => place.fmt(f),
            Self::Signer(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The path of `unix:PATH`.
pub(crate) fn socket(text: &str) -> Result<PathBuf, String> {
    match text.strip_prefix("unix:") {
        Some("") => Err("expected unix:PATH, as in unix:signer.sock".into()),
        Some(path) => Ok(path.into()),
        None => Err(format!("expected unix:PATH: write unix:{text}")),
    }
}

/// The public half of a log key. A token shows it without a PIN.
pub(crate) fn public(place: &LogKeyPlace, passphrase: &PassphraseSource) -> anyhow::Result<PublicKey> {
    match place {
        LogKeyPlace::Key(KeyPlace::Token(uri)) => Ok(token::public_half(uri)?.public),
        LogKeyPlace::Key(file) => Ok(LogKey::unlock(file, passphrase)?.public_key()),
        LogKeyPlace::Signer(path) => Ok(RemoteSigner::connect(path)?.public_key()),
    }
}

/// The log key, wherever it is: what signs, and what has to be told before it signs a tree.
#[derive(Clone)]
pub(crate) struct LogKey {
    signer: Arc<dyn Signer + Send + Sync>,
    remote: Option<Arc<RemoteSigner>>,
}

impl LogKey {
    /// A key that this process can use as it likes.
    fn of(signer: impl Signer + Send + Sync + 'static) -> Self {
        Self { signer: Arc::new(signer), remote: None }
    }

    /// Opens the key: `place`, or the file that `init` made.
    pub(crate) fn open(
        place: Option<&LogKeyPlace>,
        default: &Path,
        passphrase: &PassphraseSource,
    ) -> anyhow::Result<Self> {
        match place {
            None => Ok(Self::of(keys::read(default)?)),
            Some(LogKeyPlace::Key(place)) => Self::unlock(place, passphrase),
            Some(LogKeyPlace::Signer(path)) => {
                let remote = Arc::new(RemoteSigner::connect(path)?);
                Ok(Self { signer: Arc::clone(&remote) as _, remote: Some(remote) })
            }
        }
    }

    /// Opens a key in a file, plain or under a passphrase, or in a token.
    pub(crate) fn unlock(place: &KeyPlace, passphrase: &PassphraseSource) -> anyhow::Result<Self> {
        let path = match place {
            KeyPlace::Token(uri) => return Ok(Self::of(token::open(uri, passphrase)?)),
            KeyPlace::File(path) => path,
        };
        match keys::read(path) {
            Ok(key) => Ok(Self::of(key)),
            Err(KeyFileError::NotPlain(error)) => {
                let file = KeyFile::read(path).with_context(|| path.display().to_string())?;
                // Plain and in another form than `init` writes.
                if !file.is_encrypted() {
                    return Err(error.into());
                }
                let key = file.decrypt(&passphrase.existing(&path.display().to_string())?)?;
                Ok(Self::of(key))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What the sequencer signs with.
    pub(crate) fn signer(&self) -> Arc<dyn Signer + Send + Sync> {
        Arc::clone(&self.signer)
    }

    /// Whether a signer in another process is there. A key in this process is asked only to sign.
    pub(crate) fn answers(&self) -> bool {
        self.remote.as_ref().is_none_or(|remote| remote.answers())
    }

    /// What the sequencer has to tell before it signs, where the signer wants a proof.
    pub(crate) fn before_signing(&self) -> Option<BeforeSigning> {
        let remote = Arc::clone(self.remote.as_ref()?);
        Some(Arc::new(move |_, prove| remote.prepare(prove)))
    }
}

#[cfg(test)]
impl From<primitives::SecretKey> for LogKey {
    fn from(key: primitives::SecretKey) -> Self {
        Self::of(key)
    }
}

impl Signer for LogKey {
    fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.signer.sign(message)
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey(of {:?})", self.public_key())
    }
}
