//! Payloads of the samples, changed and opened.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{SecretKey, Signer as _};

use crate::{Authentic, Did, Error, Statement, Token, token};

/// Signs without looking and opens.
pub(crate) fn open(payload: &[u8], issuer: &Did, key: &SecretKey) -> Result<Authentic<Statement>, Error> {
    let jws = token::envelop(payload, issuer, key).unwrap();
    Token::parse(jws.as_bytes())?.open(&key.public_key())
}

/// What to change in a payload: the member at this JSON pointer is replaced, or taken away.
pub(crate) type Change = (&'static str, Option<serde_json::Value>);

/// The payload with the change made.
pub(crate) fn changed(payload: &[u8], (pointer, value): Change) -> Vec<u8> {
    let mut root: serde_json::Value = serde_json::from_slice(payload).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = root.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match (parent, value) {
        (serde_json::Value::Object(members), Some(value)) => drop(members.insert(name.into(), value)),
        (serde_json::Value::Object(members), None) => drop(members.remove(name).unwrap()),
        (serde_json::Value::Array(items), Some(value)) if name == "-" => items.push(value),
        (serde_json::Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (serde_json::Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
        (other, _) => panic!("{pointer} is in {other}"),
    }
    serde_json::to_vec(&root).unwrap()
}

/// The text of a file under `../shared/data`; `None` where there is no such folder, which in CI is a failure.
pub(crate) fn shared_data(test: &str, path: &str) -> Option<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    match std::fs::read_to_string([root, "/", path].concat()) {
        Ok(text) => Some(text),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{path}: {error}");
            std::println!("left out: {test}: no shared/data");
            None
        }
    }
}
