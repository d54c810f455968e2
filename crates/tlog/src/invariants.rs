//! What every parser of this crate promises about any bytes: it does not panic, and what it reads it writes again alike.
//!
//! One function for each parser of outside bytes; each panics where a promise is broken. Fuzz targets call them with
//! what the fuzzer makes up, and the tests below with valid samples and near misses.

use alloc::string::ToString;
use alloc::vec::Vec;

use primitives::Hash;

use crate::{
    AddCheckpoint, Bundle, Checkpoint, EMPTY_ROOT, Frontier, Growth, Note, NoteSignature, OpenedCheckpoint, Proof,
    Quorum, Receipt, Tile, TilePath, Vkey, verify_consistency, verify_inclusion,
};

/// A promise about any bytes.
pub type Invariant = fn(&[u8]);

/// Every promise, by the name that its fuzz target has.
pub const ALL: [(&str, Invariant); 13] = [
    ("tlog_note", note),
    ("tlog_signature_lines", signature_lines),
    ("tlog_add_checkpoint", add_checkpoint),
    ("tlog_vkey", vkey),
    ("tlog_checkpoint", checkpoint),
    ("tlog_opened_checkpoint", opened_checkpoint),
    ("tlog_proof", proof),
    ("tlog_receipt", receipt),
    ("tlog_tile_path", tile_path),
    ("tlog_tile", tile),
    ("tlog_bundle", bundle),
    ("tlog_frontier", frontier),
    ("tlog_merkle_proofs", merkle_proofs),
];

/// [`Note::parse`]: one spelling; without keys nothing opens.
pub fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        assert!(note.text().ends_with('\n') && !note.signatures().is_empty());
        assert!(note.open(&[]).is_err());
    }
}

/// [`NoteSignature::parse_lines`]: one spelling.
pub fn signature_lines(bytes: &[u8]) {
    if let Ok(lines) = NoteSignature::parse_lines(bytes) {
        let written: Vec<u8> = lines.iter().flat_map(|line| line.to_string().into_bytes()).collect();
        assert_eq!(written, bytes);
    }
}

/// [`AddCheckpoint::parse`]: one spelling.
pub fn add_checkpoint(bytes: &[u8]) {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(alloc::format!("{request}").as_bytes(), bytes);
    }
}

/// [`Vkey::parse`]: one spelling.
pub fn vkey(bytes: &[u8]) {
    if let Some(vkey) = str::from_utf8(bytes).ok().and_then(|text| Vkey::parse(text).ok()) {
        assert_eq!(vkey.to_string().as_bytes(), bytes);
    }
}

/// [`Checkpoint::parse`]: one spelling, and only an empty tree has the empty root's size.
pub fn checkpoint(bytes: &[u8]) {
    if let Some(checkpoint) = str::from_utf8(bytes).ok().and_then(|text| Checkpoint::parse(text).ok()) {
        assert_eq!(checkpoint.to_text().as_bytes(), bytes);
        assert!(checkpoint.size() != 0 || checkpoint.root() == EMPTY_ROOT);
    }
}

/// [`OpenedCheckpoint::open`] with the keys that the first line names, if it names any: what opens is signed by the log
/// and holds no more cosigners than lines.
///
/// Layout: verifier keys on the first line, spaces between them; then the note.
pub fn opened_checkpoint(bytes: &[u8]) {
    let split = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (keys, note) = bytes.split_at(split);
    let keys: Vec<Vkey> =
        str::from_utf8(keys).unwrap_or_default().split(' ').filter_map(|key| Vkey::parse(key).ok()).collect();
    if let Ok(opened) = OpenedCheckpoint::open(note.get(1..).unwrap_or_default(), &keys) {
        assert_eq!(opened.log_key().name(), opened.origin());
        assert!(keys.contains(opened.log_key()));
        assert!(opened.cosigners().len() < opened.note().signatures().len());
        assert_eq!(opened.note().text(), opened.to_text());
        assert!(Quorum::none().check(&opened).is_ok());
    }
}

