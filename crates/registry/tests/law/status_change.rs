//! Rules 20 to 26: suspension, reinstatement, withdrawal.

use registry::{Effect, Folded, Holder, Ignored, Refusal};
use statement::{Action, Reason};

use crate::world::*;

use Action::{Reinstate, Suspend, Withdraw};

#[test]
fn each_holder_lifts_its_own_hold_only() {
    let mut world = World::with_attestation();
    let a = world.accept(21, &change(CARPETS, Suspend, &[1], None));
    assert_eq!(
        world.refuse(1, &change(ACCREDITOR, Reinstate, &[1], Some(a))),
        Refusal::NothingToLift { target: Some(1) }
    );
    let b = world.accept(1, &change(ACCREDITOR, Suspend, &[1], Some(a)));
    assert_eq!(world.causes(1), ["suspended", "suspended"]);
    let c = world.accept(21, &change(CARPETS, Reinstate, &[1], Some(b)));
    assert_eq!(world.causes(1), ["suspended"]);
    assert_eq!(
        world.refuse(21, &change(CARPETS, Reinstate, &[1], Some(c))),
        Refusal::NothingToLift { target: Some(1) }
    );
    world.accept(1, &change(ACCREDITOR, Reinstate, &[1], Some(c)));
    assert_eq!(world.causes(1), [""; 0]);
    assert_eq!(world.state.status_events(1).len(), 4);
    assert_eq!(world.state.relevant_entries(1), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn withdrawal_is_final() {
    for (key, issuer, by) in [(21, CARPETS, Holder::Certifier), (1, ACCREDITOR, Holder::Accreditor)] {
        let mut world = World::with_attestation();
        let end = world.accept(key, &change(issuer, Withdraw, &[1], None));
        for (key, issuer) in [(21, CARPETS), (1, ACCREDITOR)] {
            for action in [Suspend, Reinstate, Withdraw] {
                for after in [None, Some(end)] {
                    let refusal = Refusal::AlreadyWithdrawn { target: Some(1), entry: end };
                    assert_eq!(world.refuse(key, &change(issuer, action, &[1], after)), refusal);
                }
            }
        }
        assert_eq!(world.causes(1), ["withdrawn"]);
        let hold = world.state.standing(1, world.now).unwrap().withdrawn.unwrap();
        assert_eq!((hold.by, hold.entry, hold.reason, hold.is_final), (by, end, Reason::AuditRefused, true));
    }
}

#[test]
fn after_names_the_last_status_entry_of_whichever_holder() {
    let mut world = World::with_attestation();
    let stale = |found, expected| Refusal::StaleStatus { target: Some(1), found, expected };
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[1], Some(0))), stale(Some(0), None));
    let a = world.accept(1, &change(ACCREDITOR, Suspend, &[1], None));
    // Signed before the accreditor's hold, and kept back.
    assert_eq!(world.refuse(21, &change(CARPETS, Withdraw, &[1], None)), stale(None, Some(a)));
    assert_eq!(stale(None, Some(a)).to_string(), "`after` is null, expected 2 for attestation 1");
    let b = world.accept(21, &change(CARPETS, Suspend, &[1], Some(a)));
    assert_eq!(world.refuse(1, &change(ACCREDITOR, Suspend, &[1], Some(a))), stale(Some(a), Some(b)));
    // The same bytes once more.
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[1], Some(a))), stale(Some(a), Some(b)));
}

#[test]
fn a_list_of_targets_is_all_or_nothing() {
    let mut world = World::with_carpets();
    world.accept(1, &accreditation(TILES, &[31], 0));
    let lots = [0, 1, 2].map(|slot| world.accept(21, &attestation(CARPETS, slot)));
    let others = world.accept(31, &attestation(TILES, 0));
    let a = world.accept(21, &change(CARPETS, Suspend, &[lots[0], lots[1]], None));
    let stale = Refusal::StaleStatus { target: Some(lots[2]), found: Some(a), expected: None };
    assert_eq!(world.refuse(21, &change(CARPETS, Withdraw, &lots, Some(a))), stale);
    let not_yours = Refusal::NotYourAttestation(others);
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[lots[2], others], None)), not_yours);
    let unknown = Refusal::UnknownTarget(99);
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[lots[2], 99], None)), unknown);
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[0], None)), Refusal::UnknownTarget(0), "an accreditation");
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[a], None)), Refusal::UnknownTarget(a));
    let far = u64::from(u32::MAX) + 1 + lots[2];
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[far], None)), Refusal::UnknownTarget(far));
    assert_eq!(world.causes(lots[1]), ["suspended"]);
    assert_eq!(world.causes(lots[2]), [""; 0]);
    // The accreditor speaks of all its parties at once.
    world.accept(1, &change(ACCREDITOR, Suspend, &[lots[2], others], None));
    assert_eq!(world.causes(others), ["suspended"]);
}

