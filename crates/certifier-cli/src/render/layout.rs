//! What a label of some stock looks like: level and module of the code, and which texts stand where.
//!
//! Decided once a run, from the longest texts of it, so that all labels of a run look alike:
//! 1. The level is the most robust one whose code fits the label with modules of 0.33 mm; its quiet zone is on the label too.
//! 2. Of the texts (host, product, lot, serial, short code, in this order) as many as fit stand beside the code on wide labels,
//!    under it on high ones, in type of at least 5 points. What does not fit is left out from the end.
//! 3. The module is the largest that leaves the texts their room.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation as _;

use super::code::{Code, Level, QUIET_ZONE};
use super::drawing::{Dot, Drawing, PlacedCode, PlacedLine, dots, whole_dots};
use super::font::Fonts;
use super::length::Resolution;
use super::line::Line;
use super::stock::Stock;
use super::{Face, RenderError};

/// The smallest module that is printed, in millimetres: what cheap phones read, and ISO/IEC 15415's 13 mil.
pub const MIN_MODULE_MM: f32 = 0.33;

/// Sizes of type in points, the largest first. At 5 points an x of Inter is 0.96 mm high; the EU lets small packs have 0.9 mm
/// (Regulation 1169/2011, Article 13(3)).
const SIZES: [f32; 7] = [10.0, 9.0, 8.0, 7.0, 6.0, 5.5, 5.0];
/// Lines that one text may take.
const MAX_LINES: usize = 2;
/// Between text and the label's edge, in millimetres: sheets shift by about 1 mm in a printer.
const MARGIN_MM: f32 = 1.2;

/// Texts of a label, in the order in which they are left out from the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The registry's host.
    Host,
    /// The product's name, cut short with an ellipsis where it is too long.
    Product,
    /// The lot.
    Lot,
    /// The serial.
    Serial,
    /// The code that people type.
    ShortCode,
}

impl Field {
    const ALL: [Self; 5] = [Self::Host, Self::Product, Self::Lot, Self::Serial, Self::ShortCode];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Product => "product",
            Self::Lot => "lot",
            Self::Serial => "serial",
            Self::ShortCode => "short code",
        }
    }

    fn text(self, face: &Face) -> String {
        match self {
            Self::Host => face.host.clone(),
            Self::Product => face.product.clone(),
            Self::Lot => format!("Lot {}", face.lot),
            Self::Serial => format!("Serial {}", face.serial),
            Self::ShortCode => format!("Code {}", face.short_code),
        }
    }
}

/// A text in lines, and whether it was cut.
type SetText = (Vec<Arc<Line>>, bool);

/// The look of a run's labels.
#[derive(Debug)]
pub struct Layout<'f> {
    stock: Stock,
    resolution: Resolution,
    level: Level,
    /// Modules of the code's side, without quiet zone.
    side: u32,
    plan: Plan,
    fonts: &'f Fonts<'f>,
    /// The texts that are the same on every label, set already.
    set: Vec<(Field, String, Vec<Arc<Line>>)>,
}

/// Where things are on a label, in dots.
#[derive(Debug, Clone, PartialEq)]
struct Plan {
    module: u32,
    code: (u32, u32),
    column: Column,
    /// Dots of an em.
    size: f32,
    fields: usize,
    product_is_cut: bool,
}

/// The room for text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    /// Centred in its height: beside a code, not under it.
    is_centred: bool,
}

impl<'f> Layout<'f> {
    /// Decides how labels look whose texts are no longer than these; `level` where somebody insists on one.
    ///
    /// # Errors
    /// [`RenderError::StockTooSmall`] where no code fits; [`RenderError::NoGlyph`].
    pub fn new(
        stock: Stock,
        resolution: Resolution,
        level: Option<Level>,
        longest: &Face,
        fonts: &'f Fonts<'f>,
    ) -> Result<Self, RenderError> {
        // Whole texts, so that an error names all that no font has.
        for field in Field::ALL {
            Line::set(&field.text(longest), fonts)?;
        }
        let (level, side) = choose_level(stock, resolution, level, longest)?;
        let mut layout = Self {
            stock,
            resolution,
            level,
            side,
            plan: Plan { module: 0, code: (0, 0), column: Column::NONE, size: 0.0, fields: 0, product_is_cut: false },
            fonts,
            set: Vec::new(),
        };
        layout.plan = layout.best(longest)?;
        for field in Field::ALL.into_iter().take(layout.plan.fields) {
            let text = field.text(longest);
            let lines = layout.lines(field, &text, &layout.plan)?.unwrap_or_default().0;
            layout.set.push((field, text, lines));
        }
        Ok(layout)
    }

    /// The stock.
    pub fn stock(&self) -> Stock {
        self.stock
    }

    /// The error correction level.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The size of a printed module in millimetres.
    pub fn module_mm(&self) -> f32 {
        dots(self.plan.module) * self.resolution.dot_mm()
    }

    /// What there is no room for.
    pub fn left_out(&self) -> impl Iterator<Item = Field> + use<> {
        Field::ALL.into_iter().skip(self.plan.fields)
    }

