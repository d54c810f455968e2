//! Rules 27 to 29: commitments to clearances.

use primitives::{Hash, Timestamp};
use registry::{Effect, Folded, Ignored, Refusal, State};
use statement::{
    Accreditation, Action, Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, ClearedQuantity,
    KeyRotationRequest, Origin, ReportsRequest, Role, SerialRange, SupplementRequest, Token, Unit, sample,
};

use crate::world::*;

const OFFICE: &str = "did:web:office.example";

fn office(keys: &[u8], minute: u64) -> Accreditation {
    Accreditation { role: Role::CustomsOffice, ..accreditation(OFFICE, keys, minute) }
}

fn commitment(issuer: &str) -> ClearanceCommitment {
    ClearanceCommitment { issuer: did(issuer), commitment: Hash::of(b"secret"), ..sample::commitment() }
}

fn clearance(act: ClearanceAct) -> Clearance {
    Clearance { issuer: did(OFFICE), act, ..sample::clearance() }
}

fn goods(attestation: u64, last: u32, quantity: Option<(u32, Unit)>) -> ClearanceAct {
    let quantity = quantity.map(|(value, unit)| ClearedQuantity { value, unit });
    let serials = vec![SerialRange { first: 1, last }];
    ClearanceAct::Cleared(vec![ClearedGoods { attestation, serials, quantity }])
}

/// [`CARPETS`] has attested a lot at index 1; the office is accredited at index 2 with keys 41 and 42.
fn world() -> World {
    let mut world = World::with_attestation();
    assert_eq!(world.accept(1, &office(&[41, 42], 0)), 2);
    world
}

#[test]
fn a_customs_office_commits_and_nothing_that_labels_are_judged_by_changes() {
    let mut world = world();
    let (rows, relevant) = (world.state.attestations(), world.state.relevant_entries(1));
    assert_eq!(world.submit(41, &commitment(OFFICE)), Ok(Effect::Committed));
    assert_eq!((world.state.attestations(), world.state.relevant_entries(1)), (rows, relevant));
    assert_eq!(world.causes(1), [""; 0]);
    let counts = world.state.counts();
    assert_eq!((counts.status_changes, counts.ignored()), (1, 0));
    world.replay();
}

#[test]
fn nobody_else_commits() {
    let mut world = world();
    let refusal = world.refuse(21, &commitment(CARPETS));
    assert_eq!(refusal, Refusal::NotACustomsOffice { issuer: did(CARPETS), role: Role::Certifier });
    assert!(refusal.to_string().ends_with("is accredited as certifier, expected customs office"));
    assert_eq!(world.refuse(1, &commitment(ACCREDITOR)).code(), "unknown_issuer");
    assert_eq!(world.refuse(21, &commitment(OFFICE)).code(), "unknown_key");
    let elsewhere = Origin::parse("other.example").unwrap();
    let foreign = ClearanceCommitment { registry: elsewhere, ..commitment(OFFICE) };
    assert_eq!(world.refuse(41, &foreign).code(), "wrong_registry");
}

#[test]
fn a_suspended_office_a_retired_key_and_a_compromised_key_commit_nothing() {
    let mut world = world();
    let since = world.now;
    let newer = Accreditation { compromised: vec![compromised(41, since)], ..office(&[41], 1) };
    world.accept(1, &newer);
    assert_eq!(world.refuse(42, &commitment(OFFICE)).code(), "key_retired");
    assert_eq!(world.refuse(41, &commitment(OFFICE)).code(), "key_compromised");
    world.accept(1, &office(&[41, 43], 2));
    world.accept(43, &commitment(OFFICE));
    let hold = world.accept(1, &party_change(ACCREDITOR, Action::Suspend, OFFICE, None));
    assert_eq!(world.refuse(43, &commitment(OFFICE)).code(), "office_suspended");
    world.accept(1, &party_change(ACCREDITOR, Action::Reinstate, OFFICE, Some(hold)));
    world.accept(43, &commitment(OFFICE));
}

#[test]
fn the_days_of_the_accreditation_are_judged_at_receipt() {
    let mut world = world();
    world.now = at("2027-12-31T23:58:00Z");
    world.accept(41, &commitment(OFFICE));
    let refusal = world.refuse(41, &ClearanceCommitment { id: "urn:x:later".into(), ..commitment(OFFICE) });
    assert_eq!(refusal.code(), "accreditation_not_in_force", "{refusal}");
}

