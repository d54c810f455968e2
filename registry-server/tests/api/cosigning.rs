//! Witnesses' cosignatures: gathered beside the log, and what they change in what the world sees.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use primitives::Signer as _;
use registry_server::{Config, Cosigning, Schedule};
use serde_json::Value;
use statement::Action;
use tlog::{OpenedCheckpoint, Proof, Quorum, Vkey};
use verify::{Bundle, Evidence, Known, Strict, Trust, TrustedRegistry};

use crate::fake_witness::{FakeWitness, Manner};
use crate::parties::{certifier_key, sign_accreditation, sign_attestation, sign_change};
use crate::witness::witness_vkey;
use crate::world::{ORIGIN, World};

/// Everything fast, so that a test does not wait; what a witness may take is still longer than what a good one takes.
pub(crate) fn quick(config: &mut Config) {
    config.cosigning = Cosigning {
        every: Duration::from_millis(50),
        renew: Duration::from_secs(600),
        patience: Duration::from_millis(500),
        timeout: Duration::from_millis(1500),
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(100),
    };
    config.snapshots = Schedule { every: Duration::from_millis(20), ..Schedule::default() };
    config.metrics_listen = Some("127.0.0.1:0".parse().unwrap());
}

/// Writes witnesses into the trust file of a registry.
pub(crate) fn name_witnesses(data: &Path, quorum: usize, witnesses: &[(Vkey, String)]) {
    let file = data.join("trust.toml");
    let mut trust = Trust::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let registry = &mut trust.registries[0];
    registry.quorum = Quorum::new(witnesses.iter().map(|(vkey, _)| vkey.clone()).collect(), quorum).unwrap();
    registry.witness_urls = witnesses.to_vec();
    std::fs::write(&file, trust.to_toml()).unwrap();
}

/// A registry whose trust file asks for this many of these witnesses.
fn world(quorum: usize, witnesses: &[&FakeWitness]) -> World {
    World::with(|config| {
        quick(config);
        let witnesses: Vec<_> = witnesses.iter().map(|it| (it.vkey(), it.url())).collect();
        name_witnesses(&config.data, quorum, &witnesses);
    })
}

pub(crate) fn trusted(world: &World) -> TrustedRegistry {
    let trust = Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap();
    trust.registries[0].clone()
}

fn checkpoint(world: &World) -> OpenedCheckpoint {
    OpenedCheckpoint::open(&world.get("/checkpoint").body, &trusted(world).checkpoint_keys()).unwrap()
}

pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until the served checkpoint has this size and this many cosigners.
pub(crate) fn wait_for_cosigned(world: &World, size: u64, cosigners: usize) -> OpenedCheckpoint {
    wait_for(&format!("{size} entries cosigned by {cosigners}"), || {
        let found = checkpoint(world);
        (found.size() == size && found.cosigners().len() == cosigners).then_some(found)
    })
}

