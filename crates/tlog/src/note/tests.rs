use alloc::format;
use alloc::vec;

use primitives::{SecretKey, base64};
use proptest::prelude::*;

use super::*;
use crate::{OpenError, Vkey};

/// The example of c2sp.org/signed-note, and the key that verifies it.
const EXAMPLE: &str = "This is an example message.\n\n\
    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn key(name: &str, seed: u8) -> Vkey {
    Vkey::log(name, secret(seed).public_key()).unwrap()
}

fn signed(text: &str, signers: &[(&str, u8)]) -> Note {
    let (first, others) = signers.split_first().unwrap();
    let mut note = Note::sign(text, first.0, &secret(first.1)).unwrap();
    for (name, seed) in others {
        note.add(NoteSignature::ed25519(text, name, &secret(*seed)).unwrap()).unwrap();
    }
    note
}

#[test]
fn the_specifications_example_opens() {
    let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), EXAMPLE);
    let opened = note.open(&[EXAMPLE_KEY.parse().unwrap()]).unwrap();
    assert_eq!(opened.text(), "This is an example message.\n");
    assert_eq!(opened.verified()[0].key().to_string(), EXAMPLE_KEY);
    assert_eq!(opened.verified()[0].time(), None);
    assert_eq!(opened.note().to_string(), EXAMPLE);
}

#[test]
fn the_last_empty_line_ends_the_text() {
    for text in ["a\n", "a\n\nb\n", "\n", "a\n\n", "\n\n\n", "— a AAAAAAA=\n\n— a AAAAAAA=\n"] {
        let note = signed(text, &[("a.example", 1)]);
        let again = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!(again, note, "{text:?}");
        assert_eq!(again.text(), text);
        assert_eq!(again.open(&[key("a.example", 1)]).unwrap().text(), text);
    }
}

#[test]
fn everything_that_is_no_note_is_refused_with_its_reason() {
    let line = "— a.example AAAAAAA=\n";
    for (note, code) in [
        (String::new(), "note_no_empty_line"),
        ("text\n".into(), "note_no_empty_line"),
        (format!("text\n{line}"), "note_no_empty_line"),
        (format!("\n{line}"), "note_no_empty_line"),
        ("text\n\n".into(), "note_no_signature"),
        (format!("text\n\n{line}\n"), "note_no_signature"),
        (format!("text\n\n{}", line.trim_end()), "note_unterminated"),
        (format!("te\txt\n\n{line}"), "note_control_character"),
        (format!("text\r\n\r\n{line}"), "note_control_character"),
        (format!("te\0xt\n\n{line}"), "note_control_character"),
        (format!("text\n\n— a\u{1f}b AAAAAAA=\n{line}"), "note_control_character"),
        (format!("text\n\n{line}trailing\n"), "signature_line"),
        (format!("text\n\n-{}", &line[3..]), "signature_line"),
        (format!("text\n\n–{}", &line[3..]), "signature_line"),
        ("text\n\n— a.example\n".into(), "signature_line"),
        ("text\n\n—  AAAAAAA=\n".into(), "key_name"),
        ("text\n\n— a+b AAAAAAA=\n".into(), "key_name"),
        ("text\n\n— a\u{a0}b AAAAAAA=\n".into(), "key_name"),
        ("text\n\n— a.example \n".into(), "signature_base64"),
        ("text\n\n— a.example AAAAAA==\n".into(), "signature_base64"),
        ("text\n\n— a.example AAAAAAB=\n".into(), "signature_base64"),
        ("text\n\n— a.example AAAAAAA\n".into(), "signature_base64"),
        ("text\n\n— a.example  AAAAAAA=\n".into(), "signature_base64"),
        ("text\n\n— a.example AAAAAAA= \n".into(), "signature_base64"),
        ("text\n\n— a.example AAAA_AA=\n".into(), "signature_base64"),
        (format!("text\n\n{}", line.repeat(MAX_SIGNATURES + 1)), "too_many_signatures"),
        (format!("{}\n\n{line}", "x".repeat(MAX_NOTE_SIZE)), "note_too_large"),
    ] {
        let shown: String = note.chars().take(60).collect();
        assert_eq!(Note::parse(note.as_bytes()).map_err(|error| error.code()), Err(code), "{shown:?}");
    }
    assert_eq!(Note::parse(b"t\xc3\x28\n\n").map_err(|error| error.code()), Err("note_not_utf8"));
    assert!(Note::parse(format!("text\n\n{line}").as_bytes()).is_ok(), "the cases have one defect each");
}

