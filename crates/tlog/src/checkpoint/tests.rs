use alloc::format;
use alloc::string::ToString;

use primitives::{SecretKey, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::{NoteSignature, OpenError, OpenedCheckpoint, Vkey, leaf_hash, node_hash};

const ORIGIN: &str = "registry.example";
const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn log_key(origin: &str, seed: u8) -> Vkey {
    Vkey::log(origin, secret(seed).public_key()).unwrap()
}

fn witness_key(name: &str, seed: u8) -> Vkey {
    Vkey::witness(name, secret(seed).public_key()).unwrap()
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint::new(ORIGIN, size, Hash::from_base64(ROOT).unwrap()).unwrap()
}

fn cosigned(witnesses: &[(&str, u8, u64)]) -> Note {
    let checkpoint = checkpoint(7);
    let mut note = checkpoint.sign(&secret(1)).unwrap();
    for (name, seed, seconds) in witnesses {
        let time = Timestamp::from_seconds(*seconds);
        note.add(NoteSignature::cosignature_v1(&checkpoint, name, &secret(*seed), time).unwrap()).unwrap();
    }
    note
}

#[test]
fn a_checkpoint_is_three_lines_and_its_extensions() {
    let text = format!("{ORIGIN}\n20852163\n{ROOT}\n");
    let parsed = Checkpoint::parse(&text).unwrap();
    assert_eq!((parsed.origin(), parsed.size(), parsed.root().to_base64().as_str()), (ORIGIN, 20_852_163, ROOT));
    assert_eq!(parsed.extensions(), [""; 0]);
    assert_eq!(parsed.to_text(), text);
    let extended = parsed.with_extension("one").unwrap().with_extension("two 2").unwrap();
    assert_eq!(extended.to_text(), format!("{text}one\ntwo 2\n"));
    assert_eq!(Checkpoint::parse(&extended.to_text()), Ok(extended));
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    let good = format!("{ORIGIN}\n7\n{ROOT}\n");
    assert!(Checkpoint::parse(&good).is_ok());
    let size = |size: &str| format!("{ORIGIN}\n{size}\n{ROOT}\n");
    let root = |root: &str| format!("{ORIGIN}\n7\n{root}\n");
    for (text, code) in [
        (String::new(), "checkpoint_unterminated"),
        (good.trim_end().into(), "checkpoint_unterminated"),
        ("\n".into(), "checkpoint_too_few_lines"),
        (format!("{ORIGIN}\n"), "checkpoint_too_few_lines"),
        (format!("{ORIGIN}\n7\n"), "checkpoint_too_few_lines"),
        (format!("\n7\n{ROOT}\n"), "checkpoint_empty_line"),
        (format!("{good}\n"), "checkpoint_empty_line"),
        (format!("{good}\next\n"), "checkpoint_empty_line"),
        (format!("regis\ttry\n7\n{ROOT}\n"), "checkpoint_control_character"),
        (format!("registry\r\n7\n{ROOT}\n"), "checkpoint_control_character"),
        (format!("{good}ext\0\n"), "checkpoint_control_character"),
        (size(""), "checkpoint_size"),
        (size("07"), "checkpoint_size"),
        (size("00"), "checkpoint_size"),
        (size("+7"), "checkpoint_size"),
        (size("-7"), "checkpoint_size"),
        (size(" 7"), "checkpoint_size"),
        (size("7 "), "checkpoint_size"),
        (size("0x7"), "checkpoint_size"),
        (size("7\r"), "checkpoint_size"),
        (size("18446744073709551616"), "checkpoint_size"),
        (root(""), "checkpoint_root"),
        (root(&ROOT[1..]), "checkpoint_root"),
        (root(&ROOT.replace('=', "")), "checkpoint_root"),
        (root(&ROOT.replace("2I=", "2J=")), "checkpoint_root"),
        (root(&format!("{ROOT} ")), "checkpoint_root"),
        (root("AAAA"), "checkpoint_root"),
        (root(&ROOT.replace('/', "_")), "checkpoint_root"),
        (size("0"), "checkpoint_empty_tree_root"),
    ] {
        assert_eq!(Checkpoint::parse(&text).map_err(|error| error.code()), Err(code), "{text:?}");
    }
    assert_eq!(Checkpoint::parse(&size("18446744073709551615")).unwrap().size(), u64::MAX);
    assert!(Checkpoint::parse(&size("0").replace(ROOT, &EMPTY_ROOT.to_base64())).is_ok());
}

#[test]
fn lines_that_would_be_read_otherwise_are_not_built() {
    let code = |result: Result<Checkpoint, CheckpointError>| result.map_err(|error| error.code());
    assert_eq!(code(Checkpoint::new("", 7, EMPTY_ROOT)), Err("checkpoint_empty_line"));
    assert_eq!(code(Checkpoint::new("a\n1", 7, EMPTY_ROOT)), Err("checkpoint_newline"));
    assert_eq!(code(Checkpoint::new("a\tb", 7, EMPTY_ROOT)), Err("checkpoint_control_character"));
    assert_eq!(code(Checkpoint::new("a", 0, leaf_hash(b""))), Err("checkpoint_empty_tree_root"));
    assert_eq!(code(checkpoint(7).with_extension("")), Err("checkpoint_empty_line"));
    assert_eq!(code(checkpoint(7).with_extension("a\nb")), Err("checkpoint_newline"));
}

#[test]
fn what_a_log_signs_opens_with_its_key() {
    let note = checkpoint(7).sign(&secret(1)).unwrap();
    let keys = [log_key(ORIGIN, 1), log_key("other.example", 2)];
    let opened = OpenedCheckpoint::open(note.to_string().as_bytes(), &keys).unwrap();
    assert_eq!((opened.origin(), opened.size(), opened.cosigners().len()), (ORIGIN, 7, 0));
    assert_eq!((opened.log_key(), opened.note()), (&keys[0], &note));
}

#[test]
fn only_a_log_key_named_like_the_origin_vouches_for_a_checkpoint() {
    let text = checkpoint(7).to_text();
    let other_log = Note::sign(&text, "other.example", &secret(2)).unwrap();
    let error = OpenedCheckpoint::from_note(other_log, &[log_key(ORIGIN, 1), log_key("other.example", 2)]).unwrap_err();
    assert_eq!(error, OpenError::NoLogSignature { origin: ORIGIN.into() });

    // The witness signed truly, the log did not sign at all.
    let mut witnessed = cosigned(&[(ORIGIN, 3, 100)]).to_string();
    let log_line = witnessed.find("— ").unwrap();
    let next = log_line + witnessed[log_line..].find('\n').unwrap() + 1;
    witnessed.replace_range(log_line..next, "");
    let error =
        OpenedCheckpoint::open(witnessed.as_bytes(), &[log_key(ORIGIN, 1), witness_key(ORIGIN, 3)]).unwrap_err();
    assert_eq!(error.code(), "no_log_signature");
}

#[test]
fn a_signed_text_that_is_no_checkpoint_is_refused() {
    let note = Note::sign("ethical-label-snapshot/v1\nx\n", ORIGIN, &secret(1)).unwrap();
    let error = OpenedCheckpoint::from_note(note, &[log_key(ORIGIN, 1)]).unwrap_err();
    assert_eq!(error.code(), "checkpoint_too_few_lines");
    let error = OpenedCheckpoint::open(b"", &[log_key(ORIGIN, 1)]).unwrap_err();
    assert_eq!(error.code(), "note_no_empty_line");
}

#[test]
fn witnesses_that_cosigned_are_listed_once_with_their_latest_time() {
    let note =
        cosigned(&[("w1.example", 2, 100), ("w2.example", 3, 300), ("w1.example", 2, 200), ("w3.example", 4, 1)]);
    let keys = [log_key(ORIGIN, 1), witness_key("w1.example", 2), witness_key("w2.example", 3)];
    let opened = OpenedCheckpoint::from_note(note, &keys).unwrap();
    let seen = opened.cosigners().iter().map(|cosigner| (cosigner.name(), cosigner.time().seconds()));
    assert!(seen.eq([("w1.example", 200), ("w2.example", 300)]));
    assert_eq!(opened.cosigners()[0].key(), &keys[1]);
    assert_eq!(opened.cosigners()[0].key().public_key(), Some(&secret(2).public_key()));
}

#[test]
fn a_cosignature_holds_for_its_time_and_text_only() {
    let keys = [log_key(ORIGIN, 1), witness_key("w.example", 2)];
    let (line, good) = {
        let note = cosigned(&[("w.example", 2, 1_679_315_147)]);
        (note.signatures()[1].to_string(), note.to_string())
    };
    let bytes = primitives::base64::decode(line.trim_end().rsplit_once(' ').unwrap().1).unwrap();
    assert_eq!(bytes.len(), 4 + 8 + 64);
    for at in 4..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let changed = good.replace(&line, &format!("— w.example {}\n", primitives::base64::encode(&changed)));
        let error = OpenedCheckpoint::open(changed.as_bytes(), &keys).unwrap_err();
        assert_eq!(error, OpenError::BadSignature { name: "w.example".into(), id: keys[1].id() }, "byte {at}");
    }
    for length in [5, 12, 75, 77] {
        let mut changed = bytes.clone();
        changed.resize(length, 0);
        let changed = good.replace(&line, &format!("— w.example {}\n", primitives::base64::encode(&changed)));
        assert_eq!(OpenedCheckpoint::open(changed.as_bytes(), &keys).unwrap_err().code(), "bad_signature", "{length}");
    }
    // A plain signature by the witness's key is no cosignature.
    let mut note = checkpoint(7).sign(&secret(1)).unwrap();
    let plain = NoteSignature::ed25519(note.text(), "w.example", &secret(2)).unwrap();
    let disguised =
        NoteSignature::new("w.example", crate::SignatureType::CosignatureV1, &secret(2), plain.bytes().to_vec());
    note.add(disguised.unwrap()).unwrap();
    assert_eq!(OpenedCheckpoint::from_note(note, &keys).unwrap_err().code(), "bad_signature");
}

