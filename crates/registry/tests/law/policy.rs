//! Rules 3 and 7: what the trust file says, and from which index.

use primitives::{KeyError, PublicKey};
use registry::{Folded, Ignored, Policy, PolicyError, Refusal, State};
use statement::Action;

use crate::world::*;

#[test]
fn a_sound_policy_passes() {
    assert_eq!(policy().check(), Ok(()));
}

#[test]
fn every_mistake_in_a_policy_is_named() {
    let changed = |change: &dyn Fn(&mut Policy)| {
        let mut policy = policy();
        change(&mut policy);
        policy.check().unwrap_err()
    };
    let mut identity = [0; 32];
    identity[0] = 1;
    let weak = PublicKey::from_bytes(&identity).unwrap();
    let key = thumbprint(2);
    for (found, expected, code) in [
        (changed(&|p| p.accreditors.clear()), PolicyError::NoAccreditor, "no_accreditor"),
        (
            changed(&|p| p.accreditors[1].did = did(ACCREDITOR)),
            PolicyError::DuplicateAccreditor(did(ACCREDITOR)),
            "duplicate_accreditor",
        ),
        (
            changed(&|p| p.accreditors[0].threshold = 0),
            PolicyError::Threshold { did: did(ACCREDITOR), threshold: 0, keys: 2 },
            "bad_threshold",
        ),
        (
            changed(&|p| p.accreditors[1].threshold = 4),
            PolicyError::Threshold { did: did(BOARD), threshold: 4, keys: 3 },
            "bad_threshold",
        ),
        (
            changed(&|p| p.accreditors[1].keys[0].key = public(1)),
            PolicyError::DuplicateKey(thumbprint(1)),
            "duplicate_key",
        ),
        (
            changed(&|p| p.accreditors[0].keys[0].key = weak),
            PolicyError::WeakKey { key: weak.thumbprint(), error: KeyError::Weak },
            "weak_key",
        ),
        (
            changed(&|p| p.accreditors[0].keys[1].last_index = Some(2)),
            PolicyError::EmptyRange { key, first: 3, last: 2 },
            "empty_range",
        ),
        (changed(&|p| p.rules.clear()), PolicyError::Rules, "bad_rules"),
        (changed(&|p| p.rules = vec![(1, 1)]), PolicyError::Rules, "bad_rules"),
        (changed(&|p| p.rules = vec![(0, 1), (0, 2)]), PolicyError::Rules, "bad_rules"),
        (changed(&|p| p.rules = vec![(0, 2), (7, 1)]), PolicyError::Rules, "bad_rules"),
    ] {
        assert_eq!(found.code(), code);
        assert_eq!(found, expected);
    }
}

#[test]
fn from_the_first_unknown_rules_on_nothing_counts() {
    let mut world = World::with(Policy { rules: vec![(0, 1), (3, 3), (5, 1)], ..policy() });
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    world.accept(21, &attestation(CARPETS, 0));
    world.accept(21, &attestation(CARPETS, 1));
    assert_eq!(world.state.unsupported_from(), None);
    let refusal = world.submit(21, &change(CARPETS, Action::Withdraw, &[1], None)).unwrap_err();
    assert_eq!(refusal, Refusal::UnsupportedRules(3));
    for size in 4..8 {
        let folded = world.log_anyway(21, &change(CARPETS, Action::Withdraw, &[1], None));
        assert_eq!(folded, Folded::Ignored(Ignored::UnsupportedRules));
        assert_eq!((world.state.size(), world.state.unsupported_from()), (size, Some(3)));
    }
    world.log_bytes(b"no entry of any known format".to_vec());
    assert_eq!(world.state.counts().unsupported, 5, "what a format is, is for the rules to say");
    assert!(world.state.standing(1, world.now).unwrap().is_active(), "as of the last index that is understood");
    world.replay();

    let nowhere = World::with(Policy { rules: vec![], ..policy() });
    assert_eq!(nowhere.state.policy().first_unsupported(), Some(0));
}

#[test]
fn the_digest_is_of_what_decides_and_not_of_how_it_is_written() {
    let digest = policy().digest();
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut policy = policy();
        change(&mut policy);
        policy
    };
    for same in [
        with(&|p| p.accreditors.reverse()),
        with(&|p| p.accreditors[1].keys.reverse()),
        with(&|p| p.accreditors[0].name = "Another name".into()),
    ] {
        assert_eq!(same.digest(), digest);
    }
    for other in [
        with(&|p| p.origin = statement::Origin::parse("other.example").unwrap()),
        with(&|p| p.accreditors[1].threshold = 3),
        with(&|p| p.accreditors[0].did = did("did:web:other.example")),
        with(&|p| p.accreditors[0].keys[0].first_index = 1),
        with(&|p| p.accreditors[0].keys[0].last_index = Some(9)),
        with(&|p| p.accreditors[0].keys[1].key = public(3)),
        with(&|p| drop(p.accreditors.pop())),
        with(&|p| p.rules.push((9, 2))),
    ] {
        assert_ne!(other.digest(), digest, "{other:?}");
    }
}

/// A trust file grows: what it says of later indexes leaves a stored State of use, and the State is the same.
#[test]
fn what_a_policy_says_of_later_indexes_changes_nothing_below() {
    let mut world = World::with_attestation();
    // Somebody who will accredit is a certifier now; a key that will accredit is nobody's.
    world.accept(1, &accreditation("did:web:late.example", &[52], 0));
    world.accept(52, &attestation("did:web:late.example", 0));
    world.log_anyway(3, &accreditation(TILES, &[31], 1));
    world.log_anyway(51, &party_change("did:web:late.example", Action::Suspend, CARPETS, None));
    let size = world.state.size();
    let key = |number, first_index| registry::AccreditorKey { key: public(number), first_index, last_index: None };
    let mut grown = policy();
    grown.accreditors[0].keys[0].last_index = Some(size - 1);
    grown.accreditors[0].keys.push(key(3, size));
    grown.accreditors.push(registry::Accreditor {
        did: did("did:web:late.example"),
        name: "Late".into(),
        threshold: 1,
        keys: vec![key(51, size)],
    });
    grown.rules.push((size, 2));
    assert_eq!(grown.check(), Ok(()));
    assert_eq!(grown.digest_below(size), policy().digest_below(size));
    assert_ne!(grown.digest_below(size + 1), policy().digest_below(size + 1));
    let mut ended = policy();
    ended.accreditors[0].keys[0].last_index = Some(size - 2);
    assert_ne!(ended.digest_below(size), policy().digest_below(size), "it may not have signed the last entry");
    let resumed = State::decode(grown.clone(), &world.state.encode()).unwrap();
    let mut replayed = State::new(grown);
    for entry in &world.log {
        replayed.fold(entry);
    }
    assert!(replayed.encode() == resumed.encode());
    assert!(replayed.encode() == world.state.encode());
}
