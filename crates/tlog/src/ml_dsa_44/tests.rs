use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use primitives::{Hash, SecretKey, Signer as _};

use super::*;
use crate::{Note, OpenError, OpenedCheckpoint, Quorum, QuorumError};

const ORIGIN: &str = "registry.example";
/// Verifier keys on the first line, then a checkpoint by the log and one witness: `vector.py`, by another implementation.
const VECTOR: &str = include_str!("vector.txt");
const TIME: u64 = 1_679_315_147;

fn key(seed: u8) -> MlDsa44Key {
    MlDsa44Key::from_seed(&[seed; 32])
}

fn ed25519() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 20_852_163, Hash::of(b"root")).unwrap()
}

fn log_keys() -> Vec<Vkey> {
    vec![Vkey::log(ORIGIN, ed25519().public_key()).unwrap(), key(2).vkey(ORIGIN).unwrap()]
}

/// The log's Ed25519 signature, and under it these lines.
fn note(lines: impl IntoIterator<Item = NoteSignature>) -> Note {
    let mut note = checkpoint().sign(&ed25519()).unwrap();
    lines.into_iter().for_each(|line| note.add(line).unwrap());
    note
}

fn code(note: Note, keys: &[Vkey]) -> &'static str {
    OpenedCheckpoint::from_note(note, keys).map_or_else(|error| error.code(), |_| "opened")
}

#[test]
fn another_implementations_checkpoint_opens() {
    let (vkeys, note) = VECTOR.split_once('\n').unwrap();
    let keys: Vec<Vkey> = vkeys.split(' ').map(|vkey| vkey.parse().unwrap()).collect();
    assert_eq!(keys[..2], log_keys(), "the same seeds give the same public keys");
    assert_eq!(keys[2], key(3).vkey("w.example").unwrap());
    let opened = OpenedCheckpoint::open(note.as_bytes(), &keys).unwrap();
    let [cosigner] = opened.cosigners() else { panic!("the log's own signature is no witness's") };
    assert_eq!((cosigner.key(), cosigner.time().seconds()), (&keys[2], TIME));
    assert_eq!(opened.log_key(), &keys[0]);
}

/// A bit of each field that is signed and each part of the line, the 4 bytes of the id apart: those name another key.
#[test]
fn a_changed_bit_voids_the_note() {
    let (keys, good) = (log_keys(), key(2).sign(&checkpoint()).unwrap());
    for at in [0, 7, 8, 40, 1000, 8 + 2336, 8 + 2419] {
        let mut bytes = good.bytes().to_vec();
        bytes[at] ^= 1;
        let line = NoteSignature::of_key(ORIGIN, SignatureType::MlDsa44Cosignature, &key(2).public_key(), bytes);
        assert_eq!(code(note([line.unwrap()]), &keys), "bad_signature", "byte {at}");
    }
    for length in [1, 8, 8 + 64, 8 + 2419, 8 + 2421] {
        let bytes: Vec<u8> = good.bytes().iter().copied().chain([0]).take(length).collect();
        let line = NoteSignature::of_key(ORIGIN, SignatureType::MlDsa44Cosignature, &key(2).public_key(), bytes);
        assert_eq!(code(note([line.unwrap()]), &keys), "bad_signature", "{length} bytes");
    }
    let others = [
        Checkpoint::new(ORIGIN, 20_852_164, Hash::of(b"root")).unwrap(),
        Checkpoint::new(ORIGIN, 20_852_163, Hash::of(b"another")).unwrap(),
    ];
    for other in others {
        assert_eq!(code(note([key(2).sign(&other).unwrap()]), &keys), "bad_signature");
    }
    let elsewhere = Checkpoint::new("other.example", 20_852_163, Hash::of(b"root")).unwrap();
    let moved = key(2).cosign(&elsewhere, ORIGIN, Timestamp::from_seconds(0)).unwrap();
    assert_eq!(code(note([moved]), &keys), "bad_signature");
}

