//! Many Ed25519 signatures at once, for shipments of a million labels of few keys: a quarter of the time that
//! [`PublicKey::verify_strict`] takes one by one, and the same verdict on each.
//!
//! # Why the verdict is the strict one
//!
//! The strict check of a signature `(R, S)` is: `S` below the group order ℓ, `R` written canonically and not of small
//! order, and `D = S·B − k·A − R` is the neutral point, with `k = SHA-512(R ‖ A ‖ M) mod ℓ`. All but the last is
//! checked for each line as it is read. The last is checked for many lines together, by the sum of their `z·D` with
//! random `z`. `A` and `B` are free of torsion ([`AccreditableKey`]), so `D = P + T`: `P` of order ℓ or neutral, and
//! `T`, the small-order part of `−R`, of order 8, 4, 2 or neutral. The two parts sum apart, and each is tested by
//! itself:
//!
//! * `P`: `z` is uniform among 2^128 values below ℓ, so a sum over lines of which one has `P` not neutral is neutral
//!   with chance 2^-128 at most. Sums that fail are halved with the same `z`: under 2^14 sums are looked at for a
//!   window of lines, hence under 2^-114.
//! * `T`: in such a sum one of order 2 vanishes whenever its `z` is even. (Cofactored checks let torsion pass always,
//!   and dalek's `verify_batch` now and then.) Therefore, besides, the `R` of all lines that sums accepted are added up
//!   in 40 random subsets, and each sum has to be free of torsion. One `R` with torsion, whatever the others are, makes
//!   each of them fail with chance ½ at least, so all hold with chance 2^-40 at most.
//!
//! Nothing is refused by a sum: where one fails, `verify_strict` decides. So a window of lines gets a verdict other
//! than the strict one with chance 2^-114 on what others make, and 2^-40 on what a key's owner makes: with `P` neutral
//! the line satisfies the cofactored equation of RFC 8032 §5.1.7, which without the secret key is as hard as forging.
//! An owner who tries gains nothing: the message passes that he could have signed honestly.
//!
//! # Randomness
//!
//! `z` and the subsets are SHA-512 of a seed, of all that is judged together and of the line's place. The seed has to
//! be unpredictable for those who make signatures: a key's owner who knew it could try 2^40 variants of his torsion
//! until one passes. It may serve many calls. A seed that is known, or constant by mistake, still does not help a
//! forger: he would have to try 2^114 variants.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::iter;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::{Identity as _, IsIdentity as _, VartimeMultiscalarMul as _};
use curve25519_dalek::{EdwardsPoint, Scalar};
use sha2::{Digest as _, Sha512};

#[cfg(doc)]
use crate::PublicKey;
use crate::{AccreditableKey, BadSignature, Signature};

/// Lines that are best given to one [`verify`]: the tests for torsion cost 1.5 ms for each window, full or not.
pub const WINDOW: usize = 16_384;

/// Lines of one sum. More make a term cheaper by less than it costs to look for a bad line among them.
const SUM: usize = 2_048;

/// A sum that fails is halved down to this many lines: less is faster decided than summed.
const LEAF: usize = 4;

/// Fewer lines than this are faster decided one by one: the tests for torsion alone cost as much as 40 signatures.
const FEW: usize = 64;

/// Bytes of randomness for the test for torsion: each of their 40 bits is a random subset of the lines.
const SUBSETS: usize = 40 / 8;

/// `y` of the points of small order, the sign of `x` taken off: 0, 1, −1, and the two of order 8.
const SMALL_ORDER: [[u8; 32]; 5] = {
    let (mut one, mut minus_one) = ([0; 32], [0xff; 32]);
    (one[0], minus_one[0], minus_one[31]) = (1, 0xec, 0x7f);
    let eight = *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\
        \xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05";
    let minus_eight = *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\
        \x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a";
    [[0; 32], one, minus_one, eight, minus_eight]
};

/// A message, its signature, and the key that is said to have made it.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The key: one that is free of torsion, or sums would prove nothing.
    pub key: &'a AccreditableKey,
    /// The bytes that were signed.
    pub message: &'a [u8],
    /// The signature.
    pub signature: &'a Signature,
}

impl Signed<'_> {
    fn verify_strict(&self) -> Result<(), BadSignature> {
        self.key.verify_strict(self.message, self.signature)
    }
}

