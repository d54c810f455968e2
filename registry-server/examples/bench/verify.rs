//! The read path: verdicts about labels, new ones and ones that were seen before.

use std::sync::Arc;
use std::time::Duration;

use label::Label;
use label::percent::{Place, encode};
use primitives::Signer;
use statement::Serial;

use crate::bare::Bare;
use crate::{CONNECTIONS, Registry, certifier, get, load, percent, post, sign};

const ATTESTATIONS: u32 = 100;
const LABELS: u32 = 60_000;
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(2);

pub(crate) fn run() {
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
    let labels: Vec<Label> = (0..LABELS).map(label).collect();
    let ask =
        |path: &str, label: &Label| get(&format!("{path}?label={}", encode(label.to_uri().as_bytes(), Place::Query)));
    let all = |path: &str| Arc::new(labels.iter().map(|label| ask(path, label)).collect::<Vec<_>>());
    let one = |path: &str| Arc::new(vec![ask(path, &labels[0])]);

    // The attestations' facts are at hand; the labels are not.
    let warm_up: Vec<_> =
        labels.iter().rev().take(ATTESTATIONS as usize).map(|label| ask("/v1/verify", label)).collect();
    let warm_up = load::closed(registry.address(), CONNECTIONS, Arc::new(warm_up), None);
    assert_eq!(warm_up.failed, 0, "{:?}", warm_up.first_failure);
    println!("  verdict                             {:>9} bytes", warm_up.body);
    let bare = Bare::start(warm_up.body, labels.clone(), key.public_key());

    let share = labels.len() / ROUNDS;
    let (ours, theirs) = (all("/v1/verify"), all("/checked"));
    let (mut new, mut checked) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let part = |requests: &Arc<Vec<Vec<u8>>>| Arc::new(requests[round * share..(round + 1) * share].to_vec());
        checked.push(load::closed(bare.address, CONNECTIONS, part(&theirs), None).rate());
        new.push(load::closed(registry.address(), CONNECTIONS, part(&ours), None).rate());
    }
    report("label not seen before", "bare handler, one strict verification", median(new), median(checked), 85);

    let (ours, theirs) = (one("/v1/verify"), one("/bare"));
    let (mut seen, mut at_once) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        at_once.push(load::closed(bare.address, CONNECTIONS, Arc::clone(&theirs), Some(ROUND)).rate());
        seen.push(load::closed(registry.address(), CONNECTIONS, Arc::clone(&ours), Some(ROUND)).rate());
    }
    report("label seen before", "bare handler", median(seen), median(at_once), 80);

    let page = labels[0].to_uri();
    let path = page.strip_prefix("HTTPS://REGISTRY.EXAMPLE").unwrap();
    let page = load::closed(registry.address(), 1, Arc::new(vec![get(path)]), None);
    println!(
        "  verdict page                        {:>9} bytes without its head (aim: 14,336 or fewer with it)\n",
        page.body
    );
}

fn report(what: &str, limit: &str, ours: f64, theirs: f64, aim: u32) {
    println!("  {what:<35} {ours:>9.0} /s");
    println!("  {limit:<35} {theirs:>9.0} /s");
    println!("  of it                               {:>9}    (aim: {aim} % or more)", percent(ours, theirs));
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
