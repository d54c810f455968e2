//! Signed checkpoints (c2sp.org/tlog-checkpoint, signed-note, tlog-cosignature), each against log keys, witnesses and a quorum.

use primitives::{PublicKey, SecretKey, Signer as _, base64};
use serde_json::json;
use statement::sample::instant;
use tlog::{Checkpoint, EMPTY_ROOT, Note, NoteSignature, Vkey, key_id};

use super::forge::{WEAK_KEY, replaced, under_weak_key, with_s_plus_l, with_small_r};
use super::world::{ORIGIN, World, key, log_vkey};
use super::{Expected, Part};

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("checkpoints");
    let good = world.checkpoint();
    plain(&mut part, &good);
    lines(&mut part, &good);
    signatures(&mut part, &good);
    witnesses(&mut part, &good);
    part
}

fn witness(name: &str, key: &SecretKey) -> Vkey {
    Vkey::witness(name, key.public_key()).expect("a key name")
}

fn add(part: &mut Part, name: &str, about: &str, note: &str, keys: &[Vkey], quorum: usize, expected: Expected) {
    let of = |is_log: bool| -> Vec<String> {
        let is = |key: &&Vkey| (key.signature_type() == tlog::SignatureType::Ed25519) == is_log;
        keys.iter().filter(is).map(ToString::to_string).collect()
    };
    let given = [
        ("checkpoint", json!(note)),
        ("origin", json!(ORIGIN)),
        ("log_keys", json!(of(true))),
        ("witnesses", json!(of(false))),
        ("quorum", json!(quorum)),
    ];
    part.add(name, about, given, expected);
}

fn plain(part: &mut Part, good: &str) {
    let mut add = |name: &str, about: &str, note: &str| {
        add(part, name, about, note, &[log_vkey()], 0, Expected::accepted());
    };
    add("good", "Nothing is wrong.", good);
    let parsed = Checkpoint::parse(Note::parse(good.as_bytes()).expect("a note").text()).expect("a checkpoint");
    let extended = parsed.with_extension("some extension").expect("an extension");
    add(
        "good-extension",
        "An extension line, which the log signs too.",
        &extended.sign(&key::log()).expect("it signs").to_string(),
    );
    let empty = Checkpoint::new(ORIGIN, 0, EMPTY_ROOT).expect("a checkpoint");
    add("good-empty", "The empty log.", &empty.sign(&key::log()).expect("it signs").to_string());
    let stranger = NoteSignature::ed25519("other\n", "someone.example", &key::stranger()).expect("it signs");
    add("good-unknown-signature", "A signature of a key that is not known: ignored.", &format!("{good}{stranger}"));
    let same_name = NoteSignature::ed25519("other\n", ORIGIN, &key::stranger()).expect("it signs");
    let about = "The same, under the log's name with another key id.";
    add("good-unknown-key-id", about, &format!("{good}{same_name}"));
}

