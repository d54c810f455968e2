//! Key files, ours and OpenSSL's, good and bad. All fixtures are `tests/*.pem`, made with OpenSSL 3.0.19 from the seed of
//! 32 bytes 7 (`plain-v2*.pem` by hand), passphrase "correct horse".

use std::path::{Path, PathBuf};
use std::process::Command;

use pkcs8::pkcs5;
use primitives::{SecretKey, Signer as _};

use super::*;

const PLAIN_V1: &str = include_str!("tests/plain-v1.pem");
const OPENSSL_SCRYPT: &str = include_str!("tests/openssl-scrypt.pem");
const OPENSSL_PBKDF2: &str = include_str!("tests/openssl-pbkdf2.pem");

fn seven() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn passphrase() -> NewPassphrase {
    NewPassphrase::new("correct horse".to_owned()).expect("long enough")
}

fn open(text: &str) -> Result<SecretKey, KeyFileError> {
    KeyFile::parse(text.as_bytes())?.decrypt(&passphrase())
}

fn reason(text: &str) -> &'static str {
    open(text).expect_err("this file does not open").code()
}

/// The bytes inside a PEM text.
fn inside(pem: &str) -> Vec<u8> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    primitives::base64::decode(&base64).expect("base64")
}

fn pem(label: &str, bytes: &[u8]) -> String {
    let base64 = primitives::base64::encode(bytes);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A DER value of one tag around the others.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = u8::try_from(body.len()).expect("short");
    if length < 128 { [&[tag, length][..], &body].concat() } else { [&[tag, 0x81, length][..], &body].concat() }
}

/// OpenSSL's scrypt file with other costs in it.
fn scrypt_file(costs: &[&[u8]]) -> String {
    let info = inside(OPENSSL_SCRYPT);
    let integers: Vec<Vec<u8>> = costs.iter().map(|cost| der(0x02, &[cost])).collect();
    let integers: Vec<&[u8]> = integers.iter().map(Vec::as_slice).collect();
    let salt = &info[33..43];
    let function = der(0x30, &[&info[20..31], &der(0x30, &[&[salt], &integers[..]].concat())]);
    let scheme = der(0x30, &[&info[5..16], &der(0x30, &[&function, &info[53..84]])]);
    pem("ENCRYPTED PRIVATE KEY", &der(0x30, &[&scheme, &info[84..]]))
}

/// OpenSSL's PBKDF2 file with another iteration count in it.
fn pbkdf2_file(iterations: &[u8]) -> String {
    let info = inside(OPENSSL_PBKDF2);
    let at = info.windows(4).position(|bytes| bytes == [0x02, 0x02, 0x08, 0x00]).expect("2048 iterations");
    // Walk out: iterations sit in SEQUENCE(params) in SEQUENCE(kdf) in SEQUENCE(PBES2 parameters) in SEQUENCE(scheme).
    let salt = &info[at - 10..at];
    let prf_end = at + 4 + 2 + usize::from(info[at + 5]);
    let parameters = der(0x30, &[salt, &der(0x02, &[iterations]), &info[at + 4..prf_end]]);
    let function = der(0x30, &[&info[at - 23..at - 12], &parameters]);
    let cipher_end = prf_end + 2 + usize::from(info[prf_end + 1]);
    let scheme = der(0x30, &[&info[5..16], &der(0x30, &[&function, &info[prf_end..cipher_end]])]);
    pem("ENCRYPTED PRIVATE KEY", &der(0x30, &[&scheme, &info[cipher_end..]]))
}

#[test]
fn what_is_saved_is_loaded_and_no_other_passphrase_opens_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key.pem");
    let key = generate().expect("randomness");
    assert_ne!(key.public_key(), generate().expect("randomness").public_key());
    save_encrypted(&path, &key, &passphrase()).expect("a new file");
    assert_eq!(load(&path, &passphrase()).expect("our file").public_key(), key.public_key());
    for other in ["correct horsf", "correct horse ", "Correct horse", "x"] {
        let other = Passphrase::new(other.to_owned()).expect("not empty");
        assert_eq!(load(&path, &other).expect_err("another passphrase").code(), "wrong_passphrase");
    }
}

