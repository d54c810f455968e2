//! Two checkpoints of one log, and the proof that the newer tree begins with the older one (RFC 9162 §2.1.4).

use primitives::{Hash, Signer as _};
use serde_json::json;
use tlog::{Checkpoint, EMPTY_ROOT, MemoryTree, Vkey, consistency_proof, leaf_hash};

use super::world::{key, log_vkey, signed_checkpoint};
use super::{Expected, Part};

/// A tree of so many leaves; another `seed` gives other ones from leaf 5 on.
fn tree(size: u8, seed: u8) -> MemoryTree {
    (0..size).map(|leaf| leaf_hash(&[leaf, if leaf < 5 { 0 } else { seed }])).collect()
}

fn note(tree: &MemoryTree) -> String {
    signed_checkpoint(tree, &key::log())
}

fn proof(old: u8, new: u8) -> Vec<Hash> {
    let tree = tree(new, 0);
    consistency_proof(old.into(), new.into(), &tree).expect("a tree in memory")
}

pub(super) fn part() -> Part {
    let mut part = Part::new("consistency");
    let other = Vkey::log("other.example", key::log().public_key()).expect("a key name");
    let mut add = |name: &str, about: &str, old: &str, new: &str, proof: &[Hash], expected: Expected| {
        let given = [
            ("older", json!(old)),
            ("newer", json!(new)),
            ("proof", json!(proof.iter().map(Hash::to_base64).collect::<Vec<_>>())),
            ("log_keys", json!([log_vkey().to_string(), other.to_string()])),
        ];
        part.add(name, about, given, expected);
    };
    let of = |size| note(&tree(size, 0));
    for (old, new) in [(1, 2), (3, 7), (4, 7), (4, 8), (6, 8), (7, 7), (5, 13), (8, 13)] {
        let about = "Nothing is wrong.";
        add(&format!("good-{old}-{new}"), about, &of(old), &of(new), &proof(old, new), Expected::accepted());
    }
    let empty = Checkpoint::new(super::world::ORIGIN, 0, EMPTY_ROOT).expect("a checkpoint");
    let empty = empty.sign(&key::log()).expect("it signs").to_string();
    add("good-0-7", "The empty log begins every log; its proof is empty.", &empty, &of(7), &[], Expected::accepted());

    let mut add = |code: &str, name: &str, about: &str, old: &str, new: &str, proof: &[Hash]| {
        add(name, about, old, new, proof, Expected::refused(code));
    };
    let good = proof(6, 13);
    add("proof_length", "proof-empty", "No proof.", &of(6), &of(13), &[]);
    let cut = good.get(..good.len() - 1).expect("hashes");
    add("proof_length", "proof-cut", "A hash too few.", &of(6), &of(13), cut);
    let more = [good.as_slice(), &[Hash([0; 32])]].concat();
    add("proof_length", "proof-more", "A hash too many.", &of(6), &of(13), &more);
    add("proof_length", "proof-of-equal-sizes", "A proof where there is nothing to prove.", &of(7), &of(7), &more);
    let mut first = good.clone();
    first.swap(0, 1);
    add("old_root_mismatch", "proof-swapped", "Hashes in another order.", &of(6), &of(13), &first);
    let mut last = good.clone();
    if let Some(hash) = last.last_mut() {
        hash.0[0] ^= 1;
    }
    add("new_root_mismatch", "proof-last-hash", "One bit of the last hash.", &of(6), &of(13), &last);
    let about = "Two signed checkpoints of one size and two roots: the log has shown two faces.";
    add("new_root_mismatch", "two-faces", about, &of(7), &note(&tree(7, 1)), &[]);
    let about = "The newer tree has another entry 5 than the older one.";
    add("old_root_mismatch", "rewritten", about, &note(&tree(6, 1)), &of(13), &good);
    add("old_beyond_new", "shrunk", "The newer log is smaller.", &of(13), &of(6), &good);
    let root = tlog::root(13, &tree(13, 0)).expect("a tree in memory");
    let elsewhere = Checkpoint::new("other.example", 13, root).expect("a checkpoint").sign(&key::log());
    let elsewhere = elsewhere.expect("it signs").to_string();
    add("other_log", "of-another-log", "Checkpoints of two logs.", &of(6), &elsewhere, &good);
    let stranger = signed_checkpoint(&tree(13, 0), &key::stranger());
    add("no_known_signature", "of-nobody", "A newer checkpoint that no known key signed.", &of(6), &stranger, &good);
    part
}
