//! A registry that lies, in each way that there is: who catches it, and that the evidence convinces somebody else.

use primitives::{Hash, SecretKey, Signer as _, base64};
use statement::sample::{self, did};
use statement::{Action, Attestation, Reason, StatusChange, StatusSlot};
use tlog::{Checkpoint, Note, NoteSignature, Quorum, Vkey};
use verify::{Trust, TwoNotes, Unconfirmed};

use super::*;
use crate::sync::tests::{Fake, Log, ORIGIN, bound_policy, log_key, policy};
use crate::{Kept, Memory};

const ACCREDITOR: &str = "did:web:accreditor.example";

fn audit(fake: &Fake) -> Result<(Replay, OpenedCheckpoint), Error> {
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let mut replay = Replay::new(policy(), registry.anchors("")?);
    let checkpoint = registry.checkpoint()?;
    registry.replay(&mut replay, &checkpoint, &|_| {})?;
    Ok((replay, checkpoint))
}

/// What an audit finds against a registry: the rule of each entry, and what a stranger says of the evidence.
fn against(fake: &Fake) -> Vec<(u64, &'static str, Result<(), &'static str>)> {
    let (replay, checkpoint) = audit(fake).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let found = replay.broken().iter().map(|broken| {
        let evidence = registry.bad_entry(&checkpoint, broken).unwrap();
        let text = serde_json::to_string(&evidence).unwrap();
        let read: verify::BadEntry = serde_json::from_str(&text).unwrap();
        assert_eq!(read, evidence);
        let confirmed = read.confirm(&trust(fake)).map(drop).map_err(|error| error.code());
        (broken.index, broken.rule, confirmed)
    });
    assert_eq!(replay.broken_count(), replay.broken().len() as u64);
    found.collect()
}

fn trust(fake: &Fake) -> Trust {
    Trust { registries: vec![fake.registry.clone()] }
}

fn attest(change: impl FnOnce(&mut Attestation), key: &SecretKey) -> String {
    let mut attestation = sample::attestation();
    attestation.slot = StatusSlot { list: 1, index: 7 };
    change(&mut attestation);
    let payload = attestation.to_payload(&key.public_key().thumbprint());
    statement::sign(&payload, &attestation.issuer, key).unwrap()
}

/// The same statement with another payload under its signature.
fn forged(jws: &str) -> String {
    let parts: Vec<&str> = jws.split('.').collect();
    let payload = String::from_utf8(base64::url_decode(parts[1]).unwrap()).unwrap();
    let payload = base64::url_encode(payload.replace("Bagmati", "Gandaki").as_bytes());
    format!("{}.{payload}.{}", parts[0], parts[2])
}

#[test]
fn an_honest_log_has_nothing_against_it() {
    let fake = Fake::show(Log::new(600).shown(0));
    let (replay, _) = audit(&fake).unwrap();
    assert_eq!((replay.size(), replay.broken_count(), replay.forked().len()), (601, 0, 0));
}

#[test]
fn an_audit_goes_on_where_it_stopped() {
    let mut log = Log::new(300);
    let fake = Fake::show(log.shown(0));
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let mut replay = Replay::new(policy(), Vec::new());
    registry.replay(&mut replay, &registry.checkpoint().unwrap(), &|_| {}).unwrap();
    log.attest(300);
    fake.now(log.shown(1));
    registry.replay(&mut replay, &registry.checkpoint().unwrap(), &|_| {}).unwrap();
    assert_eq!((replay.size(), replay.broken_count()), (601, 0));
    let (whole, _) = audit(&fake).unwrap();
    assert_eq!(replay.state().snapshot().index(), whole.state().snapshot().index());
}

/// The checkpoint stays, the entries are others: the root does not come out.
#[test]
fn entries_that_are_dropped_reordered_or_rewritten_do_not_add_up() {
    let log = Log::new(20);
    let fake = Fake::show(log.shown(0));
    let lies: [fn(&mut Vec<Vec<u8>>); 4] = [
        |entries| drop(entries.remove(7)),
        |entries| entries.swap(3, 4),
        |entries| entries[5][30] ^= 1,
        // Received an hour earlier.
        |entries| entries[5][5] ^= 0x40,
    ];
    for (nth, lie) in lies.into_iter().enumerate() {
        lie(&mut fake.shown.lock().unwrap().entries);
        let error = audit(&fake).unwrap_err();
        let is_caught = matches!(error, Error::OtherRoot { .. } | Error::Answer { .. } | Error::Refused(_));
        assert!(is_caught && (nth == 0) != matches!(error, Error::OtherRoot { .. }), "{nth}: {error}");
        fake.now(log.shown(0));
    }
}

