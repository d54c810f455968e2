//! The styles of a workbook (ECMA-376 part 1 §18.8), of which one thing matters: which of them show a number as a date.

use std::collections::HashMap;

use crate::error::WorkbookError;
use crate::package::{Book, Package};
use crate::xml::{Node, attribute};

/// The most styles, and formats of their own: Excel has room for 65,490.
const MAX: usize = 1 << 16;

/// By style, whether it shows dates or times.
#[derive(Debug, Default)]
pub(crate) struct Styles(Vec<bool>);

impl Styles {
    pub(crate) fn read(package: &mut Package<'_>, book: &Book) -> Result<Self, WorkbookError> {
        let mut styles = Self::default();
        let Some(path) = &book.styles else { return Ok(styles) };
        let mut xml = package.part(path)?;
        let mut own = HashMap::new();
        // Styles of cells; `cellStyleXfs` before them and `dxfs` after are of others.
        let mut is_cell = false;
        while let Some(node) = xml.next()? {
            let Node::Start(tag, _) = &node else { continue };
            match tag.local_name().as_ref() {
                "cellXfs" => is_cell = true,
                "cellStyleXfs" | "cellStyles" | "dxfs" => is_cell = false,
                "numFmt" => {
                    let id = attribute(tag, "numFmtId")?.unwrap_or_default();
                    own.insert(id, attribute(tag, "formatCode")?.is_some_and(|code| shows_date(&code)));
                }
                "xf" if is_cell => {
                    let id = attribute(tag, "numFmtId")?.unwrap_or_default();
                    styles.0.push(own.get(&id).copied().unwrap_or_else(|| is_date(&id)));
                }
                _ => {}
            }
            if styles.0.len() > MAX || own.len() > MAX {
                return Err(WorkbookError::Bomb { limit: MAX as u64, unit: "styles" });
            }
        }
        Ok(styles)
    }

    /// Whether the style shows dates or times.
    pub(crate) fn is_date(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or(false)
    }
}

/// The formats that every workbook has (§18.8.30), those of East Asia among them.
fn is_date(id: &str) -> bool {
    matches!(id.parse::<u32>(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58))
}

/// Whether a format's code has a year, month, day, hour or second in it, outside of what it prints literally.
fn shows_date(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                characters.by_ref().find(|&c| c == '"');
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            '[' => {
                // `[h]` is hours past 24; the others are colours, conditions and languages.
                let inner: String = characters.by_ref().take_while(|&c| c != ']').collect();
                if !inner.is_empty() && inner.chars().all(|c| matches!(c, 'h' | 'm' | 's' | 'H' | 'M' | 'S')) {
                    return true;
                }
            }
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_show_dates_are_told_from_those_that_do_not() {
        for code in ["dd/mm/yyyy", "[$-409]d\\-mmm\\-yy;@", "[h]:mm", "YYYY\"-\"MM", "h:mm AM/PM"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["0", "#,##0.00", "General", "@", "0.00E+00", "\"days \"0", "[Red]0", "[$-409]0", "0_d", "\\d0"] {
            assert!(!shows_date(code), "{code}");
        }
        assert!(is_date("14") && is_date("46") && !is_date("0") && !is_date("49") && !is_date("x"));
    }
}
