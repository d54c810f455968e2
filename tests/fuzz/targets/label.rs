//! A label's text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use fuzz::key;
use primitives::Signer as _;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(label) = label::Label::parse(text) {
        assert_eq!(label::Label::parse(&label.to_uri()).as_ref(), Ok(&label));
        let _ = label.verify(&key().public_key());
    }
});
