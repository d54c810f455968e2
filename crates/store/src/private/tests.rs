//! Private data: what is acknowledged stays, what is damaged is refused, and nothing is removed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::head::Totals;
use super::*;

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn refusal(folder: &Path) -> String {
    let error = Private::open(folder).unwrap_err();
    assert_eq!(error.code(), "private_damaged", "{error}");
    let text = error.to_string();
    text.split_once("is damaged: ").unwrap().1.to_owned()
}

fn head_path(folder: &Path) -> PathBuf {
    folder.join(PRIVATE).join(HEAD)
}

#[test]
fn records_are_put_read_replaced_erased_and_outlive_the_opening() {
    let folder = TempDir::new().unwrap();
    let private = Private::open(folder.path()).unwrap();
    assert!(private.is_empty());
    private.put("scans", b"node-1/2027-01-01", b"17").unwrap();
    private.put("scans", b"node-1/2027-01-02", b"4").unwrap();
    private.put("reports", b"node-1", b"text").unwrap();
    private.put("scans", b"node-1/2027-01-01", b"18").unwrap();
    private.delete("reports", b"node-1").unwrap();
    private.delete("reports", b"never there").unwrap();
    let look = |private: &Private| {
        assert_eq!(private.len(), 2);
        assert_eq!(private.get("scans", b"node-1/2027-01-01").unwrap(), Some(bytes("18")));
        assert_eq!(private.get("reports", b"node-1").unwrap(), None);
        assert_eq!(private.get("scan", b"s\0node-1/2027-01-01").unwrap(), None, "maps are apart");
        let found = private.scan_prefix("scans", b"node-1/", 10).unwrap();
        assert_eq!(found, [(bytes("node-1/2027-01-01"), bytes("18")), (bytes("node-1/2027-01-02"), bytes("4"))]);
        assert_eq!(private.scan_prefix("scans", b"", 1).unwrap().len(), 1);
    };
    look(&private);
    drop(private);
    look(&Private::open(folder.path()).unwrap());
}

#[test]
fn each_write_syncs_the_records_and_then_the_head() {
    let folder = TempDir::new().unwrap();
    let synced = Arc::new(Mutex::new(Vec::new()));
    let log = synced.clone();
    let sync: DeviceSync = Box::new(move |file| {
        // A head is one sector; sled's file is not.
        log.lock().unwrap().push(if file.metadata()?.len() == 512 { "head" } else { "records" });
        file.sync_data()
    });
    let private = Private::open_with(folder.path(), sync).unwrap();
    for write in 0..3 {
        synced.lock().unwrap().clear();
        if write == 2 { private.delete("m", b"k") } else { private.put("m", b"k", b"v") }.unwrap();
        assert_eq!(*synced.lock().unwrap(), ["records", "head"], "write {write}");
    }
}

#[test]
fn a_sync_that_fails_is_told_and_stops_all_writes() {
    // Which sync of a write fails: that of the records, that of the head.
    for nth in 0..2 {
        let folder = TempDir::new().unwrap();
        let countdown = Arc::new(AtomicU64::new(u64::MAX));
        let left = countdown.clone();
        let sync: DeviceSync = Box::new(move |file| match left.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(io::Error::other("injected fault")),
            _ => file.sync_data(),
        });
        let private = Private::open_with(folder.path(), sync).unwrap();
        private.put("m", b"before", b"v").unwrap();
        countdown.store(nth, Ordering::SeqCst);
        let error = private.put("m", b"during", b"v").unwrap_err();
        assert_eq!(error.code(), "private_io");
        for _ in 0..2 {
            assert_eq!(private.put("m", b"after", b"v").unwrap_err().code(), "private_poisoned");
        }
        assert_eq!(private.compact().unwrap_err().code(), "private_poisoned");
        drop(private);
        let private = Private::open(folder.path()).unwrap();
        assert_eq!(private.get("m", b"before").unwrap(), Some(bytes("v")));
        assert_eq!(private.get("m", b"after").unwrap(), None);
        private.put("m", b"again", b"v").unwrap();
    }
}