    /// Whether the product's name ends in an ellipsis.
    pub fn product_is_cut(&self) -> bool {
        self.plan.product_is_cut
    }

    pub(super) fn resolution(&self) -> Resolution {
        self.resolution
    }

    pub(super) fn fonts(&self) -> &'f Fonts<'f> {
        self.fonts
    }

    /// Draws a label.
    pub(super) fn draw(&self, face: &Face) -> Result<Drawing, RenderError> {
        let plan = &self.plan;
        let mut lines = Vec::new();
        for field in Field::ALL.into_iter().take(plan.fields) {
            let text = field.text(face);
            match self.set.iter().find(|(of, set, _)| *of == field && *set == text) {
                Some((_, _, set)) => lines.extend(set.iter().cloned()),
                None => lines.extend(self.lines(field, &text, plan)?.unwrap_or_default().0),
            }
        }
        let (x, y) = plan.code;
        let code = Code::of_side(&face.url, self.level, self.side)?;
        let (width, height) = self.size();
        Ok(Drawing {
            width,
            height,
            resolution: self.resolution,
            title: format!("{}, lot {}, serial {}, {}", face.product, face.lot, face.serial, face.host),
            code: PlacedCode { x, y, dots: plan.module, code },
            lines: plan.place(lines),
        })
    }

    fn size(&self) -> (u32, u32) {
        let (width, height) = self.stock.label();
        (width.dots(self.resolution), height.dots(self.resolution))
    }

    /// The plan with the most texts, of these the one with the largest module, of these the one with the largest type.
    fn best(&self, longest: &Face) -> Result<Plan, RenderError> {
        let (width, height) = self.size();
        let modules = self.side + 2 * QUIET_ZONE;
        let largest = width.min(height) / modules;
        let mut best: Option<Plan> = None;
        for module in (least_module(self.resolution)..=largest).rev() {
            for (code, column) in self.columns(modules * module) {
                for points in SIZES {
                    let size = self.resolution.points(points);
                    let plan =
                        self.filled(Plan { module, code, column, size, fields: 0, product_is_cut: false }, longest)?;
                    let worth = |plan: &Plan| (plan.fields, !plan.product_is_cut);
                    if best.as_ref().is_none_or(|best| worth(&plan) > worth(best)) {
                        best = Some(plan);
                    }
                }
            }
            if best.as_ref().is_some_and(|plan| plan.fields == Field::ALL.len() && !plan.product_is_cut) {
                break;
            }
        }
        best.ok_or_else(|| too_small(self.stock, self.resolution, self.level, longest, modules))
    }

    /// Where the code and the text can be: side by side on a wide label, one above the other on a high one, each on a square one.
    fn columns(&self, code: u32) -> Vec<((u32, u32), Column)> {
        let (width, height) = self.size();
        let margin = MARGIN_MM / self.resolution.dot_mm();
        let mut columns = Vec::new();
        if width >= height {
            let place = (0, (height - code) / 2);
            // The quiet zone is the code's distance from the text.
            let left = dots(code);
            let (width, height) = (dots(width) - left - margin, dots(height) - 2.0 * margin);
            columns.push((place, Column { left, top: margin, width, height, is_centred: true }));
        }
        if height >= width {
            let place = ((width - code) / 2, 0);
            let top = dots(code);
            let (width, height) = (dots(width) - 2.0 * margin, dots(height) - top - margin);
            columns.push((place, Column { left: margin, top, width, height, is_centred: false }));
        }
        columns
    }

    /// Counts the texts that fit.
    fn filled(&self, mut plan: Plan, longest: &Face) -> Result<Plan, RenderError> {
        let mut height = 0.0;
        for field in Field::ALL {
            let Some((lines, is_cut)) = self.lines(field, &field.text(longest), &plan)? else { break };
            height += lines.iter().map(|line| line_height(line) * plan.size).sum::<f32>();
            if height > plan.column.height {
                break;
            }
            plan.fields += 1;
            plan.product_is_cut |= is_cut;
        }
        Ok(plan)
    }

    /// Sets a text; `None` where it does not fit the column.
    fn lines(&self, field: Field, text: &str, plan: &Plan) -> Result<Option<SetText>, RenderError> {
        let width = plan.column.width / plan.size;
        let (mut texts, rest) = wrap(text, |line| Ok(Line::set(line, self.fonts)?.width <= width))?;
        let is_cut = !rest.is_empty();
        match (is_cut, field) {
            (true, Field::Product) => {
                let mut last = texts.pop().unwrap_or_default();
                while !last.is_empty() && Line::set(&format!("{last}…"), self.fonts)?.width > width {
                    let shorter = last.grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
                    last.truncate(shorter);
                }
                if last.is_empty() {
                    return Ok(None);
                }
                texts.push(format!("{}…", last.trim_end_matches([' ', ',', ';', '-'])));
            }
            (true, Field::Host | Field::Lot | Field::Serial | Field::ShortCode) => return Ok(None),
            (false, _) => {}
        }
        let lines = texts.iter().map(|text| Ok(Arc::new(Line::set(text, self.fonts)?)));
        Ok(Some((lines.collect::<Result<_, RenderError>>()?, is_cut)))
    }
}

