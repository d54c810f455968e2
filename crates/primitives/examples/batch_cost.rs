//! What a signature costs alone and among others, good and bad: `cargo run --release -p primitives --example batch_cost`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use primitives::batch::{self, Signed, WINDOW};
use primitives::{AccreditableKey, SecretKey, Signature, Signer};

/// Bytes of what a label signs: its context, blob without signature, origin and path.
const MESSAGE_LEN: usize = 96;

struct Line {
    key: AccreditableKey,
    message: Vec<u8>,
    signature: Signature,
}

/// Lines of `keys` keys in turn, of which every `bad_every`th has another message.
fn lines(count: usize, keys: usize, bad_every: usize) -> Vec<Line> {
    let secrets: Vec<_> = (1..).take(keys).map(|seed| SecretKey::from_seed(&[seed; 32])).collect();
    (0..count)
        .zip(secrets.iter().cycle())
        .map(|(index, secret)| {
            let mut message = vec![0; MESSAGE_LEN];
            message.extend(index.to_le_bytes());
            let signature = secret.sign(&message).expect("in memory");
            if index % bad_every == bad_every / 2 {
                message.push(0);
            }
            Line { key: secret.public_key().accreditable().expect("honest"), message, signature }
        })
        .collect()
}

/// The least time for one line of a call, in µs, over a second of calls.
fn least(lines: usize, mut call: impl FnMut()) -> f64 {
    let end = Instant::now() + Duration::from_secs(1);
    let mut least = Duration::MAX;
    while Instant::now() < end {
        let start = Instant::now();
        call();
        least = least.min(start.elapsed());
    }
    least.as_secs_f64() * 1e6 / f64::from(u32::try_from(lines).expect("few"))
}

fn together(lines: &[Line]) -> f64 {
    let signed: Vec<_> = lines
        .iter()
        .map(|line| Signed { key: &line.key, message: &line.message, signature: &line.signature })
        .collect();
    least(lines.len(), || drop(black_box(batch::verify(black_box(&signed), &[7; 32]))))
}

fn main() {
    let alone = lines(256, 1, usize::MAX);
    let alone = least(alone.len(), || {
        for line in &alone {
            black_box(line.key.verify_strict(black_box(&line.message), &line.signature)).expect("good");
        }
    });
    println!("µs for a signature over {MESSAGE_LEN} bytes; alone {alone:.1}");
    println!("{:>6} {:>7} {:>7} {:>7}", "lines", "1 key", "5 keys", "20 keys");
    for count in [64, 256, 512, 1_024, 4_096, WINDOW] {
        let [one, five, twenty] = [1, 5, 20].map(|keys| together(&lines(count, keys, usize::MAX)));
        println!("{count:>6} {one:>7.1} {five:>7.1} {twenty:>7.1}");
    }
    println!("{:>6} {:>7} {:>7}", "bad", "1,024", "16,384");
    for (name, every) in [
        ("none", usize::MAX),
        ("one", 0),
        ("1 %", 100),
        ("5 %", 20),
        ("10 %", 10),
        ("11 %", 9),
        ("50 %", 2),
        ("all", 1),
    ] {
        let [small, large] =
            [1_024, WINDOW].map(|count| together(&lines(count, 1, if every == 0 { count } else { every })));
        println!("{name:>6} {small:>7.1} {large:>7.1}");
    }
}