fn lines(part: &mut Part, good: &str) {
    let (text, _) = good.split_once("\n\n").expect("an empty line");
    let lines: Vec<&str> = text.split('\n').collect();
    let [origin, size, root] = lines.as_slice() else { panic!("three lines: {text}") };
    let mut add = |code: &str, name: &str, about: &str, note: &str| {
        add(part, name, about, note, &[log_vkey()], 0, Expected::refused(code));
    };
    // The log signs what it should not: the form is refused whoever signed it.
    let signed = |text: &str| Note::sign(text, ORIGIN, &key::log()).expect("it signs").to_string();
    add("checkpoint_too_few_lines", "line-missing", "No root.", &signed(&format!("{origin}\n{size}\n")));
    add("checkpoint_size", "size-leading-zero", "A leading zero.", &signed(&format!("{origin}\n0{size}\n{root}\n")));
    add("checkpoint_size", "size-sign", "A sign.", &signed(&format!("{origin}\n+{size}\n{root}\n")));
    let large = format!("{origin}\n18446744073709551616\n{root}\n");
    add("checkpoint_size", "size-too-large", "2^64.", &signed(&large));
    add(
        "checkpoint_root",
        "root-short",
        "A root of 31 bytes.",
        &signed(&format!("{origin}\n{size}\n{}\n", base64::encode(&[0; 31]))),
    );
    add(
        "checkpoint_root",
        "root-no-padding",
        "A root without padding.",
        &signed(&format!("{origin}\n{size}\n{}\n", root.trim_end_matches('='))),
    );
    add(
        "checkpoint_empty_tree_root",
        "root-of-empty-log",
        "An empty log with a root that is not that of nothing.",
        &signed(&format!("{origin}\n0\n{root}\n")),
    );
    add(
        "checkpoint_empty_line",
        "extension-empty",
        "An empty extension line.",
        &signed(&format!("{origin}\n{size}\n{root}\n\nx\n")),
    );
    add(
        "note_no_empty_line",
        "note-no-empty-line",
        "No empty line before the signatures.",
        &replaced(good, "\n\n", "\n"),
    );
    add("note_no_signature", "note-no-signature", "No signature line.", &format!("{text}\n\n"));
    add("note_unterminated", "note-unterminated", "No line feed at the end.", good.trim_end());
    add("note_control_character", "note-carriage-return", "Lines that end as on Windows.", &good.replace('\n', "\r\n"));
    add("note_control_character", "note-tab", "A tab.", &replaced(good, ORIGIN, &format!("{ORIGIN}\t")));
    add("signature_line", "signature-hyphen", "A hyphen in place of the dash.", &replaced(good, "\u{2014} ", "- "));
    add(
        "signature_line",
        "signature-two-spaces",
        "Two spaces after the dash.",
        &replaced(good, "\u{2014} ", "\u{2014}  ").replace("\u{2014}  registry", "\u{2014}registry"),
    );
    add("key_name", "signature-name-plus", "A plus sign in a key name.", &format!("{good}\u{2014} a+b AAAAAAA=\n"));
    add(
        "signature_base64",
        "signature-no-bytes",
        "A key id and nothing more.",
        &format!("{good}\u{2014} other.example AAAAAA==\n"),
    );
    add(
        "signature_base64",
        "signature-url-alphabet",
        "The alphabet of URLs.",
        &format!("{good}\u{2014} other.example AAAAAA-_\n"),
    );
    let line = NoteSignature::ed25519("other\n", "someone.example", &key::stranger()).expect("it signs").to_string();
    add("too_many_signatures", "signatures-many", "65 signature lines.", &format!("{good}{}", line.repeat(64)));
}

fn signatures(part: &mut Part, good: &str) {
    let (text, _) = good.split_once("\n\n").expect("an empty line");
    let text = format!("{text}\n");
    let mut add = |code: &str, name: &str, about: &str, note: &str, keys: &[Vkey]| {
        add(part, name, about, note, keys, 0, Expected::refused(code));
    };
    let log = &[log_vkey()][..];
    let size = text.lines().nth(1).expect("a size");
    let larger = replaced(good, &format!("\n{size}\n"), &format!("\n{size}0\n"));
    add("bad_signature", "signature-of-another-size", "Another size than was signed.", &larger, log);
    let line = |signature: &[u8]| {
        let id = log_vkey().id().0;
        format!("{text}\n\u{2014} {ORIGIN} {}\n", base64::encode(&[&id[..], signature].concat()))
    };
    let signature = key::log().sign(text.as_bytes()).expect("it signs");
    add(
        "bad_signature",
        "signature-s-not-reduced",
        "S + L in place of S.",
        &line(with_s_plus_l(&signature).as_bytes()),
        log,
    );
    let small = with_small_r(&key::log(), text.as_bytes());
    add("bad_signature", "signature-r-of-small-order", "R of small order.", &line(small.as_bytes()), log);
    add("bad_signature", "signature-long", "65 bytes.", &line(&[signature.as_bytes().as_slice(), &[0]].concat()), log);
    let weak = Vkey::log(ORIGIN, PublicKey::from_bytes(&WEAK_KEY).expect("a point")).expect("a key name");
    let id = key_id(ORIGIN, tlog::SignatureType::Ed25519, &WEAK_KEY).0;
    let under = base64::encode(&[&id[..], under_weak_key().as_bytes()].concat());
    let under = format!("{text}\n\u{2014} {ORIGIN} {under}\n");
    add(
        "bad_signature",
        "key-of-small-order",
        "A key of small order, under which one signature holds for any text.",
        &under,
        &[weak],
    );
    let two = format!("{good}{}", NoteSignature::ed25519("other\n", ORIGIN, &key::log()).expect("it signs"));
    add("bad_signature", "signature-false-beside-true", "A false signature of the log beside its true one.", &two, log);
    let stranger = Note::sign(&text, ORIGIN, &key::stranger()).expect("it signs").to_string();
    add("no_known_signature", "signature-of-another-key", "Another key under the log's name.", &stranger, log);
    let renamed = Note::sign(&text, "other.example", &key::log()).expect("it signs").to_string();
    add("no_known_signature", "signature-under-another-name", "The log's key under another name.", &renamed, log);
    let other = Vkey::log("other.example", key::log().public_key()).expect("a key name");
    add(
        "no_log_signature",
        "origin-of-another-log",
        "Signed by a known key, which is not of the log that is named.",
        &renamed,
        &[log_vkey(), other.clone()],
    );
    let elsewhere = text.replacen(ORIGIN, "other.example", 1);
    let elsewhere = Note::sign(&elsewhere, "other.example", &key::log()).expect("it signs").to_string();
    add(
        "other_log",
        "checkpoint-of-another-log",
        "A true checkpoint of another log than the one asked for.",
        &elsewhere,
        &[log_vkey(), other],
    );
}

