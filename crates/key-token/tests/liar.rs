//! Against a module that misbehaves on purpose (`liar.c`): a token may be wrong. It is told its fault by an environment variable, so each
//! test runs itself again as a process that has it.

#![expect(clippy::unwrap_used, reason = "a test panics on what it does not expect")]

use std::path::{Path, PathBuf};
use std::process::Command;

use key_token::{PinRequest, TokenError, TokenKey, TokenUri, Tries};
use primitives::Signer as _;
use zeroize::Zeroizing;

/// The message that the module knows a signature of.
const MESSAGE: [u8; 1] = [0x72];

/// Compiles the module into a folder. Whoever links Rust programs has a C compiler, by this name or in `CC`.
fn module(folder: &Path) -> PathBuf {
    let module = folder.join("liar.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/liar.c");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let output =
        Command::new(compiler).args(["-shared", "-fPIC", "-O1", "-Wall", "-o"]).arg(&module).arg(source).output();
    let output = output.expect("a C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    module
}

/// Runs a test once for each fault, each time in a process of its own.
fn with_liar(test: &str, faults: &[&str], run: impl Fn(&str, &TokenUri)) {
    if let Ok(fault) = std::env::var("LIAR") {
        let module = std::env::var("LIAR_MODULE").unwrap();
        return run(&fault, &TokenUri::parse(&format!("pkcs11:token=liar?module-path={module}")).unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let module = module(folder.path());
    for fault in faults {
        let itself = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env("LIAR", fault)
            .env("LIAR_MODULE", &module)
            .output()
            .unwrap();
        let said = [itself.stdout, itself.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(itself.status.success() && said.contains("1 passed"), "{fault}: {said}");
    }
}

fn open(uri: &TokenUri) -> Result<TokenKey, TokenError> {
    TokenKey::open(uri, |_| Ok(Zeroizing::new("4930".to_owned())))
}

fn unasked(_: &PinRequest<'_>) -> Result<Zeroizing<String>, TokenError> {
    panic!("no PIN is asked for")
}

#[test]
fn an_honest_token_signs_whether_its_point_is_bare_or_an_octet_string() {
    with_liar("an_honest_token_signs_whether_its_point_is_bare_or_an_octet_string", &["none", "octets"], |_, uri| {
        let key = open(uri).unwrap();
        let signature = key.sign(&MESSAGE).unwrap();
        key.public_key().verify_strict(&MESSAGE, &signature).unwrap();
        // Of any other message it has no signature, and gives the one that it has.
        assert!(key.sign(b"another").unwrap_err().0.contains("does not verify"));
    });
}

#[test]
fn a_wrong_signature_leaves_nobody() {
    with_liar("a_wrong_signature_leaves_nobody", &["wrong_signature", "short_signature"], |fault, uri| {
        let refused = open(uri).unwrap().sign(&MESSAGE).expect_err(fault);
        assert!(refused.0.contains("does not verify under its own public key"), "{fault}: {refused}");
    });
}

#[test]
fn a_token_pulled_out_between_two_signatures_is_not_asked_a_third_time() {
    with_liar(
        "a_token_pulled_out_between_two_signatures_is_not_asked_a_third_time",
        &["removed_at_second"],
        |_, uri| {
            let key = open(uri).unwrap();
            key.sign(&MESSAGE).unwrap();
            assert_eq!(
                key.sign(&MESSAGE).unwrap_err().0,
                "token liar is no longer there (C_Sign answered DeviceRemoved)"
            );
            // It would sign again.
            assert!(key.sign(&MESSAGE).unwrap_err().0.contains("it was lost before"));
        },
    );
}

#[test]
fn what_a_key_cannot_be_used_for_is_said_when_it_is_opened() {
    let faults = ["no_public", "short_point", "asks_each_time"];
    with_liar("what_a_key_cannot_be_used_for_is_said_when_it_is_opened", &faults, |fault, uri| {
        let expected = match fault {
            "no_public" => "token_key_without_public",
            "short_point" => "token_key_other_algorithm",
            _ => "token_asks_each_time",
        };
        assert_eq!(open(uri).expect_err(fault).code(), expected);
    });
}

#[test]
fn what_needs_no_pin_asks_for_none() {
    with_liar("what_needs_no_pin_asks_for_none", &["old", "locked", "protected", "pad"], |fault, uri| {
        let opened = || TokenKey::open(uri, unasked).map(drop);
        match fault {
            "old" => assert_eq!(opened().expect_err(fault).code(), "token_mechanism_missing"),
            "locked" => assert_eq!(opened().expect_err(fault).code(), "pin_locked"),
            "pad" => opened().expect("the token has a pad of its own"),
            _ => {
                let label = TokenUri::parse(&format!("{uri}").replace("token=liar", "token=liar;object=new")).unwrap();
                let made = key_token::generate(&label, [7; 16], unasked);
                assert_eq!(made.expect_err(fault).code(), "token_write_protected");
            }
        }
    });
}

#[test]
fn the_last_try_is_announced_before_and_told_after() {
    with_liar("the_last_try_is_announced_before_and_told_after", &["none", "last_try"], |fault, uri| {
        let wrong = |uri: &TokenUri| {
            TokenKey::open(uri, |request| {
                assert!(request.last_try || fault == "none");
                Ok(Zeroizing::new("0000".to_owned()))
            })
        };
        let refused: TokenError = wrong(uri).unwrap_err();
        if fault == "last_try" {
            assert_eq!(refused.code(), "pin_locked", "that was it");
            return;
        }
        assert!(matches!(refused, TokenError::WrongPin { tries: Tries::One, .. }), "{refused:?}");
        assert_eq!(refused.to_string(), "wrong PIN for token liar: one try is left, then it locks");
        assert!(refused.hint().is_some());
    });
}