/// Judges each signature as [`PublicKey::verify_strict`] does; the answers stand in the order of the questions.
///
/// In units of `verify_strict`: one of a thousand good signatures costs 0.27, of a [`WINDOW`] 0.23; a bad one among
/// them 150 more; one of a flood of bad ones, or of good and bad mixed in whatever way, up to 1.35. Only a key's owner
/// makes it dearer, up to 2, by an `R` with torsion in such a mix. Fewer than 64 are checked one by one.
///
/// `seed` is 32 random bytes that nobody else knows; it may serve many calls.
///
/// ```
/// use primitives::{SecretKey, Signature, Signer, batch};
///
/// let secret = SecretKey::from_seed(&[1; 32]);
/// let key = secret.public_key().accreditable().expect("an honest key");
/// let (good, bad) = (secret.sign(b"apples").expect("in memory"), Signature::from_bytes([1; 64]));
/// let signed = [&good, &bad].map(|signature| batch::Signed { key: &key, message: b"apples", signature });
/// let seed = [7; 32]; // from the system, in earnest
/// assert_eq!(batch::verify(&signed, &seed), [Ok(()), Err(primitives::BadSignature)]);
/// ```
pub fn verify(signed: &[Signed<'_>], seed: &[u8; 32]) -> Vec<Result<(), BadSignature>> {
    let mut verdicts = alloc::vec![Err(BadSignature); signed.len()];
    for (signed, verdicts) in signed.chunks(WINDOW).zip(verdicts.chunks_mut(WINDOW)) {
        if signed.len() < FEW {
            signed.iter().zip(verdicts).for_each(|(signed, verdict)| *verdict = signed.verify_strict());
        } else {
            judge(signed, verdicts, seed);
        }
    }
    verdicts
}

/// Judges a window of lines, of which none is accepted yet.
fn judge(signed: &[Signed<'_>], verdicts: &mut [Result<(), BadSignature>], seed: &[u8; 32]) {
    let mut lines = read(signed, verdicts, seed);
    for lines in lines.chunks_mut(SUM) {
        let sum = sum(lines);
        // Of a flood of bad lines, eight tell before anything is halved.
        let step = lines.len().div_ceil(8) | 1;
        let dense = !sum.is_identity() && lines.iter_mut().step_by(step).map(Line::decide).sum::<usize>() > 2;
        settle(lines, sum, dense);
    }
    lines.retain(|line| line.summed);
    // Only a key's owner gets torsion as far as this. Looking for his line would not be worth the code: without
    // halving, it costs no more than a flood of bad lines does.
    if lines.len() < FEW || !torsion_free(&lines) {
        for line in &mut lines {
            line.decide();
        }
    }
}

/// A signature that may be good: `R` and `S` are as they have to be.
struct Line<'a> {
    signed: &'a Signed<'a>,
    verdict: &'a mut Result<(), BadSignature>,
    r: EdwardsPoint,
    z: Scalar,
    /// `z·S`.
    zs: Scalar,
    /// `z·k`.
    zk: Scalar,
    /// A bit for each random subset: whether `R` belongs to it.
    subsets: [u8; SUBSETS],
    /// Accepted by a sum, not by the strict check.
    summed: bool,
}

impl Line<'_> {
    /// Decides by the strict check; 1 if the line is bad.
    fn decide(&mut self) -> usize {
        *self.verdict = self.signed.verify_strict();
        usize::from(self.verdict.is_err())
    }
}