/// Whoever has seen one history refuses the other, and has what convinces everybody.
#[test]
fn another_history_is_refused_and_the_evidence_confirmed() {
    for (before, after) in [(20, 20), (20, 30), (255, 300), (7, 600), (3, 8)] {
        let (log, folder) = (Log::new(before), tempfile::tempdir().unwrap());
        let fake = Fake::show(log.shown(0));
        let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
        registry.checkpoint().unwrap();
        let mut other = Log::new(after);
        other.entries[3][40] ^= 1;
        fake.now(other.shown(0));
        let error = registry.checkpoint().unwrap_err();
        let Error::Inconsistent { evidence: Kept::In(file), .. } = error else { panic!("{error}") };
        let text = std::fs::read_to_string(file).unwrap();
        let notes = TwoNotes::parse(&text).unwrap();
        assert_eq!(notes.to_string(), text);
        let confirmed = notes.confirm(&trust(&fake)).unwrap();
        assert!(confirmed.0.contains("signed"), "{}", confirmed.0);
        // A stranger to the log's key is not convinced, and neither is anybody by what is not there.
        let mut stranger = fake.registry.clone();
        stranger.log_keys = vec![Vkey::log(ORIGIN, SecretKey::from_seed(&[8; 32]).public_key()).unwrap()];
        let refused = notes.confirm(&Trust { registries: vec![stranger] }).unwrap_err();
        assert_eq!(refused.code(), "not_signed");
        if before != after {
            let without = TwoNotes { other_root: None, ..notes.clone() };
            assert_eq!(without.confirm(&trust(&fake)).unwrap_err().code(), "cannot_tell");
            let mut wrong = notes.clone();
            wrong.other_root.as_mut().unwrap().root.0[0] ^= 1;
            assert_eq!(wrong.confirm(&trust(&fake)).unwrap_err().code(), "cannot_tell");
        }
    }
    // A log decides what stands in its notes: a line between them, too.
    let said = |log: &Log| {
        let checkpoint = Checkpoint::parse(Note::parse(log.checkpoint(9).as_bytes()).unwrap().text()).unwrap();
        let with_line = checkpoint.with_extension("--").unwrap().with_extension("\u{2014} x").unwrap();
        with_line.sign(&log_key()).unwrap().to_string()
    };
    let (log, mut other) = (Log::new(9), Log::new(9));
    other.entries[3][40] ^= 1;
    let notes = TwoNotes { older: said(&log), newer: said(&other), other_root: None };
    let parsed = TwoNotes::parse(&notes.to_string()).unwrap();
    assert_eq!(parsed, notes);
    assert!(parsed.confirm(&trust(&Fake::show(log.shown(0)))).is_ok());
    // What agrees is no evidence, with any proof.
    let log = Log::new(30);
    let fake = Fake::show(log.shown(0));
    let same = TwoNotes { older: log.checkpoint(9), newer: log.checkpoint(9), other_root: None };
    assert_eq!(same.confirm(&trust(&fake)).unwrap_err().code(), "no_contradiction");
    let text = format!("{}--\n{}", log.checkpoint(9), log.checkpoint(12));
    assert!(matches!(TwoNotes::parse(&text).unwrap().confirm(&trust(&fake)), Err(Unconfirmed::Open(_))));
    for text in ["", "--\n", "one\n", "one\n--\ntwo\n--\nthree\n", "a\n--\nb\n--\n\n--\nc"] {
        let parsed = TwoNotes::parse(text).and_then(|notes| notes.confirm(&trust(&fake)));
        assert!(matches!(parsed, Err(Unconfirmed::Form(_) | Unconfirmed::NoRegistry(_))), "{text:?}");
    }
}

