//! The log as its readers fetch it: full tiles and full entry bundles, which never change.

use std::sync::Arc;

use primitives::Signer;

use crate::bare::Bare;
use crate::verify::{Measured, report};
use crate::{CONNECTIONS, Registry, Scale, certifier, get, load, post, sign};

/// Full bundles in the log, and so many full tiles.
const BUNDLES: u32 = 4;
const ROUNDS: usize = 5;

pub(crate) fn run(scale: Scale) {
    println!("the log: GET /tile/0/… and /tile/entries/…, any of {BUNDLES} full ones");
    let registry = Registry::start();
    let key = certifier();
    let requests = (0..256 * BUNDLES).map(|slot| post(&sign(&registry.parties.attestation(slot), &key)));
    let done = load::closed(registry.address(), CONNECTIONS, Arc::new(requests.collect()), None);
    assert_eq!(done.failed, 0, "{:?}", done.first_failure);
    for (what, path) in [("full tiles", "/tile/0"), ("full entry bundles", "/tile/entries")] {
        let ours: Vec<_> = (0..BUNDLES).map(|index| get(&format!("{path}/{index:03}"))).collect();
        let ours = Arc::new(ours);
        let warm_up = load::closed(registry.address(), 1, Arc::clone(&ours), None);
        assert_eq!(warm_up.failed, 0, "{:?}", warm_up.first_failure);
        println!("  {what:<37} {:>7} bytes", warm_up.body);
        let bare = Bare::start(warm_up.body, Vec::new(), key.public_key());
        let theirs = Arc::new(vec![get("/bare?label=x")]);
        let (mut served, mut limit) = (Measured::default(), Measured::default());
        for _ in 0..ROUNDS {
            limit.add("bare", || load::closed(bare.address, CONNECTIONS, Arc::clone(&theirs), Some(scale.round)));
            served.add("registry", || {
                load::closed(registry.address(), CONNECTIONS, Arc::clone(&ours), Some(scale.round))
            });
        }
        report(what, "bare handler, body of this size", served, limit, 80);
    }
    println!();
}
