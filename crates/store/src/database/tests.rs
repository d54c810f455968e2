//! The database against a map in memory, against crashes, and against damage.

mod damage;

use std::collections::BTreeMap;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// Runs of a few changes.
const TINY: DatabaseOptions = DatabaseOptions { run_bytes: 2000, cache_bytes: 1 << 20 };
const MAPS: [&str; 3] = ["lots", "rows", "row"];

fn open(folder: &Path) -> Database {
    Database::open(folder, TINY).unwrap()
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

#[test]
fn what_was_applied_is_read_at_once_and_after_reopening() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    assert_eq!((database.marker(), database.kept_marker()), (0, 0));
    let mut puts = Puts::new();
    puts.put("rows", b"a", "one");
    puts.put("rows", b"b", "two");
    puts.put("lots", b"a", "other map");
    puts.put("rows", b"a", "later");
    puts.remove("rows", b"b");
    database.apply(puts, 5).unwrap();
    let look = |database: &Database| {
        assert_eq!(database.marker(), 5);
        assert_eq!(database.get("rows", b"a").unwrap(), Some(bytes("later")));
        assert_eq!(database.get("rows", b"b").unwrap(), None);
        assert_eq!(database.get("lots", b"a").unwrap(), Some(bytes("other map")));
        assert_eq!(database.get("none", b"a").unwrap(), None);
        assert_eq!(database.scan("rows", .., 10).unwrap(), [(bytes("a"), bytes("later"))]);
    };
    look(&database);
    drop(database);
    look(&open(folder.path()));
}

#[test]
fn a_removal_hides_what_earlier_runs_hold() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    let mut puts = Puts::new();
    puts.put("slots", b"k", "v");
    puts.put("slots", b"l", "w");
    database.apply(puts, 1).unwrap();
    database.flush().unwrap();
    let mut puts = Puts::new();
    puts.remove("slots", b"k");
    database.apply(puts, 2).unwrap();
    for _ in 0..2 {
        assert_eq!(database.get("slots", b"k").unwrap(), None);
        assert_eq!(database.scan("slots", .., 10).unwrap(), [(bytes("l"), bytes("w"))]);
        database.flush().unwrap();
    }
}

#[test]
fn scans_keep_to_their_map_their_range_and_their_limit() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    for (marker, key) in (1..).zip(["a", "ab", "abc", "b", "\u{7f}"]) {
        let mut puts = Puts::new();
        MAPS.iter().for_each(|map| puts.put(map, key, format!("{map}{key}")));
        database.apply(puts, marker).unwrap();
        database.flush().unwrap();
    }
    let keys = |found: Vec<(Bytes, Bytes)>| {
        found.into_iter().map(|(key, _)| String::from_utf8(key.to_vec()).unwrap()).collect::<Vec<_>>()
    };
    let scan = |from: Bound<&[u8]>, to: Bound<&[u8]>| keys(database.scan("row", (from, to), 10).unwrap());
    use Bound::{Excluded, Included, Unbounded};
    assert_eq!(scan(Unbounded, Unbounded), ["a", "ab", "abc", "b", "\u{7f}"]);
    assert_eq!(scan(Included(b"ab"), Excluded(b"b")), ["ab", "abc"]);
    assert_eq!(scan(Excluded(b"ab"), Included(b"b")), ["abc", "b"]);
    assert_eq!(scan(Included(b"c"), Excluded(b"a")), [""; 0]);
    assert_eq!(keys(database.scan("rows", .., 2).unwrap()), ["a", "ab"]);
    assert_eq!(keys(database.scan_prefix("rows", b"ab", 10).unwrap()), ["ab", "abc"]);
    assert_eq!(keys(database.scan_prefix("rows", b"", 10).unwrap()).len(), 5);
    assert_eq!(database.scan_prefix("rows", b"\xff\xff", 10).unwrap(), []);
    assert_eq!(database.scan("none", .., 10).unwrap(), []);
}

