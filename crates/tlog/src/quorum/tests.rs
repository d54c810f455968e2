use alloc::vec;

use primitives::{Hash, SecretKey, Signer};

use super::*;
use crate::{Checkpoint, NoteSignature};

const ORIGIN: &str = "registry.example";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn witness(seed: u8) -> Vkey {
    Vkey::witness(name(seed), secret(seed).public_key()).unwrap()
}

fn name(seed: u8) -> &'static str {
    ["w0.example", "w1.example", "w2.example", "w3.example", "w4.example"][usize::from(seed)]
}

fn log_key() -> Vkey {
    Vkey::log(ORIGIN, secret(9).public_key()).unwrap()
}

/// Cosigned by the witnesses of these seeds, at these seconds, and opened with the keys.
fn opened(cosigners: &[(u8, u64)], keys: &[Vkey]) -> OpenedCheckpoint {
    let checkpoint = Checkpoint::new(ORIGIN, 7, Hash([7; 32])).unwrap();
    let mut note = checkpoint.sign(&secret(9)).unwrap();
    for (seed, seconds) in cosigners {
        let time = Timestamp::from_seconds(*seconds);
        note.add(NoteSignature::cosignature_v1(&checkpoint, name(*seed), &secret(*seed), time).unwrap()).unwrap();
    }
    OpenedCheckpoint::from_note(note, &[keys, &[log_key()]].concat()).unwrap()
}

#[test]
fn enough_witnesses_are_enough() {
    let quorum = Quorum::new(vec![witness(1), witness(2), witness(3)], 2).unwrap();
    assert_eq!((quorum.witnesses().len(), quorum.threshold()), (3, 2));
    let check = |cosigners: &[(u8, u64)]| quorum.check(&opened(cosigners, quorum.witnesses()));
    assert_eq!(check(&[]), Err(NoQuorum { found: 0, threshold: 2 }));
    assert_eq!(check(&[(1, 10)]), Err(NoQuorum { found: 1, threshold: 2 }));
    assert_eq!(check(&[(1, 10)]).unwrap_err().code(), "no_quorum");
    let quorate = check(&[(1, 10), (3, 30)]).unwrap();
    assert_eq!((quorate.cosigners(), quorate.time()), (2, Some(Timestamp::from_seconds(10))));
    let quorate = check(&[(1, 10), (2, 20), (3, 30)]).unwrap();
    assert_eq!((quorate.cosigners(), quorate.time()), (3, Some(Timestamp::from_seconds(20))));
}

#[test]
fn one_witness_with_a_wrong_clock_does_not_make_a_checkpoint_fresh() {
    let quorum = Quorum::new(vec![witness(1), witness(2), witness(3)], 2).unwrap();
    let checkpoint = opened(&[(1, 10), (2, 20), (3, 9_999_999_999)], quorum.witnesses());
    assert_eq!(quorum.check(&checkpoint).unwrap().time(), Some(Timestamp::from_seconds(20)));
}

#[test]
fn a_witness_that_is_not_listed_or_signs_twice_counts_for_nothing() {
    let quorum = Quorum::new(vec![witness(1), witness(2)], 2).unwrap();
    let keys = [witness(1), witness(2), witness(3)];
    assert_eq!(quorum.check(&opened(&[(1, 10), (3, 30)], &keys)), Err(NoQuorum { found: 1, threshold: 2 }));
    assert_eq!(quorum.check(&opened(&[(1, 10), (1, 30)], &keys)), Err(NoQuorum { found: 1, threshold: 2 }));
}

#[test]
fn one_key_under_two_names_is_one_witness() {
    let again = Vkey::witness("alias.example", secret(1).public_key()).unwrap();
    let error = Quorum::new(vec![witness(1), witness(2), again], 2).unwrap_err();
    assert_eq!(error, QuorumError::Duplicate { name: "alias.example".into() });
    assert_eq!(error.code(), "duplicate_witness");
}

#[test]
fn a_quorum_that_nothing_reaches_is_refused() {
    let post_quantum = crate::vkey::ml_dsa_44_for_tests("pq.example");
    let checkable = 1 + usize::from(post_quantum.is_checkable());
    assert_eq!(post_quantum.is_checkable(), cfg!(feature = "ml-dsa"));
    let error = Quorum::new(vec![witness(1), post_quantum.clone()], checkable + 1).unwrap_err();
    assert_eq!(error, QuorumError::Unreachable { threshold: checkable + 1, checkable });
    assert_eq!(error.code(), "quorum_unreachable");
    assert!(Quorum::new(vec![witness(1), post_quantum], checkable).is_ok());
    assert_eq!(Quorum::new(vec![], 1), Err(QuorumError::Unreachable { threshold: 1, checkable: 0 }));
}

#[test]
fn a_log_key_is_no_witness() {
    let error = Quorum::new(vec![log_key()], 1).unwrap_err();
    assert_eq!(error, QuorumError::NotAWitness { name: ORIGIN.into() });
    assert_eq!(error.code(), "not_a_witness_key");
}

#[test]
fn no_quorum_asks_for_nothing_and_gives_no_time() {
    let quorate = Quorum::none().check(&opened(&[], &[])).unwrap();
    assert_eq!((quorate.cosigners(), quorate.time()), (0, None));
    let listed = Quorum::new(vec![witness(1)], 0).unwrap();
    let quorate = listed.check(&opened(&[(1, 10)], listed.witnesses())).unwrap();
    assert_eq!((quorate.cosigners(), quorate.time()), (1, None));
}
