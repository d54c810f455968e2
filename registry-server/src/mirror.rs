//! `registry-server mirror`: another registry's log, followed and verified; served from a data folder, or kept as static files.
//!
//! A mirror signs nothing and needs no key. What it serves proves itself, by the log's signature and the witnesses'. It has nothing that is
//! private, and takes nothing in.
//!
//! ```text
//! <data>/journal/, signed, database/, snapshots/, checkpoints/, cosigned    as the registry has them: see `log`
//! <data>/mirrored, mirrored-ahead, contradiction-<digest>                   see `following`
//! <data>/snapshot-head                                                      the newest snapshot's head, as it came
//! <data>/did.json                                                           see `copies`
//! <data>/heard                                                              when the source was last heard of, within a minute
//! ```
//!
//! All of it can be lost: it is mirrored again.

mod copies;
mod following;
mod mirrored;
mod proofs;

use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use primitives::Timestamp;
use sequencer::{Clock as _, SystemClock, Timekeeper};
use tokio::sync::watch;
use verify::{Trust, TrustedRegistry};

use crate::anchors::{self, Anchors};
use crate::app::{App, Parts, Role};
use crate::causes;
use crate::cli::Mirror;
use crate::cosigned::CosignedLog;
use crate::cosigning::Cosigning;
use crate::counted;
use crate::follow_error::FollowError;
use crate::limits::Limits;
use crate::log::{self, Data};
use crate::log_source::LogSource;
use crate::serve::{Listeners, Server, Signals, read_trust, until_told, which};
use crate::snapshots::{Schedule, Snapshots};
use crate::status_lists::StatusLists;
use crate::tile_folder::TileFolder;
use crate::whole_file;
use copies::Copies;
use following::Follower;
pub(crate) use following::last;
pub(crate) use mirrored::Mirrored;
pub(crate) use proofs::Proofs;

/// Mirrors the log once, or for ever.
pub(crate) fn mirror(arguments: &Mirror, mut out: impl Write) -> anyhow::Result<()> {
    let in_data = || arguments.data.as_deref().map(|folder| Data::new(folder).trust());
    let trust = arguments.trust.clone().or_else(in_data).context("--trust or --data is needed")?;
    let trust = read_trust(&trust)?;
    let registry = which(&trust, arguments.origin.as_deref())?.clone();
    ensure!(
        arguments.data.is_none() || arguments.data != arguments.tiles,
        "--data and --tiles are one folder: what is in --tiles is for everybody, and what is in --data is not"
    );
    let source = LogSource::parse(&arguments.url);
    ensure!(matches!(source, LogSource::Server { .. }), "{:?} is no http:// or https:// URL", arguments.url);
    if let Some(data) = &arguments.data {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let done = runtime.block_on(served(arguments, data, &source, (trust, registry), out));
        // A request to a source that hangs has its own end.
        runtime.shutdown_background();
        return done;
    }
    let Some(tiles) = &arguments.tiles else { return Ok(()) };
    let mut folder = TileFolder::open(tiles, &registry)?;
    if arguments.once {
        return tiles_once(&mut folder, tiles, &source, &registry, &mut out);
    }
    follow_tiles(&mut folder, &source, &registry, arguments.every)
}

fn tiles_once(
    folder: &mut TileFolder,
    tiles: &Path,
    source: &LogSource,
    registry: &TrustedRegistry,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    folder.follow(source, registry)?;
    folder.follow_hours(source, registry)?;
    writeln!(out, "{} has {} of {}", tiles.display(), counted::entries(folder.size()), registry.policy.origin)?;
    Ok(())
}

fn follow_tiles(
    folder: &mut TileFolder,
    source: &LogSource,
    registry: &TrustedRegistry,
    every: u32,
) -> anyhow::Result<()> {
    let now = || anchors::hour(Timestamp::from_millis(SystemClock.wall_millis()));
    // The newest that is kept: there is nothing new to be had within it.
    let mut hour = String::new();
    loop {
        let followed = folder.follow(source, registry).and_then(|grew| {
            if hour < now() {
                hour = folder.follow_hours(source, registry)?;
            }
            Ok(grew)
        });
        match followed {
            Ok(true) => tracing::info!(entries = folder.size(), origin = %registry.policy.origin, "mirrored as files"),
            Ok(false) => {}
            Err(error) if error.may_pass() => {
                tracing::warn!(code = error.code(), hint = error.hint(), "{}", causes::told(&error));
            }
            Err(error) => return Err(error.into()),
        }
        thread::sleep(Duration::from_secs(every.into()));
    }
}