#[test]
fn a_time_beyond_the_specifications_limit_is_refused_though_signed() {
    let keys = [log_key(ORIGIN, 1), witness_key("w.example", 2)];
    let open = |seconds: u64| {
        let text = checkpoint(7).to_text();
        let message = format!("cosignature/v1\ntime {seconds}\n{text}");
        let signature = secret(2).sign(message.as_bytes()).unwrap();
        let bytes = [&seconds.to_be_bytes()[..], signature.as_bytes()].concat();
        let mut note = checkpoint(7).sign(&secret(1)).unwrap();
        let line = NoteSignature::new("w.example", crate::SignatureType::CosignatureV1, &secret(2), bytes);
        note.add(line.unwrap()).unwrap();
        OpenedCheckpoint::from_note(note, &keys)
    };
    assert_eq!(open(u64::MAX).unwrap_err().code(), "bad_signature");
    assert_eq!(open(1 << 63).unwrap_err().code(), "bad_signature");
    // The largest time allowed is far beyond what milliseconds in 64 bits can hold: it saturates, in the far future.
    assert_eq!(open((1 << 63) - 1).unwrap().cosigners()[0].time(), Timestamp::from_millis(u64::MAX));
    assert_eq!(open(0).unwrap().cosigners()[0].time(), Timestamp::from_millis(0));
}

