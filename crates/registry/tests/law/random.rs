//! Whatever is said, by whomever: live equals replay, resumed equals folded in one go, and the evidence for an attestation
//! stands for the whole log.

use std::collections::BTreeSet;

use primitives::{Country, Timestamp};
use proptest::prelude::*;
use registry::{KeyRecord, State};
use statement::{Accreditation, Action, Attestation, Role, StatusChange, Target};

use crate::world::*;

const PARTIES: [&str; 3] = [CARPETS, TILES, "did:web:third.example"];
const ACCREDITORS: [&str; 2] = [ACCREDITOR, BOARD];
/// Keys of accreditors, of parties, and of nobody.
const ACCREDITOR_KEYS: [u8; 6] = [1, 2, 11, 12, 13, 99];
const PARTY_KEYS: [u8; 5] = [21, 22, 31, 32, 99];
/// Which of them are whose, mostly.
const USUAL_KEYS: [&[u8]; 3] = [&[21, 22], &[31], &[32]];

/// Something that somebody tries.
#[derive(Debug, Clone)]
enum Act {
    Accredit {
        accreditor: usize,
        key: usize,
        party: usize,
        /// Left out of the party's usual keys, and one taken from anywhere.
        keys: (u8, Option<usize>),
        /// `validFrom`, in minutes before or after the one that would be next.
        minute: i8,
        theft: Option<(usize, u64)>,
        narrow: bool,
    },
    Attest {
        party: usize,
        key: usize,
        slot: u32,
        abroad: bool,
    },
    Change {
        issuer: usize,
        key: usize,
        action: Action,
        targets: BTreeSet<u8>,
        knows: bool,
        start: u64,
    },
    ChangeParty {
        issuer: usize,
        key: usize,
        action: Action,
        party: usize,
        knows: bool,
        start: u64,
    },
    Garbage(Vec<u8>),
    /// The clock jumps: the registry's may not, a dishonest one's does.
    Jump(i8),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![6 => Just(Action::Suspend), 5 => Just(Action::Reinstate), 1 => Just(Action::Withdraw)]
}

/// Mostly the key that fits, so that much takes effect.
fn key_of(fitting: &'static [&'static [usize]], all: usize) -> impl Strategy<Value = (usize, usize)> {
    (0..fitting.len()).prop_flat_map(move |who| {
        prop_oneof![6 => proptest::sample::select(fitting[who]), 1 => 0..all].prop_map(move |key| (who, key))
    })
}

fn act() -> impl Strategy<Value = Act> {
    let accreditor = || key_of(&[&[0, 1], &[2, 3, 4]], ACCREDITOR_KEYS.len());
    let party = || key_of(&[&[0, 1], &[2], &[3]], PARTY_KEYS.len());
    let issuer = || key_of(&[&[0, 1], &[2], &[3], &[0], &[2, 3]], PARTY_KEYS.len().max(ACCREDITOR_KEYS.len()));
    let theft = proptest::option::weighted(0.08, (0..4usize, 0..40u64));
    let keys = (prop_oneof![12 => Just(0u8), 1 => 1..4u8], proptest::option::weighted(0.2, 0..PARTY_KEYS.len()));
    prop_oneof![
        4 => (accreditor(), 0..3usize, keys, -1..4i8, theft, any::<bool>()).prop_map(
            |((accreditor, key), party, keys, minute, theft, narrow)| {
                Act::Accredit { accreditor, key, party, keys, minute, theft, narrow }
            }
        ),
        9 => (party(), 0..40u32, proptest::bool::weighted(0.1)).prop_map(
            |((party, key), slot, abroad)| Act::Attest { party, key, slot, abroad }
        ),
        9 => (issuer(), action(), proptest::collection::btree_set(any::<u8>(), 1..3), proptest::bool::weighted(0.9), 0..60u64)
            .prop_map(|((issuer, key), action, targets, knows, start)| {
                Act::Change { issuer, key, action, targets, knows, start }
            }),
        2 => (issuer(), action(), 0..3usize, proptest::bool::weighted(0.9), 0..60u64).prop_map(
            |((issuer, key), action, party, knows, start)| Act::ChangeParty { issuer, key, action, party, knows, start }
        ),
        1 => proptest::collection::vec(any::<u8>(), 0..20).prop_map(Act::Garbage),
        1 => (-5..30i8).prop_map(Act::Jump),
    ]
}

