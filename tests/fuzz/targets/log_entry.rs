//! An entry of the log, folded into an empty and a used State: any bytes give a State.
#![no_main]

use libfuzzer_sys::fuzz_target;
use registry::State;
use fuzz::policy;

fuzz_target!(|data: &[u8]| {
    let mut state = State::new(policy());
    state.fold(data);
    state.fold(data);
    assert_eq!(state.size(), 2);
    let encoded = state.encode();
    let again = State::decode(policy(), &encoded).expect("what was encoded decodes");
    assert!(again.encode() == encoded);
});
