//! What the tree costs on the write and read paths, beside the least that it could cost: the SHA-256 compressions alone.
//!
//! `cargo bench -p tlog` prints each figure and its ratio to that limit, measured in the same run.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use primitives::{Hash, SecretKey};
use tlog::{
    Checkpoint, Frontier, Growth, HashSource, MemoryTree, Tile, TileHashes, TilePath, TileReader, encode_proof,
    grown_tiles, inclusion_proof, leaf_hash, node_hash, root, verify_inclusion,
};

const SIZE: u64 = 1_000_000;
const BATCH: u64 = 500;

/// The shortest of five runs, for one of `count` operations.
fn time<T>(count: u64, mut run: impl FnMut() -> T) -> Duration {
    let runs = (0..5).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    runs.min().unwrap_or_default().div_f64(count as f64)
}

fn report(what: &str, each: Duration, limit: Duration, of: &str) {
    println!("{what:<52} {each:>12.1?}   {:.2} × {of}", each.as_secs_f64() / limit.as_secs_f64());
}

/// Every tile of the tree, expanded: the sequencer's cache when it is warm.
struct Cache(std::collections::HashMap<TilePath, Arc<Tile>>);

impl TileReader for &Cache {
    type Error = TilePath;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
        self.0.get(path).cloned().ok_or(*path)
    }
}

/// The same tiles as bytes: what a cold read must expand first.
struct Bytes(std::collections::HashMap<TilePath, Vec<u8>>);

impl TileReader for &Bytes {
    type Error = TilePath;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, TilePath> {
        let bytes = self.0.get(path).ok_or(*path)?;
        Tile::decode(bytes, path.width()).map(Arc::new).map_err(|_| *path)
    }
}

fn main() {
    let (left, right) = (Hash([1; 32]), Hash([2; 32]));
    let node = time(100_000, || (0..100_000).fold(left, |hash, _| node_hash(&hash, &right)));
    println!("{:<52} {node:>12.1?}", "node hash (65 bytes, two compressions): the limit");

    let entry = vec![7; 1500];
    let plain = time(10_000, || (0..10_000).fold(left, |_, _| Hash::of(black_box(&entry))));
    let leaf = time(10_000, || (0..10_000).fold(left, |_, _| leaf_hash(black_box(&entry))));
    report("leaf hash of a 1,500-byte entry", leaf, plain, "SHA-256 of it");

    let leaves: Vec<Hash> = (0..SIZE + BATCH).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let (old, new) = leaves.split_at(usize::try_from(SIZE).expect("fits"));
    let pushed = time(SIZE, || {
        let mut frontier = Frontier::new();
        old.iter().for_each(|leaf| frontier.push(*leaf));
        frontier.root()
    });
    report("frontier: one push, of a million, and the root", pushed, node, "a node hash");

    let mut frontier = Frontier::new();
    old.iter().for_each(|leaf| frontier.push(*leaf));
    let grown = time(BATCH, || Growth::new(&frontier, new.to_vec()));
    report("growth by 500 at a million, for each leaf", grown, node, "a node hash");

    let growth = Growth::new(&frontier, new.to_vec());
    let range = SIZE..SIZE + BATCH;
    let proofs = time(BATCH, || range.clone().filter_map(|index| growth.inclusion_proof(index)).count());
    report("inclusion proof of a new leaf, from the growth", proofs, node, "a node hash");
    let checkpoint = Checkpoint::new("registry.example", growth.new_size(), growth.root()).expect("an origin");
    let note = checkpoint.sign(&SecretKey::from_seed(&[1; 32])).expect("signs").to_string();
    let texts = time(BATCH, || {
        let proofs = range.clone().filter_map(|index| Some((index, growth.inclusion_proof(index)?)));
        proofs.map(|(index, proof)| encode_proof(index, &proof, &[0; 8], &note).len()).sum::<usize>()
    });
    report("the same as a tlog-proof text", texts, node, "a node hash");

    let tree: MemoryTree = leaves.iter().copied().collect();
    let size = growth.new_size();
    let tiles: Vec<(TilePath, Tile)> = grown_tiles(0, size)
        .filter_map(|path| {
            let first = path.index() * 256;
            let hashes =
                (first..first + u64::from(path.width())).filter_map(|index| tree.hash(path.level() * 8, index).ok());
            Some((path, Tile::new(hashes).ok()?))
        })
        .collect();
    let bytes = Bytes(tiles.iter().map(|(path, tile)| (*path, tile.encode())).collect());
    let cache = Cache(tiles.into_iter().map(|(path, tile)| (path, Arc::new(tile))).collect());
    let indexes = || (0..1000).map(|step| step * 997);
    let warm = time(1000, || {
        let source = |index| inclusion_proof(index, size, &TileHashes::new(&cache, size));
        indexes().filter_map(|index| source(index).ok()).count()
    });
    report("inclusion proof anywhere, expanded tiles cached", warm, node, "a node hash");
    let cold = time(1000, || {
        let source = |index| inclusion_proof(index, size, &TileHashes::new(&bytes, size));
        indexes().filter_map(|index| source(index).ok()).count()
    });
    report("inclusion proof anywhere, tiles expanded each time", cold, node, "a node hash");

    let root = root(size, &tree).expect("in memory");
    let proof = inclusion_proof(12_345, size, &tree).expect("in memory");
    let leaf = leaf_hash(&12_345_u64.to_be_bytes());
    let verified =
        time(1000, || (0..1000).filter(|_| verify_inclusion(&leaf, 12_345, size, &proof, &root).is_ok()).count());
    report("verifying that proof (20 hashes)", verified, node * 20, "20 node hashes");
}
