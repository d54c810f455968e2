//! A picture before it has a format: codes and outlines, in dots, the origin at the top left.

use super::code::Code;

/// Shades of grey; a printer of black alone turns them into a raster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u8);

impl Ink {
    pub(super) const BLACK: Self = Self(0);
    /// For lines that are cut along. Type is black: a printer of black alone would break grey letters into dots.
    pub(super) const FAINT: Self = Self(190);
}

/// A point in dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dot {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A piece of a contour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Segment {
    Move(Dot),
    Line(Dot),
    Quad(Dot, Dot),
    Cubic(Dot, Dot, Dot),
    Close,
}

/// A code or a filled outline (non-zero winding).
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Code { x: u32, y: u32, dots: u16, code: Code },
    Outline { segments: Vec<Segment>, ink: Ink },
}

/// Everything on a page or card.
#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    /// For people who hear the picture.
    pub(super) title: String,
    pub(super) shapes: Vec<Shape>,
    /// For each code, the part of the picture it is read back from: left, top, width, height.
    pub(super) codes: Vec<CodeArea>,
}

/// Where a code is, with the card around it.
#[derive(Debug, Clone)]
pub(super) struct CodeArea {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) text: String,
}

impl Drawing {
    /// Puts a smaller drawing into this one.
    pub(super) fn place(&mut self, other: &Drawing, x: u32, y: u32) {
        self.shapes.extend(other.shapes.iter().map(|shape| shape.moved(x, y)));
        self.codes.extend(other.codes.iter().map(|area| CodeArea { x: area.x + x, y: area.y + y, ..area.clone() }));
    }
}

impl Shape {
    /// A horizontal bar.
    pub(super) fn bar(x: f32, y: f32, width: f32, height: f32, ink: Ink) -> Self {
        let at = |x, y| Dot { x, y };
        let corners = [at(x + width, y), at(x + width, y + height), at(x, y + height)];
        let segments =
            core::iter::once(Segment::Move(at(x, y))).chain(corners.map(Segment::Line)).chain([Segment::Close]);
        Self::Outline { segments: segments.collect(), ink }
    }

    /// A line along a rectangle with round corners, inside it.
    pub(super) fn frame(width: f32, height: f32, radius: f32, line: f32, ink: Ink) -> Self {
        let mut segments = round_rectangle(0.0, width, height, radius);
        // The hole runs the other way round.
        let mut hole = round_rectangle(line, width, height, radius - line);
        reverse(&mut hole);
        segments.extend(hole);
        Self::Outline { segments, ink }
    }

    fn moved(&self, by_x: u32, by_y: u32) -> Self {
        match self {
            Self::Code { x, y, dots, code } => Self::Code { x: x + by_x, y: y + by_y, dots: *dots, code: code.clone() },
            Self::Outline { segments, ink } => {
                let (dx, dy) = (dots(by_x), dots(by_y));
                let to = |dot: Dot| Dot { x: dot.x + dx, y: dot.y + dy };
                let segments = segments.iter().map(|segment| match *segment {
                    Segment::Move(a) => Segment::Move(to(a)),
                    Segment::Line(a) => Segment::Line(to(a)),
                    Segment::Quad(a, b) => Segment::Quad(to(a), to(b)),
                    Segment::Cubic(a, b, c) => Segment::Cubic(to(a), to(b), to(c)),
                    Segment::Close => Segment::Close,
                });
                Self::Outline { segments: segments.collect(), ink: *ink }
            }
        }
    }
}

/// Whole dots as a coordinate.
#[expect(clippy::cast_precision_loss, reason = "pages have a few thousand dots; f32 counts to 16 million")]
pub(super) fn dots(whole: u32) -> f32 {
    whole as f32
}

/// A coordinate as whole dots, rounded up; nothing is left of or above the origin.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a page can have")]
pub(super) fn whole_dots(dots: f32) -> u32 {
    dots.ceil().clamp(0.0, 65_535.0) as u32
}

/// Clockwise, as four lines and four cubic quarter circles.
fn round_rectangle(inset: f32, width: f32, height: f32, radius: f32) -> Vec<Segment> {
    /// How far a cubic's handles reach for a quarter of a circle of radius 1.
    const KAPPA: f32 = 0.552_285;
    let (left, top, right, bottom) = (inset, inset, width - inset, height - inset);
    let handle = radius * (1.0 - KAPPA);
    let at = |x, y| Dot { x, y };
    vec![
        Segment::Move(at(left + radius, top)),
        Segment::Line(at(right - radius, top)),
        Segment::Cubic(at(right - handle, top), at(right, top + handle), at(right, top + radius)),
        Segment::Line(at(right, bottom - radius)),
        Segment::Cubic(at(right, bottom - handle), at(right - handle, bottom), at(right - radius, bottom)),
        Segment::Line(at(left + radius, bottom)),
        Segment::Cubic(at(left + handle, bottom), at(left, bottom - handle), at(left, bottom - radius)),
        Segment::Line(at(left, top + radius)),
        Segment::Cubic(at(left, top + handle), at(left + handle, top), at(left + radius, top)),
        Segment::Close,
    ]
}

/// Turns the one closed contour round.
fn reverse(contour: &mut Vec<Segment>) {
    let mut end = Dot { x: 0.0, y: 0.0 };
    let mut reversed = Vec::with_capacity(contour.len());
    for segment in contour.drain(..) {
        match segment {
            Segment::Move(to) => end = to,
            Segment::Line(to) => reversed.push(Segment::Line(core::mem::replace(&mut end, to))),
            Segment::Quad(a, to) => reversed.push(Segment::Quad(a, core::mem::replace(&mut end, to))),
            Segment::Cubic(a, b, to) => reversed.push(Segment::Cubic(b, a, core::mem::replace(&mut end, to))),
            Segment::Close => {}
        }
    }
    contour.push(Segment::Move(end));
    contour.extend(reversed.into_iter().rev());
    contour.push(Segment::Close);
}
