//! The log key elsewhere: in a signer's process, in a token.

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use registry_server::{Config, LogKeyPlace, Schedule, Server};
use tlog::{Checkpoint, Note};

use crate::parties::{Parties, certifier_key, sign_accreditation, sign_attestation};
use crate::snapshots::snapshot;
use crate::wire;
use crate::world::{ORIGIN, World};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
    command.env_remove("REGISTRY_LOG").env_remove("REGISTRY_DATA").stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// A signer's process; killed when dropped.
struct Signer {
    child: Child,
    socket: PathBuf,
    said: String,
}

impl Signer {
    fn command(folder: &Path, key: &str) -> Command {
        let mut command = program();
        let listen = format!("unix:{}", folder.join("socket").display());
        command.args(["signer", "--key", key, "--state"]).arg(folder.join("state")).args(["--listen", &listen]);
        command
    }

    fn start(folder: &Path, key: &Path) -> Self {
        let mut command = Self::command(folder, key.to_str().unwrap());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = String::new();
        for line in lines {
            said.push_str(&line.unwrap());
            said.push('\n');
            if said.contains("listening on unix:") {
                break;
            }
        }
        assert!(said.contains("listening on unix:"), "{said}");
        Self { child, socket: folder.join("socket"), said }
    }
}

impl Drop for Signer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A registry whose log key only the signer has.
struct Apart {
    world: World,
    signer: Option<Signer>,
    folder: tempfile::TempDir,
}

impl Apart {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut signer = None;
        let world = World::with(|config| {
            std::fs::rename(config.data.join("log.key"), folder.path().join("log.key")).unwrap();
            let started = Signer::start(folder.path(), &folder.path().join("log.key"));
            assert!(started.said.contains("has signed nothing yet"), "{}", started.said);
            config.log_key = Some(LogKeyPlace::Signer(started.socket.clone()));
            config.snapshots = Schedule { every: Duration::from_millis(50), ..Schedule::default() };
            signer = Some(started);
        });
        Self { world, signer, folder }
    }

    fn start_signer(&mut self) {
        self.signer = Some(Signer::start(self.folder.path(), &self.folder.path().join("log.key")));
    }
}

fn size(world: &World) -> u64 {
    let note = Note::parse(&world.get("/checkpoint").body).unwrap();
    Checkpoint::parse(note.text()).unwrap().size()
}

