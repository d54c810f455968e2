//! Agreement with Go's implementations (`golang.org/x/mod/sumdb`, transparency-dev `formats`, `merkle`, `tessera`), case
//! by case, from the shared vectors.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod shared_data;

use std::collections::BTreeMap;
use std::sync::Arc;

use primitives::{Hash, SecretKey, Signer, Timestamp};
use serde_json::Value;
use tlog::{
    Bundle, Checkpoint, Frontier, Growth, HashSource, MemoryTree, NoteSignature, OpenedCheckpoint, Proof, Quorum,
    SignatureType, Tile, TileHashes, TileKind, TilePath, TileReader, Vkey, consistency_proof, encode_proof,
    grown_tiles, inclusion_proof, leaf_hash, root, verify_consistency, verify_inclusion, width_in,
};

/// The largest tree that the vectors speak of.
const SIZE: u64 = 70_000;

fn vectors(test: &str) -> Option<Value> {
    let text = shared_data::read(test, "tlog/cross-vectors.json")?;
    Some(serde_json::from_slice(&text).expect("the vectors are JSON"))
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = value[name].as_array().unwrap_or_else(|| panic!("{name} is a list"));
    assert!(!list.is_empty(), "{name} has cases");
    list
}

fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap_or_else(|| panic!("{name} is a number"))
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

fn hash(text: &str) -> Hash {
    let bytes: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect();
    Hash(bytes.try_into().unwrap())
}

fn proof(value: &Value) -> Vec<Hash> {
    value["proof"].as_array().unwrap().iter().map(|line| hash(line.as_str().unwrap())).collect()
}

fn seed(text: &str) -> SecretKey {
    SecretKey::from_seed(&hash(text).0)
}

/// The leaf at an index, as the vectors define it: the index in decimal.
fn leaf(index: u64) -> Hash {
    leaf_hash(index.to_string().as_bytes())
}

fn tree() -> MemoryTree {
    (0..SIZE).map(leaf).collect()
}

#[test]
fn roots_agree() {
    let Some(vectors) = vectors("roots_agree") else { return };
    let (tree, mut frontier) = (tree(), Frontier::new());
    for case in list(&vectors, "roots") {
        let (size, expected) = (number(case, "size"), hash(text(case, "root")));
        assert_eq!(root(size, &tree), Ok(expected), "{size}");
        // The sizes ascend: grown from one to the next, by a batch and leaf by leaf.
        let growth = Growth::new(&frontier, (frontier.size()..size).map(leaf).collect());
        assert_eq!(growth.root(), expected, "{size}");
        (frontier.size()..size).for_each(|index| frontier.push(leaf(index)));
        assert_eq!((frontier.size(), frontier.root()), (size, expected));
    }
}

#[test]
fn inclusion_proofs_agree() {
    let Some(vectors) = vectors("inclusion_proofs_agree") else { return };
    let tree = tree();
    for case in list(&vectors, "inclusion") {
        let (index, size, expected) = (number(case, "index"), number(case, "size"), proof(case));
        assert_eq!(inclusion_proof(index, size, &tree).as_ref(), Ok(&expected), "{index} of {size}");
        let root = root(size, &tree).unwrap();
        assert_eq!(verify_inclusion(&leaf(index), index, size, &expected, &root), Ok(()), "{index} of {size}");
        let growth = Growth::new(&Frontier::read(index, &tree).unwrap(), (index..size).map(leaf).collect());
        assert_eq!(growth.inclusion_proof(index), Some(expected), "{index} of {size}");
    }
}

#[test]
fn consistency_proofs_agree() {
    let Some(vectors) = vectors("consistency_proofs_agree") else { return };
    let tree = tree();
    for case in list(&vectors, "consistency") {
        let (old, new, expected) = (number(case, "old"), number(case, "new"), proof(case));
        assert_eq!(consistency_proof(old, new, &tree).as_ref(), Ok(&expected), "{old} of {new}");
        let (old_root, new_root) = (root(old, &tree).unwrap(), root(new, &tree).unwrap());
        assert_eq!(verify_consistency(old, new, &old_root, &new_root, &expected), Ok(()), "{old} of {new}");
    }
}

#[test]
fn tile_paths_agree() {
    let Some(vectors) = vectors("tile_paths_agree") else { return };
    for case in list(&vectors, "paths_width0_means_full") {
        let index = number(case, "index");
        let width = match number(case, "width") {
            0 => 256,
            width => u16::try_from(width).unwrap(),
        };
        for (name, kind) in [
            ("entries", TileKind::Entries),
            ("tile_l0", TileKind::Hashes { level: 0 }),
            ("tile_l1", TileKind::Hashes { level: 1 }),
        ] {
            let path = TilePath::new(kind, index, width).unwrap();
            assert_eq!(path.to_string(), text(case, name));
            assert_eq!(text(case, name).parse(), Ok(path));
        }
    }
}

