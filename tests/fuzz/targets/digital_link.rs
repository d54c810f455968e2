//! A GS1 Digital Link.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = label::digital_link::DigitalLink::parse(text, &label::digital_link::Options::default());
});
