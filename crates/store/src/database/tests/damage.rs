//! A closed database, cut and changed at many places: it opens as it was at its marker, or is in doubt; it never panics, never
//! hangs, and never shows anything else.

use super::*;

fn value(key: u32, marker: u64) -> Vec<u8> {
    [&u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[..], &marker.to_be_bytes(), &[7; 30]].concat()
}

const LAST: u64 = 12;

/// At each marker, a few hundred new keys and some changed ones.
fn puts(marker: u64) -> Puts {
    let mut puts = Puts::new();
    let first = u32::try_from(marker).unwrap() * 200;
    for key in first..first + 200 {
        puts.put("rows", key.to_be_bytes(), value(key, marker));
        puts.put("hash", value(key, 0), key.to_be_bytes().to_vec());
    }
    puts.put("rows", 0_u32.to_be_bytes(), value(0, marker));
    puts
}

/// Map and key, with their value.
type Contents = BTreeMap<(Vec<u8>, Vec<u8>), Vec<u8>>;

fn model(marker: u64) -> Contents {
    let mut model = BTreeMap::new();
    for at in 1..=marker {
        for change in puts(at).iter() {
            let key = (change.map.as_bytes().to_vec(), change.key.to_vec());
            model.insert(key, change.value.as_ref().unwrap().to_vec());
        }
    }
    model
}

fn dump(database: &Database) -> Result<Contents, DatabaseError> {
    let mut all = BTreeMap::new();
    for map in ["rows", "hash"] {
        for (key, value) in database.scan(map, .., usize::MAX)? {
            all.insert((map.as_bytes().to_vec(), key.to_vec()), value.to_vec());
        }
    }
    Ok(all)
}

/// Two lives of a database, so that sled has a snapshot and a log that goes on after it.
fn build(folder: &Path) {
    // Too few runs to be merged.
    build_with_runs_of(folder, 200_000);
}