/// A statement made from an act, as the State stands.
enum Said {
    Accreditation(Accreditation),
    Attestation(Attestation),
    StatusChange(StatusChange),
}

impl Said {
    fn jws(&self, key: u8) -> String {
        match self {
            Self::Accreditation(said) => said.jws(key),
            Self::Attestation(said) => said.jws(key),
            Self::StatusChange(said) => said.jws(key),
        }
    }
}

/// Issuer and key of a change: parties 0 to 2, then the accreditors.
fn orderer(issuer: usize, key: usize) -> (&'static str, u8) {
    match PARTIES.get(issuer) {
        Some(party) => (party, PARTY_KEYS[key % PARTY_KEYS.len()]),
        None => (ACCREDITORS[issuer - PARTIES.len()], ACCREDITOR_KEYS[key % ACCREDITOR_KEYS.len()]),
    }
}

fn say(state: &State, act: &Act) -> Option<(u8, Said)> {
    match act {
        Act::Accredit { accreditor, key, party, keys, minute, theft, narrow } => {
            let usual = USUAL_KEYS[*party].iter().enumerate().filter(|(nth, _)| keys.0 & (1 << nth) == 0);
            let other = keys.1.map(|other| PARTY_KEYS[other]);
            let numbers: BTreeSet<u8> = usual.map(|(_, key)| *key).chain(other).collect();
            let numbers: Vec<u8> = if numbers.is_empty() { vec![98] } else { numbers.into_iter().collect() };
            let minute = state.size().saturating_add_signed(i64::from(*minute));
            let mut said = accreditation(PARTIES[*party], &numbers, minute);
            said.issuer = did(ACCREDITORS[*accreditor]);
            said.compromised.extend(theft.map(|(key, minute)| compromised(PARTY_KEYS[key], minutes(minute))));
            if *narrow {
                said.scope.countries = vec![Country::parse("IN").unwrap()];
            }
            if *narrow && minute % 5 == 4 {
                said.role = Role::Auditor;
            }
            Some((ACCREDITOR_KEYS[*key], Said::Accreditation(said)))
        }
        Act::Attest { party, key, slot, abroad } => {
            let mut said = attestation(PARTIES[*party], *slot);
            if *abroad {
                said.country = Country::parse("PK").unwrap();
            }
            Some((PARTY_KEYS[*key], Said::Attestation(said)))
        }
        Act::Change { issuer, key, action, targets, knows, start } => {
            let (issuer, key) = orderer(*issuer, *key);
            let rows: Vec<u64> = state.rows().map(|row| row.index()).collect();
            let targets: BTreeSet<u64> = match rows.len() {
                0 => targets.iter().map(|target| u64::from(*target)).collect(),
                count => targets.iter().map(|target| rows[usize::from(*target) % count]).collect(),
            };
            let targets: Vec<u64> = targets.into_iter().collect();
            let last = state.status_events(targets[0]).last().map(|event| event.entry);
            let mut said = change(issuer, *action, &targets, if *knows { last } else { Some(1) });
            said.effective_from = minutes(*start);
            Some((key, Said::StatusChange(said)))
        }
        Act::ChangeParty { issuer, key, action, party, knows, start } => {
            let (issuer, key) = orderer(*issuer, *key);
            let target = did(PARTIES[*party]);
            let last = state.party(&target).and_then(|party| party.events.last()).map(|event| event.entry);
            let mut said = change(issuer, *action, &[], if *knows { last } else { None });
            said.target = Target::Party(target);
            said.effective_from = minutes(*start);
            Some((key, Said::StatusChange(said)))
        }
        Act::Garbage(_) | Act::Jump(_) => None,
    }
}

/// Two parties are accredited, one by each accreditor.
fn begun() -> World {
    let mut world = World::with_carpets();
    let mut boards = accreditation(TILES, &[31], 1);
    boards.issuer = did(BOARD);
    world.accept(11, &boards);
    world.accept(13, &boards);
    world
}

/// Plays the acts: an honest registry logs what its gate lets pass, another one logs everything.
fn play(acts: &[Act], honest: bool) -> World {
    let mut world = begun();
    for act in acts {
        match (act, say(&world.state, act)) {
            (_, Some((key, said))) if honest => drop(world.submit_jws(&said.jws(key))),
            (_, Some((key, said))) => drop(world.log_jws(&said.jws(key))),
            (Act::Garbage(bytes), None) if !honest => drop(world.log_bytes(bytes.clone())),
            (Act::Jump(by), None) if !honest || *by > 0 => {
                let millis = world.now.millis().saturating_add_signed(i64::from(*by) * 60_000);
                world.now = Timestamp::from_millis(millis);
            }
            (_, None) => {}
        }
    }
    world
}