/// How often a witness was asked with this outcome.
fn outcomes(world: &World, outcome: &str) -> u64 {
    let address = world.server().metrics_address().unwrap();
    let text = crate::wire::send(address, "localhost", "GET /metrics", &[], b"").text().to_owned();
    let name = format!("registry_witness_requests_total{{outcome=\"{outcome}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}

fn evidence(world: &World, index: u64) -> Bundle {
    serde_json::from_slice(&world.get(&format!("/v1/attestations/{index}/evidence")).body).unwrap()
}

/// What somebody says about a label who has the trust file and asks for evidence.
fn judge_by_evidence(world: &World, label: &str, index: u64) -> (String, Vec<String>) {
    let registry = trusted(world);
    let opened = evidence(world, index).open(&registry).unwrap();
    let now = crate::parties::now();
    let known = |_: &label::Label| Known::State(opened.knowledge(now));
    let trust = Trust { registries: vec![registry] };
    let verdict = verify::verify(&Evidence { label, known: &known, signatures: &Strict }, &trust, now);
    let value: Value = serde_json::to_value(&verdict).unwrap();
    said(&value)
}

fn said(verdict: &Value) -> (String, Vec<String>) {
    let reasons = verdict["reasons"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned());
    (verdict["outcome"].as_str().unwrap().to_owned(), reasons.collect())
}

fn verified() -> (String, Vec<String>) {
    ("verified".into(), vec![])
}

#[test]
fn what_the_world_sees_carries_the_quorum() {
    let witness = FakeWitness::new(60, Manner::Honest);
    let mut world = world(1, &[&witness]);
    world.accredit();
    assert_eq!(world.attest(0), 1);
    let cosigned = wait_for_cosigned(&world, 2, 1);
    let registry = trusted(&world);
    registry.quorum.check(&cosigned).unwrap();
    // Proofs of entries, evidence, and the snapshot are under it.
    let statement = world.get("/v1/statements/1").json();
    let proof = Proof::parse(statement["proof"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(proof.checkpoint().to_string(), cosigned.note().to_string());
    let repeated = world.post(&sign_accreditation(&world.parties.accreditation()));
    assert_eq!(repeated.status, 200);
    assert!(repeated.json()["proof"].as_str().unwrap().contains("w.example/w"), "sent again, it has the cosignatures");
    assert!(evidence(&world, 1).open(&registry).unwrap().knowledge(crate::parties::now()).quorum_met);
    wait_for("a cosigned snapshot", || {
        let answer = world.get("/v1/snapshot");
        let head = (answer.status == 200).then(|| verify::open_head(&answer.body, &registry).unwrap())?;
        (head.checkpoint().size() == 2 && registry.quorum.check(head.checkpoint()).is_ok()).then_some(())
    });
    let label = world.parties.label(1, 17).to_uri();
    assert_eq!(said(&world.judge(&label)), verified());
    assert_eq!(judge_by_evidence(&world, &label, 1), verified());
    for target in ["/log?lang=en", crate::world::path(&label)] {
        let page = world.get_as(target, "text/html");
        assert!(page.text().contains("independent witness watches this log"), "{target}: {}", page.text());
        assert!(page.text().contains("w.example/w"), "{target}");
    }
    // After a restart, too, before any witness has answered.
    witness.turn(Manner::Hangs);
    world.stop();
    world.start();
    assert_eq!(checkpoint(&world).note(), cosigned.note());
    assert_eq!(judge_by_evidence(&world, &label, 1), verified());
    assert_eq!(said(&world.judge(&label)), verified());
}

#[test]
fn without_a_quorum_statements_are_taken_and_nothing_is_said_to_be_verified() {
    let witness = FakeWitness::new(61, Manner::Hangs);
    let world = world(1, &[&witness]);
    let started = Instant::now();
    world.accredit();
    assert_eq!(world.attest(0), 1);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?} for two statements", started.elapsed());
    let label = world.parties.label(1, 17).to_uri();
    let no_quorum = || ("undecided".to_owned(), vec!["no_quorum".to_owned()]);
    assert_eq!(said(&world.judge(&label)), no_quorum());
    assert_eq!(said(&world.judge(&label)), no_quorum(), "asked again");
    assert_eq!(judge_by_evidence(&world, &label, 1), no_quorum());
    witness.turn(Manner::Honest);
    wait_for_cosigned(&world, 2, 1);
    assert_eq!(said(&world.judge(&label)), verified());
    assert_eq!(judge_by_evidence(&world, &label, 1), verified());
    // Silent again: what it has seen stands, what is new is not verified, and a withdrawal does not wait for it.
    witness.turn(Manner::Hangs);
    assert_eq!(world.attest(1), 2);
    let newer = world.parties.label(2, 1).to_uri();
    assert_eq!(said(&world.judge(&newer)), no_quorum());
    assert_eq!(judge_by_evidence(&world, &newer, 2), no_quorum());
    assert_eq!(said(&world.judge(&label)), verified());
    assert_eq!(judge_by_evidence(&world, &label, 1), verified());
    world.change(Action::Withdraw, 1, None);
    let withdrawn = |(outcome, reasons): (String, Vec<String>)| outcome == "refused" && reasons[0] == "withdrawn";
    assert!(withdrawn(said(&world.judge(&label))));
    assert!(withdrawn(judge_by_evidence(&world, &label, 1)));
    assert_eq!(checkpoint(&world).size(), 2, "what the world sees as the log is what was cosigned");
    // Tiles are there for both.
    assert_eq!(world.get("/tile/0/000.p/2").status, 200);
    assert_eq!(world.get("/tile/0/000.p/4").status, 200);
}

#[test]
fn a_witness_that_is_wrong_is_not_believed_and_one_that_is_right_suffices() {
    let good = FakeWitness::new(62, Manner::Honest);
    for (manner, code) in [
        (Manner::Hangs, "network"),
        (Manner::Drips, "network"),
        (Manner::HangsUp, "network"),
        (Manner::Endless, "answer_too_large"),
        (Manner::Status(400), "malformed"),
        (Manner::Status(403), "forbidden"),
        (Manner::Status(404), "unknown_log"),
        (Manner::Status(422), "contradiction"),
        (Manner::Status(429), "busy"),
        (Manner::Status(503), "busy"),
        (Manner::Status(500), "other_status"),
        (Manner::Redirects, "other_status"),
        (Manner::OtherKey, "other_key"),
        (Manner::OtherTree, "bad_signature"),
        (Manner::OldTime, "clock"),
        (Manner::Nonsense, "no_lines"),
        (Manner::SameSize, "no_size"),
        (Manner::NoSize, "no_size"),
        (Manner::HugeSize, "ahead"),
    ] {
        let bad = FakeWitness::new(63, manner);
        let mut world = world(1, &[&bad]);
        assert_eq!(world.post(&sign_accreditation(&world.parties.accreditation())).status, 201);
        wait_for(&format!("{manner:?} is {code}"), || (outcomes(&world, code) > 0).then_some(()));
        assert!(checkpoint(&world).cosigners().is_empty(), "{manner:?}");
        assert_eq!(outcomes(&world, "cosigned"), 0, "{manner:?}");
        if manner == Manner::Hangs || manner == Manner::OtherTree {
            // Beside one that is right it does no harm.
            world.stop();
            name_witnesses(&world.data, 1, &[(bad.vkey(), bad.url()), (good.vkey(), good.url())]);
            world.start();
            wait_for_cosigned(&world, 1, 1);
        }
    }
}

#[test]
fn a_witness_that_nobody_finds_is_asked_again_and_again() {
    // A port on which nobody listens.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let key = primitives::SecretKey::from_seed(&[64; 32]).public_key();
    let gone = (Vkey::witness("w.example/w", key).unwrap(), format!("http://{address}"));
    let world = World::with(|config| {
        quick(config);
        name_witnesses(&config.data, 1, &[gone]);
    });
    world.accredit();
    wait_for("two attempts", || (outcomes(&world, "network") > 1).then_some(()));
}

#[test]
fn a_slow_witness_and_a_quick_one_meet_on_one_tree() {
    let quick = FakeWitness::new(65, Manner::Honest);
    let slow = FakeWitness::new(66, Manner::Slow(Duration::from_millis(300)));
    let world = world(2, &[&quick, &slow]);
    world.accredit();
    // The log grows all the time, faster than the slow one answers.
    for slot in 0..20 {
        world.attest(slot);
        std::thread::sleep(Duration::from_millis(60));
    }
    let during = checkpoint(&world);
    assert!(during.size() > 1 && during.cosigners().len() == 2, "{}", during.note());
    wait_for_cosigned(&world, 21, 2);
    // At most once in the time from round to round, however fast the log grows.
    assert!(quick.asked() < 60, "{}", quick.asked());
}

#[test]
fn a_quiet_log_is_cosigned_anew_and_each_hour_has_its_checkpoint() {
    let witness = FakeWitness::new(67, Manner::Honest);
    let world = World::with(|config| {
        quick(config);
        config.cosigning.renew = Duration::from_millis(300);
        name_witnesses(&config.data, 1, &[(witness.vkey(), witness.url())]);
    });
    world.accredit();
    let first = wait_for_cosigned(&world, 1, 1);
    wait_for("another time on the same tree", || {
        let again = checkpoint(&world);
        assert_eq!(again.size(), 1);
        (again.cosigners()[0].time() > first.cosigners()[0].time()).then_some(())
    });
    let hours = world.get("/v1/checkpoints");
    assert_eq!(hours.header("access-control-allow-origin"), Some("*"));
    let hours = hours.json();
    let hour = hours["hours"][0].as_str().unwrap();
    assert_eq!(hours["more"], false);
    let kept = world.get(&format!("/v1/checkpoints/{hour}"));
    assert_eq!((kept.status, kept.header("cache-control")), (200, Some("public, max-age=31536000, immutable")));
    let registry = trusted(&world);
    let kept = OpenedCheckpoint::open(&kept.body, &registry.checkpoint_keys()).unwrap();
    let time = registry.quorum.check(&kept).unwrap().time().unwrap();
    assert_eq!(&time.to_string()[..13], hour);
    let later = world.get(&format!("/v1/checkpoints?after={hour}")).json();
    assert!(!later["hours"].as_array().unwrap().contains(&hours["hours"][0]));
    let answer = world.get("/v1/checkpoints?after=yesterday");
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_query"));
    for other in ["2020-01-01T00", "..%2Fcosigned", "2026"] {
        assert_eq!(world.get(&format!("/v1/checkpoints/{other}")).status, 404, "{other}");
    }
}

#[test]
fn witnesses_that_nobody_has_to_wait_for_are_shown_when_they_have_signed() {
    let witness = FakeWitness::new(68, Manner::Honest);
    let world = world(0, &[&witness]);
    world.accredit();
    assert_eq!(wait_for_cosigned(&world, 1, 1).size(), 1);
    witness.turn(Manner::Hangs);
    assert_eq!(world.attest(0), 1);
    let newest = checkpoint(&world);
    assert_eq!((newest.size(), newest.cosigners().len()), (2, 0), "the newest is what is served");
    assert_eq!(said(&world.judge(&world.parties.label(1, 17).to_uri())), verified());
    assert_eq!(world.get("/v1/checkpoints").json()["hours"].as_array().unwrap().len(), 0, "no quorum, no bound");
}

#[test]
fn a_log_that_is_not_the_one_that_was_cosigned_is_not_served() {
    let witness = FakeWitness::new(69, Manner::Honest);
    let mut world = world(1, &[&witness]);
    world.accredit();
    world.attest(0);
    let cosigned = wait_for_cosigned(&world, 2, 1);
    world.stop();
    // The same key over another tree: what no witness would ever have signed, had it seen this log.
    let log_key = key_file::plain::read(&world.data.join("log.key")).unwrap();
    let other = tlog::Checkpoint::new(ORIGIN, 2, primitives::Hash::of(b"another")).unwrap();
    let mut note = other.sign(&log_key).unwrap();
    let key = primitives::SecretKey::from_seed(&[69; 32]);
    note.add(tlog::NoteSignature::cosignature_v1(&other, "w.example/w", &key, crate::parties::now()).unwrap()).unwrap();
    std::fs::write(world.data.join("cosigned"), note.to_string()).unwrap();
    let error = world.runtime.block_on(registry_server::Server::start(world.config.clone())).unwrap_err();
    assert!(format!("{error:#}").contains("does not begin with it"), "{error:#}");
    std::fs::write(world.data.join("cosigned"), cosigned.note().to_string()).unwrap();
    world.start();
}

/// An address that is free now.
pub(crate) fn free_address() -> std::net::SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Two registries from one binary that watch each other.
#[test]
fn two_registries_watch_each_other() {
    let (one, two) = (free_address(), free_address());
    let mut worlds = [("one.example", one), ("two.example", two)].map(|(origin, address)| {
        let mut world = World::named(origin, |config| {
            quick(config);
            config.listen = address;
        });
        world.stop();
        world
    });
    let vkeys = worlds.each_ref().map(witness_vkey);
    let trusts = worlds.each_ref().map(|world| world.data.join("trust.toml"));
    for (own, other, address) in [(0, 1, two), (1, 0, one)] {
        name_witnesses(&worlds[own].data, 1, &[(vkeys[other].clone(), format!("http://{address}"))]);
        worlds[own].config.witness_trust = vec![trusts[other].clone()];
    }
    worlds.iter_mut().for_each(World::start);
    for world in &worlds {
        world.accredit();
        assert_eq!(world.attest(0), 1);
    }
    for (world, other) in [(0, "two.example/witness"), (1, "one.example/witness")] {
        let world = &worlds[world];
        let cosigned = wait_for_cosigned(world, 2, 1);
        assert_eq!(cosigned.cosigners()[0].name(), other);
        let label = world.parties.label(1, 17).to_uri();
        assert_eq!(said(&world.judge(&label)), verified());
        assert_eq!(judge_by_evidence(world, &label, 1), verified());
    }
    // One is gone: the other takes statements, and says of what is new that nobody has seen it.
    worlds[1].stop();
    let world = &worlds[0];
    assert_eq!(world.attest(1), 2);
    let label = world.parties.label(2, 1).to_uri();
    assert_eq!(said(&world.judge(&label)).1, ["no_quorum"]);
    worlds[1].start();
    wait_for_cosigned(&worlds[0], 3, 1);
    assert_eq!(said(&worlds[0].judge(&label)), verified());
}

/// One log key, two histories: the witness cosigns the one that it saw first, and never the other.
#[test]
fn of_two_histories_under_one_key_one_is_cosigned() {
    let address = free_address();
    let mut watcher = World::named("watcher.example", |config| config.listen = address);
    watcher.stop();
    let witness = (witness_vkey(&watcher), format!("http://{address}"));
    let mut honest = World::with(|config| {
        quick(config);
        name_witnesses(&config.data, 1, &[witness]);
    });
    honest.accredit();
    honest.stop();
    // The other face: all the same up to here, and another history from here on.
    let copy = tempfile::tempdir().unwrap();
    let copied = copy.path().join("data");
    let status = std::process::Command::new("cp").arg("-r").arg(&honest.data).arg(&copied).status().unwrap();
    assert!(status.success());
    watcher.config.witness_trust = vec![honest.data.join("trust.toml")];
    watcher.start();
    honest.start();
    assert_eq!(honest.attest(0), 1);
    wait_for_cosigned(&honest, 2, 1);
    let mut config = honest.config.clone();
    config.data = copied;
    let other = honest.runtime.block_on(registry_server::Server::start(config)).unwrap();
    let post = |jws: &str| {
        let headers = [("content-type", "application/vc+jwt")];
        crate::wire::send(other.address(), ORIGIN, "POST /v1/statements", &headers, jws.as_bytes()).status
    };
    assert_eq!(post(&sign_attestation(&honest.parties.attestation(7), &certifier_key())), 201);
    let outcome = |outcome: &str| {
        let text = crate::wire::send(other.metrics_address().unwrap(), "localhost", "GET /metrics", &[], b"");
        text.text().contains(&format!("registry_witness_requests_total{{outcome=\"{outcome}\"}} "))
    };
    // It has the size that the witness has seen, and another root.
    wait_for("a contradiction of two trees of one size", || outcome("contradiction").then_some(()));
    let kept = std::fs::read_dir(watcher.data.join("witness")).unwrap();
    assert_eq!(
        kept.filter(|it| it.as_ref().unwrap().file_name().to_str().unwrap().starts_with("contradiction-")).count(),
        1
    );
    // Nor does growing help: no proof leads from what was seen to this tree.
    assert_eq!(post(&sign_change(&honest.parties.change(Action::Suspend, 1, None))), 201);
    std::thread::sleep(Duration::from_millis(300));
    let served = crate::wire::send(other.address(), ORIGIN, "GET /checkpoint", &[], b"");
    let served = OpenedCheckpoint::open(&served.body, &trusted(&honest).checkpoint_keys()).unwrap();
    assert!(served.cosigners().is_empty() || served.size() < 2, "{}", served.note());
    assert!(!outcome("cosigned"));
    honest.runtime.block_on(other.stop()).unwrap();
    // The one that was seen goes on.
    assert_eq!(honest.attest(1), 2);
    wait_for_cosigned(&honest, 3, 1);
}