/// [`Proof::parse`]: one spelling; without keys nothing verifies.
pub fn proof(bytes: &[u8]) {
    if let Ok(proof) = Proof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
        assert!(proof.verify(&EMPTY_ROOT, &[]).is_err());
    }
}

/// [`Receipt::parse`]: one spelling; for no leaf that the fuzzer does not know the key of.
pub fn receipt(bytes: &[u8]) {
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.encode(), bytes);
        let key = primitives::Signer::public_key(&primitives::SecretKey::from_seed(&[9; 32]));
        assert!(receipt.verify(&EMPTY_ROOT, &key).is_err());
    }
}

/// [`TilePath::parse`]: one spelling; a tree that has the tile has the narrower ones.
pub fn tile_path(bytes: &[u8]) {
    if let Some(path) = str::from_utf8(bytes).ok().and_then(|text| TilePath::parse(text).ok()) {
        assert_eq!(path.to_string().as_bytes(), bytes);
        assert!((1..=256).contains(&path.width()));
        assert!(!path.is_within(0));
        let narrowest = path.narrowed(1);
        assert!(narrowest.is_ok_and(|narrowest| narrowest.is_within(u64::MAX) || !path.is_within(u64::MAX)));
    }
}

/// [`Tile::decode`]: one spelling. Layout: width (2 bytes, big-endian), then the tile.
pub fn tile(bytes: &[u8]) {
    let Some((width, bytes)) = bytes.split_first_chunk() else { return };
    if let Ok(tile) = Tile::decode(bytes, u16::from_be_bytes(*width)) {
        assert_eq!(tile.encode(), bytes);
        assert_eq!(tile.subtree(8, 0).is_some(), tile.width() == 256);
    }
}

/// [`Bundle::decode`]: one spelling, its own prefix. Layout: width (2 bytes, big-endian), then the bundle.
pub fn bundle(bytes: &[u8]) {
    let Some((width, bytes)) = bytes.split_first_chunk() else { return };
    let width = u16::from_be_bytes(*width);
    if let Ok(bundle) = Bundle::decode(bytes, width) {
        assert_eq!(Bundle::encode(bundle.entries()).as_deref(), Ok(bytes));
        assert_eq!(Bundle::prefix(bytes, width), Ok(bytes));
    }
}

/// [`Frontier::decode`]: one spelling; it grows by a push as by a batch.
pub fn frontier(bytes: &[u8]) {
    if let Ok(mut frontier) = Frontier::decode(bytes) {
        assert_eq!(frontier.encode(), bytes);
        let growth = Growth::new(&frontier, [EMPTY_ROOT].to_vec());
        frontier.push(EMPTY_ROOT);
        assert_eq!(growth.frontier(), frontier);
        assert_eq!(growth.root(), frontier.root());
    }
}

/// [`verify_inclusion`] and [`verify_consistency`]: an inclusion proof that holds fails with any hash of it changed.
///
/// Layout: index and size (8 bytes each, big-endian), root and leaf (32 each), then the hashes of the proof.
pub fn merkle_proofs(bytes: &[u8]) {
    let Some((index, bytes)) = bytes.split_first_chunk() else { return };
    let Some((size, bytes)) = bytes.split_first_chunk() else { return };
    let (index, size) = (u64::from_be_bytes(*index), u64::from_be_bytes(*size));
    let mut hashes = bytes.as_chunks().0.iter().copied().map(Hash);
    let (Some(root), Some(leaf)) = (hashes.next(), hashes.next()) else { return };
    let proof: Vec<Hash> = hashes.collect();
    let _ = verify_consistency(index, size, &leaf, &root, &proof);
    if verify_inclusion(&leaf, index, size, &proof, &root).is_ok() {
        for at in 0..proof.len() {
            let mut other = proof.clone();
            other.iter_mut().skip(at).take(1).for_each(|hash| hash.0.reverse());
            assert!(other == proof || verify_inclusion(&leaf, index, size, &other, &root).is_err());
        }
    }
}

#[cfg(test)]
mod tests;
