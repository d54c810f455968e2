//! A label before it has a format: the code and lines of text, in dots, the origin at the top left.

use std::sync::Arc;

use super::code::{Code, QUIET_ZONE};
use super::length::Resolution;
use super::line::Line;

/// A point in dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dot {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A piece of a contour. Filled by the non-zero rule, black: a printer of black alone would break grey letters into dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Segment {
    Move(Dot),
    Line(Dot),
    Quad(Dot, Dot),
    Cubic(Dot, Dot, Dot),
    Close,
}

/// A code and where it is.
#[derive(Debug, Clone)]
pub(super) struct PlacedCode {
    /// The upper left corner of its quiet zone.
    pub(super) x: u32,
    pub(super) y: u32,
    /// Dots of a module.
    pub(super) dots: u32,
    pub(super) code: Code,
}

impl PlacedCode {
    /// Modules of a side, quiet zone included.
    pub(super) fn modules(&self) -> u32 {
        self.code.side + 2 * QUIET_ZONE
    }

    /// The upper left corner of the code itself.
    pub(super) fn corner(&self) -> (u32, u32) {
        let quiet = QUIET_ZONE * self.dots;
        (self.x + quiet, self.y + quiet)
    }
}

/// A line of text and where it begins.
#[derive(Debug, Clone)]
pub(super) struct PlacedLine {
    pub(super) line: Arc<Line>,
    pub(super) at: Dot,
    /// Dots of an em.
    pub(super) size: f32,
}

/// A label.
#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) resolution: Resolution,
    /// For people who hear the picture.
    pub(super) title: String,
    pub(super) code: PlacedCode,
    pub(super) lines: Vec<PlacedLine>,
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
