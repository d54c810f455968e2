//! The built-in font: Inter, regular and semi-bold, with Latin, Greek and Cyrillic. Licence: `font/OFL.txt`.

use ttf_parser::{Face, OutlineBuilder};

use super::RenderError;
use super::drawing::{Dot, Segment};

/// A weight of the built-in font.
pub(super) struct Font(Face<'static>);

impl Font {
    pub(super) fn regular() -> Self {
        Self::parse(include_bytes!("font/Inter-Regular.otf"))
    }

    pub(super) fn semi_bold() -> Self {
        Self::parse(include_bytes!("font/Inter-SemiBold.otf"))
    }

    fn parse(bytes: &'static [u8]) -> Self {
        Self(Face::parse(bytes, 0).expect("the built-in font is a font"))
    }

    /// Height of a capital letter at a size in dots.
    pub(super) fn cap_height(&self, size: f32) -> f32 {
        f32::from(self.0.capital_height().unwrap_or_default()) * self.scale(size)
    }

    /// Width of a line at a size in dots.
    pub(super) fn width(&self, text: &str, size: f32) -> Result<f32, RenderError> {
        let mut width = 0.0;
        for character in text.chars() {
            width += self.glyph(character, text)?.1 * self.scale(size);
        }
        Ok(width)
    }

    /// The outline of a line that starts at `x` on a baseline.
    pub(super) fn outline(&self, text: &str, x: f32, baseline: f32, size: f32) -> Result<Vec<Segment>, RenderError> {
        let mut pen = Pen { x, baseline, scale: self.scale(size), segments: Vec::new() };
        for character in text.chars() {
            let (glyph, advance) = self.glyph(character, text)?;
            // A space has no outline.
            let _ = self.0.outline_glyph(glyph, &mut pen);
            pen.x += advance * pen.scale;
        }
        Ok(pen.segments)
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em())
    }

    fn glyph(&self, character: char, text: &str) -> Result<(ttf_parser::GlyphId, f32), RenderError> {
        let glyph = self.0.glyph_index(character);
        let glyph = glyph.ok_or_else(|| RenderError::NoGlyph { character, text: text.into() })?;
        Ok((glyph, f32::from(self.0.glyph_hor_advance(glyph).unwrap_or_default())))
    }
}

/// Draws glyphs, whose y axis points up, into a picture, whose y axis points down.
struct Pen {
    x: f32,
    baseline: f32,
    scale: f32,
    segments: Vec<Segment>,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Dot {
        Dot { x: self.x + x * self.scale, y: self.baseline - y * self.scale }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Move(self.at(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Line(self.at(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.segments.push(Segment::Quad(self.at(x1, y1), self.at(x, y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.segments.push(Segment::Cubic(self.at(x1, y1), self.at(x2, y2), self.at(x, y)));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
