//! `registry-server serve`: opens the log, listens, and stops in good order.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use key_file::PassphraseSource;
use primitives::Signer;
use sequencer::{SystemClock, Timekeeper};
use statement::Origin;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{info, warn};
use verify::{Trust, TrustedRegistry};

use crate::anchors::Anchors;
use crate::app::{App, Parts};
use crate::clearances::Clearances;
use crate::cosigned::CosignedLog;
use crate::cosigning::{self, Cosigning};
use crate::http::connection;
use crate::limits::Limits;
use crate::log::{Data, Setup};
use crate::log_key::{LogKey, LogKeyPlace};
use crate::receipts::Receipts;
use crate::reports::Reports;
use crate::scans::{self, Scans};
use crate::snapshots::{self, Schedule, Snapshots};
use crate::status_lists::StatusLists;
use crate::witness::Witness;
use crate::{identity, keys, log, ml_dsa_key, routes};

/// What a registry is run with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of its data, as `init` made it.
    pub data: PathBuf,
    /// The trust file, where it is not `trust.toml` in that folder.
    pub trust: Option<PathBuf>,
    /// Trust files of other registries, whose logs this one watches as a witness.
    pub witness_trust: Vec<PathBuf>,
    /// Which registry of the trust file, where it names several.
    pub origin: Option<String>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where to answer Prometheus.
    pub metrics_listen: Option<SocketAddr>,
    /// Where the log key is, if not in the file that `init` made.
    pub log_key: Option<LogKeyPlace>,
    /// Where the log key's passphrase or PIN comes from.
    pub passphrase: PassphraseSource,
    /// The operator says that the clock is right, though the newest entry is old.
    pub clock_ok: bool,
    /// The operator says that the journal is the newest there is, though the file `signed` is gone.
    pub journal_ok: bool,
    /// When snapshots are made, and how long they are good for.
    pub snapshots: Schedule,
    /// How witnesses of this log are asked.
    pub cosigning: Cosigning,
    /// Bounds on clients.
    pub limits: Limits,
}

impl Config {
    /// A registry in this folder, on a free port of this machine.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            trust: None,
            witness_trust: Vec::new(),
            origin: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            metrics_listen: None,
            log_key: None,
            passphrase: PassphraseSource::default(),
            clock_ok: false,
            journal_ok: false,
            snapshots: Schedule::default(),
            cosigning: Cosigning::default(),
            limits: Limits::default(),
        }
    }
}

/// A running registry.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    serving: Vec<JoinHandle<usize>>,
    snapshots: JoinHandle<()>,
    cosigning: JoinHandle<()>,
    scans: JoinHandle<()>,
}

impl Server {
    /// Opens the log and listens. Must be called within a Tokio runtime with several threads.
    ///
    /// # Errors
    /// When the trust file, a key, the log or an address cannot be used.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        // First the addresses: a mistake there should not have to wait for a log to be read back.
        let listener = listen(config.listen).await?;
        let metrics_listener = match config.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let (address, limits) = (listener.local_addr()?, config.limits.clone());
        let app = Arc::new(open(config).await?);
        hint_at_port(&app.origin, address);
        let (stop, _) = watch::channel(false);
        let (open, router) = (app.metrics.connections.clone(), routes::router(&app));
        let mut serving = vec![tokio::spawn(serve(listener, router, limits.clone(), open, stop.subscribe()))];
        let metrics_address = metrics_listener.as_ref().map(TcpListener::local_addr).transpose()?;
        if let Some(listener) = metrics_listener {
            let router = routes::metrics_router(&app);
            let few = Limits { connections: 16, ..limits };
            serving.push(tokio::spawn(serve(
                listener,
                router,
                few,
                prometheus_client::metrics::gauge::Gauge::default(),
                stop.subscribe(),
            )));
        }
        let snapshots = tokio::spawn(snapshots::keep(Arc::clone(&app), stop.subscribe()));
        let cosigning = tokio::spawn(cosigning::keep(Arc::clone(&app), stop.subscribe()));
        let scans = tokio::spawn(scans::keep(Arc::clone(&app), stop.subscribe()));
        Ok(Self { app, address, metrics_address, stop, serving, snapshots, cosigning, scans })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it answers Prometheus.
    pub const fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Accepts nothing more, answers what is in work, commits what waits, and closes the log.
    ///
    /// # Errors
    /// The failure that had stopped the log, if one had.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        for task in self.serving {
            let busy = task.await?;
            if busy > 0 {
                warn!(busy, "connections were cut off: their requests took too long");
            }
        }
        self.snapshots.await?;
        self.cosigning.await?;
        self.scans.await?;
        self.app.close().await.map_err(|failure| anyhow::anyhow!("the log stopped earlier: {failure}"))
    }
}

async fn serve(
    listener: TcpListener,
    router: axum::Router,
    limits: Limits,
    open: prometheus_client::metrics::gauge::Gauge,
    mut stop: watch::Receiver<bool>,
) -> usize {
    let stopped = async move {
        // An error means that the server was dropped.
        drop(stop.wait_for(|stop| *stop).await);
    };
    connection::serve(listener, router, &limits, open, stopped).await
}

