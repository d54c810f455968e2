//! Grey levels to black and white, three ways.

use rxing::common::{BitMatrix, HybridBinarizer};
use rxing::{Binarizer, Luma8Source};

use super::{grey::Grey, guard};

/// How a pixel becomes black or white.
#[derive(Clone, Copy, Debug)]
pub(super) enum Threshold {
    /// zxing's hybrid: blocks of 8 × 8 pixels against their 5 × 5 neighbouring blocks.
    Hybrid,
    /// Otsu's one threshold for the whole picture (IEEE Trans. SMC 9, 1979).
    Whole,
    /// Darker than the mean of the square of this radius round it.
    Local(usize),
}

impl Threshold {
    /// The black pixels; `None` for a picture that the matrix cannot hold.
    pub(super) fn apply(self, grey: &Grey) -> Option<BitMatrix> {
        match self {
            Self::Hybrid => hybrid(grey),
            Self::Whole => {
                let level = otsu(grey.pixels());
                matrix(grey, grey.pixels().iter().map(|v| *v <= level))
            }
            Self::Local(radius) => {
                let mut black = Vec::with_capacity(grey.pixels().len());
                grey.means(radius, |v, sum, area| black.push(u32::from(v) * area < sum));
                matrix(grey, black.into_iter())
            }
        }
    }
}

fn hybrid(grey: &Grey) -> Option<BitMatrix> {
    let (width, height) = (u32::try_from(grey.width()).ok()?, u32::try_from(grey.height()).ok()?);
    guard::caught(|| {
        let source = Luma8Source::new_with_slice(grey.pixels(), width, height).ok()?;
        HybridBinarizer::new(source).get_black_matrix().ok().cloned()
    })?
}

fn matrix(grey: &Grey, black: impl Iterator<Item = bool>) -> Option<BitMatrix> {
    let (width, height) = (u32::try_from(grey.width()).ok()?, u32::try_from(grey.height()).ok()?);
    let mut bits = BitMatrix::new(width, height).ok()?;
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places.zip(black).filter(|(_, black)| *black).for_each(|((x, y), _)| bits.set(x, y));
    Some(bits)
}

/// The level that parts the histogram into the two classes farthest apart; at or below it is black.
fn otsu(pixels: &[u8]) -> u8 {
    let mut counts = [0u32; 256];
    for level in pixels {
        if let Some(count) = counts.get_mut(usize::from(*level)) {
            *count += 1;
        }
    }
    let levels = || (0u8..=255).zip(counts.iter().map(|n| f64::from(*n)));
    let all: f64 = levels().map(|(_, n)| n).sum();
    let mass: f64 = levels().map(|(level, n)| f64::from(level) * n).sum();
    let (mut below, mut mass_below, mut best, mut chosen) = (0.0, 0.0, 0.0, 0);
    for (level, n) in levels() {
        below += n;
        mass_below += f64::from(level) * n;
        let above = all - below;
        if below > 0.0 && above > 0.0 {
            let apart = mass_below / below - (mass - mass_below) / above;
            let between = below * above * apart * apart;
            if between > best {
                (best, chosen) = (between, level);
            }
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_threshold_parts_two_groups_between_them() {
        let level = otsu(&[10, 12, 11, 10, 200, 201, 199, 202]);
        assert!((12..199).contains(&level), "{level}");
        assert_eq!(otsu(&[7; 9]), 0, "one level: nothing is black");
    }

    #[test]
    fn a_local_threshold_sees_a_dark_dot_on_either_ground() {
        let mut pixels = vec![40u8; 20 * 10];
        for row in pixels.chunks_exact_mut(20) {
            row[10..].fill(200);
        }
        pixels[5 * 20 + 4] = 20;
        pixels[5 * 20 + 15] = 150;
        let grey = Grey::new(20, 10, pixels).expect("20 × 10 pixels");
        let bits = Threshold::Local(2).apply(&grey).expect("a matrix");
        assert!(bits.get(4, 5) && bits.get(15, 5));
        assert!(!bits.get(4, 2) && !bits.get(15, 2));
    }

    #[test]
    fn every_size_from_one_pixel_up_has_a_matrix() {
        for (width, height) in [(1, 1), (1, 50), (39, 41), (40, 40), (41, 39), (300, 3)] {
            let grey = Grey::new(width, height, vec![9; width * height]).expect("pixels as said");
            for threshold in [Threshold::Hybrid, Threshold::Whole, Threshold::Local(8)] {
                let bits = threshold.apply(&grey);
                assert!(bits.is_some() || matches!(threshold, Threshold::Hybrid), "{threshold:?} {width} {height}");
            }
        }
    }
}
