//! A sealed concern, armored or not: what is taken is written back as it was.
#![no_main]

use concern::Sealed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(sealed) = Sealed::read(data.to_vec()) {
        assert!(Sealed::read(sealed.to_armor().into_bytes()) == Ok(sealed));
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(bytes) = concern::dearmor(text)
    {
        assert!(concern::dearmor(&concern::enarmor(&bytes)) == Ok(bytes));
    }
});
