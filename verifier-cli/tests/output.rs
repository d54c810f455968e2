//! What goes to which output; and where nobody reads or nothing more can be written, an exit status and at most one line, never a
//! panic.

#![cfg(target_os = "linux")]

use std::fs::{File, OpenOptions};
use std::process::{Command, Stdio};

fn verifier() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verifier"));
    command.env("XDG_CONFIG_HOME", env!("CARGO_TARGET_TMPDIR")).env_remove("ETHICAL_LABEL_TRUST");
    command
}

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("Linux has it")
}

#[test]
fn a_full_device_is_one_line() {
    for arguments in [&["check", "https://x"][..], &["check", "--json", "https://x"], &["schema"]] {
        let out = verifier().args(arguments).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8(out.stderr).unwrap();
        assert_eq!((out.status.code(), told.lines().count()), (Some(2), 1), "{arguments:?}: {told}");
        assert!(told.starts_with("verifier: error: cannot write to standard output: No space left"), "{told}");
    }
}

#[test]
fn a_reader_that_has_gone_away_ends_it_in_silence() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let out =
        verifier().args(["check", "https://x", "https://y"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((out.status.code(), out.stderr.as_slice()), (Some(2), &b""[..]));
}

#[test]
fn errors_that_nobody_can_be_told_are_errors_still() {
    for stderr in [Stdio::from(full()), Stdio::from(std::io::pipe().unwrap().1)] {
        let status = verifier().args(["check", "missing", "https://x"]).stdout(Stdio::null()).stderr(stderr).status();
        assert_eq!(status.unwrap().code(), Some(2));
    }
}

#[test]
fn verdicts_and_what_could_not_be_read_do_not_mix() {
    let out = verifier().args(["check", "--json", "missing", "https://x"]).output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &document["exitStatus"]), (Some(2), &2.into()));
    assert_eq!(document["labels"].as_array().unwrap().len(), 1);
    assert!(String::from_utf8(out.stderr).unwrap().contains("error: cannot read missing: "));
}
