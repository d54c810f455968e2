//! A label as SVG 1.1, one element a code or line, sizes in millimetres. Type is outlines: no picture depends on the reader's fonts.

use std::fmt::Write;

use super::code::QUIET_ZONE;
use super::drawing::{Dot, Drawing, Segment, dots};
use super::font::Fonts;
use super::{RenderError, check};

/// What a code's element begins with, so that it is found again.
const CODE: &str = "<path class=\"code\" ";

/// Writes the file's text.
pub(super) fn write(drawing: &Drawing, fonts: &Fonts<'_>) -> String {
    let mm = |size: u32| dots(size) * drawing.resolution.dot_mm();
    let (width, height) = (drawing.width, drawing.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.3}mm\" height=\"{:.3}mm\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\">\n<title>{}</title>\n<path fill=\"#fff\" d=\"M0 0H{width}V{height}H0z\"/>\n",
        mm(width),
        mm(height),
        escape(&drawing.title),
    );
    let placed = &drawing.code;
    let (x, y) = placed.corner();
    svg.push_str(CODE);
    push(&mut svg, format_args!("transform=\"translate({x} {y})scale({})\" d=\"", placed.dots));
    for (column, row, length) in placed.code.runs() {
        push(&mut svg, format_args!("M{column} {row}h{length}v1h-{length}z"));
    }
    svg.push_str("\"/>\n");
    for line in &drawing.lines {
        svg.push_str("<path d=\"");
        line.line.outline(fonts, line.at, line.size).iter().for_each(|segment| push_segment(&mut svg, segment));
        svg.push_str("\"/>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// Reads the code back from its path in the file's text.
pub(super) fn check(svg: &str, text: &str) -> Result<(), RenderError> {
    let unreadable = || RenderError::Unreadable { url: text.into(), reason: "its path is not there".into() };
    let element = svg.split(CODE).nth(1).and_then(|rest| rest.split_once("\"/>"));
    let painted = element.and_then(|(attributes, _)| paint(attributes)).ok_or_else(unreadable)?;
    let modules = u32::try_from(painted.side).map_err(|_| unreadable())?;
    let is_dark = |x: u32, y: u32| {
        let module = |dot: u32| usize::try_from(dot / PAINTED).ok();
        let at = module(y).zip(module(x)).map(|(y, x)| y * painted.side + x);
        at.and_then(|at| painted.modules.get(at).copied()).unwrap_or_default()
    };
    check::code(modules, PAINTED, is_dark, text)
}

fn push(svg: &mut String, text: std::fmt::Arguments<'_>) {
    svg.write_fmt(text).expect("a String takes any text");
}

fn push_segment(svg: &mut String, segment: &Segment) {
    let number = |value: f32| {
        // A hundredth of a dot is a thousandth of a millimetre.
        let text = format!("{value:.2}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let (letter, points): (char, &[Dot]) = match segment {
        Segment::Move(a) => ('M', &[*a]),
        Segment::Line(a) => ('L', &[*a]),
        Segment::Quad(a, b) => ('Q', &[*a, *b]),
        Segment::Cubic(a, b, c) => ('C', &[*a, *b, *c]),
        Segment::Close => ('z', &[]),
    };
    svg.push(letter);
    let numbers: Vec<String> = points.iter().flat_map(|dot| [number(dot.x), number(dot.y)]).collect();
    svg.push_str(&numbers.join(" "));
}

/// Text of an element: markup and characters that XML 1.0 does not have cannot get through.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A code painted anew from its element in the file's text, with a quiet zone.
struct Painted {
    side: usize,
    modules: Vec<bool>,
}

/// Pixels a module when a code is painted: the size on paper is no matter of what it holds, and fewer are faster.
const PAINTED: u32 = 2;

/// Dark modules of a row: column, row, length.
type Run = (usize, usize, usize);

fn paint(attributes: &str) -> Option<Painted> {
    let (transform, path) = attributes.split_once("\" d=\"")?;
    let (_, scale) = transform.strip_prefix("transform=\"translate(")?.split_once(")scale(")?;
    scale.strip_suffix(')')?.parse().ok().filter(|dots: &u16| *dots > 0)?;
    let runs = path.split_inclusive('z').map(read_run).collect::<Option<Vec<Run>>>()?;
    let modules = runs.iter().map(|(column, _, length)| column + length).max().filter(|&modules| modules <= 177)?;
    if runs.iter().any(|(_, row, _)| *row >= modules) {
        return None;
    }
    let quiet = usize::try_from(QUIET_ZONE).ok()?;
    let side = modules + 2 * quiet;
    let mut painted = vec![false; side * side];
    for (column, row, length) in runs {
        let start = (row + quiet) * side + column + quiet;
        painted.get_mut(start..start + length)?.fill(true);
    }
    Some(Painted { side, modules: painted })
}

/// Reads `M<column> <row>h<length>v1h-<length>z`.
fn read_run(text: &str) -> Option<Run> {
    let (column, rest) = text.strip_prefix('M')?.split_once(' ')?;
    let (row, rest) = rest.split_once('h')?;
    let (length, back) = rest.split_once("v1h-")?;
    let number = |text: &str| text.parse().ok().filter(|&number: &usize| number <= 177);
    (back.strip_suffix('z')? == length).then_some((number(column)?, number(row)?, number(length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_cannot_get_through() {
        assert_eq!(
            escape("<b a='x' c=\"y\">&\u{1b}\0"),
            "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn only_our_own_runs_are_painted() {
        assert_eq!(read_run("M12 6h18v1h-18z"), Some((12, 6, 18)));
        for text in ["M12 6h18v1h-12z", "M12 6h18v1h-18", "M12 6H18v1h-18z", "M-1 6h18v1h-18z", "M12 999h1v1h-1z", ""] {
            assert_eq!(read_run(text), None, "{text}");
        }
    }
    #[test]
    fn only_our_own_elements_are_painted() {
        let good = "transform=\"translate(30 30)scale(6)\" d=\"M0 0h7v1h-7z";
        assert_eq!(paint(good).map(|code| code.side), Some(7 + 8));
        for (from, to) in
            [("scale(6)", "scale(0)"), ("scale(6)", "scale(x)"), ("translate", "rotate"), ("M0 0", "M0 9")]
        {
            assert!(paint(&good.replace(from, to)).is_none(), "{to}");
        }
    }
}