/// Mirrors into a data folder and serves it.
async fn served(
    arguments: &Mirror,
    data: &Path,
    source: &LogSource,
    (trust, registry): (Trust, TrustedRegistry),
    mut out: impl Write,
) -> anyhow::Result<()> {
    let mut signals = Signals::new()?;
    // First the addresses: a mistake there should not have to wait for a log to be read.
    let listeners =
        if arguments.once { None } else { Some(Listeners::open(arguments.listen, arguments.metrics_listen).await?) };
    let tiles = match &arguments.tiles {
        Some(tiles) => Some((tiles.clone(), TileFolder::open(tiles, &registry)?)),
        None => None,
    };
    let (stop, stopped) = watch::channel(false);
    let (app, mut follower) = open(data, source, (trust, registry.clone()), stopped).await?;
    let Some(listeners) = listeners else {
        let (follower, followed) = following::round(follower).await?;
        let size = follower.size();
        drop(follower);
        app.close().await.map_err(|failure| anyhow::anyhow!("the log stopped: {failure}"))?;
        followed?;
        writeln!(out, "{} has {} of {}", data.display(), counted::entries(size), registry.policy.origin)?;
        return match tiles {
            Some((tiles, mut folder)) => tiles_once(&mut folder, &tiles, source, &registry, &mut out),
            None => Ok(()),
        };
    };
    // Nothing is served before there is something to serve.
    while !follower.has_log() {
        let (back, wait) = tokio::select! {
            first = following::round(follower) => {
                let (back, followed) = first?;
                match followed {
                    Err(error) if !error.may_pass() => return Err(error.into()),
                    Ok(_) | Err(_) => (back, Duration::from_secs(arguments.every.into())),
                }
            }
            () = signals.told() => {
                stop.send_replace(true);
                return Ok(());
            }
        };
        follower = back;
        if !follower.has_log() {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = signals.told() => return Ok(()),
            }
        }
    }
    let mut server = Server::serve(app, listeners, stop)?;
    server.beside(tokio::spawn(following::keep(follower, Duration::from_secs(arguments.every.into()))));
    if let Some((_, folder)) = tiles {
        tiles_of(folder, format!("http://{}", server.address()), registry, arguments.every)?;
    }
    until_told(server, signals, out).await
}

/// Keeps static files of what this process itself serves: verified once more, and fetched from the registry once only. Its thread ends
/// with the process: the files are whole whenever it does.
fn tiles_of(mut folder: TileFolder, url: String, registry: TrustedRegistry, every: u32) -> std::io::Result<()> {
    let source = LogSource::parse(&url);
    let follow = move || {
        if let Err(error) = follow_tiles(&mut folder, &source, &registry, every) {
            let hint = error.downcast_ref().map(FollowError::hint);
            tracing::error!(hint, "no static files are written any more: {}", causes::told(error.as_ref()));
        }
    };
    thread::Builder::new().name("tiles".into()).spawn(follow).map(drop)
}

/// Opens what was mirrored before.
async fn open(
    folder: &Path,
    source: &LogSource,
    (trust, registry): (Trust, TrustedRegistry),
    stop: watch::Receiver<bool>,
) -> anyhow::Result<(Arc<App>, Follower)> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(|| folder.display().to_string())?;
    let data = Data::new(folder);
    let (origin, policy) = (registry.policy.origin.clone(), Arc::new(registry.policy.clone()));
    policy.check().context("trust file")?;
    let in_file = |file: PathBuf| move || file.display().to_string();
    let timekeeper = Arc::new(Timekeeper::new(SystemClock));
    let log = log::follow(data.clone(), registry.clone(), policy, Arc::clone(&timekeeper)).await?;
    // After the log, whose lock says what is wrong where two mirrors write one folder.
    let newest = last(&data, &registry)?;
    let copies = Copies::open(data.did(), &origin).with_context(in_file(data.did()))?;
    let mirrored = Mirrored::open(source.clone(), data.heard(), copies).with_context(in_file(data.heard()))?;
    let snapshots = Snapshots::new(data.snapshots(), None, Schedule::default());
    if let Some(head) = whole_file::read(&data.snapshot_head()).with_context(in_file(data.snapshot_head()))?
        && let Ok(opened) = verify::open_head(&head, &registry)
        && snapshots.body(&opened.index_digest().to_string()).is_some_and(|body| body.exists())
    {
        snapshots.show(head.into());
    }
    let cosigned = CosignedLog::open(folder, &registry, &log.current())?;
    let anchors = Anchors::open(data.checkpoints()).with_context(in_file(data.checkpoints()))?;
    let app = Arc::new(App::new(Parts {
        origin,
        trust,
        limits: Limits::default(),
        timekeeper,
        log,
        snapshots,
        cosigning: Cosigning::default(),
        cosigned,
        anchors,
        status_lists: StatusLists::new(None),
        role: Role::Mirror(Box::new(mirrored)),
    }));
    let follower = Follower::new(Arc::clone(&app), registry, data, newest, stop);
    follower.cosigned(&app.log())?;
    Ok((app, follower))
}
