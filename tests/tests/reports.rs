//! A concern's whole way with the real programs: a form without JavaScript, the accreditor's list, its answer, and the sender's receipt.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use primitives::Signer as _;
use serde_json::Value;
use tests::{Parties, Server, binary};

const TEXT: &str = "A girl of nine at loom 3";

fn certifier(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("certifier"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1");
    command.env("ETHICAL_LABEL_TRUST", folder.join("data/trust.toml")).env("XDG_STATE_HOME", folder.join("state"));
    command.output().unwrap()
}

fn done(output: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1.split_once(after).unwrap().0
}

fn post(url: &str, fields: &[(&str, &str)]) -> String {
    ureq::post(url).send_form(fields.iter().copied()).unwrap().body_mut().read_to_string().unwrap()
}

/// The accreditor's key file, and its public half beside it.
fn write_key(folder: &Path) {
    let key = Parties::new("registry.example").accreditor;
    std::fs::write(folder.join("accreditor.pem"), key_file::plain::to_pem(&key)).unwrap();
    let mut jwk: Value = serde_json::from_str(&key.public_key().to_jwk()).unwrap();
    jwk["controller"] = Parties::accreditor_did().as_str().into();
    std::fs::write(folder.join("accreditor.jwk"), jwk.to_string()).unwrap();
}

const SIGN: &[&str] = &["--key", "accreditor.pem", "--allow-unencrypted-key"];

#[test]
fn what_is_reported_reaches_the_accreditor_and_the_sender_sees_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut server = Server::init(folder);
    write_key(folder);
    let made = done(&certifier(folder, &["reports", "keygen", "--out", "reports.identity"]));
    let line = between(&made, "below the accreditor: ", "\n");
    let trust = std::fs::read_to_string(server.data().join("trust.toml")).unwrap();
    std::fs::write(
        server.data().join("trust.toml"),
        trust.replacen("threshold = 1", &format!("threshold = 1\n{line}"), 1),
    )
    .unwrap();
    server.start();

    let (form, status) = (format!("{}/report", server.url()), format!("{}/report/status", server.url()));
    let page = ureq::get(&form).call().unwrap().body_mut().read_to_string().unwrap();
    let token = between(&page, "name=\"token\" type=\"hidden\" value=\"", "\"").to_owned();
    std::thread::sleep(Duration::from_millis(3_100));
    let taken = post(&form, &[("kind", "child"), ("text", TEXT), ("token", &token)]);
    let code = between(&taken, "id=\"receipt\">", "<").to_owned();

    let list = [&["reports", "list", "--identity", "reports.identity", "--out", "kept"], SIGN].concat();
    let told = done(&certifier(folder, &list));
    assert!(told.contains(TEXT) && told.contains(", new\n") && told.contains("1 open reports"), "{told}");
    let again: Value =
        serde_json::from_slice(&certifier(folder, &[list.as_slice(), &["--json"]].concat()).stdout).unwrap();
    assert_eq!(
        (&again["reports"][0]["status"], &again["reports"][0]["concern"]["text"]),
        (&"read".into(), &TEXT.into())
    );
    assert!(post(&status, &[("receipt", &code)]).contains("The accreditor has read it."));
    let id = again["reports"][0]["id"].as_str().unwrap();
    let told = done(&certifier(folder, &[&["reports", "progress", id], SIGN].concat()));
    assert_eq!(told, format!("in progress: {id}\n"));
    assert!(post(&status, &[("receipt", &code.to_lowercase())]).contains("looking into it"));

    // Kept sealed, it is read with the registry gone, and not with another key.
    server.kill();
    let kept = format!("kept/{id}.age");
    assert!(!std::fs::read_to_string(folder.join(&kept)).unwrap().contains("loom"));
    let read = done(&certifier(folder, &["reports", "read", &kept, "--identity", "reports.identity"]));
    assert!(read.contains(TEXT), "{read}");
    done(&certifier(folder, &["reports", "keygen", "--out", "another.identity"]));
    let other = certifier(folder, &["reports", "read", &kept, "--identity", "another.identity"]);
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(certifier(folder, &list).status.code(), Some(3), "there is no registry now");

    // After `kill -9` nothing that was acknowledged is lost; what is closed is gone.
    server.start();
    let told = done(&certifier(folder, &[&["reports", "close", id], SIGN].concat()));
    assert_eq!(told, format!("closed: {id}\n"));
    assert!(done(&certifier(folder, &list)).contains("0 open reports"));
    assert!(post(&status, &[("receipt", &code)]).contains("The accreditor has finished with it."));
    let unknown = certifier(folder, &[&["reports", "close", &"0".repeat(32)], SIGN].concat());
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("certifier reports list"), "{unknown:?}");
}