#[test]
fn extension_lines_are_cosigned_too() {
    let extended = checkpoint(7).with_extension("more").unwrap();
    let line = NoteSignature::cosignature_v1(&extended, "w.example", &secret(2), Timestamp::from_seconds(5)).unwrap();
    let keys = [log_key(ORIGIN, 1), witness_key("w.example", 2)];
    let mut note = extended.sign(&secret(1)).unwrap();
    note.add(line.clone()).unwrap();
    assert_eq!(OpenedCheckpoint::from_note(note, &keys).unwrap().cosigners().len(), 1);
    let mut note = checkpoint(7).sign(&secret(1)).unwrap();
    note.add(line).unwrap();
    assert_eq!(OpenedCheckpoint::from_note(note, &keys).unwrap_err().code(), "bad_signature");
}

#[test]
fn one_checkpoint_extends_another_or_the_reason_is_said() {
    let (one, two, other) = (leaf_hash(b"1"), leaf_hash(b"2"), leaf_hash(b"3"));
    let open = |origin: &str, size, root| {
        let note = Checkpoint::new(origin, size, root).unwrap().sign(&secret(1)).unwrap();
        OpenedCheckpoint::from_note(note, &[log_key(origin, 1)]).unwrap()
    };
    let (older, newer) = (open(ORIGIN, 1, one), open(ORIGIN, 2, node_hash(&one, &two)));
    assert_eq!(newer.extends(&older, &[two]), Ok(()));
    assert_eq!(newer.extends(&newer, &[]), Ok(()));
    for (checkpoint, proof, code) in [
        (open(ORIGIN, 2, other), &[two][..], "new_root_mismatch"),
        (open(ORIGIN, 1, other), &[], "new_root_mismatch"),
        (open(ORIGIN, 0, EMPTY_ROOT), &[], "old_beyond_new"),
        (open("other.example", 2, node_hash(&one, &two)), &[two], "other_log"),
    ] {
        assert_eq!(checkpoint.extends(&older, proof).map_err(|error| error.code()), Err(code));
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        origin in "[^\\x00-\\x1f]{1,40}", size in 1..=u64::MAX, root: [u8; 32],
        extensions in proptest::collection::vec("[^\\x00-\\x1f]{1,20}", 0..3),
    ) {
        let mut checkpoint = Checkpoint::new(&origin, size, Hash(root)).unwrap();
        for line in extensions {
            checkpoint = checkpoint.with_extension(&line).unwrap();
        }
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_text()), Ok(checkpoint));
    }

    #[test]
    fn what_is_read_is_written_alike(origin in "[a-z\\t]{0,9}", size in "[+-]?[0-9]{0,20}", tail in "[a-z\\n]{0,9}") {
        let text = format!("{origin}\n{size}\n{ROOT}\n{tail}");
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.to_text(), text);
        }
    }
}

