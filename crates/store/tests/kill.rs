//! A writer in a process of its own is killed at some moment, and what it acknowledged is looked for.
//!
//! The process is this test binary again, running `writer`; it says on its standard output what is acknowledged, and by
//! then it must be there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use store::contract::record;
use store::{Database, DatabaseOptions, FileJournal, Folder, Journal, Options, Private, Puts};

const WHAT: &str = "STORE_KILL_WHAT";
const FOLDER: &str = "STORE_KILL_FOLDER";

/// Small enough that rolls and runs are under way at most moments.
const SEGMENTS: Options = Options { smallest: 8192, largest: 16384, ahead: true };
const RUNS: DatabaseOptions = DatabaseOptions { run_bytes: 100_000, cache_bytes: 4 << 20 };

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime of one thread needs nothing").block_on(future)
}

fn journal(folder: &Path) -> FileJournal {
    let folder = Folder::lock(folder).expect("the process that held the lock is dead");
    FileJournal::open_with(folder, SEGMENTS).expect("a killed writer leaves no damage")
}

fn sizes(seq: u64) -> u64 {
    1 + seq * 7 % 23
}

fn puts(marker: u64) -> Puts {
    let mut puts = Puts::new();
    for key in 0..40 {
        let key = marker * 40 + key;
        puts.put("hash", key.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes(), key.to_be_bytes().to_vec());
    }
    puts.put("rows", b"newest", marker.to_be_bytes().to_vec());
    puts
}

fn acknowledge(number: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acknowledged {number}").and_then(|()| out.flush()).expect("the parent reads until the end");
}

#[test]
#[ignore = "the process that the other tests kill"]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return println!("left out: writer: nobody is there to kill it");
    };
    let folder = Path::new(&folder);
    match std::env::var(WHAT).unwrap().as_str() {
        "journal" => {
            let journal = journal(folder);
            loop {
                let seq = journal.len();
                block_on(journal.append(seq, &record(journal.entries(), sizes(seq)))).unwrap();
                acknowledge(journal.len());
            }
        }
        "database" => {
            let database = Database::open(folder, RUNS).unwrap();
            loop {
                let marker = database.marker() + 1;
                database.apply(puts(marker), marker).unwrap();
                acknowledge(database.kept_marker());
            }
        }
        "private" => {
            let private = Private::open(folder).unwrap();
            loop {
                let writes = private.len() + 1;
                private.put("m", writes.to_be_bytes(), vec![7; usize::try_from(writes % 500).unwrap()]).unwrap();
                acknowledge(writes);
            }
        }
        other => panic!("{other}"),
    }
}

/// Starts a writer, kills it after a while, and gives the last number that it acknowledged.
fn kill_writer(what: &str, folder: &Path, after: Duration) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .args(["writer", "--exact", "--ignored", "--nocapture"])
        .env(WHAT, what)
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started again");
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let reader = std::thread::spawn(move || {
        let numbers =
            output.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
        numbers.last()
    });
    std::thread::sleep(after);
    child.kill().expect("it still runs: it never ends by itself");
    child.wait().expect("it was started");
    reader.join().expect("reading lines does not panic").unwrap_or(0)
}

/// Moments spread over what a writer does, its opening included.
fn moments(rounds: u64) -> impl Iterator<Item = Duration> {
    (0..rounds).map(|round| Duration::from_millis(15 + round * 37 % 230))
}

#[test]
fn a_killed_writer_leaves_every_record_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = 0;
    for moment in moments(16) {
        let acknowledged = kill_writer("journal", folder.path(), moment).max(most);
        let journal = journal(folder.path());
        assert!(journal.len() >= acknowledged, "{} records, {acknowledged} acknowledged", journal.len());
        let mut tree_size = 0;
        for seq in 0..journal.len() {
            assert_eq!(block_on(journal.read(seq)).unwrap(), Some(record(tree_size, sizes(seq))));
            tree_size += sizes(seq);
        }
        journal.verify_all().unwrap();
        most = journal.len();
    }
    assert!(most > 50, "{most} records in all: the writer hardly wrote");
}

#[test]
fn a_killed_database_is_what_it_was_at_its_marker() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = 0;
    for moment in moments(16) {
        let kept = kill_writer("database", folder.path(), moment).max(most);
        let database = Database::open(folder.path(), RUNS).unwrap();
        let marker = database.marker();
        assert!(marker >= kept, "the marker is {marker}, {kept} was kept");
        // Every key of the last runs, some of the earlier ones, and none of what came after the marker.
        for at in (1..=marker).filter(|at| at % 16 == 0 || at + 60 > marker) {
            for change in puts(at).iter().filter(|change| change.map == "hash") {
                assert_eq!(database.get(change.map, &change.key).unwrap(), change.value, "of {at} at marker {marker}");
            }
        }
        for change in (marker + 1..marker + 20).flat_map(|at| puts(at).iter().cloned().collect::<Vec<_>>()) {
            let found = database.get(change.map, &change.key).unwrap();
            assert!(found.is_none() || change.map == "rows", "a change after marker {marker} is there");
        }
        let newest = database
            .get("rows", b"newest")
            .unwrap()
            .map_or(0, |value| u64::from_be_bytes(value[..].try_into().unwrap()));
        assert_eq!(newest, marker);
        most = marker;
    }
    assert!(most > 50, "the marker is {most} in the end: the writer hardly wrote");
}

#[test]
fn killed_private_data_holds_every_record_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = 0;
    for moment in moments(16) {
        let acknowledged = kill_writer("private", folder.path(), moment).max(most);
        let private = Private::open(folder.path()).unwrap();
        let there = private.len();
        assert!(there >= acknowledged, "{there} records, {acknowledged} acknowledged");
        for write in 1..=there {
            let expected = vec![7; usize::try_from(write % 500).unwrap()];
            assert_eq!(private.get("m", write.to_be_bytes()).unwrap().as_deref(), Some(&expected[..]));
        }
        most = there;
    }
    assert!(most > 20, "{most} records in all: the writer hardly wrote");
}
