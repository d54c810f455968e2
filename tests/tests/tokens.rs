//! A certifier whose key never leaves a token (SoftHSM 2), with the real programs and a running registry.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tests::{Desk, Ran};

const CERTIFIER: &str = "did:web:himal-audit.example";
const PIN: &str = "493027";
const MODULES: [&str; 3] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"];

/// A desk with a token, and the PIN in a file; nothing where there is no SoftHSM, which CI does not accept.
fn desk(test: &str) -> Option<(Desk, String)> {
    let Some(module) = MODULES.into_iter().find(|path| Path::new(path).exists()) else {
        assert!(std::env::var_os("CI").is_none(), "CI has softhsm2");
        println!("left out: {test}: there is no SoftHSM");
        return None;
    };
    let mut desk = Desk::open();
    let tokens = desk.path("tokens");
    fs::create_dir(&tokens).unwrap();
    let text = format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
    desk.write("softhsm2.conf", text);
    desk.environment.push(("SOFTHSM2_CONF".into(), desk.path("softhsm2.conf")));
    token(&desk, "office");
    desk.write("pin", format!("{PIN}\n"));
    Some((desk, format!("pkcs11:token=office;object=certifier;id=%01?module-path={module}")))
}

fn token(desk: &Desk, label: &str) {
    let arguments = ["--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN];
    let mut tool = Command::new("softhsm2-util");
    tool.args(arguments).env("SOFTHSM2_CONF", desk.path("softhsm2.conf")).stdout(Stdio::null());
    assert!(tool.status().unwrap().success());
}

fn keygen(desk: &Desk, uri: &str, jwk: &str) -> String {
    let made = ["keygen", "--did", CERTIFIER, "--out", uri, "--jwk", jwk, "--passphrase-file", "pin"];
    desk.certifier(&made).succeeds()
}

/// The PIN is nowhere but in its file.
fn assert_no_pin(desk: &Desk, said: &[String]) {
    assert!(!said.iter().any(|said| said.contains(PIN)), "{said:?}");
    for entry in fs::read_dir(desk.path("")).unwrap().flatten().filter(|entry| entry.file_name() != "pin") {
        let bytes = fs::read(entry.path()).unwrap_or_default();
        assert!(!bytes.windows(PIN.len()).any(|window| window == PIN.as_bytes()), "{:?}", entry.path());
    }
}

#[test]
fn a_key_in_a_token_attests_prints_and_withdraws() {
    let Some((desk, uri)) = desk("a_key_in_a_token_attests_prints_and_withdraws") else { return };
    let by = ["--key", &uri, "--passphrase-file", "pin"];
    let mut said = Vec::new();
    let dry = ["keygen", "--did", CERTIFIER, "--out", &uri, "--dry-run"];
    said.push(desk.certifier(&dry).succeeds());
    let made = keygen(&desk, &uri, "certifier.jwk");
    assert!(made.contains("certifier in token office (it never leaves it)"), "{made}");
    assert!(made.contains(&format!("sign with   --key '{uri}'")), "{made}");
    said.push(made);
    let over = ["keygen", "--did", CERTIFIER, "--out", &uri, "--jwk", "x.jwk", "--passphrase-file", "pin"];
    said.push(desk.certifier(&over).fails(2, "has object=certifier;id=%01 already"));
    assert!(!desk.path("x.jwk").exists());

    let outside = desk.certifier(&["key", "inspect", &uri]).succeeds();
    assert!(outside.contains("not looked at: that needs the PIN"), "{outside}");
    let inside = desk.certifier(&["key", "inspect", &uri, "--passphrase-file", "pin"]).succeeds();
    assert!(inside.contains("never: sensitive and not extractable since it was made in the token"), "{inside}");
    assert!(
        inside.contains("the .jwk is that of this key") && inside.contains("did:web:himal-audit.example"),
        "{inside}"
    );
    said.extend([outside, inside]);

    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let attested = desk.certifier(&[&["attest", "lot.toml"], &by[..]].concat()).succeeds();
    assert!(attested.contains("registered at index 1"), "{attested}");
    let labels = ["labels", "--attestation", "1", "--out", "labels", "--serials", "1-5", "--format", "png,list"];
    said.push(desk.certifier(&[&labels[..], &by].concat()).succeeds());
    let checked = Ran::of(&desk.command("verifier", &["check", "labels/3.png"]).output().unwrap()).succeeds();
    assert!(checked.contains("VERIFIED"), "{checked}");
    said.push(attested);

    // The officer's program takes such a key as well.
    let verifier = |arguments: &[&str]| Ran::of(&desk.command("verifier", arguments).output().unwrap());
    verifier(&["sync"]).succeeds();
    let signed =
        ["shipment", "labels/labels-1-5.txt", "--sign", &uri, "--passphrase-file", "pin", "--signed", "out.jws"];
    said.push(verifier(&signed).said);
    let opened = verifier(&["inspect", "out.jws", "--key", "certifier.jwk"]).said;
    assert!(opened.contains("The signature is that of this key."), "{opened}");
    said.push(opened);

    // The PIN's place in the URI; two places are one too many; the PIN itself never stands there.
    let with_source = format!("{uri}&pin-source=file:{}", desk.path("pin").display());
    let withdraw = ["withdraw", "1", "--reason", "error", "--yes"];
    let dry = [&withdraw[..], &["--key", &with_source, "--dry-run"]].concat();
    said.push(desk.certifier(&dry).succeeds());
    let twice = [&withdraw[..], &["--key", &with_source, "--passphrase-file", "pin"]].concat();
    said.push(desk.certifier(&twice).fails(2, "another place for the PIN"));
    let with_pin = format!("{uri}&pin-value={PIN}");
    said.push(desk.certifier(&[&withdraw[..], &["--key", &with_pin]].concat()).fails(2, "a PIN is never an argument"));
    said.push(desk.certifier(&[&withdraw[..], &["--key", &with_source]].concat()).succeeds());

    // What a file can do and a token does not.
    let backup = ["key", "backup", "--out", "copy.key"];
    said.push(desk.certifier(&[&backup[..], &by].concat()).fails(2, "it never leaves the token"));
    let words = [&["key", "passphrase"], &by[..]].concat();
    said.push(desk.certifier(&words).fails(2, "it never leaves the token"));
    assert_no_pin(&desk, &said);
}

#[test]
fn a_wrong_pin_and_a_token_that_is_away_leave_nothing_behind() {
    let Some((desk, uri)) = desk("a_wrong_pin_and_a_token_that_is_away_leave_nothing_behind") else { return };
    keygen(&desk, &uri, "certifier.jwk");
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let lot = fs::read_to_string(desk.path("lot.toml")).unwrap();
    desk.write("withheld.toml", lot.replace("id = \"https://bhaktapur-carpets.example\"\n", "withheld = true\n"));
    let attest = |pin: &str| {
        desk.certifier(&["attest", "withheld.toml", "--out", "out", "--key", &uri, "--passphrase-file", pin])
    };
    let nothing = || !desk.path("out").exists() || fs::read_dir(desk.path("out")).unwrap().next().is_none();
    desk.write("wrong", "482910\n");
    let wrong = attest("wrong").fails(2, "wrong PIN for token office: fewer tries are left than before");
    assert!(!wrong.contains("482910"), "{wrong}");
    assert!(nothing());

    fs::rename(desk.path("tokens"), desk.path("away")).unwrap();
    fs::create_dir(desk.path("tokens")).unwrap();
    attest("pin").fails(2, "no token fits the URI; there is none");
    assert!(nothing());
    fs::remove_dir(desk.path("tokens")).unwrap();
    fs::rename(desk.path("away"), desk.path("tokens")).unwrap();
    attest("pin").succeeds();
}

/// A pipe, opened for writing once the program reads from it: it asks for the PIN when the token was found.
#[cfg(target_os = "linux")]
fn once_it_is_read(pipe: &Path, child: &mut std::process::Child) -> fs::File {
    use std::os::unix::fs::OpenOptionsExt as _;
    /// `O_NONBLOCK`: without a reader, opening fails at once.
    const AT_ONCE: i32 = 0o4000;
    loop {
        if let Ok(file) = fs::OpenOptions::new().write(true).custom_flags(AT_ONCE).open(pipe) {
            return file;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended before it asked for the PIN");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// The token is found, then pulled out while the PIN is being typed, and once more between two of many labels.
#[cfg(target_os = "linux")]
#[test]
fn a_token_pulled_out_half_way_leaves_no_half_file_and_the_run_goes_on_later() {
    let test = "a_token_pulled_out_half_way_leaves_no_half_file_and_the_run_goes_on_later";
    let Some((desk, uri)) = desk(test) else { return };
    keygen(&desk, &uri, "certifier.jwk");
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let lot = fs::read_to_string(desk.path("lot.toml")).unwrap();
    desk.write("lot.toml", lot.replace("labels = 100 ", "labels = 5000 "));
    desk.certifier(&["attest", "lot.toml", "--key", &uri, "--passphrase-file", "pin"]).succeeds();
    assert!(Command::new("mkfifo").arg(desk.path("typed")).status().unwrap().success());
    let labels = ["labels", "--attestation", "1", "--format", "list", "--key", &uri];
    let (few, many) = (["--serials", "1-10", "--out", "few"], ["--serials", "11-5000", "--out", "many"]);
    let away = || fs::rename(desk.path("tokens"), desk.path("away")).unwrap();
    let pulled = |before: bool, which: &[&str]| {
        let arguments = [&labels[..], which, &["--passphrase-file", "typed"]].concat();
        let mut command = desk.command("certifier", &arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut typed = once_it_is_read(&desk.path("typed"), &mut child);
        if before {
            away();
        }
        std::io::Write::write_all(&mut typed, format!("{PIN}\n").as_bytes()).unwrap();
        drop(typed);
        if !before {
            // The folder is made when the key is unlocked; so many signatures take far longer than it takes to see that.
            while !desk.path("many").exists() {
                assert!(child.try_wait().unwrap().is_none(), "it ended before it printed");
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            away();
        }
        let ran = Ran::of(&child.wait_with_output().unwrap());
        fs::rename(desk.path("away"), desk.path("tokens")).unwrap();
        ran
    };
    let left = |folder: &str| fs::read_dir(desk.path(folder)).map_or(0, Iterator::count);
    let at_the_prompt = pulled(true, &few);
    assert!(matches!(at_the_prompt.status, Some(1 | 2)), "{}", at_the_prompt.said);
    assert!(at_the_prompt.said.contains("token office"), "{}", at_the_prompt.said);
    assert_eq!(left("few"), 0);

    let half_way = pulled(false, &many).fails(1, "cannot sign the label with serial 1-");
    assert!(half_way.contains("token office is no longer there"), "{half_way}");
    assert!(half_way.contains("with --resume goes on"), "{half_way}");
    assert_eq!(left("many"), 0, "no half file");
    desk.certifier(&[&labels[..], &many, &["--passphrase-file", "pin", "--resume"]].concat()).succeeds();
    assert_eq!(left("many"), 5, "a thousand labels a file");
}

#[test]
fn a_key_moves_from_a_file_into_a_token() {
    let Some((desk, uri)) = desk("a_key_moves_from_a_file_into_a_token") else { return };
    desk.write("passphrase", "correct horse battery staple\n");
    let words = ["--passphrase-file", "passphrase"];
    desk.certifier(&[&["keygen", "--did", CERTIFIER, "--out", "certifier.key"], &words[..]].concat()).succeeds();
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    keygen(&desk, &uri, "token.jwk");
    let rotate = ["key", "rotate", "--key", "certifier.key", "--new-key", &uri, "--new-jwk", "token.jwk"];
    let sources = ["--new-passphrase-file", "pin", "--out", "asked.jws"];
    desk.certifier(&[&rotate[..], &words, &sources].concat()).succeeds();
    desk.accreditor(&["accredit", "--rotation", "asked.jws", "--retire"]).succeeds();
    let attest = ["attest", "lot.toml", "--key"];
    desk.certifier(&[&attest[..], &["certifier.key"], &words].concat()).fails(1, "key_retired");
    let by = [&uri, "--jwk", "token.jwk", "--passphrase-file", "pin"];
    desk.certifier(&[&attest[..], &by, &["--again"]].concat()).succeeds();

    // And to another key of the same token: one login, two keys.
    let second = uri.replace("object=certifier;id=%01", "object=second");
    keygen(&desk, &second, "second.jwk");
    let rotate = ["key", "rotate", "--key", &uri, "--jwk", "token.jwk", "--new-key", &second, "--out", "again.jws"];
    let sources = ["--passphrase-file", "pin", "--new-passphrase-file", "pin"];
    desk.certifier(&[&rotate[..], &sources].concat()).succeeds();
    desk.accreditor(&["accredit", "--rotation", "again.jws"]).succeeds();
}
