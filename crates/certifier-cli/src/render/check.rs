//! Reading codes back from finished pictures, before anything is printed.

use rqrr::PreparedImage;

use super::RenderError;
use super::drawing::CodeArea;
use super::png;
use super::svg;

/// Decodes every code in a PNG from the pixels that the file holds, each with the whole card around it.
pub(super) fn png(file: &[u8], codes: &[CodeArea]) -> Result<(), RenderError> {
    let pixels = png::read(file)?;
    let size = |dots: u32| usize::try_from(dots).unwrap_or(usize::MAX);
    for area in codes {
        let (width, height) = (size(area.width), size(area.height));
        let grey = |x: usize, y: usize| pixels.grey(size(area.x) + x, size(area.y) + y).unwrap_or(255);
        expect(width, height, grey, &area.text)?;
    }
    Ok(())
}

/// Decodes every code in an SVG from its path in the file's text.
pub(super) fn svg(text: &str, codes: &[CodeArea]) -> Result<(), RenderError> {
    let mut painted = svg::painted_codes(text);
    for area in codes {
        let unreadable = || RenderError::Unreadable { url: area.text.clone(), reason: "its path is not there".into() };
        let code = painted.next().flatten().ok_or_else(unreadable)?;
        let grey = |x: usize, y: usize| code.pixels.get(y * code.side + x).copied().unwrap_or(255);
        expect(code.side, code.side, grey, &area.text)?;
    }
    Ok(())
}

fn expect(width: usize, height: usize, grey: impl FnMut(usize, usize) -> u8, text: &str) -> Result<(), RenderError> {
    let unreadable = |reason: String| RenderError::Unreadable { url: text.into(), reason };
    let mut image = PreparedImage::prepare_from_greyscale(width, height, grey);
    match image.detect_grids().as_slice() {
        [grid] => match grid.decode() {
            Ok((_, found)) if found == text => Ok(()),
            Ok((_, found)) => Err(RenderError::ReadsOtherwise { found, expected: text.into() }),
            Err(error) => Err(unreadable(error.to_string())),
        },
        grids => Err(unreadable(format!("found {} codes, expected 1", grids.len()))),
    }
}
