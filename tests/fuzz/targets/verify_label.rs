//! A whole verdict on any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use registry::State;
use fuzz::{policy, trust};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let state = State::new(policy());
    let at = primitives::Timestamp::from_seconds(1_800_000_000);
    let known = |_: &label::Label| {
        verify::Known::State(verify::Knowledge {
            state: &state,
            size: 0,
            source: verify::Source::Snapshot,
            as_of: at,
            produced_at: None,
            good_until: None,
            quorum_met: true,
            attestation: None,
            scan_days: None,
            complete: verify::Complete::Given,
        })
    };
    let evidence = verify::Evidence { label: text, known: &known, signatures: &verify::Strict };
    assert!(verify::verify(&evidence, &trust(), at).outcome != verify::Outcome::Verified, "nothing is attested here");
});
