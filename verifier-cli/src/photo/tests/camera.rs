//! A made-up camera: real label texts as QR codes, photographed badly, the same bytes every time.
//!
//! Each picture is one code printed on a white label that lies on a patterned ground, seen through a projective or
//! cylindrical mapping, then defocused, lit, faded, made grainy and stored as PNG or JPEG. Shared by the reader's
//! tests and by the corpus program (`examples/photo_corpus.rs`), so that both mean the same thing by "noisy".

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sizes are a few thousand pixels and levels are clamped; a slip here is a wrong picture in a test"
)]

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use qrcode::{EcLevel, QrCode};

/// What is wrong with a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Warped,
    Bent,
    Blurred,
    Rotated,
    Noisy,
    Faint,
    Small,
    Uneven,
    BlurredRotated,
    SmallNoisy,
    FaintUneven,
}

impl Class {
    pub(crate) const ALL: [Self; 11] = [
        Self::Warped,
        Self::Bent,
        Self::Blurred,
        Self::Rotated,
        Self::Noisy,
        Self::Faint,
        Self::Small,
        Self::Uneven,
        Self::BlurredRotated,
        Self::SmallNoisy,
        Self::FaintUneven,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Warped => "warped",
            Self::Bent => "bent round a roll",
            Self::Blurred => "blurred",
            Self::Rotated => "rotated",
            Self::Noisy => "noisy",
            Self::Faint => "faint",
            Self::Small => "small",
            Self::Uneven => "uneven light",
            Self::BlurredRotated => "blurred, rotated",
            Self::SmallNoisy => "small, noisy",
            Self::FaintUneven => "faint, uneven light",
        }
    }
}

/// How one picture was taken. Lengths in pixels, angles in radians, light in grey levels of 0–255.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// Pixels a module before perspective.
    pub(crate) module: f32,
    pub(crate) angle: f32,
    /// How far each corner is pulled, as a fraction of the label's side: (x, y) of the four corners.
    pub(crate) pull: [(f32, f32); 4],
    /// Half of the angle that the label spans round a cylinder; 0 is flat.
    pub(crate) bend: f32,
    /// Standard deviation of the defocus.
    pub(crate) blur: f32,
    /// Standard deviation of the grain.
    pub(crate) noise: f32,
    pub(crate) black: f32,
    pub(crate) white: f32,
    /// Light at the far end of a linear gradient, as a fraction of the near end, and its direction.
    pub(crate) dusk: f32,
    pub(crate) dusk_angle: f32,
    /// A shadow with a straight edge: light left inside it (1 is none), and where the edge runs (fraction of the side).
    pub(crate) shadow: f32,
    pub(crate) shadow_at: f32,
    /// JPEG quality; `None` is PNG.
    pub(crate) jpeg: Option<u8>,
}

impl Shot {
    /// A sharp, straight, well lit picture at 5 pixels a module.
    pub(crate) fn plain() -> Self {
        Self {
            module: 5.0,
            angle: 0.0,
            pull: [(0.0, 0.0); 4],
            bend: 0.0,
            blur: 0.5,
            noise: 2.0,
            black: 30.0,
            white: 225.0,
            dusk: 1.0,
            dusk_angle: 0.0,
            shadow: 1.0,
            shadow_at: 0.0,
            jpeg: None,
        }
    }

    /// A picture of `class`, its severity drawn from the class's range.
    pub(crate) fn draw(class: Class, random: &mut Random) -> Self {
        let mut shot = Self::plain();
        shot.module = random.range(4.5, 8.0);
        shot.angle = random.range(-0.15, 0.15);
        shot.blur = random.range(0.4, 0.9);
        shot.noise = random.range(1.0, 4.0);
        if random.below(2) == 0 {
            shot.jpeg = Some(80);
        }
        match class {
            Class::Warped => {
                let far = random.range(0.08, 0.34);
                shot.pull = core::array::from_fn(|_| (random.range(-far, far), random.range(-far, far)));
            }
            Class::Bent => shot.bend = random.range(0.3, 1.0),
            Class::Blurred => shot.blur = shot.module * random.range(0.25, 0.8),
            Class::Rotated => {
                shot.module = random.range(3.5, 6.0);
                shot.angle = random.range(0.0, core::f32::consts::TAU);
                shot.noise = random.range(1.0, 12.0);
            }
            Class::Noisy => shot.noise = random.range(8.0, 72.0),
            Class::Faint => {
                shot.white = random.range(120.0, 230.0);
                shot.black = shot.white - random.range(14.0, 46.0);
                shot.noise = random.range(0.3, 1.6);
            }
            Class::Small => {
                shot.module = random.range(2.3, 3.2);
                shot.blur = random.range(0.25, 0.5);
            }
            Class::Uneven => {
                shot.dusk = random.range(0.2, 0.7);
                shot.dusk_angle = random.range(0.0, core::f32::consts::TAU);
                shot.shadow = random.range(0.35, 0.9);
                shot.shadow_at = random.range(0.25, 0.75);
            }
            Class::BlurredRotated => {
                shot.blur = shot.module * random.range(0.2, 0.7);
                shot.angle = random.range(0.0, core::f32::consts::TAU);
            }
            Class::SmallNoisy => {
                shot.module = random.range(2.4, 3.4);
                shot.noise = random.range(2.0, 30.0);
            }
            Class::FaintUneven => {
                shot.white = random.range(150.0, 230.0);
                shot.black = shot.white * random.range(0.5, 0.84);
                shot.dusk = random.range(0.2, 0.6);
                shot.dusk_angle = random.range(0.0, core::f32::consts::TAU);
                shot.noise = random.range(0.6, 2.5);
            }
        }
        shot
    }

