//! The officer's path with the real programs: sync from a running registry, judge with the network gone, audit, and `kill -9` of a
//! sync at any moment.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use client::{Memory, Registry};
use tests::{Parties, Server, binary};

fn verifier(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary("verifier"));
    command.args(arguments).env("NO_COLOR", "1").env("ETHICAL_LABEL_TRUST", folder.join("data/trust.toml"));
    if ["sync", "shipment", "doctor"].contains(&arguments[0]) {
        command.arg("--snapshots").arg(folder.join("snapshots"));
    }
    if arguments[0] != "doctor" {
        command.arg("--state").arg(folder.join("state"));
    }
    command
}

/// An officer's laptop or post: its own memory, shelf and books.
fn post(folder: &Path, name: &str, arguments: &[&str]) -> Output {
    let home = folder.join(name);
    let mut command = Command::new(binary("verifier"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1");
    command.env("ETHICAL_LABEL_TRUST", folder.join("data/trust.toml"));
    command.arg("--snapshots").arg(home.join("snapshots")).arg("--state").arg(home.join("state"));
    command.output().unwrap()
}

const OFFICE: &[&str] = &["--key", "office.pem", "--office", "did:web:office.example", "--allow-unencrypted-key"];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    verifier(folder, arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Waits until the registry's snapshot has so many entries, and brings it to the shelf.
fn sync(folder: &Path, entries: u32) {
    let started = Instant::now();
    loop {
        let output = run(folder, &["sync"]);
        if output.status.success() && text(&output).contains(&format!("{entries} entries")) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{}", text(&output));
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_was_synced_decides_with_the_registry_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::init(folder.path());
    server.start_with(&["--snapshot-every", "1"]);
    let trust = server.trust();
    let (parties, registry) =
        (Parties::new(&server.origin()), Registry::new(&trust.registries[0], Memory::new(folder.path().join("m"))));
    registry.submit(&parties.accreditation()).unwrap();
    for n in 0..5 {
        registry.submit(&parties.attestation(n)).unwrap();
    }
    assert_eq!(run(folder.path(), &["doctor"]).status.code(), Some(3), "nothing was fetched yet");
    sync(folder.path(), 6);
    let audit = run(folder.path(), &["audit"]);
    assert!(audit.status.success() && text(&audit).contains("6 entries replayed"), "{}", text(&audit));
    assert_eq!(run(folder.path(), &["doctor"]).status.code(), Some(0));

    // The registry is gone: nothing but the shelf is left.
    server.kill();
    let labels: Vec<String> = (1..=10).map(|number| parties.label(3, 4, number)).collect();
    std::fs::write(folder.path().join("labels.txt"), labels.join("\n")).unwrap();
    let manifest = folder.path().join("labels.txt");
    let output = run(folder.path(), &["shipment", manifest.to_str().unwrap()]);
    assert!(output.status.success() && text(&output).contains("10 verified"), "{}", text(&output));
    let gone = run(folder.path(), &["sync"]);
    assert_eq!(gone.status.code(), Some(3), "{}", text(&gone));
    assert_eq!(run(folder.path(), &["audit"]).status.code(), Some(3));

    // A registry that signs whatever it likes: the log's key, and a body that no replay gives.
    server.start_with(&["--snapshot-every", "3600"]);
    let started = Instant::now();
    while !run(folder.path(), &["audit"]).status.success() {
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn a_sync_that_is_killed_at_any_moment_leaves_a_good_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::init(folder.path());
    server.start_with(&["--snapshot-every", "1"]);
    let trust = server.trust();
    let (parties, registry) =
        (Parties::new(&server.origin()), Registry::new(&trust.registries[0], Memory::new(folder.path().join("m"))));
    registry.submit(&parties.accreditation()).unwrap();
    registry.submit(&parties.attestation(0)).unwrap();
    sync(folder.path(), 2);
    std::fs::write(folder.path().join("labels.txt"), parties.label(0, 1, 1)).unwrap();
    let manifest = folder.path().join("labels.txt");
    for (round, n) in (1..=20).enumerate() {
        registry.submit(&parties.attestation(n)).unwrap();
        let mut child = verifier(folder.path(), &["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(u64::try_from(round).unwrap()));
        // One that has ended by itself needs no killing.
        let _ = child.kill();
        child.wait().unwrap();
        let output = run(folder.path(), &["shipment", manifest.to_str().unwrap()]);
        assert!(output.status.success(), "round {round}: {}", text(&output));
    }
    sync(folder.path(), 22);
}

#[test]
fn two_posts_that_clear_the_same_label_offline_are_both_kept_and_the_later_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::init(folder.path());
    server.start_with(&["--snapshot-every", "1"]);
    let trust = server.trust();
    let (parties, registry) =
        (Parties::new(&server.origin()), Registry::new(&trust.registries[0], Memory::new(folder.path().join("m"))));
    registry.submit(&parties.accreditation()).unwrap();
    registry.submit(&parties.office_accreditation()).unwrap();
    assert_eq!(registry.submit(&parties.attestation(0)).unwrap().index, 2);
    std::fs::write(folder.path().join("office.pem"), key_file::plain::to_pem(&parties.office)).unwrap();
    let labels: Vec<String> = (1..=10).map(|number| parties.label(0, 2, number)).collect();
    std::fs::write(folder.path().join("labels.txt"), labels.join("\n")).unwrap();
    std::fs::write(folder.path().join("five.txt"), labels[..5].join("\n")).unwrap();
    let at = |name: &str, arguments: &[&str]| post(folder.path(), name, arguments);
    let brought = |name: &str, entries: u32| {
        let started = Instant::now();
        loop {
            let output = at(name, &[&["sync"], OFFICE].concat());
            // The supplement's line names the log's size as well.
            let is_snapshot = |line: &&str| !line.contains("clearance") && line.contains(&format!("{entries} entries"));
            if output.status.success() && text(&output).lines().any(|line| is_snapshot(&line)) {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{}", text(&output));
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    let cleared = |name: &str| {
        let output = at(name, &["shipment", "labels.txt", "--json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (
            document["reasons"]["already_cleared"].as_u64().unwrap_or(0),
            document["summary"]["verified"].as_u64().unwrap(),
        )
    };
    brought("one", 3);
    brought("other", 3);
    assert_eq!(cleared("one"), (0, 10));

    // Without a network both sign, and each counts its own at once.
    let signed = at("one", &[&["clear", "five.txt", "--offline"], OFFICE].concat());
    assert_eq!(signed.status.code(), Some(0), "{}", text(&signed));
    let other = ["clear", "--attestation", "2", "--serials", "4-8", "--offline"];
    assert_eq!(at("other", &[&other, OFFICE].concat()).status.code(), Some(0));
    assert_eq!((cleared("one"), cleared("other")), ((5, 5), (5, 5)));

    // Both are kept; the later one is told, and only of what was there before it.
    let first = at("one", &["clear"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first));
    assert!(text(&first).contains("commitment at index 3"), "{}", text(&first));
    let second = at("other", &["clear"]);
    assert_eq!(second.status.code(), Some(1), "{}", text(&second));
    assert!(text(&second).contains("attestation 2: numbers 4-5 were cleared before, at index 3"), "{}", text(&second));
    assert!(at("other", &["clear"]).stdout.is_empty(), "nothing waits any more");

    // A third post learns of both; the public log says nothing of what was cleared.
    brought("third", 5);
    assert_eq!(cleared("third"), (8, 2));
    for index in [3, 4] {
        let payload = registry.statement(index).unwrap().statement;
        let payload = primitives::base64::url_decode(payload.split('.').nth(1).unwrap()).unwrap();
        let payload = String::from_utf8(payload).unwrap();
        assert!(payload.contains("ommitment") && !payload.contains("serials"), "{payload}");
    }

    // A mistake is undone by the office itself, and stays in the books.
    let undone = at("other", &[&["clear", "--undo", "4", "--reason", "wrong pallet"], OFFICE].concat());
    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone));
    let again = at("one", &[&["clear", "--undo", "4", "--reason", "wrong pallet"], OFFICE].concat());
    assert_eq!(again.status.code(), Some(1), "{}", text(&again));
    server.kill();
    server.start_with(&["--snapshot-every", "1"]);
    brought("third", 6);
    assert_eq!(cleared("third"), (5, 5));

    // Nobody else is told.
    std::fs::write(folder.path().join("office.pem"), key_file::plain::to_pem(&parties.accreditor)).unwrap();
    let stranger = at("stranger", &[&["sync"], OFFICE].concat());
    assert_ne!(stranger.status.code(), Some(0), "{}", text(&stranger));
    assert_eq!(cleared("stranger"), (0, 10));
}