#[test]
fn tiles_agree() {
    let Some(vectors) = vectors("tiles_agree") else { return };
    let tree = tree();
    for case in list(&vectors, "tiles") {
        let size = number(case, "size");
        let mut expected = BTreeMap::new();
        for tile in list(case, "tiles_except_full_level0_above_0") {
            let level = u8::try_from(number(tile, "level")).unwrap();
            let (index, width) = (number(tile, "n"), u16::try_from(number(tile, "width")).unwrap());
            assert_eq!(width_in(level, index, size), width, "{level} {index} of {size}");
            let path = TilePath::new(TileKind::Hashes { level }, index, width).unwrap();
            expected.insert(path, hash(text(tile, "sha256_of_tile")));
        }
        let left_out = |path: &TilePath| path.level() == 0 && path.is_full() && path.index() > 0;
        let ours = grown_tiles(0, size).filter(|path| !left_out(path));
        let ours: BTreeMap<_, _> = ours.map(|path| (path, Hash::of(&tile(&tree, &path).encode()))).collect();
        assert_eq!(ours, expected, "{size}");
    }
}

fn tile(tree: &MemoryTree, path: &TilePath) -> Tile {
    let first = path.index() * 256;
    Tile::new((first..first + u64::from(path.width())).map(|index| tree.hash(path.level() * 8, index).unwrap()))
        .unwrap()
}

struct Tiles(MemoryTree);

impl TileReader for Tiles {
    type Error = std::convert::Infallible;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, Self::Error> {
        Ok(Arc::new(tile(&self.0, path)))
    }
}

#[test]
fn proofs_from_tiles_agree() {
    let Some(vectors) = vectors("proofs_from_tiles_agree") else { return };
    for case in list(&vectors, "inclusion").iter().filter(|case| number(case, "size") == SIZE) {
        let source = TileHashes::new(Tiles(tree()), SIZE);
        assert_eq!(inclusion_proof(number(case, "index"), SIZE, &source), Ok(proof(case)));
    }
    for case in list(&vectors, "consistency").iter().filter(|case| number(case, "new") == SIZE) {
        let source = TileHashes::new(Tiles(tree()), SIZE);
        assert_eq!(consistency_proof(number(case, "old"), SIZE, &source), Ok(proof(case)));
    }
}

#[test]
fn checkpoints_are_signed_and_opened_alike() {
    let Some(vectors) = vectors("checkpoints_are_signed_and_opened_alike") else { return };
    let notes = &vectors["notes"];
    let log_key: Vkey = text(notes, "log_vkey").parse().unwrap();
    assert_eq!(log_key.to_string(), text(notes, "log_vkey"));
    let secret = seed(text(notes, "log_seed_hex"));
    assert_eq!(Vkey::log(log_key.name(), secret.public_key()), Ok(log_key.clone()));

    let checkpoint = Checkpoint::parse(text(notes, "checkpoint_body")).unwrap();
    assert_eq!(Ok(checkpoint.root()), root(1000, &tree()));
    assert_eq!(checkpoint.sign(&secret).unwrap().to_string(), text(notes, "checkpoint"));
    let opened = OpenedCheckpoint::open(text(notes, "checkpoint").as_bytes(), &[log_key]).unwrap();
    assert_eq!((opened.size(), opened.root()), (1000, checkpoint.root()));
}

#[test]
fn cosignatures_are_made_and_opened_alike() {
    let Some(vectors) = vectors("cosignatures_are_made_and_opened_alike") else { return };
    let notes = &vectors["notes"];
    let witness: Vkey = text(notes, "witness_vkey_0x04").parse().unwrap();
    let keys = [text(notes, "log_vkey").parse().unwrap(), witness.clone()];
    let signed = text(notes, "checkpoint_with_ed25519_cosignature");
    let opened = OpenedCheckpoint::open(signed.as_bytes(), &keys).unwrap();
    let [cosigner] = opened.cosigners() else { panic!("one witness cosigned") };
    assert_eq!((cosigner.name(), cosigner.time()), (witness.name(), Timestamp::from_seconds(0x6b04_c9a9)));

    let secret = seed(text(notes, "witness_seed_hex"));
    let line = NoteSignature::cosignature_v1(&opened, witness.name(), &secret, cosigner.time()).unwrap();
    assert_eq!(format!("{}{line}", text(notes, "checkpoint")), signed);
}

