//! How fast the registry is, held against what its cores can do at most.
//!
//! ```text
//! cargo run --release -p registry-server --example bench -- [write|verify|tiles|witness|signer|reopen|all] [--quick]
//! ```
//!
//! `reopen` writes a million attestations first: some minutes, and 4 GB in the temporary folder. `signer` starts this program once more,
//! as the signer's process. A real server with a journal and database in a temporary folder (`TMPDIR` says where), driven over loopback by 64
//! connections from the same machine: the load generator takes its share of the same cores. Every limit that a figure is
//! held against is measured in the same run. Nothing is asserted: figures are printed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod bare;
mod load;
#[path = "../../tests/support/parties.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod parties;
mod reopen;
mod signer;
mod tiles;
mod verify;
mod witness;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use parties::{Parties, accreditor_key, sign_accreditation};
use primitives::{SecretKey, Signer, base64};
use registry_server::{Config, Server};
use statement::Attestation;
use tokio::runtime::Runtime;

pub(crate) const CONNECTIONS: usize = 64;
const ORIGIN: &str = "registry.example";

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|first| first == "registry-server") {
        return registry_server::run(std::env::args_os().skip(1));
    }
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick =
        arguments.iter().position(|argument| argument == "--quick").map(|place| arguments.remove(place)).is_some();
    let scale = if quick { Scale::QUICK } else { Scale::FULL };
    let which = arguments.first().map_or("all", String::as_str);
    if !["write", "verify", "tiles", "witness", "signer", "reopen", "all"].contains(&which) || arguments.len() > 1 {
        eprintln!("usage: bench [write|verify|tiles|witness|signer|reopen|all] [--quick]");
        return ExitCode::from(2);
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{cores} cores, shared by server and load; {CONNECTIONS} connections\n");
    for (name, run) in [
        ("write", write::run as fn(Scale)),
        ("verify", verify::run),
        ("tiles", tiles::run),
        ("witness", witness::run),
        ("signer", signer::run),
        ("reopen", reopen::run),
    ] {
        if which == name || which == "all" {
            run(scale);
        }
    }
    ExitCode::SUCCESS
}

/// How much is done.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// Statements to warm up with; eight times as many are then sent.
    statements: u32,
    /// Labels judged that were not seen before.
    labels: u32,
    /// Attestations in the log that is opened again.
    reopened: u32,
    /// How long each round with known labels takes.
    round: Duration,
}

impl Scale {
    const FULL: Self = Self { statements: 5_000, labels: 60_000, reopened: 1_000_000, round: Duration::from_secs(2) };
    /// To see that it runs, or what it does under a profiler; its figures mean nothing.
    const QUICK: Self = Self { statements: 64, labels: 600, reopened: 2_000, round: Duration::from_millis(50) };
}

/// A registry with an accredited certifier, and a runtime of its own.
pub(crate) struct Registry {
    pub(crate) parties: Parties,
    pub(crate) server: Option<Server>,
    pub(crate) runtime: Runtime,
    data: PathBuf,
    _folder: tempfile::TempDir,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let (folder, parties) = (tempfile::tempdir().unwrap(), Parties::new(ORIGIN));
        let (data, arguments) = parties.init_arguments(folder.path());
        registry_server::run_to(arguments.into_iter().map(Into::into), std::io::sink());
        let mut registry = Self { parties, server: None, runtime: runtime("registry"), data, _folder: folder };
        registry.open();
        let accreditation = sign_accreditation(&registry.parties.accreditation());
        registry.post(vec![post(&accreditation)]);
        registry
    }

    /// Opens it, again.
    pub(crate) fn open(&mut self) {
        self.server = Some(self.runtime.block_on(Server::start(Config::new(self.data.clone()))).unwrap());
    }

    /// Closes it as its program does when told to stop.
    pub(crate) fn close(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop()).unwrap();
        }
    }

    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.server.as_ref().unwrap().address()
    }

    /// Sends these requests, one after the other.
    pub(crate) fn post(&self, requests: Vec<Vec<u8>>) {
        let (address, requests) = (self.address(), Arc::new(requests));
        let done = load::closed(address, 1, requests, None);
        assert_eq!(done.failed, 0, "{:?}", done.first_failure);
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.close();
    }
}

/// A runtime as the server's own program makes it, but for the names of its threads.
pub(crate) fn runtime(name: &str) -> Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().thread_name(name).build().unwrap()
}

/// Seconds of a core that threads of this name have taken so far (Linux; 0 elsewhere).
pub(crate) fn cpu_seconds(name: &str) -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanos = tasks.flatten().filter_map(|task| {
        let is_it = std::fs::read_to_string(task.path().join("comm")).ok()?.trim() == name;
        let stat = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        is_it.then(|| stat.split(' ').next().and_then(|nanos| nanos.parse::<u64>().ok()))?
    });
    nanos.sum::<u64>() as f64 / 1e9
}

/// Seconds of them that the kernel took: files and sockets (Linux; 0 elsewhere). To a hundredth for each thread.
pub(crate) fn kernel_seconds(name: &str) -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let ticks = tasks.flatten().filter_map(|task| {
        let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
        let (named, rest) = stat.rsplit_once(") ")?;
        let is_it = named.split_once('(').is_some_and(|(_, found)| found == name);
        is_it.then(|| rest.split(' ').nth(12)?.parse::<u64>().ok())?
    });
    ticks.sum::<u64>() as f64 / 100.0
}

/// Signs without opening the result again: signing many statements should not take longer than the benchmark.
pub(crate) fn sign(attestation: &Attestation, key: &SecretKey) -> String {
    let thumbprint = key.public_key().thumbprint();
    let header = format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{}#{thumbprint}"}}"#, attestation.issuer);
    let payload = base64::url_encode(&attestation.to_payload(&thumbprint));
    let signed = format!("{}.{payload}", base64::url_encode(header.as_bytes()));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}

pub(crate) fn post(jws: &str) -> Vec<u8> {
    format!(
        "POST /v1/statements HTTP/1.1\r\nhost: {ORIGIN}\r\ncontent-type: application/vc+jwt\r\ncontent-length: {}\r\n\r\n{jws}",
        jws.len()
    )
    .into_bytes()
}

pub(crate) fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: {ORIGIN}\r\n\r\n").into_bytes()
}

pub(crate) fn percent(part: f64, whole: f64) -> String {
    format!("{:.0} %", 100.0 * part / whole)
}

/// Keys of whom nobody else signs for.
pub(crate) fn certifier() -> SecretKey {
    let _ = accreditor_key;
    parties::certifier_key()
}
