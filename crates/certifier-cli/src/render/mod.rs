//! Labels as files: pictures one by one, sheets for office printers, commands for label printers, tables for print shops.
//!
//! ```text
//! Stock, Face ─► Layout ─► Drawing ─┬─► SVG, PNG     a file a label
//!                 (once)            ├─► PDF          sheets     ┐
//!                                   ├─► ZPL          a roll     ├ a file a batch
//!                          Face ────┴─► CSV, list    texts      ┘
//! ```
//! A label is drawn once, in dots of the printer, and every format is made from the drawing, so that they cannot disagree. No code
//! is written that was not read back from what is written: in a PNG from the pixels that the file holds, in SVG and ZPL from the path
//! or graphic in the text, in a PDF from the very outlines that the page gets. Files appear whole or not at all.
//!
//! Left to others: which labels to print (`labels`), and how a printer is fed.

mod check;
mod code;
mod contour;
mod csv;
mod drawing;
mod error;
mod font;
mod format;
mod layout;
mod length;
mod line;
mod pdf;
mod png;
mod press;
mod stock;
mod svg;
mod whole_file;
mod zpl;

pub use code::Level;
pub(crate) use csv::cell_of as csv_cell;
pub use error::RenderError;
pub use font::{FontFile, Fonts};
pub use format::Format;
pub use layout::{Field, Layout, MIN_MODULE_MM};
pub use length::{Length, Resolution};
pub use press::{Batch, MAX_SPLIT, Press};
pub use stock::{Stock, StockError};
pub(crate) use whole_file::WholeFile;

/// What stands on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The text of the QR code.
    pub url: String,
    /// The registry's host, for people.
    pub host: String,
    /// The product's name, for people.
    pub product: String,
    /// The lot.
    pub lot: String,
    /// The serial.
    pub serial: String,
    /// What people type where no camera helps.
    pub short_code: String,
}

impl Face {
    /// The face of a label; the product's name is not in it.
    pub fn of(label: &label::Label, product: &str) -> Self {
        let short_code = label::ShortCode { index: label.index(), number: label.serial().number() };
        Self {
            url: label.to_uri(),
            host: label.origin().to_string(),
            product: product.into(),
            lot: label.lot().to_string(),
            serial: label.serial().to_string(),
            short_code: short_code.to_string(),
        }
    }

    /// A face as long as any of a run, to plan with before anything is signed: of this one, which has the longest URL, with the widest
    /// of the run's serials and short codes, and a signature of letters, which take more of a code than digits.
    #[must_use]
    pub fn longest(mut self, texts: impl Iterator<Item = (String, String)>, fonts: &Fonts<'_>) -> Self {
        let (mut serial_width, mut code_width) = (0.0, 0.0);
        for (serial, short_code) in texts {
            let (serial_is, code_is) = (fonts.rough_width(&serial), fonts.rough_width(&short_code));
            if serial_is > serial_width {
                (self.serial, serial_width) = (serial, serial_is);
            }
            if code_is > code_width {
                (self.short_code, code_width) = (short_code, code_is);
            }
        }
        let mut parts: Vec<String> = self.url.splitn(5, '/').map(Into::into).collect();
        if let Some(blob) = parts.get_mut(3) {
            *blob = "A".repeat(blob.len());
        }
        self.url = parts.join("/");
        self
    }
}

#[cfg(test)]
mod tests;
