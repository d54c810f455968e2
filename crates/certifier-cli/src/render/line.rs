//! A line of text, set: which glyphs of which fonts, and where.
//!
//! The order of what runs right to left is UAX #9's, the clusters are UAX #29's, the scripts UAX #24's, and the shaping is
//! HarfBuzz's. It is done once, so that no two formats set a name differently. A character that no font has is an error and
//! never a box; so is a script whose rules the font lacks.

use std::ops::Range;

use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_script::{Script, UnicodeScript as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::RenderError;
use super::drawing::{Dot, Segment};
use super::font::Fonts;

/// Set text. Lengths are in ems.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f32,
    /// Above and below the baseline: the most of its fonts.
    pub(super) ascent: f32,
    pub(super) descent: f32,
    /// The line as a whole runs right to left.
    pub(super) is_rtl: bool,
}

/// Glyphs of one font, from the left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) font: usize,
    pub(super) text: String,
    pub(super) x: f32,
    pub(super) glyphs: Vec<Glyph>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) id: u16,
    /// The part of the run's text that it draws, with its cluster's other glyphs.
    pub(super) cluster: Range<usize>,
    pub(super) advance: f32,
    pub(super) x_offset: f32,
    pub(super) y_offset: f32,
}

/// Text of one script in one font and direction.
struct Item {
    range: Range<usize>,
    font: usize,
    script: Script,
}

impl Line {
    /// Sets a line; it must hold no line break.
    pub(super) fn set(text: &str, fonts: &Fonts<'_>) -> Result<Self, RenderError> {
        let items = items(text, fonts)?;
        let bidi = BidiInfo::new(text, None);
        let mut line = Self { runs: Vec::new(), width: 0.0, ascent: 0.0, descent: 0.0, is_rtl: false };
        for paragraph in &bidi.paragraphs {
            line.is_rtl |= paragraph.level.is_rtl();
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(|level| level.is_rtl());
                let mut parts: Vec<Item> = items.iter().filter_map(|item| item.within(&run)).collect();
                if is_rtl {
                    parts.reverse();
                }
                for part in parts {
                    line.push(text, &part, is_rtl, fonts)?;
                }
            }
        }
        Ok(line)
    }

    fn push(&mut self, text: &str, item: &Item, is_rtl: bool, fonts: &Fonts<'_>) -> Result<(), RenderError> {
        let part = text.get(item.range.clone()).unwrap_or_default();
        let missing = |characters: &str| no_glyph(characters.chars(), text);
        let font = fonts.face(item.font).ok_or_else(|| missing(part))?;
        let face = &font.face;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(part);
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let tag = ttf_parser::Tag::from_bytes_lossy(item.script.short_name().as_bytes());
        if let Some(script) = rustybuzz::Script::from_iso15924_tag(tag) {
            buffer.set_script(script);
        }
        let shaped = rustybuzz::shape(face, &[], buffer);
        let ems = |units: i32| f32::from(i16::try_from(units).unwrap_or_default()) / units_per_em(face);
        let mut starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .filter_map(|glyph| usize::try_from(glyph.cluster).ok())
            .chain([part.len()])
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let mut glyphs = Vec::with_capacity(shaped.len());
        let x = self.width;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let start = usize::try_from(info.cluster).unwrap_or_default();
            let end = starts.iter().copied().find(|next| *next > start).unwrap_or(part.len());
            let id = u16::try_from(info.glyph_id).unwrap_or_default();
            if id == 0 {
                return Err(missing(part.get(start..end).unwrap_or(part)));
            }
            let advance = ems(position.x_advance);
            self.width += advance;
            let (x_offset, y_offset) = (ems(position.x_offset), ems(position.y_offset));
            glyphs.push(Glyph { id, cluster: start..end, advance, x_offset, y_offset });
        }
        self.ascent = self.ascent.max(f32::from(face.ascender()) / units_per_em(face));
        self.descent = self.descent.max(-f32::from(face.descender()) / units_per_em(face));
        self.runs.push(Run { font: item.font, text: part.into(), x, glyphs });
        Ok(())
    }

    /// The line's outline, from `x` on a baseline, an em of `size` dots.
    pub(super) fn outline(&self, fonts: &Fonts<'_>, at: Dot, size: f32) -> Vec<Segment> {
        let mut path = Vec::new();
        for run in &self.runs {
            let mut pen = run.x;
            for glyph in &run.glyphs {
                let x = at.x + (pen + glyph.x_offset) * size;
                let origin = Dot { x, y: at.y - glyph.y_offset * size };
                fonts.outline(run.font, glyph.id, origin, size, &mut path);
                pen += glyph.advance;
            }
        }
        path
    }
}

impl Item {
    fn within(&self, run: &Range<usize>) -> Option<Self> {
        let range = self.range.start.max(run.start)..self.range.end.min(run.end);
        (!range.is_empty()).then_some(Self { range, font: self.font, script: self.script })
    }
}

fn units_per_em(face: &rustybuzz::Face<'_>) -> f32 {
    f32::from(u16::try_from(face.units_per_em()).unwrap_or(u16::MAX).max(1))
}

/// Splits a text where script or font change, in logical order. What belongs to no script goes with what stands before it.
fn items(text: &str, fonts: &Fonts<'_>) -> Result<Vec<Item>, RenderError> {
    let own = |cluster: &str| {
        cluster
            .chars()
            .map(|character| character.script())
            .find(|script| !matches!(script, Script::Common | Script::Inherited))
    };
    let first = text.graphemes(true).find_map(own).unwrap_or(Script::Latin);
    let mut items: Vec<Item> = Vec::new();
    let mut missing = String::new();
    let mut script = first;
    for (start, cluster) in text.grapheme_indices(true) {
        let scripted = own(cluster);
        script = scripted.unwrap_or(script);
        let range = start..start + cluster.len();
        // A space or a digit stays in the font of its neighbours where that has it.
        let neighbour =
            items.last().map(|item| item.font).filter(|font| scripted.is_none() && fonts.has(*font, cluster));
        let Some(font) = neighbour.or_else(|| fonts.of(cluster, scripted.unwrap_or(Script::Common))) else {
            missing.push_str(cluster);
            continue;
        };
        match items.last_mut() {
            Some(last) if last.font == font && last.script == script && last.range.end == start => {
                last.range.end = range.end
            }
            _ => items.push(Item { range, font, script }),
        }
    }
    if missing.is_empty() { Ok(items) } else { Err(no_glyph(missing.chars(), text)) }
}

fn no_glyph(characters: impl Iterator<Item = char>, text: &str) -> RenderError {
    let mut missing: Vec<char> = Vec::new();
    for character in characters.filter(|character| *character != ' ') {
        if !missing.contains(&character) {
            missing.push(character);
        }
    }
    RenderError::NoGlyph { characters: missing, text: text.into() }
}

#[cfg(test)]
mod tests;
