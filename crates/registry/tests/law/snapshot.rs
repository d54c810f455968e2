//! The snapshot's bytes: the same from any replay, the same answers as the State, and nothing else is read.

use primitives::Signer as _;
use registry::{DecodeError, Policy, SnapshotError, SnapshotHead, SnapshotIndex, State};
use statement::{Action, Entry};
use tlog::{Checkpoint, Vkey};

use crate::world::*;

fn body(state: &State) -> Vec<u8> {
    let snapshot = state.snapshot();
    let bytes: Vec<u8> = snapshot.pieces().flatten().collect();
    assert_eq!(bytes.len() as u64, snapshot.length());
    assert!(bytes.starts_with(snapshot.index()));
    bytes
}

fn load(policy: Policy, index_length: usize, body: &[u8]) -> Result<State, DecodeError> {
    let index = SnapshotIndex::decode(policy, body.get(..index_length).ok_or(DecodeError::Truncated)?)?;
    index.load(|place| {
        let start = usize::try_from(place.offset).unwrap();
        body.get(start..start + usize::try_from(place.length).unwrap())
    })
}

fn rich() -> World {
    let mut world = World::with_attestation();
    world.accept(1, &accreditation(TILES, &[31, 32], 0));
    world.accept(31, &attestation(TILES, 70_000));
    let mut theft = accreditation(TILES, &[32, 33], 1);
    theft.compromised = vec![compromised(31, minutes(1))];
    world.accept(1, &theft);
    let a = world.accept(21, &change(CARPETS, Action::Suspend, &[1], None));
    world.accept(1, &change(ACCREDITOR, Action::Withdraw, &[1], Some(a)));
    world.accept(1, &party_change(ACCREDITOR, Action::Suspend, TILES, None));
    world.log_bytes(b"?".to_vec());
    world
}

#[test]
fn a_snapshot_answers_as_the_state_does_and_is_the_same_from_a_replay() {
    let world = rich();
    let bytes = body(&world.state);
    assert!(body(&world.replay()) == bytes);
    let again = load(policy(), world.state.snapshot().index().len(), &bytes).unwrap();
    assert!(body(&again) == bytes);
    assert_eq!((again.size(), again.counts()), (world.state.size(), world.state.counts()));
    assert_eq!(again.last_received_at(), world.state.last_received_at());
    for index in 0..world.state.size() {
        for at in [minutes(0), minutes(3), world.now] {
            assert_eq!(again.standing(index, at), world.state.standing(index, at));
        }
        assert_eq!(again.row(index), world.state.row(index));
    }
    assert!(again.parties().eq(world.state.parties()));
}

/// The registry's own bytes are longer by the status slots, and are not taken for a snapshot.
#[test]
fn a_state_is_no_snapshot() {
    let world = rich();
    assert!(world.state.encode().len() > body(&world.state).len());
    assert_eq!(SnapshotIndex::decode(policy(), &world.state.encode()).map(|_| ()), Err(DecodeError::UnknownVersion));
}

#[test]
fn every_flipped_byte_and_every_cut_is_refused() {
    let world = rich();
    let (bytes, index) = (body(&world.state), world.state.snapshot().index().to_vec());
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        // The index is held by the head's digest; a flip in it that still reads is told by that.
        let is_other_index = primitives::Hash::of(&flipped[..index.len()]) != primitives::Hash::of(&index);
        assert!(is_other_index || load(policy(), index.len(), &flipped).is_err(), "byte {place}");
        assert!(load(policy(), index.len(), &bytes[..place]).is_err(), "cut to {place}");
    }
}

#[test]
fn a_registry_under_other_accreditors_is_told_before_a_row_is_read() {
    let world = rich();
    let mut other = policy();
    other.accreditors.pop();
    let index = world.state.snapshot().index().to_vec();
    assert!(matches!(SnapshotIndex::decode(other, &index), Err(DecodeError::PolicyMismatch { .. })));
}

