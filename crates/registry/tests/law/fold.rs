//! The fold takes anything: rules 2, 4 and what is counted and ignored.

use primitives::Timestamp;
use proptest::prelude::*;
use registry::{Counts, Effect, Folded, Ignored, Refusal, State};
use statement::{Action, Entry};

use crate::world::*;

#[test]
fn what_does_not_count_is_counted_and_ignored() {
    let mut world = World::with_attestation();
    let before = world.state.standing(1, minutes(90)).unwrap();
    let good = attestation(CARPETS, 5).jws(21);
    let mut payload = String::from_utf8(change(CARPETS, Action::Withdraw, &[1], None).payload()).unwrap();
    payload = payload.replace("LabelStatusChange", "LabelStatusWish");
    let swapped = {
        let (signed, _) = good.rsplit_once('.').unwrap();
        let other = attestation(CARPETS, 6).jws(21);
        format!("{signed}.{}", other.rsplit_once('.').unwrap().1)
    };
    let no_thumbprint = good.replacen(good.split('.').next().unwrap(), &header("did:web:carpets.example#key-1"), 1);

    for (bytes, code) in [
        (vec![], "unknown_format"),
        (vec![0; 8], "unknown_format"),
        (b"\x01\0\0\0\0\0\0\0a.b.c".to_vec(), "unknown_format"),
        (Entry::encode(Timestamp::from_seconds(1 << 32), good.as_bytes()), "unknown_format"),
        (Entry::encode(minutes(9), b"a.b.c"), "malformed"),
        (Entry::encode(minutes(9), raw_jws(21, b"{}", CARPETS).as_bytes()), "malformed"),
        (Entry::encode(minutes(9), &[b'a'; 50_000]), "malformed"),
        (Entry::encode(minutes(9), raw_jws(21, payload.as_bytes(), CARPETS).as_bytes()), "unknown_kind"),
        (Entry::encode(minutes(9), attestation(TILES, 0).jws(31).as_bytes()), "unknown_issuer"),
        (Entry::encode(minutes(9), attestation(CARPETS, 0).jws(31).as_bytes()), "unknown_issuer"),
        (Entry::encode(minutes(9), no_thumbprint.as_bytes()), "unknown_issuer"),
        (Entry::encode(minutes(9), swapped.as_bytes()), "bad_signature"),
        (Entry::encode(minutes(9), attestation(CARPETS, 0).jws(21).as_bytes()), "refused"),
    ] {
        let size = world.state.size();
        match world.log_bytes(bytes) {
            Folded::Ignored(reason) => assert_eq!(reason.code(), code),
            applied @ (Folded::Applied(_) | Folded::Rooted(_)) => panic!("{code}: {applied:?}"),
        }
        assert_eq!(world.state.size(), size + 1, "{code}");
    }
    let expected = Counts {
        accreditations: 1,
        attestations: 1,
        unknown_format: 4,
        malformed: 3,
        unknown_kind: 1,
        unknown_issuer: 3,
        bad_signature: 1,
        refused: 1,
        ..Counts::default()
    };
    assert_eq!(world.state.counts(), expected);
    assert_eq!(expected.ignored() + 2, world.state.size());
    assert_eq!(world.state.standing(1, minutes(90)), Some(before));
    world.replay();
}

