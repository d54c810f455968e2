//! Clients that mean harm, or cannot speak.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use registry_server::Limits;

use crate::wire::{self, parse};
use crate::world::{ORIGIN, World};

fn brief() -> World {
    World::with(|config| {
        config.limits = Limits {
            idle_time: Duration::from_millis(300),
            body_time: Duration::from_millis(300),
            request_time: Duration::from_secs(5),
            ..Limits::default()
        };
    })
}

fn read(stream: &mut TcpStream) -> Vec<u8> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

#[test]
fn a_header_that_drips_is_cut_off() {
    let world = brief();
    let mut stream = TcpStream::connect(world.server().address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: registry.example\r\nx-a").unwrap();
    let started = Instant::now();
    assert!(!String::from_utf8_lossy(&read(&mut stream)).contains("200 OK"));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_body_that_drips_is_cut_off() {
    let world = brief();
    let mut stream = TcpStream::connect(world.server().address()).unwrap();
    let head = format!(
        "POST /v1/statements HTTP/1.1\r\nhost: {ORIGIN}\r\ncontent-type: application/vc+jwt\r\ncontent-length: 1000\r\n\r\nabc"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let answer = parse(&read(&mut stream));
    assert_eq!((answer.status, answer.code().as_str()), (408, "slow_body"));
}

#[test]
fn a_body_that_lies_about_its_length_is_refused_or_cut_off() {
    let world = brief();
    let address = world.server().address();
    let head = |fields: &str| {
        format!(
            "POST /v1/statements HTTP/1.1\r\nhost: {ORIGIN}\r\nconnection: close\r\ncontent-type: application/vc+jwt\r\n{fields}\r\n\r\n"
        )
    };
    let huge = wire::raw(address, head("content-length: 99999999999").as_bytes());
    assert_eq!((huge.status, huge.code().as_str()), (413, "body_too_large"));
    let mut chunks = head("transfer-encoding: chunked").into_bytes();
    for _ in 0..20 {
        chunks.extend_from_slice(b"2000\r\n");
        chunks.extend_from_slice(&[b'a'; 0x2000]);
        chunks.extend_from_slice(b"\r\n");
    }
    let endless = wire::raw(address, &chunks);
    assert_eq!((endless.status, endless.code().as_str()), (413, "body_too_large"));
    for fields in ["content-length: 1\r\ncontent-length: 2", "content-length: -1", "content-length: 1, 2"] {
        assert_eq!(wire::raw(address, head(fields).as_bytes()).status, 400, "{fields}");
    }
    // Both lengths: RFC 9112 §6.3 calls it an attack; hyper takes the chunks and says so by closing.
    let both = wire::raw(
        address,
        [head("transfer-encoding: chunked\r\ncontent-length: 5").as_bytes(), b"zz\r\n"].concat().as_slice(),
    );
    assert_eq!(both.status, 400);
}

#[test]
fn heads_that_are_no_http_or_too_large_are_refused() {
    let world = brief();
    let address = world.server().address();
    for (request, status) in [
        ("GET /\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}".to_owned() + "\r\n\r\n", 400),
        (format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(20_000)), 431),
        (format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(20_000)), 431),
        (format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(100)), 431),
        ("GET / HTTP/1.1\r\nhost : a\r\n\r\n".into(), 400),
        ("GET /\0 HTTP/1.1\r\nhost: a\r\n\r\n".into(), 400),
        ("GET / HTTP/1.1\r\nx: a\nb\r\n\r\n".into(), 400),
    ] {
        let answer = wire::raw(address, request.as_bytes());
        assert_eq!(answer.status, status, "{:?}", &request[..request.len().min(60)]);
    }
}

#[test]
fn odd_targets_get_an_answer_and_do_no_harm() {
    let world = brief();
    for target in [
        "/%",
        "/%00",
        "/%ff/01/%fe/10/%fd/21/%fc",
        "/v1/verify?label=%f0%9f%98%80",
        "/v1/verify?label=%e2%80%ae",
        "/v1/verify?%00=%00&label=%00",
        "/a/10/b/21/c",
        "/A/01/B/10/C/21/D?linkType=linkset",
        "/A/01/B/10/C/21/D?linkType=%ff",
        "*",
        "//evil.example/%2e%2e",
        "/v1/statements/99999999999999999999999999",
        "/10/%25%25%25",
        "/01/09521234543213/10/%2F%2F",
    ] {
        for accept in ["text/html", "application/json"] {
            let answer = world.get_as(target, accept);
            assert!((200..500).contains(&answer.status), "{target}: {}", answer.status);
        }
    }
    assert_eq!(world.get("/healthz").status, 200);
}

#[test]
fn a_body_that_two_readers_could_read_differently_is_refused() {
    let world = World::empty();
    let text = ("content-type", "text/plain");
    for (fields, code) in [
        (&[text, ("content-type", "application/json")][..], "unsupported_media_type"),
        (&[text, ("content-encoding", "gzip")], "unsupported_media_type"),
        (&[], "unsupported_media_type"),
        (&[text, ("accept", "image/png")], "not_acceptable"),
    ] {
        assert_eq!(world.send("POST /v1/verify", fields, b"a").code(), code, "{fields:?}");
    }
    assert_eq!(world.send("POST /v1/verify", &[("content-type", "TEXT/plain; charset=utf-8")], b"a").status, 200);
}

#[test]
fn over_the_bound_of_requests_the_answer_is_overloaded() {
    let world = World::with(|config| config.limits = Limits { requests: 0, ..Limits::default() });
    let answer = world.get("/healthz");
    assert_eq!((answer.status, answer.code().as_str()), (503, "overloaded"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    let world = World::with(|config| config.limits = Limits { batches: 0, ..Limits::default() });
    let answer = world.send("POST /v1/verify", &[("content-type", "text/plain")], b"a");
    assert_eq!((answer.status, answer.code().as_str()), (503, "overloaded"));
    assert_eq!(world.get("/healthz").status, 200);
}

#[test]
fn a_request_that_takes_too_long_is_given_up() {
    let world = World::with(|config| {
        config.limits = Limits {
            request_time: Duration::from_millis(200),
            body_time: Duration::from_secs(60),
            ..Limits::default()
        };
    });
    let mut stream = TcpStream::connect(world.server().address()).unwrap();
    let head =
        format!("POST /v1/verify HTTP/1.1\r\nhost: {ORIGIN}\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\na");
    stream.write_all(head.as_bytes()).unwrap();
    let answer = parse(&read(&mut stream));
    assert_eq!((answer.status, answer.code().as_str()), (503, "timeout"));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let world = brief();
    let requests = format!(
        "GET /healthz HTTP/1.1\r\nhost: {ORIGIN}\r\n\r\nGET /readyz HTTP/1.1\r\nhost: {ORIGIN}\r\nconnection: close\r\n\r\n"
    );
    let answer = wire::raw(world.server().address(), requests.as_bytes());
    let rest = answer.text();
    let alive = rest.find("alive").unwrap();
    assert!(rest.find("ready\n").unwrap() > alive, "{rest}");
}
