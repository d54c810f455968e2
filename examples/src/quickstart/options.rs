//! Arguments, and the folder and port they come to.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
Starts a registry on this machine and goes the whole way of a label: accredit, attest, print, scan, verify.

Usage: cargo run --release --bin quickstart [-- OPTIONS]

  --once         stop at the end instead of leaving the server up
  --port PORT    listen on this port (default: a free one)
  --folder DIR   work in this new folder and keep it (default: a temporary one)
  --help         this text
";

#[derive(Default)]
pub(super) struct Options {
    pub(super) once: bool,
    port: Option<u16>,
    folder: Option<PathBuf>,
}

/// The folder everything happens in; a temporary one goes with this value.
pub(super) enum Folder {
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }
}

impl Options {
    /// `None` where only help was asked for.
    pub(super) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--once" => options.once = true,
                "--port" => options.port = Some(value()?.parse().context("--port takes a number from 1 to 65535")?),
                "--folder" => options.folder = Some(value()?.into()),
                "--help" | "-h" => {
                    print!("{HELP}");
                    return Ok(None);
                }
                _ => bail!("unknown argument {argument:?}; see --help"),
            }
        }
        Ok(Some(options))
    }

    pub(super) fn folder(&self) -> Result<Folder> {
        match &self.folder {
            None => Ok(Folder::Temporary(tempfile::tempdir()?)),
            Some(path) => {
                std::fs::create_dir(path).with_context(|| format!("cannot make the new folder {}", path.display()))?;
                Ok(Folder::Kept(path.canonicalize()?))
            }
        }
    }

    /// The port asked for, or one that is free now.
    pub(super) fn port(&self) -> Result<u16> {
        let wanted = self.port.unwrap_or(0);
        let listener =
            TcpListener::bind(("127.0.0.1", wanted)).with_context(|| format!("port {wanted} is not free"))?;
        Ok(listener.local_addr()?.port())
    }
}
