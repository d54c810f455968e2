//! What it costs to read a statement, beside what its signature costs: `cargo run --release -p statement --example cost`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use primitives::{SecretKey, Signer};
use statement::Token;

const ATTESTATION: &str = include_str!("../golden/v1/attestation.jws");

/// The least time of one call, over a second of calls.
fn least(mut call: impl FnMut()) -> Duration {
    let end = Instant::now() + Duration::from_secs(1);
    let mut least = Duration::MAX;
    while Instant::now() < end {
        let start = Instant::now();
        for _ in 0..100 {
            call();
        }
        least = least.min(start.elapsed() / 100);
    }
    least
}

fn main() {
    let key = SecretKey::from_seed(&[1; 32]).public_key();
    let jws = ATTESTATION.as_bytes();
    let parse = least(|| drop(black_box(Token::parse(black_box(jws)).expect("golden"))));
    let token = Token::parse(jws).expect("golden");
    let verify = least(|| drop(black_box(token.open_credential(black_box(&key)).expect("golden"))));
    let open =
        least(|| drop(black_box(Token::parse(black_box(jws)).and_then(|token| token.open(&key)).expect("golden"))));
    println!("attestation of {} bytes", jws.len());
    println!("parse                           {parse:>10.2?}");
    println!("verify                          {verify:>10.2?}");
    println!("parse, verify, read, hash twice {open:>10.2?}");
}
