//! How fast a shipment is judged, against the signatures alone, and in how much memory.
//!
//! ```text
//! cargo run --release -p verifier-cli --example shipment_cost [-- labels [attestations [certifiers]]]
//! ```
//! A million labels of 20 attestations by 5 certifiers take about a minute to sign first. The limit is `primitives::batch::verify`
//! over the same signatures on all cores, everything else ready in memory: in batches of 1,024, which is the most that one usually
//! finds, and in the largest that pay. Then `verifier shipment` runs as a process of its own over a manifest file that was written
//! out of the page cache.

#![expect(clippy::unwrap_used, reason = "an example that cannot go on ends")]

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use label::Label;
use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Signer as _};

use world::World;

#[path = "../tests/support/world.rs"]
mod world;

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
    let world = World::new(ORIGIN, attestations, certifiers, labels.div_ceil(attestations));
    world.shelve(folder.path(), world::now());
    world::trust(folder.path(), &[&world]);
    let texts = world.labels(labels);
    let limits = [1_024, batch::WINDOW].map(|batch| (batch, signatures_alone(&world, &texts, batch)));
    for (batch, limit) in limits {
        println!("signatures alone, by {batch:>6}      {:8.2} µs each", per(limit, labels));
    }
    let manifest = folder.path().join("manifest.csv");
    write(&manifest, &texts);
    drop(texts);
    let (all, peak) = shipment(folder.path(), &manifest);
    let [small, large] = limits.map(|(_, limit)| 100.0 * ratio(limit, all));
    println!(
        "verifier shipment, whole run    {:8.2} µs each: {small:.0} and {large:.0} % of these rates",
        per(all, labels)
    );
    println!("  took {all:.2?}, {peak} MB at most");
    let few = folder.path().join("few.csv");
    write(&few, &world.labels(labels.min(10_000)));
    let (_, peak) = shipment(folder.path(), &few);
    println!("  10,000 labels: {peak} MB at most");
    ExitCode::SUCCESS
}

fn per(time: Duration, count: u32) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(count)
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// The signatures of these labels on all cores, so many in a batch: messages, keys and signatures lie ready.
fn signatures_alone(world: &World, texts: &[String], batch: usize) -> Duration {
    let keys: Vec<AccreditableKey> =
        world.attestations.iter().map(|(_, key, _)| key.public_key().accreditable().unwrap()).collect();
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
                for window in part.chunks(batch) {
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
fn shipment(folder: &Path, manifest: &Path) -> (Duration, u64) {
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
