//! The shared strings of a workbook (ECMA-376 part 1 §18.4): texts that cells point at.

use crate::error::WorkbookError;
use crate::package::{Book, Package};
use crate::xml::Node;

/// The most bytes of all strings: a million labels take 200 MiB.
pub(crate) const MAX_BYTES: usize = 256 << 20;
/// The most strings.
pub(crate) const MAX_STRINGS: usize = 16 << 20;

/// All strings, end to end.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn read(package: &mut Package<'_>, book: &Book) -> Result<Self, WorkbookError> {
        let mut strings = Self::default();
        let Some(path) = &book.strings else { return Ok(strings) };
        let mut xml = package.part(path)?;
        let mut is_begun = false;
        while let Some(node) = xml.next()? {
            let Node::Start(tag, is_empty) = &node else { continue };
            match tag.local_name().as_ref() {
                "si" => {
                    if is_begun {
                        strings.end()?;
                    }
                    is_begun = true;
                }
                "t" if !is_empty => xml.add_text(&mut strings.text)?,
                // A reading aid is no part of the string.
                "rPh" if !is_empty => xml.skip()?,
                _ => {}
            }
            if strings.text.len() > MAX_BYTES {
                return Err(WorkbookError::Bomb { limit: MAX_BYTES as u64, unit: "bytes of strings" });
            }
        }
        if is_begun {
            strings.end()?;
        }
        Ok(strings)
    }

    /// Ends a string where the next one begins.
    fn end(&mut self) -> Result<(), WorkbookError> {
        if self.ends.len() == MAX_STRINGS {
            return Err(WorkbookError::Bomb { limit: MAX_STRINGS as u64, unit: "strings" });
        }
        self.ends.push(u32::try_from(self.text.len()).expect("MAX_BYTES and an event are below 2^32"));
        Ok(())
    }

    /// The string with this number, from 0.
    pub(crate) fn at(&self, number: usize) -> Option<&str> {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start as usize..*self.ends.get(number)? as usize)
    }
}