#[test]
fn what_cannot_be_applied_is_refused_whole_with_its_reason() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    let mut good = Puts::new();
    good.put("rows", b"k", "v");
    database.apply(good.clone(), 7).unwrap();
    let refused = |change: &dyn Fn(&mut Puts), marker| {
        let mut puts = Puts::new();
        puts.put("rows", b"with", "it");
        change(&mut puts);
        let error = database.apply(puts, marker).unwrap_err();
        assert_eq!((database.marker(), database.get("rows", b"with").unwrap()), (7, None), "{error}");
        (error.code(), error.to_string())
    };
    let long = vec![b'x'; MAX_VALUE_BYTES + 1];
    let (code, text) = refused(&|puts| puts.put("rows", b"k", long.clone()), 8);
    assert_eq!(
        (code, text.as_str()),
        ("database_too_large", "a value of map rows takes 16385 bytes, expected at most 16384")
    );
    let (code, _) = refused(&|puts| puts.remove("rows", [0; MAX_KEY_BYTES]), 8);
    assert_eq!(code, "database_too_large");
    let (code, _) = refused(&|puts| puts.put("ro\0ws", b"k", "v"), 8);
    assert_eq!(code, "database_map_name");
    let (code, text) = refused(&|_| (), 6);
    assert_eq!((code, text.as_str()), ("database_marker_back", "the marker is 6, expected 7 or more"));
    let mut large = Puts::new();
    large.put("rows", [1; 1000], vec![2; MAX_VALUE_BYTES]);
    (0..60).for_each(|key: u8| large.put("tiles", [key], vec![key; MAX_VALUE_BYTES]));
    database.apply(large, 7).unwrap();
    database.flush().unwrap();
    assert_eq!(database.get("rows", [1; 1000]).unwrap().unwrap().len(), MAX_VALUE_BYTES);
    let blobs = fs::read_dir(folder.path().join("views/blobs")).unwrap().count();
    assert_eq!(blobs, 0, "sled moves nothing to files that it never syncs");
}

#[test]
fn one_process_at_a_time() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    assert_eq!(Database::open(folder.path(), TINY).unwrap_err().code(), "database_locked");
    assert_eq!(Database::recreate(folder.path(), TINY).unwrap_err().code(), "database_locked");
    drop(database);
    open(folder.path());
}

#[test]
fn recreating_removes_the_views_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    let mut puts = Puts::new();
    puts.put("rows", b"k", "v");
    database.apply(puts, 1).unwrap();
    drop(database);
    fs::write(folder.path().join("other"), "stays").unwrap();
    let private = crate::Private::open(folder.path()).unwrap();
    private.put("reports", b"1", "text").unwrap();
    let database = Database::recreate(folder.path(), TINY).unwrap();
    assert_eq!((database.marker(), database.get("rows", b"k").unwrap()), (0, None));
    assert_eq!(private.get("reports", b"1").unwrap(), Some(bytes("text")));
    assert!(folder.path().join("other").exists());
    assert!(!folder.path().join(REMOVED).exists());
}

fn run_count(database: &Database) -> usize {
    database.views.read(|inner| inner.runs.len())
}

/// Waits for a merge under way: the number of runs comes down to this.
fn wait_for_runs(database: &Database, most: usize) {
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while run_count(database) > most {
        assert!(std::time::Instant::now() < deadline, "{} runs", run_count(database));
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn runs_are_merged_and_what_was_overwritten_or_removed_leaves_the_disk() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    let put = |round: u64| {
        let mut puts = Puts::new();
        puts.put("rows", b"same", round.to_be_bytes().to_vec());
        puts.put("rows", round.to_be_bytes(), vec![7; 600]);
        if round > 0 {
            puts.remove("rows", (round - 1).to_be_bytes());
        }
        database.apply(puts, round).unwrap();
        database.flush().unwrap();
    };
    (0..64).for_each(put);
    wait_for_runs(&database, 16);
    let look = |database: &Database| {
        assert_eq!(database.get("rows", b"same").unwrap(), Some(Bytes::copy_from_slice(&63_u64.to_be_bytes())));
        let keys: Vec<_> = database.scan("rows", .., 100).unwrap().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, [Bytes::copy_from_slice(&63_u64.to_be_bytes()), bytes("same")]);
        assert_eq!(database.marker(), 63);
    };
    look(&database);
    let blocks = database.views.directory.blocks.len();
    assert!(blocks < 24, "{blocks} blocks for two keys");
    drop(database);
    look(&open(folder.path()));
}

