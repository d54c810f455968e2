//! tlog: receipt
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    tlog::invariants::receipt(data);
});
