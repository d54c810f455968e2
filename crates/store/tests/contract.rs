//! Every backend passes the contract suite.

use std::sync::Arc;

use store::{Faulty, FileJournal, Folder, MemoryJournal, Options, SimDisk, contract};

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime of one thread needs nothing").block_on(test);
}

const TINY: Options = Options { smallest: 4096, largest: 8192, ahead: false };

#[test]
fn memory() {
    run(contract::check(|| {
        let storage = Arc::new(MemoryJournal::new());
        move || storage.clone()
    }));
}

#[test]
fn faulty_without_orders() {
    run(contract::check(|| {
        let storage = Arc::new(Faulty::new(MemoryJournal::new()));
        move || storage.clone()
    }));
}

#[test]
fn simulated_disk() {
    run(contract::check(|| {
        let disk = SimDisk::new();
        move || FileJournal::open_with(disk.clone(), TINY).unwrap()
    }));
}

#[test]
fn folder_with_tiny_segments() {
    run(contract::check(|| {
        let folder = tempfile::tempdir().unwrap();
        move || FileJournal::open_with(Folder::lock(folder.path()).unwrap(), TINY).unwrap()
    }));
}

#[test]
fn folder_as_in_production() {
    run(contract::check(|| {
        let folder = tempfile::tempdir().unwrap();
        move || FileJournal::open(folder.path()).unwrap()
    }));
}