/// Full chunks of rows never change: whoever has an earlier snapshot needs only what is new.
#[test]
fn two_replays_of_100_000_entries_give_the_same_bytes_and_growth_keeps_full_chunks() {
    const ENTRIES: u32 = 100_000;
    let mut live = World::with_carpets();
    let log: Vec<Vec<u8>> =
        (0..ENTRIES).map(|slot| Entry::encode(minutes(2), attestation(CARPETS, slot).jws(21).as_bytes())).collect();
    for entry in &log[..60_000] {
        live.state.fold(entry);
    }
    let before: Vec<_> = index_of(&live.state).places().map(|place| place.digest).collect();
    // One goes on, the other begins anew from stored bytes.
    let mut other = State::decode(policy(), &live.state.encode()).unwrap();
    for entry in &log[60_000..] {
        live.state.fold(entry);
        other.fold(entry);
    }
    assert_eq!(live.state.attestations(), 100_000);
    let bytes = body(&live.state);
    assert!(body(&other) == bytes);
    assert!(bytes.len() <= 48 * 100_000, "{} bytes", bytes.len());
    let after: Vec<_> = index_of(&live.state).places().map(|place| place.digest).collect();
    let kept = before.iter().filter(|digest| after.contains(digest)).count();
    assert_eq!(kept, 60_000 / 4096 + 1, "all full chunks, and the parties");
}

fn index_of(state: &State) -> SnapshotIndex {
    SnapshotIndex::decode(policy(), state.snapshot().index()).unwrap()
}

#[test]
fn a_head_opens_under_the_logs_key_only_and_says_what_was_signed() {
    let world = rich();
    let (signer, origin) = (secret(7), "registry.example");
    let checkpoint = Checkpoint::new(origin, world.state.size(), primitives::Hash([3; 32])).unwrap();
    let checkpoint = checkpoint.sign(&signer).unwrap().to_string();
    let (produced, expires) = (minutes(100), minutes(10_000));
    let snapshot = world.state.snapshot();
    let note = SnapshotHead::sign(&snapshot, &checkpoint, produced, expires, &signer).unwrap().to_string();
    let keys = [Vkey::log(origin, signer.public_key()).unwrap()];
    let head = SnapshotHead::open(note.as_bytes(), origin, &keys).unwrap();
    assert_eq!(head.body_length(), snapshot.length());
    assert_eq!(head.index_digest(), primitives::Hash::of(snapshot.index()));
    assert_eq!((head.produced_at(), head.expires_at()), (produced, expires));
    assert_eq!(head.checkpoint().note().to_string(), checkpoint);
    assert_eq!(head.note().to_string(), note);

    let other = [Vkey::log(origin, public(8)).unwrap()];
    assert!(matches!(SnapshotHead::open(note.as_bytes(), origin, &other), Err(SnapshotError::Signature(_))));
    assert!(matches!(SnapshotHead::open(note.as_bytes(), "b.example", &keys), Err(SnapshotError::OtherLog { .. })));
    // A checkpoint is no head, and no byte of a head may change.
    assert!(matches!(SnapshotHead::open(checkpoint.as_bytes(), origin, &keys), Err(SnapshotError::UnknownVersion(_))));
    for place in 0..note.len() {
        let mut flipped = note.clone().into_bytes();
        flipped[place] ^= 1;
        assert!(SnapshotHead::open(&flipped, origin, &keys).is_err(), "byte {place}");
    }
    // Signed by the right key, and wrong all the same.
    for (from, to, line) in [
        (format!("\n{}\n", snapshot.length()), "\n+1\n".to_owned(), "length of the body"),
        (format!("\n{}\n", snapshot.index().len()), format!("\n{}\n", snapshot.length() + 1), "length of the index"),
        ("2026-03-01T09:40:00Z".into(), "2027-03-01T09:40:00Z".into(), "expires at"),
        ("Z\n\n".into(), "Z\nx\n".into(), "line before the checkpoint"),
    ] {
        let text = head.note().text().replacen(&from, &to, 1);
        let note = tlog::Note::sign(&text, origin, &signer).unwrap().to_string();
        match SnapshotHead::open(note.as_bytes(), origin, &keys) {
            Err(SnapshotError::Line { line: found, .. }) => assert_eq!(found, line),
            other => panic!("{line}: {other:?}"),
        }
    }
}

/// The bytes of version 1 stay readable for good: whoever changes them makes version 2.
#[test]
fn the_golden_snapshot_of_version_1_is_read() {
    let golden = include_bytes!("snapshot-v1.golden");
    let length = rich().state.snapshot().index().len();
    let state = load(policy(), length, golden).unwrap();
    assert!(body(&state) == golden);
    assert!(body(&rich().state) == golden);
}
