//! A customs manifest of any kind: a list, CSV, a workbook, EPCIS.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    verifier_cli::manifest_lines(data.to_vec());
});