/// Runs until the process is told to stop.
pub(crate) async fn run(config: Config, mut out: impl Write) -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = Server::start(config).await?;
    if let Some(address) = server.metrics_address() {
        writeln!(out, "metrics on http://{address}/metrics")?;
    }
    writeln!(out, "listening on http://{}", server.address())?;
    out.flush()?;
    info!(address = %server.address(), origin = %server.app.origin, entries = server.app.log().published().size, "ready");
    let mut told = async || tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} };
    told().await;
    info!("stopping");
    tokio::select! {
        stopped = server.stop() => stopped,
        () = told() => bail!("told twice to stop: requests in work were cut off"),
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

async fn open(config: Config) -> anyhow::Result<App> {
    let Config {
        data,
        trust,
        witness_trust,
        origin,
        log_key,
        passphrase,
        clock_ok,
        journal_ok,
        snapshots,
        cosigning,
        limits,
        ..
    } = config;
    let data = Data::new(&data);
    let trust = read_trust(&trust.unwrap_or_else(|| data.trust()))?;
    let registry = which(&trust, origin.as_deref())?;
    let trusted = registry.clone();
    let (policy, origin) = (Arc::new(registry.policy.clone()), registry.policy.origin.clone());
    policy.check().context("trust file")?;
    // To a thread of its own: it may ask for a PIN, or wait for another process.
    let default = data.log_key();
    let key = tokio::task::spawn_blocking(move || LogKey::open(log_key.as_ref(), &default, &passphrase)).await??;
    let vkey = tlog::Vkey::log(origin.as_str(), key.public_key())?;
    if !registry.log_keys.contains(&vkey) {
        bail!("the trust file does not name the key of this log: {vkey}");
    }
    let also_sign = ml_dsa_key::also_sign(&data.ml_dsa_key(), registry)?;
    let status_key = keys::read(&data.status_key())?;
    let others = witness_trust.into_iter().map(|file| Ok((file.clone(), read_trust(&file)?)));
    let others = others.collect::<anyhow::Result<Vec<_>>>()?;
    // Made here where `init` was an older one's.
    let witness_key = keys::read_or_create(&data.witness_key())?;
    let witness = Witness::open(data.witness(), &origin, witness_key, &others)?;
    for origin in witness.origins() {
        info!(origin, as_witness = %witness.vkey(), "watching a log");
    }
    let anchors_folder = data.checkpoints();
    let anchors = Anchors::open(anchors_folder.clone()).with_context(|| anchors_folder.display().to_string())?;
    let snapshots = Snapshots::new(data.snapshots(), key.clone(), snapshots);
    let (folder, supplement_key) = (data.folder().to_owned(), key.clone());
    let did_document = identity::document(&origin, &status_key.public_key()).into();
    let timekeeper = Arc::new(Timekeeper::new(SystemClock));
    let log =
        log::start(Setup { data, policy, key, also_sign, timekeeper: Arc::clone(&timekeeper), clock_ok, journal_ok })
            .await?;
    let cosigned = CosignedLog::open(&folder, &trusted, &log.current())?;
    // After the log, whose lock names what is wrong where two servers run on one folder.
    let today = primitives::Timestamp::from_millis(timekeeper.now_millis()).day();
    let (private, reports, scans) = tokio::task::spawn_blocking(move || {
        let private = Arc::new(store::Private::open(folder)?);
        let reports = Reports::open(Arc::clone(&private), &trusted)?;
        let scans = Scans::open(Arc::clone(&private), today)?;
        anyhow::Ok((private, reports, scans))
    })
    .await??;
    let clearances = Clearances::open(private, supplement_key, &log.current()).await?;
    let receipts = Receipts::new(status_key.clone());
    let status_lists = StatusLists::new(status_key);
    Ok(App::new(Parts {
        origin,
        trust,
        did_document,
        limits,
        timekeeper,
        log,
        snapshots,
        cosigning,
        cosigned,
        anchors,
        witness,
        clearances,
        reports,
        scans,
        status_lists,
        receipts,
    }))
}

pub(crate) fn read_trust(file: &Path) -> anyhow::Result<Trust> {
    let text = std::fs::read_to_string(file).with_context(|| format!("trust file {}", file.display()))?;
    Trust::from_toml(&text).with_context(|| file.display().to_string())
}

pub(crate) fn which<'a>(trust: &'a Trust, origin: Option<&str>) -> anyhow::Result<&'a TrustedRegistry> {
    match (origin, trust.registries.as_slice()) {
        (Some(origin), _) => {
            let origin = Origin::parse(origin).with_context(|| format!("--origin {origin:?}"))?;
            trust.registry(&origin).with_context(|| format!("the trust file names no registry {origin}"))
        }
        (None, [only]) => Ok(only),
        (None, []) => bail!("the trust file names no registry"),
        (None, several) => bail!("the trust file names {} registries: say which with --origin", several.len()),
    }
}

/// A registry on this machine whose labels lead to another port than it listens on is most likely a slip.
fn hint_at_port(origin: &Origin, address: SocketAddr) {
    let port = origin.as_str().split_once(':').map_or("80", |(_, port)| port);
    if origin.is_loopback() && port != address.port().to_string() {
        warn!(%origin, %address, "labels lead to the origin, and this server listens on another port");
    }
}
