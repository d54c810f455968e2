//! Sheets of labels as PDF/A-2u: pages of the stock's size, codes as paths, type as text of an embedded subset of its font.

use std::ops::Range;

use krilla::configure::ConfigurationBuilder;
use krilla::configure::validate::Archival;
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use primitives::Timestamp;

use super::code::QUIET_ZONE;
use super::contour::{self, Contour};
use super::drawing::{Drawing, PlacedLine, dots};
use super::font::Fonts;
use super::{Layout, RenderError, check};

/// Points in a millimetre.
const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A drawing whose code was read back from the path that a page gets. Nothing else builds one.
#[derive(Debug)]
pub(super) struct Traced {
    drawing: Drawing,
    contours: Vec<Contour>,
}

impl Traced {
    /// Traces the code and reads it back from the outlines.
    pub(super) fn of(drawing: Drawing) -> Result<Self, RenderError> {
        let contours = drawing.code.code.contours();
        read_back(&drawing, &contours)?;
        Ok(Self { drawing, contours })
    }
}

fn read_back(drawing: &Drawing, contours: &[Contour]) -> Result<(), RenderError> {
    /// Pixels a module.
    const PAINTED: u32 = 2;
    let placed = &drawing.code;
    let unreadable =
        || RenderError::Unreadable { url: placed.code.text.clone(), reason: "its path is not closed".into() };
    let side = usize::try_from(placed.code.side).map_err(|_| unreadable())?;
    let modules = contour::fill(side, contours).ok_or_else(unreadable)?;
    let is_dark = |x: u32, y: u32| {
        let module =
            |dot: u32| usize::try_from((dot / PAINTED).checked_sub(QUIET_ZONE)?).ok().filter(|module| *module < side);
        let at = module(y).zip(module(x)).map(|(y, x)| y * side + x);
        at.and_then(|at| modules.get(at).copied()).unwrap_or_default()
    };
    check::code(placed.modules(), PAINTED, is_dark, &placed.code.text)
}

/// A file of sheets, filled label by label.
pub(super) struct Sheets<'l> {
    layout: &'l Layout<'l>,
    document: Document,
    /// Labels of the sheet that is being filled, each with its place on it.
    sheet: Vec<(usize, Traced)>,
    next: usize,
}

impl<'l> Sheets<'l> {
    /// An empty file whose first label has this place on its sheet, counted from 0.
    pub(super) fn new(layout: &'l Layout<'l>, title: &str, first: usize, made: Timestamp) -> Self {
        let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U);
        let configuration = configuration.finish().expect("one standard does not contradict itself");
        let settings = SerializeSettings { configuration, enable_tagging: false, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let metadata = Metadata::new().title(title.into()).creator("certifier labels".into()).language("en".into());
        document.set_metadata(metadata.creation_date(date(made)));
        Self { layout, document, sheet: Vec::new(), next: first }
    }

    /// Adds a label.
    pub(super) fn add(&mut self, label: Traced) -> Result<(), RenderError> {
        self.sheet.push((self.next, label));
        self.next += 1;
        if self.next == self.layout.stock().per_sheet() { self.end_sheet() } else { Ok(()) }
    }

    /// The finished file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, RenderError> {
        if !self.sheet.is_empty() {
            self.end_sheet()?;
        }
        self.document.finish().map_err(|error| RenderError::Pdf(format!("{error:?}")))
    }

    fn end_sheet(&mut self) -> Result<(), RenderError> {
        let stock = self.layout.stock();
        let points = |length: super::length::Length| dots(length.units()) / 10_000.0 * POINTS_PER_MM;
        let (width, height) = (points(stock.page().width), points(stock.page().height));
        let settings =
            PageSettings::from_wh(width, height).ok_or_else(|| RenderError::Pdf("the page has no size".into()))?;
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { rule: FillRule::EvenOdd, ..Fill::default() }));
        let resolution = self.layout.resolution();
        let dot = resolution.dot_mm() * POINTS_PER_MM;
        for (place, label) in self.sheet.drain(..) {
            // A module begins at a dot of the printer on every label.
            let (left, top) = stock.place(place);
            let (left, top) = (dots(left.dots(resolution)), dots(top.dots(resolution)));
            surface.push_transform(&Transform::from_row(dot, 0.0, 0.0, dot, left * dot, top * dot));
            draw(&mut surface, &label, self.layout.fonts())?;
            surface.pop();
        }
        self.next = 0;
        Ok(())
    }
}

/// The date that PDF/A asks for.
fn date(at: Timestamp) -> DateTime {
    let text = at.to_string();
    let part = |range: Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or_default();
    let small = |range| u8::try_from(part(range)).unwrap_or_default();
    // RFC 3339, as a `Timestamp` is written: 2026-11-24T15:34:52Z.
    DateTime::new(part(0..4))
        .month(small(5..7))
        .day(small(8..10))
        .hour(small(11..13))
        .minute(small(14..16))
        .second(small(17..19))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn draw(surface: &mut Surface<'_>, label: &Traced, fonts: &Fonts<'_>) -> Result<(), RenderError> {
    let placed = &label.drawing.code;
    let ((x, y), module) = (placed.corner(), dots(placed.dots));
    let path = path(&label.contours).ok_or_else(|| RenderError::Pdf("a code has no path".into()))?;
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, dots(x), dots(y)));
    surface.draw_path(&path);
    surface.pop();
    label.drawing.lines.iter().for_each(|line| write(surface, line, fonts));
    Ok(())
}

fn path(contours: &[Contour]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for contour in contours {
        let (first, rest) = contour.split_first()?;
        path.move_to(first.0.into(), first.1.into());
        rest.iter().for_each(|(x, y)| path.line_to((*x).into(), (*y).into()));
        path.close();
    }
    path.finish()
}

fn write(surface: &mut Surface<'_>, placed: &PlacedLine, fonts: &Fonts<'_>) {
    for run in &placed.line.runs {
        let Some(font) = fonts.face(run.font) else { continue };
        let glyph = |glyph: &super::line::Glyph| KrillaGlyph {
            glyph_id: GlyphId::new(glyph.id.into()),
            text_range: glyph.cluster.clone(),
            x_advance: glyph.advance,
            x_offset: glyph.x_offset,
            y_offset: glyph.y_offset,
            y_advance: 0.0,
            location: None,
        };
        let glyphs: Vec<KrillaGlyph> = run.glyphs.iter().map(glyph).collect();
        let start = Point::from_xy(placed.at.x + run.x * placed.size, placed.at.y);
        surface.draw_glyphs(start, &glyphs, font.pdf.clone(), &run.text, placed.size, false);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{drawing, face};
    use super::*;

    #[test]
    fn an_outline_that_is_not_the_codes_is_not_kept() {
        let drawing = drawing(&face(17, "Carpet"));
        let contours = drawing.code.code.contours();
        read_back(&drawing, &contours).unwrap();
        let mut other = drawing.clone();
        other.code.code.text = "HTTPS://EVIL.EXAMPLE".into();
        assert_eq!(read_back(&other, &contours).unwrap_err().code(), "code_reads_otherwise");
        assert_eq!(
            read_back(&drawing, &contours[1..]).unwrap_err().code(),
            "unreadable_code",
            "a finder pattern is gone"
        );
        let open: Vec<Contour> = contours.iter().map(|contour| contour[1..].to_vec()).collect();
        assert_eq!(read_back(&drawing, &open).unwrap_err().code(), "unreadable_code");
    }
}
