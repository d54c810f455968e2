//! A stored State.
#![no_main]

use libfuzzer_sys::fuzz_target;
use registry::State;
use fuzz::policy;

fuzz_target!(|data: &[u8]| {
    if let Ok(state) = State::decode(policy(), data) {
        assert!(state.encode() == data);
    }
});
