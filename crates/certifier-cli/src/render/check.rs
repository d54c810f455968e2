//! Reading codes back from finished files, before anything is printed.
//!
//! What is read is a square of pixels of the file: the code and its quiet zone. Nothing but light may be in the quiet zone, and
//! the reader (zxing-cpp's, as `rxing`) finds the code there by its finder patterns before it decodes it.

use rxing::common::{BitMatrix, DetectorRXingResult as _};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::DetectPureQR;

use super::RenderError;
use super::code::QUIET_ZONE;

/// Reads a code in a square of `modules` of `dots` each, quiet zone included, and holds its text against what it should say.
pub(super) fn code(modules: u32, dots: u32, is_dark: impl Fn(u32, u32) -> bool, text: &str) -> Result<(), RenderError> {
    let unreadable = |reason: &str| RenderError::Unreadable { url: text.into(), reason: reason.into() };
    let side = modules * dots;
    let mut pixels = BitMatrix::with_single_dimension(side).map_err(|_| unreadable("it has no size"))?;
    let quiet = QUIET_ZONE * dots;
    let inside = quiet..side.saturating_sub(quiet);
    for y in 0..side {
        for x in (0..side).filter(|x| is_dark(*x, y)) {
            if !inside.contains(&x) || !inside.contains(&y) {
                return Err(unreadable("something is in its quiet zone"));
            }
            pixels.set(x, y);
        }
    }
    let found = DetectPureQR(&pixels).map_err(|_| unreadable("no code is there"))?;
    let decoded = Decode(found.getBits()).map_err(|error| unreadable(&error.to_string()))?;
    if !decoded.isValid() {
        return Err(unreadable("it is damaged"));
    }
    let found = decoded.content().to_string();
    if found == text { Ok(()) } else { Err(RenderError::ReadsOtherwise { found, expected: text.into() }) }
}
