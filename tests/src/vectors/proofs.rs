//! Inclusion proofs to carry away (c2sp.org/tlog-proof), each for one statement.

use primitives::{Hash, Signer as _, base64};
use serde_json::json;
use tlog::{Checkpoint, Vkey, encode_proof};

use super::forge::replaced;
use super::world::{World, inclusion, index, key, log_vkey, received_at, signed_checkpoint};
use super::{Expected, Part};

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("proofs");
    let statement = world.statement(index::GOOD);
    let mut add = |name: &str, about: &str, proof: &str, expected: Expected| {
        let given = [
            ("statement", json!(statement)),
            ("index", json!(index::GOOD)),
            ("proof", json!(proof)),
            ("log_keys", json!([log_vkey().to_string()])),
        ];
        part.add(name, about, given, expected);
    };
    let (tree, checkpoint) = (world.tree(), world.checkpoint());
    let hashes = inclusion(&tree, index::GOOD);
    let extra = received_at(index::GOOD).millis().to_be_bytes();
    let with = |hashes: &[Hash], checkpoint: &str| encode_proof(index::GOOD, hashes, &extra, checkpoint);
    let good = with(&hashes, &checkpoint);
    add("good", "Nothing is wrong.", &good, Expected::accepted());
    let unknown = Vkey::log("witness.example", key::stranger().public_key()).expect("a key name");
    let line = tlog::NoteSignature::ed25519("anything\n", unknown.name(), &key::stranger()).expect("it signs");
    let known = format!("{good}{line}");
    add("good-unknown-signature", "A signature of a key that is not known: ignored.", &known, Expected::accepted());

    let mut add = |code: &str, name: &str, about: &str, proof: &str| add(name, about, proof, Expected::refused(code));
    let swap = |from: &str, to: &str| replaced(&good, from, to);
    add("proof_header", "header-version", "Another version.", &swap("@v1", "@v2"));
    add("proof_header", "header-line-end", "A carriage return.", &swap("@v1\n", "@v1\r\n"));
    add("proof_header", "header-missing", "A checkpoint in place of a proof.", &checkpoint);
    let line = format!("extra {}\n", base64::encode(&extra));
    let bare = encode_proof(index::GOOD, &hashes, &[], &checkpoint);
    add("no_received_at", "extra-missing", "No time of receipt.", &bare);
    let nine = encode_proof(index::GOOD, &hashes, &[0; 9], &checkpoint);
    add("no_received_at", "extra-long", "Nine bytes in place of eight.", &nine);
    add("proof_extra", "extra-empty", "An empty extra, which is written by leaving it out.", &swap(&line, "extra \n"));
    add("proof_extra", "extra-not-base64", "No base64.", &swap(&line, "extra !\n"));
    let earlier = received_at(0).millis().to_be_bytes();
    let backdated = encode_proof(index::GOOD, &hashes, &earlier, &checkpoint);
    add(
        "root_mismatch",
        "extra-backdated",
        "Another time of receipt: extra is believed as far as the leaf is.",
        &backdated,
    );
    add("proof_index", "index-leading-zero", "A leading zero.", &swap("index 2\n", "index 02\n"));
    add("proof_index", "index-negative", "A sign.", &swap("index 2\n", "index -2\n"));
    add("proof_index", "index-missing", "No index.", &swap("index 2\n", ""));
    add("other_entry", "index-of-another", "Of another entry than the one asked for.", &swap("index 2\n", "index 3\n"));
    add("proof_length", "hash-missing", "A hash too few.", &with(hashes.get(1..).expect("hashes"), &checkpoint));
    let more = [hashes.as_slice(), &[Hash([0; 32])]].concat();
    add("proof_length", "hash-more", "A hash too many.", &with(&more, &checkpoint));
    let mut turned = hashes.clone();
    turned.reverse();
    add("root_mismatch", "hashes-reversed", "Hashes in the other order.", &with(&turned, &checkpoint));
    let many = with(&[Hash([0; 32]); 65], &checkpoint);
    add("proof_too_many_hashes", "hashes-many", "65 hashes.", &many);
    let first = hashes.first().expect("hashes").to_base64();
    add("proof_hash", "hash-short", "A hash of 31 bytes.", &swap(&first, &base64::encode(&[0; 31])));
    let (body, _) = first.split_at(42);
    let last = first.as_bytes().get(42).map(|last| next(*last)).expect("44 characters");
    let loose = swap(&first, &format!("{body}{last}="));
    add("proof_hash", "hash-trailing-bits", "Trailing bits that are not zero.", &loose);
    let joined = swap("\n\nregistry", "\nregistry");
    add("proof_hash", "no-empty-line", "No empty line before the checkpoint.", &joined);
    let (cut, _) = good.split_once("\n\n").expect("an empty line");
    add("proof_no_empty_line", "cut-before-checkpoint", "It ends before the checkpoint.", &format!("{cut}\n"));
    add("note_unterminated", "cut-last-newline", "No line feed at the end.", good.trim_end());
    add("signature_line", "trailing-line", "A line after the signatures.", &format!("{good}more\n"));
    let size = world.state.size();
    let resized = swap(&format!("\n{size}\n"), &format!("\n{}\n", size + 1));
    add("bad_signature", "checkpoint-resized", "Another size in the checkpoint.", &resized);
    let stranger = signed_checkpoint(&tree, &key::stranger());
    add(
        "no_known_signature",
        "checkpoint-of-nobody",
        "Signed by another key under the log's name.",
        &with(&hashes, &stranger),
    );
    let root = tlog::root(size, &tree).expect("a tree in memory");
    let elsewhere = Checkpoint::new("other.example", size, root).expect("a checkpoint").to_text();
    let elsewhere = tlog::Note::sign(&elsewhere, super::world::ORIGIN, &key::log()).expect("it signs").to_string();
    let about = "The log's key signs a checkpoint of another origin.";
    add("no_log_signature", "checkpoint-of-another-log", about, &with(&hashes, &elsewhere));
    let small = tree_of(world, 2);
    let about = "A true checkpoint of the log before it held the entry.";
    add("index_beyond_size", "checkpoint-too-small", about, &with(&hashes, &signed_checkpoint(&small, &key::log())));
    let other = tree_of(world, 9);
    let about = "A true checkpoint of another size than the proof is for.";
    add("proof_length", "checkpoint-of-another-size", about, &with(&hashes, &signed_checkpoint(&other, &key::log())));
    let of_another = encode_proof(index::GOOD, &inclusion(&tree, 3), &extra, &checkpoint);
    add("root_mismatch", "hashes-of-another", "The hashes of another entry's proof.", &of_another);
    part
}

/// The log as it was at this size.
fn tree_of(world: &World, size: usize) -> tlog::MemoryTree {
    world.entries.iter().take(size).map(|entry| tlog::leaf_hash(entry)).collect()
}

/// A character of base64 whose lowest bits are other ones.
fn next(of: u8) -> char {
    match of {
        b'Z' => 'a',
        b'z' => '0',
        b'9' => '+',
        other => char::from(other + 1),
    }
}
