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
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{info, warn};
use verify::{Trust, TrustedRegistry};

use crate::anchors::Anchors;
use crate::app::{App, Own, Parts, Role};
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
use crate::{identity, keys, log, lost_log, ml_dsa_key, routes};

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
    background: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens the log and listens. Must be called within a Tokio runtime with several threads.
    ///
    /// # Errors
    /// When the trust file, a key, the log or an address cannot be used.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        // First the addresses: a mistake there should not have to wait for a log to be read back.
        let listeners = Listeners::open(config.listen, config.metrics_listen).await?;
        let app = Arc::new(open(config).await?);
        hint_at_port(&app.origin, listeners.public.local_addr()?);
        let (stop, stopped) = watch::channel(false);
        let mut server = Self::serve(Arc::clone(&app), listeners, stop)?;
        server.background.push(tokio::spawn(snapshots::keep(Arc::clone(&app), stopped.clone())));
        server.background.push(tokio::spawn(cosigning::keep(Arc::clone(&app), stopped.clone())));
        if let Ok(own) = app.own() {
            server.background.push(tokio::spawn(scans::keep(Arc::clone(&own.scans), stopped)));
        }
        Ok(server)
    }

    /// Answers requests until `stop` says so.
    pub(crate) fn serve(app: Arc<App>, listeners: Listeners, stop: watch::Sender<bool>) -> anyhow::Result<Self> {
        let Listeners { public: listener, metrics: metrics_listener } = listeners;
        let (address, limits) = (listener.local_addr()?, app.limits.clone());
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
        Ok(Self { app, address, metrics_address, stop, serving, background: Vec::new() })
    }

    /// Something that is to end before the log is closed.
    pub(crate) fn beside(&mut self, task: JoinHandle<()>) {
        self.background.push(task);
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
        for task in self.background {
            task.await?;
        }
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
pub(crate) async fn run(config: Config, out: impl Write) -> anyhow::Result<()> {
    let signals = Signals::new()?;
    let server = Server::start(config).await?;
    until_told(server, signals, out).await
}

/// What tells the process to stop.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for one.
    pub(crate) async fn told(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {} _ = self.interrupt.recv() => {} }
    }
}

/// Says where the server listens, and stops it in good order when the process is told to.
pub(crate) async fn until_told(server: Server, mut signals: Signals, mut out: impl Write) -> anyhow::Result<()> {
    if let Some(address) = server.metrics_address() {
        writeln!(out, "metrics on http://{address}/metrics")?;
    }
    writeln!(out, "listening on http://{}", server.address())?;
    out.flush()?;
    info!(address = %server.address(), origin = %server.app.origin, entries = server.app.log().published().size, "ready");
    signals.told().await;
    info!("stopping");
    tokio::select! {
        stopped = server.stop() => stopped,
        () = signals.told() => bail!("told twice to stop: requests in work were cut off"),
    }
}

/// Where the server listens.
pub(crate) struct Listeners {
    pub(crate) public: TcpListener,
    metrics: Option<TcpListener>,
}

impl Listeners {
    pub(crate) async fn open(public: SocketAddr, metrics: Option<SocketAddr>) -> anyhow::Result<Self> {
        let public = listen(public).await?;
        let metrics = match metrics {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        Ok(Self { public, metrics })
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
    // Before a PIN is asked for, and before anything is made in the folder. To a thread of its own: it may wait for witnesses.
    let (looked, asked, time) = (data.clone(), trusted.clone(), cosigning.timeout);
    tokio::task::spawn_blocking(move || lost_log::check(&looked, &asked, time)).await??;
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
    let snapshots = Snapshots::new(data.snapshots(), Some(key.clone()), snapshots);
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
    let status_lists = StatusLists::new(Some(status_key));
    let own = Own { did_document, witness, clearances, reports, scans: Arc::new(scans), receipts };
    Ok(App::new(Parts {
        origin,
        trust,
        limits,
        timekeeper,
        log,
        snapshots,
        cosigning,
        cosigned,
        anchors,
        status_lists,
        role: Role::Registry(Box::new(own)),
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
