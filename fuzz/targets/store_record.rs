//! A journal record.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = store::bytes::Bytes::copy_from_slice(data);
    if let Ok(record) = store::Record::decode(bytes) {
        assert_eq!(&record.encode()[..], data);
    }
});
