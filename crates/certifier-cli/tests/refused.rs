//! What a refusal leaves of a signed attestation and of the salt under which its maker is withheld.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// Something that answers every request in the same way; gives its address.
fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let (mut length, mut line) = (0, String::new());
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                let field = line.to_ascii_lowercase();
                length =
                    field.strip_prefix("content-length:").map_or(length, |value| value.trim().parse().unwrap_or(0));
                line.clear();
            }
            let _ = stream.read_exact(&mut vec![0; length]);
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

/// Attests a lot whose maker is withheld; gives the exit status, and the files that are left.
fn attest(answer: &'static str) -> (Option<i32>, Vec<String>) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let read = |name: &str| fs::read_to_string(data.join(name)).expect("a sample");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).expect("a sample is written");
    write("trust.toml", read("trust.toml").replace("http://127.0.0.1:1", &answering(answer)));
    let named = "id = \"https://bhaktapur-carpets.example\"\n";
    write("lot.toml", read("lot.toml").replace(named, "withheld = true\n"));
    let status = Command::new(env!("CARGO_BIN_EXE_certifier"))
        .args(["attest", "lot.toml", "--again", "--trust", "trust.toml", "--state", "state", "--out", "out"])
        .arg("--key")
        .arg(data.join("certifier.key"))
        .arg("--passphrase-file")
        .arg(data.join("passphrase"))
        .current_dir(folder.path())
        .status()
        .expect("it starts");
    let left = fs::read_dir(folder.path().join("out")).expect("its folder").flatten();
    let mut left: Vec<String> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    left.sort();
    (status.code(), left)
}

#[test]
fn a_salt_goes_only_with_what_the_law_refuses() {
    let kept = vec!["KTM-2026.salt".to_owned(), "KTM-2026.unsent.jws".to_owned()];
    for (answer, exit) in [
        ("HTTP/1.1 401 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", 1),
        ("HTTP/1.1 429 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", 3),
    ] {
        assert_eq!(attest(answer), (Some(exit), kept.clone()), "{answer}");
    }
    let refusal = "HTTP/1.1 403 x\r\nconnection: close\r\ncontent-length: 26\r\n\r\n{\"code\": \"unknown_issuer\"}";
    assert_eq!(attest(refusal), (Some(1), Vec::new()));
}