impl Column {
    const NONE: Self = Self { left: 0.0, top: 0.0, width: 0.0, height: 0.0, is_centred: false };
}

impl Plan {
    fn place(&self, lines: Vec<Arc<Line>>) -> Vec<PlacedLine> {
        let column = self.column;
        let used: f32 = lines.iter().map(|line| line_height(line) * self.size).sum();
        let spare = if column.is_centred { (column.height - used).max(0.0) / 2.0 } else { 0.0 };
        let mut y = column.top + spare;
        let placed = lines.into_iter().map(|line| {
            let baseline = y + line.ascent * self.size;
            y += line_height(&line) * self.size;
            // A label whose digits are wider than any that was planned with: rounding, or kerning.
            let size = self.size * (column.width / (line.width * self.size)).min(1.0);
            let x = if line.is_rtl { column.left + column.width - line.width * size } else { column.left };
            PlacedLine { line, at: Dot { x, y: baseline }, size }
        });
        placed.collect()
    }
}

fn line_height(line: &Line) -> f32 {
    (line.ascent + line.descent).max(1.1)
}

/// Dots of the smallest module.
fn least_module(resolution: Resolution) -> u32 {
    whole_dots(MIN_MODULE_MM / resolution.dot_mm())
}

/// The most robust level whose code fits, and the side of the code.
fn choose_level(
    stock: Stock,
    resolution: Resolution,
    level: Option<Level>,
    longest: &Face,
) -> Result<(Level, u32), RenderError> {
    let mut least = None;
    for level in Level::ALL.into_iter().filter(|of| level.is_none_or(|level| level == *of)) {
        // Above some length only the weaker levels have a code at all.
        let Ok(code) = Code::of(&longest.url, level) else { continue };
        if fits(stock, resolution, code.side) {
            return Ok((level, code.side));
        }
        least = Some((level, code.side));
    }
    match least {
        Some((level, side)) => Err(too_small(stock, resolution, level, longest, side + 2 * QUIET_ZONE)),
        None => Err(Code::of(&longest.url, level.unwrap_or(Level::L)).err().unwrap_or(RenderError::NoLabels)),
    }
}

fn fits(stock: Stock, resolution: Resolution, side: u32) -> bool {
    let (width, height) = stock.label();
    (side + 2 * QUIET_ZONE) * least_module(resolution) <= width.min(height).dots(resolution)
}

/// Says what would fit instead: weaker levels, other stock, or a shorter host, whichever there is.
fn too_small(stock: Stock, resolution: Resolution, level: Level, longest: &Face, modules: u32) -> RenderError {
    let side = |url: &str, level| Code::of(url, level).ok().map(|code| code.side);
    let fits_here = |url: &str, level| side(url, level).is_some_and(|side| fits(stock, resolution, side));
    let named = Stock::names()
        .filter(|(_, other)| side(&longest.url, level).is_some_and(|side| fits(*other, resolution, side)));
    let host = longest.host.chars().count();
    // What is taken from the path's end is as long as what a shorter host would save.
    let shorter = |saved: usize| {
        longest.url.chars().count().checked_sub(saved).map(|length| longest.url.chars().take(length).collect())
    };
    let host_fits = |length: &usize| shorter(host - length).is_some_and(|url: String| fits_here(&url, Level::L));
    let weaker = Level::ALL.into_iter().find(|weaker| *weaker < level && fits_here(&longest.url, *weaker));
    RenderError::StockTooSmall {
        level,
        needed_mm: dots(modules * least_module(resolution)) * resolution.dot_mm(),
        label: stock.label(),
        weaker,
        stocks: named.map(|(name, _)| name).collect(),
        host: if weaker.is_none() { (4..host).rev().find(host_fits) } else { None },
    }
}

/// Breaks a text at spaces but not at no-break ones, and inside words that are longer than a line; gives what fits on the lines that
/// there may be, and the rest.
fn wrap(text: &str, fits: impl Fn(&str) -> Result<bool, RenderError>) -> Result<(Vec<String>, String), RenderError> {
    let mut lines: Vec<String> = Vec::new();
    let mut words: std::collections::VecDeque<String> =
        text.split([' ', '\t', '\n']).filter(|word| !word.is_empty()).map(Into::into).collect();
    let mut line = String::new();
    while let Some(word) = words.pop_front() {
        let joined = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if fits(&joined)? {
            line = joined;
            continue;
        }
        if line.is_empty() {
            let mut end = 0;
            for (start, cluster) in word.grapheme_indices(true) {
                let next = start + cluster.len();
                if !fits(word.get(..next).unwrap_or_default())? {
                    break;
                }
                end = next;
            }
            let (head, tail) = word.split_at(end);
            if head.is_empty() {
                words.push_front(word);
                break;
            }
            words.push_front(tail.into());
            lines.push(head.into());
        } else {
            words.push_front(word);
            lines.push(std::mem::take(&mut line));
        }
        if lines.len() == MAX_LINES {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok((lines, Vec::from(words).join(" ")))
}
