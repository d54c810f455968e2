//! tlog: tile path
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    tlog::invariants::tile_path(data);
});
