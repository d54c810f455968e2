//! A real log, grown entry by entry from 0 to 15 with Tessera's POSIX driver: its checkpoints open, and its tiles and
//! entry bundles hash to the roots that they sign.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod shared_data;

use std::sync::Arc;

use tlog::{
    Bundle, Frontier, OpenedCheckpoint, Tile, TileHashes, TileKind, TilePath, TileReader, Vkey, consistency_proof,
    inclusion_proof, leaf_hash, root, verify_inclusion,
};

/// From the script that built the log, `testdata/build_log.sh`.
const KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

const ENTRIES: [&str; 15] = [
    "one", "two", "three", "four", "five", "six", "seven", "eit", "nain", "ten", "ileven", "twelf", "threeten",
    "fourten", "fivten",
];

fn file(test: &str, name: &str) -> Option<Vec<u8>> {
    shared_data::read(test, &format!("tlog/tessera-log/testdata/log/{name}"))
}

fn opened(test: &str, name: &str) -> Option<OpenedCheckpoint> {
    let key: Vkey = KEY.parse().unwrap();
    Some(OpenedCheckpoint::open(&file(test, name)?, &[key]).unwrap())
}

/// The log's own tiles, fetched by path as a client would.
struct Files(&'static str);

impl TileReader for Files {
    type Error = std::io::Error;
    fn read(&self, path: &TilePath) -> Result<Arc<Tile>, Self::Error> {
        let bytes = file(self.0, &path.to_string()).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(Arc::new(Tile::decode(&bytes, path.width()).map_err(std::io::Error::other)?))
    }
}

#[test]
fn every_checkpoint_is_signed_and_its_root_is_that_of_tiles_and_entries() {
    const TEST: &str = "every_checkpoint_is_signed_and_its_root_is_that_of_tiles_and_entries";
    let mut frontier = Frontier::new();
    for size in 0..=15 {
        let Some(checkpoint) = opened(TEST, &format!("checkpoint.{size}")) else { return };
        assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/log/testdata", size));
        assert_eq!(frontier.root(), checkpoint.root(), "leaf by leaf, {size}");
        if let Some(entry) = usize::try_from(size).ok().and_then(|index| ENTRIES.get(index)) {
            frontier.push(leaf_hash(entry.as_bytes()));
        }
        if size == 0 {
            continue;
        }
        let source = TileHashes::new(Files(TEST), size);
        assert_eq!(root(size, &source).unwrap(), checkpoint.root(), "from tiles, {size}");

        let width = u16::try_from(size).unwrap();
        let path = TilePath::new(TileKind::Entries, 0, width).unwrap();
        let bytes = file(TEST, &path.to_string()).unwrap();
        let bundle = Bundle::decode(&bytes, width).unwrap();
        let expected: Vec<&[u8]> = ENTRIES.iter().take(width.into()).map(|entry| entry.as_bytes()).collect();
        assert_eq!(bundle.entries(), expected);
        assert_eq!(Bundle::encode(bundle.entries()).unwrap(), bytes);
        let tile = Tile::new(bundle.leaf_hashes()).unwrap();
        assert_eq!(tile.encode(), file(TEST, &format!("tile/0/000.p/{size}")).unwrap());
    }
}

#[test]
fn the_newest_checkpoint_extends_every_older_one_and_holds_every_entry() {
    const TEST: &str = "the_newest_checkpoint_extends_every_older_one_and_holds_every_entry";
    let Some(newest) = opened(TEST, "checkpoint") else { return };
    let source = TileHashes::new(Files(TEST), newest.size());
    for size in 0..=15 {
        let older = opened(TEST, &format!("checkpoint.{size}")).unwrap();
        let proof = consistency_proof(size, newest.size(), &source).unwrap();
        assert_eq!(newest.extends(&older, &proof), Ok(()), "{size}");
        assert_eq!(older.extends(&newest, &[]).is_err(), size != 15);
    }
    for (entry, index) in ENTRIES.iter().zip(0..) {
        let proof = inclusion_proof(index, newest.size(), &source).unwrap();
        let leaf = leaf_hash(entry.as_bytes());
        assert_eq!(verify_inclusion(&leaf, index, newest.size(), &proof, &newest.root()), Ok(()), "{entry}");
    }
}

#[test]
fn partial_tiles_are_prefixes_of_wider_ones() {
    const TEST: &str = "partial_tiles_are_prefixes_of_wider_ones";
    let Some(widest) = file(TEST, "tile/0/000.p/15") else { return };
    let entries = file(TEST, "tile/entries/000.p/15").unwrap();
    for width in 1..15 {
        let tile = file(TEST, &format!("tile/0/000.p/{width}")).unwrap();
        assert_eq!(tlog::tile_prefix(&widest, width), Ok(&tile[..]));
        let bundle = file(TEST, &format!("tile/entries/000.p/{width}")).unwrap();
        assert_eq!(Bundle::prefix(&entries, width), Ok(&bundle[..]));
    }
}
