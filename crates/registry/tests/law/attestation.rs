//! Rules 17 to 19: who attests what.

use primitives::{Country, Timestamp};
use registry::{Effect, Folded, ProductDigest, Refusal, ScopeFaults};
use statement::{Action, Claims, HsCode, Role, StatusSlot, Unit};

use crate::world::*;

#[test]
fn an_attestation_becomes_a_row() {
    let world = World::with_attestation();
    let row = world.state.row(1).unwrap();
    let said = attestation(CARPETS, 0);
    assert_eq!((row.index(), row.labels(), row.quantity(), row.unit()), (1, 100, 100, Unit::Piece));
    assert_eq!((row.first_day(), row.last_day()), (said.first_day, said.last_day));
    assert_eq!((row.country(), row.hs_chapter(), row.claims()), (said.country, 57, Claims::NO_CHILD_LABOUR));
    assert_eq!(row.received_at(), minutes(2));
    assert_eq!(row.product(), ProductDigest::of(said.gtin.as_ref(), &said.lot));
    assert_ne!(row.product(), ProductDigest::of(None, &said.lot));
    assert_eq!(world.state.issuer_of(row).unwrap().did, did(CARPETS));
    assert_eq!(world.state.key_numbered(row.key_number()).unwrap().key, public(21));
    assert_eq!(world.state.row(0), None);
    assert_eq!(world.state.row(1 << 40), None);
    assert_eq!(world.causes(1), [""; 0]);
}

#[test]
fn the_product_digest_is_that_of_the_format() {
    let lot = statement::Lot::parse("KTM-2026").unwrap();
    let gtin = statement::Gtin::parse("09521234543213").unwrap();
    let whole = |bytes: &[u8]| primitives::Hash::of(bytes).0;
    assert_eq!(ProductDigest::of(Some(&gtin), &lot).0, whole(b"09521234543213\0KTM-2026")[..16]);
    assert_eq!(ProductDigest::of(None, &lot).0, whole(b"\0KTM-2026")[..16]);
}

#[test]
fn only_certifiers_attest() {
    let mut world = World::new();
    for (party, key, role) in
        [("did:web:customs.example", 41, Role::CustomsOffice), ("did:web:auditor.example", 42, Role::Auditor)]
    {
        let mut other = accreditation(party, &[key], 0);
        other.role = role;
        world.accept(1, &other);
        assert_eq!(world.refuse(key, &attestation(party, 0)), Refusal::NotACertifier { issuer: did(party), role });
    }
    assert_eq!(world.refuse(1, &attestation(ACCREDITOR, 0)), Refusal::UnknownIssuer(did(ACCREDITOR)));
}

/// Each part of the scope: refused by the gate, and a row with the reason where it was logged all the same.
#[test]
fn what_is_out_of_scope_is_refused_and_keeps_its_reason() {
    let mut country = attestation(CARPETS, 0);
    country.country = Country::parse("PK").unwrap();
    let mut chapter = attestation(CARPETS, 0);
    chapter.hs_code = HsCode::parse("6907").unwrap();
    chapter.country = Country::parse("IN").unwrap();
    let mut out_of_chapter = chapter.clone();
    out_of_chapter.hs_code = HsCode::parse("58").unwrap();
    let mut topic = attestation(CARPETS, 0);
    topic.claims = Claims::ALL;
    let mut all = topic.clone();
    (all.country, all.hs_code) = (country.country, out_of_chapter.hs_code.clone());
    for (said, faults) in [
        (country, ScopeFaults::COUNTRY),
        (out_of_chapter, ScopeFaults::HS_CHAPTER),
        (topic, ScopeFaults::TOPIC),
        (all, ScopeFaults::COUNTRY.union(ScopeFaults::HS_CHAPTER).union(ScopeFaults::TOPIC)),
    ] {
        let mut world = World::with_carpets();
        assert_eq!(world.refuse(21, &said), Refusal::OutOfScope(faults));
        let folded = world.log_anyway(21, &said);
        assert!(matches!(folded, Folded::Applied(Effect::Attested { faults: kept }) if kept == faults));
        assert_eq!(world.causes(1), ["out_of_scope"]);
        assert_eq!(world.state.standing(1, world.now).unwrap().faults, faults);
        // It took its slot: the next one is no retry of it.
        assert_eq!(world.refuse(21, &attestation(CARPETS, 0)).code(), "status_index_taken");
    }
    World::with_carpets().accept(21, &chapter);
}

