//! An evidence bundle.
#![no_main]

use libfuzzer_sys::fuzz_target;
use fuzz::trust;

fuzz_target!(|data: &[u8]| {
    let Ok(bundle) = serde_json::from_slice::<verify::Bundle>(data) else { return };
    for registry in &trust().registries {
        let _ = bundle.open(registry);
    }
});
