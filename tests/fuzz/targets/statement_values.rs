//! The small values: each is printed as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use statement::Did;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(value) = statement::Origin::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(value) = Did::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(value) = statement::Gtin::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(value) = statement::Lot::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(value) = statement::Serial::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(value) = statement::HsCode::parse(text) { assert_eq!(value.to_string(), text); }
    if let Ok(time) = primitives::Timestamp::parse_rfc3339(text) {
        assert_eq!(primitives::Timestamp::parse_rfc3339(&time.to_string()), Ok(time));
    }
    let _ = primitives::Day::parse(text);
});
