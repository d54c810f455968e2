//! A label as a greyscale PNG, and the painting of it.

use ab_glyph_rasterizer::{Rasterizer, point};
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, PixelDimensions, Unit};

use super::drawing::{Dot, Drawing, Segment, dots, whole_dots};
use super::font::Fonts;
use super::{RenderError, check};

/// A picture in greys, row by row; 0 is black.
pub(super) struct Pixels {
    pub(super) width: usize,
    pub(super) greys: Vec<u8>,
}

/// Encodes the drawing.
pub(super) fn write(drawing: &Drawing, fonts: &Fonts<'_>) -> Result<Vec<u8>, RenderError> {
    let pixels = paint(drawing, fonts);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, drawing.width, drawing.height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let per_metre = whole_dots((drawing.resolution.dots_per_inch() / 0.0254).round());
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels.greys)?;
    writer.finish()?;
    Ok(file)
}

/// Reads the code back from the pixels that the file holds.
pub(super) fn check(file: &[u8], drawing: &Drawing) -> Result<(), RenderError> {
    let pixels = read(file)?;
    let placed = &drawing.code;
    // Grey in the quiet zone is type that has strayed there.
    let is_dark = |x, y| pixels.grey(size(placed.x + x), size(placed.y + y)).is_none_or(|grey| grey < 192);
    check::code(placed.modules(), placed.dots, is_dark, &placed.code.text)
}

/// Reads a PNG of [`write`]'s kind back.
pub(super) fn read(file: &[u8]) -> Result<Pixels, RenderError> {
    let mut reader = Decoder::new(std::io::Cursor::new(file)).read_info()?;
    let (width, height) = (size(reader.info().width), size(reader.info().height));
    let mut greys = vec![0; width * height];
    reader.next_frame(&mut greys)?;
    Ok(Pixels { width, greys })
}

impl Pixels {
    /// The grey at a place; `None` outside the picture.
    pub(super) fn grey(&self, x: usize, y: usize) -> Option<u8> {
        self.greys.get(y * self.width + x).copied().filter(|_| x < self.width)
    }
}

/// Paints the drawing: modules as whole dots, type with grey edges.
pub(super) fn paint(drawing: &Drawing, fonts: &Fonts<'_>) -> Pixels {
    let (width, height) = (size(drawing.width), size(drawing.height));
    let mut pixels = Pixels { width, greys: vec![255; width * height] };
    let placed = &drawing.code;
    let ((x, y), dots) = (placed.corner(), placed.dots);
    for (column, row, length) in placed.code.runs() {
        pixels.fill(x + column * dots, y + row * dots, length * dots, dots);
    }
    for line in &drawing.lines {
        pixels.outline(&line.line.outline(fonts, line.at, line.size));
    }
    pixels
}

impl Pixels {
    fn fill(&mut self, x: u32, y: u32, width: u32, height: u32) {
        let (x, y, width, height) = (size(x), size(y), size(width), size(height));
        for row in y..y + height {
            let start = row * self.width + x;
            if let Some(run) = self.greys.get_mut(start..start + width) {
                run.fill(0);
            }
        }
    }

    fn outline(&mut self, segments: &[Segment]) {
        let Some((left, top, right, bottom)) = bounds(segments) else { return };
        let mut raster = Rasterizer::new(size(right - left), size(bottom - top));
        let at = |dot: Dot| point(dot.x - dots(left), dot.y - dots(top));
        let (mut start, mut pen) = (at(Dot { x: 0.0, y: 0.0 }), at(Dot { x: 0.0, y: 0.0 }));
        for segment in segments {
            match *segment {
                Segment::Move(to) => {
                    start = at(to);
                    pen = start;
                }
                Segment::Line(to) => {
                    raster.draw_line(pen, at(to));
                    pen = at(to);
                }
                Segment::Quad(a, to) => {
                    raster.draw_quad(pen, at(a), at(to));
                    pen = at(to);
                }
                Segment::Cubic(a, b, to) => {
                    raster.draw_cubic(pen, at(a), at(b), at(to));
                    pen = at(to);
                }
                Segment::Close => {
                    raster.draw_line(pen, start);
                    pen = start;
                }
            }
        }
        raster.for_each_pixel_2d(|x, y, coverage| {
            let index = size(top + y) * self.width + size(left + x);
            if let Some(grey) = self.greys.get_mut(index).filter(|_| size(left + x) < self.width) {
                *grey = blend(*grey, coverage);
            }
        });
    }
}

/// The whole dots that a path touches; `None` for an empty one.
fn bounds(segments: &[Segment]) -> Option<(u32, u32, u32, u32)> {
    let points: Vec<Dot> = segments
        .iter()
        .flat_map(|segment| match *segment {
            Segment::Move(a) | Segment::Line(a) => vec![a],
            Segment::Quad(a, b) => vec![a, b],
            Segment::Cubic(a, b, c) => vec![a, b, c],
            Segment::Close => vec![],
        })
        .collect();
    let least = |of: fn(&Dot) -> f32| points.iter().map(of).reduce(f32::min).map(|least| whole_dots(least.floor()));
    let most = |of: fn(&Dot) -> f32| points.iter().map(of).reduce(f32::max).map(|most| whole_dots(most) + 1);
    Some((least(|dot| dot.x)?, least(|dot| dot.y)?, most(|dot| dot.x)?, most(|dot| dot.y)?))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a byte is one")]
fn blend(under: u8, coverage: f32) -> u8 {
    (f32::from(under) * (1.0 - coverage.clamp(0.0, 1.0))).round() as u8
}

fn size(dots: u32) -> usize {
    usize::try_from(dots).expect("usize has 32 bits at least")
}
