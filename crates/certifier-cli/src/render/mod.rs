//! Pictures of labels: one by one as SVG or PNG, or a sheet of A4 with many.
//!
//! A picture is drawn once, as a drawing in dots of 1/300 inch, and both formats are made from it, so they cannot
//! disagree. Text is drawn as outlines of a built-in font (`font/`): no picture depends on the reader's fonts. A [`Picture`]
//! can only be had by decoding every QR code in the finished file again: in a PNG from the pixels that the file holds, in
//! an SVG from the path in its text, painted anew. Only a picture can be written, and only as a whole.
//!
//! Left to others: which labels to print (`labels`), and how a printer is fed.

mod card;
mod check;
mod code;
mod drawing;
mod error;
mod font;
mod picture;
mod png;
mod sheet;
mod svg;

pub use code::Level;
pub use error::RenderError;
pub use picture::{Format, Picture};
pub use sheet::Sheets;

/// Dots in an inch. A printer of 300, 600 or 1200 dots an inch prints each module as whole dots of its own.
pub const DOTS_PER_INCH: f32 = 300.0;

const MM_PER_INCH: f32 = 25.4;

/// What stands on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The text of the QR code.
    pub url: String,
    /// The product's name, for people. At most two lines of it are printed.
    pub product: String,
    /// The lot.
    pub lot: String,
    /// The serial.
    pub serial: String,
    /// The registry's host, for people.
    pub host: String,
}

impl Face {
    /// The face of a label; the product's name is not in it.
    pub fn of(label: &label::Label, product: &str) -> Self {
        Self {
            url: label.to_uri(),
            product: product.into(),
            lot: label.lot().to_string(),
            serial: label.serial().to_string(),
            host: label.origin().to_string(),
        }
    }
}

/// How labels are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    dots: u16,
    level: Level,
}

impl Style {
    /// The smallest module in millimetres that is printed: below it, phones do not read paper.
    pub const MIN_MODULE_MM: f32 = 0.25;
    /// The largest.
    pub const MAX_MODULE_MM: f32 = 5.0;

    /// A style with modules of about this size: a module is a whole number of dots, see [`Style::module_mm`].
    ///
    /// # Errors
    /// [`RenderError::ModuleSize`].
    pub fn new(module_mm: f32, level: Level) -> Result<Self, RenderError> {
        if !(Self::MIN_MODULE_MM..=Self::MAX_MODULE_MM).contains(&module_mm) {
            return Err(RenderError::ModuleSize {
                found: module_mm,
                min: Self::MIN_MODULE_MM,
                max: Self::MAX_MODULE_MM,
            });
        }
        // The range above is 3 to 59 dots; counting up needs no lossy conversion.
        let dots = (1..=60_u16).find(|&dots| f32::from(dots) + 0.5 > module_mm * DOTS_PER_INCH / MM_PER_INCH);
        Ok(Self { dots: dots.unwrap_or(60), level })
    }

    /// The size of a printed module in millimetres: the nearest whole number of dots to what was asked.
    pub fn module_mm(&self) -> f32 {
        f32::from(self.dots) * MM_PER_INCH / DOTS_PER_INCH
    }
}

impl Default for Style {
    /// Modules of 6 dots (0.508 mm), error correction level M.
    fn default() -> Self {
        Self { dots: 6, level: Level::M }
    }
}

#[cfg(test)]
mod tests;
