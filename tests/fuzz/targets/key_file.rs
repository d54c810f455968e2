//! A key file: an encrypted one parsed, and decrypted within its cost limits; a plain one; a public one.
#![no_main]

use std::path::Path;

use key_file::{KeyFile, plain, public};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = KeyFile::parse(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = plain::from_pem(text);
        let _ = public::parse(Path::new("k"), text);
    }
});
