//! A grey picture and what is done to its levels before it becomes black and white.
#![expect(
    clippy::indexing_slicing,
    reason = "rows and columns stay below width and height, and `Grey::new` holds their product equal to the length"
)]

/// Grey levels, row by row; at least one pixel.
#[derive(Clone)]
pub(super) struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Grey {
    /// `None` unless there are width × height pixels, and at least one.
    pub(super) fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let fits = width.checked_mul(height) == Some(pixels.len()) && !pixels.is_empty();
        fits.then_some(Self { width, height, pixels })
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    fn like(&self, pixels: Vec<u8>) -> Self {
        Self { pixels, ..*self }
    }

    /// Each block of `by` × `by` pixels becomes its mean; what does not fill a block is cut off.
    pub(super) fn reduced(&self, by: usize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        if by < 2 || width == 0 || height == 0 {
            return self.clone();
        }
        let area = u32::try_from(by * by).unwrap_or(u32::MAX);
        let mut sums = vec![0u32; width];
        let mut pixels = Vec::with_capacity(width * height);
        for block in self.pixels.chunks_exact(self.width * by).take(height) {
            sums.fill(0);
            for row in block.chunks_exact(self.width) {
                for (sum, run) in sums.iter_mut().zip(row.chunks_exact(by)) {
                    *sum += run.iter().map(|v| u32::from(*v)).sum::<u32>();
                }
            }
            pixels.extend(sums.iter().map(|sum| byte((sum + area / 2) / area)));
        }
        Self { width, height, pixels }
    }

    /// Twice as wide and high, bilinear.
    pub(super) fn doubled(&self) -> Self {
        // Each output pixel lies a quarter of the way from its source pixel to the neighbour on its own side.
        let row = |row: &[u8]| -> Vec<u32> {
            (0..self.width * 2)
                .map(|x| {
                    let (near, far) = (x / 2, if x % 2 == 0 { (x / 2).saturating_sub(1) } else { x / 2 + 1 });
                    3 * u32::from(row[near]) + u32::from(row[far.min(self.width - 1)])
                })
                .collect()
        };
        let rows: Vec<Vec<u32>> = self.pixels.chunks_exact(self.width).map(row).collect();
        let mut pixels = Vec::with_capacity(self.pixels.len() * 4);
        for y in 0..self.height * 2 {
            let far = if y % 2 == 0 { (y / 2).saturating_sub(1) } else { y / 2 + 1 };
            let (near, far) = (&rows[y / 2], &rows[far.min(self.height - 1)]);
            pixels.extend(near.iter().zip(far).map(|(near, far)| byte((3 * near + far + 8) / 16)));
        }
        Self { width: self.width * 2, height: self.height * 2, pixels }
    }

    /// The darkest hundredth becomes black, the lightest white, and what lies between is spread evenly.
    pub(super) fn stretched(&self) -> Self {
        let mut counts = [0usize; 256];
        self.pixels.iter().for_each(|v| counts[usize::from(*v)] += 1);
        let level_at = |rank: usize| {
            let mut seen = 0;
            counts
                .iter()
                .take_while(|n| {
                    seen += **n;
                    seen <= rank
                })
                .count()
                .min(255)
        };
        let (low, high) =
            (level_at(self.pixels.len() / 100), level_at(self.pixels.len() - self.pixels.len() / 100 - 1));
        if high <= low {
            return self.clone();
        }
        let mut table = [0u8; 256];
        for (level, out) in table.iter_mut().enumerate() {
            *out = u8::try_from(level.saturating_sub(low) * 255 / (high - low)).unwrap_or(u8::MAX);
        }
        self.like(self.pixels.iter().map(|v| table[usize::from(*v)]).collect())
    }

    /// Every pixel becomes the mean of the square of `radius` round it.
    pub(super) fn smoothed(&self, radius: usize) -> Self {
        let mut pixels = Vec::with_capacity(self.pixels.len());
        self.means(radius, |_, sum, area| pixels.push(byte((sum + area / 2) / area)));
        self.like(pixels)
    }

    /// Unsharp mask: each pixel moves away from the mean of its square of `radius`, by `strength` times the distance.
    pub(super) fn sharpened(&self, radius: usize, strength: i32) -> Self {
        let away = |(v, mean): (&u8, &u8)| {
            let (v, mean) = (i32::from(*v), i32::from(*mean));
            u8::try_from((v + (v - mean) * strength).clamp(0, 255)).unwrap_or(u8::MAX)
        };
        self.like(self.pixels.iter().zip(&self.smoothed(radius).pixels).map(away).collect())
    }

    /// Calls `each` for every pixel, row by row, with its level and the sum and area of the square of `radius` round it,
    /// cut at the edges. Sums are `u32`: pictures up to 16 million pixels.
    pub(super) fn means(&self, radius: usize, mut each: impl FnMut(u8, u32, u32)) {
        let stride = self.width + 1;
        let mut table = vec![0u32; stride * (self.height + 1)];
        for (y, row) in self.pixels.chunks_exact(self.width).enumerate() {
            let mut sum = 0;
            for (x, v) in row.iter().enumerate() {
                sum += u32::from(*v);
                table[(y + 1) * stride + x + 1] = table[y * stride + x + 1] + sum;
            }
        }
        for (y, row) in self.pixels.chunks_exact(self.width).enumerate() {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(self.height));
            let (above, below) = (&table[top * stride..][..stride], &table[bottom * stride..][..stride]);
            for (x, v) in row.iter().enumerate() {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(self.width));
                let sum = below[right] + above[left] - below[left] - above[right];
                let area = u32::try_from((bottom - top) * (right - left)).unwrap_or(u32::MAX);
                each(*v, sum, area);
            }
        }
    }
}

