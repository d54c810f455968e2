//! Rules 5 to 16: keys and accreditations.

use primitives::{Hash, KeyError, PublicKey};
use registry::{Effect, Folded, Ignored, Refusal};
use statement::{Accreditation, Action, Origin, Role};

use crate::world::*;

#[test]
fn only_accreditors_accredit() {
    let mut world = World::with_carpets();
    let mut own = accreditation(TILES, &[31], 1);
    own.issuer = did(CARPETS);
    assert_eq!(world.refuse(21, &own), Refusal::NotAnAccreditor(did(CARPETS)));
    own.issuer = did("did:web:stranger.example");
    assert_eq!(world.refuse(99, &own), Refusal::UnknownIssuer(own.issuer.clone()));
}

#[test]
fn a_statement_for_another_registry_is_refused() {
    let mut world = World::new();
    let mut other = accreditation(CARPETS, &[21], 0);
    other.registry = Origin::parse("registry.example:8443").unwrap();
    let expected = Origin::parse("registry.example").unwrap();
    assert_eq!(world.refuse(1, &other), Refusal::WrongRegistry { found: other.registry.clone(), expected });
}

#[test]
fn an_accreditor_is_not_accredited() {
    let mut world = World::new();
    assert_eq!(world.refuse(1, &accreditation(BOARD, &[21], 0)), Refusal::SubjectIsAccreditor(did(BOARD)));
    assert_eq!(world.refuse(1, &accreditation(ACCREDITOR, &[21], 0)), Refusal::SubjectIsAccreditor(did(ACCREDITOR)));
}

#[test]
fn the_first_accreditor_keeps_its_party() {
    let mut world = World::with_carpets();
    let mut other = accreditation(CARPETS, &[21], 1);
    other.issuer = did(BOARD);
    let refusal = Refusal::AnotherAccreditor { subject: did(CARPETS), accreditor: did(ACCREDITOR) };
    assert_eq!(world.refuse(11, &other), refusal);
}

#[test]
fn an_accreditors_key_signs_at_its_indexes_only() {
    let mut world = World::new();
    let key = thumbprint(2);
    for minute in 0..3 {
        let early = Refusal::UnknownKey { issuer: did(ACCREDITOR), key };
        assert_eq!(world.refuse(2, &accreditation(TILES, &[31], 9)), early, "index {minute}");
        world.accept(1, &accreditation(CARPETS, &[21], minute));
    }
    for minute in 3..6 {
        world.accept(2, &accreditation(CARPETS, &[21], minute));
    }
    let late = Refusal::AccreditorKeyNotValid { key, index: 6 };
    assert_eq!(world.refuse(2, &accreditation(CARPETS, &[21], 6)), late);
    let late = Refusal::AccreditorKeyNotValid { key, index: 6 };
    assert_eq!(world.refuse(2, &party_change(ACCREDITOR, Action::Suspend, CARPETS, None)), late);
    world.replay();
}

#[test]
fn an_unknown_key_of_a_known_issuer_is_refused() {
    let mut world = World::with_carpets();
    let refusal = Refusal::UnknownKey { issuer: did(CARPETS), key: thumbprint(31) };
    assert_eq!(world.refuse(31, &attestation(CARPETS, 0)), refusal);
    let refusal = Refusal::UnknownKey { issuer: did(ACCREDITOR), key: thumbprint(21) };
    assert_eq!(world.refuse(21, &accreditation(TILES, &[31], 1)), refusal);
}

#[test]
fn a_kid_names_its_key_by_thumbprint() {
    let world = World::with_carpets();
    let jws = attestation(CARPETS, 0).jws(21);
    let (_, rest) = jws.split_once('.').unwrap();
    let header = br#"{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"did:web:carpets.example#key-1"}"#;
    let jws = format!("{}.{rest}", primitives::base64::url_encode(header));
    let token = statement::Token::parse(jws.as_bytes()).unwrap();
    assert_eq!(world.state.issuer_key(&token), Err(Refusal::KidWithoutThumbprint("key-1".into())));
}

#[test]
fn weak_and_mixed_order_keys_are_not_accredited() {
    let mut world = World::new();
    let mut identity = [0; 32];
    identity[0] = 1;
    // Case 3 of "Taming the many EdDSAs" (2020), table 6c: a point of order 8·L.
    let mixed = "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d";
    let mixed = core::array::from_fn(|n| u8::from_str_radix(&mixed[2 * n..2 * n + 2], 16).unwrap());
    for (bytes, error) in [(identity, KeyError::Weak), (mixed, KeyError::Torsion)] {
        let key = PublicKey::from_bytes(&bytes).unwrap();
        let mut weak = accreditation(CARPETS, &[21], 0);
        weak.keys.push(key);
        assert_eq!(world.refuse(1, &weak), Refusal::KeyNotAccreditable { key: key.thumbprint(), error });
    }
}