#[test]
fn a_passphrase_is_changed_in_one_step() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key.pem");
    save_encrypted(&path, &seven(), &passphrase()).expect("a new file");
    let other = NewPassphrase::new("battery staple".to_owned()).expect("long enough");
    replace_encrypted(&path, &seven(), &other).expect("it is ours");
    assert_eq!(load(&path, &other).expect("the new one").public_key(), seven().public_key());
    assert_eq!(load(&path, &passphrase()).expect_err("the old one").code(), "wrong_passphrase");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn the_encryption_is_told_without_the_passphrase() {
    let told = |text: &str| KeyFile::parse(text.as_bytes()).and_then(|file| file.encryption());
    let ours = super::file::encrypt(&seven(), &passphrase(), &[1; 16], [2; 16]).expect("fixed parameters");
    for (text, expected) in [
        (ours.as_str(), Some("PBES2: scrypt (N 16384, r 8, p 5), AES-256-CBC")),
        (OPENSSL_SCRYPT, Some("PBES2: scrypt (N 16384, r 8, p 1), AES-256-CBC")),
        (OPENSSL_PBKDF2, Some("PBES2: PBKDF2 (2048 iterations), AES-256-CBC")),
        (PLAIN_V1, None),
    ] {
        assert_eq!(told(text).expect("a key file").as_deref(), expected);
    }
    assert_eq!(told(&scrypt_file(&[&[0], &[8], &[1]])).expect_err("N of 0").code(), "key_file_malformed");
}

#[test]
fn two_files_of_one_key_share_no_bytes_but_their_form() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [a, b] = ["a.pem", "b.pem"].map(|name| {
        let path = folder.path().join(name);
        save_encrypted(&path, &seven(), &passphrase()).expect("a new file");
        inside(&std::fs::read_to_string(path).expect("it is there"))
    });
    assert_eq!(a.len(), b.len());
    let same_tail = a.iter().rev().zip(b.iter().rev()).take(64).filter(|(a, b)| a == b).count();
    assert!(same_tail < 8, "salt and IV are drawn for each file");
}

#[test]
fn openssl_reads_what_is_saved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key.pem");
    save_encrypted(&path, &seven(), &passphrase()).expect("a new file");
    let Some(output) = openssl(&["pkey", "-in"], &path, &["-passin", "pass:correct horse", "-noout", "-text"]) else {
        return;
    };
    let text: String = String::from_utf8_lossy(&output.stdout).split_whitespace().collect();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("ED25519Private-Key"), "{text}");
    let public = seven().public_key();
    let hex: Vec<String> = public.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(text.contains(&format!("pub:{}", hex.join(":"))), "{text}");
    let wrong = openssl(&["pkey", "-in"], &path, &["-passin", "pass:another horse", "-noout"]).expect("it is there");
    assert!(!wrong.status.success());
}

/// Runs OpenSSL; `None` where there is none, which CI does not accept.
fn openssl(before: &[&str], path: &Path, after: &[&str]) -> Option<std::process::Output> {
    match Command::new("openssl").args(before).arg(path).args(after).output() {
        Ok(output) => Some(output),
        Err(error) if std::env::var_os("CI").is_none() => {
            println!("left out: openssl_reads_what_is_saved: {error}");
            None
        }
        Err(error) => panic!("CI has OpenSSL: {error}"),
    }
}

#[test]
fn openssls_files_open_with_either_function() {
    for text in [OPENSSL_SCRYPT, OPENSSL_PBKDF2] {
        assert_eq!(open(text).expect("OpenSSL's file").public_key(), seven().public_key());
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(open(&crlf).expect("with CRLF").public_key(), seven().public_key());
    }
}

#[test]
fn an_unencrypted_key_needs_a_word_for_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("v1", PLAIN_V1), ("v2", include_str!("tests/plain-v2.pem"))] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        assert_eq!(load(&path, &passphrase()).expect_err("not encrypted").code(), "key_not_encrypted");
        let arguments = |allow_unencrypted_key| KeyArguments {
            key: path.clone().into(),
            jwk: None,
            passphrase: PassphraseSource::default(),
            allow_unencrypted_key,
        };
        let refused = arguments(false).load().expect_err("not encrypted");
        assert_eq!(refused.code(), "key_not_encrypted");
        assert!(refused.hint().expect("what to do").contains("--allow-unencrypted-key"));
        assert_eq!(arguments(true).load().expect("allowed").public_key(), seven().public_key(), "{name}");
    }
    let differs = KeyFile::parse(include_bytes!("tests/plain-v2-mismatch.pem")).expect("well-formed");
    assert_eq!(differs.into_unencrypted().expect_err("another public key").code(), "key_public_differs");
    let encrypted = KeyFile::parse(OPENSSL_SCRYPT.as_bytes()).expect("well-formed");
    assert_eq!(encrypted.into_unencrypted().expect_err("encrypted").code(), "key_file_malformed");
}

