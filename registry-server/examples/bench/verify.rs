//! The read path: verdicts about labels, new ones and ones that were seen before.

use std::sync::Arc;

use label::Label;
use label::percent::{Place, encode};
use primitives::Signer;
use statement::Serial;

use crate::bare::Bare;
use crate::{CONNECTIONS, Registry, Scale, certifier, cpu_seconds, get, load, percent, post, sign};

const ATTESTATIONS: u32 = 100;
const ROUNDS: usize = 3;

pub(crate) fn run(scale: Scale) {
    println!("read path: GET /v1/verify?label=");
    let registry = Registry::start();
    let key = certifier();
    let attestation = |slot| statement::Attestation { labels: 1_000_000, ..registry.parties.attestation(slot) };
    registry.post((0..ATTESTATIONS).map(|slot| post(&sign(&attestation(slot), &key))).collect());
    let label = |number: u32| {
        let (of, index) = (attestation(number % ATTESTATIONS), u64::from(1 + number % ATTESTATIONS));
        let serial = Serial::new(Some(index), 1 + number / ATTESTATIONS).unwrap();
        Label::sign(registry.parties.origin.clone(), of.gtin, of.lot, serial, of.claims, index, of.last_day, &key)
            .unwrap()
    };
    let labels: Vec<Label> = (0..scale.labels).map(label).collect();
    let ask =
        |path: &str, label: &Label| get(&format!("{path}?label={}", encode(label.to_uri().as_bytes(), Place::Query)));
    let some = |path: &str, count: usize| {
        let count = count.min(labels.len());
        Arc::new(labels[..count].iter().map(|label| ask(path, label)).collect::<Vec<_>>())
    };

    // The attestations' facts are at hand; the labels are not.
    let warm_up: Vec<_> =
        labels.iter().rev().take(ATTESTATIONS as usize).map(|label| ask("/v1/verify", label)).collect();
    let warm_up = load::closed(registry.address(), CONNECTIONS, Arc::new(warm_up), None);
    assert_eq!(warm_up.failed, 0, "{:?}", warm_up.first_failure);
    println!("  verdict                             {:>9} bytes", warm_up.body);
    let bare = Bare::start(warm_up.body, labels.clone(), key.public_key());

    let share = labels.len() / ROUNDS;
    let (ours, theirs) = (some("/v1/verify", labels.len()), some("/checked", labels.len()));
    let (mut new, mut checked) = (Measured::default(), Measured::default());
    for round in 0..ROUNDS {
        let part = |requests: &Arc<Vec<Vec<u8>>>| Arc::new(requests[round * share..(round + 1) * share].to_vec());
        checked.add("bare", || load::closed(bare.address, CONNECTIONS, part(&theirs), None));
        new.add("registry", || load::closed(registry.address(), CONNECTIONS, part(&ours), None));
    }
    report("labels not seen before", "bare handler, one strict verification", new, checked, 85);

    for (what, count) in [
        ("one label, seen before", 1),
        ("any of 20,000 labels, seen before", 20_000),
        ("any of 60,000, more than are kept", 60_000),
    ] {
        let (ours, theirs) = (some("/v1/verify", count), some("/bare", count));
        let (mut seen, mut at_once) = (Measured::default(), Measured::default());
        for _ in 0..ROUNDS {
            at_once.add("bare", || load::closed(bare.address, CONNECTIONS, Arc::clone(&theirs), Some(scale.round)));
            seen.add("registry", || {
                load::closed(registry.address(), CONNECTIONS, Arc::clone(&ours), Some(scale.round))
            });
        }
        report(what, "bare handler", seen, at_once, 80);
    }

    pages(scale, &registry, &label);
}

/// The page against the JSON of the same verdict: labels that were not seen before, and one that was.
fn pages(scale: Scale, registry: &Registry, label: &dyn Fn(u32) -> Label) {
    println!("\nthe page of a label");
    let accepted = |label: &Label, accept: &str| {
        let uri = label.to_uri();
        let path = uri.strip_prefix("HTTPS://REGISTRY.EXAMPLE").unwrap();
        format!("GET {path} HTTP/1.1\r\nhost: registry.example\r\naccept: {accept}\r\naccept-language: fr-CH, fr;q=0.9\r\n\r\n")
            .into_bytes()
    };
    let share = scale.labels / ROUNDS as u32;
    let (mut page, mut json) = (Measured::default(), Measured::default());
    // Each label once, in one of the two forms: a signature that was checked is remembered.
    let mut next = scale.labels;
    let mut part = |accept: &str| {
        next += share;
        Arc::new((next - share..next).map(|number| accepted(&label(number), accept)).collect::<Vec<_>>())
    };
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let (as_json, as_page) = (part("application/json"), part("text/html"));
        json.add("registry", || load::closed(registry.address(), CONNECTIONS, as_json, None));
        page.add("registry", || {
            let done = load::closed(registry.address(), CONNECTIONS, as_page, None);
            bytes = done.body;
            done
        });
    }
    times("labels not seen before", page, json);
    let (mut page, mut json) = (Measured::default(), Measured::default());
    let seen = label(0);
    for _ in 0..ROUNDS {
        for (accept, measured) in [("application/json", &mut json), ("text/html", &mut page)] {
            let requests = Arc::new(vec![accepted(&seen, accept)]);
            measured.add("registry", || load::closed(registry.address(), CONNECTIONS, requests, Some(scale.round)));
        }
    }
    times("one label, seen before", page, json);
    println!(
        "  its page in French                    {bytes:>7} bytes without its head (aim: 14,336 or fewer with it)\n"
    );
}

fn times(what: &str, mut page: Measured, mut json: Measured) {
    println!("  {what}, as a page    {:>7.0} /s, {:.1} µs of a core each", page.rate(), page.micros());
    println!("  {what}, as JSON      {:>7.0} /s, {:.1} µs", json.rate(), json.micros());
    println!("  the page's cost                       {:>7.2}    (aim: 1.5 or less)", page.micros() / json.micros());
}

/// Rates of several rounds, and the server's own share of the cores.
#[derive(Default)]
pub(crate) struct Measured {
    rates: Vec<f64>,
    answers: usize,
    cpu_seconds: f64,
}

impl Measured {
    pub(crate) fn add(&mut self, threads: &str, round: impl FnOnce() -> load::Done) {
        let before = cpu_seconds(threads);
        let done = round();
        self.cpu_seconds += cpu_seconds(threads) - before;
        self.answers += done.answers;
        self.rates.push(done.rate());
    }

    /// The median rate.
    fn rate(&mut self) -> f64 {
        self.rates.sort_by(f64::total_cmp);
        self.rates[self.rates.len() / 2]
    }

    /// Microseconds of a core that the server took for an answer, the load's part aside.
    fn micros(&self) -> f64 {
        self.cpu_seconds * 1e6 / self.answers as f64
    }
}

pub(crate) fn report(what: &str, limit: &str, mut ours: Measured, mut theirs: Measured, aim: u32) {
    let (rate, limit_rate) = (ours.rate(), theirs.rate());
    println!("  {what:<37} {rate:>7.0} /s, {:.1} µs of a core each", ours.micros());
    println!("  {limit:<37} {limit_rate:>7.0} /s, {:.1} µs", theirs.micros());
    println!("  of it                                 {:>7}    (aim: {aim} % or more)", percent(rate, limit_rate));
}