fn byte(level: u32) -> u8 {
    u8::try_from(level).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Grey {
        Grey::new(8, 4, (0..32).map(|n| 100 + n).collect()).expect("8 × 4 pixels")
    }

    #[test]
    fn a_picture_has_as_many_pixels_as_it_says() {
        assert!(Grey::new(2, 2, vec![0; 3]).is_none());
        assert!(Grey::new(0, 9, vec![]).is_none());
        assert!(Grey::new(usize::MAX, 2, vec![0; 2]).is_none());
    }

    #[test]
    fn reducing_takes_means_and_cuts_the_rest_off() {
        let small = ramp().reduced(2);
        assert_eq!((small.width(), small.height()), (4, 2));
        assert_eq!(small.pixels()[0], 105, "mean of 100, 101, 108, 109, rounded");
        assert_eq!((ramp().reduced(3).width(), ramp().reduced(3).height()), (2, 1));
        assert_eq!(ramp().reduced(9).width(), 8, "nothing left: unchanged");
    }

    #[test]
    fn doubling_then_reducing_keeps_a_flat_picture_and_nearly_keeps_a_ramp() {
        let again = ramp().doubled().reduced(2);
        assert_eq!((again.width(), again.height()), (8, 4));
        for (a, b) in again.pixels().iter().zip(ramp().pixels()) {
            assert!(a.abs_diff(*b) <= 3, "{a} {b}");
        }
        let dot = Grey::new(1, 1, vec![7]).expect("one pixel").doubled();
        assert_eq!(dot.pixels(), [7; 4]);
    }

    #[test]
    fn stretching_reaches_both_ends_and_leaves_a_flat_picture_alone() {
        let wide = ramp().stretched();
        assert_eq!((wide.pixels()[0], wide.pixels()[31]), (0, 255));
        assert_eq!(Grey::new(4, 1, vec![9; 4]).expect("4 pixels").stretched().pixels(), [9; 4]);
    }

    #[test]
    fn means_at_the_edges_count_only_what_is_there() {
        let picture = Grey::new(3, 1, vec![0, 30, 90]).expect("3 pixels");
        assert_eq!(picture.smoothed(1).pixels(), [15, 40, 60]);
        assert_eq!(picture.sharpened(1, 1).pixels(), [0, 20, 120]);
    }
}
