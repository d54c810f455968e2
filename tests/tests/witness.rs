//! Two registries that watch each other, as processes that are killed, and a certifier beside one of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::{Memory, Registry};
use primitives::SecretKey;
use statement::sample;
use tests::{Desk, Parties, Server};
use tlog::{Checkpoint, Note, OpenedCheckpoint};
use verify::{Trust, TrustedRegistry};

/// Starts it as a witness of the other's log.
fn start(server: &mut Server, other: &Path) {
    server.start_with(&["--witness-trust", other.to_str().unwrap(), "--snapshot-every", "1"]);
}

fn trusted(trust: &Trust) -> &TrustedRegistry {
    trust.registries.first().unwrap()
}

fn served(server: &Server) -> OpenedCheckpoint {
    let mut answer = ureq::get(format!("{}/checkpoint", server.url())).call().unwrap();
    let note = answer.body_mut().read_to_vec().unwrap();
    OpenedCheckpoint::open(&note, &trusted(&server.trust()).checkpoint_keys()).unwrap()
}

fn wait_for_quorum(server: &Server, size: u64) {
    let started = Instant::now();
    loop {
        let found = served(server);
        if found.size() == size && found.cosigners().len() == 1 {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(120), "{}", found.note());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The size that a witness has on its disk for a log.
fn recorded(witness: &Server, origin: &str) -> u64 {
    let file = witness.data().join("witness/cosigned");
    let Ok(text) = fs::read_to_string(file) else { return 0 };
    // Each note follows a line of eight digits with its length.
    let lines = text.match_indices('\n').map(|(at, _)| at + 1);
    let notes = lines.filter_map(|at| {
        let (length, rest) = text.get(at..)?.split_once('\n')?;
        rest.get(..length.parse().ok()?)
    });
    let whole = notes.filter_map(|note| Note::parse(note.as_bytes()).ok());
    let mut of_log =
        whole.filter_map(|note| Checkpoint::parse(note.text()).ok()).filter(|found| found.origin() == origin);
    of_log.next_back().map_or(0, |checkpoint| checkpoint.size())
}

#[test]
fn a_witness_that_is_killed_forgets_nothing_that_it_has_cosigned() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [mut one, mut two] = folders.each_ref().map(|folder| Server::init(folder.path()));
    one.ask(&two);
    two.ask(&one);
    let trust_of = |server: &Server| -> PathBuf { server.data().join("trust.toml") };
    let (trust_of_one, trust_of_two) = (trust_of(&one), trust_of(&two));
    start(&mut one, &trust_of_two);
    start(&mut two, &trust_of_one);
    let trust = one.trust();
    let memory = tempfile::tempdir().unwrap();
    let registry = Registry::new(trusted(&trust), Memory::new(memory.path()));
    let parties = Parties::new(&one.origin());
    registry.submit(&parties.accreditation()).unwrap();
    let mut size = 1;
    for round in 0..5 {
        for _ in 0..8 {
            let receipt = registry.submit(&parties.attestation(u32::try_from(size).unwrap())).unwrap();
            assert_eq!(receipt.index, size);
            size += 1;
            std::thread::sleep(Duration::from_millis(40 * round));
        }
        // Whatever it is doing: cosigning, writing, or nothing.
        two.kill();
        let (recorded_then, served) = (recorded(&two, &one.origin()), served(&one));
        assert!(served.cosigners().is_empty() || recorded_then >= served.size(), "what was answered is on the disk");
        // Without it, statements are taken as before.
        let started = Instant::now();
        registry.submit(&parties.attestation(u32::try_from(size).unwrap())).unwrap();
        size += 1;
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        start(&mut two, &trust_of_one);
        wait_for_quorum(&one, size);
        assert_eq!(recorded(&two, &one.origin()), size);
        // No answer of all these went back or contradicted another.
        assert!(registry.evidence(size - 1).unwrap().knowledge(primitives::Timestamp::from_seconds(0)).quorum_met);
    }
    // The other way round.
    wait_for_quorum(&two, 0);
    assert_eq!(recorded(&one, &two.origin()), 0);
}

#[test]
fn labels_are_printed_of_what_witnesses_have_seen() {
    let mut desk = Desk::open();
    let folder = tempfile::tempdir().unwrap();
    let mut witness = Server::init(folder.path());
    desk.server.kill();
    desk.server.ask(&witness);
    let trust = desk.server.data().join("trust.toml");
    desk.server.start();
    let did = sample::did("did:web:himal-audit.example");
    desk.key("certifier", &did, &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let key = ["--key", "certifier.key", "--allow-unencrypted-key"];
    let attested = desk.certifier(&[&["attest", "lot.toml"], &key[..]].concat()).succeeds();
    assert!(attested.contains("registered at index 1"), "{attested}");
    let labels = |wait: &str, out: &str| {
        let print =
            ["labels", "--attestation", "1", "--serials", "1-3", "--format", "list", "--out", out, "--wait", wait];
        desk.certifier(&[&print[..], &key[..]].concat())
    };
    let refused = labels("0", "early").fails(1, "was not lately seen by 1 of the trust file's witnesses");
    assert!(refused.contains("--wait SECONDS"), "{refused}");
    assert!(!desk.path("early").exists(), "nothing was written");
    start(&mut witness, &trust);
    let printed = labels("120", "labels").succeeds();
    assert!(printed.contains("3 labels of attestation 1"), "{printed}");
    assert!(desk.path("labels").exists());
}