    /// Takes the picture of `text` and gives the file's bytes.
    pub(crate) fn take(&self, text: &str, random: &mut Random) -> Vec<u8> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("a label fits a QR code");
        let side = code.width() as f32 + 8.0;
        let modules: Vec<bool> = code.to_colors().iter().map(|c| *c == qrcode::Color::Dark).collect();
        let plane = Plane { modules, width: code.width(), side };

        // The frame leaves a margin round the label, as a hand-held picture does.
        let reach = side * self.module * (self.angle.sin().abs() + self.angle.cos().abs()) * 0.5;
        let slack = 1.0 + 2.0 * self.pull.iter().flat_map(|p| [p.0.abs(), p.1.abs()]).fold(0.0, f32::max);
        let half = (reach * slack * 1.12 + 12.0).ceil();
        let pixels = (half * 2.0) as usize;
        let mapping = self.mapping(side, half);

        let mut grey = vec![0f32; pixels * pixels];
        for (y, row) in grey.chunks_exact_mut(pixels).enumerate() {
            for (x, value) in row.iter_mut().enumerate() {
                let mut sum = 0.0;
                for sub in 0..9u8 {
                    let (dx, dy) = (f32::from(sub % 3), f32::from(sub / 3));
                    sum += self.ink(&plane, &mapping, x as f32 + (dx + 0.5) / 3.0, y as f32 + (dy + 0.5) / 3.0);
                }
                *value = sum / 9.0;
            }
        }
        blur(&mut grey, pixels, self.blur);
        self.light(&mut grey, pixels);
        let luma: Vec<u8> =
            grey.iter().map(|value| (value + random.normal() * self.noise).round().clamp(0.0, 255.0) as u8).collect();
        encode(&luma, pixels as u32, self.jpeg)
    }

    /// Reflectance-to-grey at one point of the picture: the label's ink, or the ground around it.
    fn ink(&self, plane: &Plane, mapping: &Homography, x: f32, y: f32) -> f32 {
        let (u, v) = mapping.apply(x, y);
        // Round a cylinder: what is seen at sin(a) was printed at a.
        let u = if self.bend > 0.0 {
            let across = (u / plane.side - 0.5) * 2.0;
            let sine = across * self.bend.sin();
            if sine.abs() >= 1.0 { -1e3 } else { (sine.asin() / self.bend * 0.5 + 0.5) * plane.side }
        } else {
            u
        };
        match plane.at(u, v) {
            Some(true) => self.black,
            Some(false) => self.white,
            None => {
                // A woven ground: bars of several greys between black and white, so that edges abound.
                let stripe = ((x * 0.11).sin() * (y * 0.07).cos()) * 0.1 + 0.7;
                self.black + (self.white - self.black) * stripe
            }
        }
    }

    fn mapping(&self, side: f32, half: f32) -> Homography {
        let (sine, cosine) = self.angle.sin_cos();
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)];
        let seen: [(f32, f32); 4] = core::array::from_fn(|i| {
            let ((cx, cy), (px, py)) = (corners[i], self.pull[i]);
            let (x, y) = ((cx + px) * side * self.module, (cy + py) * side * self.module);
            (half + x * cosine - y * sine, half + x * sine + y * cosine)
        });
        let printed = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
        Homography::between(&seen, &printed)
    }

    fn light(&self, grey: &mut [f32], pixels: usize) {
        let (sine, cosine) = self.dusk_angle.sin_cos();
        let size = pixels as f32;
        for (y, row) in grey.chunks_exact_mut(pixels).enumerate() {
            for (x, value) in row.iter_mut().enumerate() {
                let (u, v) = (x as f32 / size - 0.5, y as f32 / size - 0.5);
                let along = ((u * cosine + v * sine) / 1.2 + 0.5).clamp(0.0, 1.0);
                *value *= 1.0 + (self.dusk - 1.0) * along;
                if u * sine - v * cosine + 0.5 < self.shadow_at {
                    *value *= self.shadow;
                }
            }
        }
    }
}