#[test]
fn a_key_belongs_to_one_party_for_ever() {
    let mut world = World::with_carpets();
    world.accept(1, &accreditation(CARPETS, &[22], 1));
    for (number, owner) in [(21, CARPETS), (22, CARPETS), (1, ACCREDITOR), (11, BOARD)] {
        let refusal = Refusal::KeyOfAnother { key: thumbprint(number), owner: did(owner) };
        assert_eq!(world.refuse(1, &accreditation(TILES, &[31, number], 2)), refusal, "key {number}");
    }
    // Key 2 is nobody's before index 3, when the policy gives it to the accreditor.
    world.accept(1, &accreditation(TILES, &[2], 2));
    assert_eq!(world.state.key(&thumbprint(2)).unwrap().party, world.state.party(&did(TILES)).unwrap().number);
}

#[test]
fn a_key_left_out_is_retired_for_ever() {
    let mut world = World::with_attestation();
    world.accept(1, &accreditation(CARPETS, &[22], 1));
    let retired = Refusal::KeyRetired { key: thumbprint(21), retired_at: 2 };
    assert_eq!(world.refuse(21, &attestation(CARPETS, 1)), retired);
    assert_eq!(world.refuse(21, &change(CARPETS, Action::Suspend, &[1], None)), retired);
    let listed = Refusal::RetiredKeyListed { key: thumbprint(21), retired_at: 2 };
    assert_eq!(world.refuse(1, &accreditation(CARPETS, &[21, 22], 2)), listed);
    world.accept(22, &attestation(CARPETS, 0));
    assert_eq!(world.causes(1), [""; 0], "what it attested stands");
    world.accept(1, &accreditation(CARPETS, &[22], 2));
    assert_eq!(world.state.key(&thumbprint(21)).unwrap().retired_at, Some(2), "since the first that left it out");
    assert_eq!(world.state.key(&thumbprint(22)).unwrap().added_at, 2);
}

#[test]
fn nothing_signed_earlier_is_slipped_in_later() {
    let mut world = World::new();
    let held_back = accreditation(CARPETS, &[21, 23], 1);
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    world.accept(1, &accreditation(CARPETS, &[21], 2));
    for earlier in [held_back, accreditation(CARPETS, &[21], 2), accreditation(CARPETS, &[21], 0)] {
        let found = earlier.valid_from;
        let stale = Refusal::StaleAccreditation { found, in_force: minutes(2), entry: 1 };
        assert_eq!(world.refuse(1, &earlier), stale);
    }
}

#[test]
fn an_accreditation_is_received_at_most_92_days_ahead() {
    let mut world = World::new();
    let quarter = 92 * 24 * 60;
    // The next submission is received at minute 1.
    let early = accreditation(CARPETS, &[21], quarter + 2);
    let refusal = Refusal::AccreditationTooEarly { found: minutes(quarter + 2), limit: minutes(quarter + 1) };
    assert_eq!(world.submit(1, &early), Err(refusal));
    world.accept(1, &early);
    assert_eq!(world.now, minutes(2));
}

#[test]
fn an_accreditation_takes_effect_with_its_last_needed_signature() {
    let mut world = World::new();
    let mut boards = accreditation(CARPETS, &[21], 0);
    boards.issuer = did(BOARD);
    let mut others = boards.clone();
    others.name = "Another certifier".into();

    assert_eq!(world.submit(11, &boards), Ok(Effect::Approved { given: 1, needed: 2 }));
    assert_eq!(world.refuse(11, &boards), Refusal::AlreadyApproved { key: thumbprint(11), entry: 0 });
    assert_eq!(world.submit(12, &others), Ok(Effect::Approved { given: 1, needed: 2 }), "other bytes count apart");
    assert_eq!(world.refuse(21, &attestation(CARPETS, 0)), Refusal::UnknownIssuer(did(CARPETS)));
    let approvals =
        |world: &World, of: &Accreditation| -> Vec<_> { world.state.approvals(&Hash::of(&of.to_payload())).collect() };
    assert_eq!(approvals(&world, &boards), [(public(11), 0)]);
    assert_eq!(approvals(&world, &others), [(public(12), 1)]);
    assert_eq!(world.submit(13, &boards), Ok(Effect::Accredited { party: 0 }));

    assert_eq!([approvals(&world, &boards), approvals(&world, &others)], [vec![], vec![]], "nothing waits any more");
    let party = world.state.party(&did(CARPETS)).unwrap();
    assert_eq!(party.accreditation().unwrap().name, "Certifier");
    assert_eq!(party.accreditations[0].entries, [0, 2]);
    let stale = Refusal::StaleAccreditation { found: minutes(0), in_force: minutes(0), entry: 2 };
    assert_eq!(world.refuse(12, &boards), stale);
    assert_eq!(world.refuse(11, &others), stale, "what waited is not completed any more");

    let lot = world.accept(21, &attestation(CARPETS, 0));
    assert_eq!(world.state.relevant_entries(lot), [0, 2, lot]);
    assert_eq!(world.causes(lot), [""; 0]);
}

