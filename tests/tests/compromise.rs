//! A certifier's key is stolen: what it touched is listed, it is declared compromised, and the labels are printed anew under another
//! key, with the real programs and a running registry; online and from a snapshot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::time::{Duration, Instant, SystemTime};

use primitives::{SecretKey, Signer as _, Timestamp};
use serde_json::Value;
use statement::sample;
use tests::{Desk, Ran};

const CERTIFIER: &str = "did:web:himal-audit.example";

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

fn thumbprint(number: u8) -> String {
    secret(number).public_key().thumbprint().to_string()
}

/// The next whole second: what is logged from then on is logged after it, and what was logged is before it.
fn next_second() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    std::thread::sleep(Duration::from_millis(1_005) - Duration::from_millis(u64::from(now.subsec_millis())));
    Timestamp::from_seconds(now.as_secs() + 1).to_string()
}

fn by(desk: &Desk, key: &str, arguments: &[&str]) -> Ran {
    let key = format!("{key}.key");
    desk.certifier(&[arguments, &["--key", &key, "--allow-unencrypted-key"]].concat())
}

fn check(desk: &Desk, label: &str) -> Ran {
    Ran::of(&desk.command("verifier", &["check", label]).output().unwrap())
}

/// Judges a list of labels from a snapshot that has so many entries, and without asking the registry anything else.
fn offline(desk: &Desk, list: &str, entries: u64) -> Ran {
    let started = Instant::now();
    loop {
        let synced = Ran::of(&desk.command("verifier", &["sync", "--snapshots", "shelf"]).output().unwrap());
        if synced.said.contains(&format!("{entries} entries")) {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{}", synced.said);
        std::thread::sleep(Duration::from_millis(200));
    }
    Ran::of(&desk.command("verifier", &["shipment", list, "--snapshots", "shelf"]).output().unwrap())
}

fn json(ran: Ran) -> Value {
    let said = ran.succeeds();
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
fn a_stolen_key_is_reported_and_its_labels_are_told_apart() {
    let mut desk = Desk::open();
    desk.key("certifier", &sample::did(CERTIFIER), &secret(21));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    by(&desk, "certifier", &["attest", "lot.toml"]).succeeds();
    let labels = |index: &'static str, out: &'static str| {
        ["labels", "--attestation", index, "--serials", "1-5", "--format", "png,list", "--out", out]
    };
    by(&desk, "certifier", &labels("1", "old")).succeeds();
    by(&desk, "certifier", &["suspend", "1", "--reason", "error"]).succeeds();
    by(&desk, "certifier", &["reinstate", "1", "--reason", "error"]).succeeds();
    check(&desk, "old/3.png").succeeds();
    let before = Timestamp::from_seconds(1_780_000_000).to_string();
    let stolen = next_second();
    // The thief attests; or the certifier does, and nobody can tell.
    by(&desk, "certifier", &["attest", "lot.toml", "--again"]).succeeds();
    by(&desk, "certifier", &labels("4", "later")).succeeds();

    // What it touched, however the key is named.
    for key in ["certifier.jwk", "certifier.key", &thumbprint(21)] {
        let listed = json(desk.certifier(&["blast-radius", key, "--since", &stolen, "--json"]));
        let indexes: Vec<_> =
            listed["attestations"].as_array().unwrap().iter().map(|row| (&row["index"], &row["effect"])).collect();
        assert_eq!(
            format!("{indexes:?}"),
            r#"[(Number(1), String("key_exposed")), (Number(4), String("key_compromised"))]"#
        );
        assert_eq!(listed["totals"]["attestations"], 2);
        assert_eq!(
            (&listed["exposure"]["refused"]["attestations"], &listed["exposure"]["exposed"]["labels"]),
            (&1.into(), &100.into())
        );
        assert_eq!(listed["printedHere"][1]["attestation"], 4);
        let kinds: Vec<_> =
            listed["statements"].as_array().unwrap().iter().map(|other| other["kind"].as_str()).collect();
        assert_eq!(kinds, [Some("suspend"), Some("reinstate")], "{listed}");
    }
    let told = desk.certifier(&["blast-radius", "certifier.jwk"]).succeeds();
    for words in ["not declared compromised", "lot KTM-2026", "GTIN 09521234543213", "labels 1-5", "--since TIME"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    let told = desk.certifier(&["blast-radius", "certifier.jwk", "--since", &stolen]).succeeds();
    assert!(told.contains("(nothing was declared now)"), "{told}");
    let table = desk.certifier(&["blast-radius", "certifier.jwk", "--since", &stolen, "--csv"]).succeeds();
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines.len() == 5 && lines[1].starts_with("attestation,1,") && lines[1].contains(",key_exposed,"),
        "{table}"
    );
    let accreditors = desk.certifier(&["blast-radius", "accreditor.jwk"]).succeeds();
    assert!(accreditors.contains("accreditation of did:web:himal-audit.example"), "{accreditors}");
    desk.certifier(&["blast-radius", &thumbprint(99)]).fails(1, "knows no key");
    desk.certifier(&["blast-radius", "nothing.jwk"]).fails(2, "neither a thumbprint nor a file");
    desk.certifier(&["blast-radius", "certifier.jwk", "--since", "2100-01-01T00:00:00Z"]).fails(2, "still to come");

    // A registry that goes away in the middle: what is listed is all of it, or nothing.
    let cut = |requests| {
        let gate = tests::Gate::open(&desk.server.url(), requests);
        let mut trust = desk.server.trust();
        trust.registries[0].url = gate.url();
        desk.write("cut.toml", trust.to_toml());
        let output = desk
            .command("certifier", &["blast-radius", "certifier.jwk", "--since", &stolen, "--trust", "cut.toml"])
            .output()
            .unwrap();
        (output.stdout.is_empty(), Ran::of(&output))
    };
    let mut requests = 0;
    loop {
        let (is_empty, ran) = cut(requests);
        if ran.status == Some(0) {
            assert_eq!(ran.said, told);
            break;
        }
        ran.fails(3, "cannot reach");
        assert!(is_empty && requests < 40, "{requests}");
        requests += 1;
    }
    assert!(requests > 4, "it asks for more than the snapshot: {requests}");

    // Nothing is declared by accident.
    let report = ["accredit", "--compromised", "certifier.jwk", "--compromised-since", &stolen];
    desk.accreditor(&report).fails(2, "there is no terminal to ask on: nothing was signed");
    let shown = desk.accreditor(&[&report[..], &["--dry-run"]].concat()).succeeds();
    for words in [
        &format!("attested under it since {stolen}: 1 attestation with 100 labels") as &str,
        "attested under it before: 1 attestation with 100 labels",
        "WITHOUT A KEY",
        "nothing was signed or sent",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let wrong = |key: &str, since: &str, status: i32, words: &str| {
        let report = ["accredit", "--compromised", key, "--compromised-since", since, "--yes"];
        desk.accreditor(&report).fails(status, words);
    };
    wrong(&thumbprint(99), &stolen, 1, "the log knows no key");
    wrong("accreditor.jwk", &stolen, 1, "it is ended in the trust file");
    wrong("lot.toml", &stolen, 2, "neither a JWK");
    wrong("certifier.jwk", "2100-01-01T00:00:00Z", 2, "still to come");
    wrong("certifier.jwk", "2026-01-01T00:00:00.5Z", 2, "expected whole seconds");
    let twice = ["--compromised", &thumbprint(21), "--yes"];
    desk.accreditor(&[&report[..], &twice].concat()).fails(2, "twice");
    by(&desk, "certifier", &[&report[..], &["--yes"]].concat()).fails(2, "is no accreditor of");
    check(&desk, "old/3.png").succeeds();

    // `validFrom` is a whole second, and has to grow.
    let said = desk.accreditor(&[&report[..], &["--yes"]].concat()).succeeds();
    assert!(
        said.contains("registered at index 5")
            && said.contains("warning: did:web:himal-audit.example is left without a key"),
        "{said}"
    );
    assert!(said.contains("countries IN, NP, PK"), "scope and all else stay: {said}");

    // What was logged before stays valid, and its labels are amber; what was logged after is refused.
    check(&desk, "old/3.png").fails(1, "[key_exposed]");
    check(&desk, "later/3.png").fails(1, "[key_compromised]");
    offline(&desk, "old/labels-1-5.txt", 6).fails(1, "[key_exposed]");
    offline(&desk, "later/labels-1-5.txt", 6).fails(1, "[key_compromised]");
    by(&desk, "certifier", &["attest", "lot.toml", "--again"]).fails(1, "key_compromised");
    let unsent: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!unsent.iter().any(|name| name.to_string_lossy().ends_with(".unsent.jws")), "{unsent:?}");
    by(&desk, "certifier", &["labels", "--attestation", "1", "--serials", "6", "--out", "six"])
        .fails(1, "is compromised since");

    // It never clears, and the earliest time wins.
    desk.accreditor(&[&report[..], &["--yes"]].concat()).fails(1, "the earliest time wins");
    let later = next_second();
    wrong("certifier.jwk", &later, 1, "reported at entry 5: the earliest time wins");
    desk.accreditor(&["accredit", "accreditation.toml"]).fails(1, "retired_key_listed");
    desk.key("new", &sample::did(CERTIFIER), &secret(22));
    let party = fs::read_to_string(desk.path("accreditation.toml")).unwrap();
    desk.write("next.toml", party.replace("certifier.jwk", "new.jwk"));
    desk.accreditor(&["accredit", "next.toml"]).succeeds();
    check(&desk, "old/3.png").fails(1, "[key_exposed]");
    check(&desk, "later/3.png").fails(1, "[key_compromised]");

    // Printed anew: the new labels are green, the old ones are told apart.
    let relabel = ["relabel", "--attestation", "1", "--format", "png,list", "--out", "new"];
    by(&desk, "certifier", &relabel).fails(1, "is compromised since");
    let dry = by(&desk, "new", &[&relabel[..], &["--dry-run"]].concat()).succeeds();
    assert!(dry.contains("5 labels of attestation 1") && dry.contains("nothing was signed or written"), "{dry}");
    by(&desk, "new", &[&relabel[..], &["--short-serials"]].concat()).fails(2, "leave --short-serials out");
    let printed = by(&desk, "new", &relabel).succeeds();
    let because = format!("under key {}, because: key {} is exposed", thumbprint(22), thumbprint(21));
    assert!(printed.contains("in place of those of print run 1") && printed.contains(&because), "{printed}");
    check(&desk, "new/3.png").succeeds();
    check(&desk, "old/3.png").fails(1, "[key_exposed]");
    offline(&desk, "new/labels-1-5.txt", 7).succeeds();
    offline(&desk, "old/labels-1-5.txt", 7).fails(1, "[key_exposed]");
    let serials = |list: &str| -> Vec<String> {
        let text = fs::read_to_string(desk.path(list)).unwrap();
        text.lines().map(|label| label.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(serials("new/labels-1-5.txt"), serials("old/labels-1-5.txt"));

    // Once is enough, and only where there is a reason.
    let again = ["relabel", "--attestation", "1", "--format", "list", "--out", "again"];
    by(&desk, "new", &again).fails(2, "are replaced already: 1-5");
    by(&desk, "new", &[&again[..], &["--serials", "3"]].concat())
        .fails(2, "label 3 of attestation 1 was printed before");
    by(&desk, "new", &["relabel", "--attestation", "4", "--out", "x"])
        .fails(1, "was signed with a key compromised since");
    by(&desk, "new", &["attest", "lot.toml", "--again"]).succeeds();
    let sound = ["relabel", "--attestation", "7", "--serials", "1-2", "--format", "list", "--out", "sound"];
    by(&desk, "new", &sound).fails(2, "is exposed: they are good");
    by(&desk, "new", &[&sound[..], &["--reason", "bad ink"]].concat()).fails(2, "they would be the same");
    by(&desk, "new", &["relabel", "--attestation", "0", "--out", "x"]).fails(1, "is no attestation");
    assert!(!desk.path("sound").exists() && !desk.path("x").exists() && !desk.path("again").exists());
    // A label that the book here does not know was printed elsewhere.
    let elsewhere = ["relabel", "--attestation", "1", "--serials", "9", "--format", "list", "--out", "nine"];
    let said = by(&desk, "new", &elsewhere).succeeds();
    assert!(said.contains("names no earlier print of these labels"), "{said}");
    let book = fs::read_dir(desk.path("state/ethical-label")).unwrap().map(|entry| entry.unwrap().path());
    let book = book.into_iter().find(|path| path.to_string_lossy().ends_with(".printed.jsonl")).unwrap();
    let book = fs::read_to_string(book).unwrap();
    let replaced: Vec<&str> = book.lines().filter(|line| line.contains("\"replaces\":[1]")).collect();
    assert_eq!(replaced.len(), 1, "{book}");
    assert!(replaced[0].contains("is exposed: compromised since") && replaced[0].contains(&thumbprint(22)), "{book}");

    // An earlier time comes to light: what stood falls, and with it the labels that were printed anew.
    let earlier = ["accredit", "--compromised", &thumbprint(21), "--compromised-since", &before, "--yes"];
    let said = desk.accreditor(&earlier).succeeds();
    assert!(said.contains("so far: since") && said.contains("The party keeps 1 key."), "{said}");
    for label in ["old/3.png", "new/3.png", "later/3.png"] {
        check(&desk, label).fails(1, "[key_compromised]");
    }
    let listed = json(desk.certifier(&["blast-radius", "certifier.jwk", "--json"]));
    assert_eq!(listed["compromised"]["since"], before.as_str());
    assert_eq!((&listed["exposure"]["refused"]["attestations"], &listed["retiredAt"]), (&2.into(), &5.into()));
    assert!(
        desk.certifier(&["key", "inspect", "new.jwk", "--trust", "data/trust.toml"])
            .succeeds()
            .contains("compromised   no")
    );

    // The registry is gone: nothing is signed, nothing is listed, nothing is printed.
    desk.server.kill();
    let report = ["accredit", "--compromised", "new.jwk", "--compromised-since", &stolen, "--yes"];
    desk.accreditor(&report).fails(3, "localhost");
    desk.certifier(&["blast-radius", "new.jwk"]).fails(3, "localhost");
    by(&desk, "new", &["relabel", "--attestation", "7", "--reason", "x", "--out", "gone"]).fails(3, "localhost");
    assert!(!desk.path("gone").exists());
    let unsent: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!unsent.iter().any(|name| name.to_string_lossy().ends_with(".unsent.jws")), "{unsent:?}");
}
