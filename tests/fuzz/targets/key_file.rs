//! A key file: an encrypted one parsed, and decrypted within its cost limits; a plain one; a public one. The name of a key in a token.
#![no_main]

use std::path::Path;

use key_file::{KeyFile, TokenUri, plain, public};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(file) = KeyFile::parse(data) {
        let _ = file.encryption();
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = plain::from_pem(text);
        let _ = public::parse(Path::new("k"), text);
        let _ = TokenUri::parse(text).map(|uri| uri.to_string());
    }
});
