//! What no audit can do without: the signatures, in batches, and the hashes of leaves and nodes.

use std::time::{Duration, Instant};

use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Hash, Signature, base64};
use tlog::{Frontier, leaf_hash};

use crate::log::{self, MadeLog};
use crate::process;

/// Bundles that are in memory at a time, ready to be verified: outside of what is timed.
const READY: usize = 256;

/// All signatures and hashes of a log on all cores, so many signatures in a batch: how long it takes, and how much processor time.
pub(crate) fn time(made: &MadeLog, batch: usize) -> (Duration, Duration) {
    let workers = std::thread::available_parallelism().unwrap().get();
    let (mut time, mut processor_time, mut tree) = (Duration::ZERO, Duration::ZERO, Frontier::new());
    for bundles in made.bundles().chunks(READY) {
        let entries: Vec<Vec<u8>> = bundles.iter().flat_map(|bundle| made.entries(bundle)).collect();
        let ready: Vec<_> = entries.iter().map(|entry| (entry.as_slice(), signed(entry))).collect();
        let (started, before) = (Instant::now(), process::processor_time("self"));
        let leaves: Vec<Vec<Hash>> = std::thread::scope(|scope| {
            let parts = ready.chunks(ready.len().div_ceil(workers)).map(|part| {
                scope.spawn(move || {
                    for window in part.chunks(batch) {
                        let signed =
                            window.iter().map(|(_, (message, signature, key))| Signed { key, message, signature });
                        let verdicts = batch::verify(&signed.collect::<Vec<_>>(), &[7; 32]);
                        assert!(verdicts.iter().all(Result::is_ok), "all are genuine");
                    }
                    part.iter().map(|(entry, _)| leaf_hash(entry)).collect()
                })
            });
            let parts: Vec<_> = parts.collect();
            parts.into_iter().map(|part| part.join().unwrap()).collect()
        });
        leaves.iter().flatten().for_each(|leaf| tree.push(*leaf));
        time += started.elapsed();
        processor_time += process::processor_time("self") - before;
    }
    assert_eq!(tree.root(), made.root(), "all of them were hashed");
    (time, processor_time)
}

/// What is signed in an entry, the signature, and the key that made it.
fn signed(entry: &[u8]) -> (&[u8], Signature, AccreditableKey) {
    let jws = entry.get(8..).unwrap();
    let dot = jws.iter().rposition(|byte| *byte == b'.').unwrap();
    let (message, signature) = jws.split_at(dot);
    let signature = base64::url_decode(std::str::from_utf8(signature.get(1..).unwrap()).unwrap()).unwrap();
    let token = statement::Token::parse(jws).unwrap();
    (message, Signature::from_bytes(signature.try_into().unwrap()), log::key_of(token.issuer()))
}
