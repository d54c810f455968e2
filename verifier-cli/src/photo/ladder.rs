//! The renderings of a picture that are tried for codes, cheapest gain first.

use super::find::{self, Budget};
use super::grey::Grey;
use super::threshold::Threshold;

/// The picture is first reduced to at most this many pixels: a hand-held label fills a good part of its frame, and
/// the blocks of the hybrid threshold are made for modules of a few pixels.
const WORKING_PIXELS: usize = 1_500_000;
/// Doubling is for codes of under two pixels a module; larger pictures have been tried at finer scales by then.
const DOUBLING_PIXELS: usize = 1_000_000;

/// Tries rung after rung until one has read every code that it saw, and gives the distinct texts.
pub(super) fn climb(picture: Grey) -> Vec<String> {
    let mut search = Search { texts: Vec::new(), budget: Budget::new() };
    let by = (1..).find(|by| picture.pixels().len() / (by * by) <= WORKING_PIXELS).unwrap_or(1);
    let working = if by == 1 { picture.clone() } else { picture.reduced(by) };
    if search.rungs(&working) || by == 1 {
        return search.texts;
    }
    // A code far away in a large picture: finer scales up to the picture's own.
    let mut by = by;
    while by > 1 {
        by = by.div_ceil(2);
        let finer = if by == 1 { picture.stretched() } else { picture.reduced(by).stretched() };
        if search.look(&finer, Threshold::Hybrid) {
            break;
        }
    }
    search.texts
}

struct Search {
    texts: Vec<String>,
    budget: Budget,
}

impl Search {
    /// The ladder at one scale; true when it can stop.
    ///
    /// The order was chosen on 396 pictures of the corpus (`examples/photo_corpus.rs`, seeds 1 and 2) from 40 renderings,
    /// by pictures gained a millisecond. Read after each: 82 % (stretched), 86 (whole), 92 and 95 (sharpened), 95.5
    /// (smoothed and sharpened), 96 (doubled). `rqrr` read 47 % alone and would have added 0.3 % here at 9 ms a picture;
    /// its search clones the picture for every pair of patterns, which no gate of ours could bound, so it is left out.
    fn rungs(&mut self, picture: &Grey) -> bool {
        let stretched = picture.stretched();
        if self.look(&stretched, Threshold::Hybrid) {
            return true;
        }
        // Grain, and edges softer than the hybrid's blocks: half the size has a quarter of the noise.
        let half = stretched.reduced(2);
        if self.look(&half, Threshold::Hybrid) || self.look(&stretched, Threshold::Whole) {
            return true;
        }
        // Defocus and shake: sharpened first, at two widths.
        self.look(&half.sharpened(3, 6), Threshold::Local(16))
            || self.look(&stretched.sharpened(6, 6), Threshold::Local(30))
            || self.look(&stretched.smoothed(1).sharpened(6, 6), Threshold::Whole)
            || self.light_on_dark(&stretched)
            || (picture.pixels().len() <= DOUBLING_PIXELS && self.look(&stretched.doubled(), Threshold::Hybrid))
    }

    /// True when codes were read and none was seen that was not, or when the work allowed is done.
    fn look(&mut self, grey: &Grey, threshold: Threshold) -> bool {
        threshold.apply(grey).is_some_and(|bits| self.take(&bits))
    }

    /// Engraved and screen labels may be light on dark (ISO/IEC 18004 §6.1: reflectance reversal).
    fn light_on_dark(&mut self, grey: &Grey) -> bool {
        Threshold::Hybrid.apply(grey).is_some_and(|mut bits| {
            bits.flip_self();
            self.take(&bits)
        })
    }

    fn take(&mut self, bits: &rxing::common::BitMatrix) -> bool {
        let found = find::codes(bits, &mut self.budget);
        for text in found.texts {
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
        self.budget.is_spent() || (!self.texts.is_empty() && !found.unread)
    }
}
