//! An auditor and a real registry: all is well; and what shows when its operator signs a second history.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
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
        let said = compare(&desk, one, other).fails(1, "contradicts itself");
        let is_hex = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(!said.split([' ', ',', ';']).any(is_hex), "roots are told as checkpoints have them: {said}");
        let line = said.lines().find(|line| line.starts_with("verifier: error: ")).unwrap();
        assert_eq!(line.matches(&desk.server.origin()).count(), 1, "{line}");
        evidence(&said);
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
    // Damaged, cut short or made up: what the registry has not signed is no evidence, and no acquittal.
    for damaged in [text.replacen("\n1\n", "\n2\n", 1), text.replacen(&desk.server.origin(), "other.example", 1)] {
        desk.write("evidence.txt", damaged);
        verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(2, "hint: ");
    }
    for end in (0..text.len()).step_by(7) {
        desk.write("evidence.txt", &text.as_bytes()[..end]);
        let status = verifier(&desk, &["evidence", "check", "evidence.txt"]).status;
        assert!(status == Some(2) || status == Some(3), "cut to {end}: {status:?}");
    }
    for (text, status) in [("", 2), ("{}", 2), ("{\"format\":1}", 2), ("nothing\n", 2), (&*"x".repeat(1 << 20), 2)] {
        desk.write("evidence.txt", text);
        verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(status, "evidence.txt is no evidence");
    }
    desk.write("evidence.txt", format!("{}--\n{}", fs::read_to_string(desk.path("first.txt")).unwrap(), torn));
    verifier(&desk, &["evidence", "check", "evidence.txt"]).fails(3, "only the log shows");
    compare(&desk, "first.txt", "second.txt").fails(3, "cannot reach");
    assert!(compare(&desk, "fork-2.txt", "second.txt").fails(1, "contradicts itself").contains("evidence check"));
    let said = verifier(&desk, &["audit"]).fails(1, "cannot reach");
    assert!(said.contains("evidence against "), "{said}");
    verifier(&desk, &["audit", "--state", "new"]).fails(3, "cannot reach");
}

/// A web server of the files in a folder, until the test ends.
fn serve(folder: std::path::PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let path = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
            let (status, body) = match fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            // A client that hangs up is no concern of its.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    url
}

/// A registry puts another history in place of its log, and then the log again: what was kept of that is told until somebody has dealt with
/// it, and what was only an old log is told from another.
#[test]
fn a_contradiction_that_was_kept_is_told_until_it_is_dealt_with() {
    let desk = Desk::open();
    desk.key("certifier", &sample::did("did:web:himal-audit.example"), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let url = desk.server.url();
    let first = ureq::get(&format!("{url}/checkpoint")).call().unwrap().into_body().read_to_string().unwrap();
    desk.certifier(&[&["attest", "lot.toml"], &BY[..]].concat()).succeeds();
    desk.certifier(
        &[&["labels", "--attestation", "1", "--serials", "1", "--format", "list", "--out", "l"], &BY[..]].concat(),
    )
    .succeeds();
    let list = fs::read_dir(desk.path("l")).unwrap().map(|entry| entry.unwrap().path());
    let label = list.filter_map(|path| fs::read_to_string(path).ok()).find(|text| text.starts_with("HTTP")).unwrap();
    let mirror = ["mirror", &url, "--tiles", "files", "--trust", "data/trust.toml", "--once"];
    Ran::of(&desk.command("registry-server", &mirror).output().unwrap()).succeeds();
    let mut trust = desk.server.trust();
    trust.registries.first_mut().unwrap().url = serve(desk.path("files"));
    desk.write("files.toml", trust.to_toml());
    let key = fs::read_to_string(desk.server.data().join("log.key")).unwrap();
    let fork = Checkpoint::new(&desk.server.origin(), 1, Hash::of(b"another history")).unwrap();
    let fork = fork.sign(&key_file::plain::from_pem(&key).unwrap()).unwrap().to_string();
    let second = fs::read_to_string(desk.path("files/checkpoint")).unwrap();
    let show = |note: &str| {
        desk.write("files/checkpoint.new", note);
        fs::rename(desk.path("files/checkpoint.new"), desk.path("files/checkpoint")).unwrap();
    };
    snapshot_of_two(&desk);

    // Who follows has read the log, and proves that the shorter one is another.
    let follow = ["audit", "--trust", "files.toml", "--state", "seen", "--follow", "--every", "1"];
    let mut command = desk.command("verifier", &follow);
    let mut following = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(following.stdout.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("2 entries replayed"));
    fs::rename(desk.path("files/tile"), desk.path("tile")).unwrap();
    show(&fork);
    let ended = Ran::of(&following.wait_with_output().unwrap());
    let said = ended.fails(1, "contradicts itself");
    let file = said.split("both are kept in ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let confirmed =
        verifier(&desk, &["evidence", "check", &file]).fails(1, "then one of 2 whose first 1 have the root");
    assert!(confirmed.contains("confirmed: "), "{confirmed}");

    // The first history again, and all is well, but for what is kept.
    let seen = ["--state", "seen"];
    let (sync, doctor) = (["sync", "--state", "seen", "--snapshots", "own"], ["doctor", "--state", "seen"]);
    let doctor = [&doctor[..], &["--snapshots", "own"]].concat();
    for words in [&["audit", "--state", "seen"][..], &sync, &doctor] {
        let said = verifier(&desk, words).fails(1, "evidence against ");
        assert!(said.contains(&format!("is kept in {file}: ")), "{said}");
        assert!(said.contains(&format!("verifier evidence check {file}")), "{said}");
        assert!(!said.contains("Nothing is missing"), "{said}");
    }
    let check = [&["check", label.trim(), "--json"], &seen[..]].concat();
    let output = desk.command("verifier", &check).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&document["kept"][0]["file"], &document["kept"][0]["weight"]),
        (&file.clone().into(), &"confirmed".into())
    );
    assert!(Ran::of(&output).succeeds().contains("warning: evidence against"));
    let schema = verifier(&desk, &["schema"]).succeeds();
    jsonschema::validate(&serde_json::from_str(&schema).unwrap(), &document).unwrap();
    fs::rename(desk.path(&file), desk.path("dealt-with")).unwrap();
    for words in [&["audit", "--state", "seen"][..], &sync, &doctor, &check] {
        let said = verifier(&desk, words).succeeds();
        assert!(!said.contains("evidence against") && !said.contains("warning"), "{said}");
    }

    // Who has only seen the checkpoint cannot tell an old log from another, until the registry shows it again.
    for (note, status, word) in [(&first, 0, "proves nothing"), (&fork, 1, "contradicts itself")] {
        verifier(&desk, &["audit", "--state", "told"]).succeeds();
        show(note);
        let said =
            verifier(&desk, &["audit", "--trust", "files.toml", "--state", "told"]).fails(1, "an old one, or another");
        let file = said.split("both are kept in ").nth(1).unwrap().lines().next().unwrap().to_owned();
        verifier(&desk, &["doctor", "--state", "told", "--snapshots", "own"]).fails(3, "is not settled");
        let audited = verifier(&desk, &["audit", "--state", "told"]);
        assert!(audited.said.contains(&file), "{}", audited.said);
        assert!(audited.said.contains(word), "{}", audited.said);
        assert_eq!(audited.status, Some(status), "{}", audited.said);
        fs::remove_dir_all(desk.path("told")).unwrap();
    }
    show(&second);
}
