//! The write path: statements in, durable and with proof in the answer.

use std::sync::Arc;
use std::time::Duration;

use crate::{CONNECTIONS, Registry, Scale, bare, certifier, cpu_seconds, load, percent, post, sign};

/// Threads that take part; the last one is the load's.
const CPU: [&str; 4] = ["registry", "sequencer", "journal", "bench"];

pub(crate) fn run(scale: Scale) {
    let (warm_up, closed, open) = (scale.statements, 8 * scale.statements, 4 * scale.statements);
    println!("write path: POST /v1/statements, durable, with proof");
    let registry = Registry::start();
    let key = certifier();
    let requests = |slots: std::ops::Range<u32>| {
        let request = |slot| post(&sign(&registry.parties.attestation(slot), &key));
        Arc::new(slots.map(request).collect::<Vec<_>>())
    };
    let bytes = sign(&registry.parties.attestation(0), &key).len();
    println!("  attestation as sent                 {bytes:>9} bytes");
    let alone = bare::verifications(bytes, Duration::from_secs(2));
    let warmed_up = load::closed(registry.address(), CONNECTIONS, requests(0..warm_up), None);
    assert_eq!(warmed_up.failed, 0, "{:?}", warmed_up.first_failure);
    let full = requests(warm_up..warm_up + closed);
    let before = CPU.map(cpu_seconds);
    let full = load::closed(registry.address(), CONNECTIONS, full, None);
    let micros = |place: usize| (cpu_seconds(CPU[place]) - before[place]) * 1e6 / full.answers as f64;
    let [handlers, sequencer, journal, generator] = [0, 1, 2, 3].map(micros);
    let half = requests(warm_up + closed..warm_up + closed + open);
    let half = load::open(registry.address(), CONNECTIONS, half, full.rate() / 2.0);
    println!("  one core, strict verification alone {alone:>9.0} /s");
    println!("  statements                          {:>9.0} /s", full.rate());
    println!("  of the core's limit                 {:>9}    (aim: 60 % or more)", percent(full.rate(), alone));
    println!(
        "  of a core each: handlers {handlers:.0} µs, sequencer {sequencer:.0} µs, journal {journal:.0} µs; load {generator:.0} µs"
    );
    for (name, done) in [("full rate", &full), ("half rate", &half)] {
        println!(
            "  at {name}: {:.0} /s, median {:.1} ms, p99 {:.1} ms, most {:.1} ms, {} failed",
            done.rate(),
            done.quantile(0.5),
            done.quantile(0.99),
            done.quantile(1.0),
            done.failed
        );
    }
    println!("  (aim: median under 50 ms, p99 under 150 ms at half rate)\n");
}