#[test]
fn an_old_log_is_refused_by_whoever_has_seen_a_newer_one() {
    let (log, folder) = (Log::new(20), tempfile::tempdir().unwrap());
    let fake = Fake::show(log.shown(0));
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    registry.checkpoint().unwrap();
    fake.shown.lock().unwrap().checkpoint = log.checkpoint(12);
    assert!(matches!(registry.checkpoint().unwrap_err(), Error::RolledBack { .. }));
}

/// A registry that puts a shorter history in place of the one that was read has no tiles of that any more: whoever read it proves the fork
/// all the same, and takes a mere old log for one.
#[test]
fn a_shorter_log_is_held_against_what_was_replayed() {
    for (before, after) in [(20, 12), (300, 270), (600, 9), (513, 512), (7, 4)] {
        let (log, folder) = (Log::new(before - 1), tempfile::tempdir().unwrap());
        let fake = Fake::show(log.shown(0));
        let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
        let mut replay = Replay::new(policy(), Vec::new()).keeping(ReplayedTree::default());
        registry.replay(&mut replay, &registry.checkpoint().unwrap(), &|_| {}).unwrap();
        let known = || registry.clone().knowing(replay.kept().unwrap().clone());
        fake.now(Log::new(after - 1).shown(0));
        assert!(matches!(known().checkpoint().unwrap_err(), Error::RolledBack { .. }), "the same, as it was");
        let mut other = Log::new(after - 1);
        other.entries[3][40] ^= 1;
        fake.now(other.shown(0));
        assert!(matches!(registry.checkpoint().unwrap_err(), Error::RolledBack { .. }), "who read nothing cannot tell");
        for error in [known().checkpoint().unwrap_err(), known().snapshot_head().unwrap_err()] {
            let Error::Inconsistent { evidence: Kept::In(file), .. } = error else { panic!("{error}") };
            let notes = TwoNotes::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
            let said = notes.confirm(&trust(&fake)).unwrap().0;
            assert!(said.contains(&format!("then one of {before} whose first {after} have the root")), "{said}");
        }
    }
}

#[test]
fn a_snapshot_that_a_replay_contradicts_is_told_from_what_is_damaged() {
    let log = Log::new(3);
    let fake = Fake::show(log.shown(0));
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::new(folder.path());
    let head = Registry::new(&fake.registry, memory.clone()).snapshot_head().unwrap().note().to_string();
    let file = memory.keep_snapshot_evidence(&policy().origin, head.as_bytes(), &Hash::of(b"another")).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let code = |text: &str| TwoNotes::parse(text).and_then(|notes| notes.confirm(&trust(&fake))).unwrap_err().code();
    assert_eq!(code(&text), "cannot_tell");
    assert_eq!(code(&text.replacen("\n4\n", "\n3\n", 1)), "not_signed");
    assert_eq!(code(&text[..text.len() - 8]), "not_evidence");
}

/// More chunks than there are workers, with an entry at fault in each, a change of state, and an issuer of whom the first workers
/// do not know yet.
#[test]
fn a_log_of_many_chunks_is_folded_in_order() {
    let mut log = Log::new(100);
    let at = [3_000, 4_095, 4_096, 9_999, 12_288];
    for index in at {
        log.attest(u32::try_from(index - log.entries.len()).unwrap());
        let good = attest(|attestation| attestation.slot.list = 2, &sample::certifier_key());
        log.add(&forged(&good));
    }
    log.attest(300);
    let fake = Fake::show(log.shown(0));
    let (replay, checkpoint) = audit(&fake).unwrap();
    let found: Vec<_> = replay.broken().iter().map(|broken| (broken.index, broken.rule)).collect();
    assert_eq!(found, at.map(|index| (index as u64, "bad_signature")));
    let mut state = State::new(policy());
    log.entries.iter().for_each(|entry| drop(state.fold(entry)));
    assert_eq!((replay.size(), replay.state().encode()), (checkpoint.size(), state.encode()));
}

