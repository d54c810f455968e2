//! A journal record.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = bytes::Bytes::copy_from_slice(data);
    if let Ok(record) = store::Record::decode(bytes) {
        assert!(record.encode().is_ok_and(|again| again == data), "a record has one encoding");
    }
});
