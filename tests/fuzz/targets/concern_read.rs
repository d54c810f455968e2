//! What was sealed, by a stranger: a concern that is read is written and read again. And a receipt code as somebody types it.
#![no_main]

use concern::{Concern, Receipt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // What is written may be longer than what was read by the members that were left out.
    if data.len() < 30_000
        && let Ok(concern) = Concern::read(data)
    {
        assert!(Concern::read(&concern.to_padded_json()) == Ok(concern));
    }
    if let Some(receipt) = std::str::from_utf8(data).ok().and_then(Receipt::parse) {
        assert!(Receipt::parse(&receipt.grouped()) == Some(receipt));
    }
});
