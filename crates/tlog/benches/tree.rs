//! What the tree costs on the write and read paths, beside the least that it could cost: the SHA-256 compressions alone.
//!
//! `cargo bench -p tlog` prints each figure and its ratio to that limit, measured in the same run.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use primitives::{Hash, SecretKey};
use tlog::{
    Checkpoint, Frontier, Growth, HashSource, MemoryTree, Tile, TileHashes, TilePath, TileReader, encode_proof,
    grown_tiles, inclusion_proof, leaf_hash, node_hash, root, verify_inclusion,
};

const SIZE: u32 = 1_000_000;
const BATCH: u32 = 500;

/// The time of one of `count` operations, in the shortest of 25 runs: other work on the machine only ever adds.
fn time<T>(count: u32, mut run: impl FnMut() -> T) -> Duration {
    let runs = (0..25).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    runs.min().unwrap_or_default() / count
}

fn report(what: &str, each: Duration, limit: Duration, of: &str) {
    println!("{what:<52} {each:>10.1?}   {:.2} × {of}", each.as_secs_f64() / limit.as_secs_f64());
}

/// Every tile of the tree, expanded: a server's cache when it is warm.
struct Cache(HashMap<TilePath, Arc<Tile>>);

impl TileReader for &Cache {
    type Error = TilePath;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
        self.0.get(path).cloned().ok_or(*path)
    }
}

/// The same tiles as bytes: what a cold read must expand first.
struct Bytes(HashMap<TilePath, Vec<u8>>);

impl TileReader for &Bytes {
    type Error = TilePath;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
        let bytes = self.0.get(path).ok_or(*path)?;
        Tile::decode(bytes, path.width()).map(Arc::new).map_err(|_| *path)
    }
}

fn tiles(size: u64, tree: &MemoryTree) -> impl Iterator<Item = (TilePath, Tile)> {
    grown_tiles(0, size).filter_map(|path| {
        let first = path.index() * 256;
        let indexes = first..first + u64::from(path.width());
        let hashes = indexes.filter_map(|index| tree.hash(path.level() * 8, index).ok());
        Some((path, Tile::new(hashes).ok()?))
    })
}

fn main() {
    let left = Hash([1; 32]);
    // Of different pairs, so that one need not wait for the other.
    let pairs: Vec<[Hash; 2]> = (0..=255).map(|n| [left, Hash([n; 32])]).collect();
    let node = time(256 * 40, || (0..40).map(|_| pairs.iter().map(|[l, r]| node_hash(l, r)).max()).max());
    println!("{:<52} {node:>10.1?}", "node hash (65 bytes, two compressions): the limit");
    let nodes = "a node hash";

    let entry = vec![7; 1500];
    let plain = time(10_000, || (0..10_000).fold(left, |_, _| Hash::of(black_box(&entry))));
    let leaf = time(10_000, || (0..10_000).fold(left, |_, _| leaf_hash(black_box(&entry))));
    report("leaf hash of a 1,500-byte entry", leaf, plain, "SHA-256 of it");

    let leaves: Vec<Hash> = (0..SIZE + BATCH).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let Some((old, new)) = leaves.split_at_checked(leaves.len() - 500) else { return };
    let mut frontier = Frontier::new();
    old.iter().for_each(|leaf| frontier.push(*leaf));
    let pushed = time(BATCH, || {
        let mut frontier = frontier.clone();
        new.iter().for_each(|leaf| frontier.push(*leaf));
        frontier.root()
    });
    report("frontier at a million: one push of 500, and the root", pushed, node, nodes);

    let grown = time(BATCH, || Growth::new(&frontier, new.to_vec()));
    report("growth by 500 at a million: each leaf", grown, node, nodes);
    let growth = Growth::new(&frontier, new.to_vec());
    let range = growth.old_size()..growth.new_size();
    let proofs = time(BATCH, || range.clone().filter_map(|index| growth.inclusion_proof(index)).count());
    report("  inclusion proof of a new leaf", proofs, node, nodes);
    let Ok(checkpoint) = Checkpoint::new("registry.example", growth.new_size(), growth.root()) else { return };
    let Ok(note) = checkpoint.sign(&SecretKey::from_seed(&[1; 32])) else { return };
    let note = note.to_string();
    let texts = time(BATCH, || {
        let proofs = range.clone().filter_map(|index| Some((index, growth.inclusion_proof(index)?)));
        proofs.map(|(index, proof)| encode_proof(index, &proof, &[0; 8], &note).len()).sum::<usize>()
    });
    report("  the same as the text of a tlog-proof", texts, node, nodes);

    let (size, tree): (_, MemoryTree) = (growth.new_size(), leaves.iter().copied().collect());
    let bytes = Bytes(tiles(size, &tree).map(|(path, tile)| (path, tile.encode())).collect());
    let cache = Cache(tiles(size, &tree).map(|(path, tile)| (path, Arc::new(tile))).collect());
    let indexes = || (0..200).map(|step| step * 4_999);
    let warm = time(200, || {
        let prove = |index| inclusion_proof(index, size, &TileHashes::new(&cache, size));
        indexes().filter_map(|index| prove(index).ok()).count()
    });
    report("inclusion proof anywhere, expanded tiles at hand", warm, node, nodes);
    let cold = time(200, || {
        let prove = |index| inclusion_proof(index, size, &TileHashes::new(&bytes, size));
        indexes().filter_map(|index| prove(index).ok()).count()
    });
    report("inclusion proof anywhere, tiles expanded each time", cold, node, nodes);

    let (Ok(root), Ok(proof)) = (root(size, &tree), inclusion_proof(12_345, size, &tree)) else { return };
    let leaf = leaf_hash(&12_345_u32.to_be_bytes());
    let check = || verify_inclusion(&leaf, 12_345, size, &proof, &root).is_ok();
    let verified = time(1000, || (0..1000).filter(|_| check()).count());
    report("verifying a proof of 20 hashes", verified, node * 20, "20 node hashes");
}
