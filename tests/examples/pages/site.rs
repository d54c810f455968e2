//! The registry that is looked at: the real server, and what is sent to it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use statement::Origin;
use tests::{Parties, Server};

/// Whom concerns are sealed for: the recipient that age's own documentation has.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// A page to look at.
#[derive(Serialize)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) path: String,
    /// Of a verdict page.
    pub(crate) outcome: Option<&'static str>,
    /// Whether names in it are hostile.
    pub(crate) hostile: bool,
    /// Texts that it must show as they are.
    pub(crate) shows: Vec<String>,
}

impl Page {
    pub(crate) fn new(name: &str, path: impl Into<String>) -> Self {
        Self { name: name.into(), path: path.into(), outcome: None, hostile: false, shows: Vec::new() }
    }
}

/// A running registry.
pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) parties: Parties,
    pub(crate) origin: Origin,
    agent: ureq::Agent,
}

impl Site {
    /// Makes a registry in this folder and starts it.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut server = Server::init(folder);
        // The name that people read; `Server::init` leaves it to be the DID.
        let file = server.data().join("trust.toml");
        let trust = fs::read_to_string(&file).expect("a trust file");
        let did = Parties::accreditor_did();
        let named = trust.replace(
            &format!("name = \"{did}\""),
            &format!("name = \"Fair Rugs Authority\"\nreports = \"{RECIPIENT}\""),
        );
        assert_ne!(named, trust, "the trust file names the accreditor");
        fs::write(&file, named).expect("the folder is writable");
        server.start();
        let origin = Origin::parse(&server.origin()).expect("an origin");
        let parties = Parties::new(origin.as_str());
        let config =
            ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).http_status_as_error(false);
        Self { server, parties, origin, agent: config.build().into() }
    }

    /// Sends a statement; gives its index, or the code of the problem.
    pub(crate) fn send(&self, jws: &str) -> Result<u64, String> {
        let url = format!("{}/v1/statements", self.server.url());
        let mut answer =
            self.agent.post(url).header("Content-Type", "application/vc+jwt").send(jws).expect("the registry answers");
        let body: serde_json::Value =
            serde_json::from_slice(&answer.body_mut().read_to_vec().expect("a whole answer")).expect("JSON");
        let code = || body.get("code").and_then(|code| code.as_str()).unwrap_or("?").to_owned();
        body.get("index").and_then(serde_json::Value::as_u64).ok_or_else(code)
    }

    /// The same, of a statement that the registry must take.
    pub(crate) fn register(&self, jws: &str) -> u64 {
        self.send(jws).expect("a statement that the registry takes")
    }
}

/// The path of a label's URL.
pub(crate) fn path(label: &str) -> String {
    let rest = label.split_once("://").map_or(label, |(_, rest)| rest);
    rest.split_once('/').map_or_else(String::new, |(_, path)| format!("/{path}"))
}

/// The path on which any label's text is judged.
pub(crate) fn verify_path(label: &str) -> String {
    format!("/v1/verify?label={}", query(label))
}

/// A query value.
pub(crate) fn query(text: &str) -> String {
    label::percent::encode(text.as_bytes(), label::percent::Place::Query)
}
