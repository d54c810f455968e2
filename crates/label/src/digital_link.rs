//! GS1 Digital Link URIs of any issuer (GS1 Digital Link: URI Syntax 1.6), uncompressed.
//!
//! A [`crate::Label`] is stricter and carries a proof; this reads what any GS1 code carries, so that a link without a
//! blob can still be looked up by its GTIN and lot. Primary keys are SSCC `00`, GTIN `01` and GLN `414`; the AIs it
//! knows are in [`Ai::known`]. Left to others: compressed links, the other primary keys, and the rules of which AIs need
//! or exclude each other on one item.

mod dictionary;
mod element;
mod error;
mod generate;
mod parse;

use alloc::string::String;
use alloc::vec::Vec;

pub use dictionary::{Ai, Charset};
pub use element::{Element, ValueError};
pub use error::DigitalLinkError;

/// The longest URI that is read, in bytes.
pub const MAX_URI_LEN: usize = 2048;

/// The stem where the caller names none.
pub const CANONICAL_STEM: &str = "https://id.gs1.org";

/// What is tolerated beyond the standard's current text. Nothing, by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Read the names of the standard's first version: `/gtin/…/lot/…/ser/…`.
    pub permit_convenience_alphas: bool,
    /// Read GTIN-13, GTIN-12 and GTIN-8 as values of AI 01, padded with zeros to 14 digits.
    pub permit_zero_suppressed_gtin: bool,
    /// Read AIs of two to four digits that the dictionary does not know.
    pub permit_unknown_ais: bool,
    /// Let unknown AIs stand in the query, too. Without it, they are read but refused there.
    pub unknown_ais_are_attributes: bool,
}

/// A GS1 Digital Link, taken apart: the primary key and its qualifiers, then the attributes of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigitalLink {
    stem: String,
    path: Vec<Element>,
    attributes: Vec<Element>,
    ignored: Vec<String>,
}

impl DigitalLink {
    /// Scheme, authority and any segments before the primary key, as written; no trailing slash.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The primary key, then its qualifiers in the standard's order. Never empty.
    pub fn path(&self) -> &[Element] {
        &self.path
    }

    /// The AIs of the query, as they came.
    pub fn attributes(&self) -> &[Element] {
        &self.attributes
    }

    /// The query's other parameters, undecoded: not GS1's, but often a resolver's (`linkType=…`).
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// All elements, path first.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.path.iter().chain(&self.attributes)
    }

    /// The value of an AI, such as `"01"`.
    pub fn value(&self, ai: &str) -> Option<&str> {
        self.elements().find(|element| element.ai() == ai).map(Element::value)
    }

    /// The GS1 element string, with `^` where a scanner sends FNC1: at the front, and before each AI that follows a
    /// value whose length its AI does not fix.
    ///
    /// ```
    /// use label::digital_link::{DigitalLink, Options};
    /// let link = DigitalLink::parse("https://example.com/01/09520123456788/10/ABC/21/7", &Options::default()).unwrap();
    /// assert_eq!(link.element_string(), "^010952012345678810ABC^217");
    /// ```
    pub fn element_string(&self) -> String {
        let mut text = String::new();
        let mut separate = true;
        for element in self.elements() {
            if separate {
                text.push('^');
            }
            text.push_str(element.ai());
            text.push_str(element.value());
            separate = !element.has_predefined_length();
        }
        text
    }
}
