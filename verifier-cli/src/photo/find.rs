//! Codes in black and white: finder patterns, their triples, sampling and decoding (ISO/IEC 18004 §6, §12).
//!
//! The geometry and the decoder are `rxing`'s (a port of zxing-cpp). Its own driver is not used, for two reasons. It has
//! no bound: a picture full of finder patterns costs it the square of their number, then a sampling for each of 105
//! triples a pattern. And it decides from lengths alone which of three patterns is the corner, which a strong
//! perspective turns round: with few patterns in view we try each as the corner (measured: warped pictures read 33 of
//! 36 instead of 24).

use rxing::common::cpp_essentials::{ConcentricPattern, GetPatternRowTP, LocateConcentricPattern, PatternRow};
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::point;
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR};

use super::guard;

/// Rows between two scanned ones: a finder pattern's core is 3 modules high, and a module at least a pixel.
const ROW_STEP: u32 = 3;
/// Finder patterns kept from one matrix: a sheet of 300 labels has 900.
const MAX_PATTERNS: usize = 1_024;
/// Places in one matrix that look like a finder pattern in their row and are looked at more closely.
const MAX_CANDIDATES: u32 = 200_000;
/// With at most this many patterns, every triple is tried in every order.
const FEW_PATTERNS: usize = 6;

/// The work that one picture may still cost in samplings, over all its renderings.
///
/// A sampling costs about 8 steps and one more for each pixel of a module (it traces outlines); the start is worth some
/// 2,500 samplings of ordinary codes, and 300 of codes that fill a 50-megapixel picture.
pub(super) struct Budget(u32);

impl Budget {
    pub(super) fn new() -> Self {
        Self(40_000)
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }

    fn charge(&mut self, set: &FinderPatternSet) -> bool {
        let size = [set.bl.size, set.tl.size, set.tr.size].into_iter().max().unwrap_or_default();
        self.0 = self.0.saturating_sub(8 + size.unsigned_abs() / 7);
        !self.is_spent()
    }
}

/// What one matrix gave.
pub(super) struct Found {
    pub(super) texts: Vec<String>,
    /// Three patterns that belong together are in no code that was read: another rendering may read it.
    pub(super) unread: bool,
}

/// Reads the codes of one matrix.
pub(super) fn codes(bits: &BitMatrix, budget: &mut Budget) -> Found {
    let mut patterns = patterns(bits);
    let sets = guard::caught(|| GenerateFinderPatternSets(&mut patterns)).unwrap_or_default();
    let mut found = Found { texts: Vec::new(), unread: false };
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let others = if patterns.len() <= FEW_PATTERNS { every_order(&patterns) } else { Vec::new() };
    for set in sets.iter().chain(others.iter().filter(|set| !sets.contains(set))) {
        let members = [set.bl, set.tl, set.tr];
        if members.iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        if !budget.charge(set) {
            break;
        }
        if let Some(text) = guard::caught(|| decode(bits, set)).flatten() {
            used.extend(members);
            if !found.texts.contains(&text) {
                found.texts.push(text);
            }
        }
    }
    found.unread = sets.iter().any(|set| [set.bl, set.tl, set.tr].iter().all(|pattern| !used.contains(pattern)));
    found
}

fn decode(bits: &BitMatrix, set: &FinderPatternSet) -> Option<String> {
    let sampled = SampleQR(bits, set).ok()?;
    let decoded = Decode(sampled.getBits()).ok()?;
    decoded.isValid().then(|| decoded.text())
}

/// The finder patterns: rows of 1:1:3:1:1 that also hold down the column and both diagonals.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "sides are below 2^15 pixels, which an f32 holds exactly"
)]
fn patterns(bits: &BitMatrix) -> Vec<ConcentricPattern> {
    let mut found: Vec<ConcentricPattern> = Vec::new();
    let mut candidates = 0;
    let mut row = PatternRow::default();
    for y in (ROW_STEP - 1..bits.height()).step_by(ROW_STEP as usize) {
        GetPatternRowTP(bits, y, &mut row, false);
        let mut x = 0u32;
        // Runs alternate, white first: black ones have odd numbers.
        for run in (1..row.len().saturating_sub(4)).step_by(2) {
            x += u32::from(row[run - 1]);
            let runs: [u16; 5] = core::array::from_fn(|i| row[run + i]);
            let [a, b, c, d, e] = runs.map(f32::from);
            if looks_like_a_finder(runs) {
                let centre = point(x as f32 + a + b + c / 2.0, y as f32 + 0.5);
                let inside = |old: &ConcentricPattern| {
                    let (dx, dy) = (old.p.x - centre.x, old.p.y - centre.y);
                    dx.hypot(dy) < old.size as f32 / 2.0
                };
                if !found.iter().any(inside) {
                    candidates += 1;
                    let reach = (a + b + c + d + e) as i32 * 3;
                    let pattern =
                        guard::caught(|| LocateConcentricPattern::<true, 5, 7>(bits, &[1, 1, 3, 1, 1], centre, reach));
                    found.extend(pattern.flatten());
                    if found.len() >= MAX_PATTERNS || candidates >= MAX_CANDIDATES {
                        return found;
                    }
                }
            }
            x += u32::from(runs[0]);
        }
    }
    found
}

/// zxing-cpp's edge-to-edge test: black and white runs are held to module sizes of their own, since ink spreads.
fn looks_like_a_finder(runs: [u16; 5]) -> bool {
    let [a, b, c, d, e] = runs.map(f32::from);
    if c < 3.0 || c < 2.0 * a.max(e) || c < b.max(d) {
        return false;
    }
    let (black, white) = ((a + c + e) / 5.0, (b + d) / 2.0);
    if black.max(white) > 4.0 * black.min(white) {
        return false;
    }
    let (black_slack, white_slack) = (black * 0.75 + 0.5, white / 3.0 + 0.5);
    [a - black, c - 3.0 * black, e - black].iter().all(|off| off.abs() <= black_slack)
        && [b - white, d - white].iter().all(|off| off.abs() <= white_slack)
}

/// All triples of the patterns, each with each of the three as the corner.
fn every_order(patterns: &[ConcentricPattern]) -> Vec<FinderPatternSet> {
    let mut sets = Vec::new();
    for (i, a) in patterns.iter().enumerate() {
        for (j, b) in patterns.iter().enumerate().skip(i + 1) {
            for c in patterns.iter().skip(j + 1) {
                let (mut a, b, mut c) = (*a, *b, *c);
                if ConcentricPattern::cross(c - b, a - b) < 0.0 {
                    std::mem::swap(&mut a, &mut c);
                }
                sets.extend([(a, b, c), (b, c, a), (c, a, b)].map(|(bl, tl, tr)| FinderPatternSet { bl, tl, tr }));
            }
        }
    }
    sets
}