#[test]
fn readers_and_the_writer_go_on_while_runs_are_written_and_merged() {
    let folder = TempDir::new().unwrap();
    let database = open(folder.path());
    std::thread::scope(|scope| {
        for reader in 0..2_u64 {
            let database = &database;
            scope.spawn(move || {
                while database.marker() < 400 {
                    let marker = database.marker();
                    for key in (reader + 1..=marker).step_by(7) {
                        assert_eq!(
                            database.get("rows", key.to_be_bytes()).unwrap(),
                            Some(bytes(&format!("value {key}")))
                        );
                    }
                    let found = database.scan("rows", .., usize::MAX).unwrap().len() as u64;
                    assert!(found >= marker, "{found} rows at marker {marker}");
                }
            });
        }
        for marker in 1..=400_u64 {
            let mut puts = Puts::new();
            puts.put("rows", marker.to_be_bytes(), format!("value {marker}"));
            database.apply(puts, marker).unwrap();
        }
    });
    assert!(run_count(&database) > 0);
}

#[derive(Clone, Debug)]
enum Step {
    Apply(Vec<(usize, u8, Option<u16>)>),
    Flush,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let change = (0..MAPS.len(), 0..40_u8, prop::option::weighted(0.8, any::<u16>()));
    prop_oneof![
        8 => prop::collection::vec(change, 0..12).prop_map(Step::Apply),
        1 => Just(Step::Flush),
        1 => Just(Step::Reopen),
    ]
}

type Model = BTreeMap<(usize, u8), u16>;

fn assert_same(database: &Database, model: &Model, from: u8) {
    for (map, name) in MAPS.iter().enumerate() {
        for key in 0..41 {
            let expected = model.get(&(map, key)).map(|value| Bytes::copy_from_slice(&value.to_be_bytes()));
            assert_eq!(database.get(name, [key]).unwrap(), expected);
        }
        let expected: Vec<_> =
            model.range((map, from)..=(map, u8::MAX)).map(|((_, key), value)| (*key, *value)).collect();
        let found = database.scan(name, &[from][..].., usize::MAX).unwrap();
        let found: Vec<_> =
            found.iter().map(|(key, value)| (key[0], u16::from_be_bytes(value[..].try_into().unwrap()))).collect();
        assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn behaves_as_maps_in_memory_do(steps in prop::collection::vec(step(), 1..60), from in 0..40_u8) {
        let folder = TempDir::new().unwrap();
        let mut database = open(folder.path());
        let mut model = Model::new();
        for (marker, step) in (1..).zip(&steps) {
            match step {
                Step::Apply(changes) => {
                    let mut puts = Puts::new();
                    for (map, key, value) in changes {
                        match value {
                            Some(value) => {
                                puts.put(MAPS[*map], [*key], value.to_be_bytes().to_vec());
                                model.insert((*map, *key), *value);
                            }
                            None => {
                                puts.remove(MAPS[*map], [*key]);
                                model.remove(&(*map, *key));
                            }
                        }
                    }
                    database.apply(puts, marker).unwrap();
                }
                Step::Flush => database.flush().unwrap(),
                Step::Reopen => {
                    drop(database);
                    database = open(folder.path());
                }
            }
        }
        assert_same(&database, &model, from);
        drop(database);
        assert_same(&open(folder.path()), &model, from);
    }
}
