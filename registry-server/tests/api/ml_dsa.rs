//! A registry that signs its checkpoints with ML-DSA-44 too.

use std::time::{Duration, Instant};

use registry_server::{Schedule, Server};
use tlog::{Note, OpenedCheckpoint, Proof, Quorum, SignatureType, Vkey, leaf_hash};
use verify::{Bundle, Trust, TrustedRegistry};

use crate::fake_witness::{FakeWitness, Manner};
use crate::snapshots::snapshot;
use crate::world::{ORIGIN, World};

fn world() -> World {
    World::made(ORIGIN, &["--ml-dsa"], |config| {
        config.snapshots = Schedule { every: Duration::from_millis(20), ..Schedule::default() };
    })
}

fn trusted(world: &World) -> TrustedRegistry {
    let text = std::fs::read_to_string(world.data.join("trust.toml")).unwrap();
    Trust::from_toml(&text).unwrap().registries.remove(0)
}

fn code(note: &Note, keys: &[Vkey]) -> &'static str {
    OpenedCheckpoint::from_note(note.clone(), keys).map_or_else(|error| error.code(), |_| "opened")
}

#[test]
fn both_signatures_stand_under_all_that_is_served_and_both_are_demanded() {
    let world = world();
    let registry = trusted(&world);
    let types: Vec<_> = registry.log_keys.iter().map(Vkey::signature_type).collect();
    assert_eq!(types, [SignatureType::Ed25519, SignatureType::MlDsa44Cosignature]);
    world.accredit();
    assert_eq!(world.attest(0), 1);

    let note = Note::parse(&world.get("/checkpoint").body).unwrap();
    let opened = OpenedCheckpoint::from_note(note.clone(), &registry.log_keys).unwrap();
    assert_eq!((opened.size(), opened.cosigners().len(), note.signatures().len()), (2, 0, 2));
    for (left, expected) in [(0, "no_ml_dsa_signature"), (1, "no_log_signature")] {
        let one = Note::from_parts(note.text(), [note.signatures()[left].clone()]).unwrap();
        assert_eq!(code(&one, &registry.log_keys), expected);
    }
    assert_eq!(code(&note, &registry.log_keys[..1]), "opened", "who does not know the key needs nothing more");

    let statement = world.get("/v1/statements/1").json();
    let proof = Proof::parse(statement["proof"].as_str().unwrap().as_bytes()).unwrap();
    let entry = tlog::Bundle::decode(&world.get("/tile/entries/000.p/2").body, 2).unwrap().entries()[1].to_vec();
    assert!(proof.verify(&leaf_hash(&entry), &registry.log_keys).is_ok());
    let evidence: Bundle = serde_json::from_slice(&world.get("/v1/attestations/1/evidence").body).unwrap();
    assert!(evidence.open(&registry).is_ok());
    let (head, _) = snapshot(&world, 2);
    assert!(verify::open_head(&head, &registry).is_ok());
}

/// Browsers have no ML-DSA: the page's script would refuse a key of a kind that it does not know.
#[test]
fn scripts_are_given_the_key_that_they_can_check() {
    let world = world();
    let keys = world.get("/v1/trust").json()["logKeys"].clone();
    assert_eq!(keys, serde_json::json!([trusted(&world).log_keys[0].to_string()]));
}

#[test]
fn the_same_tree_gives_the_same_bytes_after_a_restart() {
    let mut world = world();
    world.accredit();
    let before = world.get("/checkpoint").body;
    world.stop();
    world.start();
    assert_eq!(world.get("/checkpoint").body, before);
}

#[test]
fn cosignatures_stand_beside_both() {
    let witness = FakeWitness::new(60, Manner::Honest);
    let world = World::made(ORIGIN, &["--ml-dsa"], |config| {
        let file = config.data.join("trust.toml");
        let mut trust = Trust::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        trust.registries[0].quorum = Quorum::new(vec![witness.vkey()], 1).unwrap();
        trust.registries[0].witness_urls = vec![(witness.vkey(), witness.url())];
        std::fs::write(&file, trust.to_toml()).unwrap();
    });
    let keys = trusted(&world).checkpoint_keys();
    let started = Instant::now();
    loop {
        let opened = OpenedCheckpoint::open(&world.get("/checkpoint").body, &keys).unwrap();
        if opened.cosigners().len() == 1 {
            assert_eq!(opened.note().signatures().len(), 3);
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "no cosignature");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_registry_whose_key_is_gone_or_another_does_not_run() {
    let mut world = world();
    world.stop();
    let file = world.data.join("log-ml-dsa.key");
    let refused = |world: &World| {
        let error = world.runtime.block_on(Server::start(world.config.clone())).unwrap_err();
        format!("{error:#}")
    };
    let kept = std::fs::read_to_string(&file).unwrap();
    // A letter of the base64 within the seed: another key of the right form.
    let changed: String =
        kept.char_indices().map(|(at, c)| if at == 70 { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
    std::fs::remove_file(&file).unwrap();
    let said = refused(&world);
    assert!(said.contains("log-ml-dsa.key") && said.contains("No such file"), "{said}");
    std::fs::write(&file, changed).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let said = refused(&world);
    assert!(said.contains("the trust file does not name the key in"), "{said}");
    std::fs::write(&file, kept).unwrap();
    world.start();
}
