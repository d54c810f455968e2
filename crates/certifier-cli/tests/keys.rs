//! Copies of a key file, another passphrase for it, and what `key inspect` says of files that are made here.

use std::fs;
use std::path::Path;
use std::process::Command;

use primitives::{SecretKey, Signer as _};

/// Runs the program in a folder; gives its exit status and all that it said.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certifier"));
    let output = command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().expect("it starts");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    for secret in ["correct horse", "battery staple"] {
        assert!(!said.contains(secret), "{said}");
    }
    (output.status.code(), said)
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let (status, said) = run(folder, arguments);
    assert_eq!(status, Some(0), "{said}");
    said
}

/// A folder with `a.key` under the passphrase in `old`, and another passphrase in `new`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("old", "correct horse\n"), ("new", "battery staple\n"), ("short", "1234567\n")] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let made = ["keygen", "--did", "did:web:certifier.example", "--out", "a.key", "--passphrase-file", "old"];
    done(folder.path(), &made);
    folder
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn a_backup_is_the_same_key_under_another_passphrase() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let backup = ["key", "backup", "--key", "a.key", "--out", "copy.key", "--passphrase-file", "old"];
    let with = |new: &'static str| run(folder.path(), &[&backup[..], &["--new-passphrase-file", new]].concat());
    for (new, why) in [("old", "the new passphrase is the old one"), ("short", "7 characters"), ("none", "cannot read")]
    {
        let (status, said) = with(new);
        assert!(status == Some(2) && said.contains(why), "{said}");
        assert!(!path("copy.key").exists());
    }
    assert_eq!(with("new").0, Some(0));
    assert_eq!(mode(&path("copy.key")), 0o600);
    let thumbprint = |key: &str, passphrase: &str| {
        let said = done(folder.path(), &["key", "inspect", key, "--passphrase-file", passphrase, "--jwk", "a.jwk"]);
        assert!(said.contains("the .jwk is that of this key") && said.contains("0600, its owner alone"), "{said}");
        said.lines().find(|line| line.starts_with("thumbprint")).map(ToOwned::to_owned).expect("a thumbprint")
    };
    assert_eq!(thumbprint("copy.key", "new"), thumbprint("a.key", "old"));
    let copy = fs::read(path("copy.key")).expect("it is there");
    let (status, said) = with("new");
    assert!(status == Some(2) && said.contains("not overwritten"), "{said}");
    assert_eq!(fs::read(path("copy.key")).expect("it is there"), copy);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 6, "nothing is left beside it: {left:?}");
}

/// OpenSSL's answer to a question about a key file; `None` where there is no OpenSSL. CI has it.
fn openssl(folder: &Path, arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new("openssl").args(arguments).current_dir(folder).output() {
        Ok(output) => Some((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "openssl: {error}");
            println!("skipped: openssl: {error}");
            None
        }
    }
}

#[test]
fn openssl_opens_what_keygen_and_backup_write() {
    let folder = folder();
    let folder = folder.path();
    done(
        folder,
        &[
            "key",
            "backup",
            "--key",
            "a.key",
            "--out",
            "copy.key",
            "--passphrase-file",
            "old",
            "--new-passphrase-file",
            "new",
        ],
    );
    let jwk = fs::read_to_string(folder.join("a.jwk")).expect("it is there");
    let jwk: serde_json::Value = serde_json::from_str(&jwk).expect("JSON");
    let expected = primitives::base64::url_decode(jwk["x"].as_str().expect("x")).expect("base64url");
    for (file, passphrase, wrong) in [("a.key", "correct horse", "new"), ("copy.key", "battery staple", "old")] {
        let with = format!("pass:{passphrase}");
        let Some((opened, text)) = openssl(folder, &["pkey", "-in", file, "-passin", &with, "-noout", "-text_pub"])
        else {
            return;
        };
        assert!(opened && text.starts_with("ED25519 Public-Key:"), "{file}: {text}");
        let hex: String = text.lines().skip(2).flat_map(|line| line.chars().filter(char::is_ascii_hexdigit)).collect();
        assert_eq!(hex, expected.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), "{file}: {text}");
        let with = format!("file:{wrong}");
        let (opened, _) = openssl(folder, &["pkey", "-in", file, "-passin", &with, "-noout"]).expect("it is there");
        assert!(!opened, "{file} opens with another passphrase");
    }
}

#[test]
fn a_passphrase_is_changed_and_the_old_one_opens_nothing() {
    let folder = folder();
    let change = ["key", "passphrase", "--key", "a.key", "--passphrase-file", "old", "--new-passphrase-file"];
    let before = fs::read(folder.path().join("a.key")).expect("it is there");
    assert_eq!(run(folder.path(), &[&change[..], &["short"]].concat()).0, Some(2));
    assert_eq!(fs::read(folder.path().join("a.key")).expect("it is there"), before);
    done(folder.path(), &[&change[..], &["new"]].concat());
    assert_eq!(mode(&folder.path().join("a.key")), 0o600);
    let open = |words: &str| run(folder.path(), &["key", "inspect", "a.key", "--passphrase-file", words]);
    assert_eq!(open("new").0, Some(0));
    let (status, said) = open("old");
    assert!(status == Some(2) && said.contains("wrong passphrase"), "{said}");
}

#[test]
fn what_is_no_good_key_is_said_to_be_none() {
    let folder = folder();
    let inspect = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file");
        run(folder.path(), &["key", "inspect", name])
    };
    let weak = r#"{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let (status, said) = inspect("weak.jwk", weak);
    assert!(status == Some(0) && said.contains("no: public key is weak"), "{said}");
    let seven = SecretKey::from_seed(&[7; 32]);
    let secret = seven.public_key().to_jwk().replace('{', r#"{"d":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","#);
    let (status, said) = inspect("secret.jwk", &secret);
    assert!(status == Some(2) && said.contains("holds a secret key") && !said.contains("BwcHBw"), "{said}");
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    let (status, said) = inspect("public.pem", public);
    assert!(status == Some(0) && said.contains("public key, PEM"), "{said}");
    let (status, said) = inspect("plain.key", &key_file::plain::to_pem(&seven));
    assert!(status == Some(0) && said.contains("none: whoever reads the file can sign"), "{said}");
    assert!(said.contains(&seven.public_key().thumbprint().to_string()) && !said.contains("BwcHBw"), "{said}");
    fs::remove_file(folder.path().join("a.jwk")).expect("it is there");
    let said = done(folder.path(), &["key", "inspect", "a.key"]);
    assert!(said.contains("not known without the passphrase"), "{said}");
}