fn header(kid: &str) -> String {
    primitives::base64::url_encode(format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{kid}"}}"#).as_bytes())
}

#[test]
fn an_entry_received_before_the_one_before_it_does_not_count() {
    let mut world = World::with_carpets();
    world.now = minutes(30);
    let lot = world.accept(21, &attestation(CARPETS, 0));
    world.now = minutes(10);
    let refusal = Refusal::ReceivedOutOfOrder { found: minutes(11), last: minutes(31) };
    assert_eq!(world.refuse(21, &attestation(CARPETS, 1)), refusal);
    assert_eq!(world.state.first_set_back(), None);
    world.log_anyway(21, &attestation(CARPETS, 1));
    world.log_anyway(21, &attestation(CARPETS, 2));
    assert_eq!(world.state.first_set_back(), Some(2));
    assert_eq!(world.state.last_received_at(), minutes(31));
    // In the very millisecond is in order: a batch has one time.
    world.now = minutes(30);
    world.accept(21, &attestation(CARPETS, 1));
    assert_eq!(world.state.counts().refused, 2);
    assert_eq!(world.causes(lot), [""; 0]);
    let resumed = State::decode(policy(), &world.state.encode()).unwrap();
    assert_eq!(resumed.first_set_back(), Some(2));
}

#[test]
fn time_moves_even_with_what_does_not_count() {
    let mut world = World::with_carpets();
    world.log_bytes(Entry::encode(minutes(40), b"a.b.c"));
    assert_eq!(world.refuse(21, &attestation(CARPETS, 0)).code(), "received_out_of_order");
    world.log_bytes(Entry::encode(Timestamp::from_seconds(1 << 32), b"a.b.c"));
    assert_eq!(world.state.last_received_at(), minutes(40), "a time that does not fit is none");
}

#[test]
fn a_time_of_receipt_past_2106_is_refused() {
    let mut world = World::with_carpets();
    let end = Timestamp::from_seconds(u64::from(u32::MAX));
    world.now = Timestamp::from_millis(end.millis() + 1000 - 60_000);
    let late = Refusal::TimeOutOfRange(Timestamp::from_seconds(1 << 32));
    assert_eq!(world.submit(21, &attestation(CARPETS, 0)), Err(late));
    world.now = Timestamp::from_millis(end.millis() + 999 - 60_000);
    assert_eq!(
        world.submit(21, &attestation(CARPETS, 0)).unwrap_err().code(),
        "out_of_scope",
        "which is the scope's days"
    );
}

#[test]
fn a_log_past_its_limit_is_full() {
    let world = World::with_attestation();
    let entry = |slot| Entry::encode(minutes(9), attestation(CARPETS, slot).jws(21).as_bytes());
    let last = u64::from(u32::MAX) - 1;
    let mut state = world.state.clone();
    let folded = state.fold_at(last, &entry(1));
    assert!(matches!(folded, Folded::Applied(Effect::Attested { .. })), "{folded:?}");
    assert_eq!(state.row(last).unwrap().index(), last);
    assert_eq!(state.fold(&entry(2)), Folded::Ignored(Ignored::Refused(Refusal::LogFull)));
    assert_eq!(state.fold_at(u64::MAX, &entry(3)), Folded::Ignored(Ignored::OutOfOrder), "it has no size after it");
    assert_eq!(state.fold_at(u64::MAX - 1, &entry(3)), Folded::Ignored(Ignored::Refused(Refusal::LogFull)));
    assert_eq!(State::decode(policy(), &state.encode()).unwrap().encode(), state.encode());
}

#[test]
fn entries_are_folded_once_and_in_order() {
    let mut world = World::with_attestation();
    let entry = Entry::encode(minutes(9), attestation(CARPETS, 1).jws(21).as_bytes());
    let before = world.state.encode();
    assert_eq!(world.state.fold_at(1, &entry), Folded::Ignored(Ignored::OutOfOrder));
    assert_eq!(world.state.encode(), before);
}

#[test]
fn an_entry_gives_its_statement_back() {
    let mut world = World::with_carpets();
    let entry = Entry::encode(minutes(9), attestation(CARPETS, 0).jws(21).as_bytes());
    // Opened by a State that does not know the certifier, it is opened again where it is folded.
    let mut opened = State::new(policy()).open(1, &entry);
    assert_eq!(opened.statement(), None);
    let folded = world.state.fold_opened(&entry, &mut opened);
    assert_eq!(folded, Folded::Applied(Effect::Attested { faults: registry::ScopeFaults::NONE }));
    let said = opened.statement().map(|statement| (**statement).clone());
    assert_eq!(said, Some(statement::Statement::Attestation(attestation(CARPETS, 0))));
}

/// Opening ahead, with a State that knows nothing yet, gives the same as opening in turn.
#[test]
fn entries_opened_ahead_fold_the_same() {
    let mut world = World::with_attestation();
    world.accept(21, &change(CARPETS, Action::Suspend, &[1], None));
    world.log_bytes(b"?".to_vec());
    world.log_anyway(99, &attestation("did:web:stranger.example", 0));
    world.log_jws("a.b.c");
    let nothing = State::new(policy());
    let opened: Vec<_> = (0..).zip(&world.log).map(|(index, entry)| nothing.open(index, entry)).collect();
    let mut state = State::new(policy());
    for (entry, mut opened) in world.log.iter().zip(opened) {
        state.fold_opened(entry, &mut opened);
    }
    assert!(state.encode() == world.state.encode());

    // At another index another key of the policy's may be the one: what was opened elsewhere is opened again.
    let late = Entry::encode(world.now, accreditation(CARPETS, &[21], 9).jws(2).as_bytes());
    let mut opened = state.open(2, &late);
    assert_eq!(state.size(), 6);
    assert_eq!(state.fold_opened(&late, &mut opened), world.state.fold(&late));
    assert!(state.encode() == world.state.encode());
}

/// A State is published to many threads.
#[test]
fn a_state_is_shared_between_threads() {
    const fn shared<T: Send + Sync + 'static>() {}
    shared::<State>();
    shared::<registry::Opened>();
}

#[test]
fn evidence_lacks_the_other_targets_of_a_change() {
    let mut world = World::with_carpets();
    let lots = [0, 1, 2].map(|slot| world.accept(21, &attestation(CARPETS, slot)));
    let a = world.accept(21, &change(CARPETS, Action::Suspend, &lots, None));
    world.accept(1, &change(ACCREDITOR, Action::Withdraw, &lots, Some(a)));
    for lot in lots {
        assert_eq!(world.state.relevant_entries(lot), [0, lot, 4, 5]);
        assert_eq!(world.causes(lot), ["withdrawn", "suspended"]);
        assert_eq!(world.evidence(lot).attestations(), 1);
    }
    // Without any of its targets a change is about nothing.
    let mut state = State::new(policy());
    state.fold_at(0, &world.log[0]);
    let folded = state.fold_at(4, &world.log[4]);
    assert_eq!(folded, Folded::Ignored(Ignored::Refused(Refusal::UnknownTarget(lots[0]))));
}

proptest! {
    #[test]
    fn any_bytes_fold(entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let mut state = State::new(policy());
        for entry in &entries {
            let folded = state.fold(entry);
            prop_assert!(matches!(folded, Folded::Ignored(_)));
        }
        prop_assert_eq!(state.size(), entries.len() as u64);
        prop_assert_eq!(state.counts().ignored(), state.size());
    }
}