#[test]
fn what_the_gate_should_have_refused_is_named_by_index_and_rule() {
    let mut log = Log::new(3);
    let (certifier, stranger) = (sample::certifier_key(), SecretKey::from_seed(&[77; 32]));
    let country = |attestation: &mut Attestation| attestation.country = sample::country("FR");
    log.add_at("2026-06-01T00:00:01Z", &attest(country, &certifier));
    log.add_at("2026-06-01T00:00:02Z", &forged(&attest(|_| {}, &certifier)));
    log.add_at("2026-06-01T00:00:03Z", &attest(|_| {}, &stranger));
    log.add_at("2026-06-01T00:00:04Z", "no.statement.at-all");
    let change = StatusChange {
        id: "urn:uuid:1".into(),
        issuer: did(ACCREDITOR),
        registry: policy().origin,
        action: Action::Reinstate,
        target: statement::Target::Attestations(vec![1]),
        reason: Reason::Other,
        text: String::new(),
        after: None,
        effective_from: sample::instant("2026-06-01T00:00:05Z"),
    };
    let jws = statement::sign(&change.to_payload(), &change.issuer, &sample::accreditor_key()).unwrap();
    log.add_at("2026-06-01T00:00:05Z", &jws);
    let fake = Fake::show(log.shown(0));
    assert_eq!(
        against(&fake),
        [
            (4, "out_of_scope", Ok(())),
            (5, "bad_signature", Ok(())),
            (6, "unknown_key", Err("cannot_tell")),
            (7, "malformed", Ok(())),
            (8, "nothing_to_lift", Ok(())),
        ]
    );
}

/// What a registry binds is not what its entries give, and it binds nothing for an hour.
#[test]
fn status_roots_that_lie_or_are_missing_are_named() {
    let mut log = Log::under(bound_policy(), 3);
    log.bind("2026-06-01T00:04:00Z");
    let other = registry::StatusRoot {
        received_at: sample::instant("2026-06-01T00:05:00Z"),
        root: Hash::of(b"another status of something"),
    };
    log.entries.push(other.encode().to_vec());
    let slot = |attestation: &mut Attestation| attestation.slot.index = 11;
    log.add_at("2026-06-01T01:00:00Z", &attest(slot, &sample::certifier_key()));
    let mut fake = Fake::show(log.shown(0));
    fake.registry.policy = bound_policy();
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let (mut replay, checkpoint) = (Replay::new(bound_policy(), vec![]), registry.checkpoint().unwrap());
    registry.replay(&mut replay, &checkpoint, &|_| {}).unwrap();
    let found: Vec<_> = replay.broken().iter().map(|broken| (broken.index, broken.rule)).collect();
    assert_eq!(found, [(5, "other_status_root"), (6, "status_root_overdue")]);
    assert_eq!(replay.state().counts().status_roots, 1);
    for broken in replay.broken() {
        let code = registry.bad_entry(&checkpoint, broken).unwrap().confirm(&trust(&fake)).unwrap_err().code();
        assert_eq!(code, "cannot_tell", "what it is held against is the whole log");
    }
}

#[test]
fn evidence_of_another_entry_or_rule_confirms_nothing() {
    let mut log = Log::new(3);
    log.add_at("2026-06-01T00:00:01Z", &forged(&attest(|_| {}, &sample::certifier_key())));
    let fake = Fake::show(log.shown(0));
    let (replay, checkpoint) = audit(&fake).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let good = registry.bad_entry(&checkpoint, &replay.broken()[0]).unwrap();
    let code = |bad: &verify::BadEntry| bad.confirm(&trust(&fake)).unwrap_err().code();
    let another = Broken { index: 2, ..replay.broken()[0].clone() };
    assert_eq!(code(&registry.bad_entry(&checkpoint, &another).unwrap()), "no_contradiction");
    assert_eq!(code(&verify::BadEntry { rule: "key_retired".into(), ..good.clone() }), "no_contradiction");
    assert_eq!(code(&verify::BadEntry { format: "x".into(), ..good.clone() }), "not_evidence");
    assert_eq!(code(&verify::BadEntry { entries: vec![], ..good.clone() }), "not_evidence");
    assert_eq!(code(&verify::BadEntry { checkpoint: log.checkpoint(3), ..good.clone() }), "not_signed");
    let mut moved = good.clone();
    moved.entries.last_mut().unwrap().index = 2;
    assert_eq!(code(&moved), "not_signed");
    let mut reversed = good;
    reversed.entries.reverse();
    assert_eq!(code(&reversed), "not_evidence");
}

