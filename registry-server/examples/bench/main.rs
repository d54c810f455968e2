//! How fast the registry is, held against what its cores can do at most.
//!
//! ```text
//! cargo run --release -p registry-server --example bench -- [write|verify|all]
//! ```
//!
//! A real server with a journal and database in a temporary folder (`TMPDIR` says where), driven over loopback by 64
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
mod verify;
mod write;

use std::sync::Arc;

use parties::{Parties, accreditor_key, sign_accreditation};
use primitives::{SecretKey, Signer, base64};
use registry_server::{Config, Server};
use statement::Attestation;
use tokio::runtime::Runtime;

pub(crate) const CONNECTIONS: usize = 64;
const ORIGIN: &str = "registry.example";

fn main() {
    let which = std::env::args().nth(1).unwrap_or_else(|| "all".into());
    if !["write", "verify", "all"].contains(&which.as_str()) {
        eprintln!("usage: bench [write|verify|all]");
        std::process::exit(2);
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{cores} cores, shared by server and load; {CONNECTIONS} connections\n");
    if which != "verify" {
        write::run();
    }
    if which != "write" {
        verify::run();
    }
}

/// A registry with an accredited certifier, and a runtime of its own.
pub(crate) struct Registry {
    pub(crate) parties: Parties,
    pub(crate) server: Option<Server>,
    pub(crate) runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Registry {
    pub(crate) fn start() -> Self {
        let (folder, parties) = (tempfile::tempdir().unwrap(), Parties::new(ORIGIN));
        let (data, arguments) = parties.init_arguments(folder.path());
        registry_server::run_to(arguments.into_iter().map(Into::into), std::io::sink());
        let runtime = runtime();
        let server = runtime.block_on(Server::start(Config::new(data))).unwrap();
        let registry = Self { parties, server: Some(server), runtime, _folder: folder };
        let accreditation = sign_accreditation(&registry.parties.accreditation());
        registry.post(vec![post(&accreditation)]);
        registry
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
        if let Some(server) = self.server.take() {
            drop(self.runtime.block_on(server.stop()));
        }
    }
}

/// A runtime as the server's own program makes it.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
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