#[test]
fn what_is_too_large_is_refused_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let private = Private::open(folder.path()).unwrap();
    let long = vec![0; MAX_VALUE_BYTES + 1];
    let error = private.put("m", b"k", &long).unwrap_err();
    assert_eq!(error.to_string(), "the value takes 16385 bytes, expected at most 16384");
    let error = private.put("m", [0; MAX_KEY_BYTES], b"v").unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("private_too_large", "the key takes 1027 bytes, expected at most 1024")
    );
    assert_eq!(private.get("m", [0; MAX_KEY_BYTES]).unwrap_err().code(), "private_too_large");
    (0..60_u8).for_each(|key| private.put("m", [key], &long[1..]).unwrap());
    assert_eq!(private.len(), 60);
    drop(private);
    let blobs = fs::read_dir(folder.path().join(PRIVATE).join("records-0/blobs")).unwrap().count();
    assert_eq!(blobs, 0, "sled moves nothing to files that it never syncs");
}

#[test]
fn one_process_at_a_time() {
    let folder = TempDir::new().unwrap();
    let private = Private::open(folder.path()).unwrap();
    assert_eq!(Private::open(folder.path()).unwrap_err().code(), "private_locked");
    assert_eq!(Private::set_aside(folder.path()).unwrap_err().code(), "private_locked");
    drop(private);
    Private::open(folder.path()).unwrap();
}

/// Ten writes, the folder closed.
fn written(folder: &Path) {
    let private = Private::open(folder).unwrap();
    (0..10_u8).for_each(|key| private.put("m", [key], [key; 40]).unwrap());
}

#[test]
fn writes_that_are_gone_are_refused_by_their_number() {
    let folder = TempDir::new().unwrap();
    let private = Private::open(folder.path()).unwrap();
    private.put("m", b"1", b"v").unwrap();
    drop(private);
    let older = TempDir::new().unwrap();
    copy(&folder.path().join(PRIVATE), &older.path().join(PRIVATE));
    let private = Private::open(folder.path()).unwrap();
    (0..3).for_each(|_| private.put("m", b"2", b"v").unwrap());
    drop(private);
    // The records of an older day under the head of today.
    let head = fs::read(head_path(folder.path())).unwrap();
    fs::write(head_path(older.path()), head).unwrap();
    assert_eq!(refusal(older.path()), "1 writes are there, 4 were acknowledged");
    // And the other way round.
    fs::write(head_path(folder.path()), fs::read(head_path(older.path())).unwrap()).unwrap();
    Private::open(folder.path()).unwrap();
    let first = Head { generation: 0, totals: Totals { writes: 1, records: 1, sum: 0 } };
    first.write(&Head::open(&head_path(folder.path())).unwrap()).unwrap();
    assert_eq!(refusal(folder.path()), "4 writes are there, 1 were acknowledged");
}

#[test]
fn a_write_that_nobody_had_an_answer_to_is_taken() {
    let folder = TempDir::new().unwrap();
    written(folder.path());
    let head = Head::read(&head_path(folder.path())).unwrap().unwrap();
    let private = Private::open(folder.path()).unwrap();
    private.put("m", b"unanswered", b"v").unwrap();
    drop(private);
    head.write(&Head::open(&head_path(folder.path())).unwrap()).unwrap();
    let private = Private::open(folder.path()).unwrap();
    assert_eq!(private.get("m", b"unanswered").unwrap(), Some(bytes("v")));
    drop(private);
    assert_eq!(Head::read(&head_path(folder.path())).unwrap().unwrap().totals.writes, 11);
}

#[test]
fn a_head_or_folder_that_is_missing_or_broken_is_refused_and_nothing_is_removed() {
    let damage = |change: &dyn Fn(&Path)| {
        let folder = TempDir::new().unwrap();
        written(folder.path());
        Private::open(folder.path()).unwrap().compact().unwrap();
        change(&folder.path().join(PRIVATE));
        let before = listing(&folder.path().join(PRIVATE));
        let text = refusal(folder.path());
        assert_eq!(listing(&folder.path().join(PRIVATE)), before, "{text}");
        text
    };
    assert_eq!(damage(&|private| fs::remove_file(private.join(HEAD)).unwrap()), "the head is missing");
    assert_eq!(damage(&|private| fs::write(private.join(HEAD), b"head").unwrap()), "the head is not as written");
    let missing = damage(&|private| fs::rename(private.join("records-1"), private.join("elsewhere")).unwrap());
    assert_eq!(missing, "records-1 is missing");
    let broken = damage(&|private| fs::write(private.join("records-1/conf"), b"segment_size: 7\nxxxx").unwrap());
    assert!(broken.starts_with("sled says: "), "{broken}");
}

