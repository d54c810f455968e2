//! Memory and time of a State of a million attestations, all of them really signed and admitted.
//!
//! ```text
//! cargo run --release -p registry --example resident [-- attestations]
//! ```
//! Takes about a minute on two cores; nearly all of it is signing and verifying. 125 certifiers draw random status indexes
//! until each container of slots is just below the size where it turns into a bitmap: the dearest case.

#![expect(clippy::unwrap_used, reason = "an example that cannot go on ends")]

use std::hint::black_box;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use primitives::{SecretKey, Signer, Timestamp, base64};
use registry::{Accreditor, AccreditorKey, Policy, SnapshotIndex, State};
use statement::{
    Accreditation, Attestation, Authentic, Claims, Did, Lot, Origin, Scope, Statement, StatusChange, StatusSlot,
    Target, Token, sample,
};

#[global_allocator]
static ALLOCATED: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

const CERTIFIERS: u32 = 125;
const BATCH: usize = 64;

fn main() {
    let count: u32 = std::env::args().nth(1).map_or(1_000_000, |count| count.parse().unwrap());
    let before = ALLOCATED.current_usage();
    let mut state = State::new(policy());
    for certifier in 0..CERTIFIERS {
        state.admit(time(0), &opened(&accreditation(certifier).to_payload(), &accreditor(), &secret(0))).unwrap();
    }
    println!("{count} attestations by {CERTIFIERS} certifiers");
    println!("row                    {:7} bytes", registry::Row::SIZE);

    // Two threads sign and verify. The last ones are timed when they have ended, in batches, a clone of the State before
    // each held by a reader as the registry's are.
    let timed = (count / 4).min(16_384);
    let (threads, statements) = produce(count);
    let mut statements = statements.into_iter();
    for statement in statements.by_ref().take(usize::try_from(count - timed).unwrap()) {
        state.admit(time(1), &statement).unwrap();
    }
    let last: Vec<Authentic<Statement>> = statements.collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let mut published = state.clone();
    let (mut admitting, mut publishing) = (Duration::ZERO, Duration::ZERO);
    for batch in last.chunks(BATCH) {
        let start = Instant::now();
        for statement in batch {
            state.admit(time(1), statement).unwrap();
        }
        admitting += start.elapsed();
        let start = Instant::now();
        published = black_box(state.clone());
        publishing += start.elapsed();
    }
    drop((last, published));
    report(&state, before, "resident");
    println!(
        "admit                  {:7.2} µs each, with the copies on write of batches of {BATCH}",
        per(admitting, timed)
    );
    let batches = timed / u32::try_from(BATCH).unwrap();
    println!(
        "publish                {:7.2} µs a batch, with what the last reader of the one before frees",
        per(publishing, batches)
    );

    for index in (0..count).step_by(100) {
        let certifier = index % CERTIFIERS;
        let change = suspension(certifier, u64::from(CERTIFIERS + index)).to_payload();
        state.admit(time(2), &opened(&change, &did(certifier), &secret(certifier + 1))).unwrap();
    }
    report(&state, before, "  with 1 % suspended");

    let start = Instant::now();
    state.bind_status(time(3)).unwrap();
    let first = ms(start);
    let change = suspension(1 % CERTIFIERS, u64::from(CERTIFIERS + 1)).to_payload();
    state.admit(time(3), &opened(&change, &did(1 % CERTIFIERS), &secret(1 % CERTIFIERS + 1))).unwrap();
    let start = Instant::now();
    state.bind_status(time(3)).unwrap();
    println!("status root            {first:7.1} ms the first, {:.2} ms after one change", ms(start));
    report(&state, before, "  with the status tree");

    let start = Instant::now();
    let bytes = state.encode();
    println!("encode                 {:7.1} ms, {:.1} bytes an attestation", ms(start), ratio(bytes.len(), count));
    drop(state);
    let start = Instant::now();
    let state = State::decode(policy(), &bytes).unwrap();
    println!("decode                 {:7.1} ms", ms(start));
    drop(bytes);
    report(&state, before, "resident, decoded");

    let (mut active, start) = (0u32, Instant::now());
    for nth in 0..count {
        let index = u64::from(CERTIFIERS) + u64::from(nth.wrapping_mul(2_654_435_761) % count);
        active += u32::from(state.standing(index, time(3)).unwrap().is_active());
    }
    println!("standing, random order {:7.2} µs each ({active} active)", per(start.elapsed(), count));

    let start = Instant::now();
    let snapshot = state.snapshot();
    let (index, bytes): (usize, Vec<u8>) = (snapshot.index().len(), snapshot.pieces().flatten().collect());
    let made = "snapshot, made";
    println!("{made:<22} {:7.1} ms, {:.1} bytes an attestation (limit 48)", ms(start), ratio(bytes.len(), count));
    drop(state);
    let start = Instant::now();
    let loaded = SnapshotIndex::decode(policy(), bytes.get(..index).unwrap()).unwrap().load(|place| {
        let start = usize::try_from(place.offset).unwrap();
        bytes.get(start..start + usize::try_from(place.length).unwrap())
    });
    let loaded = loaded.unwrap();
    println!("snapshot, loaded       {:7.1} ms (limit 1000)", ms(start));
    drop(bytes);
    report(&loaded, before, "resident, loaded");
}

