//! One label: the code, and under it what people read.

use super::code::{Code, QUIET_ZONE};
use super::drawing::{CodeArea, Drawing, Ink, Shape, dots, whole_dots};
use super::font::Font;
use super::{Face, RenderError, Style};

/// What every label is called.
const TITLE: &str = "Ethical Label";

/// Most lines of a product's name and of a host.
const MAX_LINES: usize = 2;

/// A code of version 8 at 6 dots a module has this side; type grows with the code from here.
const REFERENCE_SIDE: f32 = 294.0;

/// Type that is smaller is not read by people.
const MIN_SCALE: f32 = 0.8;

/// Draws a card without its frame, as high as its text needs.
pub(super) fn card(face: &Face, style: &Style) -> Result<Drawing, RenderError> {
    let code = Code::of(&face.url, style.level)?;
    let module = u32::from(style.dots);
    let code_side = code.side * module;
    let scale = (dots(code_side) / REFERENCE_SIDE).max(MIN_SCALE);
    let quiet = QUIET_ZONE * module;
    // Small codes get the width that their text needs.
    let text_width = dots(code_side).max(REFERENCE_SIDE * scale);
    let margin = quiet + whole_dots(8.0 * scale);
    let width = whole_dots(text_width) + 2 * margin;
    let code_x = (width - code_side) / 2;

    let mut column = Column {
        left: dots(margin),
        width: text_width,
        y: dots(margin + code_side + quiet),
        scale,
        shapes: vec![Shape::Code { x: code_x, y: margin, dots: style.dots, code }],
    };
    let (regular, semi_bold) = (Font::regular(), Font::semi_bold());
    // The dot of an i is higher than a capital, and the quiet zone is the code's.
    column.gap(4.0);
    column.line(&semi_bold, TITLE, 40.0, Ink::BLACK)?;
    column.gap(17.0);
    for line in wrap(&regular, &face.product, 28.0 * scale, text_width)? {
        column.line(&regular, &line, 28.0, Ink::BLACK)?;
        column.gap(15.0);
    }
    column.gap(4.0);
    column.rule();
    column.gap(17.0);
    column.rows(&regular, &semi_bold, [("Lot", &face.lot), ("Serial", &face.serial)])?;
    column.gap(6.0);
    for line in wrap(&regular, &face.host, 24.0 * scale, text_width)? {
        column.line(&regular, &line, 24.0, Ink::BLACK)?;
        column.gap(11.0);
    }
    let height = whole_dots(column.y + 18.0 * scale);
    Ok(Drawing {
        width,
        height,
        title: format!("{TITLE}: {}, lot {}, serial {}, {}", face.product, face.lot, face.serial, face.host),
        shapes: column.shapes,
        codes: vec![CodeArea { x: 0, y: 0, width, height, text: face.url.clone() }],
    })
}

/// Gives a card the height of its neighbours, and the line to cut along.
pub(super) fn frame(card: &mut Drawing, height: u32) {
    card.height = height;
    for area in &mut card.codes {
        area.height = height;
    }
    card.shapes.push(Shape::frame(dots(card.width), dots(height), 14.0, 1.5, Ink::FAINT));
}

/// Lines of type, from the top down. Lengths are in dots of a card whose scale is 1.
struct Column {
    left: f32,
    width: f32,
    y: f32,
    scale: f32,
    shapes: Vec<Shape>,
}

impl Column {
    fn gap(&mut self, height: f32) {
        self.y += height * self.scale;
    }

    /// A line whose capitals begin at `y`, made smaller where it is too long.
    fn line(&mut self, font: &Font, text: &str, size: f32, ink: Ink) -> Result<(), RenderError> {
        self.y += font.cap_height(size * self.scale);
        self.put(font, text, self.left, self.width, size, ink)
    }

    /// Names and values in two columns; all values get smaller where one is too long.
    fn rows(&mut self, font: &Font, bold: &Font, rows: [(&str, &String); 2]) -> Result<(), RenderError> {
        const SIZE: f32 = 28.0;
        const TAB: f32 = 84.0;
        let tab = TAB * self.scale;
        let mut widest = 0.0_f32;
        for (_, value) in rows {
            widest = widest.max(bold.width(value, SIZE * self.scale)?);
        }
        let size = SIZE * ((self.width - tab) / widest).min(1.0);
        for (name, value) in rows {
            self.y += bold.cap_height(SIZE * self.scale);
            self.put(font, name, self.left, tab, 24.0, Ink::BLACK)?;
            self.put(bold, value, self.left + tab, self.width - tab, size, Ink::BLACK)?;
            self.gap(15.0);
        }
        Ok(())
    }

    fn rule(&mut self) {
        let height = 2.0 * self.scale;
        self.shapes.push(Shape::bar(self.left, self.y, self.width, height, Ink::BLACK));
        self.y += height;
    }

    fn put(&mut self, font: &Font, text: &str, x: f32, width: f32, size: f32, ink: Ink) -> Result<(), RenderError> {
        let size = size * self.scale;
        let size = size * (width / font.width(text, size)?).min(1.0);
        let segments = font.outline(text, x, self.y, size)?;
        self.shapes.push(Shape::Outline { segments, ink });
        Ok(())
    }
}

/// Breaks a text at spaces but not at no-break ones, and inside words that are longer than a line. What exceeds the lines ends in an ellipsis.
fn wrap(font: &Font, text: &str, size: f32, width: f32) -> Result<Vec<String>, RenderError> {
    let fits = |line: &str| Ok::<_, RenderError>(font.width(line, size)? <= width);
    let mut lines = vec![String::new()];
    for word in text.split([' ', '\t', '\n']).filter(|word| !word.is_empty()) {
        let line = lines.last().map_or("", String::as_str);
        let joined = if line.is_empty() { word.into() } else { format!("{line} {word}") };
        if fits(&joined)? {
            lines.pop();
            lines.push(joined);
            continue;
        }
        if line.is_empty() {
            lines.pop();
        }
        let mut rest = String::new();
        for character in word.chars() {
            rest.push(character);
            if !fits(&rest)? {
                rest.pop();
                lines.push(core::mem::replace(&mut rest, character.into()));
            }
        }
        lines.push(rest);
    }
    if lines.len() > MAX_LINES {
        lines.truncate(MAX_LINES);
        let mut last = lines.pop().unwrap_or_default();
        while !fits(&format!("{last}…"))? && last.pop().is_some() {}
        lines.push(format!("{}…", last.trim_end()));
    }
    Ok(lines)
}
