//! Health, metrics, logs, stopping: the binary as an operator meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::cosigning::name_witnesses;
use crate::fake_witness::{FakeWitness, Manner};
use crate::parties::{Parties, certifier_key, sign_accreditation, sign_attestation};
use crate::wire;
use crate::world::{ORIGIN, World, path};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
    command.args(arguments).env_remove("REGISTRY_LOG").env_remove("REGISTRY_DATA");
    command
}

fn init(folder: &Path) -> String {
    let (data, arguments) = Parties::new(ORIGIN).init_arguments(folder);
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    assert!(program(&arguments).output().unwrap().status.success());
    data.to_str().unwrap().to_owned()
}

/// The server as a process; killed when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
    metrics: SocketAddr,
}

impl Running {
    fn start(data: &str) -> Self {
        let arguments =
            ["serve", "--data", data, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--log", "trace"];
        let mut child = program(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        let metrics = line().strip_prefix("metrics on http://").unwrap().strip_suffix("/metrics").unwrap().parse();
        let address = line().strip_prefix("listening on http://").unwrap().parse();
        Self { child, address: address.unwrap(), metrics: metrics.unwrap() }
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end; what was logged.
    fn end(mut self) -> (Option<i32>, String) {
        let mut logged = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut logged).unwrap();
        (self.child.wait().unwrap().code(), logged)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn stopping_answers_what_is_in_work_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    for signal in ["-TERM", "-INT"] {
        let server = Running::start(&data);
        let body = b"hello";
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = format!(
            "POST /v1/verify HTTP/1.1\r\nhost: {ORIGIN}\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body[..2]).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        server.signal(signal);
        std::thread::sleep(Duration::from_millis(200));
        stream.write_all(&body[2..]).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(wire::parse(&answer).status, 200, "{signal}");
        let started = Instant::now();
        let (code, logged) = server.end();
        assert_eq!(code, Some(0), "{signal}: {logged}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn the_log_tells_nothing_of_who_asked_for_what() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    let server = Running::start(&data);
    let (address, parties) = (server.address, Parties::new(ORIGIN));
    let post = |jws: &str| {
        let jwt = [("content-type", "application/vc+jwt")];
        wire::send(address, ORIGIN, "POST /v1/statements", &jwt, jws.as_bytes()).status
    };
    assert_eq!(post(&sign_accreditation(&parties.accreditation())), 201);
    assert_eq!(post(&sign_attestation(&parties.attestation(0), &certifier_key())), 201);
    let label = parties.label(1, 17).to_uri();
    let tell_tales = [
        ("user-agent", "SecretAgent/7"),
        ("cookie", "session=s3cr3t"),
        ("x-forwarded-for", "198.51.100.7"),
        ("forwarded", "for=198.51.100.8"),
        ("referer", "https://referer.example/"),
        ("authorization", "Bearer t0k3n"),
    ];
    let targets = [
        path(&label).to_owned(),
        format!("/v1/verify?label={}", crate::world::query(&label)),
        "/nothing/secret-path?secret=query".into(),
        "/v1/verify".into(),
    ];
    for target in &targets {
        wire::send(address, ORIGIN, &format!("GET {target}"), &tell_tales, b"");
    }
    wire::raw(address, b"nonsense-from-a-client\r\n\r\n");
    let local = TcpStream::connect(address).unwrap().local_addr().unwrap().port();
    server.signal("-TERM");
    let (code, logged) = server.end();
    assert_eq!(code, Some(0));
    let blob = path(&label).split('/').nth(1).unwrap();
    let told = [
        "SecretAgent",
        "s3cr3t",
        "198.51.100",
        "referer.example",
        "t0k3n",
        "secret",
        "KTM-2026",
        blob,
        "nonsense",
        "1-17",
    ];
    for told in told {
        assert!(!logged.contains(told), "{told} in\n{logged}");
    }
    assert!(!logged.contains(&format!("127.0.0.1:{local}")), "a client's address in\n{logged}");
    let requests: Vec<serde_json::Value> = logged
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .filter(|line: &serde_json::Value| line["target"] == "request")
        .collect();
    let routes: Vec<&str> = requests.iter().map(|line| line["fields"]["route"].as_str().unwrap()).collect();
    assert!(routes.contains(&"/{blob}/01/{gtin}/10/{lot}/21/{serial}"), "{routes:?}");
    assert!(routes.contains(&"(no route)"), "{routes:?}");
    assert!(requests.iter().all(|line| line["fields"]["status"].is_u64() && line["fields"]["micros"].is_u64()));
}

#[test]
fn the_log_tells_nothing_of_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let key = age::x25519::Identity::generate().to_public().to_string();
    let (data, mut arguments) = Parties::new(ORIGIN).init_arguments(folder.path());
    arguments.extend(["--reports".to_owned(), key.clone()]);
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let init = program(&arguments).output().unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let server = Running::start(data.to_str().unwrap());
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("user-agent", "SecretAgent/7"),
        ("accept", "text/html"),
    ];
    let send = |line: &str, body: &str| wire::send(server.address, ORIGIN, line, &headers, body.as_bytes());
    let page = send("GET /report?label=S3CR3T-17", "");
    let between = |page: &str, before: &str| -> String {
        page.split_once(before).unwrap_or_else(|| panic!("{page}")).1.split(['"', '<']).next().unwrap().to_owned()
    };
    let token = between(page.text(), "name=\"token\" type=\"hidden\" value=\"");
    let fields = format!("kind=child&text=a+girl+at+loom+3&label=S3CR3T-17&contact=55501&token={token}");
    assert_eq!(send("POST /report", &fields).status, 403, "too fast");
    std::thread::sleep(Duration::from_millis(3_100));
    let code = between(send("POST /report", &fields).text(), "id=\"receipt\">");
    assert_eq!(code.len(), 19, "{code}");
    assert_eq!(send("POST /report", &fields).status, 409, "once");
    assert_eq!(send("POST /report/status", &format!("receipt={code}")).status, 200);
    server.signal("-TERM");
    let (status, logged) = server.end();
    assert_eq!(status, Some(0));
    assert!(logged.contains("/report/status"), "{logged}");
    for told in ["girl", "loom", "S3CR3T", "55501", &token, &code, "SecretAgent", &key] {
        assert!(!logged.contains(told), "{told} in\n{logged}");
    }
}

#[test]
fn metrics_are_elsewhere_and_count_by_route_and_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    let server = Running::start(&data);
    let parties = Parties::new(ORIGIN);
    let jwt = [("content-type", "application/vc+jwt")];
    let jws = sign_accreditation(&parties.accreditation());
    for _ in 0..2 {
        wire::send(server.address, ORIGIN, "POST /v1/statements", &jwt, jws.as_bytes());
    }
    wire::send(server.address, ORIGIN, "POST /v1/statements", &jwt, b"x");
    wire::send(server.address, ORIGIN, "GET /v1/verify?label=hello", &[], b"");
    assert_eq!(wire::send(server.address, ORIGIN, "GET /metrics", &[], b"").status, 404);
    let answer = wire::send(server.metrics, "localhost", "GET /metrics", &[], b"");
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for line in [
        r#"registry_http_requests_total{route="/v1/statements",status="201"} 1"#,
        r#"registry_http_requests_total{route="/v1/statements",status="200"} 1"#,
        r#"registry_http_requests_total{route="/v1/statements",status="400"} 1"#,
        r#"registry_http_requests_total{route="(no route)",status="404"} 1"#,
        r#"registry_statements_total{outcome="admitted"} 1"#,
        r#"registry_statements_total{outcome="repeated"} 1"#,
        r#"registry_statements_total{outcome="not_three_parts"} 1"#,
        r#"registry_verdicts_total{outcome="refused",reason="malformed"} 1"#,
        "registry_log_entries 1",
        "registry_ready 1",
        "# EOF",
    ] {
        assert!(answer.text().contains(line), "{line} not in\n{}", answer.text());
    }
}

#[test]
fn health_and_readiness_are_told() {
    let world = World::empty();
    assert_eq!(world.get("/healthz").text(), "alive\n");
    assert_eq!(world.get("/readyz").text(), "ready\n");
}

#[test]
fn a_registry_is_made_once_with_private_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (data, arguments) = Parties::new(ORIGIN).init_arguments(folder.path());
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let dry: Vec<&str> = arguments.iter().copied().chain(["--dry-run"]).collect();
    let output = program(&dry).output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("registry.example"));
    assert!(!data.exists(), "a dry run makes nothing");
    let output = program(&arguments).output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with(&format!("next: registry-server serve --data {}\n", data.display())), "{said}");
    assert!(data.join("journal").is_dir(), "an empty one: where it is missing, it was lost");
    for file in ["log.key", "status.key"] {
        assert_eq!(std::fs::metadata(data.join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    let before = std::fs::read(data.join("log.key")).unwrap();
    let output = program(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("is there already"), "{}", error(&output));
    assert_eq!(std::fs::read(data.join("log.key")).unwrap(), before);
    // Interrupted before its last file, it goes on with the keys that it had made.
    std::fs::remove_file(data.join("trust.toml")).unwrap();
    let output = program(&arguments).output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(std::fs::read(data.join("log.key")).unwrap(), before);
    verify::Trust::from_toml(&std::fs::read_to_string(data.join("trust.toml")).unwrap()).unwrap();
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn mistakes_are_named_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    let nowhere = folder.path().join("nowhere").to_str().unwrap().to_owned();
    let key = folder.path().join("accreditor.jwk").to_str().unwrap().to_owned();
    let others = folder.path().join("others.jwk").to_str().unwrap().to_owned();
    let jwk = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&others, jwk.replace('{', r#"{"controller":"did:web:b.example","#)).unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let init = |origin: &'static str, did: &'static str, key: &str| {
        let fixed = ["init", "--data", "unused", "--origin", origin, "--accreditor-did", did, "--accreditor-key", key];
        fixed.map(str::to_owned).to_vec()
    };
    let serve = |arguments: &[&str]| [&["serve"], arguments].concat().iter().map(|text| (*text).to_owned()).collect();
    let cases: Vec<(Vec<String>, i32, &str)> = vec![
        (serve(&["--data", &nowhere]), 1, "hint: a new registry begins with registry-server init"),
        (serve(&["--data", &data, "--listen", &address]), 1, "hint: another program listens there"),
        (serve(&["--data", &data, "--origin", "other.example"]), 1, "names no registry other.example"),
        (serve(&["--data", &data, "--trust", &key]), 1, "trust file"),
        (serve(&["--data", &data, "--listen", "here"]), 2, "--listen"),
        (serve(&["--data", &data, "--log", "###"]), 2, "--log"),
        (serve(&[]), 2, "--data"),
        (init("Registry.example", "did:web:a.example", &key), 2, "--origin"),
        (init("registry.example", "did:example:a", &key), 2, "--accreditor-did"),
        (init("registry.example", "did:web:a.example", &nowhere), 1, "nowhere"),
        (
            [init("registry.example", "did:web:a.example", &key), vec!["--accreditor-name".into(), String::new()]]
                .concat(),
            2,
            "is empty",
        ),
        (init("registry.example", "did:web:a.example", &format!("{data}/log.key")), 1, "holds a secret key"),
        (init("registry.example", "did:web:a.example", &others), 1, "is a key of did:web:b.example, expected one of"),
        (init("registry.example", "did:web:a.example", &others), 1, "hint: give that party's key"),
        (vec!["frobnicate".into()], 2, "frobnicate"),
    ];
    for (arguments, code, words) in cases {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = program(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", error(&output));
        assert!(error(&output).contains(words), "{arguments:?}: {}", error(&output));
    }
    let log_key = Path::new(&data).join("log.key");
    std::fs::remove_file(&log_key).unwrap();
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let other = self::init(&other);
    std::fs::copy(Path::new(&other).join("log.key"), &log_key).unwrap();
    let output = program(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]).output().unwrap();
    assert!(error(&output).contains("does not name the key"), "{}", error(&output));
}

#[test]
fn witnesses_that_give_no_word_do_not_keep_a_new_registry_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    let (absent, gone) = (FakeWitness::new(61, Manner::Honest), FakeWitness::new(62, Manner::HangsUp));
    let witnesses = [&absent, &gone].map(|it| (it.vkey(), it.url()));
    name_witnesses(Path::new(&data), 1, &witnesses);
    let server = Running::start(&data);
    server.signal("-TERM");
    let (code, logged) = server.end();
    assert_eq!(code, Some(0), "{logged}");
    let lines: Vec<&str> = logged.lines().filter(|line| line.contains("the journal is empty")).collect();
    assert_eq!(lines.len(), 1, "{logged}");
    assert_eq!(lines[0].matches("gives no word").count(), 2, "{}", lines[0]);
}

#[test]
fn two_servers_on_one_log_do_not_happen() {
    let folder = tempfile::tempdir().unwrap();
    let data = init(folder.path());
    let server = Running::start(&data);
    let output = program(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("another process writes this journal"), "{}", error(&output));
    drop(server);
}
