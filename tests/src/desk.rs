//! An accreditor's and a certifier's desk beside a running registry: the real `certifier` and `verifier`, in one folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use primitives::SecretKey;
use statement::Did;

use crate::{Parties, Server, binary};

/// A registry and a folder that the programs run in.
pub struct Desk {
    folder: tempfile::TempDir,
    /// The registry.
    pub server: Server,
    /// What every program gets in its environment.
    pub environment: Vec<(String, PathBuf)>,
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status.
    pub status: Option<i32>,
    /// All that it said.
    pub said: String,
}

impl Desk {
    /// Starts a registry, and lays the accreditor's key beside it: `accreditor.key` with `accreditor.jwk`.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut server = Server::init(folder.path());
        server.start_with(&["--snapshot-every", "1"]);
        let desk = Self { folder, server, environment: Vec::new() };
        let parties = Parties::new(&desk.server.origin());
        // The registry was made with the key alone; here it says whose it is.
        fs::remove_file(desk.path("accreditor.jwk")).expect("the registry was made with it");
        desk.key("accreditor", &Parties::accreditor_did(), &parties.accreditor);
        for name in ["accreditation.toml", "lot.toml"] {
            let text = fs::read_to_string(crate::root().join("examples/data").join(name)).expect("a sample");
            desk.write(name, text);
        }
        desk
    }

    /// A file of the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("the folder is writable");
    }

    /// Lays a key that is not encrypted, and its public half, into the folder.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn key(&self, name: &str, did: &Did, key: &SecretKey) {
        self.write(format!("{name}.key"), &**key_file::plain::to_pem(key));
        let key = format!("{name}.key");
        self.certifier(&["public", "--did", did.as_str(), "--key", &key, "--allow-unencrypted-key"]).succeeds();
    }

    /// A program, ready to run in the folder.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary(program));
        command.current_dir(self.folder.path()).args(arguments).env("NO_COLOR", "1");
        command.env("ETHICAL_LABEL_TRUST", self.path("data/trust.toml")).env("XDG_STATE_HOME", self.path("state"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs `certifier`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn certifier(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command("certifier", arguments).output().expect("it starts"))
    }

    /// Runs `certifier` as the accreditor.
    ///
    /// # Panics
    /// When it does not start.
    pub fn accreditor(&self, arguments: &[&str]) -> Ran {
        self.certifier(&[arguments, &["--key", "accreditor.key", "--allow-unencrypted-key"]].concat())
    }
}

impl Ran {
    /// What a finished program did.
    pub fn of(output: &Output) -> Self {
        let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
        Self { status: output.status.code(), said }
    }

    /// Gives what it said, if it did what it was asked.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn succeeds(self) -> String {
        assert_eq!(self.status, Some(0), "{}", self.said);
        self.said
    }

    /// Gives what it said, if it refused with this exit status and these words.
    ///
    /// # Panics
    /// When it did anything else.
    #[track_caller]
    pub fn fails(self, status: i32, words: &str) -> String {
        assert_eq!(self.status, Some(status), "{}", self.said);
        assert!(self.said.contains(words), "{words:?} in {}", self.said);
        self.said
    }
}
