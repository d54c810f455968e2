//! What was cleared: bytes that are read are what would be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::Cleared;

fuzz_target!(|data: &[u8]| {
    let bytes = [b"ethical-label-cleared/v1\n", data].concat();
    if let Ok(cleared) = Cleared::decode(&bytes) {
        assert!(cleared.encode() == bytes);
    }
});
