//! `registry-server mirror`: another registry's log as static files, followed and verified.
//!
//! A mirror signs nothing and needs no key. What it serves proves itself, by the log's signature and the witnesses'.

use std::io::Write;
use std::thread;
use std::time::Duration;

use anyhow::ensure;

use crate::cli::Mirror;
use crate::log_source::LogSource;
use crate::serve::{read_trust, which};
use crate::tile_folder::TileFolder;

/// Mirrors the log once, or for ever.
pub(crate) fn mirror(arguments: &Mirror, out: &mut impl Write) -> anyhow::Result<()> {
    let trust = read_trust(&arguments.trust)?;
    let registry = which(&trust, arguments.origin.as_deref())?;
    let source = LogSource::parse(&arguments.url);
    ensure!(matches!(source, LogSource::Server { .. }), "{:?} is no http:// or https:// URL", arguments.url);
    let mut folder = TileFolder::open(&arguments.tiles, registry)?;
    let (origin, tiles) = (&registry.policy.origin, arguments.tiles.display());
    if arguments.once {
        folder.follow(&source, registry)?;
        writeln!(out, "{tiles} has {} entries of {origin}", folder.size())?;
        return Ok(());
    }
    loop {
        match folder.follow(&source, registry) {
            Ok(true) => tracing::info!(entries = folder.size(), %origin, "mirrored"),
            Ok(false) => {}
            Err(error) if error.may_pass() => {
                tracing::warn!(code = error.code(), hint = error.hint(), "{error:#}");
            }
            Err(error) => return Err(error.into()),
        }
        thread::sleep(Duration::from_secs(arguments.every.into()));
    }
}