fn witnesses(part: &mut Part, good: &str) {
    let parsed = Checkpoint::parse(Note::parse(good.as_bytes()).expect("a note").text()).expect("a checkpoint");
    let (one, two) = ("witness.example", "second.example");
    let keys = [log_vkey(), witness(one, &key::witness()), witness(two, &key::second_witness())];
    let cosigned = |name: &str, key: &SecretKey, time: &str| {
        NoteSignature::cosignature_v1(&parsed, name, key, instant(time)).expect("it signs").to_string()
    };
    let first = cosigned(one, &key::witness(), "2026-02-01T00:00:00Z");
    let second = cosigned(two, &key::second_witness(), "2026-02-01T00:01:00Z");
    let mut add = |name: &str, about: &str, note: &str, quorum: usize, expected: Expected| {
        add(part, name, about, note, &keys, quorum, expected);
    };
    let both = format!("{good}{first}{second}");
    add("good-quorum", "Two of two witnesses.", &both, 2, Expected::accepted());
    add("good-quorum-of-one", "One of two, where one is enough.", &format!("{good}{second}"), 1, Expected::accepted());
    let mut add = |code: &str, name: &str, about: &str, note: &str, quorum: usize| {
        add(name, about, note, quorum, Expected::refused(code));
    };
    add("no_quorum", "quorum-of-one-of-two", "One of two witnesses.", &format!("{good}{first}"), 2);
    let again = cosigned(one, &key::witness(), "2026-02-01T00:05:00Z");
    let about = "One witness twice, at two times: it counts once.";
    add("no_quorum", "quorum-one-twice", about, &format!("{good}{first}{again}"), 2);
    let stranger = cosigned("third.example", &key::stranger(), "2026-02-01T00:00:00Z");
    add("no_quorum", "quorum-with-a-stranger", "A witness that is not known.", &format!("{good}{first}{stranger}"), 2);
    let text = parsed.to_text();
    let plain = NoteSignature::ed25519(&text, two, &key::second_witness()).expect("it signs");
    let about = "A witness that signs as a log does: another type, so another key id.";
    add("no_quorum", "quorum-signed-as-a-log", about, &format!("{good}{first}{plain}"), 2);
    let mut bytes = base64::decode(second.trim_end().rsplit_once(' ').expect("a line").1).expect("base64");
    if let Some(last) = bytes.get_mut(11) {
        *last ^= 1;
    }
    let moved = format!("\u{2014} {two} {}\n", base64::encode(&bytes));
    add("bad_signature", "cosignature-time", "Another time than was signed.", &format!("{good}{moved}"), 1);
    let cut = format!("\u{2014} {two} {}\n", base64::encode(bytes.get(..68).expect("76 bytes")));
    add("bad_signature", "cosignature-short", "A cosignature without room for its time.", &format!("{good}{cut}"), 1);
    let (body, _) = good.split_once("\n\n").expect("an empty line");
    let alone = format!("{body}\n\n{first}{second}");
    add("no_log_signature", "quorum-without-the-log", "The witnesses signed, the log did not.", &alone, 2);
}
