//! A running registry in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use registry_server::{Config, Server};
use serde_json::Value;
use statement::Action;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::parties::{Parties, certifier_key, sign_accreditation, sign_attestation, sign_change};
use crate::wire::{self, Answer};

pub(crate) const ORIGIN: &str = "registry.example";

pub(crate) struct World {
    pub(crate) server: Option<Server>,
    pub(crate) runtime: Runtime,
    pub(crate) parties: Parties,
    pub(crate) data: PathBuf,
    pub(crate) config: Config,
    /// Held for as long as the registry needs it.
    _folder: TempDir,
}

impl World {
    /// A registry with an empty log.
    pub(crate) fn empty() -> Self {
        Self::with(|_| {})
    }

    /// The same, with something changed in how it is run.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::named(ORIGIN, change)
    }

    /// The same, with an origin of its own.
    pub(crate) fn named(origin: &str, change: impl FnOnce(&mut Config)) -> Self {
        Self::made(origin, &[], change)
    }

    /// The same, made with more arguments of `init`.
    pub(crate) fn made(origin: &str, more: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        let (folder, parties) = (tempfile::tempdir().unwrap(), Parties::new(origin));
        let (data, mut arguments) = parties.init_arguments(folder.path());
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        let exit = registry_server::run_to(arguments.into_iter().map(Into::into), std::io::sink());
        assert_eq!(format!("{exit:?}"), format!("{:?}", ExitCode::SUCCESS));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut config = Config::new(&data);
        change(&mut config);
        let server = runtime.block_on(Server::start(config.clone())).unwrap();
        Self { server: Some(server), runtime, parties, data, config, _folder: folder }
    }

    /// A registry whose log has the certifier's accreditation and one attestation, at index 1.
    pub(crate) fn with_attestation() -> Self {
        let world = Self::empty();
        world.accredit();
        assert_eq!(world.attest(0), 1);
        world
    }

    pub(crate) fn accredit(&self) {
        assert_eq!(self.post(&sign_accreditation(&self.parties.accreditation())).status, 201);
    }

    /// Attests the lot in this status slot; gives the index.
    pub(crate) fn attest(&self, slot: u32) -> u64 {
        let answer = self.post(&sign_attestation(&self.parties.attestation(slot), &certifier_key()));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["index"].as_u64().unwrap()
    }

    pub(crate) fn change(&self, action: Action, index: u64, after: Option<u64>) -> u64 {
        let answer = self.post(&sign_change(&self.parties.change(action, index, after)));
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["index"].as_u64().unwrap()
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn post(&self, jws: &str) -> Answer {
        self.send("POST /v1/statements", &[("content-type", "application/vc+jwt")], jws.as_bytes())
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.get_as(target, "*/*")
    }

    pub(crate) fn get_as(&self, target: &str, accept: &str) -> Answer {
        self.send(&format!("GET {target}"), &[("accept", accept)], b"")
    }

    pub(crate) fn send(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        wire::send(self.server().address(), self.parties.origin.as_str(), line, headers, body)
    }

    /// The verdict about a label, over the API.
    pub(crate) fn judge(&self, label: &str) -> Value {
        let answer = self.get(&format!("/v1/verify?label={}", query(label)));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) fn stop(&mut self) {
        let server = self.server.take().unwrap();
        self.runtime.block_on(server.stop()).unwrap();
    }

    pub(crate) fn start(&mut self) {
        self.server = Some(self.runtime.block_on(Server::start(self.config.clone())).unwrap());
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            drop(self.runtime.block_on(server.stop()));
        }
    }
}

/// A query value.
pub(crate) fn query(text: &str) -> String {
    label::percent::encode(text.as_bytes(), label::percent::Place::Query)
}

/// The path of a label's URL.
pub(crate) fn path(label: &str) -> &str {
    let rest = label.split_once("://").unwrap().1;
    &rest[rest.find('/').unwrap()..]
}

/// Data that the project shares but does not contain; `None`, with a word, where they are not at hand.
pub(crate) fn shared(test: &str, file: &str) -> Option<Vec<u8>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(file);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) if std::env::var_os("CI").is_none() => {
            println!("left out: {test}: no shared/data");
            None
        }
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
