//! How fast a shipment is judged, against the signatures alone, and in how much memory.
//!
//! ```text
//! cargo run --release -p verifier-cli --example shipment_cost [-- labels [attestations [certifiers]]]
//! ```
//! A million labels of 20 attestations by 5 certifiers take about a minute to sign first. The limit is `primitives::batch::verify`
//! over the same signatures on all cores, everything else ready in memory. Then `verifier shipment` runs as a process of its own
//! over a manifest file that was written out of the page cache.

#![expect(clippy::unwrap_used, reason = "an example that cannot go on ends")]

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant, SystemTime};

use label::Label;
use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Hash, SecretKey, Signer as _, Timestamp};
use registry::{Accreditor, AccreditorKey, Policy, SnapshotHead, State};
use statement::sample::{self, did};
use statement::{Accreditation, Attestation, Claims, Entry, Lot, Origin, Scope, Serial, StatusSlot};
use tlog::{Checkpoint, MemoryTree, Quorum, Vkey};
use verify::{Trust, TrustedRegistry};

const ORIGIN: &str = "registry.example";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "shipment") {
        return verifier_cli::run(arguments);
    }
    let number = |place: usize, or: u32| {
        arguments.get(place).map_or(or, |text: &OsString| text.to_str().unwrap().parse::<u32>().unwrap())
    };
    let (labels, attestations, certifiers) = (number(1, 1_000_000), number(2, 20), number(3, 5));
    let folder = tempfile::tempdir().unwrap();
    println!("{labels} labels of {attestations} attestations by {certifiers} certifiers");
    let world = World::new(attestations, certifiers, labels.div_ceil(attestations));
    world.write(folder.path());
    let texts = world.labels(labels);
    let limit = world.signatures_alone(&texts);
    println!("signatures alone, in batches    {:8.2} µs each", per(limit, labels));
    let manifest = folder.path().join("manifest.csv");
    write(&manifest, &texts);
    drop(texts);
    let (all, peak) = world.shipment(folder.path(), &manifest);
    println!(
        "verifier shipment, whole run    {:8.2} µs each: {:.0} % of that rate",
        per(all, labels),
        100.0 * ratio(limit, all)
    );
    println!("  took {all:.2?}, {peak} MB at most");
    let few = folder.path().join("few.csv");
    write(&few, &world.labels(labels.min(10_000)));
    let (_, peak) = world.shipment(folder.path(), &few);
    println!("  10,000 labels: {peak} MB at most");
    ExitCode::SUCCESS
}

fn per(time: Duration, count: u32) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(count)
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

struct World {
    state: State,
    leaves: Vec<Hash>,
    /// Log index and key of each attestation.
    attestations: Vec<(u64, SecretKey, Lot)>,
}

impl World {
    fn new(attestations: u32, certifiers: u32, labels: u32) -> Self {
        let mut world = Self { state: State::new(policy()), leaves: Vec::new(), attestations: Vec::new() };
        for certifier in 0..certifiers {
            let accreditation = Accreditation {
                subject: did(&format!("did:web:certifier{certifier}.example")),
                name: format!("Certifier {certifier}"),
                keys: vec![key(certifier).public_key()],
                compromised: vec![],
                scope: Scope { hs_chapters: vec![57], ..sample::accreditation().scope },
                ..sample::accreditation()
            };
            world.log(&accreditation.to_payload(), &accreditation.issuer, &sample::accreditor_key());
        }
        for number in 0..attestations {
            let (certifier, lot) = (number % certifiers, Lot::parse(&format!("KTM-{number}")).unwrap());
            let attestation = Attestation {
                issuer: did(&format!("did:web:certifier{certifier}.example")),
                lot: lot.clone(),
                labels,
                slot: StatusSlot { list: 0, index: number },
                ..sample::attestation()
            };
            let payload = attestation.to_payload(&key(certifier).public_key().thumbprint());
            world.attestations.push((world.state.size(), key(certifier), lot));
            world.log(&payload, &attestation.issuer, &key(certifier));
        }
        world
    }

    fn log(&mut self, payload: &[u8], issuer: &statement::Did, key: &SecretKey) {
        let jws = statement::sign(payload, issuer, key).unwrap();
        let entry = Entry::encode(sample::instant("2026-06-01T00:00:00Z"), jws.as_bytes());
        self.leaves.push(tlog::leaf_hash(&entry));
        self.state.fold(&entry);
    }

