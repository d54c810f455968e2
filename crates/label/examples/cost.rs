//! What it costs to read a label, and to verify it alone and among others: `cargo run --release -p label --example cost`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use label::Label;
use primitives::{Day, SecretKey, Signer};
use statement::{Claims, Gtin, Lot, Origin, Serial};

/// Labels of one shipment.
const LABELS: u32 = 16_384;

/// The least time for one of `LABELS`, over three seconds of calls.
fn least(mut call: impl FnMut()) -> Duration {
    let end = Instant::now() + Duration::from_secs(3);
    let mut least = Duration::MAX;
    while Instant::now() < end {
        let start = Instant::now();
        call();
        least = least.min(start.elapsed() / LABELS);
    }
    least
}

fn main() {
    let secret = SecretKey::from_seed(&[1; 32]);
    let key = secret.public_key().accreditable().expect("honest");
    let texts: Vec<_> = (1..=LABELS)
        .map(|number| {
            let origin = Origin::parse("registry.example").expect("a host");
            let gtin = Gtin::parse("09521234543213").expect("a GTIN");
            let (lot, serial) = (Lot::parse("KTM-2026").expect("a lot"), Serial::new(None, number).expect("not zero"));
            Label::sign(origin, Some(gtin), lot, serial, Claims::ALL, 94_567, Day::from_days(21_000), &secret)
                .expect("in memory")
                .to_uri()
        })
        .collect();
    let labels: Vec<_> = texts.iter().map(|text| Label::parse(text).expect("just written")).collect();
    let pairs: Vec<_> = labels.iter().map(|label| (label, &key)).collect();
    let parse = least(|| texts.iter().for_each(|text| drop(black_box(Label::parse(black_box(text))))));
    let bytes = least(|| labels.iter().for_each(|label| drop(black_box(label.signed_bytes()))));
    let alone = least(|| {
        labels.iter().for_each(|label| {
            let _ = black_box(label.verify(black_box(&key)));
        })
    });
    let batch = least(|| drop(black_box(Label::verify_batch(black_box(&pairs), &[7; 32]))));
    println!("of {LABELS} labels, each");
    println!("parse               {parse:>10.2?}");
    println!("signed bytes        {bytes:>10.2?}");
    println!("verify              {alone:>10.2?}");
    println!("verify in one batch {batch:>10.2?}");
}