#[test]
fn arguments_load_an_encrypted_key_with_its_passphrase_from_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (key, words) = (folder.path().join("key.pem"), folder.path().join("passphrase"));
    std::fs::write(&key, OPENSSL_SCRYPT).expect("a file");
    std::fs::write(&words, "correct horse\n").expect("a file");
    let passphrase = PassphraseSource { passphrase_file: Some(words), passphrase_fd: None };
    let arguments = KeyArguments { key: key.into(), jwk: None, passphrase, allow_unencrypted_key: false };
    assert_eq!(arguments.load().expect("its passphrase").public_key(), seven().public_key());
}

#[test]
fn keys_of_other_algorithms_are_named() {
    for (text, expected) in [
        (include_str!("tests/rsa.pem"), "the key is for RSA, expected Ed25519"),
        (include_str!("tests/ec.pem"), "the key is for an elliptic curve (EC), expected Ed25519"),
        (include_str!("tests/ec-legacy.pem"), "the key is for an elliptic curve (EC), expected Ed25519"),
        (include_str!("tests/x25519.pem"), "the key is for X25519, key agreement, expected Ed25519"),
        ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n", "the key is for RSA, expected Ed25519"),
    ] {
        let error = open(text).expect_err("another algorithm");
        assert_eq!((error.code(), error.to_string().as_str()), ("key_other_algorithm", expected));
    }
}

#[test]
fn what_is_no_private_key_is_said_to_be_none() {
    for (text, found) in [
        ("", "other text"),
        ("correct horse", "other text"),
        (include_str!("tests/public.pem"), "a public key"),
        ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "a certificate"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n", "a private key in OpenSSH's own format"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "PEM of another kind"),
        ("-----BEGIN ", "PEM of another kind"),
    ] {
        let error = open(text).expect_err("no private key");
        assert_eq!(error.code(), "not_a_private_key");
        assert_eq!(error.to_string(), format!("expected a PEM private key, found {found}"));
    }
    let binary = KeyFile::parse(&inside(PLAIN_V1)[..]).expect_err("DER, or worse");
    assert_eq!(binary.code(), "not_a_private_key");
    assert_eq!(KeyFile::parse(b"\xff\xfe").expect_err("no text").code(), "not_a_private_key");
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for length in 0..OPENSSL_SCRYPT.trim_end().len() {
        let cut = &OPENSSL_SCRYPT[..length];
        assert!(matches!(reason(cut), "not_a_private_key" | "key_file_malformed"), "{length}: {}", reason(cut));
    }
    let bytes = inside(OPENSSL_SCRYPT);
    for length in 0..bytes.len() {
        assert_eq!(reason(&pem("ENCRYPTED PRIVATE KEY", &bytes[..length])), "key_file_malformed", "{length}");
    }
    assert_eq!(reason(&pem("ENCRYPTED PRIVATE KEY", &[&bytes[..], &[0]].concat())), "key_file_malformed");
}

#[test]
fn plain_bytes_that_form_no_ed25519_key_are_refused() {
    let plain = |bytes: &[u8]| {
        let file = KeyFile::parse(pem("PRIVATE KEY", bytes).as_bytes())?;
        file.into_unencrypted().map(|key| key.public_key())
    };
    let good = inside(PLAIN_V1);
    assert_eq!(plain(&good).expect("the unchanged key"), seven().public_key());
    let inner = |seed: &[u8]| der(0x30, &[&good[2..12], &der(0x04, &[seed])]);
    for (name, bytes) in [
        ("version 3", [&good[..4], &[3], &good[5..]].concat()),
        ("seed of 31 bytes", inner(&der(0x04, &[&[7; 31]]))),
        ("seed of 33 bytes", inner(&der(0x04, &[&[7; 33]]))),
        ("seed without its own tag", inner(&[7; 32])),
        ("bytes after the seed", inner(&[&good[14..], &[0][..]].concat())),
        ("parameters", der(0x30, &[&good[2..5], &der(0x30, &[&good[7..12], &[5, 0]]), &good[12..]])),
        ("bytes after the key", [&good[..], &[0]].concat()),
    ] {
        assert_eq!(plain(&bytes).expect_err(name).code(), "key_file_malformed", "{name}");
    }
}

#[test]
fn encryption_that_is_not_supported_is_named() {
    assert_eq!(reason(include_str!("tests/openssl-3des.pem")), "key_encryption_unsupported");
    let scrypt = inside(OPENSSL_SCRYPT);
    // PBES2's object identifier ends in 13; 3 is PBES1 with MD5 and DES.
    let mut other = scrypt.clone();
    other[15] = 3;
    assert!(matches!(
        reason(&pem("ENCRYPTED PRIVATE KEY", &other)),
        "key_encryption_unsupported" | "key_file_malformed"
    ));
    let mut other = scrypt;
    other[30] = 12;
    assert_eq!(reason(&pem("ENCRYPTED PRIVATE KEY", &other)), "key_encryption_unsupported");
}