/// Posts until it is taken.
fn post_until_taken(world: &World, jws: &str) {
    let started = Instant::now();
    while !matches!(world.post(jws).status, 200 | 201) {
        assert!(started.elapsed() < Duration::from_secs(60), "the log does not come back");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_registry_signs_through_a_signer_and_waits_for_one_that_is_gone() {
    let mut apart = Apart::new();
    let mode = std::fs::metadata(apart.folder.path().join("socket")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    apart.world.accredit();
    assert_eq!(apart.world.attest(0), 1);
    // Heads of snapshots are the log key's, too.
    snapshot(&apart.world, 2);

    // Gone: reading goes on, nothing new is published, and nobody is told of an entry that no signature covers.
    drop(apart.signer.take());
    let statement = sign_attestation(&apart.world.parties.attestation(1), &certifier_key());
    let answer = apart.world.post(&statement);
    assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
    assert_eq!(size(&apart.world), 2);
    assert_eq!(apart.world.get("/v1/statements/1").status, 200);
    assert_eq!(apart.world.get("/v1/statements/2").status, 404);

    // Back, with what it had signed: the journal has the third entry already, and it has its first index.
    apart.start_signer();
    assert!(apart.signer.as_ref().unwrap().said.contains(&format!("last signed 2 entries of {ORIGIN}")));
    post_until_taken(&apart.world, &statement);
    assert_eq!(size(&apart.world), 3);

    // The server starts anew, and does not without a signer.
    apart.world.stop();
    apart.world.start();
    for slot in 2..6 {
        assert_eq!(apart.world.attest(slot), u64::from(slot) + 1);
    }
    apart.world.stop();
    drop(apart.signer.take());
    let error = apart.world.runtime.block_on(Server::start(apart.world.config.clone())).unwrap_err();
    assert!(format!("{error:#}").contains("does not answer"), "{error:#}");
    apart.start_signer();
    apart.world.start();
    snapshot(&apart.world, 7);
}

#[test]
fn of_two_servers_with_one_signer_the_second_history_is_refused() {
    let mut apart = Apart::new();
    apart.world.stop();
    let second = apart.folder.path().join("second");
    copy(&apart.world.data, &second);
    apart.world.start();
    let config = Config { data: second.clone(), ..apart.world.config.clone() };
    let server = apart.world.runtime.block_on(Server::start(config.clone())).unwrap();
    let address = server.address();
    let send =
        |line: &str, body: &[u8]| wire::send(address, ORIGIN, line, &[("content-type", "application/vc+jwt")], body);
    apart.world.accredit();
    assert_eq!(size(&apart.world), 1);

    // The same statement at another time: another first entry.
    let answer = send("POST /v1/statements", sign_accreditation(&apart.world.parties.accreditation()).as_bytes());
    assert_eq!(answer.status, 503, "{}", answer.text());
    let note = Note::parse(&send("GET /checkpoint", b"").body).unwrap();
    assert_eq!(Checkpoint::parse(note.text()).unwrap().size(), 0, "nothing of it was ever published");
    drop(apart.world.runtime.block_on(server.stop()));
    let error = apart.world.runtime.block_on(Server::start(config)).unwrap_err();
    assert!(format!("{error:#}").contains("[fork]"), "{error:#}");
    assert_eq!(apart.world.attest(0), 1, "the first goes on");
}

#[test]
fn a_registry_from_an_old_backup_is_refused() {
    let mut apart = Apart::new();
    apart.world.accredit();
    apart.world.stop();
    let backup = apart.folder.path().join("backup");
    copy(&apart.world.data, &backup);
    apart.world.start();
    assert_eq!(apart.world.attest(0), 1);
    apart.world.stop();
    let config = Config { data: backup, ..apart.world.config.clone() };
    let error = apart.world.runtime.block_on(Server::start(config)).unwrap_err();
    assert!(format!("{error:#}").contains("[rollback]"), "{error:#}");
    apart.world.start();
    assert_eq!(apart.world.attest(1), 2);
}

#[test]
fn an_impostor_on_the_socket_signs_nothing() {
    let mut apart = Apart::new();
    apart.world.stop();
    drop(apart.signer.take());
    let socket = apart.folder.path().join("socket");
    std::fs::remove_file(&socket).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    for (answer, words) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "no signer of this version"),
        (b"", "no signer of this version"),
        (b"ethical-label-signer/v1 no state\nthe disk is gone\n", "the disk is gone [state]"),
    ] {
        let listener = listener.try_clone().unwrap();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
            stream.write_all(answer).unwrap();
        });
        let error = apart.world.runtime.block_on(Server::start(apart.world.config.clone())).unwrap_err();
        assert!(format!("{error:#}").contains(words), "{error:#}");
        answering.join().unwrap();
    }
    drop(listener);
    // A signer with another key has its place: the trust file decides.
    let other = Parties::new("other.example");
    let folder = tempfile::tempdir().unwrap();
    let (data, arguments) = other.init_arguments(folder.path());
    assert!(program().args(&arguments[1..]).output().unwrap().status.success());
    let other = Signer::start(folder.path(), &data.join("log.key"));
    apart.world.config.log_key = Some(LogKeyPlace::Signer(other.socket.clone()));
    let error = apart.world.runtime.block_on(Server::start(apart.world.config.clone())).unwrap_err();
    assert!(format!("{error:#}").contains("does not name the key"), "{error:#}");
}

#[test]
fn a_signers_mistakes_are_named_with_a_way_out() {
    let mut apart = Apart::new();
    let key = apart.folder.path().join("log.key");
    let fails = |mut command: Command, words: &str| {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{words}: {said}");
    };
    fails(Signer::command(apart.folder.path(), key.to_str().unwrap()), "another signer runs");
    let mut elsewhere = program();
    elsewhere.args(["signer", "--key"]).arg(&key).arg("--state").arg(apart.folder.path().join("other"));
    elsewhere.args(["--listen", &format!("unix:{}", apart.signer.as_ref().unwrap().socket.display())]);
    fails(elsewhere, "another process listens on");
    fails(Signer::command(apart.folder.path(), "nowhere.key"), "nowhere.key");
    // A path alone is no socket here, and a socket no key file: each is told as what it lacks.
    let socket = apart.signer.as_ref().unwrap().socket.display().to_string();
    for (listen, words) in [("signer.sock", "write unix:signer.sock"), ("unix:", "as in unix:signer.sock")] {
        let mut without = program();
        without.args(["signer", "--key"]).arg(&key).arg("--state").arg(apart.folder.path().join("new"));
        without.args(["--listen", listen]);
        fails(without, words);
        assert!(!apart.folder.path().join("new").exists());
    }
    let mut serve = program();
    serve.args(["serve", "--data"]).arg(&apart.world.data).args(["--listen", "127.0.0.1:0", "--log-key", &socket]);
    fails(serve, &format!("a signer that listens there is unix:{socket}"));

    // Hostile clients: none of them stops it.
    let socket = apart.signer.as_ref().unwrap().socket.clone();
    for bytes in [&b""[..], b"\xff\xff", &[b'a'; 4_000_000]] {
        let mut stream = UnixStream::connect(&socket).unwrap();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
    }
    drop(UnixStream::connect(&socket).unwrap());
    apart.world.accredit();

    drop(apart.signer.take());
    std::fs::remove_file(apart.folder.path().join("state/last")).unwrap();
    fails(Signer::command(apart.folder.path(), key.to_str().unwrap()), "hint: restore its newest state");
    let mut serve = program();
    serve.args(["serve", "--data"]).arg(&apart.world.data).args(["--listen", "127.0.0.1:0", "--log-key"]);
    serve.arg(format!("unix:{}", socket.display()));
    fails(serve, "hint: start it");
}

