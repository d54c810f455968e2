//! `kill -9` at any moment loses no acknowledged statement: the real server, parallel writers, many kills.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics on what it does not expect")]

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use client::{Memory, Registry};
use tests::{Parties, Server};

const KILLS: u32 = 25;
const WRITERS: u32 = 6;

/// A statement that the server acknowledged.
#[derive(Clone)]
struct Acknowledged {
    jws: String,
    index: u64,
    received_at: String,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    index: u64,
    received_at: String,
}

/// Posts without the client's checks, which would cost the writers the speed that makes a kill hit something.
fn post(agent: &ureq::Agent, url: &str, jws: &str) -> Option<(u16, Answer)> {
    let request = agent.post(format!("{url}/v1/statements")).header("Content-Type", "application/vc+jwt");
    let mut answer = request.send(jws).ok()?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().ok()?;
    assert!(matches!(status, 200 | 201 | 503), "status {status}: {}", String::from_utf8_lossy(&body));
    Some((status, serde_json::from_slice(&body).ok()?))
}

fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).http_status_as_error(false);
    config.build().into()
}

/// Writers that go on until told to stop or until the server is gone.
fn write(
    url: &str,
    parties: &Arc<Parties>,
    next: &Arc<AtomicU32>,
    kept: &Arc<Mutex<Vec<Acknowledged>>>,
    stop: &Arc<AtomicBool>,
) -> Vec<thread::JoinHandle<()>> {
    (0..WRITERS)
        .map(|_| {
            let (url, parties) = (url.to_owned(), Arc::clone(parties));
            let (next, kept, stop) = (Arc::clone(next), Arc::clone(kept), Arc::clone(stop));
            thread::spawn(move || {
                let agent = agent();
                while !stop.load(Ordering::Relaxed) {
                    let jws = parties.attestation(next.fetch_add(1, Ordering::Relaxed));
                    let Some((_, Answer { index, received_at })) = post(&agent, &url, &jws) else { continue };
                    kept.lock().unwrap().push(Acknowledged { jws, index, received_at });
                }
            })
        })
        .collect()
}

/// Kills the server again and again under load; `between` may harm its folder while it is down.
fn kills(seed: u32, between: impl Fn(&Server)) {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::init(folder.path());
    server.start();
    let (url, trust) = (server.url(), server.trust());
    let registry = Registry::new(&trust.registries[0], Memory::new(folder.path().join("memory")));
    let parties = Arc::new(Parties::new(&server.origin()));
    assert_eq!(registry.submit(&parties.accreditation()).unwrap().index, 0);
    let (next, kept) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(Vec::new())));
    let mut random = seed;
    let mut acknowledged_before = 0;
    let mut busy_rounds = 0;
    for _ in 0..KILLS {
        let stop = Arc::new(AtomicBool::new(false));
        let writers = write(&url, &parties, &next, &kept, &stop);
        // A linear congruential step (Numerical Recipes): from 20 to 300 ms.
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        thread::sleep(Duration::from_millis(20 + u64::from(random >> 16) % 280));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        between(&server);
        server.start();
        let kept = kept.lock().unwrap().clone();
        busy_rounds += u32::from(kept.len() > acknowledged_before);
        // What this round acknowledged, and a sample of what came before.
        for known in
            kept.iter().enumerate().filter(|(n, _)| *n >= acknowledged_before || n % 37 == 0).map(|(_, known)| known)
        {
            let (status, answer) = post(&agent(), &url, &known.jws).expect("the server answers");
            assert_eq!(
                (status, answer.index, answer.received_at.as_str()),
                (200, known.index, known.received_at.as_str())
            );
        }
        acknowledged_before = kept.len();
        // The proof is checked, and the new checkpoint extends the newest one that was ever seen.
        if let Some(last) = kept.last() {
            assert_eq!(registry.statement(last.index).unwrap().statement, last.jws);
        }
    }
    let kept = kept.lock().unwrap().clone();
    for known in &kept {
        assert_eq!(registry.statement(known.index).unwrap().statement, known.jws, "entry {}", known.index);
    }
    let mut indexes: Vec<_> = kept.iter().map(|known| known.index).collect();
    indexes.sort_unstable();
    indexes.dedup();
    assert_eq!(indexes.len(), kept.len(), "no two statements share an index");
    assert!(busy_rounds > KILLS / 2, "most kills hit a server at work, {busy_rounds} did");
    println!("{KILLS} kills, {} statements acknowledged, none lost", kept.len());
}

#[test]
fn no_acknowledged_statement_is_lost() {
    kills(1, |_| {});
}

#[test]
fn none_is_lost_when_the_database_is_gone_as_well() {
    kills(2, |server| fs::remove_dir_all(server.data().join("database")).unwrap());
}