#[test]
fn absurd_costs_are_refused_before_they_are_paid() {
    let start = std::time::Instant::now();
    // The builder itself is right: the costs that OpenSSL wrote open the file.
    assert!(open(&scrypt_file(&[&[0x40, 0], &[8], &[1]])).is_ok());
    assert!(open(&pbkdf2_file(&[0x08, 0])).is_ok());
    for (name, text) in [
        ("scrypt of 64 GiB", scrypt_file(&[&[0x04, 0, 0, 0], &[8], &[1]])),
        ("scrypt of 2^62", scrypt_file(&[&[0x40, 0, 0, 0, 0, 0, 0, 0], &[8], &[1]])),
        ("scrypt of 2^71", scrypt_file(&[&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[8], &[1]])),
        ("scrypt with a wide block", scrypt_file(&[&[0x40, 0], &[0x7f, 0xff], &[1]])),
        ("scrypt 30,000 times", scrypt_file(&[&[0x40, 0], &[8], &[0x75, 0x30]])),
        ("2^31 - 1 iterations", pbkdf2_file(&[0x7f, 0xff, 0xff, 0xff])),
        ("10,000,001 iterations", pbkdf2_file(&[0, 0x98, 0x96, 0x81])),
        ("2^40 iterations", pbkdf2_file(&[1, 0, 0, 0, 0, 0])),
    ] {
        assert_eq!(reason(&text), "key_too_costly", "{name}");
    }
    for (name, text) in [
        ("N of 0", scrypt_file(&[&[0], &[8], &[1]])),
        ("N of 1", scrypt_file(&[&[1], &[8], &[1]])),
        ("N no power of two", scrypt_file(&[&[0x40, 1], &[8], &[1]])),
        ("r of 0", scrypt_file(&[&[0x40, 0], &[0], &[1]])),
        ("p of 0", scrypt_file(&[&[0x40, 0], &[8], &[0]])),
        ("N below 0", scrypt_file(&[&[0xc0, 0], &[8], &[1]])),
    ] {
        assert_eq!(reason(&text), "key_file_malformed", "{name}");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn our_own_costs_are_within_the_limits_and_fit_openssls_memory() {
    let text = super::file::encrypt(&seven(), &passphrase(), &[1; 16], [2; 16]).expect("fixed parameters");
    let bytes = inside(&text);
    let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(&bytes[..]).expect("our own file");
    let parameters = info.encryption_algorithm.pbes2().expect("PBES2");
    let pkcs5::pbes2::Kdf::Scrypt(scrypt) = &parameters.kdf else { panic!("scrypt: {:?}", parameters.kdf) };
    let memory = 128 * scrypt.cost_parameter * u64::from(scrypt.block_size);
    assert!(memory < 32 * 1024 * 1024, "OpenSSL 3.0 refuses {memory}");
    let work = scrypt.cost_parameter * u64::from(scrypt.block_size) * u64::from(scrypt.parallelization);
    assert!(work >= 1 << 19, "at least the work of N = 2^16, r = 8");
    assert_eq!(open(&text).expect("our own file").public_key(), seven().public_key());
}

#[test]
fn each_reason_has_its_own_code() {
    let io = || std::io::Error::other("x");
    let path = PathBuf::from("k.pem");
    let all = [
        KeyFileError::Read { path: path.clone(), source: io() },
        KeyFileError::Exists { path: path.clone() },
        KeyFileError::Write { path, source: io() },
        KeyFileError::TooLarge { limit: 1 },
        KeyFileError::NotAPrivateKey { found: String::new() },
        KeyFileError::NotEncrypted,
        KeyFileError::Malformed { what: String::new() },
        KeyFileError::OtherAlgorithm { found: String::new() },
        KeyFileError::UnsupportedEncryption { what: String::new() },
        KeyFileError::TooCostly { what: String::new() },
        KeyFileError::WrongPassphrase,
        KeyFileError::PublicKeyDiffers,
        KeyFileError::Randomness(getrandom::Error::UNSUPPORTED),
        KeyFileError::Passphrase(PassphraseError::Empty),
        KeyFileError::Token(TokenError::NotBuiltIn),
        KeyFileError::TwoPins,
    ];
    let mut codes: Vec<_> = all.iter().map(KeyFileError::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