#[test]
fn a_time_that_goes_back_is_named() {
    let mut log = Log::new(3);
    log.add_at("2026-05-31T23:59:59Z", &attest(|_| {}, &sample::certifier_key()));
    let fake = Fake::show(log.shown(0));
    let found = against(&fake);
    assert!(found.contains(&(4, "received_at_set_back", Ok(()))), "{found:?}");
}

/// Witnesses had seen 4 entries at 12:00 and 6 at 13:00: each way of dating an entry otherwise, and what two clocks may differ.
#[test]
fn times_are_held_against_what_witnesses_saw() {
    let witness = SecretKey::from_seed(&[5; 32]);
    let vkey = Vkey::witness("witness.example", witness.public_key()).unwrap();
    let cosigned = |log: &Log, size: usize, at: &str| {
        let log_keys = [Vkey::log(ORIGIN, log_key().public_key()).unwrap()];
        let checkpoint = OpenedCheckpoint::open(log.checkpoint(size).as_bytes(), &log_keys).unwrap();
        let mut note = checkpoint.note().clone();
        let time = sample::instant(at);
        note.add(NoteSignature::cosignature_v1(&checkpoint, "witness.example", &witness, time).unwrap()).unwrap();
        note.to_string()
    };
    for (times, expected) in [
        (["11:58:00", "12:30:00", "13:04:59"], None),
        (["11:58:00", "11:55:01", "12:30:00"], Some("received_at_set_back")),
        (["11:58:00", "12:05:01", "12:05:01"], None),
        // Witnesses had not seen the fifth at 12:00, and it says it was there at 11:54.
        (["11:54:00", "11:54:30", "12:30:00"], Some("received_at_not_anchored")),
        // Witnesses had seen the fourth at 12:00, and it says it came at 12:06.
        (["12:06:00", "12:30:00", "12:31:00"], Some("received_at_not_anchored")),
    ] {
        let mut log = Log::new(2);
        for (slot, time) in times.iter().enumerate() {
            let slot = |attestation: &mut Attestation| attestation.slot.index = u32::try_from(slot).unwrap() + 100;
            log.add_at(&format!("2026-06-01T{time}Z"), &attest(slot, &sample::certifier_key()));
        }
        let mut shown = log.shown(0);
        shown.checkpoint = cosigned(&log, 6, "2026-06-01T13:00:30Z");
        shown.hours = vec![
            ("2026-06-01T12", cosigned(&log, 4, "2026-06-01T12:00:00Z")),
            ("2026-06-01T13", cosigned(&log, 6, "2026-06-01T13:00:00Z")),
        ];
        let mut fake = Fake::show(shown);
        fake.registry.quorum = Quorum::new(vec![vkey.clone()], 1).unwrap();
        let found = against(&fake);
        match expected {
            None => assert_eq!(found, [], "{times:?}"),
            Some(rule) => assert!(
                found.iter().any(|(_, found, confirmed)| *found == rule && confirmed.is_ok()),
                "{times:?}: {found:?}"
            ),
        }
    }
    // A kept checkpoint of another history.
    let mut log = Log::new(5);
    let mut other = log.clone();
    other.entries[2][40] ^= 1;
    let mut shown = log.shown(0);
    shown.checkpoint = cosigned(&log, 6, "2026-06-01T13:00:30Z");
    shown.hours = vec![("2026-06-01T12", cosigned(&other, 4, "2026-06-01T00:00:10Z"))];
    let mut fake = Fake::show(shown);
    fake.registry.quorum = Quorum::new(vec![vkey.clone()], 1).unwrap();
    let (replay, checkpoint) = audit(&fake).unwrap();
    assert_eq!(replay.forked().iter().map(|anchor| anchor.hour.as_str()).collect::<Vec<_>>(), ["2026-06-01T12"]);
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::new(&fake.registry, Memory::new(folder.path()));
    let error = registry.agree(&replay.forked()[0].checkpoint, &checkpoint).unwrap_err();
    assert!(matches!(error, Error::Inconsistent { .. }), "{error}");
    log.attest(1);
}
