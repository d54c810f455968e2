//! An accreditor of which two of three keys have to sign: approvals collected as files, sent together once they are there; and what
//! every incomplete, repeated or wrong collection meets.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

use std::fs;

use primitives::{SecretKey, Signer as _};
use statement::sample;
use tests::{Desk, Parties};

const CERTIFIER: &str = "did:web:himal-audit.example";

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

/// A desk whose accreditor has keys `a`, `b` and `c`, of which two have to sign, and `d`, which the trust file does not list.
fn desk() -> Desk {
    let mut desk = Desk::open();
    let mut trust = desk.server.trust();
    let accreditor = &mut trust.registries[0].policy.accreditors[0];
    accreditor.threshold = 2;
    let listed = accreditor.keys[0].clone();
    accreditor.keys = [11, 12, 13]
        .map(|number| {
            let mut listed = listed.clone();
            listed.key = secret(number).public_key();
            listed
        })
        .into();
    desk.server.kill();
    desk.write("data/trust.toml", trust.to_toml());
    desk.server.start_with(&["--snapshot-every", "1"]);
    for (name, number) in [("a", 11), ("b", 12), ("c", 13), ("d", 14)] {
        desk.key(name, &Parties::accreditor_did(), &secret(number));
    }
    desk.key("certifier", &sample::did(CERTIFIER), &secret(21));
    desk
}

/// Entries in the log.
fn entries(desk: &Desk) -> u64 {
    let answer = ureq::get(format!("{}/checkpoint", desk.server.url())).call().unwrap().body_mut().read_to_string();
    answer.unwrap().lines().nth(1).unwrap().parse().unwrap()
}

fn signed(desk: &Desk, key: &str, arguments: &[&str]) -> String {
    let key = format!("{key}.key");
    let by = ["--key", &key, "--allow-unencrypted-key", "--no-send"];
    desk.certifier(&[&["accredit"], arguments, &by].concat()).succeeds()
}

/// Names of the folder's files that end like this.
fn files(desk: &Desk, ending: &str) -> Vec<String> {
    let names = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}

fn thumbprint(number: u8) -> String {
    secret(number).public_key().thumbprint().to_string()
}

