use alloc::string::String;
use alloc::vec;

use curve25519_dalek::constants::EIGHT_TORSION;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::PublicKey;
use crate::vectors::{hex, vectors};

const SEED: [u8; 32] = [7; 32];

/// Whoever has the scalar can sign with any `R`, which no honest signer does.
struct Owner {
    secret: Scalar,
    key: AccreditableKey,
}

/// What a [`Signed`] points to.
#[derive(Clone)]
struct Case {
    key: AccreditableKey,
    message: Vec<u8>,
    signature: Signature,
}

fn scalar(number: u64) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&Sha512::digest(number.to_le_bytes()).into())
}

impl Owner {
    fn new(number: u64) -> Self {
        let secret = scalar(u64::MAX - number);
        let key = PublicKey::from_bytes(&EdwardsPoint::mul_base(&secret).compress().to_bytes()).unwrap();
        Self { secret, key: key.accreditable().unwrap() }
    }

    /// A signature with `R = r·B + small`; honest where `small` is neutral.
    fn sign(&self, r: Scalar, small: EdwardsPoint, message: &[u8]) -> Case {
        let point = (EdwardsPoint::mul_base(&r) + small).compress();
        let k = Sha512::new().chain_update(point.as_bytes()).chain_update(self.key.as_bytes()).chain_update(message);
        let s = r + Scalar::from_bytes_mod_order_wide(&k.finalize().into()) * self.secret;
        Case { key: self.key, message: message.to_vec(), signature: signature(point.to_bytes(), s.to_bytes()) }
    }
}

fn signature(r: [u8; 32], s: [u8; 32]) -> Signature {
    Signature::from_bytes([r, s].concat().try_into().unwrap())
}

fn honest(number: u64) -> Case {
    Owner::new(number % 3).sign(scalar(number), EdwardsPoint::identity(), &number.to_le_bytes())
}

/// The signature's `S`, changed.
fn with_s(case: Case, change: impl Fn(Scalar) -> Scalar) -> Case {
    let bytes = case.signature.as_bytes();
    let s = Scalar::from_canonical_bytes(*bytes.last_chunk().unwrap()).unwrap();
    Case { signature: signature(*bytes.first_chunk().unwrap(), change(s).to_bytes()), ..case }
}

/// `y` in each of the ways it can be written that are not the canonical one.
fn non_canonical() -> impl Iterator<Item = [u8; 32]> {
    (0xed..=0xff_u8).flat_map(|least| [0x7f, 0xff].map(|most| (least, most))).map(|(least, most)| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (least, most);
        bytes
    })
}

/// One line of each kind that there is to try.
const KINDS: usize = 14;
fn line(kind: usize, number: u64, bit: usize) -> Case {
    let mut case = honest(number);
    let small = EIGHT_TORSION[bit % 8];
    let owner = Owner::new(number % 3);
    match kind {
        0 => case.message.push(0),
        1 => case.key = Owner::new(number % 3 + 1).key,
        2 => case.signature.0[bit % 256 / 8] ^= 1 << (bit % 8),
        3 => case.signature.0[32 + bit % 256 / 8] ^= 1 << (bit % 8),
        // S + ℓ, which is the same number to all arithmetic.
        4 => {
            let order = (Scalar::ZERO - Scalar::ONE).to_bytes();
            let mut carry = 1;
            for (byte, order) in case.signature.0[32..].iter_mut().zip(order) {
                let sum = u16::from(*byte) + u16::from(order) + carry;
                (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
            }
        }
        // Small order alone: where R is neutral, the equation holds.
        5 => return owner.sign(Scalar::ZERO, small, b"message"),
        6 => return owner.sign(scalar(number), small, b"message"),
        7 => case.signature = signature(non_canonical().nth(bit % 38).unwrap(), [1; 32]),
        8 => return owner.sign(Scalar::ZERO, EIGHT_TORSION[0], b"message"),
        // Two in a row, or lines of one parity, that make up for each other where coefficients are not random.
        9 => return with_s(case, |s| if number.is_multiple_of(2) { s + Scalar::ONE } else { s - Scalar::ONE }),
        10 => {
            return owner.sign(scalar(number), EIGHT_TORSION[if number.is_multiple_of(2) { 1 } else { 7 }], b"message");
        }
        11 => return owner.sign(scalar(number), EIGHT_TORSION[4], b"message"),
        12 => case.signature = signature([0xff; 32], [0xff; 32]),
        _ => {}
    }
    case
}

fn signed(cases: &[Case]) -> Vec<Signed<'_>> {
    cases.iter().map(|Case { key, message, signature }| Signed { key, message, signature }).collect()
}