/// Every file below a folder, with its contents; locks aside.
fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(listing(&entry.path()));
        } else if entry.file_name() != "lock" {
            all.insert(entry.path(), fs::read(entry.path()).unwrap());
        }
    }
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn cut_or_changed_at_many_places_it_is_whole_or_refused() {
    let built = TempDir::new().unwrap();
    written(built.path());
    written(built.path());
    let (mut whole, mut refused) = (0, 0);
    for name in listing(built.path()).into_keys() {
        let bytes = fs::read(&name).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for place in 0..9 {
            for way in ["cut", "bit", "sector"] {
                let at = (used * place / 9 + place).min(used.saturating_sub(1));
                let mut damaged = bytes.clone();
                match way {
                    "cut" => damaged.truncate(at),
                    "bit" => damaged[at] ^= 4,
                    _ => damaged[at..(at + 512).min(bytes.len())].fill(0),
                }
                let folder = TempDir::new().unwrap();
                copy(built.path(), folder.path());
                fs::write(folder.path().join(name.strip_prefix(built.path()).unwrap()), damaged).unwrap();
                let before = listing(folder.path());
                match Private::open(folder.path()) {
                    Ok(private) => {
                        for key in 0..10_u8 {
                            let found = private.get("m", [key]).unwrap();
                            assert_eq!(found.as_deref(), Some(&[key; 40][..]), "{} {way} at {at}", name.display());
                        }
                        whole += 1;
                    }
                    Err(error) => {
                        assert_eq!(error.code(), "private_damaged", "{} {way} at {at}: {error}", name.display());
                        let unchanged =
                            listing(folder.path()).into_iter().filter(|(path, _)| !path.ends_with("lock")).eq(before);
                        assert!(unchanged, "{} {way} at {at}: refusing changed something", name.display());
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(whole > 0 && refused > 30, "{whole} whole, {refused} refused");
}

#[test]
fn only_the_operator_sets_aside_and_it_can_be_put_back() {
    let folder = TempDir::new().unwrap();
    written(folder.path());
    let head = fs::read(head_path(folder.path())).unwrap();
    fs::write(head_path(folder.path()), b"broken").unwrap();
    assert_eq!(refusal(folder.path()), "the head is not as written");
    let aside = Private::set_aside(folder.path()).unwrap();
    assert_eq!(aside, folder.path().join("private.aside-1"));
    Private::open(folder.path()).unwrap().put("m", b"new", b"v").unwrap();
    assert_eq!(Private::set_aside(folder.path()).unwrap(), folder.path().join("private.aside-2"));
    fs::write(aside.join(HEAD), head).unwrap();
    fs::rename(aside, folder.path().join(PRIVATE)).unwrap();
    assert_eq!(Private::open(folder.path()).unwrap().len(), 10);
}

#[test]
fn compacting_keeps_the_records_and_drops_the_bytes_of_erased_ones() {
    let folder = TempDir::new().unwrap();
    let private = Private::open(folder.path()).unwrap();
    let secret = b"the name of somebody who was promised to be forgotten";
    private.put("reports", b"erased", secret).unwrap();
    private.put("reports", b"kept", b"v").unwrap();
    private.delete("reports", b"erased").unwrap();
    let holds = |folder: &Path| {
        listing(folder).into_values().any(|bytes| bytes.windows(secret.len()).any(|window| window == secret))
    };
    assert!(holds(folder.path()), "sled's log still holds what was erased");
    private.compact().unwrap();
    private.put("reports", b"later", b"w").unwrap();
    drop(private);
    assert!(!holds(folder.path()), "and no longer does");
    let private = Private::open(folder.path()).unwrap();
    assert_eq!(private.len(), 2);
    assert_eq!(private.get("reports", b"kept").unwrap(), Some(bytes("v")));
}

#[test]
fn a_copy_that_was_not_finished_is_removed_once_the_records_are_known_to_be_there() {
    let folder = TempDir::new().unwrap();
    written(folder.path());
    let private = folder.path().join(PRIVATE);
    copy(&private.join("records-0"), &private.join("records-1"));
    let opened = Private::open(folder.path()).unwrap();
    assert_eq!(opened.len(), 10);
    assert!(!private.join("records-1").exists());
}
