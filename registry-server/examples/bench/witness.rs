//! Witnessing: checkpoints of many logs in, each recorded on the disk before its cosignature is out.

use std::sync::Arc;
use std::time::Instant;

use ::verify::Trust;
use primitives::{SecretKey, Signer, Timestamp, base64};
use registry_server::{Config, Server};
use tlog::{
    AddCheckpoint, Checkpoint, MemoryTree, NoteSignature, OpenedCheckpoint, Quorum, Vkey, consistency_proof, leaf_hash,
    root,
};

use crate::parties::Parties;
use crate::{CONNECTIONS, Registry, Scale, certifier, cpu_seconds, kernel_seconds, load, runtime, sign};

/// Checkpoints of each log: fewer than a witness takes of one in a second.
const ROUNDS: u64 = 8;
/// Statements a second.
const RATE: f64 = 500.0;
/// Pairs of signatures that are timed.
const SIGNATURES: u32 = 4_000;

pub(crate) fn run(scale: Scale) {
    let logs = scale.statements / 10;
    println!("witnessing: POST /add-checkpoint, of {logs} logs");
    let alone = signatures_micros();
    let mut registry = Registry::start();
    registry.close();
    let keys: Vec<_> = (0..logs).map(|log| (format!("log{log}.example"), SecretKey::from_seed(&seed(log)))).collect();
    let file = registry.data.join("others.toml");
    std::fs::write(&file, trust_file(&keys)).unwrap();
    let config = Config { witness_trust: vec![file], ..Config::new(registry.data.clone()) };
    registry.server = Some(registry.runtime.block_on(Server::start(config)).unwrap());
    let tree: MemoryTree = (0..1000 + ROUNDS).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect();
    let mut requests = Vec::new();
    for round in 0..=ROUNDS {
        let (old, size) = (if round == 0 { 0 } else { 999 + round }, 1000 + round);
        let proof = if old == 0 { vec![] } else { consistency_proof(old, size, &tree).unwrap() };
        let root = root(size, &tree).unwrap();
        for (origin, key) in &keys {
            let checkpoint = Checkpoint::new(origin, size, root).unwrap().sign(key).unwrap();
            requests.push(post(&AddCheckpoint { old, proof: proof.clone(), checkpoint }.to_string()));
        }
    }
    let first: Vec<_> = requests.drain(..keys.len()).collect();
    assert_eq!(load::closed(registry.address(), CONNECTIONS, Arc::new(first), None).failed, 0);
    let (before, in_kernel) = (cpu_seconds("registry"), kernel_seconds("registry"));
    let done = load::closed(registry.address(), CONNECTIONS, Arc::new(requests), None);
    let each = (cpu_seconds("registry") - before) * 1e6 / done.answers as f64;
    let in_kernel = (kernel_seconds("registry") - in_kernel) * 1e6 / done.answers as f64;
    println!("  one verification and one signature alone  {alone:>7.0} µs of a core");
    println!("  one add-checkpoint, HTTP and files and all {each:>6.0} µs of a core");
    println!("  of the signatures' cost                   {:>7.1} × (aim: 3 or less)", each / alone);
    println!("  in the kernel, files and sockets          {in_kernel:>7.0} µs");
    println!("  the rest, of the signatures' cost         {:>7.1} ×", (each - in_kernel) / alone);
    println!(
        "  {:.0} /s, median {:.1} ms, p99 {:.1} ms (each write shared by those that wait), {} failed\n",
        done.rate(),
        done.quantile(0.5),
        done.quantile(0.99),
        done.failed
    );
    registrations(scale);
}

/// What a registration takes with witnesses and without, at a rate that the registry is not full at.
fn registrations(scale: Scale) {
    println!("statements at {RATE} /s, without witnesses and with a quorum of one");
    for is_witnessed in [false, true] {
        let mut registry = Registry::start();
        let (folder, parties) = (tempfile::tempdir().unwrap(), Parties::new("witness.example"));
        let other = runtime("witness");
        let witness = is_witnessed.then(|| {
            let (data, arguments) = parties.init_arguments(folder.path());
            registry_server::run_to(arguments.into_iter().map(Into::into), std::io::sink());
            registry.close();
            let trust = registry.data.join("trust.toml");
            let config = Config { witness_trust: vec![trust.clone()], ..Config::new(&data) };
            let server = other.block_on(Server::start(config)).unwrap();
            let key = key_file::plain::read(&data.join("witness.key")).unwrap();
            let vkey = Vkey::witness("witness.example/witness", key.public_key()).unwrap();
            let mut trusted = Trust::from_toml(&std::fs::read_to_string(&trust).unwrap()).unwrap();
            trusted.registries[0].quorum = Quorum::new(vec![vkey.clone()], 1).unwrap();
            trusted.registries[0].witness_urls = vec![(vkey, format!("http://{}", server.address()))];
            std::fs::write(&trust, trusted.to_toml()).unwrap();
            registry.open();
            server
        });
        let key = certifier();
        let request = |slot| crate::post(&sign(&registry.parties.attestation(slot), &key));
        let requests = Arc::new((0..scale.statements).map(request).collect::<Vec<_>>());
        let done = load::open(registry.address(), CONNECTIONS, requests, RATE);
        println!(
            "  {}: median {:.1} ms, p99 {:.1} ms, most {:.1} ms, {} failed",
            if is_witnessed { "with   " } else { "without" },
            done.quantile(0.5),
            done.quantile(0.99),
            done.quantile(1.0),
            done.failed
        );
        registry.close();
        if let Some(server) = witness {
            other.block_on(server.stop()).unwrap();
        }
    }
    println!();
}

/// What opening a checkpoint and cosigning it takes at least.
fn signatures_micros() -> f64 {
    let key = SecretKey::from_seed(&[3; 32]);
    let keys = [Vkey::log("log.example", key.public_key()).unwrap()];
    let note = Checkpoint::new("log.example", 7, leaf_hash(b"")).unwrap().sign(&key).unwrap();
    let (time, started) = (Timestamp::from_seconds(1_800_000_000), Instant::now());
    for _ in 0..SIGNATURES {
        let opened = OpenedCheckpoint::from_note(note.clone(), &keys).unwrap();
        NoteSignature::cosignature_v1(&opened, "w.example/w", &key, time).unwrap();
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(SIGNATURES)
}

fn seed(log: u32) -> [u8; 32] {
    let mut seed = [200; 32];
    seed[..4].copy_from_slice(&log.to_be_bytes());
    seed
}

fn trust_file(keys: &[(String, SecretKey)]) -> String {
    let x = base64::url_encode(SecretKey::from_seed(&[2; 32]).public_key().as_bytes());
    let registry = |(origin, key): &(String, SecretKey)| {
        let vkey = Vkey::log(origin, key.public_key()).unwrap();
        format!(
            "[[registries]]\norigin = \"{origin}\"\nlog_keys = [\"{vkey}\"]\nrules = [[0, 1]]\n[[registries.accreditors]]\n\
             did = \"did:web:accreditor.example\"\nname = \"Accreditor\"\nkeys = [{{ x = \"{x}\" }}]\n"
        )
    };
    format!("version = 1\n{}", keys.iter().map(registry).collect::<String>())
}

fn post(body: &str) -> Vec<u8> {
    let head =
        format!("POST /add-checkpoint HTTP/1.1\r\nhost: witness.example\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body.as_bytes()].concat()
}
