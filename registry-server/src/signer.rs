//! `registry-server signer`: the log key in a process of its own, which takes nobody's word for the tree that it signs.
//!
//! Who captures the server can ask it for signatures, and gets none that would make a second history: it signs a checkpoint only
//! with the proof that it extends the last one it signed, and remembers it durably before the signature leaves. It signs what the
//! server says of the log in two other forms, snapshot heads and heads of supplements, only about what it signed.
//!
//! | where | what |
//! |---|---|
//! | `wire` | the protocol |
//! | `record` | the last tree it signed |
//! | `judgement` | what is signed, and what is not |
//! | `remote` | the server's side: a [`primitives::Signer`] |
//!
//! **What the state is worth**: a signer that forgets it signs any tree as if it were the first that it sees. It cannot be made again
//! and must not be restored from a copy that is older than the last signature. Where it is lost, so is what this process is good for
//! until the operator has held the first tree against what the world has.

mod judgement;
mod record;
mod remote;
mod wire;

#[cfg(test)]
mod tests;

use std::fs::Permissions;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use primitives::Signer;

use crate::cli;
use crate::log_key::LogKey;
use judgement::Judgement;
pub(crate) use record::Lost;
pub(crate) use remote::{NoSigner, RemoteSigner};

/// A client that says nothing for so long is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// Answers on the socket, one request after the other, until the process is ended: at any moment, since nothing is half done.
pub(crate) fn run(arguments: cli::Signer, mut out: impl Write) -> anyhow::Result<()> {
    let cli::Signer { key, state, listen, group_may_connect, passphrase } = arguments;
    let key = LogKey::unlock(&key, &passphrase)?;
    let public_key = key.public_key();
    let judgement = Judgement::open(&state, key)?;
    let listener = bind(&listen, if group_may_connect { 0o660 } else { 0o600 })?;
    match judgement.last()? {
        Some(last) => writeln!(out, "last signed {} entries of {}, root {}", last.size(), last.origin(), last.root())?,
        None => writeln!(out, "has signed nothing yet: the first tree that it is asked for is taken as it is")?,
    }
    writeln!(out, "signs with key {}", primitives::base64::encode(public_key.as_bytes()))?;
    writeln!(out, "listening on unix:{}", listen.display())?;
    out.flush()?;
    for stream in listener.incoming() {
        if let Err(error) = stream.and_then(|stream| serve(&stream, &judgement)) {
            // Who hangs up gets no answer; the next one does.
            tracing::warn!(%error, "a request was cut off");
        }
    }
    Ok(())
}

fn serve(mut stream: &UnixStream, judgement: &Judgement) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut request = Vec::new();
    stream.take(wire::MAX_REQUEST + 1).read_to_end(&mut request)?;
    stream.write_all(judgement.answer(&request).to_string().as_bytes())
}

/// Listens on a path that nobody else can connect to before its mode is set: the socket is made in a private folder beside it, and
/// moved. A socket that a signer left behind is replaced, one that still answers is not.
fn bind(path: &Path, mode: u32) -> anyhow::Result<UnixListener> {
    if let Ok(there) = std::fs::symlink_metadata(path) {
        if !there.file_type().is_socket() {
            bail!("{} is there already and is no socket", path.display());
        }
        if UnixStream::connect(path).is_ok() {
            bail!("another process listens on {}", path.display());
        }
    }
    let mut name = path.file_name().context("the socket has no name")?.to_owned();
    name.push(format!(".{}", std::process::id()));
    let private = path.with_file_name(name);
    let made = (|| {
        std::fs::DirBuilder::new().mode(0o700).create(&private)?;
        let inside = private.join("s");
        let listener = UnixListener::bind(&inside)?;
        std::fs::set_permissions(&inside, Permissions::from_mode(mode))?;
        std::fs::rename(&inside, path)?;
        Ok::<_, std::io::Error>(listener)
    })();
    drop(std::fs::remove_dir_all(&private));
    made.with_context(|| format!("cannot listen on {}", path.display()))
}