    /// Trust file and snapshot.
    fn write(&self, folder: &Path) {
        let tree: MemoryTree = self.leaves.iter().copied().collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        let signer = SecretKey::from_seed(&[9; 32]);
        let checkpoint = Checkpoint::new(ORIGIN, tree.size(), root).unwrap().sign(&signer).unwrap().to_string();
        let body = self.state.snapshot();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let (produced, expires) = (Timestamp::from_seconds(now), Timestamp::from_seconds(now + 86_400));
        let head = SnapshotHead::sign(&body, &checkpoint, produced, expires, &signer).unwrap().to_string();
        let place = folder.join("snapshots").join(ORIGIN);
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("head"), head).unwrap();
        let bytes: Vec<u8> = body.pieces().flatten().collect();
        std::fs::write(place.join(format!("body-{}", Hash::of(body.index()))), bytes).unwrap();
        let trust = Trust {
            registries: vec![TrustedRegistry {
                policy: policy(),
                url: "https://registry.example".into(),
                log_keys: vec![Vkey::log(ORIGIN, signer.public_key()).unwrap()],
                quorum: Quorum::none(),
                snapshot_max_age_days: 7,
            }],
        };
        std::fs::write(folder.join("trust.toml"), trust.to_toml()).unwrap();
    }

    fn labels(&self, count: u32) -> Vec<String> {
        let sign = |number: u32| {
            let place = usize::try_from(number).unwrap() % self.attestations.len();
            let (index, key, lot) = self.attestations.get(place).unwrap();
            let serial = number / u32::try_from(self.attestations.len()).unwrap() + 1;
            let (origin, gtin) = (Origin::parse(ORIGIN).unwrap(), sample::attestation().gtin);
            let (serial, last) = (Serial::new(Some(*index), serial).unwrap(), sample::attestation().last_day);
            let claims = Claims::NO_CHILD_LABOUR;
            Label::sign(origin, gtin, lot.clone(), serial, claims, *index, last, key).unwrap().to_uri()
        };
        (0..count).map(sign).collect()
    }

    /// The signatures of these labels on all cores: messages, keys and signatures lie ready.
    fn signatures_alone(&self, texts: &[String]) -> Duration {
        let keys: Vec<AccreditableKey> =
            self.attestations.iter().map(|(_, key, _)| key.public_key().accreditable().unwrap()).collect();
        let ready: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(place, text)| {
                let label = Label::parse(text).unwrap();
                (*keys.get(place % keys.len()).unwrap(), label.signed_bytes(), label.blob().signature)
            })
            .collect();
        let workers = std::thread::available_parallelism().unwrap().get();
        let started = Instant::now();
        std::thread::scope(|scope| {
            for part in ready.chunks(ready.len().div_ceil(workers)) {
                scope.spawn(move || {
                    for window in part.chunks(batch::WINDOW) {
                        let signed = window.iter().map(|(key, message, signature)| Signed { key, message, signature });
                        let verdicts = batch::verify(&signed.collect::<Vec<_>>(), &[7; 32]);
                        assert!(verdicts.iter().all(Result::is_ok), "all are genuine");
                    }
                });
            }
        });
        started.elapsed()
    }

    /// `verifier shipment` as a process; how long it took, and its greatest resident memory in MB.
    fn shipment(&self, folder: &Path, manifest: &Path) -> (Duration, u64) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("shipment").arg(manifest).arg("--trust").arg(folder.join("trust.toml"));
        command.arg("--snapshots").arg(folder.join("snapshots")).arg("--state").arg(folder.join("state"));
        command.stdout(std::process::Stdio::piped());
        let started = Instant::now();
        let mut child = command.spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            peak = peak.max(kilobytes.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(5));
        }
        let took = started.elapsed();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.starts_with("✔ VERIFIED"), "{out}");
        (took, peak / 1000)
    }
}

fn key(certifier: u32) -> SecretKey {
    SecretKey::from_seed(&[u8::try_from(10 + certifier).unwrap(); 32])
}

fn policy() -> Policy {
    let key = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
    let accreditor = did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did: accreditor, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
    Policy { origin: Origin::parse(ORIGIN).unwrap(), accreditors, rules: vec![(0, 1)] }
}

/// Writes a manifest of one label and what is declared of it a row, and puts it out of the page cache.
fn write(path: &Path, texts: &[String]) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(b"label,origin,hs\r\n").unwrap();
    for text in texts {
        write!(out, "{text},NP,570110\r\n").unwrap();
    }
    let file = out.into_inner().unwrap();
    file.sync_all().unwrap();
    // Best effort: only root may.
    let _ = std::fs::write("/proc/sys/vm/drop_caches", "1");
}