/// The file that a key signed.
fn of(desk: &Desk, number: u8) -> String {
    let by: String = thumbprint(number).chars().take(8).collect();
    let found: Vec<String> =
        files(desk, ".jws").into_iter().filter(|name| name.contains(&format!(".by-{by}"))).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn approvals_are_collected_as_files_and_sent_when_complete() {
    let desk = desk();
    let first = signed(&desk, "a", &["accreditation.toml"]);
    let payloads = files(&desk, ".payload.json");
    assert_eq!(payloads.len(), 1);
    assert!(first.contains(&format!("certifier accredit --approve {} --no-send --key FILE", payloads[0])), "{first}");
    let a = of(&desk, 11);

    // One of two: nothing is sent, and the way out is named.
    let refusal = desk.certifier(&["submit", &a]).fails(1, "has 1 of the 2 signatures that it needs: nothing was sent");
    for words in ["--approve PAYLOAD --no-send --key FILE", "--partial", &thumbprint(12), &thumbprint(13)] {
        assert!(refusal.contains(words), "{words} in {refusal}");
    }
    assert!(!refusal.contains(&format!("by {}", thumbprint(11))), "{refusal}");
    assert_eq!(entries(&desk), 0);

    // Signed twice by one key: it is there already.
    desk.certifier(&["accredit", "--approve", &payloads[0], "--no-send", "--key", "a.key", "--allow-unencrypted-key"])
        .fails(2, "was signed earlier and not sent");
    signed(&desk, "b", &["--approve", &payloads[0]]);
    let b = of(&desk, 12);
    let dry = desk.certifier(&["submit", &a, &b, "--dry-run"]).succeeds();
    assert!(dry.contains("2 of 2 signatures") && dry.contains("nothing was sent"), "{dry}");
    signed(&desk, "c", &["--approve", &payloads[0]]);
    let c = of(&desk, 13);

    // Three are more than are needed: two are sent.
    let sent = desk.certifier(&["submit", &a, &b, &c]).succeeds();
    assert!(sent.contains("3 of 2 signatures") && sent.contains("registered at index 1"), "{sent}");
    assert!(sent.contains(&format!("{c} is not needed: enough other keys have signed")), "{sent}");
    assert_eq!(entries(&desk), 2);
    let known = desk.certifier(&["key", "inspect", "certifier.jwk", "--trust", "data/trust.toml"]).succeeds();
    assert!(known.contains("since entry 1, as key of the certifier"), "{known}");

    // The same again changes nothing, and says so.
    let (a, b) = (of(&desk, 11), of(&desk, 12));
    let again = desk.certifier(&["submit", &a, &b, &c, "--json"]).succeeds();
    let documents: serde_json::Value = serde_json::from_str(&again).unwrap();
    let outcomes: Vec<&str> =
        documents.as_array().unwrap().iter().map(|document| document["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["registered", "registered", "not_needed"], "{again}");
    assert_eq!(entries(&desk), 2);
}

#[test]
fn what_is_in_the_log_counts_already() {
    let desk = desk();
    signed(&desk, "a", &["accreditation.toml"]);
    let a = of(&desk, 11);
    let sent = desk.certifier(&["submit", &a, "--partial"]).succeeds();
    assert!(sent.contains("1 of 2 signatures") && sent.contains("registered at index 0"), "{sent}");
    let known = ["key", "inspect", "certifier.jwk", "--trust", "data/trust.toml"];
    assert!(desk.certifier(&known).succeeds().contains("never"));
    let payload = files(&desk, ".payload.json").remove(0);
    signed(&desk, "c", &["--approve", &payload]);
    let sent = desk.certifier(&["submit", &of(&desk, 13)]).succeeds();
    let logged = format!("{}  in the log, entry 0", thumbprint(11));
    assert!(sent.contains("2 of 2 signatures") && sent.contains(&logged), "{sent}");
    assert!(desk.certifier(&known).succeeds().contains("since entry 1"));

    // A rotation and a compromise go the same way.
    desk.key("new", &sample::did(CERTIFIER), &secret(22));
    let rotate = ["key", "rotate", "--new-key", "new.key", "--key", "certifier.key", "--allow-unencrypted-key"];
    desk.certifier(&rotate).succeeds();
    let kept: Vec<String> = files(&desk, ".payload.json");
    signed(&desk, "b", &["--rotation", "himal-audit.example.rotation.jws"]);
    let payload = files(&desk, ".payload.json").into_iter().find(|name| !kept.contains(name)).unwrap();
    signed(&desk, "c", &["--approve", &payload]);
    let unsent = files(&desk, ".unsent.jws");
    let unsent: Vec<&str> = unsent.iter().map(String::as_str).collect();
    desk.certifier(&[&["submit"], &unsent[..]].concat()).succeeds();
    assert!(
        desk.certifier(&["key", "inspect", "new.jwk", "--trust", "data/trust.toml"])
            .succeeds()
            .contains("since entry 3")
    );

    let kept: Vec<String> = files(&desk, ".payload.json");
    let report = ["--compromised", "certifier.jwk", "--compromised-since", "2026-01-01T00:00:00Z", "--yes"];
    signed(&desk, "a", &report);
    let payload = files(&desk, ".payload.json").into_iter().find(|name| !kept.contains(name)).unwrap();
    signed(&desk, "b", &["--approve", &payload]);
    let unsent = files(&desk, ".unsent.jws");
    let unsent: Vec<&str> = unsent.iter().map(String::as_str).collect();
    desk.certifier(&["submit", unsent[0]]).fails(1, "has 1 of the 2 signatures");
    assert!(!desk.certifier(&known).succeeds().contains("reported at entry"));
    desk.certifier(&[&["submit"], &unsent[..]].concat()).succeeds();
    let told = desk.certifier(&known).succeeds();
    assert!(told.contains("compromised   since 2026-01-01T00:00:00Z, reported at entry 5"), "{told}");
}

#[test]
fn a_registry_that_goes_away_at_any_request_gets_each_statement_once() {
    let desk = desk();
    signed(&desk, "a", &["accreditation.toml"]);
    signed(&desk, "c", &["--approve", &files(&desk, ".payload.json").remove(0)]);
    let mut requests = 0;
    loop {
        let gate = tests::Gate::open(&desk.server.url(), requests);
        let mut trust = desk.server.trust();
        trust.registries[0].url = gate.url();
        desk.write("cut.toml", trust.to_toml());
        let named = files(&desk, ".jws");
        assert_eq!(named.len(), 2, "every statement has one file: {named:?}");
        let ran = desk.certifier(&["submit", &named[0], &named[1], "--trust", "cut.toml"]);
        assert!(entries(&desk) <= 2);
        if ran.status == Some(0) {
            break;
        }
        ran.fails(3, "cannot reach");
        assert!(requests < 40);
        requests += 1;
    }
    assert!(requests > 2 && entries(&desk) == 2, "{requests}");
    assert_eq!(files(&desk, ".unsent.jws"), [""; 0]);
    assert_eq!(files(&desk, ".tlog-proof").len(), 2);
}

#[test]
fn a_wrong_collection_is_refused_and_nothing_of_it_is_sent() {
    let mut desk = desk();
    signed(&desk, "a", &["accreditation.toml"]);
    let (a, payload) = (of(&desk, 11), files(&desk, ".payload.json").remove(0));

    // The same key twice, under another name.
    fs::copy(desk.path(&a), desk.path("copy.jws")).unwrap();
    desk.certifier(&["submit", &a, "copy.jws"]).fails(2, &format!("{a} and copy.jws are both signed by key"));

    // Another payload: somebody signed a file of his own.
    let text = fs::read_to_string(desk.path("accreditation.toml")).unwrap();
    desk.write("own.toml", text.replace("name = \"Himal", "name = \"Himalaya"));
    fs::create_dir(desk.path("own")).unwrap();
    signed(&desk, "b", &["own.toml", "--out", "own"]);
    let own = fs::read_dir(desk.path("own")).unwrap().map(|entry| entry.unwrap().path());
    let own = own.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "jws")).unwrap();
    let own = own.to_str().unwrap();
    let refusal = desk.certifier(&["submit", &a, own]).fails(1, &format!("{a} approves another payload than {own}"));
    assert!(refusal.contains("they differ from byte ") && refusal.contains("has 1 of the 2 signatures"), "{refusal}");

    // A key that the trust file does not list, and one of somebody who is no accreditor.
    let payload_bytes = fs::read(desk.path(&payload)).unwrap();
    let by = |key: &SecretKey| statement::sign(&payload_bytes, &Parties::accreditor_did(), key).unwrap();
    desk.write("d.jws", by(&secret(14)));
    let refusal = desk.certifier(&["submit", &a, "d.jws"]).fails(2, "which the trust file does not list for");
    assert!(refusal.contains(&thumbprint(13)), "{refusal}");
    desk.certifier(&["accredit", "--approve", &payload, "--key", "d.key", "--allow-unencrypted-key", "--no-send"])
        .fails(2, "is not one that the trust file lists");
    // A signature that does not hold.
    let broken = by(&secret(12));
    let last = broken.rfind('.').unwrap();
    desk.write("broken.jws", format!("{}{}", &broken[..last], &by(&secret(13))[last..]));
    desk.certifier(&["submit", &a, "broken.jws"]).fails(2, "broken.jws does not hold");
    // No file, an empty one, one without end, something else.
    desk.write("empty.jws", "");
    desk.write("text.jws", "hello");
    desk.write("huge.jws", vec![b'A'; 1 << 20]);
    for (name, words) in [
        ("none.jws", "cannot read none.jws"),
        ("empty.jws", "empty.jws is empty"),
        ("huge.jws", "huge.jws is too large"),
        ("text.jws", "is no statement"),
        ("/dev/zero", "is too large"),
        ("data", "cannot read data"),
    ] {
        desk.certifier(&["submit", &a, name]).fails(2, words);
        let approve = ["accredit", "--approve", name, "--key", "b.key", "--allow-unencrypted-key", "--no-send"];
        let words = if name == "text.jws" { "is no payload of an accreditation" } else { words };
        desk.certifier(&approve).fails(2, words);
    }
    assert_eq!(entries(&desk), 0, "nothing of all this was sent");
    assert_eq!(files(&desk, ".unsent.jws"), std::slice::from_ref(&a), "and nothing was signed");

    // A disk that is full when the signature is to be kept: the payload goes too.
    fs::create_dir(desk.path("full")).unwrap();
    let before = files(&desk, ".payload.json");
    let certifier = tests::binary("certifier");
    let script = format!(
        "trap '' XFSZ; ulimit -f 0; exec {} accredit accreditation.toml --key b.key --allow-unencrypted-key --no-send --out full",
        certifier.display()
    );
    let mut full = desk.command("certifier", &[]);
    let mut bash = std::process::Command::new("bash");
    bash.args(["-c", &script]).current_dir(desk.path(""));
    bash.envs(full.env("NO_COLOR", "1").get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = tests::Ran::of(&bash.output().unwrap());
    ran.fails(1, "cannot write full/");
    assert_eq!(fs::read_dir(desk.path("full")).unwrap().count(), 0, "nothing is left half-written");
    assert_eq!(files(&desk, ".payload.json"), before);

    // The registry is gone: what is signed stays, and goes when it is back.
    signed(&desk, "b", &["--approve", &payload]);
    let b = of(&desk, 12);
    desk.server.kill();
    desk.certifier(&["submit", &a, &b]).fails(3, "localhost");
    assert_eq!([of(&desk, 11), of(&desk, 12)], [a.clone(), b.clone()]);
    desk.server.start_with(&["--snapshot-every", "1"]);
    desk.certifier(&["submit", &a, &b]).succeeds();
    assert_eq!(entries(&desk), 2);
}
