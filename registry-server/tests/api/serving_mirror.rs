//! A mirror that serves: what a registry answers, answered by somebody else, without its keys and without what is private.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use primitives::Signer as _;
use registry_server::Schedule;
use serde_json::Value;
use statement::Action;
use verify::{Trust, TwoNotes};

use crate::cosigning::{name_witnesses, quick, wait_for, wait_for_cosigned};
use crate::fake_witness::{FakeWitness, Manner};
use crate::mirror::{copy, done, lose, program, refused, restore, trust, url};
use crate::parties::{certifier_key, sign_attestation};
use crate::static_files::{StaticFiles, files};
use crate::wire::{self, Answer};
use crate::world::{ORIGIN, World, path, query};

/// A mirror in a process of its own, which can be killed.
pub(crate) struct Mirror {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    /// Where it answers Prometheus.
    metrics: SocketAddr,
}

impl Mirror {
    pub(crate) fn start(source: &str, data: &Path, trust: &Path, more: &[&str]) -> Self {
        let log = data.with_extension("log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
        command.args(["mirror", source, "--listen", "127.0.0.1:0", "--every", "1"]).args(more);
        command.args(["--metrics-listen", "127.0.0.1:0"]);
        command.arg("--data").arg(data).arg("--trust").arg(trust).env_remove("REGISTRY_LOG");
        let file = fs::File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = |before: &str| -> SocketAddr {
            let line = lines.next().unwrap_or_else(|| panic!("{}", fs::read_to_string(&log).unwrap())).unwrap();
            line.strip_prefix(before).unwrap().trim_end_matches("/metrics").parse().unwrap()
        };
        let (metrics, address) = (told("metrics on http://"), told("listening on http://"));
        Self { child, address, log, metrics }
    }

    fn get(&self, target: &str) -> Answer {
        self.send(&format!("GET {target}"), &[("accept", "*/*")], b"")
    }

    fn send(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        wire::send(self.address, ORIGIN, line, headers, body)
    }

    fn judge(&self, label: &str) -> Value {
        let answer = self.get(&format!("/v1/verify?label={}", query(label)));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) fn wait_for_size(&self, size: u64) {
        wait_for(&format!("{size} entries at the mirror"), || {
            (self.get("/checkpoint").text().lines().nth(1)? == size.to_string()).then_some(())
        });
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Mirror {
    /// `kill -9`.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn world() -> World {
    let every = Duration::from_millis(200);
    let world = World::with(|config| config.snapshots = Schedule { every, ..Schedule::default() });
    world.accredit();
    assert_eq!(world.attest(0), 1);
    world
}

/// Waits until the mirror shows a snapshot of this size, whose head the source signed and whose body is the source's.
fn same_snapshot(mirror: &Mirror, world: &World, size: u64) {
    let registry = Trust::from_toml(&fs::read_to_string(trust(world)).unwrap()).unwrap().registries[0].clone();
    let head = wait_for("a snapshot at the mirror", || {
        let answer = mirror.get("/v1/snapshot");
        let head = verify::open_head(&answer.body, &registry).ok()?;
        (head.checkpoint().size() == size).then_some(head)
    });
    let body = format!("/v1/snapshot/{}", head.index_digest());
    assert_eq!(mirror.get(&body).status, 200);
    assert_eq!(mirror.get(&body).body, world.get(&body).body);
}

fn status_list() -> String {
    format!("/v1/status/{}/0", certifier_key().public_key().thumbprint())
}

#[test]
fn a_mirror_answers_what_the_registry_answers_and_takes_nothing() {
    let world = world();
    for slot in 1..300 {
        world.attest(slot);
    }
    let folder = tempfile::tempdir().unwrap();
    let (data, tiles) = (folder.path().join("data"), folder.path().join("tiles"));
    let more = ["--tiles", tiles.to_str().unwrap()];
    let mirror = Mirror::start(&url(&world), &data, &trust(&world), &more);
    mirror.wait_for_size(301);
    same_snapshot(&mirror, &world, 301);
    let label = world.parties.label(1, 17).to_uri();
    let same = [
        "/checkpoint",
        "/tile/0/000",
        "/tile/0/001.p/45",
        "/tile/1/000.p/1",
        "/tile/entries/000",
        "/tile/entries/001.p/45",
        "/v1/statements/0",
        "/v1/statements/300",
        "/v1/statements/300/receipt",
        "/v1/statements/301",
        "/v1/attestations/1/evidence",
        "/v1/attestations?gtin=09521234543213&lot=KTM-2026",
        "/v1/trust",
        "/v1/checkpoints",
        "/.well-known/did.json",
        "/.well-known/scitt-keys",
        "/contexts/v1",
        "/openapi.json",
        "/meaning",
        "/01/09521234543213/10/KTM-2026",
    ];
    for target in same {
        let (here, there) = (mirror.get(target), world.get(target));
        assert_eq!(here.status, there.status, "{target}: {}", here.text());
        assert!(here.body == there.body, "{target}: {}", String::from_utf8_lossy(&here.body));
    }
    let list = mirror.get(&status_list());
    assert_eq!((list.status, list.header("content-type")), (200, Some("application/vc+jwt")), "{}", list.text());
    assert_eq!(mirror.get(&status_list().replace("/0", "/1")).code(), "not_found");
    let verdict = mirror.judge(&label);
    assert_eq!((verdict["outcome"].as_str(), verdict["reasons"].as_array().unwrap().len()), (Some("verified"), 0));
    let page =
        mirror.send(&format!("GET {}", path(&label)), &[("accept", "text/html"), ("accept-language", "en")], b"");
    assert!(page.status == 200 && page.text().contains("This label is genuine"), "{}", page.text());
    // Under a name of its own it speaks for no label: a look-alike's link must not be called genuine.
    let other = wire::send(
        mirror.address,
        "mirror.example",
        &format!("GET {}", path(&label)),
        &[("accept", "application/json")],
        b"",
    );
    assert_eq!(other.json()["reasons"][0], "foreign_origin");

    // What only the registry has or takes; the way to it is said.
    let vc = [("content-type", "application/vc+jwt")];
    for (line, headers) in [
        ("POST /v1/statements", &vc[..]),
        ("POST /v1/clearances", &[("content-type", "application/json")]),
        ("POST /v1/clearances/supplement", &vc),
        ("POST /v1/reports", &vc),
        ("POST /report", &[("content-type", "application/x-www-form-urlencoded")]),
        ("POST /report/status", &[("content-type", "application/x-www-form-urlencoded")]),
        ("POST /add-checkpoint", &[("content-type", "text/plain")]),
        ("GET /report", &[]),
        ("GET /report/status", &[]),
    ] {
        let answer = mirror.send(line, headers, b"x");
        assert_eq!((answer.status, answer.code().as_str()), (403, "mirror"), "{line}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("https://registry.example") && detail.contains("counts of scans"), "{detail}");
    }
    assert_eq!(mirror.send("PUT /v1/statements", &[], b"x").status, 405);

    // The log goes on, and so do all views of it.
    assert_eq!(world.change(Action::Withdraw, 1, None), 301);
    mirror.wait_for_size(302);
    let verdict = mirror.judge(&label);
    assert_eq!((verdict["outcome"].as_str(), verdict["reasons"][0].as_str()), (Some("refused"), Some("withdrawn")));
    same_snapshot(&mirror, &world, 302);
    // It follows at once where it is asked for a list that is ahead of it.
    world.change(Action::Suspend, 2, None);
    assert_eq!(mirror.get(&status_list()).status, 200);
    mirror.wait_for_size(303);
    let note = world.get("/checkpoint").body;
    wait_for("the files", || (fs::read(tiles.join("checkpoint")).ok()? == note).then_some(()));
    for (name, bytes) in files(&tiles).iter().filter(|(name, _)| !name.ends_with(".new")) {
        assert!(mirror.get(&format!("/{name}")).body == *bytes, "{name}");
    }
    // Scans are not counted here, and that is said, also of what would be amber there.
    let attestation = statement::Attestation { scan_days: Some(1), ..world.parties.attestation(999) };
    assert_eq!(world.post(&sign_attestation(&attestation, &certifier_key())).status, 201);
    mirror.wait_for_size(304);
    let label = world.parties.label_of(&attestation, 303, 1, &certifier_key()).to_uri();
    let verdict = mirror.judge(&label);
    let findings = verdict["findings"].as_array().unwrap();
    let scans = findings.iter().find(|finding| finding["check"] == "scans").unwrap();
    assert_eq!((scans["outcome"].as_str(), verdict["outcome"].as_str()), (Some("unknown"), Some("verified")));
    assert_eq!(scans["detail"], "scans are not counted here");
    let health = mirror.get("/healthz").text().to_owned();
    assert!(health.contains("mirror of registry.example, as http://127.0.0.1:"), "{health}");
    let metrics = wire::send(mirror.metrics, "localhost", "GET /metrics", &[], b"").text().to_owned();
    assert!(metrics.contains("\nregistry_log_entries 304\n"), "{metrics}");
    assert!(metrics.contains("\nregistry_mirror_rounds_total{outcome=\"followed\"} "), "{metrics}");
    assert!(!metrics.contains("\nregistry_mirror_source_timestamp_seconds 0\n"), "{metrics}");
    assert!(!mirror.log().contains("panicked"), "{}", mirror.log());
}

#[test]
fn a_mirror_outlives_kills_and_the_loss_of_its_source_and_restores_it() {
    let mut world = world();
    world.config.listen = world.server().address();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (source, here) = (url(&world), trust(&world));
    let start = || Mirror::start(&source, &data, &here, &[]);
    let mut next = 1;
    for round in 1..4 {
        let mirror = start();
        for _ in 0..150 {
            world.attest(next);
            next += 1;
        }
        if round < 3 {
            // Killed in the middle of it, at whatever.
            std::thread::sleep(Duration::from_millis(150 * round));
        } else {
            mirror.wait_for_size(u64::from(next) + 1);
            assert_eq!(mirror.get(&status_list()).status, 200);
        }
    }
    let size = u64::from(next) + 1;
    let (note, last) = (world.get("/checkpoint").body, world.get(&format!("/v1/statements/{}", size - 1)).body);
    let label = world.parties.label(1, 17).to_uri();
    world.stop();

    // The source is gone: what is here is served, from the start on.
    let mirror = start();
    assert_eq!(mirror.get("/checkpoint").body, note);
    assert_eq!(mirror.get(&format!("/v1/statements/{}", size - 1)).body, last);
    assert_eq!(mirror.judge(&label)["outcome"], "verified");
    assert_eq!(mirror.get("/readyz").status, 200);
    let health = wait_for("the trouble", || {
        let health = mirror.get("/healthz").text().to_owned();
        health.contains("cannot be followed since").then_some(health)
    });
    assert!(health.contains(": network"), "{health}");
    assert_eq!(mirror.get(&status_list()).code(), "source_silent");
    assert_eq!(mirror.get("/v1/statements/1/receipt").code(), "source_silent");
    assert_eq!(mirror.get("/.well-known/did.json").status, 200);
    let page = mirror.send(&format!("GET {}", path(&label)), &[("accept", "text/html")], b"");
    assert_eq!(page.status, 200);
    // One folder has one writer.
    let arguments = ["mirror", &source, "--data", data.to_str().unwrap(), "--trust", here.to_str().unwrap(), "--once"];
    let second = program(&arguments);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("lock"), "{}", String::from_utf8_lossy(&second.stderr));

    // The machine is lost; the mirror has its log.
    lose(&world);
    let said = done(&restore(&mirror.url(), &world.data, &["--newest-ok"]));
    assert!(said.contains(&format!("restored {size} entries of registry.example")), "{said}");
    world.start();
    assert_eq!(world.get("/checkpoint").body, note);
    assert_eq!(world.attest(next), size);
    mirror.wait_for_size(size + 1);
    wait_for("health", || (!mirror.get("/healthz").text().contains("cannot be followed")).then_some(()));
    // Stopped in good order, and started: nothing is read again.
    assert!(Command::new("kill").arg(mirror.child.id().to_string()).status().unwrap().success());
    wait_for("the end", || {
        fs::File::open(&mirror.log).ok().and_then(|_| mirror.log().contains("stopping").then_some(()))
    });
}

#[test]
fn a_fork_is_refused_and_proved_and_what_was_good_is_served_on() {
    let mut world = world();
    world.config.listen = world.server().address();
    let folder = tempfile::tempdir().unwrap();
    let (data, face) = (folder.path().join("data"), folder.path().join("face"));
    let (source, here) = (url(&world), folder.path().join("trust.toml"));
    fs::copy(trust(&world), &here).unwrap();
    world.stop();
    copy(&world.data, &face);
    world.start();
    for slot in 1..4 {
        world.attest(slot);
    }
    let mirror = Mirror::start(&source, &data, &here, &[]);
    mirror.wait_for_size(5);
    let note = world.get("/checkpoint").body;
    world.stop();
    fs::remove_dir_all(&world.data).unwrap();
    fs::rename(&face, &world.data).unwrap();
    world.start();
    // A prefix of what is here is an old copy: it proves nothing.
    wait_for("behind", || mirror.get("/healthz").text().contains(": behind").then_some(()));
    let trusted = Trust::from_toml(&fs::read_to_string(&here).unwrap()).unwrap();
    let evidence = || {
        let names = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path());
        let mut kept: Vec<_> = names
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("contradiction-"))
            .filter(|path| path.extension().is_none())
            .collect();
        kept.sort();
        kept
    };
    assert_eq!(evidence().len(), 0);
    // Another tree: smaller, equal, larger.
    for (slot, before) in (11..15).zip(0..) {
        world.attest(slot);
        wait_for("evidence", || (evidence().len() > before).then_some(()));
    }
    for file in evidence() {
        let notes = TwoNotes::parse(&fs::read_to_string(&file).unwrap()).unwrap();
        let confirmed = notes.confirm(&trusted).unwrap();
        assert!(confirmed.0.contains("registry.example"), "{confirmed:?}");
    }
    assert!(mirror.get("/healthz").text().contains(": forked"), "{}", mirror.get("/healthz").text());
    assert!(mirror.log().contains("what was mirrored before is served on"), "{}", mirror.log());
    assert_eq!(mirror.get("/checkpoint").body, note);
    assert_eq!(mirror.judge(&world.parties.label(1, 17).to_uri())["outcome"], "verified");
    assert_eq!(mirror.get("/v1/statements/5").code(), "unknown_index");
    drop(mirror);
    let once = ["mirror", &source, "--data", data.to_str().unwrap(), "--trust", here.to_str().unwrap(), "--once"];
    refused(&program(&once), "then one of");
}

#[test]
fn entries_that_are_not_those_of_the_checkpoint_are_never_taken_in() {
    let mut world = world();
    for slot in 1..600 {
        world.attest(slot);
    }
    let folder = tempfile::tempdir().unwrap();
    let (tiles, data) = (folder.path().join("tiles"), folder.path().join("data"));
    done(&crate::mirror::mirror(&url(&world), &tiles, &trust(&world)));
    let note = world.get("/checkpoint").body;
    world.stop();
    let server = StaticFiles::new(&tiles);
    let once = |data: &Path| {
        let (data, trust) = (data.to_str().unwrap(), trust(&world));
        program(&["mirror", &server.url(), "--data", data, "--trust", trust.to_str().unwrap(), "--once"])
    };
    // The first bundle and the last are good, and one between is not; or a tile is not; or nothing is there.
    for (name, code) in [("tile/entries/001", "entry bundle 1"), ("tile/1/000.p/2", "do not prove")] {
        let file = tiles.join(name);
        let good = fs::read(&file).unwrap();
        let mut bad = good.clone();
        bad[40] ^= 1;
        fs::write(&file, bad).unwrap();
        refused(&once(&data), code);
        fs::write(&file, &good).unwrap();
        fs::remove_file(&file).unwrap();
        refused(&once(&data), "is not there");
        fs::write(&file, &good).unwrap();
    }
    // What is whole again is gone on with, after what was good before.
    let said = done(&once(&data));
    assert!(said.contains("has 601 entries"), "{said}");
    let mirror = Mirror::start(&server.url(), &data, &trust(&world), &[]);
    assert_eq!(mirror.get("/checkpoint").body, note);
    for (name, bytes) in files(&tiles) {
        assert!(mirror.get(&format!("/{name}")).body == bytes, "{name}");
    }
    // Files have no snapshot and no signer: that is said.
    assert_eq!(mirror.get("/v1/snapshot").code(), "no_snapshot");
    assert_eq!(mirror.get(&status_list()).code(), "source_silent");
    assert_eq!(mirror.get("/.well-known/did.json").code(), "source_silent");
    // A folder that was lost is made anew.
    drop(mirror);
    fs::remove_dir_all(&data).unwrap();
    done(&once(&data));
}

#[test]
fn hourly_checkpoints_and_cosignatures_are_mirrored_in_both_forms() {
    let witness = FakeWitness::new(3, Manner::Honest);
    let world = World::with(|config| {
        quick(config);
        name_witnesses(&config.data, 1, &[(witness.vkey(), witness.url())]);
    });
    world.accredit();
    world.attest(0);
    wait_for_cosigned(&world, 2, 1);
    let hours = wait_for("an hour", || {
        let hours = world.get("/v1/checkpoints").json()["hours"].clone();
        (!hours.as_array()?.is_empty()).then_some(hours)
    });
    let folder = tempfile::tempdir().unwrap();
    let (data, tiles, again) = (folder.path().join("data"), folder.path().join("tiles"), folder.path().join("again"));
    let mirror = Mirror::start(&url(&world), &data, &trust(&world), &["--tiles", tiles.to_str().unwrap()]);
    mirror.wait_for_size(2);
    wait_for("the hours", || (mirror.get("/v1/checkpoints").json()["hours"] == hours).then_some(()));
    let hour = format!("v1/checkpoints/{}", hours[0].as_str().unwrap());
    let kept = world.get(&format!("/{hour}")).body;
    assert_eq!(mirror.get(&format!("/{hour}")).body, kept);
    assert_eq!(mirror.judge(&world.parties.label(1, 17).to_uri())["outcome"], "verified");
    // As files, and from files.
    wait_for("the hour's file", || (fs::read(tiles.join(&hour)).ok()? == kept).then_some(()));
    let list = wait_for("the list", || fs::read(tiles.join("v1/checkpoints/index.json")).ok());
    assert_eq!(serde_json::from_slice::<Value>(&list).unwrap()["hours"], hours);
    let server = StaticFiles::new(&tiles);
    done(&crate::mirror::mirror(&server.url(), &again, &trust(&world)));
    assert_eq!(fs::read(again.join(&hour)).unwrap(), kept);
    drop(mirror);
    let second = Mirror::start(&server.url(), &data, &trust(&world), &[]);
    assert_eq!(second.get(&format!("/{hour}")).body, kept);
    // A lost machine has them back from either.
    let trust = trust(&world);
    for (name, from) in [("from-files", again.to_str().unwrap().to_owned()), ("from-mirror", second.url())] {
        let restored = folder.path().join(name);
        let said = done(&restore(&from, &restored, &["--trust", trust.to_str().unwrap(), "--newest-ok"]));
        assert!(said.contains("restored 1 hourly checkpoints"), "{said}");
        let file = restored.join("checkpoints").join(hour.rsplit('/').next().unwrap());
        assert_eq!(fs::read(file).unwrap(), kept);
    }
}

#[test]
fn a_mirror_that_has_not_heard_of_its_source_for_too_long_does_not_know() {
    let mut world = world();
    let file = trust(&world);
    let mut trusted = Trust::from_toml(&fs::read_to_string(&file).unwrap()).unwrap();
    trusted.registries[0].snapshot_max_age_days = 1;
    fs::write(&file, trusted.to_toml()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let source = url(&world);
    let label = world.parties.label(1, 17).to_uri();
    let mirror = Mirror::start(&source, &data, &file, &[]);
    wait_for("the mirror", || (mirror.judge(&label)["outcome"] == "verified").then_some(()));
    drop(mirror);
    world.stop();
    // Two days ago, by the file that a restart reads.
    let before = primitives::Timestamp::from_seconds(crate::parties::now().seconds() - 2 * 86_400);
    fs::write(data.join("heard"), before.to_string()).unwrap();
    let mirror = Mirror::start(&source, &data, &file, &[]);
    let verdict = mirror.judge(&label);
    assert_eq!(
        (verdict["outcome"].as_str(), verdict["reasons"][0].as_str()),
        (Some("undecided"), Some("stale_snapshot"))
    );
    let found = mirror.get("/v1/attestations?gtin=09521234543213&lot=KTM-2026").json();
    assert_eq!(found["attestations"][0]["reasons"][0], "stale_snapshot", "{found}");
}
