use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use verify::Trust;

use super::*;

fn receipt(index: u64, repeated: bool) -> Receipt {
    Receipt { index, received_at: "2026-11-24T00:00:00Z".into(), proof: "proof".into(), repeated }
}

#[test]
fn a_statement_is_held_until_its_receipt_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
    let held = outbox.hold("a.b.c", &Book::at(folder.path().join("book"))).unwrap();
    let refusal = Outbox::open(folder.path(), "KTM-2026".into()).unwrap_err().text();
    assert!(refusal.contains("signed earlier and not sent | send it with: certifier submit"), "{refusal}");
    let delivered = Outbox::of_unsent(&held).file(receipt(7, false), "a.b.c");
    assert!(!held.exists());
    let names: Vec<_> = delivered.files.iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["KTM-2026-7.jws", "KTM-2026-7.tlog-proof"]);
    assert_eq!(fs::read_to_string(&delivered.files[0]).unwrap(), "a.b.c");
}

#[test]
fn a_receipt_that_is_sent_again_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
    let first = outbox.file(receipt(7, false), "a.b.c");
    let again = Outbox::of_unsent(&first.files[0]).file(receipt(7, true), "a.b.c");
    assert_eq!(first.files, again.files);
}

#[test]
fn what_cannot_be_filed_stays_unsent() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path(), "KTM-2026".into()).unwrap();
    let held = outbox.hold("a.b.c", &Book::at(folder.path().join("book"))).unwrap();
    fs::write(folder.path().join("KTM-2026-7.jws"), "something else").unwrap();
    assert_eq!(outbox.file(receipt(7, false), "a.b.c").files.len(), 1, "the proof alone");
    assert!(held.exists());
    assert_eq!(fs::read_to_string(folder.path().join("KTM-2026-7.jws")).unwrap(), "something else");
}

/// Something that answers every request in the same way; gives its address.
fn answering(status: u16, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap() > 2 {
                let field = line.to_ascii_lowercase();
                length = field.strip_prefix("content-length:").map_or(length, |value| value.trim().parse().unwrap());
                line.clear();
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
            let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        }
    });
    url
}

/// Sends to something that answers so, from an outbox of its own and then from a named file: the first failure, and whether each
/// statement is still there.
fn sent_to(status: u16, body: &'static str) -> (Failure, [bool; 2]) {
    let mut trust = Trust::from_toml(include_str!("../../tests/data/trust.toml")).unwrap();
    let mut trusted = trust.registries.remove(0);
    trusted.url = answering(status, body);
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&trusted, client::Memory::new(folder.path().join("state")));
    let outbox = Outbox::open(folder.path(), "ours".into()).unwrap();
    let held = outbox.hold("a.b.c", &Book::at(folder.path().join("book"))).unwrap();
    let failure = outbox.failure(outbox.send(&registry, "a.b.c").unwrap_err());
    let named = folder.path().join("named.unsent.jws");
    fs::write(&named, "a.b.c").unwrap();
    Outbox::of_unsent(&named).send(&registry, "a.b.c").unwrap_err();
    (failure, [held.exists(), named.exists()])
}

#[test]
fn what_the_law_refuses_is_forgotten_unless_it_was_named() {
    let (failure, kept) = sent_to(403, r#"{"code": "out_of_scope", "detail": "attestation is out of scope"}"#);
    assert_eq!((failure.status(), kept), (1, [false, true]));
    let text = failure.text();
    assert!(text.starts_with("the registry refuses: attestation is out of scope (out_of_scope, status 403) | correct"));
}

#[test]
fn what_another_refuses_is_kept() {
    for (status, body, exit) in [
        (401, "", 1),
        (403, "<h1>Forbidden</h1>", 1),
        (404, r#"{"code": "not_found", "detail": "there is nothing at this address"}"#, 1),
        (413, r#"{"code": "body_too_large", "detail": "the body is larger than 7 bytes"}"#, 1),
        (408, r#"{"code": "slow_body", "detail": "the body did not arrive in time"}"#, 3),
        (429, "", 3),
        (429, r#"{"code": "out_of_scope", "detail": "a proxy's word"}"#, 3),
        (503, r#"{"code": "out_of_scope", "detail": "no refusal of the law"}"#, 3),
    ] {
        let (failure, kept) = sent_to(status, body);
        assert_eq!((failure.status(), kept), (exit, [true, true]), "{status} {body}");
        let text = failure.text();
        assert!(text.contains("it is signed and kept: certifier submit"), "{text}");
        assert!(text.matches("refus").count() <= 1, "{text}");
    }
}

#[test]
fn a_copy_under_another_name_is_not_taken_for_the_unsent_statement() {
    let folder = tempfile::tempdir().unwrap();
    let (copy, other) = (folder.path().join("a.jws"), folder.path().join("a.unsent.jws"));
    fs::write(&copy, "a.b.c").unwrap();
    fs::write(&other, "d.e.f").unwrap();
    Outbox::of_unsent(&copy).file(receipt(7, false), "a.b.c");
    assert!(copy.exists() && other.exists());
}