/// The printed label in module coordinates, quiet zone included.
struct Plane {
    modules: Vec<bool>,
    width: usize,
    side: f32,
}

impl Plane {
    fn at(&self, u: f32, v: f32) -> Option<bool> {
        if !(0.0..self.side).contains(&u) || !(0.0..self.side).contains(&v) {
            return None;
        }
        let (x, y) = (u as i32 - 4, v as i32 - 4);
        let inside = |n: i32| usize::try_from(n).ok().filter(|n| *n < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.modules.get(y * self.width + x).copied(),
            _ => Some(false),
        }
    }
}

/// A projective mapping of the plane, row-major, last entry 1.
struct Homography([f32; 9]);

impl Homography {
    /// The mapping that takes each of `from` to its partner in `to`.
    fn between(from: &[(f32, f32); 4], to: &[(f32, f32); 4]) -> Self {
        let mut rows = [[0f64; 9]; 8];
        for (pair, ((x, y), (u, v))) in from.iter().zip(to).enumerate() {
            let (x, y, u, v) = (f64::from(*x), f64::from(*y), f64::from(*u), f64::from(*v));
            rows[pair * 2] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            rows[pair * 2 + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        for column in 0..8 {
            let pivot =
                (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())).unwrap_or(column);
            rows.swap(column, pivot);
            let scale = rows[column][column];
            rows[column].iter_mut().for_each(|n| *n /= scale);
            let lead = rows[column];
            for (index, row) in rows.iter_mut().enumerate() {
                let factor = row[column];
                if index != column {
                    row.iter_mut().zip(lead).for_each(|(n, l)| *n -= factor * l);
                }
            }
        }
        let mut out = [1f32; 9];
        out.iter_mut().zip(&rows).for_each(|(n, row)| *n = row[8] as f32);
        Self(out)
    }

    fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let w = g * x + h * y + i;
        ((a * x + b * y + c) / w, (d * x + e * y + f) / w)
    }
}

/// A separable Gaussian; edges repeat.
fn blur(grey: &mut [f32], pixels: usize, sigma: f32) {
    let radius = (sigma * 3.0).ceil() as usize;
    let kernel: Vec<f32> =
        (0..=2 * radius).map(|i| (-(i as f32 - radius as f32).powi(2) / (2.0 * sigma * sigma)).exp()).collect();
    let sum: f32 = kernel.iter().sum();
    let mut line = vec![0f32; pixels];
    let mut pass = |grey: &mut [f32], start: usize, step: usize| {
        for (i, out) in line.iter_mut().enumerate() {
            *out = kernel
                .iter()
                .enumerate()
                .map(|(k, weight)| grey[start + (i + k).saturating_sub(radius).min(pixels - 1) * step] * weight)
                .sum::<f32>()
                / sum;
        }
        for (i, value) in line.iter().enumerate() {
            grey[start + i * step] = *value;
        }
    };
    for row in 0..pixels {
        pass(grey, row * pixels, 1);
    }
    for column in 0..pixels {
        pass(grey, column, pixels);
    }
}

fn encode(luma: &[u8], pixels: u32, jpeg: Option<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    match jpeg {
        Some(quality) => {
            JpegEncoder::new_with_quality(&mut out, quality).write_image(luma, pixels, pixels, ExtendedColorType::L8)
        }
        None => PngEncoder::new(&mut out).write_image(luma, pixels, pixels, ExtendedColorType::L8),
    }
    .expect("memory takes every byte");
    out
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Uniform in 0..1, from the upper 24 bits.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    pub(crate) fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Near enough to a normal deviate: the sum of four uniforms.
    pub(crate) fn normal(&mut self) -> f32 {
        let bits = self.next();
        let sum: u64 = (0..4).map(|i| (bits >> (16 * i)) & 0xffff).sum();
        (sum as f32 / 65_535.0 - 2.0) * 1.732
    }
}

/// A label as design §6 prints it: its length, alphabet and shape are real, its signature is random bytes.
pub(crate) fn label(random: &mut Random) -> String {
    const BASE32: [char; 32] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V',
        'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
    ];
    let index = 20_000 + random.below(900_000);
    let blob: String = (0..120).map(|_| BASE32[(random.next() >> 59) as usize]).collect();
    let serial = 1 + random.below(20_000);
    let lot = ["KTM-2026", "BDR-0417", "MZF.0091"][random.below(3) as usize];
    format!("HTTPS://REGISTRY.EXAMPLE/AEA{blob}IM/01/09521234543213/10/{lot}/21/{index}-{serial}")
}
