//! Published vectors, which lie beside the project.

use alloc::vec::Vec;
use std::{env, eprintln, fs, path::Path};

use serde_json::Value;

/// A file of vectors. Where it is absent the test says so, and with `CI` set it fails.
pub(crate) fn vectors(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ed25519").join(name);
    match fs::read(&path) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(error) if env::var_os("CI").is_some() => panic!("{}: {error}", path.display()),
        Err(_) => {
            eprintln!("left out: {name}: no shared/data");
            None
        }
    }
}

/// The bytes that a vector gives in hexadecimal.
pub(crate) fn hex(text: &Value) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_str().unwrap().as_bytes()).unwrap()
}
