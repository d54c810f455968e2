//! A snapshot's body: the length of the index in 4 bytes, then the body. And any bytes as a head.
#![no_main]

use fuzz::{key, policy};
use libfuzzer_sys::fuzz_target;
use primitives::Signer as _;
use registry::{SnapshotHead, SnapshotIndex};

fuzz_target!(|data: &[u8]| {
    let keys = [tlog::Vkey::log("registry.example", key().public_key()).expect("a name")];
    if let Ok(head) = SnapshotHead::open(data, "registry.example", &keys) {
        assert!(head.note().to_string().as_bytes() == data);
    }
    let Some((length, body)) = data.split_first_chunk::<4>() else { return };
    let length = u32::from_be_bytes(*length) as usize;
    let Some(index) = body.get(..length).and_then(|index| SnapshotIndex::decode(policy(), index).ok()) else { return };
    let read = |place: registry::ChunkPlace| {
        let start = usize::try_from(place.offset).ok()?;
        body.get(start..start.checked_add(place.length as usize)?)
    };
    if let Ok(state) = index.load(read) {
        let again: Vec<u8> = state.snapshot().pieces().flatten().collect();
        assert!(body.starts_with(&again));
    }
});
