//! Every write of a run fails before, half way or after its work; then the process dies, or the power; then the journal is
//! opened again.

use super::*;
use crate::AppendError;
use crate::file::{Crash, DiskFault};

/// Enough for two rolls, with records that span sectors and one that takes a segment of its own.
const RUN: [u64; 12] = [30, 1, 40, 2, 30, 30, 3, 20, 300, 5, 40, 1];

/// Appends what `RUN` says, opening the journal again in the middle; gives how many were acknowledged.
fn run(disk: &SimDisk) -> usize {
    let mut acknowledged = 0;
    for half in [&RUN[..6], &RUN[6..]] {
        let Ok(journal) = open(disk) else { return acknowledged };
        assert_eq!(journal.len(), acknowledged as u64, "opening without a crash finds what was acknowledged");
        for size in half {
            let next = record(journal.entries(), *size);
            match block_on(journal.append(journal.len(), &next)) {
                Ok(()) => acknowledged += 1,
                Err(AppendError::Io { .. }) => {
                    let again = block_on(journal.append(journal.len(), &next)).unwrap_err();
                    assert_eq!(again.code(), "journal_poisoned", "after a fault");
                    let other = block_on(journal.append(journal.len() + 1, &next)).unwrap_err();
                    assert_eq!(other.code(), "journal_poisoned");
                    return acknowledged;
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    acknowledged
}

fn expected() -> Vec<Record> {
    let mut records = Vec::new();
    let mut tree_size = 0;
    for size in RUN {
        records.push(record(tree_size, size));
        tree_size += size;
    }
    records
}

/// Opens what is left and checks it: what was acknowledged is there, of the next record all or nothing, and what
/// opening shows outlives a power cut right after it.
fn check(disk: &SimDisk, acknowledged: usize, all: &[Record], what: &str) {
    let journal = open(disk).unwrap_or_else(|error| panic!("{what}: {error}"));
    let found = journal.len() as usize;
    assert!(found == acknowledged || found == acknowledged + 1, "{what}: {found} of {acknowledged} acknowledged");
    assert_eq!(block_on(read_all(&journal)), all[..found], "{what}");
    drop(journal);
    let after = disk.crash(Crash::Power);
    let journal = open(&after).unwrap_or_else(|error| panic!("{what}, power cut after opening: {error}"));
    assert_eq!(journal.len() as usize, found, "{what}: what opening showed is lost in a power cut");
    block_on(append_all(&journal, &RUN[found..]));
    assert_eq!(block_on(read_all(&journal)), all, "{what}");
    journal.verify_all().unwrap();
}

#[test]
fn every_write_fails_in_every_way_and_every_crash_follows() {
    let all = expected();
    let disk = SimDisk::new();
    assert_eq!(run(&disk), RUN.len());
    let operations = disk.operations();
    assert!(operations > 60, "{operations} operations");
    let mut unacknowledged_but_there = 0;
    for nth in 0..operations {
        for fault in [DiskFault::Before, DiskFault::Half, DiskFault::After] {
            for dies in [false, true] {
                let disk = SimDisk::new();
                disk.fail(nth, fault, dies);
                let acknowledged = run(&disk);
                let crashes = [Crash::Process, Crash::Power];
                let crashes = crashes.into_iter().chain((0..8).map(|seed| Crash::PowerSome(seed * 1000 + nth)));
                for crash in crashes {
                    let left = disk.crash(crash);
                    check(
                        &left,
                        acknowledged,
                        &all,
                        &format!("operation {nth} {fault:?}, dies {dies}, then {crash:?}"),
                    );
                    unacknowledged_but_there += usize::from(open(&left).unwrap().len() as usize > acknowledged);
                }
            }
        }
    }
    assert!(unacknowledged_but_there > 0, "no fault struck after its work was done");
}

#[test]
fn recovery_itself_fails_at_every_write_and_is_done_again() {
    let all = expected();
    // Crashes in the middle of an append, and of a roll, leave the most to recover.
    let disk = SimDisk::new();
    run(&disk);
    for nth in 0..disk.operations() {
        let disk = SimDisk::new();
        disk.fail(nth, DiskFault::Half, true);
        let acknowledged = run(&disk);
        let left = disk.crash(Crash::PowerSome(nth));
        let untouched = left.crash(Crash::Process);
        drop(open(&untouched).unwrap());
        for second in 0..untouched.operations() {
            for fault in [DiskFault::Before, DiskFault::Half, DiskFault::After] {
                let again = left.crash(Crash::Process);
                again.fail(second, fault, true);
                assert!(open(&again).is_err(), "operation {second} of opening fails, and opening does not");
                for crash in [Crash::Process, Crash::Power, Crash::PowerSome(second)] {
                    let what = format!("append fault at {nth}, recovery {fault:?} at {second}, then {crash:?}");
                    check(&again.crash(crash), acknowledged, &all, &what);
                }
            }
        }
    }
}

#[test]
fn a_failed_sync_is_not_taken_for_done_at_reopening() {
    // The kernel takes the pages of a failed sync for clean: the record is in the cache, and nowhere else.
    let disk = SimDisk::new();
    let journal = open(&disk).unwrap();
    block_on(append_all(&journal, &[1, 1]));
    let sync = disk.operations() + 2;
    disk.fail(sync, DiskFault::Before, false);
    let failed = block_on(journal.append(2, &record(2, 1))).unwrap_err();
    assert!(failed.to_string().contains("syncing"), "{failed}");
    drop(journal);
    assert_eq!(open(&disk).unwrap().len(), 3, "the cache holds the record");
    assert_eq!(open(&disk.crash(Crash::Power)).unwrap().len(), 3, "and opening has put it on the device");
}

#[test]
fn a_disk_that_ignores_flushes_loses_records_but_never_makes_one_up() {
    let all = expected();
    let (mut shorter, mut refused) = (0, 0);
    for seed in 0..400 {
        let disk = SimDisk::new();
        if seed % 2 == 0 {
            disk.lie();
            run(&disk);
        } else {
            // Honest at first, lying later.
            let journal = open(&disk).unwrap();
            block_on(append_all(&journal, &RUN[..4]));
            disk.lie();
            block_on(append_all(&journal, &RUN[4..]));
        }
        match open(&disk.crash(Crash::PowerSome(seed))) {
            Ok(journal) => {
                shorter += usize::from(journal.len() < RUN.len() as u64);
                for seq in 0..journal.len() {
                    match block_on(journal.read(seq)) {
                        Ok(found) => assert_eq!(found.as_ref(), all.get(seq as usize), "seed {seed}"),
                        Err(error) => assert_eq!(error.code(), "journal_checksum", "seed {seed}"),
                    }
                }
            }
            Err(OpenError::Damaged(damage)) => {
                assert!(!damage.to_string().is_empty());
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(shorter > 0 && refused > 0, "{shorter} shorter, {refused} refused");
}

#[test]
fn segments_made_ready_ahead_fail_no_other_way() {
    let ahead = Options { ahead: true, ..TINY };
    let all = expected();
    // Another thread writes too, so the nth operation is not always the same one; what must hold always is.
    for nth in (0..).step_by(2) {
        let disk = SimDisk::new();
        disk.fail(nth, DiskFault::Before, false);
        let mut acknowledged = 0;
        if let Ok(journal) = FileJournal::open_with(disk.clone(), ahead) {
            let appended = |next: &Record| block_on(journal.append(journal.len(), next)).is_ok();
            acknowledged = all.iter().take_while(|next| appended(next)).count();
        }
        check(&disk.crash(Crash::PowerSome(nth)), acknowledged, &all, &format!("operation {nth}"));
        if nth > disk.operations() {
            assert_eq!(acknowledged, all.len(), "no fault struck");
            break;
        }
    }
}
