//! The bytes of version 1, as the README specifies them: journals written with them are read for ever.

use std::path::Path;

use store::contract::record;
use store::{Disk, FileJournal, Journal, Options, SimDisk};

const OPTIONS: Options = Options { smallest: 4096, largest: 4096, ahead: false };
/// Sizes of the records: the first segment is sealed with four, the second goes on.
const SIZES: [u64; 6] = [60, 1, 3, 50, 60, 2];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime of one thread needs nothing").block_on(future)
}

fn written() -> SimDisk {
    let disk = SimDisk::new();
    let journal = FileJournal::open_with(disk.clone(), OPTIONS).expect("an empty disk opens");
    for size in SIZES {
        block_on(journal.append(journal.len(), &record(journal.entries(), size))).expect("the disk has no faults");
    }
    disk
}

fn names(disk: &SimDisk) -> Vec<String> {
    let mut names = disk.names().expect("the disk has no faults");
    names.sort();
    names
}

fn golden() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journal-v1")
}

#[test]
fn the_golden_journal_is_read() {
    let disk = SimDisk::new();
    for name in names(&written()) {
        disk.put(&name, std::fs::read(golden().join(&name)).unwrap());
    }
    let journal = FileJournal::open_with(disk, OPTIONS).unwrap();
    assert_eq!(journal.len(), SIZES.len() as u64);
    let mut tree_size = 0;
    for (seq, size) in (0..).zip(SIZES) {
        assert_eq!(block_on(journal.read(seq)).unwrap(), Some(record(tree_size, size)));
        tree_size += size;
    }
    journal.verify_all().unwrap();
}

#[test]
fn what_is_written_is_the_golden_journal() {
    let disk = written();
    assert_eq!(names(&disk), ["00000000000000000000.seg", "00000000000000000004.seg"]);
    for name in names(&disk) {
        assert!(disk.bytes(&name) == std::fs::read(golden().join(&name)).unwrap(), "{name} differs");
    }
}
