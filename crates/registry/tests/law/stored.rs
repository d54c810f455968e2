//! The State's bytes: deterministic, in chunks, and nothing else is read.

use std::collections::BTreeMap;

use primitives::Hash;
use registry::{Chunk, DecodeError, Policy, State};
use statement::Action;

use crate::world::*;

/// A State with something of everything.
fn rich() -> World {
    let mut world = World::with_attestation();
    world.accept(1, &accreditation(TILES, &[31, 32], 0));
    world.accept(31, &attestation(TILES, 70_000));
    let mut theft = accreditation(TILES, &[32, 33], 1);
    theft.compromised = vec![compromised(31, minutes(1))];
    world.accept(1, &theft);
    let mut waiting = accreditation("did:web:late.example", &[41], 0);
    waiting.issuer = did(BOARD);
    world.accept(12, &waiting);
    let a = world.accept(21, &change(CARPETS, Action::Suspend, &[1], None));
    world.accept(1, &change(ACCREDITOR, Action::Withdraw, &[1], Some(a)));
    world.accept(1, &party_change(ACCREDITOR, Action::Suspend, TILES, None));
    world.log_bytes(b"?".to_vec());
    world
}

fn stored(state: &State) -> BTreeMap<String, Vec<u8>> {
    state.chunks(None).map(|Chunk { name, bytes }| (name, bytes)).collect()
}

#[test]
fn a_state_reads_back_as_it_was() {
    let world = rich();
    let bytes = world.state.encode();
    let mut again = State::decode(policy(), &bytes).unwrap();
    assert!(again.encode() == bytes);
    for index in 0..world.state.size() {
        assert_eq!(again.standing(index, world.now), world.state.standing(index, world.now));
        assert_eq!(again.row(index), world.state.row(index));
        assert_eq!(again.relevant_entries(index), world.state.relevant_entries(index));
    }
    assert!(again.parties().eq(world.state.parties()));
    for number in [21, 31, 32, 33] {
        assert_eq!(again.key(&thumbprint(number)), world.state.key(&thumbprint(number)));
    }
    // And it goes on as the other does.
    let mut live = world;
    live.accept(33, &change(TILES, Action::Withdraw, &[3], None));
    again.fold(live.log.last().unwrap());
    assert!(again.encode() == live.state.encode());
    live.replay();
}

/// The bytes of version 1 stay readable for good: whoever changes them makes version 2.
#[test]
fn the_golden_state_of_version_1_is_read() {
    let golden = include_bytes!("state-v1.golden");
    assert_eq!(&golden[..23], b"ethical-label-state/v1\n");
    assert_eq!(golden[23..55], policy().digest_below(10).0);
    assert_eq!(golden[55..63], 10u64.to_be_bytes());
    let state = State::decode(policy(), golden).unwrap();
    assert!(state.encode() == golden);
    let now = rich();
    for index in [1, 3] {
        assert_eq!(state.row(index), now.state.row(index));
        assert_eq!(state.standing(index, now.now), now.state.standing(index, now.now));
        assert_eq!(state.relevant_entries(index), now.state.relevant_entries(index));
    }
    assert_eq!(state.counts(), now.state.counts());
    assert_eq!(state.key(&thumbprint(31)), now.state.key(&thumbprint(31)));
    let party = state.party(&did(TILES)).unwrap();
    assert_eq!(party.accreditation().unwrap().hotlines, accreditation(TILES, &[32], 0).hotlines);
}

#[test]
fn a_grown_state_rewrites_little() {
    let mut world = rich();
    let mut saved = stored(&world.state);
    assert_eq!(
        saved.keys().collect::<Vec<_>>(),
        ["head", "parties", "rows/00000000", "slots/00000000", "slots/00000001", "status/00000000"]
    );
    let before = world.state.clone();
    assert_eq!(world.state.chunks(Some(&before)).map(|chunk| chunk.name).collect::<Vec<_>>(), ["head"]);

    world.accept(21, &attestation(CARPETS, 1));
    let changes: Vec<Chunk> = world.state.chunks(Some(&before)).collect();
    assert_eq!(
        changes.iter().map(|chunk| chunk.name.as_str()).collect::<Vec<_>>(),
        ["rows/00000000", "slots/00000000", "head"]
    );
    saved.extend(changes.into_iter().map(|Chunk { name, bytes }| (name, bytes)));
    assert_eq!(saved, stored(&world.state));
    let again = State::from_chunks(policy(), |name| saved.get(name).cloned()).unwrap();
    assert!(again.encode() == world.state.encode());

    let before = world.state.clone();
    world.accept(1, &party_change(ACCREDITOR, Action::Suspend, CARPETS, None));
    assert_eq!(world.state.chunks(Some(&before)).map(|chunk| chunk.name).collect::<Vec<_>>(), ["parties", "head"]);
    let before = world.state.clone();
    world.accept(1, &change(ACCREDITOR, Action::Suspend, &[10], None));
    assert_eq!(
        world.state.chunks(Some(&before)).map(|chunk| chunk.name).collect::<Vec<_>>(),
        ["status/00000000", "head"]
    );
}