#[test]
fn the_day_of_receipt_lies_in_the_accreditations_days() {
    let mut later = accreditation(CARPETS, &[21], 24 * 60);
    later.valid_until = at("2026-03-05T00:00:00Z");
    for (received_at, within) in [
        ("2026-03-01T23:59:59.999Z", false),
        ("2026-03-02T00:00:00Z", true),
        ("2026-03-04T23:59:59.999Z", true),
        ("2026-03-05T00:00:00Z", false),
    ] {
        let mut world = World::new();
        world.accept(1, &later);
        world.now = Timestamp::from_millis(at(received_at).millis() - 60_000);
        let expected = if within {
            Ok(Effect::Attested { faults: ScopeFaults::NONE })
        } else {
            Err(Refusal::OutOfScope(ScopeFaults::DAY))
        };
        assert_eq!(world.submit(21, &attestation(CARPETS, 0)), expected, "{received_at}");
    }
    let message = Refusal::OutOfScope(ScopeFaults::DAY.union(ScopeFaults::COUNTRY)).to_string();
    assert_eq!(message, "attestation is out of the certifier's scope (country, day)");
}

#[test]
fn a_later_scope_does_not_reach_back() {
    let mut world = World::with_attestation();
    let mut narrower = accreditation(CARPETS, &[21], 1);
    narrower.scope.countries = vec![Country::parse("IN").unwrap()];
    world.accept(1, &narrower);
    assert_eq!(world.causes(1), [""; 0]);
    assert_eq!(world.refuse(21, &attestation(CARPETS, 1)), Refusal::OutOfScope(ScopeFaults::COUNTRY));
    world.log_anyway(21, &attestation(CARPETS, 1));
    world.accept(1, &accreditation(CARPETS, &[21], 2));
    assert_eq!(world.causes(3), ["out_of_scope"], "nor does a wider one");
    let party = world.state.party(&did(CARPETS)).unwrap();
    assert_eq!(party.accreditation_at(0), None);
    assert_eq!(party.accreditation_at(1).unwrap().scope.countries.len(), 2);
    assert_eq!(party.accreditation_at(3).unwrap().scope.countries.len(), 1);
    assert_eq!(party.accreditation().unwrap().index(), 4);
}

#[test]
fn a_status_slot_is_taken_once() {
    let mut world = World::with_attestation();
    let slot = StatusSlot { list: 0, index: 0 };
    let mut retry = attestation(CARPETS, 0);
    retry.id = "urn:uuid:3f0ba5b2-26d0-4a3a-9d61-0f3d1ab4c0ff".into();
    let taken = world.refuse(21, &retry);
    assert_eq!(taken, Refusal::StatusIndexTaken { slot, holder: None });
    assert_eq!(taken.to_string(), "status list 0 index 0 of this key is taken");
    let named = taken.held_by(1);
    assert_eq!(named, Refusal::StatusIndexTaken { slot, holder: Some(1) });
    assert_eq!(named.to_string(), "status list 0 index 0 of this key is taken by attestation 1");
    assert_eq!(
        world.refuse(21, &attestation(CARPETS, 0)),
        Refusal::StatusIndexTaken { slot, holder: None },
        "a replay"
    );

    let mut other_list = attestation(CARPETS, 0);
    other_list.slot.list = 7;
    world.accept(21, &other_list);
    world.accept(1, &accreditation(CARPETS, &[21, 22], 1));
    world.accept(22, &attestation(CARPETS, 0));
    world.accept(21, &attestation(CARPETS, StatusSlot::LIST_LENGTH - 1));
    world.replay();
}

#[test]
fn a_suspended_certifier_may_only_make_less_of_what_it_attested() {
    for action in [Action::Suspend, Action::Withdraw] {
        let mut world = World::with_carpets();
        let lots = [0, 1, 2].map(|slot| world.accept(21, &attestation(CARPETS, slot)));
        let held = world.accept(21, &change(CARPETS, Action::Suspend, &[lots[0]], None));
        let entry = world.accept(1, &party_change(ACCREDITOR, action, CARPETS, None));
        let suspended = Refusal::CertifierSuspended { issuer: did(CARPETS), since: world.now, entry };
        assert_eq!(world.refuse(21, &attestation(CARPETS, 9)), suspended);
        assert_eq!(world.refuse(21, &change(CARPETS, Action::Reinstate, &[lots[0]], Some(held))), suspended);
        world.accept(21, &change(CARPETS, Action::Suspend, &[lots[1]], None));
        world.accept(21, &change(CARPETS, Action::Withdraw, &[lots[2]], None));
        assert_eq!(world.causes(lots[0]), ["suspended", "certifier_suspended"]);
        assert_eq!(world.causes(lots[2]), ["withdrawn", "certifier_suspended"]);
        if action == Action::Suspend {
            world.accept(1, &party_change(ACCREDITOR, Action::Reinstate, CARPETS, Some(entry)));
            world.accept(21, &change(CARPETS, Action::Reinstate, &[lots[0]], Some(held)));
            world.accept(21, &attestation(CARPETS, 9));
            assert_eq!(world.causes(lots[0]), [""; 0]);
        }
    }
}