#[test]
fn what_is_private_is_refused_by_gate_and_fold() {
    let mut world = world();
    let request = SupplementRequest { issuer: did(OFFICE), ..sample::supplement_request() };
    assert_eq!(world.refuse(41, &clearance(goods(1, 5, None))).code(), "never_logged");
    assert_eq!(world.refuse(41, &request).code(), "never_logged");
    let request = ReportsRequest { issuer: did(ACCREDITOR), ..sample::reports_request() };
    assert_eq!(world.refuse(1, &request).code(), "never_logged");
    let KeyRotationRequest { id, registry, asked_at, .. } = sample::key_rotation_request();
    let request = KeyRotationRequest::prove(id, did(OFFICE), registry, asked_at, thumbprint(41), &secret(42)).unwrap();
    assert_eq!(world.refuse(41, &request).code(), "never_logged");
    let folded = world.log_anyway(41, &clearance(goods(1, 5, None)));
    assert!(matches!(folded, Folded::Ignored(Ignored::Refused(Refusal::NeverLogged(_)))), "{folded:?}");
    assert_eq!(world.state.counts().refused, 1);
}

#[test]
fn what_can_be_cleared_is_what_was_attested() {
    let world = world();
    let check = |act| world.state.check_clearance(&clearance(act)).map_err(|refusal| refusal.code());
    assert_eq!(check(goods(1, 100, None)), Ok(()));
    assert_eq!(check(goods(1, 100, Some((9_000, Unit::Dozen)))), Ok(()), "too much is told, not refused");
    assert_eq!(check(goods(1, 101, None)), Err("serial_not_issued"));
    assert_eq!(check(goods(1, 1, Some((1, Unit::Pair)))), Err("other_unit"));
    assert_eq!(check(goods(0, 1, None)), Err("unknown_target"));
    assert_eq!(check(goods(u64::MAX, 1, None)), Err("unknown_target"));
    assert_eq!(check(ClearanceAct::Undoes { commitment: 0, reason: "x".into() }), Ok(()));
}

#[test]
fn a_private_statement_is_checked_like_a_commitment() {
    let mut world = world();
    let by = |key: u8, world: &World, now: Timestamp| {
        let request = SupplementRequest { issuer: did(OFFICE), ..sample::supplement_request() };
        let jws = request.jws(key);
        let token = Token::parse(jws.as_bytes()).unwrap();
        let statement = token.open(&public(key)).unwrap();
        world.state.check_office(now, &statement).map_err(|refusal| refusal.code())
    };
    let now = world.now;
    assert_eq!(by(41, &world, now), Ok(()));
    assert_eq!(by(21, &world, now), Err("unknown_key"));
    assert_eq!(by(41, &world, at("2029-01-01T00:00:00Z")), Err("accreditation_not_in_force"));
    world.accept(1, &party_change(ACCREDITOR, Action::Withdraw, OFFICE, None));
    assert_eq!(by(41, &world, world.now), Err("office_suspended"));
}

#[test]
fn an_accreditor_asks_for_reports_with_a_key_that_may_sign_now() {
    let world = world();
    let judge = |state: &State, issuer: &str, key: u8, registry: &str| {
        let registry = Origin::parse(registry).unwrap();
        let jws = ReportsRequest { issuer: did(issuer), registry, ..sample::reports_request() }.jws(key);
        let token = Token::parse(jws.as_bytes()).unwrap();
        let statement = token.open(&public(key)).unwrap();
        state.check_accreditor(&statement).map_err(|refusal| refusal.code())
    };
    let by = |issuer: &str, key: u8, registry: &str| judge(&world.state, issuer, key, registry);
    let here = sample::reports_request().registry.to_string();
    assert_eq!(by(ACCREDITOR, 1, &here), Ok(()));
    assert_eq!(by(ACCREDITOR, 1, "other.example"), Err("wrong_registry"));
    assert_eq!(by(ACCREDITOR, 41, &here), Err("unknown_key"));
    assert_eq!(
        judge(&State::new(policy()), ACCREDITOR, 2, &here),
        Err("accreditor_key_not_valid"),
        "before its first index"
    );
    assert_eq!(by(BOARD, 11, &here), Ok(()), "one of three is enough");
    assert_eq!(by(OFFICE, 41, &here), Err("not_an_accreditor"));
}