#[test]
fn as_many_large_signatures_as_the_specification_asks_for_are_read() {
    let large = format!("— a.example {}\n", base64::encode(&vec![7; 5 * 1024]));
    let note = format!("text\n\n{}", large.repeat(16));
    assert_eq!(Note::parse(note.as_bytes()).unwrap().signatures().len(), 16);
    let note = format!("text\n\n{}", "— a.example AAAAAAA=\n".repeat(MAX_SIGNATURES));
    assert_eq!(Note::parse(note.as_bytes()).unwrap().signatures().len(), MAX_SIGNATURES);
}

#[test]
fn unknown_keys_are_ignored_and_do_not_suffice() {
    let note = signed("text\n", &[("a.example", 1), ("b.example", 2)]);
    let opened = note.clone().open(&[key("b.example", 2), key("c.example", 3)]).unwrap();
    assert_eq!(opened.verified().len(), 1);
    assert_eq!(opened.verified()[0].key().name(), "b.example");
    assert_eq!(note.clone().open(&[key("c.example", 3)]), Err(OpenError::NoKnownSignature));
    assert_eq!(note.open(&[]), Err(OpenError::NoKnownSignature));
}

#[test]
fn a_name_or_an_id_alone_is_not_a_known_key() {
    // Same name, other key; same key under another name.
    let note = signed("text\n", &[("a.example", 1)]);
    for other in [key("a.example", 2), key("b.example", 1)] {
        assert_eq!(note.clone().open(&[other]), Err(OpenError::NoKnownSignature));
    }
    // Same id, other name.
    let id = base64::encode(&[&key("a.example", 1).id().0[..], &[0; 64]].concat());
    let note = format!("text\n\n— z.example {id}\n");
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.open(&[key("a.example", 1)]), Err(OpenError::NoKnownSignature));
}

#[test]
fn a_false_signature_of_a_known_key_voids_the_note() {
    let good = signed("text\n", &[("a.example", 1), ("b.example", 2)]);
    let keys = [key("a.example", 1), key("b.example", 2)];
    let bad = |name: &str| OpenError::BadSignature {
        name: name.into(),
        id: keys.iter().find(|key| key.name() == name).unwrap().id(),
    };

    let changed = good.to_string().replace("text", "test");
    assert_eq!(Note::parse(changed.as_bytes()).unwrap().open(&keys), Err(bad("a.example")));

    for flip in 0..64 {
        let mut note = good.clone();
        note.signatures[1].bytes[flip] ^= 1;
        assert_eq!(note.clone().open(&keys), Err(bad("b.example")), "{flip}");
        assert!(note.open(&keys[..1]).is_ok(), "who does not know the key does not see it");
    }
    for length in [1, 63, 65, 72] {
        let mut note = good.clone();
        note.signatures[0].bytes.resize(length, 0);
        assert_eq!(note.open(&keys), Err(bad("a.example")), "{length}");
    }
    // A false signature beside a true one by the same key, in either order.
    for place in [0, 1] {
        let mut note = signed("text\n", &[("a.example", 1), ("a.example", 1)]);
        note.signatures[place].bytes[0] ^= 1;
        assert_eq!(note.open(&keys), Err(bad("a.example")));
    }
}

#[test]
fn a_key_that_signed_twice_is_listed_once() {
    let note = signed("text\n", &[("a.example", 1), ("a.example", 1)]);
    assert_eq!(note.open(&[key("a.example", 1), key("a.example", 1)]).unwrap().verified().len(), 1);
}

