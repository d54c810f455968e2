//! The fonts that text is set in: the built-in one, then those of `--font`, each asked for what the ones before it lack.
//!
//! Built in is Inter with Latin, Greek and Cyrillic (licence: `font/OFL.txt`). All that the registry's other languages need would
//! be 20 MB and more, most of it Chinese, for names that most certifiers never print: so other writing comes in a file.

use std::sync::Arc;

use krilla::text::Font;
use rustybuzz::Face;
use ttf_parser::{OutlineBuilder, Permissions, Tag};
use unicode_script::Script;

use super::RenderError;
use super::drawing::{Dot, Segment};

static BUILT_IN: &[u8] = include_bytes!("font/Inter-Regular.otf");

/// A font's file in memory.
#[derive(Debug, Clone)]
pub struct FontFile {
    name: String,
    bytes: Arc<Vec<u8>>,
}

impl FontFile {
    /// A file's content; the name is for errors.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Arc::new(bytes) }
    }
}

/// Fonts in the order in which they are asked.
pub struct Fonts<'f> {
    faces: Vec<Typeface<'f>>,
}

impl std::fmt::Debug for Fonts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.faces.len()).finish_non_exhaustive()
    }
}

/// One font, as the shaper and the PDF writer see it.
pub(super) struct Typeface<'f> {
    pub(super) face: Face<'f>,
    pub(super) pdf: Font,
}

impl Fonts<'static> {
    /// The built-in font alone.
    pub fn built_in() -> Self {
        let face = Face::from_slice(BUILT_IN, 0).expect("the built-in font is a font");
        let pdf = Font::new(BUILT_IN.into(), 0).expect("the built-in font is a font");
        Self { faces: vec![Typeface { face, pdf }] }
    }
}

impl<'f> Fonts<'f> {
    /// The built-in font, and these.
    ///
    /// # Errors
    /// [`RenderError::Font`] for a file that is no font, or one whose maker does not let it be embedded.
    pub fn with(files: &'f [FontFile]) -> Result<Self, RenderError> {
        let mut fonts = Fonts { faces: Fonts::built_in().faces };
        for file in files {
            let refused = |reason| RenderError::Font { name: file.name.clone(), reason };
            let face = Face::from_slice(&file.bytes, 0).ok_or_else(|| refused("it is no OpenType font"))?;
            let pdf = Font::new(Arc::clone(&file.bytes).into(), 0).ok_or_else(|| refused("it is no OpenType font"))?;
            if face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
                return Err(refused("its maker does not let it be embedded (OS/2 fsType)"));
            }
            fonts.faces.push(Typeface { face, pdf });
        }
        Ok(fonts)
    }

    pub(super) fn face(&self, number: usize) -> Option<&Typeface<'f>> {
        self.faces.get(number)
    }

    /// The first font that has all of a cluster's characters and can shape their script.
    pub(super) fn of(&self, cluster: &str, script: Script) -> Option<usize> {
        self.faces.iter().position(|font| font.has(cluster) && can_shape(&font.face, script))
    }

    /// Whether a font has all of a cluster's characters.
    pub(super) fn has(&self, font: usize, cluster: &str) -> bool {
        self.faces.get(font).is_some_and(|font| font.has(cluster))
    }

    /// How wide a text is without shaping, for comparing texts that the built-in font has.
    pub(super) fn rough_width(&self, text: &str) -> f32 {
        let Some(font) = self.faces.first() else { return 0.0 };
        let advance = |character| font.face.glyph_hor_advance(font.face.glyph_index(character)?);
        text.chars().filter_map(advance).map(f32::from).sum()
    }

    /// Adds a glyph's outline to a path: its origin in dots, and the size of an em.
    pub(super) fn outline(&self, font: usize, glyph: u16, origin: Dot, size: f32, path: &mut Vec<Segment>) {
        let Some(font) = self.faces.get(font) else { return };
        let scale = size / f32::from(u16::try_from(font.face.units_per_em()).unwrap_or(u16::MAX).max(1));
        // A space has no outline.
        let _ = font.face.outline_glyph(ttf_parser::GlyphId(glyph), &mut Pen { origin, scale, path });
    }
}

impl Typeface<'_> {
    fn has(&self, cluster: &str) -> bool {
        let mut drawn = cluster.chars().filter(|character| !is_joiner(*character)).peekable();
        drawn.peek().is_some() && drawn.all(|character| self.face.glyph_index(character).is_some())
    }
}

/// Zero-width joiner and non-joiner: they tell the shaper something, and are not drawn.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Whether a font knows how the letters of a script join and move. A font that has the letters alone draws Arabic unjoined and
/// Devanagari in the wrong order, which reads as something else.
fn can_shape(face: &Face<'_>, script: Script) -> bool {
    let code = script.short_name();
    // Scripts whose letters stand one after the other, or above: no rule of the font's is needed to read them.
    const PLAIN: [&str; 17] = [
        "Zyyy", "Zinh", "Latn", "Grek", "Cyrl", "Armn", "Geor", "Hebr", "Ethi", "Hani", "Hira", "Kana", "Hang", "Bopo",
        "Thai", "Laoo", "Cher",
    ];
    // OpenType's later shaping rules for some scripts, and where its tag is not the ISO 15924 code in lower case.
    let later: &[&str] = match code {
        "Deva" => &["dev3", "dev2"],
        "Beng" => &["bng3", "bng2"],
        "Guru" => &["gur3", "gur2"],
        "Gujr" => &["gjr3", "gjr2"],
        "Orya" => &["ory3", "ory2"],
        "Taml" => &["tml3", "tml2"],
        "Telu" => &["tel3", "tel2"],
        "Knda" => &["knd3", "knd2"],
        "Mlym" => &["mlm3", "mlm2"],
        "Mymr" => &["mym2"],
        "Nkoo" => &["nko "],
        _ => &[],
    };
    let has_rules = |tag: &str| {
        let tag = Tag::from_bytes_lossy(tag.as_bytes());
        face.tables().gsub.is_some_and(|table| table.scripts.index(tag).is_some())
    };
    PLAIN.contains(&code) || later.iter().any(|tag| has_rules(tag)) || has_rules(&code.to_ascii_lowercase())
}

/// Draws glyphs, whose y axis points up, into a picture, whose y axis points down.
struct Pen<'p> {
    origin: Dot,
    scale: f32,
    path: &'p mut Vec<Segment>,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> Dot {
        Dot { x: self.origin.x + x * self.scale, y: self.origin.y - y * self.scale }
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let segment = Segment::Move(self.at(x, y));
        self.path.push(segment);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let segment = Segment::Line(self.at(x, y));
        self.path.push(segment);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let segment = Segment::Quad(self.at(x1, y1), self.at(x, y));
        self.path.push(segment);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let segment = Segment::Cubic(self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.push(segment);
    }

    fn close(&mut self) {
        self.path.push(Segment::Close);
    }
}