#[test]
fn a_chunk_that_is_missing_or_another_is_named() {
    let world = rich();
    let saved = stored(&world.state);
    for name in saved.keys() {
        let refused = State::from_chunks(policy(), |other| (other != name).then(|| saved[other].clone())).unwrap_err();
        assert_eq!(refused, DecodeError::MissingChunk(name.clone()));
        assert_eq!(refused.code(), "missing_chunk");
        if name == "head" {
            continue;
        }
        let damages: [fn(&mut Vec<u8>); 3] =
            [|bytes| bytes[5] ^= 1, |bytes| bytes.push(0), |bytes| bytes.truncate(bytes.len() - 1)];
        for damage in damages {
            let refused = State::from_chunks(policy(), |other| {
                let mut bytes = saved[other].clone();
                if other == name {
                    damage(&mut bytes);
                }
                Some(bytes)
            });
            assert_eq!(refused.unwrap_err(), DecodeError::WrongDigest(name.clone()));
        }
    }
}

#[test]
fn another_policy_means_folding_again() {
    let world = rich();
    let bytes = world.state.encode();
    let other = Policy { origin: statement::Origin::parse("other.example").unwrap(), ..policy() };
    let expected = other.digest_below(world.state.size());
    let refused = State::decode(other, &bytes).unwrap_err();
    assert_eq!(refused, DecodeError::PolicyMismatch { found: policy().digest_below(world.state.size()), expected });
}

#[test]
fn cut_short_gone_on_or_of_another_version_is_refused() {
    let bytes = rich().state.encode();
    for length in 0..bytes.len() {
        assert_eq!(State::decode(policy(), &bytes[..length]).unwrap_err(), DecodeError::Truncated, "{length}");
    }
    let longer = [&bytes[..], b"!"].concat();
    assert_eq!(State::decode(policy(), &longer).unwrap_err(), DecodeError::TrailingBytes(1));
    let mut other = bytes;
    other[21] = b'2';
    assert_eq!(State::decode(policy(), &other).unwrap_err(), DecodeError::UnknownVersion);
}

/// Every single changed byte, with the digests made to fit again, is refused or is another State's bytes.
#[test]
fn no_two_runs_of_bytes_are_one_state() {
    let world = rich();
    let saved = stored(&world.state);
    let (mut refused, mut read) = (0, 0);
    for (name, bytes) in &saved {
        for place in 0..bytes.len() {
            for change in [1, 0x80] {
                let mut chunks = saved.clone();
                chunks.get_mut(name).unwrap()[place] ^= change;
                if name != "head" {
                    let (old, new) = (Hash::of(bytes), Hash::of(&chunks[name]));
                    let head = chunks.get_mut("head").unwrap();
                    let at = head.windows(32).position(|window| window == old.0).unwrap();
                    head[at..at + 32].copy_from_slice(&new.0);
                }
                match State::from_chunks(policy(), |name| chunks.get(name).cloned()) {
                    Ok(state) => {
                        assert!(stored(&state) == chunks, "{name} {place}");
                        read += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(refused > 100 && read > 100, "{refused} refused, {read} read");
}

/// A count says how much there is, before it is there: nothing is reserved for what cannot be.
#[test]
fn a_count_that_cannot_be_is_refused() {
    let world = rich();
    let saved = stored(&world.state);
    let mut chunks = saved.clone();
    let parties = chunks.get_mut("parties").unwrap();
    parties[..4].copy_from_slice(&u32::MAX.to_be_bytes());
    let (old, new) = (Hash::of(&saved["parties"]), Hash::of(parties));
    let head = chunks.get_mut("head").unwrap();
    let at = head.windows(32).position(|window| window == old.0).unwrap();
    head[at..at + 32].copy_from_slice(&new.0);
    let refused = State::from_chunks(policy(), |name| chunks.get(name).cloned());
    assert_eq!(refused.unwrap_err(), DecodeError::Truncated);
}