#[test]
fn an_empty_or_repeated_list_of_targets_is_no_status_change() {
    for targets in [&[][..], &[1, 1], &[2, 1]] {
        let mut world = World::with_attestation();
        world.accept(21, &attestation(CARPETS, 1));
        let folded = world.log_raw(21, &change(CARPETS, Suspend, targets, None).payload(), CARPETS);
        assert!(matches!(folded, Folded::Ignored(Ignored::Malformed(_))), "{folded:?}");
        assert_eq!(world.causes(1), [""; 0]);
    }
}

#[test]
fn a_certifier_signs_with_any_of_its_keys() {
    let mut world = World::with_attestation();
    world.accept(1, &accreditation(CARPETS, &[22], 1));
    world.accept(22, &change(CARPETS, Withdraw, &[1], None));
    assert_eq!(world.causes(1), ["withdrawn"]);
}

#[test]
fn parties_are_their_accreditors_to_change() {
    let mut world = World::with_attestation();
    let mut boards = accreditation(TILES, &[31], 0);
    boards.issuer = did(BOARD);
    world.accept(11, &boards);
    world.accept(12, &boards);
    let lot = world.accept(31, &attestation(TILES, 0));

    let own = Refusal::OnlyTheAccreditor(did(CARPETS));
    assert_eq!(world.refuse(21, &party_change(CARPETS, Suspend, CARPETS, None)), own);
    let not_yours = Refusal::NotYourParty { party: did(TILES), accreditor: did(BOARD) };
    assert_eq!(world.refuse(1, &party_change(ACCREDITOR, Suspend, TILES, None)), not_yours);
    assert_eq!(world.refuse(1, &change(ACCREDITOR, Suspend, &[lot], None)), not_yours);
    let unknown = Refusal::UnknownParty(did("did:web:nobody.example"));
    assert_eq!(world.refuse(1, &party_change(ACCREDITOR, Suspend, "did:web:nobody.example", None)), unknown);
    assert_eq!(world.refuse(1, &party_change(ACCREDITOR, Suspend, BOARD, None)), Refusal::UnknownParty(did(BOARD)));

    // One of the board's keys is enough to stop something.
    let a = world.accept(13, &party_change(BOARD, Suspend, TILES, None));
    assert_eq!(world.causes(lot), ["certifier_suspended"]);
    assert_eq!(world.causes(1), [""; 0]);
    let stale = Refusal::StaleStatus { target: None, found: None, expected: Some(a) };
    assert_eq!(world.refuse(11, &party_change(BOARD, Withdraw, TILES, None)), stale);
    let b = world.accept(11, &party_change(BOARD, Withdraw, TILES, Some(a)));
    let end = Refusal::AlreadyWithdrawn { target: None, entry: b };
    assert_eq!(world.refuse(11, &party_change(BOARD, Reinstate, TILES, Some(b))), end);
    assert_eq!(end.to_string(), format!("target is withdrawn since index {b}, for ever"));
    // Keys can still be declared compromised; the party stays withdrawn.
    boards.valid_from = minutes(1);
    boards.compromised = vec![compromised(31, minutes(0))];
    world.accept(11, &boards);
    world.accept(12, &boards);
    assert_eq!(world.causes(lot), ["certifier_suspended", "key_compromised"]);
}

#[test]
fn a_status_of_a_party_is_not_one_of_its_attestations() {
    let mut world = World::with_attestation();
    let a = world.accept(1, &party_change(ACCREDITOR, Suspend, CARPETS, None));
    let stale = Refusal::StaleStatus { target: Some(1), found: Some(a), expected: None };
    assert_eq!(world.refuse(1, &change(ACCREDITOR, Suspend, &[1], Some(a))), stale);
    assert_eq!(world.refuse(1, &party_change(ACCREDITOR, Reinstate, CARPETS, None)).code(), "stale_status");
    world.accept(1, &change(ACCREDITOR, Suspend, &[1], None));
    assert_eq!(world.causes(1), ["suspended", "certifier_suspended"]);
}