#[test]
fn an_origin_from_outside_is_escaped_in_messages() {
    let text = checkpoint(7).to_text().replace(ORIGIN, "evil\u{202e}");
    let note = Note::sign(&text, ORIGIN, &secret(1)).unwrap();
    let error = OpenedCheckpoint::from_note(note, &[log_key(ORIGIN, 1)]).unwrap_err();
    assert_eq!(error.to_string(), "checkpoint of \"evil\\u{202e}\" is not signed by a known key of that log");
}

/// Without the feature, a log key of ML-DSA-44 is demanded as well: nothing opens, and the reason is this program's.
#[cfg(not(feature = "ml-dsa"))]
#[test]
fn a_log_key_that_cannot_be_checked_opens_nothing() {
    let note = Checkpoint::new(ORIGIN, 1, Hash::of(b"root")).unwrap().sign(&secret(1)).unwrap();
    let post_quantum = |name| [log_key(ORIGIN, 1), crate::vkey::ml_dsa_44_for_tests(name)];
    let error = OpenedCheckpoint::from_note(note.clone(), &post_quantum(ORIGIN)).unwrap_err();
    assert_eq!(error.code(), "unsupported_log_key");
    assert!(OpenedCheckpoint::from_note(note, &post_quantum("w.example")).is_ok(), "a witness is not demanded");
}