/// Asserts that the batch has the strict verdicts, which it gives; also where so few lines would not be summed.
fn strict(cases: &[Case], seed: &[u8; 32]) -> Vec<bool> {
    let signed = signed(cases);
    let one_by_one: Vec<_> = signed.iter().map(Signed::verify_strict).collect();
    assert_eq!(verify(&signed, seed), one_by_one);
    let mut verdicts = vec![Err(BadSignature); signed.len()];
    judge(&signed, &mut verdicts, seed);
    assert_eq!(verdicts, one_by_one);
    one_by_one.iter().map(Result::is_ok).collect()
}

#[test]
fn honest_lines_are_accepted_by_their_sum_alone() {
    let cases: Vec<_> = (0..100).map(honest).collect();
    let mut verdicts = vec![Err(BadSignature); cases.len()];
    let signed = signed(&cases);
    let lines = read(&signed, &mut verdicts, &SEED);
    assert!(lines.len() == 100 && sum(&lines).is_identity() && torsion_free(&lines));
    assert!(strict(&cases, &SEED).iter().all(|&good| good));
    assert_eq!(verify(&[], &SEED), []);
}

#[test]
fn every_kind_of_line_has_its_strict_verdict_at_every_place() {
    for kind in 0..KINDS {
        for (count, place) in [(1, 0), (2, 1), (64, 0), (64, 63), (67, 30), (200, 199)] {
            let mut cases: Vec<_> = (0..count).map(honest).collect();
            cases[place] = line(kind, 5, kind + place);
            let good = strict(&cases, &SEED);
            let bad = good.iter().filter(|&&good| !good).count();
            assert!(bad <= 1 && (bad == 0) == good[place], "kind {kind} of {count}");
        }
        let flood: Vec<_> = (0..130).map(|number| line(kind, number, kind)).collect();
        strict(&flood, &SEED);
    }
}

/// Sums alone would let such lines pass with chance ½ and more.
#[test]
fn torsion_that_only_the_keys_owner_can_make_is_refused_whatever_is_drawn() {
    for seed in 0..16 {
        for small in [1, 2, 4] {
            let pair = [small, 8 - small].map(|small| Owner::new(0).sign(scalar(1), EIGHT_TORSION[small], b"message"));
            let mut cases: Vec<_> = (0..64).map(honest).collect();
            cases.extend(pair);
            assert_eq!(strict(&cases, &[seed; 32]).iter().filter(|&&good| !good).count(), 2);

            let mut verdicts = vec![Err(BadSignature); cases.len()];
            let signed = signed(&cases);
            assert!(!torsion_free(&read(&signed, &mut verdicts, &[seed; 32])));
        }
    }
}

#[test]
fn lines_that_make_up_for_each_other_are_refused_whatever_is_drawn() {
    for seed in 0..16 {
        let mut cases: Vec<_> =
            (0..70).map(|number| Owner::new(0).sign(scalar(number), EIGHT_TORSION[0], b"")).collect();
        for (place, change) in [(3, Scalar::ONE), (4, -Scalar::ONE)] {
            cases[place] = with_s(cases[place].clone(), |s| s + change);
        }
        assert_eq!(strict(&cases, &[seed; 32]).iter().filter(|&&good| !good).count(), 2);
    }
}

#[test]
fn coefficients_follow_from_the_seed_and_from_all_that_is_judged() {
    let mut cases: Vec<_> = (0..3).map(honest).collect();
    let drawn = |cases: &[Case], seed: u8| {
        let signed = signed(cases);
        let mut verdicts = vec![Err(BadSignature); cases.len()];
        read(&signed, &mut verdicts, &[seed; 32]).iter().map(|line| (line.z, line.subsets)).collect::<Vec<_>>()
    };
    let first = drawn(&cases, 1);
    assert_eq!(first, drawn(&cases, 1));
    let other = drawn(&cases, 2);
    assert!(first.iter().zip(&other).all(|(first, other)| first != other));
    let good = cases[2].clone();
    cases[2] = with_s(good.clone(), |s| s + Scalar::ONE);
    assert!(first.iter().zip(drawn(&cases, 1)).all(|(first, other)| *first != other));
    cases[2] = good;
    cases[2].message.push(0);
    assert!(first.iter().zip(drawn(&cases, 1)).all(|(first, other)| *first != other));
}

