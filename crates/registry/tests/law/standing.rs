//! Standing at a time, and the keys of labels.

use primitives::{LabelKeyId, PublicKey, SecretKey, Signer};
use registry::{LabelKeyTrust, Validity};
use statement::{Action, StatusChange};

use crate::world::*;

#[test]
fn validity_is_by_days() {
    let world = World::with_attestation();
    let (first, last) = (world.state.row(1).unwrap().first_day(), world.state.row(1).unwrap().last_day());
    assert_eq!((first.to_string(), last.to_string()), ("2026-03-01".into(), "2027-02-28".into()));
    for (time, causes, validity) in [
        ("2026-02-28T23:59:59.999Z", &["unknown_attestation", "not_yet_valid"][..], Validity::NotYet(first)),
        ("2026-03-01T08:02:00Z", &[], Validity::Valid),
        ("2027-02-28T23:59:59.999Z", &[], Validity::Valid),
        ("2027-03-01T00:00:00Z", &["expired"], Validity::Expired(last)),
    ] {
        assert_eq!(world.causes_at(1, at(time)), causes, "{time}");
        assert_eq!(world.state.standing(1, at(time)).unwrap().validity, validity, "{time}");
    }
}

#[test]
fn before_it_was_logged_an_attestation_is_not_known() {
    let world = World::with_attestation();
    let received_at = minutes(2);
    assert_eq!(world.causes_at(1, received_at), [""; 0]);
    let before = world.state.standing(1, minutes(1)).unwrap();
    assert_eq!(before.not_yet_logged, Some(received_at));
    assert_eq!(world.causes_at(1, minutes(1)), ["unknown_attestation"]);
}

#[test]
fn a_past_time_is_judged_by_what_the_log_had_then() {
    let mut world = World::with_attestation();
    let before = world.now;
    let a = world.accept(21, &change(CARPETS, Action::Suspend, &[1], None));
    let between = world.now;
    world.accept(21, &change(CARPETS, Action::Reinstate, &[1], Some(a)));
    world.accept(1, &party_change(ACCREDITOR, Action::Withdraw, CARPETS, None));
    assert_eq!(world.causes_at(1, before), [""; 0]);
    assert_eq!(world.causes_at(1, between), ["suspended"]);
    assert_eq!(world.causes(1), ["certifier_suspended"]);
    assert!(world.state.standing(1, world.now).unwrap().party_hold.unwrap().is_final);
    assert!(!world.state.standing(1, world.now).unwrap().is_active());
}

#[test]
fn standing_lasts_until_the_next_day_or_an_announced_change() {
    let mut world = World::with_attestation();
    let ends = |world: &World, time: &str| world.state.standing_until(1, at(time)).unwrap().to_string();
    assert_eq!(ends(&world, "2026-03-01T08:01:00Z"), "2026-03-01T08:02:00Z", "the log receives it");
    assert_eq!(ends(&world, "2026-03-01T08:02:00Z"), "2026-03-02T00:00:00Z");
    let announced = |what: StatusChange, time| StatusChange { effective_from: at(time), ..what };
    world.accept(21, &announced(change(CARPETS, Action::Suspend, &[1], None), "2026-03-05T12:00:00Z"));
    world.accept(1, &announced(party_change(ACCREDITOR, Action::Suspend, CARPETS, None), "2026-03-05T15:30:00Z"));
    for (time, end, causes) in [
        ("2026-03-04T23:59:59.999Z", "2026-03-05T00:00:00Z", &[][..]),
        ("2026-03-05T00:00:00Z", "2026-03-05T12:00:00Z", &[]),
        ("2026-03-05T11:59:59.999Z", "2026-03-05T12:00:00Z", &[]),
        ("2026-03-05T12:00:00Z", "2026-03-05T15:30:00Z", &["suspended"]),
        ("2026-03-05T15:30:00Z", "2026-03-06T00:00:00Z", &["suspended", "certifier_suspended"]),
    ] {
        assert_eq!(ends(&world, time), end, "{time}");
        assert_eq!(world.causes_at(1, at(time)), causes, "{time}");
    }
}

#[test]
fn what_is_no_attestation_has_no_standing() {
    let world = World::with_attestation();
    for index in [0, 2, u64::MAX] {
        assert_eq!(world.state.standing(index, world.now), None);
        assert_eq!(world.state.standing_until(index, world.now), None);
        // Of an accreditation: what became of its party.
        assert_eq!(world.state.relevant_entries(index), if index == 0 { vec![0] } else { vec![] });
        assert_eq!(world.state.label_keys(index, public(21).label_key_id()).count(), 0);
    }
}

#[test]
fn labels_are_signed_by_keys_not_retired_at_the_attestations_index() {
    let mut world = World::with_attestation();
    world.accept(1, &accreditation(TILES, &[31], 0));
    world.accept(1, &accreditation(CARPETS, &[22], 1));
    let later = world.accept(22, &attestation(CARPETS, 0));
    let keys = |index, number: u8| {
        let keys = world.state.label_keys(index, public(number).label_key_id());
        keys.map(|key| (key.record.key, key.trust)).collect::<Vec<_>>()
    };
    let sound = |number| [(public(number), LabelKeyTrust::Sound)];
    assert_eq!(keys(1, 21), sound(21), "retired after the attestation");
    assert_eq!(keys(1, 22), sound(22), "added after the attestation");
    assert_eq!(keys(later, 21), [], "retired before it");
    assert_eq!(keys(later, 22), sound(22));
    assert_eq!(keys(1, 31), [], "another party's");
    assert_eq!(world.state.label_keys(1, LabelKeyId([0; 4])).count(), 0);
    assert_eq!(world.state.keys_with_id(public(31).label_key_id()).count(), 1);
    assert_eq!(world.state.keys_with_id(public(1).label_key_id()).count(), 0, "accreditors sign no labels");
}

/// Two keys with one 4-byte id: both are candidates.
#[test]
fn keys_that_share_an_id_are_all_tried() {
    let [a, b] = colliding();
    assert_eq!(a.label_key_id(), b.label_key_id());
    let mut world = World::new();
    let mut both = accreditation(CARPETS, &[21], 0);
    both.keys.extend([a, b]);
    world.accept(1, &both);
    let lot = world.accept(21, &attestation(CARPETS, 0));
    let keys: Vec<_> = world.state.label_keys(lot, a.label_key_id()).map(|key| key.record.key).collect();
    assert_eq!(keys, [a, b]);
}

/// Found by search among 170,000 keys.
fn colliding() -> [PublicKey; 2] {
    [96_995u32, 163_802].map(|number| {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        SecretKey::from_seed(&seed).public_key()
    })
}
