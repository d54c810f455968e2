//! States larger than any that tests could sign: filled by hand.

use alloc::collections::BTreeMap;
use alloc::vec;

use primitives::{SecretKey, Signer};
use statement::{Action, Did, Origin, Reason, StatusSlot};

use super::*;
use crate::party::{AccreditationRecord, KeyRecord, Party};
use crate::row::Row;
use crate::status::Holder;

fn policy() -> Policy {
    Policy { origin: Origin::parse("registry.example").unwrap(), accreditors: vec![], rules: vec![(0, 1)] }
}

/// One party with two keys.
fn begun() -> State {
    let mut state = State::new(policy());
    state.parties.add_party(Party {
        number: 0,
        did: Did::parse("did:web:certifier.example").unwrap(),
        accreditor: Did::parse("did:web:accreditor.example").unwrap(),
        accreditations: vec![AccreditationRecord {
            entries: vec![0],
            received_at: Timestamp::from_seconds(0),
            payload_hash: Hash::of(b""),
            role: statement::Role::Certifier,
            name: "Certifier".into(),
            scope: statement::Scope { countries: vec![], hs_chapters: vec![], topics: statement::Claims::NONE },
            first_day: primitives::Day::from_days(0),
            last_day: primitives::Day::from_days(0),
            valid_from: Timestamp::from_seconds(0),
            hotlines: vec![],
        }],
        keys: vec![0, 1],
        events: vec![],
    });
    for number in 0..2 {
        let key = SecretKey::from_seed(&[u8::try_from(number).unwrap(); 32]).public_key();
        state.parties.add_key(KeyRecord::new(number, key, 0, 0));
    }
    state.size = 1;
    state
}

/// Adds attestations, by the two keys in turn.
fn attest(state: &mut State, count: u32) {
    for _ in 0..count {
        let index = u32::try_from(state.size).unwrap();
        let mut bytes = [0; Row::SIZE];
        bytes[..4].copy_from_slice(&index.to_be_bytes());
        bytes[5] = u8::try_from(index % 2).unwrap();
        bytes[32..34].copy_from_slice(b"NP");
        bytes[39] = 1;
        state.rows.push(Row::decode(&bytes).unwrap());
        let slot = StatusSlot { list: index / 100_000, index: index * 7 % StatusSlot::LIST_LENGTH };
        assert!(state.slots.insert(u16::try_from(index % 2).unwrap(), slot));
        state.size += 1;
    }
}

fn suspend(state: &mut State, index: u32) {
    let event = StatusEvent {
        entry: state.size,
        by: Holder::Certifier,
        action: Action::Suspend,
        reason: Reason::Other,
        received_at: Timestamp::from_seconds(0),
        effective_from: Timestamp::from_seconds(0),
    };
    state.histories.insert(index, [event].into());
    state.size += 1;
}

fn names(state: &State, saved: &State) -> Vec<String> {
    state.chunks(Some(saved)).map(|chunk| chunk.name).collect()
}

#[test]
fn full_segments_are_written_once() {
    let mut state = begun();
    attest(&mut state, 10_000);
    let mut chunks: BTreeMap<_, _> = state.chunks(None).map(|chunk| (chunk.name, chunk.bytes)).collect();
    let saved = state.clone();
    attest(&mut state, 4096);
    assert_eq!(names(&state, &saved), ["rows/00000002", "rows/00000003", "slots/00000000", "slots/00000001", "head"]);
    chunks.extend(state.chunks(Some(&saved)).map(|chunk| (chunk.name, chunk.bytes)));
    let again = State::from_chunks(policy(), |name| chunks.get(name)).unwrap();
    assert!(again.encode() == state.encode());
    assert!(State::decode(policy(), &state.encode()).unwrap().rows().eq(state.rows()));
}

#[test]
fn status_events_are_cut_by_the_attestations_index() {
    let mut state = begun();
    attest(&mut state, 140_000);
    for index in [5, 65_535, 65_536, 131_072] {
        suspend(&mut state, index);
    }
    let saved = state.clone();
    let all: Vec<String> =
        state.chunks(None).map(|chunk| chunk.name).filter(|name| name.starts_with("status")).collect();
    assert_eq!(all, ["status/00000000", "status/00000001", "status/00000002"]);
    suspend(&mut state, 65_537);
    assert_eq!(names(&state, &saved), ["status/00000001", "head"]);
    let again = State::decode(policy(), &state.encode()).unwrap();
    assert_eq!(again.status_events(65_537), state.status_events(65_537));
    assert!(again.encode() == state.encode());
}

/// What only the whole can tell is told.
#[test]
fn rows_without_their_slots_are_refused() {
    let mut state = begun();
    attest(&mut state, 10);
    let other = StatusSlot { list: 9, index: 0 };
    state.slots.insert(0, other);
    assert_eq!(State::decode(policy(), &state.encode()).unwrap_err(), DecodeError::Invalid("status slots"));
}

#[test]
fn events_of_what_is_no_attestation_are_refused() {
    let mut state = begun();
    attest(&mut state, 10);
    suspend(&mut state, 11);
    assert_eq!(State::decode(policy(), &state.encode()).unwrap_err(), DecodeError::Invalid("status events"));
}

/// A head that lists other chunks than its State has: here twice the same, or in another order.
#[test]
fn a_list_that_would_not_be_written_is_refused() {
    let mut state = begun();
    attest(&mut state, 5000);
    let all: Vec<Chunk> = state.chunks(None).collect();
    let bytes = |name: &str| all.iter().find(|chunk| chunk.name == name).map(|chunk| chunk.bytes.clone());
    let head = bytes("head").unwrap();
    let (start, item) = (head.len() - 5 * Listed::SIZE, Listed::SIZE);
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut head = head.clone();
        change(&mut head);
        let answer = State::from_chunks(policy(), |name| if name == "head" { Some(head.clone()) } else { bytes(name) });
        answer.err()
    };
    assert_eq!(with(&|_| ()), None);
    let list = Some(DecodeError::Invalid("list of chunks"));
    assert_eq!(with(&|head| head[start..].rotate_left(item)), list);
    assert_eq!(with(&|head| head.copy_within(start..start + item, start + item)), list);
    // The last segment called by a later number.
    assert_eq!(with(&|head| head[start + 2 * item + 4] = 9), Some(DecodeError::MissingChunk("rows/00000009".into())));
    // No slots of key 1, then, where rows have it.
    let shorter = with(&|head| {
        head.truncate(start + 4 * item);
        head[start - 1] = 4;
    });
    assert_eq!(shorter, Some(DecodeError::Invalid("status slots")));

    // As one run there are no names, but the numbers are checked all the same.
    let run = |head: &[u8]| {
        let chunks = all.iter().filter(|chunk| chunk.name != "head").flat_map(|chunk| chunk.bytes.iter().copied());
        State::decode(policy(), &head.iter().copied().chain(chunks).collect::<Vec<_>>()).err()
    };
    let mut other = head.clone();
    other[start + 2 * item + 4] = 9;
    assert_eq!((run(&head), run(&other)), (None, list.clone()));
    // A chunk of nothing.
    let mut other = head.clone();
    other[start - 1] = 6;
    let mut nothing = vec![];
    Part::Status(7).encode(&mut nothing);
    nothing.u32(0);
    nothing.put(Hash::of(b"").as_bytes());
    other.extend(nothing);
    assert_eq!(run(&other), list);
}