fn report(state: &State, before: usize, what: &str) {
    let attestations = u32::try_from(state.attestations()).unwrap();
    let bytes = ALLOCATED.current_usage() - before;
    println!("{what:<22} {:7.2} bytes an attestation (limit 48)", ratio(bytes, attestations));
}

fn ratio(bytes: usize, count: u32) -> f64 {
    f64::from(u32::try_from(bytes).unwrap()) / f64::from(count)
}
fn per(time: Duration, count: u32) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(count.max(1))
}
fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// Attestations in order of their number, made by two threads; whoever took the last one joins them.
fn produce(count: u32) -> (Vec<JoinHandle<()>>, impl IntoIterator<Item = Authentic<Statement>>) {
    let (threads, receivers): (Vec<_>, Vec<_>) = (0..2)
        .map(|thread| {
            let (sender, receiver) = mpsc::sync_channel(1024);
            let thread = std::thread::spawn(move || {
                let keys: Vec<SecretKey> = (0..CERTIFIERS).map(|certifier| secret(certifier + 1)).collect();
                for number in (thread..count).step_by(2) {
                    let (certifier, nth) = (number % CERTIFIERS, number / CERTIFIERS);
                    let key = keys.get(usize::try_from(certifier).unwrap()).unwrap();
                    let said = attestation(certifier, nth);
                    let statement = opened(&said.to_payload(&key.public_key().thumbprint()), &said.issuer, key);
                    sender.send(statement).unwrap();
                }
            });
            (thread, receiver)
        })
        .unzip();
    let take = move |number| receivers.get(usize::try_from(number % 2).unwrap()).unwrap().recv().unwrap();
    (threads, (0..count).map(take))
}

fn opened(payload: &[u8], issuer: &Did, key: &SecretKey) -> Authentic<Statement> {
    let kid = format!("{issuer}#{}", key.public_key().thumbprint());
    let header = format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{kid}"}}"#);
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let jws = format!("{signed}.{}", base64::url_encode(key.sign(signed.as_bytes()).unwrap().as_bytes()));
    Token::parse(jws.as_bytes()).unwrap().open(&key.public_key()).unwrap()
}

fn secret(number: u32) -> SecretKey {
    let mut seed = [0; 32];
    seed.iter_mut().zip(number.to_be_bytes()).for_each(|(byte, number)| *byte = number);
    SecretKey::from_seed(&seed)
}
fn time(minutes: u64) -> Timestamp {
    Timestamp::from_seconds(1_772_352_000 + minutes * 60)
}
fn did(certifier: u32) -> Did {
    sample::did(&format!("did:web:certifier-{certifier}.example"))
}
fn accreditor() -> Did {
    sample::did("did:web:accreditor.example")
}
fn origin() -> Origin {
    Origin::parse("registry.example").unwrap()
}

fn policy() -> Policy {
    let key = AccreditorKey { key: secret(0).public_key(), first_index: 0, last_index: None };
    let accreditor = Accreditor { did: accreditor(), name: "Accreditor".into(), threshold: 1, keys: vec![key] };
    Policy { origin: origin(), accreditors: vec![accreditor], rules: vec![(0, 2)] }
}

fn accreditation(certifier: u32) -> Accreditation {
    let (valid_from, valid_until) = (time(0), time(1_000_000));
    let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
    Accreditation {
        id: format!("urn:example:accreditation:{certifier}"),
        issuer: accreditor(),
        registry: origin(),
        subject: did(certifier),
        name: format!("Certifier {certifier}"),
        keys: vec![secret(certifier + 1).public_key()],
        compromised: vec![],
        scope: Scope { countries: vec![sample::country("NP")], hs_chapters: vec![57], topics: Claims::NO_CHILD_LABOUR },
        first_day,
        last_day,
        hotlines: vec![],
        valid_from,
        valid_until,
        ..sample::accreditation()
    }
}

fn attestation(certifier: u32, nth: u32) -> Attestation {
    let (valid_from, valid_until) = (time(0), time(500_000));
    let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
    // An odd factor walks every index of a list once, in no order that a sorted array would like.
    let slot = StatusSlot { list: nth / 8000, index: nth.wrapping_mul(2_654_435_761) % StatusSlot::LIST_LENGTH };
    Attestation {
        id: format!("urn:example:attestation:{certifier}-{nth}"),
        issuer: did(certifier),
        registry: origin(),
        gtin: None,
        lot: Lot::parse(&format!("{certifier}-{nth}")).unwrap(),
        slot,
        first_day,
        last_day,
        valid_from,
        valid_until,
        ..sample::attestation()
    }
}

fn suspension(certifier: u32, index: u64) -> StatusChange {
    StatusChange {
        id: format!("urn:example:suspension:{index}"),
        issuer: did(certifier),
        registry: origin(),
        target: Target::Attestations(vec![index]),
        effective_from: time(0),
        ..sample::status_change()
    }
}