#[test]
fn each_of_the_forty_subsets_is_tested_for_torsion() {
    let [cases, opposite] = [1, 7].map(|small| [Owner::new(0).sign(scalar(1), EIGHT_TORSION[small], b"message")]);
    let (signed, opposite) = (signed(&cases), signed(&opposite));
    let (mut verdict, mut other) = ([Ok(())], [Ok(())]);
    let mut lines = read(&signed, &mut verdict, &SEED);
    lines.extend(read(&opposite, &mut other, &SEED));
    let mut found = |one, two| {
        (lines[0].subsets, lines[1].subsets) = (one, two);
        !torsion_free(&lines)
    };
    assert!(!found([0; SUBSETS], [0; SUBSETS]) && !found([0xff; SUBSETS], [0xff; SUBSETS]));
    for byte in 0..SUBSETS {
        for bit in 0..8 {
            // In one subset the second does not make up for the first; in all others it does.
            let mut but_one = [0xff; SUBSETS];
            but_one[byte] ^= 1 << bit;
            assert!(found([0xff; SUBSETS], but_one), "bit {bit} of byte {byte}");
        }
    }
}

#[test]
fn what_strict_refuses_before_its_equation_is_not_read() {
    let mut small: Vec<[u8; 32]> = EIGHT_TORSION.iter().map(|point| point.compress().to_bytes()).collect();
    for bytes in &mut small {
        assert_eq!(decode(&signature(*bytes, [1; 32])), None);
        bytes[31] &= 0x7f;
        assert!(SMALL_ORDER.contains(bytes));
    }
    small.sort_unstable();
    small.dedup();
    assert_eq!(small.len(), SMALL_ORDER.len());
    let decodes = non_canonical().filter(|bytes| CompressedEdwardsY(*bytes).decompress().is_some());
    assert!(decodes.count() > 10, "dalek reads them");
    assert!(non_canonical().all(|bytes| decode(&signature(bytes, [1; 32])).is_none()));
    assert_eq!(decode(&signature(ED25519_BASEPOINT_POINT.compress().to_bytes(), [0xff; 32])), None);
    assert!(decode(&signature(ED25519_BASEPOINT_POINT.compress().to_bytes(), [1; 32])).is_some());
}

/// Vectors under keys that may be accredited, alone and between honest lines.
fn published(vectors: &[(Vec<u8>, Vec<u8>, Vec<u8>)]) -> usize {
    let cases: Vec<_> = vectors
        .iter()
        .filter_map(|(key, message, signature)| {
            let key = PublicKey::from_bytes(key.as_slice().try_into().ok()?).ok()?;
            let signature = Signature::from_bytes(signature.as_slice().try_into().ok()?);
            // Under whatever key: what strict accepts is read.
            assert!(key.verify_strict(message, &signature).is_err() || decode(&signature).is_some());
            let key = key.accreditable().ok()?;
            Some(Case { key, message: message.clone(), signature })
        })
        .collect();
    for case in &cases {
        strict(core::slice::from_ref(case), &SEED);
    }
    let between: Vec<_> =
        (0..).zip(&cases).flat_map(|(number, case)| [case.clone(), honest(number), honest(number + 1)]).collect();
    for count in [64, 100, 333, between.len()] {
        strict(&between[..count.min(between.len())], &SEED);
    }
    for seed in 0..8 {
        strict(&cases, &[seed; 32]);
    }
    cases.len()
}

#[test]
fn cctv_verdicts_are_the_strict_ones() {
    let Some(file) = vectors("cctv-ed25519vectors.json") else { return };
    let read =
        |test: &Value| (hex(&test["key"]), String::from(test["msg"].as_str().unwrap()).into_bytes(), hex(&test["sig"]));
    let run = published(&file.as_array().unwrap().iter().map(read).collect::<Vec<_>>());
    assert_eq!(run, 28);
}

#[test]
fn wycheproof_verdicts_are_the_strict_ones() {
    let Some(file) = vectors("wycheproof-ed25519.json") else { return };
    let groups = file["testGroups"].as_array().unwrap().iter();
    let tests = groups
        .flat_map(|group| group["tests"].as_array().unwrap().iter().map(|test| (&group["publicKey"]["pk"], test)));
    let run = published(&tests.map(|(key, test)| (hex(key), hex(&test["msg"]), hex(&test["sig"]))).collect::<Vec<_>>());
    assert_eq!(run, 139);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_mix_has_the_strict_verdicts(
        seed: [u8; 32], count in prop_oneof![1..80_usize, 80..1_025_usize], one_in in prop_oneof![Just(1_usize), Just(3), Just(12), Just(100)],
        kinds in proptest::collection::vec((0..100_usize, 0..KINDS, 0..256_usize), 1_024),
    ) {
        let cases: Vec<_> = (0..).zip(kinds).take(count).map(|(number, (draw, kind, bit))| {
            if draw % one_in == 0 { line(kind, number, bit) } else { honest(number) }
        }).collect();
        strict(&cases, &seed);
    }
}
