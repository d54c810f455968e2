//! The real server, as a process that can be killed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use primitives::Signer as _;
use tlog::{Quorum, Vkey};
use verify::Trust;

use crate::{Parties, binary};

/// A registry of its own in a folder; the process runs between [`Server::start`] and [`Server::kill`].
pub struct Server {
    folder: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Server {
    /// Makes a registry (`registry-server init`) in this folder, on a port that is free now.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn init(folder: &Path) -> Self {
        let port = free_port();
        let key = folder.join("accreditor.jwk");
        let origin = format!("localhost:{port}");
        fs::write(&key, Parties::new(&origin).accreditor.public_key().to_jwk()).expect("the folder is writable");
        let mut init = Command::new(binary("registry-server"));
        init.args(["init", "--origin", &origin, "--accreditor-did", Parties::accreditor_did().as_str()]);
        init.arg("--data").arg(folder.join("data")).arg("--accreditor-key").arg(&key);
        let output = init.output().expect("the server runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder: folder.to_owned(), port, child: None }
    }

    /// The registry's origin.
    pub fn origin(&self) -> String {
        format!("localhost:{}", self.port)
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Its trust file.
    ///
    /// # Panics
    /// When there is none.
    pub fn trust(&self) -> Trust {
        Trust::from_toml(&fs::read_to_string(self.data().join("trust.toml")).expect("a trust file"))
            .expect("a trust file")
    }

    /// Lets it ask a witness for its cosignature, and need it.
    ///
    /// # Panics
    /// Where one of them is not made yet.
    pub fn ask(&self, witness: &Self) {
        let key = key_file::plain::read(&witness.data().join("witness.key")).expect("a witness has a key");
        let vkey =
            Vkey::witness(&format!("{}/witness", witness.origin()), key.public_key()).expect("an origin is a name");
        let mut trust = self.trust();
        let registry = trust.registries.first_mut().expect("one was made");
        registry.quorum = Quorum::new(vec![vkey.clone()], 1).expect("one of one");
        registry.witness_urls = vec![(vkey, witness.url())];
        fs::write(self.data().join("trust.toml"), trust.to_toml()).expect("the folder is writable");
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// When it does not start; the panic shows its log.
    pub fn start(&mut self) {
        self.start_with(&[]);
    }

    /// The same, with more arguments.
    ///
    /// # Panics
    /// When it does not start; the panic shows its log.
    pub fn start_with(&mut self, arguments: &[&str]) {
        let log = self.folder.join("log.txt");
        let mut serve = Command::new(binary("registry-server"));
        serve.arg("serve").arg("--data").arg(self.data()).args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        serve.args(arguments).stdout(Stdio::piped()).stderr(fs::File::create(&log).expect("the folder is writable"));
        let mut child = serve.spawn().expect("the server runs");
        let mut ready = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut ready).expect("a line");
        assert!(ready.contains("listening"), "{ready}{}", fs::read_to_string(&log).unwrap_or_default());
        self.child = Some(child);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // One that has ended by itself needs no killing.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that is free now, and that no connection takes meanwhile: the system draws those of connections from 32768 up (Linux) or 49152
/// up (RFC 6335 §6). Each call of a process begins at a place of its own.
fn free_port() -> u16 {
    static CALLS: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 20_000;
    const COUNT: u16 = 12_000;
    let process = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap_or_default();
    let start = process.wrapping_add(CALLS.fetch_add(1, Ordering::Relaxed).wrapping_mul(397)) % COUNT;
    let mut ports = (0..COUNT).map(|step| FIRST + (start + step) % COUNT);
    ports.find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
