//! An auditor and a real registry: all is well; and what shows when its operator signs a second history.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::time::Duration;

use primitives::{Hash, SecretKey};
use statement::sample;
use tests::{Desk, Ran};
use tlog::Checkpoint;

const BY: [&str; 3] = ["--key", "certifier.key", "--allow-unencrypted-key"];

fn verifier(desk: &Desk, words: &[&str]) -> Ran {
    Ran::of(&desk.command("verifier", words).output().unwrap())
}

fn compare(desk: &Desk, one: &str, other: &str) -> Ran {
    verifier(desk, &["compare-checkpoints", one, other])
}

/// Waits for a snapshot of two entries: one of none begins every history.
fn snapshot_of_two(desk: &Desk) {
    for _ in 0..100 {
        if verifier(desk, &["sync", "--snapshots", "own"]).succeeds().contains(": 2 entries") {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("no snapshot of two entries");
}

#[test]
fn a_registry_is_audited_and_its_second_history_is_proved_to_anybody() {
    let mut desk = Desk::open();
    desk.key("certifier", &sample::did("did:web:himal-audit.example"), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let checkpoint = |desk: &Desk, name: &str| {
        let note = ureq::get(&format!("{}/checkpoint", desk.server.url())).call().unwrap();
        let note = note.into_body().read_to_string().unwrap();
        desk.write(name, &note);
        note
    };
    checkpoint(&desk, "first.txt");
    desk.certifier(&[&["attest", "lot.toml"], &BY[..]].concat()).succeeds();
    checkpoint(&desk, "second.txt");
    let url = desk.server.url();
    let all_well = |words: &[&str]| {
        let told = verifier(&desk, &[&["audit"], words].concat()).succeeds();
        assert!(told.contains("2 entries replayed"), "{told}");
        told
    };
    let told = all_well(&[]);
    assert!(told.contains("times of receipt are the registry's word"), "{told}");
    all_well(&[&url]);
    verifier(&desk, &["audit", "other.example"]).fails(2, "names no registry other.example");

    assert!(compare(&desk, "first.txt", "second.txt").succeeds().contains("begins with that of 1"));
    assert!(compare(&desk, "second.txt", "second.txt").succeeds().contains("the same tree of 2 entries"));
    desk.write("none.txt", "hello\n");
    compare(&desk, "none.txt", "second.txt").fails(2, "names no registry \"hello\"");
    compare(&desk, "missing.txt", "second.txt").fails(2, "cannot read missing.txt");
    let torn = fs::read_to_string(desk.path("second.txt")).unwrap();
    desk.write("torn.txt", &torn[..torn.len() - 20]);
    compare(&desk, "first.txt", "torn.txt").fails(2, "torn.txt: ");

    // The operator signs another tree with the log's own key: smaller, and as large.
    let key = fs::read_to_string(desk.server.data().join("log.key")).unwrap();
    let key = key_file::plain::from_pem(&key).unwrap();
    let fork = |size: u64, name: &str| {
        let checkpoint = Checkpoint::new(&desk.server.origin(), size, Hash::of(b"another history")).unwrap();
        desk.write(name, checkpoint.sign(&key).unwrap().to_string());
    };
    fork(1, "fork-1.txt");
    fork(2, "fork-2.txt");
    let evidence = |said: &str| {
        let file = said.split("both are kept in ").nth(1).unwrap().lines().next().unwrap().to_owned();
        fs::rename(&file, desk.path("evidence.txt")).unwrap();
    };
    for (one, other, what) in [
        ("fork-2.txt", "second.txt", "signed two trees of 2 entries"),
        ("fork-1.txt", "second.txt", "then one of 2 whose first 1 have the root"),
    ] {
        evidence(&compare(&desk, one, other).fails(1, "contradicts itself"));
        let told = verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(1, "confirmed: ");
        assert!(told.contains(what), "{told}");
    }
    // Whoever saw the other history first refuses this one.
    fs::create_dir_all(desk.path("seen")).unwrap();
    let origin = desk.server.origin().replace(':', "_");
    fs::copy(desk.path("fork-2.txt"), desk.path("seen").join(format!("{origin}.checkpoint"))).unwrap();
    verifier(&desk, &["audit", "--state", "seen"]).fails(1, "contradicts itself");
    snapshot_of_two(&desk);
    verifier(&desk, &["sync", "--state", "seen", "--snapshots", "shelf"]).fails(1, "contradicts itself");

    // Without a network the evidence is as good, and what is none is none.
    desk.server.kill();
    verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(1, "confirmed: ");
    let text = fs::read_to_string(desk.path("evidence.txt")).unwrap();
    desk.write("evidence.txt", text.replacen("\n1\n", "\n2\n", 1));
    verifier(&desk, &["evidence", "check", "evidence.txt"]).succeeds();
    for (text, status) in [("", 2), ("{}", 2), ("{\"format\":1}", 2), ("nothing\n", 2), (&*"x".repeat(1 << 20), 2)] {
        desk.write("evidence.txt", text);
        verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(status, "evidence.txt is no evidence");
    }
    desk.write("evidence.txt", format!("{}--\n{}", fs::read_to_string(desk.path("first.txt")).unwrap(), torn));
    verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(3, "only the log shows");
    compare(&desk, "first.txt", "second.txt").fails(3, "cannot reach");
    assert!(compare(&desk, "fork-2.txt", "second.txt").fails(1, "contradicts itself").contains("evidence check"));
    verifier(&desk, &["audit"]).fails(3, "cannot reach");
}
