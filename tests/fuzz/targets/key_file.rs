//! A key file: parsed, and decrypted within its cost limits.
#![no_main]

use certifier_cli::key::KeyFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = KeyFile::parse(data);
});