#[test]
fn a_change_takes_effect_at_the_later_of_receipt_and_stated_start() {
    let mut world = World::with_attestation();
    let mut announced = change(CARPETS, Suspend, &[1], None);
    announced.effective_from = minutes(60);
    let effect = Effect::StatusChanged { by: Holder::Certifier, effective_from: minutes(60) };
    assert_eq!(world.submit(21, &announced), Ok(effect));
    assert_eq!(world.causes(1), [""; 0]);
    assert_eq!(world.causes_at(1, minutes(59)), [""; 0]);
    assert_eq!(world.causes_at(1, minutes(60)), ["suspended"]);
    // Taken back before it began: the last in the log decides.
    let back = change(CARPETS, Reinstate, &[1], Some(2));
    assert_eq!(back.effective_from, minutes(0));
    let effect = Effect::StatusChanged { by: Holder::Certifier, effective_from: minutes(4) };
    assert_eq!(world.submit(21, &back), Ok(effect), "not before it was received");
    assert_eq!(world.causes_at(1, minutes(61)), [""; 0]);

    let mut end = change(ACCREDITOR, Withdraw, &[1], Some(3));
    end.effective_from = minutes(90);
    world.accept(1, &end);
    assert_eq!(world.causes_at(1, minutes(89)), [""; 0]);
    assert_eq!(world.causes_at(1, minutes(90)), ["withdrawn"]);
    let end = Refusal::AlreadyWithdrawn { target: Some(1), entry: 4 };
    for action in [Suspend, Reinstate, Withdraw] {
        let refusal = world.refuse(1, &change(ACCREDITOR, action, &[1], Some(4)));
        assert_eq!(refusal, end, "whoever announced an end has ended it");
    }
}

#[test]
fn an_announced_withdrawal_does_not_bind_the_other_holder_until_it_is_in_effect() {
    let mut world = World::with_attestation();
    let mut far = change(CARPETS, Withdraw, &[1], None);
    far.effective_from = at("2099-01-01T00:00:00Z");
    let far = world.accept(21, &far);
    assert_eq!(world.causes(1), [""; 0]);
    let suspension = world.accept(1, &change(ACCREDITOR, Suspend, &[1], Some(far)));
    assert_eq!(world.causes(1), ["suspended"]);
    let mut sooner = change(ACCREDITOR, Withdraw, &[1], Some(suspension));
    sooner.effective_from = minutes(30);
    let sooner = world.accept(1, &sooner);
    assert_eq!(world.causes_at(1, minutes(30)), ["withdrawn", "suspended"]);
    let hold = world.state.standing(1, at("2099-06-01T00:00:00Z")).unwrap().withdrawn.unwrap();
    assert_eq!((hold.by, hold.entry, hold.since), (Holder::Accreditor, sooner, minutes(30)), "the first one counts");
    let ended = |entry| Refusal::AlreadyWithdrawn { target: Some(1), entry };
    assert_eq!(world.refuse(21, &change(CARPETS, Withdraw, &[1], Some(sooner))), ended(far));
    world.now = minutes(30);
    assert_eq!(world.refuse(1, &change(ACCREDITOR, Suspend, &[1], Some(sooner))), ended(sooner));
}

#[test]
fn a_hold_is_since_its_unbroken_beginning() {
    let mut world = World::with_attestation();
    let a = world.accept(21, &change(CARPETS, Suspend, &[1], None));
    let since = world.now;
    let mut graver = change(CARPETS, Suspend, &[1], Some(a));
    graver.reason = Reason::ChildFoundAtWork;
    let b = world.accept(21, &graver);
    let hold = world.state.standing(1, world.now).unwrap().certifier_hold.unwrap();
    assert_eq!((hold.since, hold.entry, hold.reason, hold.is_final), (since, b, Reason::ChildFoundAtWork, false));
    let c = world.accept(21, &change(CARPETS, Reinstate, &[1], Some(b)));
    world.accept(21, &change(CARPETS, Suspend, &[1], Some(c)));
    let hold = world.state.standing(1, world.now).unwrap().certifier_hold.unwrap();
    assert_eq!((hold.since, hold.by), (world.now, Holder::Certifier));
}

#[test]
fn suspending_and_reinstating_without_end_has_an_end() {
    let mut world = World::with_attestation();
    let mut after = None;
    for nth in 0..64 {
        let action = if nth % 2 == 0 { Suspend } else { Reinstate };
        after = Some(world.accept(21, &change(CARPETS, action, &[1], after)));
    }
    let limit = Refusal::TooManyChanges { target: Some(1), limit: 64 };
    assert_eq!(world.refuse(21, &change(CARPETS, Suspend, &[1], after)), limit);
    after = Some(world.accept(1, &change(ACCREDITOR, Suspend, &[1], after)));
    world.accept(21, &change(CARPETS, Withdraw, &[1], after));
    assert_eq!(world.causes(1), ["withdrawn", "suspended"]);
}

#[test]
fn an_announced_suspension_of_a_party_does_not_stop_it_yet() {
    let mut world = World::with_carpets();
    let mut announced = party_change(ACCREDITOR, Suspend, CARPETS, None);
    announced.effective_from = minutes(4);
    world.accept(1, &announced);
    world.accept(21, &attestation(CARPETS, 0));
    let refusal = Refusal::CertifierSuspended { issuer: did(CARPETS), since: minutes(4), entry: 1 };
    assert_eq!(world.refuse(21, &attestation(CARPETS, 1)), refusal);
}