const PIN: &str = "493027";
const MODULES: [&str; 3] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"];

#[test]
fn the_log_key_in_a_token_serves_by_itself_and_behind_a_signer() {
    let Some(module) = MODULES.into_iter().find(|path| Path::new(path).exists()) else {
        assert!(std::env::var_os("CI").is_none(), "CI has softhsm2");
        println!("left out: the_log_key_in_a_token_serves_by_itself_and_behind_a_signer: there is no SoftHSM");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("tokens")).unwrap();
    let tokens = path("tokens").display().to_string();
    let text = format!("directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
    std::fs::write(path("softhsm2.conf"), text).unwrap();
    std::fs::write(path("pin"), format!("{PIN}\n")).unwrap();
    let softhsm = |arguments: &[&str]| {
        let mut tool = Command::new("softhsm2-util");
        let output = tool.args(arguments).env("SOFTHSM2_CONF", path("softhsm2.conf")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = primitives::SecretKey::from_seed(&[70; 32]);
    std::fs::write(path("imported.pem"), key_file::plain::to_pem(&key).as_bytes()).unwrap();
    softhsm(&["--init-token", "--free", "--label", "registry", "--so-pin", "12345678", "--pin", PIN]);
    let pem = path("imported.pem").display().to_string();
    softhsm(&["--import", &pem, "--token", "registry", "--label", "log", "--id", "01", "--pin", PIN]);
    std::fs::remove_file(path("imported.pem")).unwrap();
    let uri = format!("pkcs11:token=registry;object=log?module-path={module}");
    let pin = path("pin").display().to_string();

    // The token shows its public half without a PIN; no key of the log is made.
    let (data, arguments) = Parties::new(ORIGIN).init_arguments(folder.path());
    let run = |arguments: &[&str]| {
        let mut command = program();
        command.args(arguments).env("SOFTHSM2_CONF", path("softhsm2.conf"));
        command
    };
    let init: Vec<&str> = arguments.iter().skip(1).map(String::as_str).chain(["--log-key", &uri]).collect();
    let output = run(&init).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!data.join("log.key").exists());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains(&format!("next: registry-server serve --data {} --log-key 'pkcs11:", data.display())),
        "{said}"
    );
    let vkey = tlog::Vkey::log(ORIGIN, primitives::Signer::public_key(&key)).unwrap();
    assert!(std::fs::read_to_string(data.join("trust.toml")).unwrap().contains(&vkey.to_string()));

    let serve = |log_key: &[&str]| {
        let data = data.to_str().unwrap();
        let fixed = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--log-key"];
        let mut child = run(&[&fixed[..], log_key].concat()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().parse().unwrap();
        (Ended(child), address)
    };
    let parties = Parties::new(ORIGIN);
    let post = |address, jws: &str| {
        let headers = [("content-type", "application/vc+jwt")];
        let answer = wire::send(address, ORIGIN, "POST /v1/statements", &headers, jws.as_bytes());
        assert_eq!(answer.status, 201, "{}", answer.text());
        let note = wire::send(address, ORIGIN, "GET /checkpoint", &[], b"").body;
        tlog::OpenedCheckpoint::from_note(Note::parse(&note).unwrap(), std::slice::from_ref(&vkey)).unwrap().size()
    };
    let (server, address) = serve(&[&uri, "--passphrase-file", &pin]);
    assert_eq!(post(address, &sign_accreditation(&parties.accreditation())), 1);
    drop(server);

    let listen = format!("unix:{}", path("socket").display());
    let state = path("state").display().to_string();
    let signer = ["signer", "--key", &uri, "--passphrase-file", &pin, "--state", &state, "--listen", &listen];
    let mut signer = Ended(run(&signer).stderr(Stdio::null()).spawn().unwrap());
    let lines = BufReader::new(signer.0.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line.starts_with("listening on unix:")));
    let (server, address) = serve(&[&listen]);
    assert_eq!(post(address, &sign_attestation(&parties.attestation(0), &certifier_key())), 2);
    drop(server);
}

/// A process; killed when dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