#[test]
fn a_post_quantum_cosignature_counts_where_it_can_be_checked() {
    let Some(vectors) = vectors("a_post_quantum_cosignature_counts_where_it_can_be_checked") else { return };
    let notes = &vectors["notes"];
    let post_quantum: Vkey = text(notes, "mldsa44_vkey_0x06").parse().unwrap();
    assert_eq!(post_quantum.signature_type(), SignatureType::MlDsa44Cosignature);
    assert_eq!(post_quantum.to_string(), text(notes, "mldsa44_vkey_0x06"));
    let witness: Vkey = text(notes, "witness_vkey_0x04").parse().unwrap();
    let keys = [text(notes, "log_vkey").parse().unwrap(), witness.clone(), post_quantum.clone()];

    let signed = text(notes, "checkpoint_with_ed25519_and_mldsa44_cosignatures");
    let opened = OpenedCheckpoint::open(signed.as_bytes(), &keys).unwrap();
    assert_eq!(opened.note().signatures().len(), 3);
    assert_eq!(opened.note().to_string(), signed);
    let names: Vec<&str> = opened.cosigners().iter().map(|cosigner| cosigner.name()).collect();
    let counted = if post_quantum.is_checkable() { 2 } else { 1 };
    assert_eq!(names, [witness.name(), post_quantum.name()][..counted]);
    let quorum = Quorum::new(vec![witness, post_quantum.clone()], 1).unwrap();
    assert_eq!(quorum.check(&opened).unwrap().cosigners(), counted);

    // Where its signature is not looked at, a broken one does not void the note either.
    let line = opened.note().signatures()[2].to_string();
    let broken = signed.replace(&line, &line.replacen("TfZl", "TfZm", 1));
    assert_ne!(broken, signed);
    assert_eq!(OpenedCheckpoint::open(broken.as_bytes(), &keys).is_ok(), !post_quantum.is_checkable());
}

#[test]
fn checkpoints_that_the_specification_forbids_are_refused() {
    let Some(vectors) = vectors("checkpoints_that_the_specification_forbids_are_refused") else { return };
    let cases = list(&vectors, "checkpoint_bodies_that_spec_forbids");
    let found: Vec<(&str, &str)> = cases
        .iter()
        .map(|case| {
            (text(case, "why"), Checkpoint::parse(text(case, "body")).map_or_else(|error| error.code(), |_| "read"))
        })
        .collect();
    assert_eq!(
        found,
        [
            ("size leading zero", "checkpoint_size"),
            ("empty origin", "checkpoint_empty_line"),
            ("empty extension line", "checkpoint_empty_line"),
            ("no final newline", "checkpoint_unterminated"),
            ("negative", "checkpoint_size"),
            ("plus sign", "checkpoint_size"),
        ]
    );
}

#[test]
fn tlog_proofs_agree() {
    let Some(vectors) = vectors("tlog_proofs_agree") else { return };
    let (notes, proofs) = (&vectors["notes"], &vectors["tlog_proof"]);
    let keys: Vec<Vkey> = ["log_vkey", "witness_vkey_0x04"].map(|name| text(notes, name).parse().unwrap()).to_vec();
    let entry = text(proofs, "entry");
    for (name, extra) in [("plain", &b""[..]), ("with_extra", br#"{"k":1}"#)] {
        let proof = Proof::parse(text(proofs, name).as_bytes()).unwrap();
        assert_eq!((proof.index(), proof.extra()), (123, extra));
        let included = proof.verify(&leaf_hash(entry.as_bytes()), &keys).unwrap();
        assert_eq!((included.index(), included.checkpoint().size()), (123, 1000));
        assert_eq!(included.checkpoint().cosigners().len(), 1);
        assert!(proof.verify(&leaf_hash(b"124"), &keys).is_err());

        let hashes = inclusion_proof(123, 1000, &tree()).unwrap();
        let checkpoint = text(notes, "checkpoint_with_ed25519_cosignature");
        assert_eq!(encode_proof(123, &hashes, extra, checkpoint), text(proofs, name));
    }
}

#[test]
fn bundles_hash_to_the_tiles_beside_them() {
    let Some(vectors) = vectors("bundles_hash_to_the_tiles_beside_them") else { return };
    let case = &list(&vectors, "tiles")[0];
    assert_eq!(number(case, "size"), 1);
    let bytes = Bundle::encode(["0"]).unwrap();
    let hashes = Bundle::decode(&bytes, 1).unwrap();
    let tile = Tile::new(hashes.leaf_hashes()).unwrap();
    let expected = &list(case, "tiles_except_full_level0_above_0")[0];
    assert_eq!(Hash::of(&tile.encode()), hash(text(expected, "sha256_of_tile")));
}
