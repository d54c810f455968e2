//! An auditor who asks a mirror instead of the registry: one that serves, and a plain web server of its static files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use primitives::SecretKey;
use statement::sample;
use tests::{Desk, Ran, Server};

/// Killed when dropped.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Starts a mirror of the desk's registry in two folders; gives its URL.
fn mirror(desk: &Desk) -> (Killed, String) {
    let url = desk.server.url();
    let arguments = ["mirror", &url, "--data", "copy", "--tiles", "files", "--trust", "data/trust.toml"];
    let mut command = desk.command("registry-server", &arguments);
    command.args(["--every", "1", "--listen", "127.0.0.1:0", "--log", "warn"]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    let told = BufReader::new(stdout).lines().next().unwrap().unwrap();
    (Killed(child), told.strip_prefix("listening on ").unwrap().to_owned())
}

/// A web server of files on a port of its own, until the test ends.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that hangs up is no concern of its.
            let _ = answer(stream.unwrap(), &folder);
        }
    });
    url
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let path = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let file = folder.join(path.split('?').next().unwrap_or_default());
    // What web servers do with the name of a folder.
    let (head, body) = match fs::read(&file) {
        _ if file.is_dir() => (format!("301 Moved\r\nlocation: /{path}/"), Vec::new()),
        Ok(bytes) => ("200 OK".to_owned(), bytes),
        Err(_) => ("404 Not Found".to_owned(), b"<h1>Not Found</h1>".to_vec()),
    };
    write!(stream, "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_there() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn an_audit_asks_a_mirror_as_it_asks_the_registry_and_says_what_static_files_cannot_answer() {
    let mut desk = Desk::open();
    let folder = tempfile::tempdir().unwrap();
    let mut witness = Server::init(folder.path());
    desk.server.kill();
    desk.server.ask(&witness);
    let its_trust = desk.server.data().join("trust.toml");
    witness.start_with(&["--witness-trust", its_trust.to_str().unwrap()]);
    desk.server.start_with(&["--snapshot-every", "1"]);
    desk.key("certifier", &sample::did("did:web:himal-audit.example"), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    desk.certifier(&["attest", "lot.toml", "--key", "certifier.key", "--allow-unencrypted-key"]).succeeds();

    let (mirror, url) = mirror(&desk);
    let audit = |url: &str, name: &str| {
        let mut trust = desk.server.trust();
        url.clone_into(&mut trust.registries.first_mut().unwrap().url);
        desk.write(name, trust.to_toml());
        let arguments = ["audit", "--trust", name, "--state", "seen"];
        Ran::of(&desk.command("verifier", &arguments).output().unwrap())
    };
    let text = |url: &str| ureq::get(url).call().and_then(|answer| answer.into_body().read_to_string());
    let line = |url: &str, number: usize| text(url).ok().and_then(|text| text.lines().nth(number).map(str::to_owned));
    wait_for("two entries, their snapshot and an hour at the mirror", || {
        line(&format!("{url}/checkpoint"), 1).as_deref() == Some("2")
            && text(&format!("{url}/v1/snapshot")).is_ok_and(|head| head.contains("\n2\n"))
            && text(&format!("{url}/v1/checkpoints")).is_ok_and(|hours| hours.contains('T'))
    });
    let told = audit(&url, "mirror.toml").succeeds();
    assert!(told.contains("2 entries replayed") && told.contains("the snapshot is what the log gives"), "{told}");
    assert!(told.contains("times of receipt agree with 1 hour that witnesses saw"), "{told}");

    // The registry is gone, and so is the mirror: its files are left.
    wait_for("the files", || {
        let here = fs::read_to_string(desk.path("files/checkpoint")).unwrap_or_default();
        here.lines().nth(1) == Some("2")
            && fs::read_to_string(desk.path("files/v1/checkpoints/index.json")).is_ok_and(|hours| hours.contains('T'))
    });
    drop(mirror);
    let told = audit(&serve(desk.path("files")), "static.toml").fails(3, "the snapshot could not be compared");
    assert!(told.contains("2 entries replayed"), "{told}");
    assert!(told.contains("times of receipt agree with 1 hour that witnesses saw"), "{told}");
    assert!(told.contains("a mirror of static files has the log alone"), "{told}");
    audit("http://127.0.0.1:1", "nobody.toml").fails(3, "cannot reach");
}
