//! Rule 11: keys that others may have used.

use primitives::Timestamp;
use registry::{Compromise, LabelKeyTrust, Refusal};
use statement::Action;

use crate::world::*;

/// Attestations at minutes 2 to 4 (indexes 1 to 3), then key 21 is declared compromised since minute 3.
fn stolen() -> World {
    let mut world = World::with_carpets();
    for slot in 0..3 {
        world.accept(21, &attestation(CARPETS, slot));
    }
    let mut theft = accreditation(CARPETS, &[22], 1);
    theft.compromised = vec![compromised(21, minutes(3))];
    world.accept(1, &theft);
    world
}

#[test]
fn what_was_received_at_or_after_the_time_does_not_stand() {
    let world = stolen();
    assert_eq!(world.causes(1), [""; 0]);
    assert_eq!(world.causes(2), ["key_compromised"], "received in the very second");
    assert_eq!(world.causes(3), ["key_compromised"]);
    let compromise = Compromise { since: minutes(3), entry: 4 };
    assert_eq!(world.state.standing(2, world.now).unwrap().key_compromised, Some(compromise));
    // By the newest knowledge, whatever time is asked about.
    assert_eq!(world.causes_at(2, minutes(3)), ["key_compromised"]);
}

#[test]
fn the_second_is_the_edge() {
    for (received_at, compromised_too) in
        [("2026-03-01T08:04:59.999Z", false), ("2026-03-01T08:05:00Z", true), ("2026-03-01T08:05:00.001Z", true)]
    {
        let mut world = World::with_carpets();
        world.now = Timestamp::from_millis(at(received_at).millis() - 60_000);
        let lot = world.accept(21, &attestation(CARPETS, 0));
        let mut theft = accreditation(CARPETS, &[21], 1);
        theft.compromised = vec![compromised(21, at("2026-03-01T08:05:00Z"))];
        world.accept(1, &theft);
        assert_eq!(!world.causes(lot).is_empty(), compromised_too, "{received_at}");
    }
}

#[test]
fn labels_of_what_stands_are_exposed() {
    let world = stolen();
    let (old, new) = (public(21).label_key_id(), public(22).label_key_id());
    let trust = |index, id| world.state.label_keys(index, id).map(|key| key.trust).collect::<Vec<_>>();
    let compromise = Compromise { since: minutes(3), entry: 4 };
    assert_eq!(trust(1, old), [LabelKeyTrust::Exposed(compromise)]);
    assert_eq!(trust(2, old), [LabelKeyTrust::Compromised(compromise)]);
    assert_eq!(trust(1, new), [LabelKeyTrust::Sound], "a key added later may sign");
    assert_eq!(trust(0, old), []);
}

#[test]
fn a_compromised_key_signs_nothing_any_more() {
    // Listed still, so that only the compromise speaks against it.
    let mut world = World::with_attestation();
    let mut theft = accreditation(CARPETS, &[21], 1);
    theft.compromised = vec![compromised(21, minutes(10))];
    world.accept(1, &theft);
    let refusal = Refusal::KeyCompromised { key: thumbprint(21), since: minutes(10), entry: 2 };
    assert_eq!(world.refuse(21, &attestation(CARPETS, 1)), refusal, "even before the time that was said");
    assert_eq!(world.refuse(21, &change(CARPETS, Action::Withdraw, &[1], None)), refusal);
}

#[test]
fn the_earliest_time_wins_and_nothing_clears() {
    let mut world = stolen();
    for (minute, since, expected) in [(2, 4, 3), (3, 2, 2), (4, 3, 2)] {
        let mut again = accreditation(CARPETS, &[22], minute);
        again.compromised = vec![compromised(21, minutes(since))];
        world.accept(1, &again);
        let known = world.state.key(&thumbprint(21)).unwrap().compromised;
        assert_eq!(known, Some(Compromise { since: minutes(expected), entry: 4 }));
    }
    world.accept(1, &accreditation(CARPETS, &[22], 5));
    assert_eq!(world.causes(1), ["key_compromised"]);
    assert_eq!(world.state.key(&thumbprint(22)).unwrap().compromised, None);
}

#[test]
fn only_own_keys_are_declared_compromised() {
    let mut world = World::with_carpets();
    let mut theft = accreditation(TILES, &[31], 1);
    for number in [21, 99, 1] {
        theft.compromised = vec![compromised(31, minutes(0)), compromised(number, minutes(0))];
        assert_eq!(world.refuse(1, &theft), Refusal::UnknownCompromisedKey(thumbprint(number)), "key {number}");
    }
    theft.compromised.truncate(1);
    world.accept(1, &theft);
}