#[test]
fn two_known_keys_under_one_name_and_id_are_ambiguous() {
    let one = key("a.example", 1);
    let other = key("a.example", 2).with_id_for_tests(one.id());
    let note = Note::sign("text\n", one.name(), &secret(1)).unwrap();
    assert!(note.clone().open(core::slice::from_ref(&one)).is_ok());
    let error = note.open(&[one.clone(), other]).unwrap_err();
    assert_eq!(error, OpenError::AmbiguousKey { name: one.name().into(), id: one.id() });
    assert_eq!(error.code(), "ambiguous_key");
}

#[test]
fn what_would_not_be_read_again_is_not_written() {
    let code = |result: Result<Note, SignNoteError>| result.map_err(|error| error.code());
    assert_eq!(code(Note::sign("text", "a.example", &secret(1))), Err("note_text_unterminated"));
    assert_eq!(code(Note::sign("te\rxt\n", "a.example", &secret(1))), Err("note_control_character"));
    assert_eq!(code(Note::sign("text\n", "a b", &secret(1))), Err("key_name"));
    let large = format!("{}\n", "x".repeat(MAX_NOTE_SIZE - 100));
    assert_eq!(code(Note::sign(&large, "a.example", &secret(1))), Err("note_too_large"));

    let mut note = signed("text\n", &[("a.example", 1)]);
    let line = note.signatures[0].clone();
    (1..MAX_SIGNATURES).for_each(|_| note.add(line.clone()).unwrap());
    assert_eq!(note.add(line), Err(NoteError::TooManySignatures));
    assert_eq!(Note::parse(note.to_string().as_bytes()), Ok(note));
}

struct Locked;

impl Signer for Locked {
    fn public_key(&self) -> primitives::PublicKey {
        secret(1).public_key()
    }
    fn sign(&self, _: &[u8]) -> Result<primitives::Signature, SignError> {
        Err(SignError("token removed".into()))
    }
}

#[test]
fn a_key_that_does_not_sign_says_so() {
    let error = Note::sign("text\n", "a.example", &Locked).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("key_could_not_sign", "key could not sign: token removed"));
}

#[test]
fn signature_lines_are_read_on_their_own() {
    let note = signed("text\n", &[("a.example", 1), ("b.example", 2)]);
    let lines: String = note.signatures().iter().map(ToString::to_string).collect();
    assert_eq!(NoteSignature::parse_lines(lines.as_bytes()).unwrap(), note.signatures());
    for (lines, code) in [
        (&b""[..], "note_no_signature"),
        (b"\n", "signature_line"),
        (b"\xe2\x80\x94 a.example AAAAAAA=", "note_unterminated"),
        (b"\xe2\x80", "note_not_utf8"),
        (b"\xe2\x80\x94 a.example\tAAAAAAA=\n", "note_control_character"),
    ] {
        assert_eq!(NoteSignature::parse_lines(lines).map_err(|error| error.code()), Err(code), "{lines:?}");
    }
    let many = vec![b'x'; MAX_NOTE_SIZE + 1];
    assert_eq!(NoteSignature::parse_lines(&many).map_err(|error| error.code()), Err("note_too_large"));
}

proptest! {
    #[test]
    fn what_is_signed_is_opened(text in "([^\\x00-\\x1f]|\\n){0,80}\\n", seed: u8, name in "[a-z./0-9]{1,30}") {
        let note = signed(&text, &[(&name, seed)]);
        let again = Note::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&again, &note);
        let opened = again.open(&[key(&name, seed)]).unwrap();
        prop_assert_eq!(opened.text(), text);
    }

    #[test]
    fn what_is_parsed_is_printed_alike(bytes in note_like()) {
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.to_string(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Note::parse(&bytes);
        let _ = NoteSignature::parse_lines(&bytes);
    }
}

/// Texts put together from the pieces that matter, so that many of them are nearly or truly notes.
fn note_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\n\n"),
        Just("— "),
        Just("a.example"),
        Just(" "),
        Just("AAAAAAA="),
        Just("text"),
        Just("— a.example AAAAAAA=\n"),
        Just("\t"),
        Just("+"),
        Just("é"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