#[test]
fn a_log_whose_key_is_known_has_to_sign_with_it() {
    let (both, ed25519_alone) = (log_keys(), &log_keys()[..1]);
    let signed = || key(2).sign(&checkpoint()).unwrap();
    assert_eq!(code(note([signed()]), &both), "opened");
    assert_eq!(code(note([signed()]), ed25519_alone), "opened", "a verifier that does not know the key ignores it");
    assert_eq!(code(note([]), ed25519_alone), "opened");

    assert_eq!(code(note([]), &both), "no_ml_dsa_signature");
    let stranger = key(9).sign(&checkpoint()).unwrap();
    assert_eq!(code(note([stranger]), &both), "no_ml_dsa_signature", "an unknown key of the same name");
    let as_witness = key(2).cosign(&checkpoint(), "w.example", Timestamp::from_seconds(TIME)).unwrap();
    assert_eq!(code(note([as_witness]), &both), "no_ml_dsa_signature");

    let alone = Note::from_parts(&checkpoint().to_text(), [signed()]).unwrap();
    assert_eq!(code(alone, &both), "no_log_signature", "Ed25519 is demanded too");

    let mut rotated = both.clone();
    rotated.push(key(4).vkey(ORIGIN).unwrap());
    assert_eq!(code(note([signed()]), &rotated), "opened", "one of the log's keys is enough");
    let other_log = [both[0].clone(), key(2).vkey("other.example").unwrap()];
    assert_eq!(code(note([]), &other_log), "opened", "another log's key is not demanded of this one");
}

#[test]
fn a_tree_that_is_signed_again_gives_the_same_bytes() {
    assert_eq!(key(2).sign(&checkpoint()), key(2).sign(&checkpoint()));
    assert_eq!(key(2).sign(&checkpoint()).unwrap().bytes()[..8], [0; 8]);
}

#[test]
fn witnesses_count_for_the_quorum() {
    let post_quantum = key(3).vkey("w.example").unwrap();
    let other = Vkey::witness("w.example", ed25519().public_key()).unwrap();
    let quorum = Quorum::new(vec![post_quantum.clone(), other.clone()], 2).unwrap();
    let time = Timestamp::from_seconds;
    let keys: Vec<Vkey> = log_keys().into_iter().chain(quorum.witnesses().to_vec()).collect();
    let log = || key(2).sign(&checkpoint()).unwrap();
    let late = || key(3).cosign(&checkpoint(), "w.example", time(TIME)).unwrap();
    let early = NoteSignature::cosignature_v1(&checkpoint(), "w.example", &ed25519(), time(10)).unwrap();

    let one = OpenedCheckpoint::from_note(note([log(), late(), late()]), &keys).unwrap();
    assert_eq!(quorum.check(&one).unwrap_err().found, 1);
    let two = OpenedCheckpoint::from_note(note([log(), late(), early]), &keys).unwrap();
    let quorate = quorum.check(&two).unwrap();
    assert_eq!((quorate.cosigners(), quorate.time()), (2, Some(time(10))));
    assert_eq!(Quorum::new(vec![post_quantum], 2), Err(QuorumError::Unreachable { threshold: 2, checkable: 1 }));
    // The message names the witness: another name's signature of the same key does not pass for it.
    let alias = key(3).cosign(&checkpoint(), "alias.example", time(TIME)).unwrap();
    let renamed = NoteSignature::of_key(
        "w.example",
        SignatureType::MlDsa44Cosignature,
        &key(3).public_key(),
        alias.bytes().to_vec(),
    );
    assert_eq!(code(note([log(), renamed.unwrap()]), &keys), "bad_signature");
}

#[test]
fn a_full_quorum_of_such_witnesses_is_a_note_that_is_read() {
    let witnesses = (10..42_u8)
        .map(|seed| key(seed).cosign(&checkpoint(), &format!("w{seed}.example"), Timestamp::from_seconds(1)));
    let full = note(witnesses.map(Result::unwrap).chain([key(2).sign(&checkpoint()).unwrap()]));
    assert_eq!(Note::parse(full.to_string().as_bytes()), Ok(full));
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let long: String = "n".repeat(256);
    assert_eq!(
        key(2).cosign(&checkpoint(), &long, Timestamp::from_seconds(1)).unwrap_err().code(),
        "key_could_not_sign"
    );
    let origin = Checkpoint::new(&long, 1, Hash::of(b"root")).unwrap();
    assert_eq!(key(2).sign(&origin).unwrap_err().code(), "key_could_not_sign");
    assert_eq!(key(2).cosign(&checkpoint(), "a b", Timestamp::from_seconds(1)).unwrap_err().code(), "key_name");
    // It signs checkpoints and nothing else, so that on another text its lines say nothing.
    let text = "ethical-label-snapshot/v1\n";
    let mut other = Note::sign(text, ORIGIN, &ed25519()).unwrap();
    other.add(key(2).sign(&checkpoint()).unwrap()).unwrap();
    assert_eq!(other.open(&log_keys()).unwrap().verified().len(), 1);
    let short = Note::sign(text, "other.example", &ed25519()).unwrap();
    assert_eq!(short.open(&log_keys()), Err(OpenError::NoKnownSignature));
}

#[test]
fn a_secret_key_is_not_shown() {
    assert_eq!(format!("{:?}", key(2)).len(), "MlDsa44Key(of [00, 00, 00, 00])".len());
}
