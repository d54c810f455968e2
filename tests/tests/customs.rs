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
