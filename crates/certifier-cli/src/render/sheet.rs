//! Pages of A4 with as many labels as fit, to be cut apart.

use super::card;
use super::drawing::{Drawing, Ink, Shape, dots};
use super::font::Font;
use super::{DOTS_PER_INCH, Face, MM_PER_INCH, RenderError, Style};

/// A4 (ISO 216), 210 × 297 mm, in dots.
const PAGE: (u32, u32) = (2480, 3508);
/// What printers leave white: 8 mm.
const MARGIN: u32 = 94;
/// Between two labels: 2 mm.
const GAP: u32 = 24;
/// The line at the foot of a page.
const FOOT: u32 = 40;

/// Labels laid out on pages, all of one size.
pub struct Sheets {
    cards: Vec<Drawing>,
    columns: u32,
    rows: u32,
    width: u32,
    height: u32,
    lot: String,
}

impl Sheets {
    /// Lays the labels out.
    ///
    /// # Errors
    /// [`RenderError`]; [`RenderError::NoLabels`] where there are none.
    pub fn new(faces: &[Face], style: &Style) -> Result<Self, RenderError> {
        let mut cards = faces.iter().map(|face| card::card(face, style)).collect::<Result<Vec<_>, _>>()?;
        let width = cards.iter().map(|card| card.width).max().ok_or(RenderError::NoLabels)?;
        let height = cards.iter().map(|card| card.height).max().ok_or(RenderError::NoLabels)?;
        let fits = |page: u32, size: u32| (page - 2 * MARGIN + GAP) / (size + GAP);
        let (columns, rows) = (fits(PAGE.0, width), fits(PAGE.1 - FOOT, height));
        if columns == 0 || rows == 0 {
            let mm = |size: u32| (dots(size) * MM_PER_INCH / DOTS_PER_INCH).round();
            return Err(RenderError::PageTooSmall { width: mm(width), height: mm(height) });
        }
        cards.iter_mut().for_each(|card| card::frame(card, height));
        let lot = match faces {
            [first, rest @ ..] if rest.iter().all(|face| face.lot == first.lot) => format!("lot {}, ", first.lot),
            _ => String::new(),
        };
        Ok(Self { cards, columns, rows, width, height, lot })
    }

    /// How many labels a page holds.
    pub fn per_page(&self) -> usize {
        usize::try_from(self.columns * self.rows).unwrap_or(1)
    }

    /// How many pages there are. At least one.
    pub fn pages(&self) -> usize {
        self.cards.len().div_ceil(self.per_page())
    }

    /// A page, counted from 0; `None` past the last one.
    pub(super) fn page(&self, number: usize) -> Option<Result<Drawing, RenderError>> {
        let cards = self.cards.chunks(self.per_page()).nth(number)?;
        Some(self.draw(cards, number))
    }

    fn draw(&self, cards: &[Drawing], number: usize) -> Result<Drawing, RenderError> {
        let title =
            format!("Ethical Label, {}{} labels, sheet {} of {}", self.lot, cards.len(), number + 1, self.pages());
        let (width, height) = PAGE;
        let mut page = Drawing { width, height, title, shapes: Vec::new(), codes: Vec::new() };
        let used = self.columns * (self.width + GAP) - GAP;
        let left = (width - used) / 2;
        let used = self.rows * (self.height + GAP) - GAP;
        let top = MARGIN + (height - FOOT - 2 * MARGIN - used) / 2;
        let places = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (column, row)));
        for (card, (column, row)) in cards.iter().zip(places) {
            page.place(card, left + column * (self.width + GAP), top + row * (self.height + GAP));
        }
        let font = Font::regular();
        let outline = font.outline(&page.title, dots(left), dots(height - MARGIN), 24.0)?;
        page.shapes.push(Shape::Outline { segments: outline, ink: Ink::BLACK });
        Ok(page)
    }
}