#[test]
fn an_unfinished_accreditation_outlives_an_older_one_only() {
    let mut world = World::new();
    let boards = |minute, name: &str| {
        let mut accreditation = accreditation(CARPETS, &[21], minute);
        accreditation.issuer = did(BOARD);
        accreditation.name = name.into();
        accreditation
    };
    let (first, older, newer) = (boards(5, "first"), boards(4, "older"), boards(6, "newer"));
    for waiting in [&first, &older, &newer] {
        world.accept(11, waiting);
    }
    world.accept(12, &first);
    assert_eq!(world.submit(12, &newer), Ok(Effect::Accredited { party: 0 }), "its first signature still counts");
    assert_eq!(world.refuse(12, &older).code(), "stale_accreditation");
    let state = world.replay();
    let parties = state.chunks(None).find(|chunk| chunk.name == "parties").unwrap();
    assert!(parties.bytes.ends_with(&0u32.to_be_bytes()), "none is kept for nothing: the last list is empty");
}

#[test]
fn the_oldest_of_too_many_unfinished_accreditations_gives_way() {
    let mut world = World::new();
    let boards = |number: u16| {
        let mut accreditation = accreditation(&format!("did:web:c{number}.example"), &[21], 0);
        accreditation.issuer = did(BOARD);
        accreditation
    };
    for number in 0..=256 {
        world.accept(11, &boards(number));
    }
    assert_eq!(world.submit(12, &boards(1)), Ok(Effect::Accredited { party: 0 }));
    assert_eq!(world.submit(12, &boards(0)).unwrap_err().code(), "key_of_another");
    let mut fresh = boards(0);
    fresh.keys = vec![public(22)];
    assert_eq!(world.submit(12, &fresh), Ok(Effect::Approved { given: 1, needed: 2 }));
    world.replay();
}

#[test]
fn an_accreditation_replaces_role_and_scope_but_lifts_no_suspension() {
    let mut world = World::with_carpets();
    world.accept(1, &party_change(ACCREDITOR, Action::Suspend, CARPETS, None));
    world.accept(1, &accreditation(CARPETS, &[21], 1));
    assert_eq!(world.refuse(21, &attestation(CARPETS, 0)).code(), "certifier_suspended");
    world.accept(1, &party_change(ACCREDITOR, Action::Reinstate, CARPETS, Some(1)));
    let mut auditor = accreditation(CARPETS, &[21], 2);
    auditor.role = Role::Auditor;
    world.accept(1, &auditor);
    let refusal = Refusal::NotACertifier { issuer: did(CARPETS), role: Role::Auditor };
    assert_eq!(world.refuse(21, &attestation(CARPETS, 0)), refusal);
    assert_eq!(refusal.to_string(), "did:web:carpets.example is accredited as auditor, expected certifier");
}

#[test]
fn the_judge_knows_strangers_without_help() {
    // The gate's caller looks the key up before; the judge does not rely on it.
    let world = World::with_carpets();
    for (issuer, key, code) in [
        ("did:web:stranger.example", 99, "unknown_issuer"),
        (CARPETS, 99, "unknown_key"),
        (TILES, 21, "unknown_issuer"),
    ] {
        let jws = attestation(issuer, 0).jws(key);
        let statement = statement::Token::parse(jws.as_bytes()).unwrap().open(&public(key)).unwrap();
        let refusal = registry::authorise(&world.state, world.now, &statement).unwrap_err();
        assert_eq!(refusal.code(), code, "{issuer}");
    }
}

#[test]
fn repeated_keys_are_no_accreditation() {
    let mut world = World::new();
    let mut twice = accreditation(CARPETS, &[21], 0);
    twice.keys.push(public(21));
    let folded = world.log_raw(1, &twice.payload(), ACCREDITOR);
    assert!(matches!(folded, Folded::Ignored(Ignored::Malformed(_))), "{folded:?}");
}
