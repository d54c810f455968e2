//! A trust file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(trust) = verify::Trust::from_toml(text) {
        assert_eq!(verify::Trust::from_toml(&trust.to_toml()).expect("what is written is read").to_toml(), trust.to_toml());
    }
});