/// Everything that a key record says but its numbers, which depend on who else there is.
fn facts(record: &KeyRecord) -> (primitives::PublicKey, u64, Option<u64>, Option<registry::Compromise>) {
    (record.key, record.added_at, record.retired_at, record.compromised)
}

fn evidence_stands_for_the_whole(world: &World) {
    let state = &world.state;
    for row in state.rows() {
        let index = row.index();
        let evidence = world.evidence(index);
        for minute in (0..100).step_by(7) {
            assert_eq!(evidence.standing(index, minutes(minute)), state.standing(index, minutes(minute)));
        }
        let keys = |state: &State| {
            let party = state.issuer_of(state.row(index).unwrap()).unwrap();
            state.keys_of(party).map(facts).collect::<Vec<_>>()
        };
        assert_eq!(keys(&evidence), keys(state));
    }
}

fn resumed_equals_folded_in_one_go(world: &World, cut: usize) {
    let cut = cut % (world.log.len() + 1);
    let mut first = State::new(policy());
    world.log[..cut].iter().for_each(|entry| drop(first.fold(entry)));
    let bytes = first.encode();
    let mut resumed = State::decode(policy(), &bytes).unwrap();
    assert!(resumed.encode() == bytes);
    let opened: Vec<_> = (cut as u64..).zip(&world.log[cut..]).map(|(index, entry)| first.open(index, entry)).collect();
    for (entry, mut opened) in world.log[cut..].iter().zip(opened) {
        resumed.fold_opened(entry, &mut opened);
    }
    assert!(resumed.encode() == world.state.encode());
    let counts = resumed.counts();
    let applied = counts.accreditations + counts.attestations + counts.status_changes;
    assert_eq!(applied + counts.ignored(), resumed.size());
    // What was saved in part and then brought up to date is what would be saved whole.
    let mut saved: std::collections::BTreeMap<_, _> =
        first.chunks(None).map(|chunk| (chunk.name, chunk.bytes)).collect();
    let mut grown = first.clone();
    world.log[cut..].iter().for_each(|entry| drop(grown.fold(entry)));
    saved.extend(grown.chunks(Some(&first)).map(|chunk| (chunk.name, chunk.bytes)));
    let again = State::from_chunks(policy(), |name| saved.get(name).cloned()).unwrap();
    assert!(again.encode() == world.state.encode());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_honest_log_replays_to_the_live_state(acts in proptest::collection::vec(act(), 0..60), cut: usize) {
        let world = play(&acts, true);
        world.replay();
        prop_assert_eq!(world.state.counts().ignored(), 0);
        prop_assert_eq!(world.state.first_set_back(), None);
        resumed_equals_folded_in_one_go(&world, cut);
        evidence_stands_for_the_whole(&world);
    }

    #[test]
    fn a_log_of_anything_folds_the_same_in_any_steps(acts in proptest::collection::vec(act(), 0..60), cut: usize) {
        let world = play(&acts, false);
        world.replay();
        resumed_equals_folded_in_one_go(&world, cut);
        evidence_stands_for_the_whole(&world);
    }
}

/// The properties above are worth what the acts reach.
#[test]
fn the_acts_reach_most_of_the_law() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let acts = proptest::collection::vec(act(), 60);
    let (mut codes, mut applied) = (BTreeSet::new(), [0; 3]);
    for _ in 0..40 {
        let acts = acts.new_tree(&mut runner).unwrap().current();
        let mut world = begun();
        for act in &acts {
            if let Some((key, said)) = say(&world.state, act)
                && let Err(refusal) = world.submit_jws(&said.jws(key))
            {
                codes.insert(refusal.code());
            }
        }
        let counts = world.state.counts();
        for (sum, count) in applied.iter_mut().zip([counts.accreditations, counts.attestations, counts.status_changes])
        {
            *sum += count;
        }
    }
    println!("{applied:?} {codes:?}");
    assert!(applied.iter().all(|count| *count > 100), "{applied:?}");
    assert!(codes.len() > 18, "{codes:?}");
}
