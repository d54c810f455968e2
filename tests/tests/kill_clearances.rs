//! `kill -9` at any moment loses no acknowledged clearance, and none is counted twice: the real server, offices that post at once, many
//! kills. A clearance is two writes, in the private data and in the log: some kills fall between them.

#![expect(clippy::unwrap_used, reason = "a test panics on what it does not expect")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use client::{Memory, Registry};
use tests::{Parties, Server};
use verify::Trust;

const KILLS: u32 = 12;
const OFFICES: u32 = 4;
/// Log index of the attestation of which all is cleared.
const ATTESTATION: u64 = 2;

struct Run {
    parties: Parties,
    next: AtomicU32,
    /// Number of the clearance and log index of its commitment.
    acknowledged: Mutex<BTreeMap<u32, u64>>,
}

fn office(run: &Run, trust: &Trust, memory: &Path, stop: &AtomicBool) {
    let registry = Registry::new(trust.registries.first().unwrap(), Memory::new(memory));
    while !stop.load(Ordering::Relaxed) {
        let n = run.next.fetch_add(1, Ordering::Relaxed);
        let (clearance, commitment) = run.parties.clearance(n, ATTESTATION);
        if let Ok(told) = registry.clear(&clearance, &commitment) {
            run.acknowledged.lock().unwrap().insert(n, told.receipt.index);
        }
    }
}

#[test]
fn no_acknowledged_clearance_is_lost_and_none_counts_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::init(folder.path());
    server.start();
    let (trust, parties) = (server.trust(), Parties::new(&server.origin()));
    let registry = Registry::new(trust.registries.first().unwrap(), Memory::new(folder.path().join("memory")));
    for jws in [parties.accreditation(), parties.office_accreditation(), parties.attestation(0)] {
        registry.submit(&jws).unwrap();
    }
    let run = Arc::new(Run { parties, next: AtomicU32::new(0), acknowledged: Mutex::new(BTreeMap::new()) });
    let mut random = 7_u32;
    let mut waited = 0;
    for _ in 0..KILLS {
        let stop = Arc::new(AtomicBool::new(false));
        let offices: Vec<_> = (0..OFFICES)
            .map(|number| {
                let (run, trust, stop) = (Arc::clone(&run), trust.clone(), Arc::clone(&stop));
                let memory = folder.path().join(format!("memory-{number}"));
                thread::spawn(move || office(&run, &trust, &memory, &stop))
            })
            .collect();
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        thread::sleep(Duration::from_millis(30 + u64::from(random >> 16) % 270));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        offices.into_iter().for_each(|office| office.join().unwrap());
        server.start();
        // What counts is what is in the log: all that was acknowledged, and perhaps some whose answer the kill took.
        let supplement = registry.supplement(&run.parties.supplement_request()).unwrap();
        let lot = supplement.opened().cleared().lot(ATTESTATION);
        let quantity = lot.map_or(0, |lot| lot.quantity());
        assert_eq!(quantity, supplement.opened().clearances());
        assert_eq!(supplement.opened().size(), 3 + quantity, "the log holds nothing else");
        assert!(quantity >= run.acknowledged.lock().unwrap().len() as u64);
        let log = std::fs::read_to_string(folder.path().join("log.txt")).unwrap_or_default();
        waited += u32::from(log.contains("not in the log"));
    }
    let acknowledged = run.acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > usize::try_from(KILLS).unwrap(), "the offices were at work: {}", acknowledged.len());
    // Sent again, every one gets its place, and those that nobody had an answer for get one.
    let all = run.next.load(Ordering::Relaxed);
    for n in 0..all {
        let (clearance, commitment) = run.parties.clearance(n, ATTESTATION);
        let told = registry.clear(&clearance, &commitment).unwrap();
        if let Some(index) = acknowledged.get(&n) {
            assert_eq!((told.receipt.index, told.receipt.repeated), (*index, true), "{n}");
        }
    }
    let supplement = registry.supplement(&run.parties.supplement_request()).unwrap();
    assert_eq!(supplement.opened().clearances(), u64::from(all));
    println!(
        "{KILLS} kills, {} of {all} clearances acknowledged, {waited} starts with some that waited",
        acknowledged.len()
    );
}