fn build_with_runs_of(folder: &Path, run_bytes: usize) {
    for half in [1..=LAST / 2, LAST / 2 + 1..=LAST] {
        let database = Database::open(folder, DatabaseOptions { run_bytes, ..TINY }).unwrap();
        for marker in half {
            database.apply(puts(marker), marker).unwrap();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("views/blobs")).unwrap();
    for entry in fs::read_dir(from.join("views")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join("views").join(entry.file_name())).unwrap();
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    whole: u32,
    earlier: u32,
    doubtful: u32,
}

fn judge(folder: &Path, tally: &mut Tally, what: &str) {
    let opened = Database::open(folder, TINY).and_then(|database| Ok((database.marker(), dump(&database)?)));
    match opened {
        Ok((marker, found)) => {
            assert_eq!(found, model(marker), "{what}: other contents at marker {marker}");
            if marker == LAST { tally.whole += 1 } else { tally.earlier += 1 }
        }
        Err(DatabaseError::Doubtful { why, .. }) => {
            assert!(!why.to_string().is_empty());
            tally.doubtful += 1;
            let fresh = Database::recreate(folder, TINY).unwrap();
            assert_eq!((fresh.marker(), dump(&fresh).unwrap().len()), (0, 0), "{what}");
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

#[test]
fn cut_or_changed_at_many_places_it_is_as_it_was_or_in_doubt() {
    let built = TempDir::new().unwrap();
    // Merged now and then.
    build_with_runs_of(built.path(), 30_000);
    let mut tally = Tally::default();
    for entry in fs::read_dir(built.path().join("views")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_file() {
            continue;
        }
        let name = entry.file_name();
        let whole = fs::read(entry.path()).unwrap();
        let used = whole.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let places = if name == "db" { 24 } else { 8 };
        for place in 0..places {
            let at = used * place / places + place % 7;
            for way in ["cut", "bit", "sector", "garbage"] {
                let mut damaged = whole.clone();
                match way {
                    "cut" => damaged.truncate(at),
                    "bit" => damaged[at.min(used - 1)] ^= 0x20,
                    "sector" => damaged[at..(at + 512).min(whole.len())].fill(0),
                    _ => damaged[at..(at + 64).min(whole.len())].fill(0xa5),
                }
                let folder = TempDir::new().unwrap();
                copy(built.path(), folder.path());
                fs::write(folder.path().join("views").join(&name), damaged).unwrap();
                judge(folder.path(), &mut tally, &format!("{name:?} {way} at {at}"));
            }
        }
    }
    assert!(tally.whole > 0 && tally.doubtful > 10, "{tally:?}");
    eprintln!("{tally:?}");
}

#[test]
fn a_snapshot_that_sled_left_half_written_does_not_keep_it_shut() {
    let built = TempDir::new().unwrap();
    build(built.path());
    let views = built.path().join("views");
    for leftover in ["snap.0000000000000000.generating", "snap.FFFFFFFFFFFFFFFF.generating"] {
        fs::write(views.join(leftover), b"half").unwrap();
    }
    let database = open(built.path());
    assert_eq!(dump(&database).unwrap(), model(LAST));
}

#[test]
fn a_broken_snapshot_a_missing_file_or_a_foreign_folder_is_in_doubt() {
    let doubtful = |change: &dyn Fn(&Path)| {
        let folder = TempDir::new().unwrap();
        build(folder.path());
        change(&folder.path().join("views"));
        let error = Database::open(folder.path(), TINY).unwrap_err();
        assert_eq!(error.code(), "database_doubtful");
        Database::recreate(folder.path(), TINY).unwrap().apply(puts(1), 1).unwrap();
        error.to_string()
    };
    let snapshot = |views: &Path| {
        let mut names = fs::read_dir(views).unwrap().map(|entry| entry.unwrap().path());
        names.find(|path| path.to_string_lossy().contains("snap.")).unwrap()
    };
    let text = doubtful(&|views| fs::write(snapshot(views), b"half").unwrap());
    assert!(text.contains("in doubt: sled says: Read corrupted data"), "{text}");
    doubtful(&|views| fs::write(views.join("snap.FFFFFFFFFFFFFFFF"), b"half").unwrap());
    doubtful(&|views| fs::remove_file(views.join("db")).unwrap());
    doubtful(&|views| fs::write(views.join("conf"), "segment_size: twelve\nxxxx").unwrap());
}

#[test]
fn runs_that_do_not_fit_their_entries_are_in_doubt() {
    let doubtful = |change: &dyn Fn(&Database)| {
        let folder = TempDir::new().unwrap();
        build(folder.path());
        let database = open(folder.path());
        change(&database);
        drop(database);
        let error = Database::open(folder.path(), TINY).unwrap_err();
        let DatabaseError::Doubtful { why, .. } = error else { panic!("{error}") };
        why
    };
    let first_block = |database: &Database| database.views.directory.blocks.first().unwrap().unwrap();
    let missing = doubtful(&|database| drop(database.views.directory.blocks.remove(first_block(database).0).unwrap()));
    assert_eq!(missing, Doubt::Block { run: 0 });
    let last_missing = doubtful(&|database| drop(database.views.directory.blocks.pop_max().unwrap()));
    assert!(matches!(last_missing, Doubt::Block { .. }));
    let of_another = doubtful(&|database| {
        let (_, other) = database.views.directory.blocks.last().unwrap().unwrap();
        database.views.directory.blocks.insert(first_block(database).0, other).unwrap();
    });
    assert_eq!(of_another, Doubt::Block { run: 0 });
    let no_entry = doubtful(&|database| drop(database.views.directory.runs.remove(0_u32.to_be_bytes()).unwrap()));
    assert_eq!(no_entry, Doubt::Run { place: 0 });
    let foreign_entry =
        doubtful(&|database| drop(database.views.directory.runs.insert(0_u32.to_be_bytes(), b"entry").unwrap()));
    assert_eq!(foreign_entry, Doubt::Run { place: 0 });
}

#[test]
fn what_is_found_wrong_later_is_in_doubt_from_then_on() {
    let folder = TempDir::new().unwrap();
    build(folder.path());
    let database = open(folder.path());
    for item in database.views.directory.blocks.iter() {
        database.views.directory.blocks.insert(item.unwrap().0, b"other").unwrap();
    }
    let key = 201_u32.to_be_bytes();
    assert_eq!(database.get("rows", key).unwrap_err().code(), "database_doubtful");
    assert_eq!(database.scan("rows", .., 1).unwrap_err().code(), "database_doubtful");
    assert_eq!(database.apply(Puts::new(), LAST).unwrap_err().code(), "database_doubtful");
    assert_eq!(database.flush().unwrap_err().code(), "database_doubtful");
    assert_eq!(database.get("none", b"").unwrap_err().code(), "database_doubtful");
}

#[test]
fn blocks_of_a_run_that_was_never_finished_are_removed() {
    let folder = TempDir::new().unwrap();
    build(folder.path());
    let database = open(folder.path());
    let next = database.views.next_id();
    let before = database.views.directory.blocks.len();
    database.views.directory.blocks.insert([&next.to_be_bytes()[..], &[0; 4]].concat(), b"orphan").unwrap();
    drop(database);
    let database = open(folder.path());
    assert_eq!(database.views.directory.blocks.len(), before);
    assert_eq!(dump(&database).unwrap(), model(LAST));
}