/// The lines whose equation has to be looked at, with their coefficients. All others are bad.
fn read<'a>(signed: &'a [Signed<'_>], verdicts: &'a mut [Result<(), BadSignature>], seed: &[u8; 32]) -> Vec<Line<'a>> {
    let mut all = Sha512::new().chain_update(seed);
    let mut lines = Vec::with_capacity(signed.len());
    for (signed, verdict) in signed.iter().zip(verdicts) {
        let Some((r, s)) = decode(signed.signature) else { continue };
        let (r_bytes, _) = signed.signature.as_bytes().split_at(32);
        let k = Sha512::new().chain_update(r_bytes).chain_update(signed.key.as_bytes()).chain_update(signed.message);
        let k = Scalar::from_bytes_mod_order_wide(&k.finalize().into());
        all.update(k.as_bytes());
        all.update(s.as_bytes());
        lines.push(Line { signed, verdict, r, z: Scalar::ONE, zs: s, zk: k, subsets: [0; SUBSETS], summed: false });
    }
    let all = all.finalize();
    for (place, line) in (0_u64..).zip(&mut lines) {
        let drawn: [u8; 64] = Sha512::new().chain_update(all).chain_update(place.to_le_bytes()).finalize().into();
        let (z, rest) = drawn.split_first_chunk().expect("16 of 64 bytes");
        line.z = u128::from_le_bytes(*z).into();
        line.zs *= line.z;
        line.zk *= line.z;
        line.subsets = *rest.first_chunk().expect("5 of 48 bytes");
    }
    lines
}

/// `R` and `S`, where both are canonical and `R` is not of small order: all of the strict check but its equation.
fn decode(signature: &Signature) -> Option<(EdwardsPoint, Scalar)> {
    let (r, rest) = signature.as_bytes().split_first_chunk::<32>()?;
    let s = Option::from(Scalar::from_canonical_bytes(*rest.first_chunk()?))?;
    let mut y = *r;
    let [least, middle @ .., most] = &mut y;
    *most &= 0x7f;
    // p = 2^255 − 19. Decoding reduces y modulo p, and knows no sign of x = 0; but there y is 1 or −1, of small order.
    let below_p = *least < 0xed || *most < 0x7f || middle.iter().any(|&byte| byte != 0xff);
    if !below_p || SMALL_ORDER.contains(&y) {
        return None;
    }
    Some((CompressedEdwardsY(*r).decompress()?, s))
}

/// The sum of `−z·D` of these lines: one term for each key, however many lines it has.
fn sum(lines: &[Line<'_>]) -> EdwardsPoint {
    let mut keys = BTreeMap::<&AccreditableKey, Scalar>::new();
    for line in lines {
        *keys.entry(line.signed.key).or_default() += line.zk;
    }
    let base: Scalar = lines.iter().map(|line| line.zs).sum();
    let scalars = iter::once(-base).chain(keys.values().copied()).chain(lines.iter().map(|line| line.z));
    let points = keys.keys().map(|key| key.point()).chain(lines.iter().map(|line| line.r));
    EdwardsPoint::vartime_multiscalar_mul(scalars, iter::once(ED25519_BASEPOINT_POINT).chain(points))
}

/// Accepts the lines if their sum is neutral, else halves them until the bad ones are found. How many those were.
///
/// Where `dense`, bad lines are taken to be so frequent that halving would cost more than it spares: from one in twelve
/// of the lines beside them on, which bounds what a mix can cost.
fn settle(lines: &mut [Line<'_>], of_both: EdwardsPoint, dense: bool) -> usize {
    if of_both.is_identity() {
        for line in lines {
            (*line.verdict, line.summed) = (Ok(()), true);
        }
        0
    } else if lines.len() <= LEAF || dense {
        lines.iter_mut().map(Line::decide).sum()
    } else {
        let (left, right) = lines.split_at_mut(lines.len() / 2);
        let of_left = sum(left);
        let bad = settle(left, of_left, false);
        bad + settle(right, of_both - of_left, bad > left.len() / 12)
    }
}

/// Whether every `R` is free of torsion, by 40 random subsets.
fn torsion_free(lines: &[Line<'_>]) -> bool {
    (0..SUBSETS).all(|byte| {
        // Eight subsets at a time: each R goes where its eight bits say, and the sums are made of the 256 places.
        let mut places = alloc::vec![EdwardsPoint::identity(); 256];
        for line in lines {
            let place = line.subsets.get(byte).and_then(|&bits| places.get_mut(usize::from(bits)));
            *place.expect("a byte for each pass, a place for each byte") += line.r;
        }
        (0..8).rev().all(|bit| {
            // Places with this bit are the upper half. Added to the lower half, they still count for the bits below.
            let upper = places.split_off(1 << bit);
            places.iter_mut().zip(&upper).for_each(|(lower, upper)| *lower += upper);
            upper.iter().sum::<EdwardsPoint>().is_torsion_free()
        })
    })
}

#[cfg(test)]
mod tests;
