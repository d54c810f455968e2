//! Opening a registry of a million attestations: from its saved state, and by replay of the whole journal.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use statement::{Attestation, Lot};

use crate::{CONNECTIONS, Registry, Scale, bare, certifier, cpu_seconds, get, load, post, sign};

/// Attestations that are signed, then sent, at once.
const AT_ONCE: u32 = 20_000;

pub(crate) fn run(scale: Scale) {
    println!("opening again: {} attestations, each of another lot", scale.reopened);
    let mut registry = Registry::start();
    let key = certifier();
    let attestation = |number: u32| Attestation {
        lot: Lot::parse(&format!("LOT-{number}")).unwrap(),
        ..registry.parties.attestation(number)
    };
    let jws = |number: u32| sign(&attestation(number), &key);
    let alone = bare::verifications(jws(0).len(), Duration::from_secs(2));
    let mut bytes = 0;
    for first in (0..scale.reopened).step_by(AT_ONCE as usize) {
        let requests = (first..scale.reopened.min(first + AT_ONCE)).map(|number| {
            let jws = jws(number);
            bytes += jws.len() + 8;
            post(&jws)
        });
        let done = load::closed(registry.address(), CONNECTIONS, Arc::new(requests.collect()), None);
        assert_eq!(done.failed, 0, "{:?}", done.first_failure);
    }
    registry.close();
    println!("  entries                             {:>9.0} MB", bytes as f64 / 1e6);
    for folder in ["journal", "database"] {
        let size = size_of(&registry.data.join(folder));
        println!("  {folder:<35} {:>9.0} MB, {:.2} × the entries", size as f64 / 1e6, size as f64 / bytes as f64);
    }
    let last = get(&format!("/v1/statements/{}", scale.reopened));
    let mut opens = |what: &str| {
        let cpu = || ["registry", "sequencer", "journal"].map(cpu_seconds).iter().sum::<f64>();
        let (before, started) = (cpu(), Instant::now());
        registry.open();
        let time = started.elapsed();
        let answer = load::closed(registry.address(), 1, Arc::new(vec![last.clone()]), None);
        assert_eq!(answer.failed, 0, "{:?}", answer.first_failure);
        let cpu = cpu() - before;
        registry.close();
        println!("  {what:<35} {:>9.2} s, {cpu:.1} s of a core", time.as_secs_f64());
        registry.data.join("database")
    };
    opens("from the saved state (aim: 2 s)");
    let database = opens("once more");
    std::fs::remove_dir_all(database).unwrap();
    opens("by replay, every signature checked");
    println!("  strict verification of them, alone  {:>9.2} s of a core\n", f64::from(scale.reopened) / alone);
}

/// Bytes that a folder takes on the disk, as its files say.
fn size_of(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| match entry.metadata().unwrap() {
            metadata if metadata.is_dir() => size_of(&entry.path()),
            metadata => metadata.blocks() * 512,
        })
        .sum()
}
